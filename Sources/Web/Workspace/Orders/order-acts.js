// What can be asked of an order: one form for each act, and refusals in words where it cannot be.
import { language, money, pick, t } from "../words.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {any} Order an order as `Docs/api.md` has it */

/** Acts in the order of their buttons. */
export const actOrder = [
    "pay", "remind", "ship", "changeAddress", "changeVariant", "changePrice", "note", "close", "closeLine", "refund",
    "extendReceipt", "confirm", "merge", "split",
];

/** @param {unknown} yuan @returns {number} fen */
const fen = (yuan) => Math.round(Number(yuan ?? 0) * 100);
/** @param {number} amount fen */
const yuan = (amount) => (amount / 100).toFixed(2);

/** @param {App} app @param {Order} order @param {string} path @param {object} [body] */
const post = (app, order, path, body = {}) =>
    app.api.post(`/orders/${order.id}/${path}`, { version: order.version, ...body });

/** @param {Order} order @param {(line: any) => boolean} [fits] */
const lineOptions = (order, fits = (line) => line.state !== "closed") =>
    order.lines.filter(fits).map((/** @type {any} */ line) => ({
        value: line.id, label: `${line.title} ${line.skuName} × ${line.quantity}`.replace("  ", " "),
    }));

/** @param {any} [receiver] @returns {import("../Shell/dialog.js").Field[]} */
export function receiverFields(receiver = {}) {
    return [
        { name: "name", label: t("orders.name"), required: true, max: 50, value: receiver.name },
        { name: "mobile", label: t("orders.mobile"), required: true, max: 11, value: receiver.mobile },
        { name: "region", label: t("orders.region"), required: true, max: 40, value: receiver.region },
        { name: "city", label: t("orders.city"), max: 40, value: receiver.city },
        { name: "district", label: t("orders.district"), max: 40, value: receiver.district },
        { name: "detail", label: t("orders.detail"), required: true, max: 228, value: receiver.detail },
        { name: "zip", label: t("orders.zip"), max: 6, value: receiver.zip },
    ];
}

/** @param {Record<string, any>} values */
export const receiverOf = ({ name, mobile, region, city, district, detail, zip }) =>
    ({ name, mobile, region, city, district, detail, zip });

/**
 * The act's dialogue. Where the state forbids the act, that is said in words instead.
 * @param {App} app
 * @param {Order} order
 * @param {{act: string, name: any, code?: string | null, why?: any, instead?: any}} act
 * @param {{reasons: any[], extensions: number[]}} known
 * @returns {Promise<boolean>} whether something changed
 */
export async function perform(app, order, act, known) {
    if (act.code) {
        app.toast({ text: pick(act.why), detail: pick(act.instead), kind: "bad", ms: 9000 });
        return false;
    }
    const title = `${t(`orders.act.${act.act}`)} · ${order.number}`;
    const done = await forms[act.act]?.(app, order, title, known);
    if (done) app.toast({ text: t("orders.done"), kind: "good", ms: 2500 });
    return Boolean(done);
}

/** @type {Record<string, (app: App, order: Order, title: string, known: {reasons: any[], extensions: number[]}) => Promise<any>>} */
const forms = {
    pay: (app, order, title) => app.dialog.form({
        title, text: t("orders.payText"), ok: t("orders.act.pay"), fields: [
            { name: "amount", label: t("orders.payAmount"), required: true, value: yuan(order.dueNow) },
            { name: "channel", label: t("orders.channel"), max: 40 },
            { name: "reference", label: t("orders.reference"), max: 80 },
        ],
        submit: ({ amount, channel, reference }) =>
            post(app, order, "pay", { amount: fen(amount), channel, reference }),
    }),
    remind: async (app, order) => {
        try {
            return await post(app, order, "remind", { language: language() });
        } catch (problem) {
            app.fail(problem);
            return null;
        }
    },
    changeAddress: (app, order, title) => app.dialog.form({
        title, ok: t("shell.save"),
        fields: receiverFields({ region: order.receiver.region, city: order.receiver.city, district: order.receiver.district }),
        submit: (values) => post(app, order, "address", { receiver: receiverOf(values) }),
    }),
    changeVariant: (app, order, title) => app.dialog.form({
        title, fields: [
            { name: "line", label: t("orders.lines"), type: "select", options: lineOptions(order) },
            { name: "sku", label: t("orders.newVariant"), required: true },
        ],
        submit: ({ line, sku }) => post(app, order, "variant", { line, sku }),
    }),
    changePrice: (app, order, title) => app.dialog.form({
        title, fields: [
            { name: "discount", label: t("orders.newDiscount"), value: yuan(order.discount), required: true },
            { name: "freight", label: t("orders.newFreight"), value: yuan(order.freight), required: true },
            { name: "reason", label: t("orders.reason"), required: true, max: 200 },
        ],
        submit: ({ discount, freight, reason }) =>
            post(app, order, "price", { discount: fen(discount), freight: fen(freight), reason }),
    }),
    note: (app, order, title) => app.dialog.form({
        title, fields: [
            { name: "memo", label: t("orders.memo"), type: "textarea", value: order.memo, max: 1000 },
            {
                name: "flag", label: t("orders.flag"), type: "choice", value: String(order.flag),
                options: [0, 1, 2, 3, 4, 5].map((flag) => ({ value: String(flag), label: t(`orders.flag.${flag}`) })),
            },
        ],
        submit: ({ memo, flag }) => post(app, order, "note", { memo, flag: Number(flag) }),
    }),
    close: (app, order, title, { reasons }) => app.dialog.form({
        title, danger: true, ok: t("orders.act.close"), fields: [{
            name: "reason", label: t("orders.reason"), type: "choice", required: true,
            options: reasons.map((reason) => ({ value: reason.code, label: pick(reason.name) })),
        }],
        submit: ({ reason }) => post(app, order, "close", { reason }),
    }),
    closeLine: (app, order, title) => app.dialog.form({
        title, danger: true, ok: t("orders.act.closeLine"),
        fields: [{ name: "line", label: t("orders.lines"), type: "select", options: lineOptions(order) }],
        submit: ({ line }) => post(app, order, "close", { line }),
    }),
    refund: (app, order, title) => app.dialog.form({
        title, text: t("orders.refundText"), danger: true, ok: t("orders.act.refund"), fields: [
            {
                name: "line", label: t("orders.refundWhat"), type: "select",
                options: [{ value: "", label: t("orders.refundAll") }, ...lineOptions(order)],
            },
            { name: "channel", label: t("orders.channel"), max: 40 },
        ],
        submit: ({ line, channel }) => post(app, order, "refund", { ...(line ? { line } : {}), channel }),
    }),
    ship: async (app, order, title) => {
        const { carriers } = await app.api.get("/carriers");
        return app.dialog.form({
            title, ok: t("orders.act.ship"), fields: [
                {
                    name: "carrier", label: t("orders.carrier"), type: "select",
                    options: carriers.filter((/** @type {any} */ one) => one.active)
                        .map((/** @type {any} */ one) => ({ value: one.code, label: one.name })),
                },
                { name: "waybill", label: t("orders.waybill"), required: true, max: 40 },
                {
                    name: "line", label: t("orders.shipWhat"), type: "select", options: [
                        { value: "", label: t("orders.shipAll") },
                        ...lineOptions(order, (line) => line.state === "awaitingShipment"),
                    ],
                },
            ],
            submit: ({ carrier, waybill, line }) =>
                post(app, order, "ship", { carrier, waybill, lines: line ? [line] : [] }),
        });
    },
    extendReceipt: (app, order, title, { extensions }) => app.dialog.form({
        title, fields: [{
            name: "days", label: t("orders.days"), type: "choice", required: true,
            options: extensions.map((days) => ({ value: String(days), label: t("orders.dayCount", { n: days }) })),
        }],
        submit: ({ days }) => post(app, order, "extend", { days: Number(days) }),
    }),
    confirm: (app, order, title) => app.dialog.form({
        title, text: t("orders.confirmText"), fields: [], ok: t("orders.act.confirm"),
        submit: () => post(app, order, "confirm"),
    }),
    merge: async (app, order, title) => {
        const answer = await app.api.get(`/orders?state=awaitingShipment&buyer=${order.buyer ?? "0"}`);
        const others = answer.orders.filter((/** @type {Order} */ one) => one.id !== order.id);
        if (others.length === 0) {
            app.toast({ text: t("orders.mergeNone"), kind: "bad" });
            return null;
        }
        return app.dialog.form({
            title, fields: [{
                name: "other", label: t("orders.mergeWith"), type: "select",
                options: others.map((/** @type {Order} */ one) => ({ value: one.id, label: `${one.number} ${money(one.payable)}` })),
            }],
            submit: ({ other }) => post(app, order, "merge", { with: other }),
        });
    },
    split: (app, order, title) => app.dialog.form({
        title, fields: [{
            name: "line", label: t("orders.splitWhat"), type: "select",
            options: lineOptions(order, (line) => line.state === "awaitingShipment"),
        }],
        submit: ({ line }) => post(app, order, "split", { lines: [line] }),
    }),
};

/**
 * Lines written as `name | price | quantity`.
 * @param {string} text
 * @returns {{lines: {title: string, price: number, quantity: number}[], wrong: number}} the number of the line at fault, or 0
 */
export function goodsOf(text) {
    const lines = [];
    let number = 0;
    for (const row of text.split("\n")) {
        number += 1;
        if (!row.trim()) continue;
        const [title, price, quantity = "1"] = row.split(/[|｜\t]/).map((part) => part.trim());
        const whole = Number(quantity || "1");
        if (!title || !price || !Number.isFinite(Number(price)) || !Number.isInteger(whole) || whole < 1) {
            return { lines, wrong: number };
        }
        lines.push({ title, price: fen(price), quantity: whole });
    }
    return { lines, wrong: lines.length === 0 ? 1 : 0 };
}

/**
 * Drafts an order for the buyer of a conversation; an earlier receiver is one click.
 * @param {App} app
 * @param {string} conversation
 * @param {Order[]} earlier
 * @returns {Promise<Order | null>}
 */
export async function draftOrder(app, conversation, earlier) {
    const known = earlier[0];
    const answer = await app.dialog.form({
        title: t("orders.draftTitle"), ok: t("orders.draft"), size: "medium",
        fields: [
            {
                name: "goods", label: t("orders.draftGoods"), type: "textarea", required: true,
                hint: t("orders.draftGoodsHint"), value: "",
            },
            { name: "freight", label: t("orders.draftFreight"), value: "0" },
            ...(app.can("order.price") ? [{ name: "discount", label: t("orders.draftDiscount"), value: "0" }] : []),
            { name: "deposit", label: t("orders.draftDeposit") },
            ...(known ? [{
                name: "same", label: t("orders.draftReceiver"), type: /** @type {"choice"} */ ("choice"), value: known.id,
                options: [
                    {
                        value: known.id, label: t("orders.draftSame", {
                            number: known.number, address: `${known.receiver.name} ${known.receiver.mobile} ${known.receiver.city}`,
                        }),
                    },
                    { value: "", label: t("orders.draftNew") },
                ],
            }] : []),
            ...receiverFields().map((field) => ({ ...field, required: known ? false : field.required })),
            { name: "message", label: t("orders.message"), max: 500 },
        ],
        submit: async (values) => {
            const { lines, wrong } = goodsOf(values.goods);
            if (wrong) throw Object.assign(new Error(t("orders.draftLineWrong", { n: wrong })), { field: "goods", code: "goods" });
            const made = await app.api.post("/orders", {
                conversation, lines, freight: fen(values.freight), discount: fen(values.discount),
                ...(values.deposit ? { deposit: fen(values.deposit) } : {}), message: values.message,
                ...(values.same ? { receiverOf: values.same } : { receiver: receiverOf(values) }),
            });
            return made.order;
        },
    });
    if (answer) app.toast({ text: t("orders.placed", { number: answer.number }), kind: "good" });
    return answer;
}
