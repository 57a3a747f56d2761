// Keyboard shortcuts: one registry that runs them, shows them on the sheet and in menus.
import { isComposing, isTextField } from "../dom.js";

/**
 * @typedef {object} Shortcut
 * @property {string} keys for example "Alt+1", "Mod+K" (Ctrl, or Command on a Mac), "?", "g d"
 * @property {string} label a key of the catalogue
 * @property {string} group a key of the catalogue
 * @property {() => unknown} run false = not handled after all
 * @property {boolean} [typing] also works while typing; default: only with Ctrl, Alt or Command
 * @property {boolean} [listed] false keeps it off the sheet
 */

const mac = /mac|iphone|ipad/i.test(navigator.platform);

/** @param {KeyboardEvent} event */
function pressed(event) {
    let name = "";
    if (mac ? event.metaKey : event.ctrlKey) name += "Mod+";
    if (event.altKey) name += "Alt+";
    // With Alt a Mac types special characters, so take the physical key then.
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    const key = event.altKey && digit ? digit[1]
        : event.altKey && event.code === "Minus" ? "-"
            : event.altKey && event.code === "Equal" ? "="
                : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    if (event.shiftKey && (event.key.length > 1 || /[A-Z]/.test(key))) name += "Shift+";
    return name + key;
}

/**
 * How a shortcut is written for people.
 * @param {string} keys
 */
export function keyText(keys) {
    const parts = keys.split("+").filter((part, index, all) => part !== "" || index === all.length - 1);
    return parts.map((part) => {
        if (part === "Mod") return mac ? "⌘" : "Ctrl";
        if (part === "Alt") return mac ? "⌥" : "Alt";
        if (part === "Shift") return mac ? "⇧" : "Shift";
        return part.replace("ArrowUp", "↑").replace("ArrowDown", "↓").replace("Escape", "Esc");
    }).join(mac ? "" : "+");
}

export function createKeys() {
    /** @type {Set<Shortcut>} */
    const all = new Set();

    document.addEventListener("keydown", (event) => {
        if (event.defaultPrevented || isComposing(event)) return;
        // A dialog owns the keyboard while it is open.
        if (document.querySelector("dialog[open]")) return;
        const name = pressed(event);
        const typing = isTextField(event.target);
        const chord = event.ctrlKey || event.altKey || event.metaKey;
        for (const shortcut of [...all].reverse()) {
            if (shortcut.keys !== name) continue;
            if (typing && !chord && shortcut.typing !== true) continue;
            if (shortcut.run() === false) continue;
            event.preventDefault();
            return;
        }
    });

    return {
        /**
         * @param {Shortcut[]} shortcuts
         * @returns {() => void} takes them away
         */
        add(shortcuts) {
            for (const shortcut of shortcuts) all.add(shortcut);
            return () => {
                for (const shortcut of shortcuts) all.delete(shortcut);
            };
        },
        list: () => [...all].filter((shortcut) => shortcut.listed !== false),
    };
}

/** @typedef {ReturnType<typeof createKeys>} Keys */
