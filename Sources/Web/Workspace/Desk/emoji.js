// A small board of faces and signs that shop talk uses.
import { h } from "../dom.js";
import { ground, place } from "../Shell/menu.js";
import { t } from "../words.js";

const board = [..."😊😄😁😂🤣😍🥰😘😉😜🤗🤔😅😓😢😭😱😴😷🤒🙏👍👌👏💪🤝✌️👋❤️💕🌹🎉🎁🧧💰🛍️📦🚚🏠⏰📷✅❌⭐🔥💯☀️🌙🍀🐼🐣"];
/** Joins a sign with the variation mark that follows it. */
const signs = board.reduce((all, sign) => {
    if (sign === "\uFE0F") all[all.length - 1] += sign;
    else all.push(sign);
    return all;
}, /** @type {string[]} */ ([]));
const columns = 9;

/**
 * @param {HTMLElement} anchor
 * @param {(sign: string) => void} choose
 */
export function openEmoji(anchor, choose) {
    const close = () => {
        element.remove();
        document.removeEventListener("pointerdown", outside, true);
    };
    const outside = /** @param {Event} event */ (event) => {
        if (event.target instanceof Node && !element.contains(event.target)) close();
    };
    const buttons = signs.map((sign, index) => h("button", {
        type: "button", class: "emoji", tabIndex: index === 0 ? 0 : -1,
        onclick: () => {
            close();
            choose(sign);
        },
    }, sign));
    const element = h("div", { class: "menu emoji-board", role: "group", "aria-label": t("desk.emoji") }, buttons);
    element.addEventListener("keydown", (event) => {
        const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
        const steps = /** @type {Record<string, number>} */ ({
            ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns,
        });
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            close();
            anchor.focus();
        } else if (steps[event.key]) {
            event.preventDefault();
            buttons[Math.min(buttons.length - 1, Math.max(0, at + steps[event.key]))].focus();
        }
    });
    ground(anchor).append(element);
    place(element, anchor);
    buttons[0].focus();
    document.addEventListener("pointerdown", outside, true);
}
