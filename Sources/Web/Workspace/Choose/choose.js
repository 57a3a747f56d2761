// Beside the chat: asks what the buyer wants, finds what is in stock, compares it, and puts it into the reply.

import { icon } from "../../Design/icons.js";
import { newKey } from "../../Protocol/keys.js";
import { fill, h, uniqueID, useCSS } from "../dom.js";
import { addWords, language, money, pick, shortTime, t } from "../words.js";
import { chooseWords } from "./words.js";

addWords(chooseWords);

/** @typedef {{zh: string, en: string}} Both */
/**
 * @typedef {object} Choice
 * @property {string} item
 * @property {string} sku
 * @property {string} title
 * @property {string} name
 * @property {string} image
 * @property {number} price fen
 * @property {number} left
 * @property {number} [arrives] ms
 * @property {Both[]} reasons
 * @property {Both[]} cautions
 */
/** @typedef {{choices: Choice[], leftOut: {why: string, name: Both, count: number}[], lines: {name: Both, values: string[]}[], reply: Both}} Answer */

/**
 * The card that shows a variant; what of it is true later is looked up when it is read.
 * @param {Pick<Choice, "item" | "sku" | "title" | "name" | "price" | "image">} choice
 * @returns {import("../../Protocol/shapes.js").Card}
 */
function cardOf({ item, sku, title, name, price, image }) {
    return {
        kind: "product", title, price, item, sku, ...(/^\d+$/.test(image) ? { image: `/v1/uploads/${image}/thumbnail` } : image.startsWith("/") ? { image } : {}),
        ...(name ? { lines: [[t("choose.variant"), name]] } : {}),
    };
}

/**
 * @param {import("../shell.js").App} app
 * @param {{insert: (text: string) => void}} acts
 */
export function createChooser(app, acts) {
    void useCSS(new URL("./choose.css", import.meta.url));
    let conversation = "";
    let asked = 0;
    /** @type {Map<string, Record<string, string>>} what was asked in each conversation, while the page is open */
    const wishes = new Map();
    const result = h("div", { class: "choose-result", "aria-live": "polite" });

    /**
     * @param {string} name
     * @param {string} label
     * @param {Record<string, unknown>} [more]
     */
    function field(name, label, more = {}) {
        const id = uniqueID("choose");
        const input = h("input", { class: "input", id, name, autocomplete: "off", maxlength: 60, ...more });
        return h("div", { class: "choose-field" }, h("label", { htmlFor: id }, label), input);
    }

    const form = h("form", {
        class: "choose-form", onsubmit: /** @param {Event} event */ (event) => {
            event.preventDefault();
            void find();
        },
    },
    field("use", t("choose.use"), { placeholder: t("choose.useHint") }),
    field("size", t("choose.size"), { placeholder: t("choose.sizeHint") }),
    field("colour", t("choose.colour")),
    field("budget", t("choose.budget"), { inputMode: "decimal" }),
    field("needBy", t("choose.needBy"), { type: "date" }),
    field("to", t("choose.to"), { placeholder: t("choose.toHint") }),
    h("div", { class: "choose-bar" },
        h("button", { type: "submit", class: "button primary small" }, icon("search"), t("choose.find")),
        h("button", {
            type: "button", class: "button quiet small", onclick: () => {
                wishes.delete(conversation);
                asked += 1;
                form.reset();
                fill(result);
            },
        }, t("choose.clear"))));
    const element = h("div", { class: "choose" }, form, result);

    const values = () => /** @type {Record<string, string>} */ (Object.fromEntries(
        [...new FormData(form)].map(([name, value]) => [name, String(value).trim()])));

    async function find() {
        const wish = values();
        const mine = ++asked;
        const budget = wish.budget ? Math.round(Number(wish.budget) * 100) : null;
        if (budget !== null && !(budget > 0)) {
            fill(result, h("p", { class: "panel-failed" }, t("choose.budgetWrong")));
            return;
        }
        wishes.set(conversation, wish);
        try {
            const { budget: _, ...rest } = wish;
            /** @type {Answer} */
            const answer = await app.api.post("/items/choose", { ...rest, ...(budget === null ? {} : { budget }) });
            if (mine === asked) draw(answer);
        } catch (problem) {
            if (mine !== asked) return;
            const said = /** @type {any} */ (problem);
            fill(result, h("p", { class: "panel-failed" }, said?.message ?? String(problem), " ", said?.instead ?? ""));
        }
    }

    /** @param {Answer} answer */
    function draw(answer) {
        if (answer.choices.length === 0) {
            fill(result, h("p", { class: "panel-text" }, t("choose.none")),
                answer.leftOut.length === 0 ? null : [
                    h("p", { class: "panel-soft" }, t("choose.leftOut")),
                    h("ul", { class: "choose-out" }, answer.leftOut.map((out) =>
                        h("li", null, t("choose.leftOutRow", { name: pick(out.name), n: out.count }))))]);
            return;
        }
        fill(result,
            h("p", { class: "panel-soft" }, t("choose.found", { n: answer.choices.length })),
            h("ol", { class: "choose-list" }, answer.choices.map(row)),
            h("div", { class: "choose-bar" },
                h("button", {
                    type: "button", class: "button small", onclick: () => acts.insert(language() === "en" ? answer.reply.en : answer.reply.zh),
                }, icon("edit"), t("choose.reply")),
                h("button", {
                    type: "button", class: "button small", onclick: () => send(answer.choices),
                }, icon("bag"), t("choose.cards"))),
            answer.lines.length === 0 ? null : comparison(answer));
    }

    /** @param {Choice} choice */
    function row(choice) {
        return h("li", { class: "choose-row" },
            h("div", { class: "choose-row-head" }, h("strong", null, choice.title), h("span", { class: "choose-price" }, money(choice.price))),
            h("p", { class: "panel-soft" }, [choice.name, t("choose.left", { n: choice.left }),
                choice.arrives ? t("choose.arrives", { date: shortTime(choice.arrives) }) : ""].filter(Boolean).join(" · ")),
            h("ul", { class: "choose-why" },
                choice.reasons.map((why) => h("li", { class: "good" }, icon("check"), pick(why))),
                choice.cautions.map((why) => h("li", { class: "warn" }, icon("alert"), pick(why)))),
            h("button", {
                type: "button", class: "link-button", "aria-label": t("choose.cardOf", { title: choice.title }),
                onclick: () => send([choice]),
            }, t("choose.card")));
    }

    /** @param {Answer} answer */
    function comparison({ choices, lines }) {
        return h("details", { class: "choose-compare", open: true }, h("summary", null, t("choose.compare")),
            h("div", { class: "choose-scroll" }, h("table", null,
                h("thead", null, h("tr", null, h("th", { scope: "col" }, t("choose.what")),
                    choices.map((choice) => h("th", { scope: "col" }, choice.title)))),
                h("tbody", null, lines.map((line) => h("tr", null, h("th", { scope: "row" }, pick(line.name)),
                    line.values.map((value) => h("td", null, value || "–"))))))));
    }

    /** @param {Choice[]} choices */
    async function send(choices) {
        const to = conversation;
        try {
            for (const choice of choices) {
                await app.connection?.outbox.add(
                    { type: "say", key: newKey(), conversation: to, kind: "card", card: cardOf(choice) }, { lane: to });
            }
            app.toast({ text: t("choose.sent", { n: choices.length }), kind: "good" });
        } catch (problem) {
            app.fail(problem);
        }
    }

    return {
        element, focus: () => /** @type {HTMLElement | null} */ (form.querySelector("input"))?.focus(),
        /** @param {string} next */
        show(next) {
            if (next === conversation) return;
            conversation = next;
            asked += 1;
            form.reset();
            fill(result);
            const wish = wishes.get(next);
            if (!wish) return;
            for (const [name, value] of Object.entries(wish)) {
                const input = form.elements.namedItem(name);
                if (input instanceof HTMLInputElement) input.value = value;
            }
            void find();
        },
    };
}
