// Entering a parcel of an order that is kept elsewhere.

import { t } from "../words.js";

/**
 * @param {import("../shell.js").App} app
 * @param {import("./names.js").Names} names
 * @returns {Promise<boolean>} whether one was entered
 */
export async function shipDialog(app, names) {
    const made = await app.dialog.form({
        title: t("parcels.ship"), text: t("parcels.shipText"), size: "medium", ok: t("parcels.ship"),
        fields: [
            { name: "orderNumber", label: t("parcels.orderNumber"), required: true, max: 64 },
            { name: "buyerName", label: t("parcels.buyerName"), max: 60 },
            {
                name: "carrier", label: t("parcels.carrier"), type: "select", required: true,
                options: names.carriers.filter((one) => one.active)
                    .map((one) => ({ value: one.code, label: one.name })),
            },
            { name: "waybill", label: t("parcels.waybill"), required: true, max: 60 },
            { name: "from", label: t("parcels.from"), placeholder: "浙江杭州", max: 60 },
            { name: "to", label: t("parcels.to"), placeholder: "广东深圳", max: 60 },
            { name: "promisedAt", label: t("parcels.promisedAt"), type: "datetime" },
        ],
        submit: (values) => app.api.post("/parcels", values),
    });
    return made !== null;
}
