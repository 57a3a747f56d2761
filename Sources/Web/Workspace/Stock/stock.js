// Stock: what stands where, what is low or near its date, what is held, the ledger, and the warehouses.

import { debounced, fill, h, useCSS } from "../dom.js";
import { query } from "../api.js";
import { emptyState, mainButton, rowButton, searchField, sectionHead, table, tag } from "../Settings/page.js";
import { settingsWords } from "../Settings/words.js";
import { addWords, fullTime, t } from "../words.js";
import { editWarehouse } from "./moves.js";
import { ledger, openVariant } from "./variant.js";
import { stockWords } from "./words.js";

addWords(settingsWords);
addWords(stockWords);

const tabs = ["all", "low", "expiring", "holds", "movements", "warehouses"];

/** @type {import("../shell.js").Mount} */
export async function mount(root, app) {
    await Promise.all([
        useCSS(new URL("../Settings/settings.css", import.meta.url)),
        useCSS(new URL("../Forms/form.css", import.meta.url)),
        useCSS(new URL("./stock.css", import.meta.url)),
    ]);
    const nav = h("div", { class: "stock-nav", role: "tablist", "aria-label": t("stock.parts"), onkeydown: step });
    const list = h("div", { class: "set-list", role: "tabpanel" });
    const filters = h("div", { class: "set-filters" });
    const head = h("div");
    const counted = h("p", { class: "set-counted", role: "status" });
    fill(root, h("div", { class: "stock" }, nav,
        h("section", { class: "set-section stock-room", "aria-labelledby": "set-title" }, head, filters, list, counted)));
    let tab = "all";
    let wanted = "";
    let asked = 0;
    /** @type {any[]} */
    let rows = [];
    /** @type {string | undefined} */
    let next;
    /** @type {import("./moves.js").Warehouse[]} */
    let warehouses = [];

    const mayMove = app.can("stock.move");
    const isList = () => ["all", "low", "expiring"].includes(tab);
    const place = /** @param {string} id */ (id) => warehouses.find((one) => one.id === id)?.name ?? "–";
    const search = debounced(250, (/** @type {string} */ text) => {
        wanted = text;
        void read(true);
    });

    function drawTabs() {
        fill(nav, tabs.map((name) => h("button", {
            type: "button", class: "stock-tab", role: "tab", "aria-selected": String(name === tab),
            tabIndex: name === tab ? 0 : -1, "data-tab": name, onclick: () => choose(name),
        }, t(`stock.tab.${name}`))));
    }

    /** @param {KeyboardEvent} event */
    function step(event) {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!by) return;
        event.preventDefault();
        choose(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]);
        /** @type {HTMLElement | null} */ (nav.querySelector('[aria-selected="true"]'))?.focus();
    }

    /** @param {string} name */
    function choose(name) {
        tab = name;
        wanted = "";
        drawTabs();
        fill(filters, isList() ? searchField(t("stock.search"), search) : null);
        void read(true);
    }

    function address() {
        const after = next && rows.length > 0 ? next : undefined;
        if (tab === "holds") return "/holds?limit=200";
        if (tab === "movements") return `/stock/movements${query({ before: after })}`;
        return `/stock${query({ list: tab, q: wanted, after })}`;
    }

    /** @param {boolean} anew */
    async function read(anew) {
        asked += 1;
        const mine = asked;
        if (anew) [rows, next] = [[], undefined];
        try {
            if (tab === "warehouses") {
                ({ warehouses } = await app.api.get("/warehouses"));
                if (mine === asked) draw();
                return;
            }
            const answer = await app.api.get(address());
            if (mine !== asked) return;
            rows = [...rows, ...(answer.stock ?? answer.holds ?? answer.movements)];
            next = answer.next;
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    const again = () => void read(true);

    function draw() {
        const shown = tab === "warehouses" ? warehouses : rows;
        counted.textContent = shown.length ? t("stock.counted", { n: shown.length }) : "";
        fill(list, shown.length === 0 ? emptyState(t(`stock.none.${tab}`))
            : tab === "holds" ? holdTable() : tab === "movements" ? ledger(rows, place)
                : tab === "warehouses" ? warehouseTable() : shelfTable(),
        next ? h("button", { type: "button", class: "button", onclick: () => read(false) }, t("stock.more")) : null);
    }

    function shelfTable() {
        return table(t("stock.title"), [
            {
                label: t("stock.goods"), kind: "wide", cell: (row) => [h("button", {
                    type: "button", class: "stock-open", "aria-label": t("stock.open", { name: `${row.title} ${row.variant}` }),
                    onclick: () => openVariant(app, { sku: row.sku, title: row.title, name: row.variant }, warehouses, again),
                }, row.title), h("div", { class: "stock-soft" }, `${row.variant} ${row.outerID}`)],
            },
            { label: t("stock.warehouse"), cell: (row) => row.warehouseName },
            { label: t("stock.onHand"), kind: "number", cell: (row) => row.onHand },
            { label: t("stock.reserved"), kind: "number", cell: (row) => row.reserved },
            { label: t("stock.held"), kind: "number", cell: (row) => row.held },
            {
                label: t("stock.available"), kind: "number", cell: (row) => [row.available, " ",
                    row.isLow ? tag("warn", t("stock.isLow")) : null,
                    row.expired > 0 ? tag("bad", t("stock.expired", { n: row.expired })) : null],
            },
        ], rows, { empty: "" });
    }

    function holdTable() {
        return table(t("stock.tab.holds"), [
            { label: t("stock.goods"), kind: "wide", cell: (row) => row.name },
            { label: t("stock.warehouse"), cell: (row) => place(row.warehouse) },
            { label: t("stock.quantity"), kind: "number", cell: (row) => row.quantity },
            { label: t("stock.at"), cell: (row) => t("stock.until", { time: fullTime(row.until) }) },
            {
                label: t("stock.release"), quiet: true, kind: "actions", cell: (row) => (app.can("stock.hold")
                    ? rowButton(t("stock.release"), "close", () => release(row), { of: row.name }) : null),
            },
        ], rows, { empty: "" });
    }

    function warehouseTable() {
        return table(t("stock.tab.warehouses"), [
            { label: t("stock.name"), kind: "wide", cell: (row) => row.name },
            { label: t("stock.code"), cell: (row) => row.code },
            { label: t("stock.region"), cell: (row) => row.region || "–" },
            {
                label: t("stock.cutOff"), cell: (row) => (row.cutOff === undefined ? "–"
                    : `${Math.floor(row.cutOff / 60)}:${String(row.cutOff % 60).padStart(2, "0")}`),
            },
            { label: t("stock.active"), cell: (row) => tag(row.active ? "good" : "", t(row.active ? "stock.active" : "stock.inactive")) },
            {
                label: t("set.edit"), quiet: true, kind: "actions", cell: (row) => (mayMove
                    ? rowButton(t("set.edit"), "edit", async () => {
                        if (await editWarehouse(app, row)) again();
                    }, { of: row.name }) : null),
            },
        ], warehouses, { empty: "" });
    }

    /** @param {any} row */
    async function release(row) {
        await app.dialog.confirm({
            title: t("stock.release"), text: t("stock.releaseAsk"), ok: t("stock.release"),
            run: () => app.api.delete(`/holds/${row.id}`),
        });
        again();
    }

    /** Goods may come in that were never there: first which, then the rest. */
    async function chooseVariant() {
        const choices = h("ul", { class: "stock-choices" });
        const chosen = await app.dialog.open({
            title: t("stock.chooseVariant"), size: "medium",
            body: (close) => {
                const find = async (/** @type {string} */ text) => {
                    try {
                        const { variants } = await app.api.get(`/stock/variants${query({ q: text, limit: 30 })}`);
                        fill(choices, variants.length === 0 ? h("li", null, t("stock.noVariant"))
                            : variants.map((/** @type {any} */ one) => h("li", null, h("button", {
                                type: "button", onclick: () => close(one),
                            }, `${one.title} ${one.name}`, h("div", { class: "stock-soft" }, one.outerID)))));
                    } catch (problem) {
                        app.fail(problem);
                    }
                };
                void find("");
                return h("div", null, searchField(t("stock.search"), debounced(250, find)), choices);
            },
        });
        if (chosen) await openVariant(app, chosen, warehouses, again);
    }

    fill(head, sectionHead(t("stock.title"), t("stock.lead"),
        mayMove ? mainButton(t("stock.purchase"), "plus", chooseVariant) : null,
        mayMove ? h("button", {
            type: "button", class: "button", onclick: async () => {
                if (!(await editWarehouse(app, null))) return;
                ({ warehouses } = await app.api.get("/warehouses"));
                if (tab === "warehouses") draw();
            },
        }, t("stock.addWarehouse")) : null));
    ({ warehouses } = await app.api.get("/warehouses"));
    choose("all");
}
