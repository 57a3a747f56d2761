// The lines above the composer's field that say what will happen: a correction, a reply, a whisper.
import { icon } from "../../Design/icons.js";
import { h } from "../dom.js";
import { t } from "../words.js";
import { inWords } from "./bubble.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */

/**
 * @param {{editing: Message | null, replyTo: Message | null, stopEditing: () => void, stopReply: () => void,
 *   whisper: boolean | null, setWhisper: (on: boolean) => void}} now `whisper` null = nobody to whisper to
 * @returns {HTMLElement[]}
 */
export function contextRows({ editing, replyTo, stopEditing, stopReply, whisper, setWhisper }) {
    const row = /** @param {string} symbol @param {string} title @param {Message} message @param {() => void} leave */
        (symbol, title, message, leave) => h("div", { class: "context-row" }, icon(symbol), h("strong", null, title),
            h("span", { class: "context-text" }, inWords(message)),
            h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("shell.cancel"), onclick: leave,
            }, icon("close")));
    /** @type {HTMLElement[]} */
    const rows = [];
    if (editing) rows.push(row("edit", t("desk.editing"), editing, stopEditing));
    if (replyTo) rows.push(row("reply", t("desk.replyingTo", { name: replyTo.author.name }), replyTo, stopReply));
    if (whisper !== null) {
        const box = h("input", { type: "checkbox", checked: whisper, onchange: () => setWhisper(box.checked) });
        rows.push(h("label", { class: "context-row" }, box, t("desk.whisperOnly")));
    }
    return rows;
}
