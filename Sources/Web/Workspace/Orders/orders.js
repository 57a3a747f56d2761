// The page of orders: lists, work lists, bulk acts, one order's sheet, the ledger of a day.
import { instantOf } from "../../Protocol/zone.js";
import { icon } from "../../Design/icons.js";
import { debounced, fill, h, useCSS } from "../dom.js";
import { addWords, dayKey, fullTime, language, money, pick, shopZone, shortTime, t } from "../words.js";
import { createSheet, flagMark, statusLine } from "./order-sheet.js";
import { ordersWords } from "./words.js";

addWords(ordersWords);

const tabs = ["all", "unpaid", "unshipped", "stalled", "ledger"];
const states = ["awaitingPayment", "awaitingShipment", "partlyShipped", "shipped", "completed", "closed"];

/** @type {import("../shell.js").Mount} */
export async function mount(root, app) {
    await useCSS(new URL("./orders.css", import.meta.url));
    let tab = "all";
    /** @type {any[]} */
    let orders = [];
    /** @type {string | null} */
    let next = null;
    let asked = 0;
    const filters = { q: "", state: "", flag: "", mine: false, suspicious: false };
    /** @type {Set<string>} */
    const chosen = new Set();

    const tabRow = h("div", { class: "orders-tabs", role: "tablist", "aria-label": t("orders.title"), onkeydown: moveTab });
    const filterRow = h("div", { class: "orders-filters" });
    const list = h("div", { class: "orders-list" });
    const sheet = createSheet(app, { changed: replaceOrder });
    const sheetPlace = h("div", { class: "orders-sheet-place", hidden: true },
        h("button", { type: "button", class: "button small orders-back", onclick: closeSheet }, icon("left"), t("orders.back")),
        sheet.element);
    const body = h("div", { class: "orders-body" }, list, sheetPlace);
    fill(root, h("div", { class: "orders" },
        h("header", { class: "orders-head" }, h("h1", null, t("orders.title")), tabRow), filterRow, body));

    function drawTabs() {
        fill(tabRow, tabs.filter((name) => name !== "ledger" || app.can("payment.read")).map((name) => h("button", {
            type: "button", class: "orders-tab", role: "tab", "aria-selected": String(name === tab),
            tabIndex: name === tab ? 0 : -1, onclick: () => choose(name),
        }, t(`orders.tab.${name}`))));
    }

    /** @param {KeyboardEvent} event */
    function moveTab(event) {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!step) return;
        event.preventDefault();
        const shown = tabs.filter((name) => name !== "ledger" || app.can("payment.read"));
        choose(shown[(shown.indexOf(tab) + step + shown.length) % shown.length]);
        /** @type {HTMLElement | null} */ (tabRow.querySelector('[aria-selected="true"]'))?.focus();
    }

    /** @param {string} name */
    function choose(name) {
        tab = name;
        chosen.clear();
        drawTabs();
        drawFilters();
        if (tab === "ledger") void readLedger(Date.now());
        else void read(true);
    }

    const search = debounced(250, (/** @type {string} */ text) => {
        filters.q = text;
        void read(true);
    });

    function drawFilters() {
        const check = /** @param {"mine" | "suspicious"} name */ (name) => h("label", null, h("input", {
            type: "checkbox", checked: filters[name],
            onchange: /** @param {Event} event */ (event) => {
                filters[name] = /** @type {HTMLInputElement} */ (event.target).checked;
                void read(true);
            },
        }), t(`orders.${name}`));
        const select = /** @param {"state" | "flag"} name @param {string} any @param {string[]} values */ (name, any, values) => h("select", {
            class: "input", "aria-label": t(`orders.${name}`),
            onchange: /** @param {Event} event */ (event) => {
                filters[name] = /** @type {HTMLSelectElement} */ (event.target).value;
                void read(true);
            },
        }, h("option", { value: "" }, t(any)), values.map((value) =>
            h("option", { value, selected: value === filters[name] }, t(`orders.${name}.${value}`))));
        if (tab === "ledger") {
            fill(filterRow, h("label", null, t("orders.ledgerDay"), h("input", {
                type: "date", class: "input", value: dayKey(Date.now()),
                onchange: /** @param {Event} event */ (event) => {
                    const [year, month, day] = /** @type {HTMLInputElement} */ (event.target).value.split("-").map(Number);
                    if (day) void readLedger(instantOf({ year, month, day, hour: 12, minute: 0 }, shopZone()));
                },
            })));
            return;
        }
        fill(filterRow, tab === "all" ? [
            h("input", {
                class: "input", type: "search", placeholder: t("orders.search"), "aria-label": t("orders.search"), value: filters.q,
                oninput: /** @param {Event} event */ (event) => search(/** @type {HTMLInputElement} */ (event.target).value.trim()),
            }),
            select("state", "orders.anyState", states), select("flag", "orders.anyFlag", ["0", "1", "2", "3", "4", "5"]),
            check("suspicious"),
        ] : null, check("mine"));
    }

    /** @param {boolean} anew */
    async function read(anew) {
        asked += 1;
        const mine = asked;
        const query = new URLSearchParams();
        if (filters.mine) query.set("owner", "me");
        if (tab === "all") {
            for (const name of /** @type {const} */ (["q", "state", "flag"])) if (filters[name]) query.set(name, filters[name]);
            if (filters.suspicious) query.set("suspicious", "1");
        } else query.set("list", tab);
        if (!anew && next) query.set("after", next);
        try {
            const answer = await app.api.get(`${tab === "all" ? "/orders" : "/orders/work"}?${query}`);
            if (mine !== asked) return;
            orders = anew ? answer.orders : [...orders, ...answer.orders];
            next = answer.next ?? null;
            if (anew) chosen.clear();
            drawList();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {any} order */
    function replaceOrder(order) {
        orders = orders.map((one) => (one.id === order.id ? order : one));
        drawList();
    }

    function drawList() {
        const bulk = app.can("order.bulk");
        const box = /** @param {any} order */ (order) => h("input", {
            type: "checkbox", checked: chosen.has(order.id), "aria-label": t("orders.choose", { number: order.number }),
            onchange: () => {
                if (!chosen.delete(order.id)) chosen.add(order.id);
                drawList();
            },
        });
        const work = tab !== "all";
        fill(list,
            bulk && chosen.size > 0 ? bulkBar() : null,
            orders.length === 0 ? h("p", { class: "set-empty" }, t("orders.none")) : h("table", { class: "orders-table" },
                h("thead", null, h("tr", null,
                    bulk ? h("th", { scope: "col" }, h("input", {
                        type: "checkbox", checked: chosen.size === orders.length, "aria-label": t("orders.chooseAll"),
                        onchange: () => {
                            const all = chosen.size === orders.length;
                            chosen.clear();
                            if (!all) for (const order of orders.slice(0, 200)) chosen.add(order.id);
                            drawList();
                        },
                    })) : null,
                    ["number", "buyer", "goods", "amount", "status"].map((name) => h("th", { scope: "col" }, t(`orders.${name}`))),
                    work ? h("th", { scope: "col" }, t("orders.outcome")) : null)),
                h("tbody", null, orders.map((order) => h("tr", { "aria-current": order.id === sheet.id && !sheetPlace.hidden ? "true" : null },
                    bulk ? h("td", { class: "choose" }, box(order)) : null,
                    h("td", null, h("button", {
                        type: "button", class: "orders-open", "aria-label": t("orders.open", { number: order.number }),
                        onclick: () => app.navigate(`/orders/${order.id}`),
                    }, order.number), flagMark(order.flag),
                    order.suspicious ? h("span", { class: "tag warn" }, t("orders.suspicious")) : null,
                    h("div", { class: "order-soft" }, shortTime(order.createdAt))),
                    h("td", null, order.buyerNick, h("div", { class: "order-soft" }, `${order.receiver.name} ${order.receiver.mobile}`)),
                    h("td", null, order.lines[0]?.title ?? "", order.lines.length > 1
                        ? h("div", { class: "order-soft" }, t("orders.pieces", { n: order.lines.length })) : null),
                    h("td", { class: "number" }, money(order.payable)),
                    h("td", null, statusLine(order)),
                    work ? h("td", null, order.outcome ?? "–") : null)))),
            next ? h("button", { type: "button", class: "button", onclick: () => read(false) }, t("orders.more")) : null,
            h("p", { class: "order-soft", role: "status" }, t("orders.counted", { n: orders.length })));
    }

    function bulkBar() {
        return h("div", { class: "orders-bulk", role: "group" }, h("strong", null, t("orders.chosen", { n: chosen.size })),
            ["remind", "note", "assign", "close"].filter((act) => act !== "close" || app.can("order.close")).map((act) =>
                h("button", { type: "button", class: "button small", onclick: () => startBulk(act) }, t(`orders.bulk.${act}`))));
    }

    /** @param {string} act */
    async function startBulk(act) {
        /** @type {Record<string, any>} */
        let more = { language: language() };
        if (act === "note") {
            const values = await app.dialog.form({
                title: t("orders.bulk.note"), ok: t("orders.bulkPreview"), fields: [
                    { name: "memo", label: t("orders.memo"), type: "textarea", max: 1000 },
                    {
                        name: "flag", label: t("orders.flag"), type: "choice", value: "1",
                        options: [0, 1, 2, 3, 4, 5].map((flag) => ({ value: String(flag), label: t(`orders.flag.${flag}`) })),
                    },
                ],
                submit: ({ memo, flag }) => ({ ...(memo ? { memo } : {}), flag: Number(flag) }),
            });
            if (!values) return;
            more = values;
        } else if (act === "assign") more = { owner: "me" };
        else if (act === "close") {
            const some = await app.api.get(`/orders/${[...chosen][0]}`);
            const values = await app.dialog.form({
                title: t("orders.bulk.close"), ok: t("orders.bulkPreview"), fields: [{
                    name: "reason", label: t("orders.reason"), type: "choice", required: true,
                    options: some.reasons.map((/** @type {any} */ reason) => ({ value: reason.code, label: pick(reason.name) })),
                }],
                submit: ({ reason }) => ({ reason }),
            });
            if (!values) return;
            more = values;
        }
        try {
            const wanted = { act, orders: [...chosen], ...more };
            const preview = await app.api.post("/orders/bulk", { ...wanted, preview: true });
            const can = preview.rows.filter((/** @type {any} */ row) => row.ok);
            const go = await app.dialog.open({
                title: t("orders.bulkPreview"), size: "medium", body: [
                    h("p", null, t("orders.bulkCan", { n: can.length }), " · ", t("orders.bulkCannot", { n: preview.rows.length - can.length })),
                    results(preview.rows),
                ],
                actions: [
                    { label: t("shell.cancel"), kind: "plain", value: "no" },
                    ...(can.length > 0 ? [{ label: t("orders.bulkRun", { n: can.length }), kind: /** @type {"primary"} */ ("primary"), value: "go" }] : []),
                ],
            });
            if (go !== "go") return;
            const done = await app.api.post("/orders/bulk", { ...wanted, orders: can.map((/** @type {any} */ row) => row.order) });
            const good = done.rows.filter((/** @type {any} */ row) => row.ok).length;
            app.toast({ text: t("orders.bulkDone", { n: good, m: preview.rows.length - good }), kind: "good" });
            if (good < done.rows.length) await app.dialog.open({ title: t("orders.bulkDone", { n: good, m: done.rows.length - good }), body: [results(done.rows)] });
            await read(true);
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {any[]} rows */
    const results = (rows) => h("ul", { class: "orders-results", role: "list" }, rows.map((row) => h("li", null,
        icon(row.ok ? "check" : "close"),
        h("span", null, row.number ?? row.order, row.ok ? "" : `: ${pick(row.why)} ${pick(row.instead)}`))));

    /** @param {number} at */
    async function readLedger(at) {
        asked += 1;
        const mine = asked;
        try {
            const answer = await app.api.get(`/payments?at=${at}`);
            if (mine !== asked) return;
            drawLedger(answer, answer.payments);
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {any} answer @param {any[]} rows */
    function drawLedger(answer, rows) {
        fill(list,
            h("div", { class: "orders-sums" }, answer.sums.map((/** @type {any} */ one) =>
                h("strong", null, t("orders.ledgerSum", { name: pick(one.name), n: one.count, amount: money(one.amount) })))),
            rows.length === 0 ? h("p", { class: "set-empty" }, t("orders.ledgerNone")) : h("table", { class: "orders-table" },
                h("thead", null, h("tr", null, ["ledgerTime", "ledgerKind", "amount", "number", "buyer", "channel"].map((name) =>
                    h("th", { scope: "col" }, t(`orders.${name}`))))),
                h("tbody", null, rows.map((one) => h("tr", null,
                    h("td", null, fullTime(one.at)),
                    h("td", null, pick(one.kindName), one.simulated ? h("span", { class: "tag warn" }, t("orders.simulated")) : null),
                    h("td", { class: "number" }, money(one.kind === "refund" ? -one.amount : one.amount)),
                    h("td", null, h("button", {
                        type: "button", class: "orders-open", onclick: () => app.navigate(`/orders/${one.order}`),
                    }, one.number)),
                    h("td", null, one.buyerNick), h("td", null, `${one.channel} ${one.reference}`))))),
            answer.next ? h("button", {
                type: "button", class: "button", onclick: async () => {
                    const more = await app.api.get(`/payments?at=${answer.from + 1}&after=${answer.next}`);
                    drawLedger(more, [...rows, ...more.payments]);
                },
            }, t("orders.more")) : null);
    }

    function closeSheet() {
        app.navigate("/orders");
    }

    function place() {
        const id = /^\/orders\/(\d+)$/.exec(app.path)?.[1];
        sheetPlace.hidden = !id;
        body.classList.toggle("with-sheet", Boolean(id));
        if (!id) {
            if (tab !== "ledger") drawList();
            return;
        }
        void sheet.show(id).then(() => {
            if (tab !== "ledger") drawList();
        });
    }

    app.events.addEventListener("path", place);
    drawTabs();
    drawFilters();
    await read(true);
    place();
    return () => {
        app.events.removeEventListener("path", place);
        sheet.close();
    };
}
