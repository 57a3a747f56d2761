// The parcels of one order, beside the chat: carrier, number, state, what is wrong, and the way to the sheet.

import { h, fill } from "../dom.js";
import { addWords, shortTime, t } from "../words.js";
import { parcelWords } from "../Parcels/words.js";
import { readNames } from "../Parcels/names.js";
import { openSheet } from "../Parcels/sheet.js";
import { query } from "../api.js";

addWords(parcelWords);

/**
 * @param {import("../shell.js").App} app
 * @param {string} orderNumber
 * @returns {HTMLElement} filled a moment later
 */
export function parcelRows(app, orderNumber) {
    const element = h("div", { class: "parcel-mini-frame" });
    if (!app.can("parcel.read")) return element;

    async function load() {
        const [{ parcels }, names] = await Promise.all([
            app.api.get(`/parcels${query({ q: orderNumber })}`), readNames(app)]);
        fill(element, parcels.length ? h("ul", { class: "parcel-mini", role: "list" }, parcels.map((/** @type {any} */ parcel) =>
            h("li", null,
                h("button", {
                    type: "button", class: "button quiet small", onclick: async () => {
                        if (await openSheet(app, names, parcel.id)) await load();
                    },
                }, `${names.carrier(parcel.carrier)} ${parcel.waybill}`),
                h("span", { class: "parcels-tags" },
                    h("span", { class: "tag" }, names.name(`status.${parcel.status}`)),
                    parcel.problem ? h("span", { class: "tag bad" }, names.name(`problem.${parcel.problem}`)) : null,
                    parcel.lastEventAt ? h("span", { class: "set-under" }, shortTime(parcel.lastEventAt)) : null))))
            : h("p", { class: "set-faint" }, t("parcels.noneOfOrder")));
    }

    load().catch(app.fail);
    return element;
}
