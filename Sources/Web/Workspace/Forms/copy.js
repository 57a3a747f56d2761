// A value that people take elsewhere: shown, and copied with one press.

import { h, useCSS } from "../dom.js";
import { addWords, t } from "../words.js";
import { formsWords } from "./words.js";

addWords(formsWords);

/**
 * A button that copies a text and says so in place.
 * @param {() => string} text
 * @param {string} [label]
 */
export function copyButton(text, label) {
    const words = label ?? t("forms.copy");
    const live = h("span", { class: "only-read-aloud", role: "status" });
    const caption = h("span", null, words);
    /** @type {number | undefined} */
    let timer;
    return h("button", {
        type: "button",
        class: "button",
        onclick: async () => {
            const copied = await copy(text());
            const said = t(copied ? "forms.copied" : "forms.copyFailed");
            caption.textContent = said;
            live.textContent = said;
            clearTimeout(timer);
            timer = setTimeout(() => {
                caption.textContent = words;
                live.textContent = "";
            }, 2500);
        },
    }, caption, live);
}

/**
 * A value in a read-only field with its copy button.
 * @param {string} label
 * @param {string} value
 * @param {{rows?: number}} [options] several lines
 */
export function copyField(label, value, options = {}) {
    useCSS(new URL("./form.css", import.meta.url));
    /** @type {Record<string, any>} */
    const props = {
        class: "input forms-copy-value", readOnly: true, "aria-label": label, spellcheck: "false", value,
        onfocus: /** @param {FocusEvent} event */ (event) => {
            const field = /** @type {HTMLInputElement} */ (event.target);
            field.select();
        },
    };
    return h("div", { class: "forms-copy" },
        options.rows ? h("textarea", { ...props, rows: options.rows }) : h("input", props),
        copyButton(() => value));
}

/**
 * Copies, also where the page is not served over TLS (the clipboard API is absent there).
 * @param {string} text
 */
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        const area = h("textarea", { value: text, class: "only-read-aloud" });
        const holder = document.querySelector("dialog[open]") ?? document.body;
        holder.append(area);
        area.select();
        const done = document.execCommand("copy");
        area.remove();
        return done;
    }
}
