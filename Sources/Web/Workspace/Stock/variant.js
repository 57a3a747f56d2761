// One variant: what stands in each warehouse, its lots, its ledger, and what can be done.

import { fill, h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { emptyState, rowButton, table, tag } from "../Settings/page.js";
import { fullTime, pick, t } from "../words.js";
import { move } from "./moves.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./moves.js").Variant} Variant */
/** @typedef {import("./moves.js").Warehouse} Warehouse */
/** @typedef {import("./moves.js").Shelf} Shelf */
/** @typedef {import("./moves.js").Kind} Kind */

/** @type {Kind[]} */
const kinds = ["purchase", "transfer", "count", "damage"];

/**
 * The ledger as a table.
 * @param {any[]} rows
 * @param {(id: string) => string} place the name of a warehouse
 */
export function ledger(rows, place) {
    return table(t("stock.ledger"), [
        { label: t("stock.at"), cell: (row) => fullTime(row.at) },
        { label: t("stock.kind"), cell: (row) => pick(row.name) },
        { label: t("stock.warehouse"), cell: (row) => place(row.warehouse) },
        { label: t("stock.change"), kind: "number", cell: (row) => (row.quantity > 0 ? `+${row.quantity}` : row.quantity) },
        { label: t("stock.after"), kind: "number", cell: (row) => row.onHandAfter },
        { label: t("stock.reason"), cell: (row) => row.reason || "–" },
        { label: t("stock.actor"), cell: (row) => row.actor || "–" },
    ], rows, { empty: t("stock.none.movements") });
}

/**
 * Opens a variant in a dialog.
 * @param {App} app
 * @param {Variant} variant
 * @param {Warehouse[]} warehouses
 * @param {() => void} changed
 */
export async function openVariant(app, variant, warehouses, changed) {
    const body = h("div", { class: "stock-sheet" });
    /** @type {Shelf[]} */
    let shelves = [];
    /** @type {import("./moves.js").Lot[]} */
    let lots = [];
    /** @type {any[]} */
    let rows = [];
    /** @type {string | undefined} */
    let next;
    const place = /** @param {string} id */ (id) => warehouses.find((one) => one.id === id)?.name ?? "–";

    async function read() {
        try {
            const [stock, page] = await Promise.all([
                app.api.get(`/stock/${variant.sku}`), app.api.get(`/stock/movements?sku=${variant.sku}&limit=20`),
            ]);
            ({ stock: shelves, lots } = stock);
            ({ movements: rows, next } = page);
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    async function again() {
        await read();
        changed();
    }

    /** @param {Kind} kind @param {string} [at] */
    async function act(kind, at) {
        if (await move(app, kind, variant, { warehouses, shelves, lots, at })) await again();
    }

    /** @param {Shelf} shelf */
    async function setLow(shelf) {
        await app.dialog.open({
            title: t("stock.low"), size: "small",
            body: (close) => createForm({
                submit: t("shell.save"), cancel: () => close(),
                fields: [{ name: "lowAt", label: t("stock.lowAt"), kind: "number", value: shelf.lowAt ?? "", min: 0, max: 10_000_000 }],
                run: async ({ lowAt }) => {
                    await app.api.put(`/stock/${variant.sku}`, { warehouse: shelf.warehouse, ...(lowAt === null ? {} : { lowAt }) });
                    close("done");
                    await again();
                },
            }).element,
        });
    }

    /** @param {Shelf} shelf */
    async function hold(shelf) {
        await app.dialog.open({
            title: `${t("stock.hold")} · ${variant.title} ${variant.name}`, size: "small",
            body: (close) => createForm({
                submit: t("stock.hold"), cancel: () => close(),
                fields: [
                    { name: "quantity", label: t("stock.quantity"), kind: "number", required: true, value: 1, min: 1, max: Math.max(1, shelf.available) },
                    { name: "minutes", label: t("stock.minutes"), kind: "number", min: 1, max: 10_080 },
                ],
                run: async ({ quantity, minutes }) => {
                    const made = await app.api.post("/holds", {
                        sku: variant.sku, warehouse: shelf.warehouse, quantity, ...(minutes === null ? {} : { minutes }),
                    });
                    close("done");
                    app.toast({ text: t("stock.until", { time: fullTime(made.hold.until) }), kind: "good" });
                    await again();
                },
            }).element,
        });
    }

    function draw() {
        const mayMove = app.can("stock.move");
        fill(body,
            mayMove ? h("div", { class: "stock-acts" },
                h("button", { type: "button", class: "button primary", onclick: () => act("purchase") }, t("stock.purchase"))) : null,
            shelves.length === 0 ? emptyState(t("stock.none.all")) : shelves.map((shelf) => h("section", { class: "stock-place" },
                h("h3", null, shelf.warehouseName, " ", shelf.isLow ? tag("warn", t("stock.isLow")) : null,
                    shelf.expired > 0 ? tag("bad", t("stock.expired", { n: shelf.expired })) : null),
                h("dl", { class: "stock-sums" }, /** @type {const} */ (["onHand", "reserved", "held", "available"]).map((name) =>
                    h("div", null, h("dt", null, t(`stock.${name}`)), h("dd", null, shelf[name])))),
                lots.some((lot) => lot.warehouse === shelf.warehouse) ? h("ul", { class: "stock-lots", "aria-label": t("stock.lots") },
                    lots.filter((lot) => lot.warehouse === shelf.warehouse).map((lot) =>
                        h("li", null, `${lot.code} · ${lot.expiresOn ?? t("stock.noDate")} · ${lot.onHand}`))) : null,
                h("div", { class: "stock-acts" },
                    mayMove ? kinds.map((kind) => rowButton(t(`stock.${kind}`), actIcons[kind], () => act(kind, shelf.warehouse),
                        { danger: kind === "damage", of: shelf.warehouseName })) : null,
                    mayMove ? rowButton(t("stock.low"), "bell", () => setLow(shelf), { of: shelf.warehouseName }) : null,
                    app.can("stock.hold") ? rowButton(t("stock.hold"), "hand", () => hold(shelf), { of: shelf.warehouseName }) : null))),
            h("h3", null, t("stock.ledger")), ledger(rows, place),
            next ? h("button", {
                type: "button", class: "button", onclick: async () => {
                    const page = await app.api.get(`/stock/movements?sku=${variant.sku}&limit=20&before=${next}`);
                    rows = [...rows, ...page.movements];
                    next = page.next;
                    draw();
                },
            }, t("stock.more")) : null);
    }

    await read();
    await app.dialog.open({ title: `${variant.title} ${variant.name}`, size: "large", body });
}

const actIcons = { purchase: "plus", transfer: "transfer", count: "check", damage: "trash" };
