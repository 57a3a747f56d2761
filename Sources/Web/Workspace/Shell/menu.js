// A pop-up menu at an element or at a point, by pointer and by keyboard.
import { fill, h } from "../dom.js";
import { icon } from "../../Design/icons.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [icon]
 * @property {string} [hint] small text at the end, for example the shortcut
 * @property {boolean} [checked] makes it a radio item
 * @property {boolean} [disabled]
 * @property {boolean} [danger]
 * @property {boolean} [separator] a line above this item
 * @property {() => void} run
 */

/** @type {(() => void) | null} */
let closeOpen = null;

/**
 * Opens a menu; a second call closes the first menu.
 * @param {HTMLElement | {x: number, y: number}} anchor
 * @param {MenuItem[]} items
 * @param {{label: string}} options what the menu is about, for screen readers
 */
export function openMenu(anchor, items, { label }) {
    closeOpen?.();
    const before = document.activeElement;
    const buttons = items.map((item) => h("button", {
        type: "button", class: `menu-item ${item.danger ? "danger" : ""}`, tabIndex: -1,
        role: item.checked === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        disabled: item.disabled ?? false,
        onclick: () => {
            close();
            item.run();
        },
    },
        item.checked === undefined
            ? (item.icon ? icon(item.icon) : h("span", { class: "menu-gap" }))
            : (item.checked ? icon("check") : h("span", { class: "menu-gap" })),
        h("span", { class: "menu-label" }, item.label),
        item.hint ? h("kbd", null, item.hint) : null));
    const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
    fill(menu, items.map((item, index) => [
        item.separator ? h("div", { class: "menu-line", role: "separator" }) : null, buttons[index],
    ]).flat());

    const close = () => {
        closeOpen = null;
        menu.remove();
        document.removeEventListener("pointerdown", outside, true);
        if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "false");
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
    const outside = /** @param {Event} event */ (event) => {
        if (event.target instanceof Node && !menu.contains(event.target)) close();
    };
    const usable = buttons.filter((button) => !button.disabled);
    menu.addEventListener("keydown", (event) => {
        const at = usable.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
        const move = /** @param {number} to */ (to) => {
            event.preventDefault();
            usable[(to + usable.length) % usable.length]?.focus();
        };
        event.stopPropagation();
        if (event.key === "ArrowDown") move(at + 1);
        else if (event.key === "ArrowUp") move(at < 0 ? usable.length - 1 : at - 1);
        else if (event.key === "Home") move(0);
        else if (event.key === "End") move(usable.length - 1);
        else if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            close();
        } else if (event.key.length === 1) {
            const start = event.key.toLowerCase();
            const next = usable.findIndex((button, index) =>
                index > at && button.textContent?.trim().toLowerCase().startsWith(start));
            if (next >= 0) move(next);
        }
    });
    // Inside an open dialog a menu must live in it: everything outside is inert.
    ground(anchor).append(menu);
    place(menu, anchor);
    if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "true");
    closeOpen = close;
    document.addEventListener("pointerdown", outside, true);
    (usable.find((button) => button.getAttribute("aria-checked") === "true") ?? usable[0])
        ?.focus({ preventScroll: true });
    return close;
}

/**
 * Where a pop-up is put: in the dialog of its anchor, else in the page's main part.
 * @param {HTMLElement | {x: number, y: number}} anchor
 */
export function ground(anchor) {
    return (anchor instanceof HTMLElement ? anchor.closest("dialog") : null) ??
        document.querySelector("main") ?? document.body;
}

/**
 * Puts a pop-up under (or over) its anchor, inside the window.
 * @param {HTMLElement} popup
 * @param {HTMLElement | {x: number, y: number}} anchor
 */
export function place(popup, anchor) {
    const box = anchor instanceof HTMLElement
        ? anchor.getBoundingClientRect()
        : new DOMRect(anchor.x, anchor.y, 0, 0);
    const size = popup.getBoundingClientRect();
    const edge = 8;
    let top = box.bottom + 4;
    if (top + size.height > innerHeight - edge && box.top - size.height - 4 > edge) {
        top = box.top - size.height - 4;
    }
    let left = box.left;
    if (left + size.width > innerWidth - edge) left = box.right - size.width;
    popup.style.top = `${Math.max(edge, Math.min(top, innerHeight - size.height - edge))}px`;
    popup.style.left = `${Math.max(edge, left)}px`;
}
