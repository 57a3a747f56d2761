// What sending costs: templates by region, pieces or weight.

import { fill, h } from "../dom.js";
import { money, t } from "../words.js";
import { emptyState, mainButton, rowButton, sectionHead } from "../Settings/page.js";
import { fenOf, linesIn } from "./edit.js";

/** @typedef {{regions: string[], first: number, firstFee: number, more: number, moreFee: number, isClosed: boolean}} Zone */
/** @typedef {{id: string, name: string, measure: "pieces" | "weight", zones: Zone[], freeFrom?: number | null}} Template */

/** @type {import("./goods.js").Part} */
export async function show(room, app) {
    const mayEdit = app.can("catalog.edit");
    const list = h("div", { class: "goods-freights" });

    async function load() {
        /** @type {Template[]} */
        const templates = (await app.api.get("/freight-templates")).templates;
        fill(list, templates.length ? templates.map(card) : emptyState(t("freight.empty")));
    }

    /** @param {Template} template */
    function card(template) {
        return h("section", { class: "set-block" },
            h("div", { class: "goods-head" }, h("h2", null, template.name),
                mayEdit ? rowButton(t("goods.edit"), "edit", () => edit(template)) : null),
            h("p", { class: "set-lead" }, t(`freight.by.${template.measure}`),
                template.freeFrom ? ` · ${t("freight.freeFrom", { price: money(template.freeFrom) })}` : ""),
            h("ul", { class: "goods-zones" }, template.zones.map((zone) => h("li", null,
                h("strong", null, zone.regions.join("、") || t("freight.elsewhere")), " ",
                zone.isClosed ? t("freight.closed") : t(`freight.zone.${template.measure}`, {
                    first: zone.first, fee: money(zone.firstFee), more: zone.more, moreFee: money(zone.moreFee),
                })))));
    }

    /** @param {Template | null} template */
    async function edit(template) {
        const saved = await app.dialog.form({
            title: template ? t("goods.edit") : t("freight.add"), size: "medium",
            fields: [
                { name: "name", label: t("freight.name"), value: template?.name ?? "", required: true, max: 40 },
                {
                    name: "measure", label: t("freight.measure"), type: "choice", value: template?.measure ?? "pieces",
                    options: ["pieces", "weight"].map((value) => ({ value, label: t(`freight.by.${value}`) })),
                },
                { name: "freeFrom", label: t("freight.freeFromField"), type: "number", value: template?.freeFrom ? template.freeFrom / 100 : null },
                {
                    name: "zones", label: t("freight.zones"), type: "textarea", required: true, hint: t("freight.zonesHint"),
                    value: template ? linesOfZones(template.zones) : t("freight.zonesExample"),
                },
            ],
            submit: ({ name, measure, freeFrom, zones }) => {
                const body = { name, measure, freeFrom: freeFrom ? Math.round(freeFrom * 100) : null, zones: zonesIn(zones) };
                return template ? app.api.put(`/freight-templates/${template.id}`, body) : app.api.post("/freight-templates", body);
            },
        });
        if (saved !== null) await load();
    }

    fill(room, sectionHead(t("freight.title"), t("freight.lead"), mayEdit ? mainButton(t("freight.add"), "plus", () => edit(null)) : null), list);
    await load();
}

/** @param {Zone[]} zones */
function linesOfZones(zones) {
    return zones.map((zone) => [
        zone.regions.join("、") || "*",
        ...(zone.isClosed ? ["x"] : [zone.first, (zone.firstFee / 100).toFixed(2), zone.more, (zone.moreFee / 100).toFixed(2)]),
    ].join(" | ")).join("\n");
}

/**
 * Zones as lines: `regions | first | fee | every more | fee`; `*` is everywhere else, `x` sends nothing there.
 * @param {string} text
 * @returns {Zone[]}
 */
export function zonesIn(text) {
    return linesIn(text).map((line, index) => {
        const [names = "", ...rest] = line.split(/[|｜]/).map((part) => part.trim());
        const regions = names === "*" ? [] : names.split(/[、,，\s]+/).filter(Boolean);
        if (rest[0]?.toLowerCase() === "x") return { regions, first: 1, firstFee: 0, more: 1, moreFee: 0, isClosed: true };
        const [first, more] = [Number(rest[0]), Number(rest[2])];
        const [firstFee, moreFee] = [fenOf(rest[1] ?? ""), fenOf(rest[3] ?? "")];
        if (!Number.isInteger(first) || !Number.isInteger(more) || firstFee === null || moreFee === null || (names !== "*" && regions.length === 0)) {
            throw new Error(t("freight.lineWrong", { n: index + 1 }));
        }
        return { regions, first, firstFee, more, moreFee, isClosed: false };
    });
}
