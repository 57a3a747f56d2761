// One order in full: where it stands, what comes next, its goods, money and acts.
import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { parcelRows } from "../Desk/parcel-rows.js";
import { addWords, fullTime, money, pick, shortTime, t } from "../words.js";
import { actOrder, perform } from "./order-acts.js";
import { ordersWords } from "./words.js";

addWords(ordersWords);

/** How long a receiver is shown in full. */
const shownFor = 30_000;

/** @param {any} order */
export function statusLine(order) {
    const late = order.status.by && order.status.by < Date.now();
    return h("div", { class: "order-status" },
        h("strong", null, pick(order.status.now)),
        h("span", { class: late ? "order-next late" : "order-next" }, order.status.by
            ? t("orders.by", { text: pick(order.status.next), time: shortTime(order.status.by) })
            : pick(order.status.next),
        late ? h("span", { class: "tag bad" }, t("orders.late")) : null));
}

/** @param {number} flag */
export function flagMark(flag) {
    return flag > 0 ? h("span", { class: `order-flag flag-${flag}`, title: t(`orders.flag.${flag}`) },
        icon("tag"), h("span", { class: "only-read-aloud" }, t(`orders.flag.${flag}`))) : null;
}

/**
 * @param {import("../shell.js").App} app
 * @param {{changed: (order: any) => void, small?: boolean}} options
 */
export function createSheet(app, { changed, small = false }) {
    void useCSS(new URL("./orders.css", import.meta.url));
    /** @type {any} */
    let known = null;
    let hiding = 0;
    let asked = 0;
    const element = h("article", { class: small ? "order-sheet small" : "order-sheet", tabIndex: -1 });

    /** @param {string} id */
    async function show(id) {
        asked += 1;
        const mine = asked;
        clearTimeout(hiding);
        try {
            const answer = await app.api.get(`/orders/${id}`);
            if (mine !== asked) return;
            known = answer;
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {any} act */
    async function run(act) {
        if (await perform(app, known.order, act, known)) {
            const id = known.order.id;
            await show(id);
            if (known) changed(known.order);
            element.querySelector("button")?.focus();
        }
    }

    async function showReceiver() {
        const place = element.querySelector(".order-receiver");
        const answer = await app.dialog.form({
            title: t("orders.showReceiver"), text: t("orders.purposeHint"), ok: t("orders.showReceiver"),
            fields: [{ name: "purpose", label: t("orders.purpose"), required: true, max: 100 }],
            submit: ({ purpose }) => app.api.post(`/orders/${known.order.id}/receiver`, { purpose }),
        });
        if (!answer || !place) return;
        fill(/** @type {HTMLElement} */ (place), receiverText(answer.receiver), h("p", { class: "order-soft" }, t("orders.hidesAgain")));
        clearTimeout(hiding);
        hiding = setTimeout(() => known && fill(/** @type {HTMLElement} */ (place), receiverText(known.order.receiver)), shownFor);
    }

    /** @param {any} to */
    const receiverText = (to) => h("p", null, `${to.name} ${to.mobile}`, h("br"),
        [to.region, to.city, to.district, to.detail, to.zip].filter(Boolean).join(" "));

    /** @param {string} title @param {...any} content */
    const part = (title, ...content) => h("section", { class: "order-part" }, h("h3", null, title), content);

    async function addPurchase() {
        const answer = await app.dialog.form({
            title: t("orders.addPurchase"), fields: [
                { name: "upstreamShop", label: t("orders.upstreamShop"), required: true, max: 60 },
                { name: "upstreamOrder", label: t("orders.upstreamOrder"), max: 60 },
                { name: "price", label: t("orders.price"), required: true },
                { name: "note", label: t("orders.note"), max: 500 },
            ],
            submit: (values) => app.api.post(`/orders/${known.order.id}/purchases`,
                { ...values, price: Math.round(Number(values.price) * 100) }),
        });
        if (answer) await show(known.order.id);
    }

    /** @param {any} purchase */
    async function movePurchase(purchase) {
        const answer = await app.dialog.form({
            title: t("orders.purchases"), fields: [
                {
                    name: "state", label: t("orders.moveTo"), type: "choice", required: true,
                    options: purchase.next.map((/** @type {string} */ next) => ({ value: next, label: t(`orders.purchase.${next}`) })),
                },
                { name: "upstreamOrder", label: t("orders.upstreamOrder"), value: purchase.upstreamOrder, max: 60 },
                { name: "note", label: t("orders.note"), value: purchase.note, max: 500 },
            ],
            submit: (values) => app.api.put(`/purchases/${purchase.id}`, values),
        });
        if (answer) await show(known.order.id);
    }

    async function setOutcome() {
        const answer = await app.dialog.form({
            title: t("orders.setOutcome"),
            fields: [{ name: "outcome", label: t("orders.outcome"), value: known.order.outcome ?? "", max: 200 }],
            submit: ({ outcome }) => app.api.post(`/orders/${known.order.id}/assign`, { outcome }),
        });
        if (answer) await afterAssign();
    }

    async function takeOwner() {
        try {
            await app.api.post(`/orders/${known.order.id}/assign`, { owner: "me" });
            await afterAssign();
        } catch (problem) {
            app.fail(problem);
        }
    }

    async function afterAssign() {
        await show(known.order.id);
        changed(known.order);
    }

    function draw() {
        const { order, payments, purchases } = known;
        const acts = new Map(order.acts.map((/** @type {any} */ act) => [act.act, act]));
        const row = /** @param {string} name @param {any} value */ (name, value) =>
            (value ? h("div", null, h("dt", null, name), h("dd", null, value)) : null);
        const sum = /** @param {string} name */ (name) =>
            h("div", null, h("dt", null, t(`orders.sum.${name}`)), h("dd", null, money(order[name])));
        fill(element,
            h("header", { class: "order-head" },
                h("h2", null, order.number, flagMark(order.flag)),
                h("p", { class: "order-soft" }, order.buyerNick, " · ", fullTime(order.createdAt)),
                h("span", { class: `tag order-state ${order.state}` }, pick(order.stepName) || pick(order.stateName))),
            statusLine(order),
            order.suspicious ? h("section", { class: "banner warn order-evidence" }, icon("alert"),
                h("div", null, h("strong", null, t("orders.evidence")),
                    h("ul", null, order.evidence.map((/** @type {any} */ one) => h("li", null, pick(one.why)))),
                    h("p", null, t("orders.evidenceLead")))) : null,
            acts.size ? h("div", { class: "order-acts", role: "group", "aria-label": t("orders.acts") },
                actOrder.filter((name) => acts.has(name)).map((name) => {
                    const act = acts.get(name);
                    return h("button", {
                        type: "button", class: act.code ? "button small order-shut" : "button small",
                        "aria-disabled": act.code ? "true" : null, "data-act": name,
                        title: act.code ? pick(act.why) : null, onclick: () => run(act),
                    }, t(`orders.act.${name}`));
                })) : null,
            part(t("orders.lines"), h("ul", { class: "order-lines", role: "list" }, order.lines.map((/** @type {any} */ line) =>
                h("li", { class: line.state === "closed" ? "closed" : null },
                    h("span", null, line.title, line.skuName ? h("small", null, ` ${line.skuName}`) : null),
                    h("span", { class: "order-soft" }, `${money(line.price)} × ${line.quantity}`),
                    h("span", { class: "tag" }, t(`orders.state.${line.state}`)))))),
            app.can("parcel.read") && order.shippedAt ? part(t("orders.parcels"), parcelRows(app, order.number)) : null,
            part(t("orders.sums"), h("dl", { class: "order-sums" },
                sum("goods"), order.discount ? sum("discount") : null, sum("freight"), sum("payable"), sum("paid"),
                order.refunded ? sum("refunded") : null)),
            part(t("orders.receiver"), h("div", { class: "order-receiver" }, receiverText(order.receiver)),
                app.can("receiver.read") ? h("button", { type: "button", class: "button small", onclick: showReceiver },
                    icon("eye"), t("orders.showReceiver")) : null),
            order.buyerMessage || order.memo || order.outcome ? h("dl", { class: "order-part card-lines" },
                row(t("orders.message"), order.buyerMessage), row(t("orders.memo"), order.memo),
                row(t("orders.outcome"), order.outcome)) : null,
            app.can("order.edit") ? h("div", { class: "order-acts" },
                order.owner === app.session?.staff.id ? null
                    : h("button", { type: "button", class: "button small", onclick: takeOwner }, t("orders.takeOwner")),
                h("button", { type: "button", class: "button small", onclick: setOutcome }, t("orders.setOutcome"))) : null,
            part(t("orders.payments"), payments.length === 0 ? h("p", { class: "order-soft" }, t("orders.noPayments"))
                : h("ul", { class: "order-lines", role: "list" }, payments.map((/** @type {any} */ one) => h("li", null,
                    h("span", null, pick(one.kindName), " ", money(one.amount)),
                    h("span", { class: "order-soft" }, shortTime(one.at)),
                    one.simulated ? h("span", { class: "tag warn" }, t("orders.simulated")) : null)))),
            purchases.length > 0 || app.can("order.edit") ? part(t("orders.purchases"),
                h("ul", { class: "order-lines", role: "list" }, purchases.map((/** @type {any} */ one) => h("li", null,
                    h("span", null, `${one.upstreamShop} ${one.upstreamOrder} ${money(one.price)}`),
                    h("span", { class: one.stalled ? "tag bad" : "tag" },
                        t(`orders.purchase.${one.state}`), one.stalled ? ` · ${t("orders.stalled")}` : ""),
                    one.next.length && app.can("order.edit") ? h("button", {
                        type: "button", class: "button small", onclick: () => movePurchase(one),
                    }, t("orders.moveTo")) : null))),
                app.can("order.edit") ? h("button", { type: "button", class: "button small", onclick: addPurchase },
                    icon("plus"), t("orders.addPurchase")) : null) : null);
    }

    return {
        element, show,
        close: () => clearTimeout(hiding),
        get id() { return known?.order.id ?? ""; },
    };
}
