// One item: variants with prices, selling points, sizes, attributes, questions, and reports of mistakes.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { fullTime, money, pick, t } from "../words.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {{name: string, value: string}} Attribute */
/** @typedef {{id: string, outerID: string, name: string, attributes: Attribute[], price: number, listPrice?: number | null, barcode: string, active: boolean}} SKU */
/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} number
 * @property {string} outerID
 * @property {string} title
 * @property {string | null} [category]
 * @property {"onShelf" | "offShelf" | "soldOut"} state
 * @property {string[]} sellingPoints
 * @property {Attribute[]} attributes
 * @property {{columns: string[], rows: string[][]}} sizeChart
 * @property {{question: string, answer: string}[]} questions
 * @property {string} image
 * @property {string | null} [freightTemplate]
 * @property {number | null} [priceFrom]
 * @property {number} updatedAt
 * @property {number} version
 * @property {SKU[]} skus
 */

/**
 * The picture of an item, or a bag where it has none.
 * @param {Item} item
 */
export function picture(item) {
    const source = /^\d+$/.test(item.image) ? `/v1/uploads/${item.image}/thumbnail` : item.image;
    return source.startsWith("/") ? h("img", { class: "goods-picture", src: source, alt: "", loading: "lazy" })
        : h("span", { class: "goods-picture" }, icon("bag"));
}

/**
 * @param {Item} item
 * @param {(kind: "good" | "warn" | "bad" | "", text: string) => HTMLElement} tag
 */
export function stateTag(item, tag) {
    return tag(item.state === "onShelf" ? "good" : item.state === "soldOut" ? "bad" : "", t(`goods.state.${item.state}`));
}

/** @param {"good" | "warn" | "bad" | ""} kind @param {string} text */
const tag = (kind, text) => h("span", { class: `tag ${kind}` }, text);

/**
 * What is known of an item, in parts that are left out when empty.
 * @param {Item} item
 * @param {(sku: SKU) => Node | null} [act] what can be done with a variant
 */
export function itemParts(item, act) {
    const part = /** @param {string} name @param {Node | null} body */ (name, body) =>
        (body ? h("section", { class: "goods-part" }, h("h3", null, t(`goods.${name}`)), body) : null);
    return [
        part("variants", h("ul", { class: "goods-skus", role: "list" }, item.skus.map((sku) =>
            h("li", { class: sku.active ? "" : "gone" },
                h("span", { class: "goods-what" }, h("span", null, sku.name || t("goods.only")),
                    sku.outerID ? h("span", { class: "set-under" }, sku.outerID) : null),
                sku.active ? null : tag("", t("goods.notOffered")),
                h("span", { class: "goods-price" }, money(sku.price),
                    sku.listPrice && sku.listPrice > sku.price ? h("s", null, money(sku.listPrice)) : null),
                act?.(sku))))),
        part("points", item.sellingPoints.length ? h("ul", { class: "goods-points" }, item.sellingPoints.map((one) => h("li", null, one))) : null),
        part("sizes", item.sizeChart.columns.length ? h("div", { class: "goods-sizes", tabIndex: 0, role: "group", "aria-label": t("goods.sizes") },
            h("table", null, h("thead", null, h("tr", null, item.sizeChart.columns.map((name) => h("th", { scope: "col" }, name)))),
                h("tbody", null, item.sizeChart.rows.map((row) => h("tr", null, row.map((cell) => h("td", null, cell))))))) : null),
        part("attributes", item.attributes.length ? h("dl", { class: "card-lines" }, item.attributes.map((one) =>
            h("div", null, h("dt", null, one.name), h("dd", null, one.value)))) : null),
        part("questions", item.questions.length ? h("div", null, item.questions.map((one) =>
            h("details", { class: "goods-question" }, h("summary", null, one.question), h("p", null, one.answer)))) : null),
    ];
}

/**
 * Asks for a mistake of the listing, and reports it.
 * @param {App} app
 * @param {Item} item
 */
export async function reportMistake(app, item) {
    const parts = ["title", "price", "variants", "picture", "sizes", "description", "state", "freight", "other"];
    const sent = await app.dialog.form({
        title: t("goods.report"), text: item.title, ok: t("goods.reportSend"),
        fields: [
            { name: "part", label: t("goods.reportPart"), type: "select", value: "price", options: parts.map((value) => ({ value, label: t(`goods.mistake.${value}`) })) },
            { name: "text", label: t("goods.reportText"), type: "textarea", required: true, max: 500 },
        ],
        submit: (values) => app.api.post(`/items/${item.id}/mistakes`, values),
    });
    if (sent !== null) app.toast({ text: t("goods.reported") });
    return sent !== null;
}

/**
 * The sheet of an item in a dialog.
 * @param {App} app
 * @param {string} id
 * @param {{edit: ((item: Item) => Promise<boolean>) | null}} acts
 * @returns {Promise<boolean>} whether it was changed
 */
export async function openItem(app, id, acts) {
    let changed = false;
    const body = h("div", { class: "goods-sheet" });

    async function load() {
        /** @type {[{item: Item}, {mistakes: any[]}]} */
        const [{ item }, { mistakes }] = await Promise.all([app.api.get(`/items/${id}`), app.api.get(`/items/${id}/mistakes`)]);
        const button = /** @param {string} label @param {string} symbol @param {() => Promise<boolean>} run */ (label, symbol, run) =>
            h("button", {
                type: "button", class: "button small", onclick: async () => {
                    try {
                        if (!await run()) return;
                        changed = true;
                        await load();
                    } catch (problem) {
                        app.fail(problem);
                    }
                },
            }, icon(symbol), label);
        const edit = acts.edit;
        fill(body,
            h("div", { class: "goods-head" }, picture(item), h("div", null, h("h3", null, item.title),
                h("p", { class: "set-under" }, t("goods.number", { number: item.number }), item.outerID ? ` · ${item.outerID}` : ""),
                h("p", null, stateTag(item, tag), " ", h("span", { class: "set-under" }, t("goods.changed", { at: fullTime(item.updatedAt) }))))),
            h("div", { class: "goods-buttons" },
                edit ? button(t("goods.edit"), "edit", () => edit(item)) : null,
                button(t("goods.report"), "alert", () => reportMistake(app, item))),
            itemParts(item),
            mistakes.length ? h("section", { class: "goods-part" }, h("h3", null, t("goods.mistakes")),
                h("ul", { class: "goods-mistakes", role: "list" }, mistakes.map((one) => h("li", null,
                    tag(one.resolvedAt ? "good" : "warn", pick(one.partName)), " ", one.text,
                    one.answer ? h("p", { class: "set-under" }, t("goods.answered", { answer: one.answer })) : null)))) : null);
    }
    await load();
    await app.dialog.open({ title: t("goods.item"), size: "large", body });
    return changed;
}
