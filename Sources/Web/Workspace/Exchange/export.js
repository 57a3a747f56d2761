// Lists to take along: as a table of text or a workbook, with the person's name in it.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { dayStart } from "../../Protocol/zone.js";
import { block } from "../Settings/page.js";
import { shopZone, t } from "../words.js";

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function showExport(room, app) {
    const all = [
        { list: "orders", may: "order.read", timed: true }, { list: "items", may: "catalog.read", timed: false },
        { list: "stock", may: "stock.read", timed: false }, { list: "parcels", may: "parcel.read", timed: true },
    ];
    const lists = all.filter(({ may }) => app.can(may));
    /** @param {string} list @param {boolean} timed */
    const card = (list, timed) => {
        const days = h("select", { class: "input", "aria-label": t("exchange.range") },
            [["", t("exchange.allTime")], ["7", t("exchange.days", { n: 7 })], ["30", t("exchange.days", { n: 30 })],
                ["90", t("exchange.days", { n: 90 })]].map(([value, label]) => h("option", { value }, label)));
        const personal = h("input", { type: "checkbox", id: `exchange-personal-${list}` });
        /** @param {string} form */
        const take = (form) => {
            const query = new URLSearchParams({ form });
            if (timed && days.value) query.set("from", String(dayStart(Date.now(), shopZone(), 1 - Number(days.value))));
            if (personal.checked) query.set("personal", "1");
            const link = h("a", { href: `/v1/exchange/export/${list}?${query}`, download: "" });
            link.click();
            app.toast({ text: t("exchange.taking"), kind: "good" });
        };
        return block(t(`exchange.list.${list}`), t(`exchange.listLead.${list}`),
            h("div", { class: "set-line" }, timed ? days : null,
                timed && app.can("receiver.read")
                    ? h("label", { class: "exchange-check", htmlFor: personal.id }, personal, t("exchange.personal")) : null),
            h("div", { class: "set-line" },
                h("button", { type: "button", class: "button", onclick: () => take("csv") }, icon("download"), "CSV"),
                h("button", { type: "button", class: "button", onclick: () => take("xlsx") }, icon("download"), "Excel (.xlsx)")));
    };
    fill(room,
        h("header", { class: "set-head" }, h("div", null,
            h("h1", { id: "set-title", tabIndex: -1 }, t("exchange.export")),
            h("p", { class: "set-lead" }, t("exchange.exportLead")))),
        lists.length ? lists.map(({ list, timed }) => card(list, timed)) : h("p", null, t("exchange.noLists")));
}
