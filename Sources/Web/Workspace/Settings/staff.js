// Who works here: list, search, add, change, suspend with undo.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import {
    asOptions, filterSelect, mainButton, moment, nameOf, readVocabulary, rowButton, searchField, sectionHead, table, tag,
} from "./page.js";
import { editStaff, resetPassword } from "./staff-forms.js";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string} [login] like employment, totp and seenAt only told to those who manage staff
 * @property {string} name
 * @property {string | null} nickname
 * @property {string} role
 * @property {string | null} level
 * @property {string | null} department
 * @property {string | null} [employment]
 * @property {string[]} groups
 * @property {number | null} cap null = the cap of the level
 * @property {boolean} suspended
 * @property {boolean} [totp]
 * @property {number | null} [seenAt]
 */
/** @typedef {{id: string, name: string, members: string[]}} Group */

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const [vocabulary, staffAnswer, groupAnswer] = await Promise.all([
        readVocabulary(app), app.api.get("/staff"), app.api.get("/groups"),
    ]);
    /** @type {Person[]} */
    let staff = staffAnswer.staff;
    /** @type {Group[]} */
    const groups = groupAnswer.groups;
    const mayManage = app.can("staff.manage");
    let wanted = "";
    let role = "";
    let state = "";
    const list = h("div", { class: "set-list" });
    const counted = h("p", { class: "set-counted", role: "status" });

    /** @param {Person} person */
    const shown = (person) => (!role || person.role === role)
        && (!state || (state === "suspended") === person.suspended)
        && (!wanted || [person.name, person.nickname, person.login].some((text) =>
            text?.toLowerCase().includes(wanted)));

    /** @param {Person} person */
    const capOf = (person) => person.cap
        ?? vocabulary.levels.find((level) => level.code === person.level)?.cap ?? null;

    /** @type {import("./page.js").Column<Person>[]} */
    const columns = [
        {
            label: t("staff.person"), kind: "wide",
            cell: (person) => h("div", { class: "set-person" },
                h("span", { class: "avatar", "aria-hidden": "true" }, [...(person.nickname || person.name)][0] ?? "·"),
                h("div", null,
                    h("span", { class: "set-strong" }, person.name,
                        person.nickname && person.nickname !== person.name ? h("span", { class: "set-faint" }, ` ${person.nickname}`) : null),
                    h("span", { class: "set-under" }, person.login))),
        },
        {
            label: t("staff.role"),
            cell: (person) => h("div", null, h("span", null, nameOf(vocabulary.roles, person.role)),
                h("span", { class: "set-under" }, nameOf(vocabulary.levels, person.level))),
        },
        {
            label: t("staff.department"),
            cell: (person) => h("div", null, h("span", null, nameOf(vocabulary.departments, person.department) || "–"),
                h("span", { class: "set-under" }, nameOf(vocabulary.employments, person.employment))),
        },
        {
            label: t("staff.groups"),
            cell: (person) => (person.groups.length
                ? h("div", { class: "set-tags" }, person.groups.map((id) =>
                    tag("", groups.find((group) => group.id === id)?.name ?? id)))
                : h("span", { class: "set-faint" }, "–")),
        },
        {
            label: t("staff.cap"), kind: "number",
            cell: (person) => h("div", null, String(capOf(person) ?? "–"),
                person.cap === null || person.cap === undefined ? null
                    : h("span", { class: "set-under" }, t("staff.capOwn"))),
        },
        {
            label: t("staff.state"),
            cell: (person) => h("div", null,
                person.suspended ? tag("bad", t("staff.suspended")) : tag("good", t("staff.active")),
                mayManage ? h("span", { class: "set-under" }, t(person.totp ? "staff.totp" : "staff.noTotp")) : null),
        },
        ...(mayManage ? [
            {
                label: t("staff.seen"), cell: (/** @type {Person} */ person) => moment(person.seenAt),
            },
            {
                label: t("set.actions"), quiet: true, kind: "actions",
                cell: (/** @type {Person} */ person) => [
                    rowButton(t("set.edit"), "edit", () => change(person), { of: person.name }),
                    moreButton(person),
                ],
            },
        ] : []),
    ];

    /** @param {Person} person */
    function moreButton(person) {
        const me = person.id === app.session?.staff.id;
        const button = h("button", {
            type: "button", class: "button quiet icon small", "aria-haspopup": "menu",
            "aria-label": t("set.more", { name: person.name }),
            onclick: () => app.menu(button, [
                { label: t("staff.reset"), icon: "lock", run: () => resetPassword(app, person) },
                ...(me ? [] : [person.suspended
                    ? { label: t("staff.restore"), icon: "play", run: () => suspend(person, false) }
                    : { label: t("staff.suspend"), icon: "pause", danger: true, run: () => confirmSuspend(person) }]),
            ], { label: t("set.more", { name: person.name }) }),
        }, icon("more"));
        return button;
    }

    function draw() {
        const rows = staff.filter(shown).sort((a, b) =>
            Number(a.suspended) - Number(b.suspended) || a.name.localeCompare(b.name, "zh-CN"));
        fill(list, table(t("set.staff"), columns, rows, {
            empty: t("staff.empty"), rowClass: (person) => (person.suspended ? "off" : ""),
        }));
        counted.textContent = t("staff.counted", { shown: rows.length, all: staff.length });
    }

    /** @param {Person} person */
    function keep(person) {
        const known = staff.some((each) => each.id === person.id);
        staff = known ? staff.map((each) => (each.id === person.id ? person : each)) : [...staff, person];
        draw();
    }

    async function add() {
        const person = await editStaff(app, { vocabulary, groups, person: null });
        if (!person) return;
        keep(person);
        app.toast({ text: t("staff.added", { name: person.name }), kind: "good" });
    }

    /** @param {Person} person */
    async function change(person) {
        const changed = await editStaff(app, { vocabulary, groups, person });
        if (!changed) return;
        keep(changed);
        app.toast({ text: t("set.saved"), kind: "good" });
    }

    /** @param {Person} person */
    async function confirmSuspend(person) {
        await app.dialog.confirm({
            title: t("staff.suspendTitle", { name: person.name }), text: t("staff.suspendText"),
            ok: t("staff.suspend"), danger: true, run: () => suspend(person, true),
        });
    }

    /**
     * @param {Person} person
     * @param {boolean} suspended
     */
    async function suspend(person, suspended) {
        try {
            keep((await app.api.patch(`/staff/${person.id}`, { suspended })).staff);
        } catch (problem) {
            // In the dialog the refusal is shown there; from the menu it is a notice.
            if (suspended) throw problem;
            app.fail(problem);
            return;
        }
        app.toast({
            text: t(suspended ? "staff.suspendedNow" : "staff.restoredNow", { name: person.name }), kind: "good",
            action: suspended ? { label: t("set.undo"), run: () => suspend(person, false) } : undefined,
        });
    }

    fill(room,
        sectionHead(t("set.staff"), t("staff.lead"), mayManage ? mainButton(t("staff.add"), "plus", add) : null),
        h("div", { class: "set-filters" },
            searchField(t("staff.search"), (text) => {
                wanted = text;
                draw();
            }),
            filterSelect(t("staff.allRoles"), asOptions(vocabulary.roles), (value) => {
                role = value;
                draw();
            }),
            filterSelect(t("staff.allStates"), [
                { value: "active", label: t("staff.active") }, { value: "suspended", label: t("staff.suspended") },
            ], (value) => {
                state = value;
                draw();
            }),
            counted),
        list);
    draw();
}
