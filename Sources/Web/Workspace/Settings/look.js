// How the chat window looks and what it says: the shop's colours and texts, with the window beside them as buyers see
// it. A colour that cannot be made out is not saved; every version is kept and can be brought back.

import { contrast, fitted, grounds, isColour, least, lettersOn } from "../../Design/look.js";
import { fill, h, uniqueID } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { language, t } from "../words.js";
import { preview, standardTexts } from "./look-preview.js";
import { block, moment, sectionHead } from "./page.js";

/** @typedef {import("../../Design/look.js").Colours} Colours */
/** @typedef {{zh: string, en: string}} Words */
/** @typedef {{colours: Colours, texts: Record<string, Words>}} Look */
/**
 * @typedef {object} Answer
 * @property {{name: string, colours: Colours, texts: Record<string, Words>}} shop
 * @property {number} version
 * @property {{version: number, at: number, by: {name: string}, fields: string[], look?: Look}[]} history latest first
 */

/** The window's own colours, as tokens.css has them. */
const standard = { brand: "#0f6b5b", brandDark: "#4ba996" };
const roles = /** @type {const} */ (["brand", "brandDark"]);
/** The texts a shop may word itself, and how long they may be; the server holds to the same. */
const texts = { title: 30, greeting: 500, away: 300 };

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    /** @type {Answer} */
    let answer = await app.api.get("/shop");
    const own = await standardTexts(answer.shop.name);
    /** @type {Look} */
    let look = copy(answer.shop);
    const trouble = h("div", { role: "alert" });
    const bar = h("div", { class: "set-savebar", hidden: true });
    const form = h("div", { class: "set-stack" });
    const past = h("div", { class: "set-stack" });
    const window = preview(own);

    /** @param {Look} next */
    function wear(next) {
        look = next;
        drawForm();
        changed();
    }

    function changed() {
        window.show(look);
        const news = same(look, answer.shop) ? 0 : 1;
        bar.hidden = news === 0;
        fill(trouble);
    }

    function drawForm() {
        fill(form,
            block(t("look.colours"), t("look.coloursLead"), h("div", { class: "set-rules" },
                roles.map((role) => colourRow(role, look, changed)))),
            block(t("look.texts"), t("look.textsLead"), h("div", { class: "set-stack set-wide" },
                Object.entries(texts).map(([role, longest]) => textRow(role, longest, look, own, changed)))));
    }

    function drawPast() {
        const versions = answer.history.filter((version) => version.look);
        fill(past, versions.length ? block(t("look.history"), null, h("ol", { class: "set-versions", role: "list" },
            versions.map((version, index) => h("li", null,
                h("span", null, moment(version.at), version.by.name ? ` · ${version.by.name}` : ""),
                index === 0 ? h("span", { class: "set-faint" }, t("look.current")) : h("button", {
                    type: "button", class: "button small",
                    onclick: () => version.look && wear(copy(version.look)),
                }, t("look.bringBack")))))) : null);
    }

    /** @param {Look} wanted */
    async function put(wanted) {
        answer = await app.api.put("/shop", { version: answer.version, colours: wanted.colours, texts: wanted.texts });
        look = copy(answer.shop);
        drawForm();
        drawPast();
        changed();
    }

    async function save() {
        const faint = roles.find((role) => look.colours[role] && !passes(look.colours[role] ?? "", role));
        if (faint) {
            /** @type {HTMLElement | null} */ (form.querySelector(`[data-role="${faint}"] input`))?.focus();
            return;
        }
        const before = copy(answer.shop);
        try {
            await put(look);
            app.toast({
                text: t("look.saved"), kind: "good",
                action: { label: t("set.undo"), run: () => put(before).catch(app.fail) },
            });
        } catch (problem) {
            fill(trouble, refusalBanner(problem), /** @type {any} */ (problem)?.code === "shop.changed"
                ? h("button", { type: "button", class: "button", onclick: () => show(room, app).catch(app.fail) }, t("policy.reload")) : null);
        }
    }

    fill(bar,
        h("span", { role: "status" }, t("look.unsaved")),
        h("button", { type: "button", class: "button quiet", onclick: () => wear(copy(answer.shop)) }, t("policy.discard")),
        h("button", { type: "button", class: "button primary", onclick: save }, t("look.save")));
    fill(room,
        sectionHead(t("set.look"), t("look.lead"), h("button", {
            type: "button", class: "button", onclick: () => wear({ colours: {}, texts: {} }),
        }, t("look.reset"))),
        h("div", { class: "set-look" }, h("div", { class: "set-stack" }, trouble, form, past, bar), window.element));
    drawForm();
    drawPast();
    changed();
    return window.stop;
}

/**
 * @param {{colours: Colours, texts: Record<string, Words>}} from
 * @returns {Look}
 */
function copy({ colours, texts: words }) {
    return { colours: { ...colours }, texts: Object.fromEntries(Object.entries(words ?? {}).map(([role, both]) => [role, { ...both }])) };
}

/**
 * Whether two looks show the same; what is empty counts as absent.
 * @param {Look} a
 * @param {{colours: Colours, texts: Record<string, Words>}} b
 */
function same(a, b) {
    const plain = /** @param {{colours: Colours, texts: Record<string, Words>}} one */ (one) => JSON.stringify([
        ...roles.map((role) => one.colours[role]?.toLowerCase() ?? ""),
        ...Object.keys(texts).flatMap((role) => [one.texts?.[role]?.zh.trim() ?? "", one.texts?.[role]?.en.trim() ?? ""]),
    ]);
    return plain(a) === plain(b);
}

/**
 * @param {string} colour
 * @param {typeof roles[number]} role
 */
function passes(colour, role) {
    return isColour(colour) && contrast(colour, grounds[role]) >= least.part;
}

/**
 * One colour: to pick, to type, its contrast in words, the nearest that works, and the way back to ours.
 * @param {typeof roles[number]} role
 * @param {Look} look
 * @param {() => void} changed
 */
function colourRow(role, look, changed) {
    const id = uniqueID("colour");
    const well = h("input", { type: "color", class: "set-well", "aria-label": t("look.pick", { what: t(`look.${role}`) }) });
    const field = h("input", { class: "input", id, maxLength: 7, spellcheck: false, autocomplete: "off", "aria-describedby": `${id}-said` });
    const said = h("span", { class: "hint", id: `${id}-said`, role: "status" });
    const acts = h("span", { class: "set-line" });

    /** @param {string} value empty = ours */
    function take(value) {
        if (value === "") delete look.colours[role];
        else look.colours[role] = value.toLowerCase();
        draw();
        changed();
    }

    function draw() {
        const set = look.colours[role];
        // The dark one follows the light one until it has a colour of its own.
        const shown = set ?? (role === "brandDark" && look.colours.brand && isColour(look.colours.brand)
            ? fitted(look.colours.brand, grounds.brandDark) : standard[role]);
        if (document.activeElement !== field) field.value = shown;
        if (isColour(shown)) well.value = shown;
        const fine = passes(shown, role);
        field.setAttribute("aria-invalid", String(!fine));
        said.classList.toggle("wrong", !fine);
        said.textContent = !isColour(shown) ? t("look.notColour") : t(fine ? "look.fine" : "look.faint", {
            part: contrast(shown, grounds[role]).toFixed(1), letters: contrast(shown, lettersOn(shown)).toFixed(1),
        });
        const near = isColour(shown) && !fine ? fitted(shown, grounds[role]) : null;
        fill(acts,
            near ? h("button", { type: "button", class: "button small", onclick: () => give(near) }, t("look.useNear", { colour: near })) : null,
            set !== undefined ? h("button", { type: "button", class: "button quiet small", onclick: () => give("") }, t("look.standard")) : null);
    }

    /** @param {string} value */
    function give(value) {
        take(value);
        field.focus();
        field.value = look.colours[role] ?? field.value;
        draw();
    }

    well.addEventListener("input", () => take(well.value));
    field.addEventListener("input", () => take(field.value.trim()));
    field.addEventListener("blur", draw);
    draw();
    return h("div", { class: "set-rule", "data-role": role },
        h("div", { class: "set-rule-text" }, h("label", { htmlFor: id }, t(`look.${role}`)), said, acts),
        h("div", { class: "set-rule-value" }, well, field));
}

/**
 * One text in both languages; empty = the window's own words, which stand in the field as its example.
 * @param {string} role
 * @param {number} longest
 * @param {Look} look
 * @param {Record<"zh" | "en", Record<string, string>>} own
 * @param {() => void} changed
 */
function textRow(role, longest, look, own, changed) {
    /** @type {("zh" | "en")[]} */
    const order = language() === "en" ? ["en", "zh"] : ["zh", "en"];
    return h("fieldset", { class: "field set-both" },
        h("legend", null, t(`look.text.${role}`)),
        h("span", { class: "hint" }, t(`look.textHint.${role}`)),
        order.map((side) => {
            const id = uniqueID("text");
            const properties = {
                class: "input", id, maxLength: longest, lang: side === "zh" ? "zh-CN" : "en", placeholder: own[side][role] ?? "",
                value: look.texts[role]?.[side] ?? "",
                oninput: /** @param {Event} event */ (event) => {
                    const value = /** @type {HTMLInputElement} */ (event.target).value;
                    look.texts[role] = { ...(look.texts[role] ?? { zh: "", en: "" }), [side]: value };
                    changed();
                },
            };
            return h("div", { class: "set-side" }, h("label", { htmlFor: id }, t(`look.side.${side}`)),
                role === "title" ? h("input", properties) : h("textarea", { ...properties, rows: 2 }));
        }));
}
