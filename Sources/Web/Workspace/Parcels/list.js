// The list of parcels: by problem, promise, state, carrier and province; ticked ones go into a delay batch.

import { icon } from "../../Design/icons.js";
import { query } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { emptyState, filterSelect, searchField, sectionHead, tag, moment } from "../Settings/page.js";
import { openBatch } from "./compose.js";
import { openSheet } from "./sheet.js";
import { shipDialog } from "./ship.js";

/** @type {import("./parcels.js").Part} */
export async function show(room, { app, names, rest }) {
    const wanted = { list: "any", carrier: "", province: "", status: "", q: "" };
    /** @type {any[]} */
    let parcels = [];
    /** @type {string | null} */
    let next = null;
    /** @type {any} */
    let counts = { problems: {}, near: 0, broken: 0, unfinished: 0 };
    /** @type {Set<string>} */
    const ticked = new Set();
    const tabs = h("div", { class: "parcels-lists", role: "group", "aria-label": t("parcels.lists") });
    const list = h("div");
    const bar = h("div", { class: "parcels-acts", hidden: true });
    const more = h("div", { class: "set-load" });
    const counted = h("p", { class: "set-counted", role: "status" });
    const mayNotify = app.can("delay.notify");

    const lists = () => [
        { value: "any", label: t("parcels.anyProblem"), count: sum(counts.problems) },
        ...names.problems.map((one) => ({ ...one, count: counts.problems[one.value] ?? 0 })),
        { value: "near", label: t("parcels.near"), count: counts.near },
        { value: "broken", label: t("parcels.broken"), count: counts.broken },
        { value: "all", label: t("parcels.all"), count: null },
    ];

    /** What the server is asked for. */
    function asked() {
        const promise = wanted.list === "near" || wanted.list === "broken" ? wanted.list : "";
        return {
            problem: promise || wanted.list === "all" ? "" : wanted.list, promise,
            carrier: wanted.carrier, province: wanted.province, status: wanted.status, q: wanted.q,
        };
    }

    async function load(again = true) {
        try {
            const page = await app.api.get(`/parcels${query({ ...asked(), before: again ? "" : next, limit: 50 })}`);
            parcels = again ? page.parcels : [...parcels, ...page.parcels];
            next = page.next;
            counts = page.counts;
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    function draw() {
        fill(tabs, lists().map((one) => h("button", {
            type: "button", class: "button small", "aria-pressed": one.value === wanted.list ? "true" : "false",
            onclick: () => {
                wanted.list = one.value;
                ticked.clear();
                void load();
            },
        }, one.label, one.count ? h("span", { class: "count" }, one.count) : null)));
        counted.textContent = t("parcels.counted", { n: parcels.length });
        fill(list, parcels.length ? h("ul", { class: "parcels-rows", role: "list" }, parcels.map(row))
            : emptyState(t(wanted.list === "all" ? "parcels.none" : "parcels.noneHere")));
        fill(more, next ? h("button", { type: "button", class: "button", onclick: () => load(false) },
            t("parcels.more")) : null);
        drawBar();
    }

    function drawBar() {
        bar.hidden = !mayNotify || parcels.length === 0;
        fill(bar,
            h("span", null, ticked.size ? t("parcels.ticked", { n: ticked.size }) : t("parcels.tickHint")),
            ticked.size ? h("button", {
                type: "button", class: "button small", onclick: () => {
                    ticked.clear();
                    draw();
                },
            }, t("parcels.untick")) : null,
            h("button", { type: "button", class: "button primary", onclick: notify },
                icon("bell"), ticked.size ? t("parcels.notifyTicked") : t("parcels.notifyAll")));
    }

    async function notify() {
        const which = ticked.size ? { parcels: [...ticked] } : { ...asked(), q: undefined };
        if (!ticked.size && wanted.list === "all" && !wanted.carrier && !wanted.province) {
            app.toast({ text: t("parcels.chooseFirst"), kind: "warn" });
            return;
        }
        await openBatch(app, names, which);
    }

    /** @param {any} parcel */
    function row(parcel) {
        const box = mayNotify ? h("input", {
            type: "checkbox", class: "parcels-tick", checked: ticked.has(parcel.id),
            "aria-label": t("parcels.tick", { waybill: parcel.waybill }),
            onchange: () => {
                if (box?.checked) ticked.add(parcel.id);
                else ticked.delete(parcel.id);
                drawBar();
            },
        }) : null;
        return h("li", { class: "parcels-row" }, box,
            h("button", {
                type: "button", class: "parcels-open",
                onclick: async () => {
                    if (await openSheet(app, names, parcel.id)) await load();
                },
            },
                h("span", { class: "parcels-who" },
                    h("strong", null, parcel.buyerName || t("parcels.noName")),
                    h("span", { class: "set-under" }, t("parcels.order", { number: parcel.orderNumber }))),
                h("span", { class: "parcels-what" },
                    h("span", null, names.carrier(parcel.carrier), " ", h("span", { class: "parcels-number" }, parcel.waybill)),
                    h("span", { class: "set-under" }, way(parcel))),
                h("span", { class: "parcels-tags" },
                    parcel.problem ? tag("bad", names.name(`problem.${parcel.problem}`)) : null,
                    parcel.promise === "near" ? tag("warn", t("parcels.near")) : null,
                    parcel.promise === "broken" ? tag("bad", t("parcels.broken")) : null,
                    parcel.answer === "asked" ? tag("info", t(`parcels.asked.${parcel.request}`)) : null,
                    tag("", names.name(`status.${parcel.status}`))),
                h("span", { class: "parcels-when" },
                    parcel.problemSince ? [t("parcels.since"), " ", moment(parcel.problemSince)]
                        : [t("parcels.last"), " ", moment(parcel.lastEventAt, t("parcels.nothingHeard"))])));
    }

    const search = searchField(t("parcels.search"), (text) => {
        wanted.q = text.toUpperCase() === text ? text : text.trim();
        if (wanted.q) wanted.list = "all";
        clearTimeout(timer);
        timer = setTimeout(() => void load(), 250);
    });
    /** @type {any} */
    let timer;
    const province = h("input", {
        class: "input set-filter parcels-province", placeholder: t("parcels.province"), "aria-label": t("parcels.province"),
        onchange: () => {
            wanted.province = province.value.trim();
            void load();
        },
    });
    fill(room,
        sectionHead(t("parcels.part.list"), t("parcels.lead"),
            app.can("parcel.edit") ? h("button", {
                type: "button", class: "button", onclick: async () => {
                    if (await shipDialog(app, names)) await load();
                },
            }, icon("plus"), t("parcels.ship")) : null),
        tabs,
        h("div", { class: "set-filters" }, search,
            filterSelect(t("parcels.carrier"), names.carriers.map((one) => ({ value: one.code, label: one.name })), (value) => {
                wanted.carrier = value;
                void load();
            }),
            filterSelect(t("parcels.status"), names.statuses, (value) => {
                wanted.status = value;
                void load();
            }), province, counted),
        bar, list, more);
    await load();
    if (rest[0]) await openSheet(app, names, rest[0]);
    // What happens to parcels elsewhere is shown a moment later.
    const off = app.connection?.on("event", (/** @type {any} */ frame) => {
        if (!String(frame.kind).startsWith("parcel.")) return;
        clearTimeout(timer);
        timer = setTimeout(() => void load(), 800);
    });
    return () => {
        clearTimeout(timer);
        off?.();
    };
}

/** @param {Record<string, number>} counts */
function sum(counts) {
    return Object.values(counts).reduce((all, one) => all + one, 0);
}

/** @param {any} parcel */
function way(parcel) {
    const place = /** @param {any} one */ (one) => (one ? `${one.province}${one.city ?? ""}` : "…");
    return `${place(parcel.from)} → ${place(parcel.to)}`;
}
