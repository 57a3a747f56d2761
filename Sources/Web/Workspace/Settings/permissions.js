// Which role may do what, from which level on. Read only: the table is part of the program, so that nobody can
// quietly give a right away.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { pick, t } from "../words.js";
import { nameOf, readVocabulary, sectionHead } from "./page.js";

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const vocabulary = await readVocabulary(app);
    const { roles, permissions, rules } = vocabulary;
    const mine = new Set(app.session?.permissions ?? []);

    /** @param {string} permission @param {string} role */
    const cell = (permission, role) => {
        const rule = rules.find((each) => each.permission === permission);
        const least = rule?.from[role];
        if (role === "owner") return yes(t("permissions.yes"));
        if (!least) return h("td", { class: "no" }, h("span", { "aria-label": t("permissions.no") }, "–"));
        const lowest = roles.find((each) => each.code === role)?.levels?.[0];
        return lowest === least ? yes(t("permissions.yes"))
            : yes(t("permissions.from", { level: nameOf(vocabulary.levels, least) }), true);
    };

    fill(room,
        sectionHead(t("set.permissions"), t("permissions.lead")),
        h("div", { class: "set-table-frame set-matrix", tabIndex: 0, role: "group", "aria-label": t("set.permissions") },
            h("table", { class: "set-table" },
                h("caption", { class: "only-read-aloud" }, t("set.permissions")),
                h("thead", null, h("tr", null,
                    h("th", { scope: "col" }, t("permissions.permission")),
                    h("th", { scope: "col" }, t("permissions.mine")),
                    roles.map((role) => h("th", { scope: "col" }, pick(role.name))),
                    h("th", { scope: "col" }, t("permissions.outsourced")))),
                h("tbody", null, permissions.map((permission) => h("tr", null,
                    h("th", { scope: "row" }, pick(permission.name), h("code", { class: "set-under" }, permission.code)),
                    mine.has(permission.code) ? yes(t("permissions.yes"))
                        : h("td", { class: "no" }, h("span", { "aria-label": t("permissions.no") }, "–")),
                    roles.map((role) => cell(permission.code, role.code)),
                    rules.find((rule) => rule.permission === permission.code)?.outsourced
                        ? yes(t("permissions.yes"))
                        : h("td", { class: "no" }, h("span", { "aria-label": t("permissions.no") }, "–"))))))),
        h("p", { class: "set-note" }, t("permissions.note")));
}

/**
 * @param {string} text
 * @param {boolean} [partly] from a level on: the words are shown beside the tick
 */
function yes(text, partly = false) {
    return h("td", { class: "yes" }, icon("check"),
        h("span", { class: partly ? "set-under" : "only-read-aloud" }, text));
}
