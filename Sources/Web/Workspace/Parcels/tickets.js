// Tickets with carriers: what is due, what was answered, what was paid.

import { fill, h } from "../dom.js";
import { fullTime, money, t } from "../words.js";
import { emptyState, sectionHead, tag } from "../Settings/page.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./names.js").Names} Names */

/** @type {import("./parcels.js").Part} */
export async function show(room, { app, names }) {
    let over = false;
    async function load() {
        const { tickets } = await app.api.get(`/tickets${over ? "?over=1" : ""}`);
        fill(room, sectionHead(t("parcels.part.tickets"), t("ticket.lead")),
            h("div", { class: "parcels-lists", role: "group", "aria-label": t("parcels.part.tickets") }, [false, true].map((one) => h("button", {
                type: "button", class: "button small", "aria-pressed": one === over ? "true" : "false",
                onclick: () => {
                    over = one;
                    load().catch(app.fail);
                },
            }, t(one ? "ticket.over" : "ticket.going")))),
            tickets.length ? h("ul", { class: "parcels-tickets", role: "list" }, tickets.map((/** @type {any} */ ticket) =>
                ticketRow(app, names, ticket, load))) : emptyState(t("ticket.none")));
    }
    await load();
}

/**
 * @param {App} app
 * @param {Names} names
 * @param {any} ticket
 * @param {() => unknown} changed
 */
export function ticketRow(app, names, ticket, changed) {
    const going = ticket.state === "open" || ticket.state === "answered";
    const late = ticket.state === "open" && ticket.deadline < Date.now();
    const act = /** @param {string} label @param {() => Promise<any>} run */ (label, run) => h("button", {
        type: "button", class: "button small", onclick: async () => {
            try {
                if (await run()) await changed();
            } catch (problem) {
                app.fail(problem);
            }
        },
    }, label);
    return h("li", { class: "parcels-ticket" },
        h("div", { class: "parcels-tags" }, tag("", names.name(`ticket.${ticket.kind}`)),
            tag(ticket.state === "settled" ? "good" : ticket.state === "open" ? "info" : "", t(`ticket.state.${ticket.state}`)),
            late ? tag("bad", t("ticket.late")) : null),
        h("div", null,
            h("p", null, ticket.note),
            h("p", { class: "set-under" },
                ticket.waybill ? `${names.carrier(ticket.carrier)} ${ticket.waybill} · ` : "",
                t("ticket.deadline", { at: fullTime(ticket.deadline) }), " · ",
                t("ticket.claim", { sum: money(ticket.claim) }),
                ticket.paid ? ` · ${t("ticket.paid", { sum: money(ticket.paid) })}` : "",
                ticket.reference ? ` · ${t("ticket.reference")} ${ticket.reference}` : "",
                ` · ${ticket.openedBy}`),
            ticket.answer ? h("p", { class: "parcels-answer" }, ticket.answer) : null),
        going && app.can("parcel.edit") ? h("div", { class: "parcels-buttons" },
            act(t("ticket.answer"), () => app.dialog.form({
                title: t("ticket.answer"),
                fields: [
                    { name: "answer", label: t("ticket.said"), type: "textarea", required: true, max: 500 },
                    { name: "reference", label: t("ticket.reference"), value: ticket.reference, max: 60 },
                ],
                submit: (values) => app.api.post(`/tickets/${ticket.id}/answer`, values),
            })),
            ticket.claim ? act(t("ticket.settle"), () => app.dialog.form({
                title: t("ticket.settle"),
                fields: [{ name: "paid", label: t("ticket.yuan"), type: "number", value: ticket.claim / 100, required: true }],
                submit: ({ paid }) => app.api.post(`/tickets/${ticket.id}/settle`, { paid: Math.round(paid * 100) }),
            })) : null,
            act(t("ticket.close"), () => app.dialog.confirm({
                title: t("ticket.close"), text: t("ticket.closeText"), ok: t("ticket.close"),
                run: () => app.api.post(`/tickets/${ticket.id}/close`),
            }))) : null);
}

/**
 * @param {App} app
 * @param {Names} names
 * @param {string} parcel
 */
export function openTicketDialog(app, names, parcel) {
    return app.dialog.form({
        title: t("parcels.openTicket"), text: t("ticket.openText"), size: "medium",
        fields: [
            { name: "kind", label: t("ticket.kind"), type: "select", options: names.ticketKinds, value: "trace" },
            { name: "note", label: t("ticket.note"), type: "textarea", required: true, max: 500 },
            { name: "reference", label: t("ticket.reference"), max: 60 },
            { name: "claim", label: t("ticket.yuanClaim"), type: "number", value: 0 },
        ],
        submit: (values) => app.api.post(`/parcels/${parcel}/tickets`, {
            ...values, claim: Math.round((values.claim ?? 0) * 100),
        }),
    });
}
