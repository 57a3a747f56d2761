// How carriers did, what was agreed with them, and where they do not go.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { money, t } from "../words.js";
import { filterSelect, rowButton, sectionHead, table, tag } from "../Settings/page.js";

/** @type {import("./parcels.js").Part} */
export async function show(room, { app, names }) {
    let days = 30;

    async function load() {
        const [{ scores }, { carriers }] = await Promise.all([
            app.api.get(`/carriers/scores?days=${days}`), app.api.get("/carriers")]);
        names.carriers = carriers;
        const share = /** @param {number} part @param {number} all */ (part, all) =>
            (all ? [`${Math.round((part / all) * 1000) / 10}%`, h("span", { class: "set-under" }, `${part} / ${all}`)] : "–");
        fill(room,
            sectionHead(t("parcels.part.carriers"), t("carrier.lead"),
                filterSelect(t("carrier.days", { n: days }), [7, 30, 90, 365].map((n) => ({
                    value: String(n), label: t("carrier.days", { n }),
                })), (value) => {
                    days = Number(value) || 30;
                    load().catch(app.fail);
                }),
                app.can("carrier.manage") ? h("button", {
                    type: "button", class: "button", onclick: () => edit(null),
                }, icon("plus"), t("carrier.add")) : null),
            table(t("carrier.scorecard"), [
                { label: t("parcels.carrier"), cell: (one) => names.carrier(one.carrier) },
                { label: t("carrier.parcels"), kind: "number", cell: (one) => one.parcels },
                { label: t("carrier.collected"), kind: "number", cell: (one) => share(one.collectedInTime, one.collectDue) },
                {
                    label: t("carrier.hours"), kind: "number",
                    cell: (one) => (one.half === undefined ? "–" : t("carrier.hoursOf", { half: one.half, most: one.most })),
                },
                { label: t("carrier.kept"), kind: "number", cell: (one) => share(one.promiseKept, one.promised) },
                { label: t("carrier.lost"), kind: "number", cell: (one) => share(one.lost, one.parcels) },
                { label: t("carrier.failed"), kind: "number", cell: (one) => share(one.failed, one.parcels) },
                { label: t("carrier.returned"), kind: "number", cell: (one) => share(one.returned, one.parcels) },
                { label: t("carrier.answers"), kind: "number", cell: (one) => share(one.answeredInTime, one.answersDue) },
                { label: t("carrier.claims"), kind: "number", cell: (one) => `${money(one.paid)} / ${money(one.claimed)}` },
            ], scores, { empty: t("carrier.noScores") }),
            h("h2", null, t("carrier.list")),
            table(t("carrier.list"), [
                { label: t("carrier.name"), cell: (one) => [one.name, h("span", { class: "set-under" }, `${one.code} · ${one.phone}`)] },
                { label: t("carrier.collect"), kind: "number", cell: (one) => hours(one.collectHours) },
                { label: t("carrier.stuck"), kind: "number", cell: (one) => hours(one.stuckHours) },
                {
                    label: t("carrier.notServed"),
                    cell: (one) => (one.notServed.length ? one.notServed.join("、") : t("carrier.everywhere")),
                },
                { label: t("carrier.inUse"), cell: (one) => tag(one.active ? "good" : "", t(one.active ? "carrier.active" : "carrier.off")) },
                {
                    label: t("delay.acts"), kind: "actions", quiet: true,
                    cell: (one) => (app.can("carrier.manage") ? rowButton(t("carrier.edit"), "edit", () => edit(one), { of: one.name }) : null),
                },
            ], carriers, { empty: "", rowClass: (one) => (one.active ? "" : "off") }));
    }

    /** @param {number | null} n */
    const hours = (n) => (n ? t("carrier.nHours", { n }) : t("carrier.byRule"));

    /** @param {any} carrier */
    async function edit(carrier) {
        const made = await app.dialog.form({
            title: carrier ? carrier.name : t("carrier.add"), size: "medium",
            fields: [
                ...(carrier ? [] : [{ name: "code", label: t("carrier.code"), required: true, max: 30, hint: t("carrier.codeHint") }]),
                { name: "name", label: t("carrier.name"), value: carrier?.name, required: true, max: 40 },
                { name: "phone", label: t("carrier.phone"), value: carrier?.phone, max: 30 },
                { name: "collectHours", label: t("carrier.collect"), type: "number", value: carrier?.collectHours, hint: t("carrier.ruleHint") },
                { name: "stuckHours", label: t("carrier.stuck"), type: "number", value: carrier?.stuckHours, hint: t("carrier.ruleHint") },
                { name: "notServed", label: t("carrier.notServed"), value: carrier?.notServed.join("、"), hint: t("carrier.notServedHint") },
                { name: "needsPhone", label: t("carrier.needsPhone"), type: "checkbox", value: carrier?.needsPhone ?? false },
                { name: "active", label: t("carrier.active"), type: "checkbox", value: carrier?.active ?? true },
            ],
            submit: (values) => app.api.put("/carriers", {
                code: carrier?.code, ...values,
                notServed: values.notServed.split(/[、,，\s]+/).filter(Boolean),
            }),
        });
        if (made) await load();
    }

    await load();
}
