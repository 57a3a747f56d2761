// The list that opens above the composer while typing: quick phrases after `/` or `;`, colleagues after `@`.
import { icon } from "../../Design/icons.js";
import { fill, h, isComposing, uniqueID } from "../dom.js";

/**
 * @typedef {object} Suggestion
 * @property {string} title
 * @property {string} [mark] shown as a key
 * @property {string} [detail]
 * @property {(send: boolean) => void} run `send`: chosen with Ctrl+Enter
 */
/**
 * @typedef {object} Trigger
 * @property {RegExp} pattern against the text before the caret; group 1 = what was typed
 * @property {(typed: string) => Suggestion[]} find
 * @property {() => string} empty what to say when nothing answers
 * @property {() => {label: string, run: () => void} | null} [foot]
 * @property {() => boolean} [on]
 */

/**
 * @param {HTMLTextAreaElement} field
 * @param {Trigger[]} triggers
 * @param {string} label
 */
export function createSuggest(field, triggers, label) {
    const listID = uniqueID("suggest");
    const list = h("div", { class: "suggest-list", id: listID, role: "listbox", "aria-label": label });
    const foot = h("div", { class: "suggest-foot" });
    const element = h("div", { class: "suggest", hidden: true }, list, foot);
    /** @type {Suggestion[]} */
    let found = [];
    let chosen = 0;
    /** @type {{start: number, end: number} | null} */
    let range = null;
    let dismissed = "";

    function close() {
        element.hidden = true;
        found = [];
        range = null;
        field.removeAttribute("aria-activedescendant");
        field.removeAttribute("aria-controls");
    }

    /** Looks at the text before the caret and opens, changes or closes the list. */
    function look() {
        const caret = field.selectionStart;
        const before = field.value.slice(0, caret);
        for (const trigger of triggers) {
            if (trigger.on && !trigger.on()) continue;
            const match = trigger.pattern.exec(before);
            if (!match) continue;
            const typed = match[1] ?? "";
            const start = before.length - (match[0].length - (match[0].length - match[0].trimStart().length));
            if (dismissed === before) return close();
            dismissed = "";
            range = { start, end: caret };
            found = trigger.find(typed);
            chosen = 0;
            draw(trigger);
            return;
        }
        close();
    }

    /** @param {Trigger} trigger */
    function draw(trigger) {
        element.hidden = false;
        field.setAttribute("aria-controls", listID);
        fill(list, found.length === 0 ? h("p", { class: "suggest-empty" }, trigger.empty()) : found.map((one, index) => h("div", {
            class: "suggest-item", role: "option", id: `${listID}-${index}`, "aria-selected": String(index === chosen),
            onpointerdown: /** @param {Event} event */ (event) => event.preventDefault(),
            onpointermove: () => choose(index),
            onclick: () => run(index, false),
        },
            one.mark ? h("kbd", null, one.mark) : null, h("span", { class: "suggest-title" }, one.title),
            one.detail ? h("span", { class: "suggest-detail" }, one.detail) : null)));
        const more = trigger.foot?.();
        fill(foot, more ? h("button", {
            type: "button", class: "button quiet small",
            onpointerdown: /** @param {Event} event */ (event) => event.preventDefault(),
            onclick: () => {
                close();
                more.run();
            },
        }, icon("settings"), more.label) : null);
        choose(chosen);
    }

    /** @param {number} index */
    function choose(index) {
        if (found.length === 0) return;
        chosen = (index + found.length) % found.length;
        [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
        list.children[chosen]?.scrollIntoView({ block: "nearest" });
        field.setAttribute("aria-activedescendant", `${listID}-${chosen}`);
    }

    /**
     * @param {number} index
     * @param {boolean} send
     */
    function run(index, send) {
        const one = found[index];
        if (!one || !range) return;
        field.setSelectionRange(range.start, range.end);
        close();
        one.run(send);
    }

    return {
        element, look, close,
        isOpen: () => !element.hidden,
        /**
         * Handles a key of the field.
         * @param {KeyboardEvent} event
         * @returns {boolean} whether it was for the list
         */
        key(event) {
            if (element.hidden || isComposing(event)) return false;
            if (event.key === "ArrowDown") choose(chosen + 1);
            else if (event.key === "ArrowUp") choose(chosen - 1);
            else if ((event.key === "Enter" || event.key === "Tab") && found.length > 0 && !event.shiftKey) {
                run(chosen, event.ctrlKey || event.metaKey);
            } else if (event.key === "Escape") {
                dismissed = field.value.slice(0, field.selectionStart);
                close();
            } else return false;
            event.preventDefault();
            return true;
        },
    };
}
