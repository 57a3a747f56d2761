// What somebody does to the ledger: a form for each, with what will be before it is sent.

import { fill, h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { t } from "../words.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {{sku: string, title: string, name: string}} Variant */
/** @typedef {{sku: string, warehouse: string, warehouseName: string, onHand: number, reserved: number, held: number, available: number, expired: number, lowAt?: number, isLow: boolean}} Shelf */
/** @typedef {{id: string, warehouse: string, code: string, expiresOn?: string, onHand: number}} Lot */
/** @typedef {{id: string, code: string, name: string, region: string, cutOff?: number, active: boolean}} Warehouse */
/** @typedef {"purchase" | "transfer" | "count" | "damage"} Kind */

/**
 * What will stand after an act, or why it cannot be.
 * @param {Kind} kind
 * @param {{onHand: number, reserved: number, held: number, available: number}} now
 * @param {number | null} quantity
 * @param {number} [inLot] pieces in the lot that is counted
 * @returns {{hand: number, free: number, wrong: string | null} | null}
 */
export function willBe(kind, now, quantity, inLot) {
    if (quantity === null || !Number.isInteger(quantity) || quantity < 0) return null;
    const promised = now.reserved + now.held;
    const counted = inLot === undefined ? quantity : now.onHand - inLot + quantity;
    const hand = kind === "purchase" ? now.onHand + quantity : kind === "count" ? counted : now.onHand - quantity;
    const free = hand - promised;
    const wrong = free >= 0 ? null
        : kind === "count" ? t("stock.previewPromised", { n: promised }) : t("stock.previewShort", { free: now.available });
    return { hand, free, wrong };
}

/**
 * Asks for one act and carries it out.
 * @param {App} app
 * @param {Kind} kind
 * @param {Variant} variant
 * @param {{warehouses: Warehouse[], shelves: Shelf[], lots: Lot[], at?: string}} known
 * @returns {Promise<boolean>} whether it was done
 */
export async function move(app, kind, variant, { warehouses, shelves, lots, at }) {
    const open = warehouses.filter((one) => one.active || one.id === at);
    if (open.length === 0) {
        app.toast({ text: t("stock.noWarehouse"), kind: "bad" });
        return false;
    }
    const key = crypto.randomUUID();
    const preview = h("div", { class: "stock-preview", role: "status" });
    const start = at ?? shelves[0]?.warehouse ?? open[0].id;
    const here = lots.filter((lot) => lot.warehouse === start);
    const places = open.map((one) => ({ value: one.id, label: one.name }));
    const lotField = {
        name: "lot", label: t("stock.lot"), kind: /** @type {"select"} */ ("select"), value: "",
        options: [
            { value: "", label: t(kind === "count" ? "stock.allLots" : "stock.anyLot") },
            ...here.map((lot) => ({ value: lot.id, label: `${lot.code} · ${lot.expiresOn ?? t("stock.noDate")} · ${lot.onHand}` })),
        ],
    };
    /** @param {string} place */
    const level = (place) => shelves.find((one) => one.warehouse === place)
        ?? { onHand: 0, reserved: 0, held: 0, available: 0 };
    const done = await app.dialog.open({
        title: `${t(`stock.${kind}`)} · ${variant.title} ${variant.name}`, size: "medium",
        body: (close) => {
            const form = createForm({
                submit: t(`stock.${kind}`), columns: true, cancel: () => close(),
                danger: kind === "damage",
                fields: [
                    {
                        name: "warehouse", label: t("stock.warehouse"), kind: "select", value: start, options: places,
                        fixed: at !== undefined,
                    },
                    ...(kind === "transfer" ? [{
                        name: "to", label: t("stock.to"), kind: /** @type {"select"} */ ("select"),
                        value: places.find((one) => one.value !== start)?.value, options: places,
                    }] : []),
                    {
                        name: "quantity", label: t(kind === "count" ? "stock.found" : "stock.quantity"), kind: "number",
                        required: true, min: kind === "count" ? 0 : 1, max: 10_000_000,
                    },
                    ...(kind === "purchase" ? [
                        { name: "lotCode", label: t("stock.lot"), longest: 60, hint: t("stock.lotHint") },
                        { name: "madeOn", label: t("stock.madeOn"), kind: /** @type {"date"} */ ("date") },
                        { name: "expiresOn", label: t("stock.expiresOn"), kind: /** @type {"date"} */ ("date") },
                    ] : []),
                    ...((kind === "count" || kind === "damage") && at !== undefined && here.length > 0 ? [lotField] : []),
                    {
                        name: "reason", label: t("stock.reason"), longest: 200, wide: true,
                        required: kind === "count" || kind === "damage",
                    },
                ],
                run: async (values) => {
                    const sent = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== null));
                    await app.api.post("/stock/movements", { key, kind, sku: variant.sku, ...sent });
                    close("done");
                    app.toast({ text: t("stock.done"), kind: "good" });
                },
            });
            const element = /** @type {HTMLFormElement} */ (form.element);
            const read = /** @param {string} name */ (name) => {
                const control = element.querySelector(`[name="${name}"]`);
                return control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.value.trim() : "";
            };
            const draw = () => {
                const place = read("warehouse") || start;
                const now = level(place);
                const text = read("quantity");
                const lot = lots.find((one) => one.id === read("lot"));
                const then = willBe(kind, now, text === "" ? null : Number(text), kind === "count" ? lot?.onHand : undefined);
                const to = kind === "transfer" ? read("to") : "";
                const there = to ? level(to) : null;
                fill(preview,
                    h("span", null, t("stock.previewNow", { hand: now.onHand, free: now.available })),
                    then && !then.wrong ? h("span", null, t("stock.previewThen", { hand: then.hand, free: then.free })) : null,
                    then && !then.wrong && there ? h("span", null, t("stock.previewThere", {
                        name: open.find((one) => one.id === to)?.name ?? "", hand: there.onHand, then: there.onHand + Number(text),
                    })) : null,
                    then?.wrong ? h("span", { class: "wrong" }, then.wrong) : null);
            };
            element.addEventListener("input", draw);
            element.addEventListener("change", draw);
            draw();
            return h("div", { class: "stock-sheet" }, preview, element);
        },
    });
    return done === "done";
}

/**
 * Adds or changes a warehouse.
 * @param {App} app
 * @param {Warehouse | null} old
 * @returns {Promise<boolean>}
 */
export async function editWarehouse(app, old) {
    const two = /** @param {number} n */ (n) => String(n).padStart(2, "0");
    const done = await app.dialog.open({
        title: t(old ? "stock.editWarehouse" : "stock.addWarehouse"), size: "medium",
        body: (close) => createForm({
            submit: t("shell.save"), columns: true, cancel: () => close(),
            fields: [
                { name: "name", label: t("stock.name"), value: old?.name, required: true, longest: 40 },
                { name: "code", label: t("stock.code"), value: old?.code, required: true, longest: 20 },
                { name: "region", label: t("stock.region"), value: old?.region, longest: 60 },
                {
                    name: "cutOff", label: t("stock.cutOff"), hint: t("stock.cutOffHint"),
                    value: old?.cutOff === undefined ? "" : `${two(Math.floor(old.cutOff / 60))}:${two(old.cutOff % 60)}`,
                    check: (value) => (!value || /^([01]?\d|2[0-3])[:：][0-5]\d$/.test(value) ? null : t("stock.cutOffWrong")),
                },
                { name: "active", label: t("stock.active"), kind: "checkbox", value: old?.active ?? true, wide: true },
            ],
            run: async ({ cutOff, ...values }) => {
                const [hours, minutes] = String(cutOff ?? "").split(/[:：]/).map(Number);
                const body = { ...values, ...(cutOff ? { cutOff: hours * 60 + minutes } : {}) };
                if (old) await app.api.put(`/warehouses/${old.id}`, body);
                else await app.api.post("/warehouses", body);
                close("done");
            },
        }).element,
    });
    return done === "done";
}
