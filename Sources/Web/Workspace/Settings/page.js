// Pieces that the sections of the settings share: heading, table, state words, one reading of the vocabulary.

import { icon } from "../../Design/icons.js";
import { h, isComposing } from "../dom.js";
import { dayKey, clockTime, fullTime, isSameYear, pick, shortTime, t } from "../words.js";

/** @typedef {import("../dom.js").Children} Children */
/** @typedef {{zh: string, en: string}} Both */
/** @typedef {{code: string, name: Both, levels?: string[], cap?: number}} Term */
/**
 * @typedef {object} Vocabulary
 * @property {Term[]} roles
 * @property {Term[]} levels
 * @property {Term[]} departments
 * @property {Term[]} employments
 * @property {Term[]} permissions
 * @property {{permission: string, from: Record<string, string>, outsourced: boolean}[]} rules
 */

/**
 * The heading of a section with its actions.
 * @param {string} title
 * @param {string} lead
 * @param {...Children} actions
 */
export function sectionHead(title, lead, ...actions) {
    return h("header", { class: "set-head" },
        h("div", null, h("h1", { id: "set-title", tabIndex: -1 }, title), h("p", { class: "set-lead" }, lead)),
        h("div", { class: "set-head-actions" }, actions));
}

/**
 * @template T
 * @typedef {object} Column
 * @property {string} label
 * @property {(row: T) => Children} cell
 * @property {string} [kind] class: "wide", "number", "actions"
 * @property {boolean} [quiet] the label is only read aloud
 */

/**
 * A table that becomes a list of cards on a phone.
 * @template T
 * @param {string} label
 * @param {Column<T>[]} columns
 * @param {T[]} rows
 * @param {{empty: string, rowClass?: (row: T) => string}} options
 */
export function table(label, columns, rows, { empty, rowClass }) {
    if (rows.length === 0) return emptyState(empty);
    return h("div", { class: "set-table-frame", tabIndex: 0, role: "group", "aria-label": label },
        h("table", { class: "set-table" },
            h("caption", { class: "only-read-aloud" }, label),
            h("thead", null, h("tr", null, columns.map((column) =>
                h("th", { scope: "col", class: column.kind ?? null },
                    column.quiet ? h("span", { class: "only-read-aloud" }, column.label) : column.label)))),
            h("tbody", null, rows.map((row) =>
                h("tr", { class: rowClass?.(row) ?? null }, columns.map((column) =>
                    h("td", { class: column.kind ?? null, "data-label": column.quiet ? null : column.label },
                        column.cell(row))))))));
}

/**
 * @param {string} text
 * @param {...Children} more
 */
export function emptyState(text, ...more) {
    return h("div", { class: "set-empty" }, icon("inbox"), h("p", null, text), more);
}

/**
 * A block with a heading inside a section.
 * @param {string} title
 * @param {string | null} lead
 * @param {...Children} content
 */
export function block(title, lead, ...content) {
    return h("section", { class: "set-block" },
        h("h2", null, title), lead ? h("p", { class: "set-lead" }, lead) : null, content);
}

/**
 * A search field that answers while typing, except while an input method composes.
 * @param {string} label
 * @param {(text: string) => void} search
 */
export function searchField(label, search) {
    const input = h("input", {
        type: "search", class: "input set-search", placeholder: label, "aria-label": label,
        oninput: /** @param {Event} event */ (event) => {
            if (!(/** @type {InputEvent} */ (event).isComposing)) search(input.value.trim().toLowerCase());
        },
        oncompositionend: () => search(input.value.trim().toLowerCase()),
        onkeydown: /** @param {KeyboardEvent} event */ (event) => {
            if (event.key !== "Escape" || isComposing(event) || input.value === "") return;
            event.preventDefault();
            input.value = "";
            search("");
        },
    });
    return input;
}

/**
 * @param {string} label
 * @param {{value: string, label: string}[]} options
 * @param {(value: string) => void} choose
 */
export function filterSelect(label, options, choose) {
    const select = h("select", {
        class: "input set-filter", "aria-label": label, onchange: () => choose(select.value),
    }, h("option", { value: "" }, label), options.map((option) =>
        h("option", { value: option.value }, option.label)));
    return select;
}

/**
 * @param {"good" | "warn" | "bad" | "info" | "brand" | ""} kind
 * @param {string} text
 */
export function tag(kind, text) {
    return h("span", { class: `tag ${kind}` }, text);
}

/**
 * A moment: time today, else the date; the whole of it on hover.
 * @param {number | null | undefined} at
 * @param {string} [never]
 */
export function moment(at, never = t("set.never")) {
    if (!at) return h("span", { class: "set-faint" }, never);
    const today = dayKey(at) === dayKey(Date.now());
    return h("time", { datetime: new Date(at).toISOString(), title: fullTime(at) },
        today ? clockTime(at) : isSameYear(at, Date.now()) ? `${shortTime(at)} ${clockTime(at)}` : fullTime(at));
}

/**
 * The words for roles, levels and so on, as the server has them.
 * @param {import("../shell.js").App} app
 * @returns {Promise<Vocabulary>}
 */
export async function readVocabulary(app) {
    const answer = await app.api.get("/permissions");
    return {
        roles: [], levels: [], departments: [], employments: [], permissions: [], rules: [], ...answer,
    };
}

/**
 * The name of a code; an unknown code stands for itself.
 * @param {Term[]} terms
 * @param {string | null | undefined} code
 */
export function nameOf(terms, code) {
    if (!code) return "";
    return pick(terms.find((term) => term.code === code)?.name) || code;
}

/**
 * @param {Term[]} terms
 * @returns {{value: string, label: string}[]}
 */
export function asOptions(terms) {
    return terms.map((term) => ({ value: term.code, label: pick(term.name) || term.code }));
}

/**
 * A button in a row.
 * @param {string} label
 * @param {string} symbol
 * @param {() => void} run
 * @param {{danger?: boolean, of?: string}} [options] `of` names the row for people who do not see it
 */
export function rowButton(label, symbol, run, options = {}) {
    const { danger, of } = options;
    return h("button", {
        type: "button", class: `button quiet small ${danger ? "danger" : ""}`,
        "aria-label": of ? `${label}: ${of}` : null, onclick: run,
    }, icon(symbol), label);
}

/**
 * @param {string} label
 * @param {string} symbol
 * @param {() => void} run
 */
export function mainButton(label, symbol, run) {
    return h("button", { type: "button", class: "button primary", onclick: run }, icon(symbol), label);
}
