// The command palette: one field that finds actions, pages, conversations, messages and phrases.
import { fill, h, isComposing, uniqueID } from "../dom.js";
import { icon } from "../../Design/icons.js";
import { t } from "../words.js";
import { score } from "./score.js";

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string} title
 * @property {string} [words] more text to find it by (pinyin, initials, the other language)
 * @property {string} [hint] small text at the end
 * @property {string} [group]
 * @property {string} [icon]
 * @property {() => unknown} run
 */
/**
 * Gives commands for what was typed; may be slow, its answers are added when they come.
 * @typedef {(text: string, signal: AbortSignal) => Command[] | Promise<Command[]>} CommandSource
 */

const limit = 40;

/** @param {() => CommandSource[]} sources */
export function createPalette(sources) {
    let isOpen = false;

    /** @param {string} [start] text to begin with */
    return function open(start = "") {
        if (isOpen) return;
        isOpen = true;
        const list = uniqueID("palette");
        const before = document.activeElement;
        /** @type {Command[]} */
        let found = [];
        let chosen = 0;
        let asking = new AbortController();

        const input = h("input", {
            type: "text", class: "palette-input", role: "combobox", "aria-expanded": "true",
            "aria-controls": list, "aria-autocomplete": "list", "aria-label": t("shell.palette"),
            placeholder: t("shell.paletteHint"), autocomplete: "off", spellcheck: "false", value: start,
        });
        const results = h("div", {
            class: "palette-list", id: list, role: "listbox", "aria-label": t("shell.palette"),
        });
        const element = h("dialog", { class: "palette", "aria-label": t("shell.palette") },
            h("div", { class: "palette-head" }, icon("search"), input), results);

        const draw = () => {
            if (found.length === 0) {
                fill(results, h("p", { class: "palette-empty" }, t("shell.paletteEmpty")));
                input.removeAttribute("aria-activedescendant");
                return;
            }
            chosen = Math.min(chosen, found.length - 1);
            let group = "";
            fill(results, found.map((command, index) => {
                const heading = command.group && command.group !== group
                    ? h("div", { class: "palette-group", role: "presentation" }, command.group) : null;
                group = command.group ?? group;
                return [heading, h("div", {
                    class: "palette-item", role: "option", id: `${list}-${index}`,
                    "aria-selected": String(index === chosen),
                    onpointermove: () => {
                        if (chosen !== index) choose(index);
                    },
                    onclick: () => run(index),
                }, icon(command.icon ?? "command"), h("span", { class: "palette-title" }, command.title),
                command.hint ? h("span", { class: "palette-hint" }, command.hint) : null)];
            }).flat());
            choose(chosen);
        };
        const choose = /** @param {number} index */ (index) => {
            chosen = (index + found.length) % found.length;
            const rows = results.querySelectorAll(".palette-item");
            rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
            input.setAttribute("aria-activedescendant", `${list}-${chosen}`);
            rows[chosen]?.scrollIntoView({ block: "nearest" });
        };
        const run = /** @param {number} index */ (index) => {
            const command = found[index];
            element.close();
            command?.run();
        };
        const search = () => {
            asking.abort();
            asking = new AbortController();
            const { signal } = asking;
            const text = input.value.trim().toLowerCase();
            /** @type {Command[]} */
            const near = [];
            /** @type {Command[][]} */
            const far = [];
            const collect = () => {
                if (signal.aborted) return;
                found = [...(text ? rank(near, text) : near), ...far.flat()].slice(0, limit);
                draw();
            };
            chosen = 0;
            // The page's own commands come before those that are everywhere.
            for (const source of [...sources()].reverse()) {
                const answer = source(input.value.trim(), signal);
                if (!(answer instanceof Promise)) {
                    near.push(...answer);
                    continue;
                }
                const place = far.push([]) - 1;
                answer.then((commands) => {
                    far[place] = commands;
                    collect();
                }, () => {
                    // What the server cannot find now, the person can still do by hand.
                });
            }
            collect();
        };
        input.addEventListener("input", search);
        input.addEventListener("keydown", (event) => {
            if (isComposing(event)) return;
            if (event.key === "ArrowDown") choose(chosen + 1);
            else if (event.key === "ArrowUp") choose(chosen - 1);
            else if (event.key === "Enter") run(chosen);
            else return;
            event.preventDefault();
        });
        element.addEventListener("click", (event) => {
            if (event.target === element) element.close();
        });
        element.addEventListener("close", () => {
            isOpen = false;
            asking.abort();
            element.remove();
            if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
        });
        document.body.append(element);
        element.showModal();
        input.focus();
        search();
    };
}

/**
 * @param {Command[]} commands
 * @param {string} text
 */
function rank(commands, text) {
    return commands
        .map((command) => ({
            command: { ...command, group: undefined, hint: command.hint ?? command.group },
            points: Math.max(
                score(command.title.toLowerCase(), text),
                score((command.words ?? "").toLowerCase(), text) * 0.9),
        }))
        .filter((one) => one.points > 0)
        .sort((a, b) => b.points - a.points)
        .slice(0, 20)
        .map((one) => one.command);
}
