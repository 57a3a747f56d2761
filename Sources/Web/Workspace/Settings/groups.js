// Groups of agents: a conversation can be given to one, and the queue is kept by group.

import { fill, h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { t } from "../words.js";
import { emptyState, mainButton, rowButton, sectionHead } from "./page.js";

/** @typedef {import("./staff.js").Group} Group */
/** @typedef {import("./staff.js").Person} Person */

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const [groupAnswer, staffAnswer] = await Promise.all([app.api.get("/groups"), app.api.get("/staff")]);
    /** @type {Group[]} */
    let groups = groupAnswer.groups;
    /** @type {Person[]} */
    const staff = staffAnswer.staff;
    const mayManage = app.can("groups.manage");
    const list = h("div", { class: "set-list" });

    /** @param {string} id */
    const nameOfPerson = (id) => {
        const person = staff.find((each) => each.id === id);
        return person ? person.nickname || person.name : id;
    };

    function draw() {
        if (groups.length === 0) {
            fill(list, emptyState(t("groups.empty")));
            return;
        }
        fill(list, h("ul", { class: "set-cards", role: "list" }, groups.map((group) =>
            h("li", { class: "set-card" },
                h("h2", null, group.name),
                h("p", { class: "set-under" }, t("groups.members", { n: group.members.length })),
                h("div", { class: "set-tags" }, group.members.map((id) => h("span", { class: "tag" }, nameOfPerson(id)))),
                mayManage ? h("div", { class: "set-card-actions" },
                    rowButton(t("set.edit"), "edit", () => edit(group), { of: group.name }),
                    rowButton(t("set.delete"), "trash", () => remove(group), { danger: true, of: group.name })) : null))));
    }

    /** @param {Group | null} group */
    async function edit(group) {
        await app.dialog.open({
            title: group ? t("groups.editTitle", { name: group.name }) : t("groups.add"),
            body: (close) => createForm({
                submit: t("shell.save"), cancel: () => close(),
                fields: [
                    { name: "name", label: t("groups.name"), value: group?.name, required: true, longest: 40 },
                    {
                        name: "members", label: t("groups.people"), kind: "checks", value: group?.members ?? [],
                        options: staff.filter((person) => !person.suspended || group?.members.includes(person.id))
                            .map((person) => ({ value: person.id, label: person.nickname || person.name, hint: person.login })),
                    },
                ],
                run: async (values) => {
                    const answer = group
                        ? await app.api.patch(`/groups/${group.id}`, values)
                        : await app.api.post("/groups", values);
                    groups = group ? groups.map((each) => (each.id === group.id ? answer.group : each))
                        : [...groups, answer.group];
                    close("done");
                    draw();
                    app.toast({ text: t("set.saved"), kind: "good" });
                },
            }).element,
        });
    }

    /** @param {Group} group */
    async function remove(group) {
        const sure = await app.dialog.confirm({
            title: t("groups.removeTitle", { name: group.name }), text: t("groups.removeText"),
            ok: t("set.delete"), danger: true,
            run: async () => {
                await app.api.delete(`/groups/${group.id}`);
                groups = groups.filter((each) => each.id !== group.id);
            },
        });
        if (!sure) return;
        draw();
        app.toast({
            text: t("groups.removed", { name: group.name }), kind: "good",
            action: { label: t("set.undo"), run: () => restore(group) },
        });
    }

    /** @param {Group} group */
    async function restore(group) {
        try {
            const answer = await app.api.post("/groups", { name: group.name, members: group.members });
            groups = [...groups, answer.group];
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    fill(room,
        sectionHead(t("set.groups"), t("groups.lead"),
            mayManage ? mainButton(t("groups.add"), "plus", () => edit(null)) : null),
        list);
    draw();
}
