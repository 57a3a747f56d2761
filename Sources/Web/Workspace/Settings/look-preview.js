// The chat window as buyers see it, drawn from the window's own style sheets, for who chooses its colours and texts.

import { icon } from "../../Design/icons.js";
import { lookRules } from "../../Design/look.js";
import { fill, h } from "../dom.js";
import { language, t } from "../words.js";

/** @typedef {import("./look.js").Look} Look */
/** @typedef {Record<"zh" | "en", Record<string, string>>} Texts by language and role */

/** A talk to look at, in the language of the window and not of the screen around it. */
const sample = {
    zh: { ask: "这件雨衣今天能发吗？", answer: "能的，16 点前下单当天发～" },
    en: { ask: "Can you ship it today?", answer: "Yes, orders before 4 pm leave today." },
};

/**
 * What the window says by itself, by role.
 * @param {string} shop its name
 * @returns {Promise<Texts>}
 */
export async function standardTexts(shop) {
    const [zh, en] = await Promise.all(["zh", "en"].map(async (side) => {
        const [now, later] = await Promise.all([import(`/widget/texts.${side}.js`), import(`/widget/later.${side}.js`)]);
        const words = { ...now.texts, ...later.texts };
        return { title: shop, greeting: words["chat.greeting"], away: words["chat.offlineText"], online: words["chat.online"], offline: words["chat.offline"],
            offlineTitle: words["chat.offlineTitle"], leave: words["chat.leave"], write: words["chat.writeHint"] };
    }));
    return { zh, en };
}

/** @param {string} path */
async function sheet(path) {
    const made = new CSSStyleSheet();
    made.replaceSync(await (await fetch(path)).text());
    return made;
}

/**
 * @param {Texts} own
 */
export function preview(own) {
    const host = h("div", { class: "set-window", role: "img", "aria-label": t("look.preview") });
    host.setAttribute("mode", "page");
    const root = host.attachShadow({ mode: "open" });
    const colours = new CSSStyleSheet();
    Promise.all(["/design/tokens.css", "/widget/chat.css", "/widget/later.css"].map(sheet)).then((sheets) => {
        root.adoptedStyleSheets = [...sheets, colours];
    }, (problem) => console.error("qinke: the preview has no styles", problem));
    /** @type {Look} */
    let look = { colours: {}, texts: {} };
    let side = language();
    let away = false;
    let dark = document.documentElement.dataset.theme === "dark"
        || (document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

    function draw() {
        colours.replaceSync(lookRules(look.colours));
        host.dataset.theme = dark ? "dark" : "light";
        const say = /** @param {string} role */ (role) => look.texts[role]?.[side]?.trim() || own[side][role];
        const title = say("title");
        const line = /** @param {string} who @param {string} text */ (who, text) => h("article", { class: `message first ${who}` },
            h("div", { class: "body" }, h("div", { class: "line" }, h("div", { class: "bubble" }, text))));
        fill(root, h("section", { class: "panel", lang: side === "zh" ? "zh-CN" : "en", inert: true },
            h("div", { class: "head" },
                h("span", { class: "avatar large" }, [...title][0] ?? ""),
                h("div", { class: "titles" }, h("div", { id: "title" }, title),
                    h("p", { class: "subtitle" }, h("span", { class: away ? "dot away" : "dot" }), own[side][away ? "offline" : "online"]))),
            h("div", { class: "middle" }, h("div", { class: "scroller" }, away ? null : [
                h("div", { class: "greeting" }, h("p", null, say("greeting"))),
                h("div", { class: "log" }, line("mine", sample[side].ask), line("theirs", sample[side].answer))])),
            away ? h("div", { class: "foot" }, h("div", { class: "sheet" },
                h("h3", null, own[side].offlineTitle), h("p", { class: "hint" }, say("away")),
                h("button", { type: "button", class: "button primary" }, own[side].leave)))
                : h("div", { class: "foot" }, h("div", { class: "composer" }, h("div", { class: "row" },
                    h("div", { class: "write" }, own[side].write), h("span", { class: "send" }, icon("send")))))));
    }

    /**
     * @param {string} label
     * @param {() => boolean} on
     * @param {() => void} turn
     */
    function toggle(label, on, turn) {
        const button = h("button", {
            type: "button", class: "button small", "aria-pressed": String(on()),
            onclick: () => {
                turn();
                button.setAttribute("aria-pressed", String(on()));
                draw();
            },
        }, label);
        return button;
    }

    const element = h("div", { class: "set-preview" },
        h("div", { class: "set-line" },
            toggle(t("look.seeDark"), () => dark, () => {
                dark = !dark;
            }),
            toggle(t("look.seeOther"), () => side !== language(), () => {
                side = side === "zh" ? "en" : "zh";
            }),
            toggle(t("look.seeAway"), () => away, () => {
                away = !away;
            })),
        host);
    return {
        element,
        /** @param {Look} next */
        show(next) {
            look = next;
            draw();
        },
        stop: () => fill(root),
    };
}
