// One parcel: its track, what the carrier was asked, its tickets, and what can be done.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { fullTime, t } from "../words.js";
import { tag } from "../Settings/page.js";
import { openTicketDialog, ticketRow } from "./tickets.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./names.js").Names} Names */

/**
 * @param {App} app
 * @param {Names} names
 * @param {string} id
 * @returns {Promise<boolean>} whether anything was changed
 */
export async function openSheet(app, names, id) {
    let changed = false;
    const body = h("div", { class: "parcels-sheet" }, h("p", { class: "set-loading" }, t("shell.loading")));

    async function load() {
        const sheet = await app.api.get(`/parcels/${id}`);
        fill(body, drawSheet(sheet));
    }

    /** @param {Promise<any>} act */
    async function after(act) {
        try {
            if (await act === null) return;
            changed = true;
            await load();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {any} sheet */
    function drawSheet(sheet) {
        const { parcel } = sheet;
        return [
            h("div", { class: "parcels-tags" },
                tag(parcel.status === "delivered" ? "good" : "", names.name(`status.${parcel.status}`)),
                parcel.problem ? tag("bad", names.name(`problem.${parcel.problem}`)) : null,
                parcel.promise === "near" ? tag("warn", t("parcels.near")) : null,
                parcel.promise === "broken" ? tag("bad", t("parcels.broken")) : null,
                parcel.request ? tag("info", `${t(`parcels.asked.${parcel.request}`)} · ${t(`parcels.answer.${parcel.answer}`)}`) : null),
            h("dl", { class: "set-facts" },
                fact(t("parcels.orderNumber"), parcel.orderNumber),
                fact(t("parcels.buyerName"), parcel.buyerName || "–"),
                fact(t("parcels.carrier"), `${names.carrier(parcel.carrier)} ${parcel.waybill}`),
                fact(t("parcels.to"), parcel.to ? `${parcel.to.province}${parcel.to.city} · ${names.name(`route.${parcel.route}`)}` : "–"),
                fact(t("parcels.promisedAt"), parcel.promisedAt ? fullTime(parcel.promisedAt) : "–"),
                parcel.requestNote ? fact(t("parcels.requestNote"), parcel.requestNote) : null),
            acts(sheet),
            h("section", null, h("h3", null, t("parcels.track")),
                sheet.events.length ? h("ol", { class: "parcels-track", reversed: true }, [...sheet.events].reverse().map((event) =>
                    h("li", null,
                        h("time", { datetime: new Date(event.at).toISOString() }, fullTime(event.at)),
                        h("span", { class: "parcels-step" }, h("strong", null, names.name(`status.${event.status}`)), " ", event.text,
                            event.location ? h("span", { class: "set-under" }, event.location) : null))))
                    : h("p", { class: "set-faint" }, t("parcels.nothingHeard"))),
            h("section", null, h("h3", null, t("parcels.tickets")),
                sheet.tickets.length ? h("ul", { class: "parcels-tickets", role: "list" }, sheet.tickets.map((/** @type {any} */ ticket) =>
                    ticketRow(app, names, ticket, () => after(Promise.resolve(true)))))
                    : h("p", { class: "set-faint" }, t("parcels.noTickets"))),
        ];
    }

    /** @param {any} sheet */
    function acts(sheet) {
        const { parcel } = sheet;
        const over = ["delivered", "returned", "lost", "cancelled", "returning", "refused"].includes(parcel.status);
        const button = /** @param {string} label @param {string} symbol @param {() => unknown} run */ (label, symbol, run) =>
            h("button", { type: "button", class: "button small", onclick: run }, icon(symbol), label);
        return h("div", { class: "parcels-buttons" },
            sheet.conversation ? h("a", { class: "button small", href: `/desk/${sheet.conversation}` }, icon("chat"), t("parcels.toChat")) : null,
            app.can("parcel.edit") ? [
                !over && parcel.answer !== "asked" ? [
                    button(t("parcels.intercept"), "hand", () => after(ask("intercept"))),
                    button(t("parcels.redirect"), "transfer", () => after(ask("redirect"))),
                ] : null,
                parcel.answer === "asked" ? [
                    button(t("parcels.answerDone"), "check", () => after(app.api.post(`/parcels/${id}/answer`, { done: true }))),
                    button(t("parcels.answerFailed"), "close", () => after(app.api.post(`/parcels/${id}/answer`, { done: false }))),
                ] : null,
                parcel.status === "delivered" && !parcel.claimedAt
                    ? button(t("parcels.claim"), "alert", () => after(app.api.post(`/parcels/${id}/claim`))) : null,
                button(t("parcels.openTicket"), "note", () => after(openTicketDialog(app, names, id))),
                button(t("parcels.addEvent"), "plus", () => after(addEvent())),
                button(t("parcels.rename"), "edit", () => after(rename(parcel))),
            ] : null);
    }

    /** @param {"intercept" | "redirect"} request */
    const ask = (request) => app.dialog.form({
        title: t(`parcels.${request}`), text: t(`parcels.${request}Text`), ok: t("shell.ok"),
        fields: [{
            name: "note", label: t(request === "redirect" ? "parcels.redirectWhere" : "parcels.interceptWhy"),
            required: request === "redirect", max: 200,
        }],
        submit: ({ note }) => app.api.post(`/parcels/${id}/request`, { request, note }),
    });

    const addEvent = () => app.dialog.form({
        title: t("parcels.addEvent"), text: t("parcels.addEventText"),
        fields: [
            { name: "status", label: t("parcels.status"), type: "select", options: names.statuses, value: "inTransit" },
            { name: "text", label: t("parcels.eventText"), required: true, max: 500 },
            { name: "at", label: t("parcels.eventAt"), type: "datetime", value: Date.now() },
        ],
        submit: (values) => app.api.post(`/parcels/${id}/events`, values),
    });

    /** @param {any} parcel */
    const rename = (parcel) => app.dialog.form({
        title: t("parcels.rename"),
        fields: [
            {
                name: "carrier", label: t("parcels.carrier"), type: "select", value: parcel.carrier,
                options: names.carriers.map((one) => ({ value: one.code, label: one.name })),
            },
            { name: "waybill", label: t("parcels.waybill"), value: parcel.waybill, required: true, max: 60 },
        ],
        submit: (values) => app.api.put(`/parcels/${id}/waybill`, values),
    });

    await load();
    await app.dialog.open({ title: t("parcels.sheet"), size: "large", body });
    return changed;
}

/**
 * @param {string} name
 * @param {string} value
 */
function fact(name, value) {
    return h("div", null, h("dt", null, name), h("dd", null, value));
}
