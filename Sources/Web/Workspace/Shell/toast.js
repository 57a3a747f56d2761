// Short notices at the corner. Polite for screen readers; errors are announced at once.
import { fill, h } from "../dom.js";
import { icon } from "../../Design/icons.js";
import { t } from "../words.js";

/**
 * @typedef {object} Toast
 * @property {string} text
 * @property {string} [detail] what the person may do instead
 * @property {"info" | "good" | "warn" | "bad"} [kind]
 * @property {{label: string, run: () => void}} [action]
 * @property {number} [ms] time on screen, 0 = until closed; default 5 s, 9 s with detail or action
 */

const shown = 4;

export function createToasts() {
    const polite = h("div", { class: "toasts-live", "aria-live": "polite", role: "status" });
    const element = h("section", { class: "toasts", "aria-label": t("shell.toasts") }, polite);
    document.body.append(element);

    /**
     * @param {Toast | string} what
     * @returns {() => void} takes the toast away
     */
    return function toast(what) {
        const { text, detail, kind = "info", action, ms } =
            typeof what === "string" ? /** @type {Toast} */ ({ text: what }) : what;
        const close = () => {
            clearTimeout(timer);
            card.remove();
        };
        const card = h("div", {
            class: `toast toast-${kind}`, role: kind === "bad" ? "alert" : null,
        },
            icon(kind === "bad" || kind === "warn" ? "alert" : kind === "good" ? "check" : "info"),
            h("div", { class: "toast-text" },
                h("p", null, text), detail ? h("p", { class: "toast-detail" }, detail) : null),
            action ? h("button", {
                type: "button", class: "button small quiet",
                onclick: () => {
                    close();
                    action.run();
                },
            }, action.label) : null,
            h("button", {
                type: "button", class: "button quiet icon", "aria-label": t("shell.dismiss"), onclick: close,
            }, icon("close")));
        const life = ms ?? (detail || action ? 9000 : 5000);
        /** @type {number | undefined} */
        let timer;
        const start = () => {
            if (life > 0) timer = setTimeout(close, life);
        };
        card.addEventListener("pointerenter", () => clearTimeout(timer));
        card.addEventListener("pointerleave", start);
        card.addEventListener("focusin", () => clearTimeout(timer));
        card.addEventListener("focusout", start);
        element.append(card);
        while (element.querySelectorAll(".toast").length > shown) {
            element.querySelector(".toast")?.remove();
        }
        if (kind !== "bad") fill(polite, text);
        start();
        return close;
    };
}
