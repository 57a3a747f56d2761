// Where people are signed in. Everybody sees and ends their own; supervisors see all and end one with a reason.

import { fill, h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { refusalBanner } from "../Forms/refusal.js";
import { t } from "../words.js";
import { deviceName } from "./device.js";
import { filterSelect, moment, rowButton, sectionHead, table, tag } from "./page.js";

/**
 * @typedef {object} SignedIn
 * @property {string} id
 * @property {{id: string, name: string}} staff
 * @property {number} startedAt
 * @property {number} seenAt
 * @property {string} address
 * @property {string} device
 * @property {boolean} current
 */

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const mayRead = app.can("sessions.read");
    let whose = "";
    /** @type {SignedIn[]} */
    let sessions = [];
    const list = h("div", { class: "set-list" });

    async function read() {
        try {
            sessions = (await app.api.get(`/sessions${whose ? `?staff=${whose}` : ""}`)).sessions;
            draw();
        } catch (problem) {
            fill(list, refusalBanner(problem));
        }
    }

    function draw() {
        const sorted = [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.seenAt - a.seenAt);
        /** @type {import("./page.js").Column<SignedIn>[]} */
        const columns = [
            ...(whose ? [{
                label: t("sessions.who"), cell: (/** @type {SignedIn} */ row) => row.staff.name,
            }] : []),
            {
                label: t("sessions.device"), kind: "wide",
                cell: (row) => [h("span", { class: "set-strong", title: row.device },
                    deviceName(row.device) || t("sessions.unknownDevice")),
                    row.current ? [" ", tag("brand", t("sessions.current"))] : null],
            },
            { label: t("sessions.address"), cell: (row) => h("code", null, row.address) },
            { label: t("sessions.started"), cell: (row) => moment(row.startedAt) },
            { label: t("sessions.seen"), cell: (row) => moment(row.seenAt) },
            {
                label: t("set.actions"), quiet: true, kind: "actions",
                cell: (row) => (mayEnd(row)
                    ? rowButton(t("sessions.end"), "logout", () => end(row), { danger: true, of: deviceName(row.device) })
                    : null),
            },
        ];
        fill(list, table(t("set.sessions"), columns, sorted, { empty: t("sessions.empty") }));
    }

    /** @param {SignedIn} row */
    function mayEnd(row) {
        if (row.current) return false;
        return row.staff.id === app.session?.staff.id || app.can("sessions.endOthers");
    }

    /** @param {SignedIn} row */
    async function end(row) {
        const own = row.staff.id === app.session?.staff.id;
        const done = await app.dialog.open({
            title: own ? t("sessions.endOwn") : t("sessions.endOther", { name: row.staff.name }),
            size: "small",
            body: (close) => h("div", { class: "set-stack" },
                h("p", null, own ? t("sessions.endOwnText", { device: deviceName(row.device) || t("sessions.unknownDevice") })
                    : t("sessions.endOtherText", { name: row.staff.name })),
                createForm({
                    submit: t("sessions.end"), danger: true, cancel: () => close(),
                    fields: own ? [] : [{
                        name: "reason", label: t("sessions.reason"), required: true, longest: 200,
                        hint: t("sessions.reasonHint"),
                    }],
                    run: async ({ reason }) => {
                        await app.api.delete(`/sessions/${row.id}`, { reason: reason ?? "" });
                        close("done");
                    },
                }).element),
        });
        if (done !== "done") return;
        app.toast({ text: t("sessions.ended"), kind: "good" });
        await read();
    }

    const filter = mayRead ? filterSelect(t("sessions.mine"), [
        { value: "all", label: t("sessions.all") },
    ], (value) => {
        whose = value;
        read();
    }) : null;
    filter?.setAttribute("aria-label", t("sessions.whose"));
    await read();
    fill(room, sectionHead(t("set.sessions"), t("sessions.lead"), filter), list);
}
