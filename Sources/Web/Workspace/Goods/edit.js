// Writing an item with its variants, and a category.

import { icon } from "../../Design/icons.js";
import { fill, h, uniqueID } from "../dom.js";
import { pick, t } from "../words.js";
import { ordered } from "./list.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {import("./list.js").Category} Category */
/** @typedef {{id?: string, name: string, outerID: string, price: string, listPrice: string, active: boolean, kept: Partial<import("./sheet.js").SKU>}} Row */

/** @param {number | null | undefined} fen */
const yuan = (fen) => (typeof fen === "number" ? (fen / 100).toFixed(2) : "");

/**
 * Fen from yuan as people write them; null for nothing or what is no amount.
 * @param {string} text
 */
export function fenOf(text) {
    const plain = text.trim().replace(/^[¥￥]/, "").replaceAll(",", "");
    return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/** @param {string} text */
export const linesIn = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/**
 * "name: value" lines, with a Chinese or a Western colon.
 * @param {string} text
 * @returns {[string, string][]}
 */
export function pairsIn(text) {
    return linesIn(text).map((line) => {
        const colon = line.search(/[:：]/);
        return colon < 0 ? [line, ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    });
}

/**
 * A size chart written as lines with cells between commas.
 * @param {string} text
 * @returns {{columns: string[], rows: string[][]}}
 */
export function chartIn(text) {
    const [columns = /** @type {string[]} */ ([]), ...rows] = linesIn(text).map((line) => line.split(/[,，\t]/).map((cell) => cell.trim()));
    return { columns, rows };
}

/**
 * @param {App} app
 * @param {Item | null} item null = a new one
 * @param {Category[]} categories
 * @returns {Promise<boolean>} whether it was saved
 */
export async function editItem(app, item, categories) {
    const templates = (await app.api.get("/freight-templates")).templates;
    /** @param {string} name @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control @param {string} [hint] */
    const field = (name, control, hint) => {
        control.id = uniqueID("goods");
        return h("div", { class: "goods-field" }, h("label", { htmlFor: control.id }, t(`goods.${name}`)), control,
            hint ? h("p", { class: "set-under" }, hint) : null);
    };
    const text = /** @param {string} value @param {number} longest */ (value, longest) =>
        h("input", { class: "input", type: "text", value, maxlength: longest, autocomplete: "off" });
    const area = /** @param {string} value @param {number} rows */ (value, rows) => h("textarea", { class: "input", rows, value });
    const select = /** @param {string} value @param {{value: string, label: string}[]} options */ (value, options) =>
        h("select", { class: "input" }, options.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label)));
    const number = text(item?.number ?? "", 64);
    const title = text(item?.title ?? "", 120);
    const outerID = text(item?.outerID ?? "", 64);
    const image = text(item?.image ?? "", 200);
    const category = select(item?.category ?? "", [{ value: "", label: t("goods.noCategory") },
        ...ordered(categories).map(([one, depth]) => ({ value: one.id, label: `${"　".repeat(depth)}${one.name}` }))]);
    const state = select(item?.state ?? "onShelf", ["onShelf", "offShelf", "soldOut"].map((value) => ({ value, label: t(`goods.state.${value}`) })));
    const freight = select(item?.freightTemplate ?? "", [{ value: "", label: t("goods.freightFree") },
        ...templates.map((/** @type {any} */ one) => ({ value: one.id, label: one.name }))]);
    const points = area((item?.sellingPoints ?? []).join("\n"), 3);
    const attributes = area((item?.attributes ?? []).map((one) => `${one.name}: ${one.value}`).join("\n"), 3);
    const chart = area([item?.sizeChart.columns ?? [], ...(item?.sizeChart.rows ?? [])].map((row) => row.join(", ")).join("\n"), 3);
    const questions = area((item?.questions ?? []).map((one) => `${one.question.replaceAll(/[:：]/g, " ")}: ${one.answer.replaceAll("\n", " ")}`).join("\n"), 3);
    /** @type {Row[]} */
    const rows = (item?.skus ?? []).map((sku) => ({
        id: sku.id, name: sku.name, outerID: sku.outerID, price: yuan(sku.price), listPrice: yuan(sku.listPrice), active: sku.active, kept: sku,
    }));
    const blank = () => ({ name: "", outerID: "", price: "", listPrice: "", active: true, kept: {} });
    if (rows.length === 0) rows.push(blank());
    const table = h("div", { class: "goods-variants" });

    function drawRows() {
        const cell = /** @param {Row} row @param {"name" | "outerID" | "price" | "listPrice"} key */ (row, key) => h("input", {
            class: "input", type: "text", value: row[key], "aria-label": t(`goods.variant.${key}`), placeholder: t(`goods.variant.${key}`),
            inputmode: key === "price" || key === "listPrice" ? "decimal" : null, autocomplete: "off",
            oninput: /** @param {Event} event */ (event) => {
                row[key] = /** @type {HTMLInputElement} */ (event.target).value;
            },
        });
        fill(table, rows.map((row) => h("div", { class: "goods-variant" },
            cell(row, "name"), cell(row, "outerID"), cell(row, "price"), cell(row, "listPrice"),
            h("label", null, h("input", {
                type: "checkbox", checked: row.active, onchange: /** @param {Event} event */ (event) => {
                    row.active = /** @type {HTMLInputElement} */ (event.target).checked;
                },
            }), t("goods.offered")),
            row.id ? null : h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("goods.variantRemove"), disabled: rows.length === 1,
                onclick: () => {
                    rows.splice(rows.indexOf(row), 1);
                    drawRows();
                },
            }, icon("close")))),
        h("button", {
            type: "button", class: "button small", onclick: () => {
                rows.push(blank());
                drawRows();
                /** @type {HTMLInputElement | null} */ (table.querySelector(".goods-variant:last-of-type input"))?.focus();
            },
        }, icon("plus"), t("goods.variantAdd")));
    }
    drawRows();

    /** What the server is told; an amount that cannot be read is said at once. */
    function written() {
        return {
            number: number.value, title: title.value, outerID: outerID.value, image: image.value.trim(),
            category: category.value || null, state: state.value, freightTemplate: freight.value || null,
            sellingPoints: linesIn(points.value),
            attributes: pairsIn(attributes.value).map(([name, value]) => ({ name, value })),
            sizeChart: chartIn(chart.value),
            questions: pairsIn(questions.value).map(([question, answer]) => ({ question, answer })),
            skus: rows.map((row) => {
                const price = fenOf(row.price);
                if (price === null || (row.listPrice.trim() && fenOf(row.listPrice) === null)) throw new Error(t("goods.priceWrong", { name: row.name || t("goods.only") }));
                return {
                    ...(row.id ? { id: row.id } : {}), name: row.name, outerID: row.outerID, price, listPrice: fenOf(row.listPrice), active: row.active,
                    attributes: row.kept.attributes ?? [], barcode: row.kept.barcode ?? "",
                };
            }),
            ...(item ? { version: item.version } : {}),
        };
    }

    const answer = await app.dialog.open({
        title: item ? t("goods.edit") : t("goods.add"), size: "large",
        body: h("div", { class: "goods-form" },
            field("titleField", title), field("numberField", number), field("outerField", outerID), field("category", category),
            field("state", state), field("freightField", freight),
            h("section", { class: "goods-wide" }, h("h3", null, t("goods.variants")), table),
            field("points", points, t("goods.pointsHint")), field("attributes", attributes, t("goods.attributesHint")),
            field("sizes", chart, t("goods.sizesHint")), field("questions", questions, t("goods.questionsHint")), field("image", image, t("goods.imageHint"))),
        actions: [
            { label: t("shell.cancel"), kind: "plain", value: "" },
            {
                label: t("goods.save"), run: async () => {
                    const body = written();
                    await (item ? app.api.put(`/items/${item.id}`, body) : app.api.post("/items", body));
                    return "saved";
                },
            },
        ],
    });
    return answer === "saved";
}

/**
 * @param {App} app
 * @param {Category | null} category null = a new one
 * @param {Category[]} all
 * @param {{code: string, name: {zh: string, en: string}}[]} kinds
 */
export async function editCategory(app, category, all, kinds) {
    const answer = await app.dialog.form({
        title: category ? t("goods.categoryEdit", { name: category.name }) : t("goods.categoryAdd"),
        fields: [
            { name: "name", label: t("goods.categoryName"), value: category?.name ?? "", required: true, max: 40 },
            {
                name: "parent", label: t("goods.categoryParent"), type: "select", value: category?.parent ?? "",
                options: [{ value: "", label: t("goods.categoryTop") }, ...ordered(all).filter(([one, depth]) => depth < 2 && one.id !== category?.id)
                    .map(([one, depth]) => ({ value: one.id, label: `${"　".repeat(depth)}${one.name}` }))],
            },
            {
                name: "kind", label: t("goods.categoryKind"), type: "select", value: category?.kind ?? "general",
                options: kinds.map((one) => ({ value: one.code, label: pick(one.name) })),
            },
        ],
        submit: ({ name, parent, kind }) => {
            const body = { name, parent: parent || null, kind, sort: category?.sort ?? all.length };
            return category ? app.api.put(`/categories/${category.id}`, body) : app.api.post("/categories", body);
        },
    });
    return answer !== null;
}
