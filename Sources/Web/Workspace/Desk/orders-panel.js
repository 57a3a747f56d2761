// Beside the conversation: the buyer's orders, each opened in place, with what can be done to it.
import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { draftOrder } from "../Orders/order-acts.js";
import { createSheet, flagMark, statusLine } from "../Orders/order-sheet.js";
import { ordersWords } from "../Orders/words.js";
import { addWords, money, t } from "../words.js";

addWords(ordersWords);

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 */
export function createOrdersPanel(app, store) {
    void useCSS(new URL("../Orders/orders.css", import.meta.url));
    let id = "";
    let open = "";
    let asked = 0;
    let told = 0;
    let visible = false;
    /** @type {any[]} */
    let orders = [];
    const sheet = createSheet(app, {
        small: true, changed: (order) => {
            orders = orders.map((one) => (one.id === order.id ? order : one));
            draw();
            void read();
        },
    });
    const list = h("ul", { class: "order-list", role: "list" });
    const place = h("button", {
        type: "button", class: "button primary small", onclick: async () => {
            const order = await draftOrder(app, id, orders);
            if (order) {
                open = order.id;
                await read();
                await sheet.show(open);
            }
        },
    }, icon("plus"), t("orders.draft"));
    const element = h("section", { class: "panel-part" },
        h("div", { class: "panel-head" }, h("h3", null, icon("parcel"), t("orders.title")),
            app.can("order.edit") ? place : null), list);

    const buyer = () => store.summaries.get(id)?.buyer.id ?? "";

    /** The number of the newest line that told of goods, orders or parcels; 0 = none. */
    function lastTold() {
        return (store.held.get(id)?.state.messages ?? [])
            .reduce((last, message) => (message.system?.code === "told" ? message.number : last), 0);
    }

    async function read() {
        asked += 1;
        const mine = asked;
        if (!buyer()) return;
        try {
            const answer = await app.api.get(`/orders?buyer=${encodeURIComponent(buyer())}&limit=20`);
            if (mine !== asked) return;
            orders = answer.orders;
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {string} order */
    async function toggle(order) {
        open = open === order ? "" : order;
        if (open) await sheet.show(open);
        draw();
        list.querySelector('[aria-expanded="true"]')?.scrollIntoView({ block: "nearest" });
    }

    function draw() {
        const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.order : undefined;
        fill(list, orders.length === 0 ? h("li", { class: "panel-soft" }, t("orders.panelNone")) : orders.map((order) => h("li", null,
            h("button", {
                type: "button", class: "order-row", "aria-expanded": String(order.id === open), "data-order": order.id,
                onclick: () => toggle(order.id),
            },
            h("span", { class: "order-row-head" }, h("strong", null, order.number, flagMark(order.flag)), h("span", null, money(order.payable))),
            h("span", { class: "order-row-title" }, order.lines.map((/** @type {any} */ line) => line.title).join("、")),
            statusLine(order)),
            order.id === open ? [sheet.element, h("a", { class: "panel-soft", href: `/orders/${order.id}` }, t("orders.panelAll"))] : null)));
        if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-order="${focused}"]`))?.focus();
    }

    // What others do to the buyer's orders comes as a line of the conversation.
    const stop = store.on("conversation", (detail) => {
        if (detail.id !== id || !visible) return;
        const last = lastTold();
        if (last <= told) return;
        told = last;
        void read();
        if (open) void sheet.show(open);
    });

    return {
        element,
        /** @param {string} next */
        show(next) {
            if (next !== id) {
                id = next;
                open = "";
                orders = [];
                draw();
            }
            told = lastTold();
            visible = true;
            void read();
        },
        hide() {
            visible = false;
        },
        close() {
            stop();
            sheet.close();
        },
    };
}
