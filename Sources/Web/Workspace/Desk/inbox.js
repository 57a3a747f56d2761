// The list of conversations: state filters, ordered by time left, drawn only where it is looked at.
import { icon } from "../../Design/icons.js";
import { fill, h, make, perFrame } from "../dom.js";
import { clockTime, fullTime, shortTime, t } from "../words.js";
import { WaitingClock } from "./clock.js";
import { views } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */

/**
 * A row as it was drawn last.
 * @typedef {{element: HTMLLIElement, clock: WaitingClock, key: string, summary: Summary | null}} Row
 */

/** Height of a row, px; the style sheet says the same. */
const rowHeight = 68;
/** Rows drawn outside the visible part. */
const spare = 6;

/** @type {Record<string, string>} */
const empties = {
    mine: "inbox", queue: "users", snoozed: "snooze", closed: "history", mentions: "note", all: "inbox",
};

/**
 * What stands for a message in one line.
 * @param {Summary["preview"]} preview
 */
export function previewText(preview) {
    if (!preview) return t("desk.previewNone");
    if (preview.kind === "image") return t("desk.previewImage");
    if (preview.kind === "file") return `${t("desk.previewFile")} ${preview.text ?? ""}`;
    if (preview.kind === "card") return `${t("desk.previewCard")} ${preview.text ?? ""}`;
    return preview.text || t("desk.withdrawnShort");
}

/**
 * A round letter for a person; the same person has the same tint everywhere.
 * @param {{id: string, name: string}} person
 * @param {string} [more] classes
 */
export function avatar(person, more = "") {
    let sum = 0;
    for (const letter of person.id + person.name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6;
    return h("span", { class: `avatar tint-${sum} ${more}`, "aria-hidden": "true", "data-letter": [...(person.name || "·")][0] });
}

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{open: (id: string) => void, claim: (id: string) => void, current: () => string | null}} acts
 */
export function createInbox(app, store, acts) {
    const stored = sessionStorage.getItem("qinke.view");
    const shownViews = app.can("conversation.readAll") ? /** @type {View[]} */ ([...views, "all"]) : views;
    /** @type {View} */
    let view = shownViews.find((one) => one === stored) ?? "mine";
    /** @type {Summary[]} */
    let rows = [];
    let failed = "";
    /** @type {Map<string, Row>} */
    const drawn = new Map();

    const tabs = h("div", { class: "inbox-tabs", role: "tablist", "aria-label": t("desk.filters") });
    const list = h("ul", { class: "inbox-rows", role: "list" });
    const note = h("div", { class: "inbox-note" });
    const scroller = h("div", {
        class: "inbox-scroll", id: "inbox-panel", role: "tabpanel", "aria-label": t("desk.inbox"), tabIndex: -1,
    }, list, note);
    const element = h("section", { class: "inbox", "aria-label": t("desk.inbox") }, tabs, scroller);

    const tabButtons = new Map(shownViews.map((one) => [one, h("button", {
        type: "button", role: "tab", class: "inbox-tab", "aria-controls": "inbox-panel",
        onclick: () => choose(one),
    })]));
    fill(tabs, [...tabButtons.values()]);
    tabs.addEventListener("keydown", (event) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!step) return;
        event.preventDefault();
        const at = shownViews.indexOf(view);
        choose(shownViews[(at + step + shownViews.length) % shownViews.length]);
        tabButtons.get(view)?.focus();
    });

    /** @param {View} next */
    async function choose(next) {
        view = next;
        sessionStorage.setItem("qinke.view", view);
        scroller.scrollTop = 0;
        if (view === "mentions") store.freshMentions.clear();
        await load(view === "mentions" || view === "closed");
    }

    /** @param {boolean} [anew] */
    async function load(anew = false) {
        failed = "";
        draw();
        try {
            await store.load(view, { anew });
        } catch (problem) {
            failed = /** @type {any} */ (problem)?.message ?? String(problem);
        }
        draw();
    }

    function drawTabs() {
        for (const [one, button] of tabButtons) {
            const count = one === "closed" || one === "all" ? 0 : store.count(one);
            const key = `${one === view}${count}`;
            if (button.dataset.key === key) continue;
            button.dataset.key = key;
            button.setAttribute("aria-selected", String(one === view));
            button.tabIndex = one === view ? 0 : -1;
            fill(button, t(`desk.view.${one}`), count > 0
                ? h("span", { class: one === "mentions" ? "count" : "inbox-count" }, count) : null);
        }
    }

    /** @returns {Row} */
    function makeRow() {
        const clock = make(WaitingClock, { class: "clock" });
        clock.warning = store.warning;
        clock.now = () => store.now();
        const row = h("li", { class: "inbox-row" });
        return { element: row, clock, key: "", summary: null };
    }

    /**
     * @param {Row} row
     * @param {Summary} summary
     */
    function updateRow(row, summary) {
        const draft = store.drafts.get(summary.id) ?? "";
        const typing = store.typing.get(summary.id);
        const active = acts.current() === summary.id;
        const slot = store.slots.get(summary.id);
        row.clock.set(summary.state === "closed" ? null : summary.deadline);
        const unsent = app.connection?.outbox.entries.some((entry) =>
            entry.lane === summary.id && entry.state === "failed") ?? false;
        const drafted = store.drafts.any(summary.id);
        const key = [draft, drafted, typing?.text, active, slot, view, unsent].join("|");
        if (key === row.key && summary === row.summary) return;
        row.key = key;
        row.summary = summary;
        const at = summary.preview?.at ?? summary.openedAt;
        const claimable = summary.state === "queued" && view === "queue";
        fill(row.element,
            h("a", {
                class: `inbox-link ${summary.unread > 0 ? "unread" : ""}`, href: `/desk/${summary.id}`,
                "aria-current": active ? "true" : null, draggable: "false",
            },
                h("span", { class: "inbox-avatar" }, avatar(summary.buyer),
                    summary.unread > 0 ? h("span", { class: "count inbox-unread" },
                        summary.unread > 99 ? "99+" : summary.unread,
                        h("span", { class: "only-read-aloud" }, t("desk.unreadWord"))) : null),
                h("span", { class: "inbox-main" },
                    h("span", { class: "inbox-line" },
                        h("span", { class: "inbox-name" }, summary.buyer.name || t("desk.noName")),
                        slot ? h("kbd", { class: "inbox-slot", "aria-hidden": "true" }, slotKey(slot)) : null,
                        h("span", { class: "inbox-space" }),
                        claimable ? row.clock : summary.state === "snoozed" && summary.snoozedUntil
                            ? h("span", { class: "inbox-time" }, icon("snooze"), clockTime(summary.snoozedUntil))
                            : h("time", { class: "inbox-time", title: fullTime(at) }, shortTime(at))),
                    h("span", { class: "inbox-line" },
                        h("span", { class: "inbox-preview" },
                            unsent ? h("span", { class: "inbox-failed" }, `[${t("desk.notSent")}] `)
                                : drafted && !active ? h("span", { class: "inbox-draft" }, `[${t("desk.draft")}] `) : null,
                            typing ? h("span", { class: "inbox-typing" }, t("desk.typing"))
                                : draft && !active ? draft
                                    : summary.preview?.from === "agent"
                                        ? `${t("desk.you")}${previewText(summary.preview)}`
                                        : previewText(summary.preview)),
                        claimable ? null : row.clock))),
            claimable ? h("button", {
                type: "button", class: "button small primary inbox-claim",
                "aria-label": t("desk.claimOf", { name: summary.buyer.name }),
                onclick: () => acts.claim(summary.id),
            }, t("desk.claim")) : null);
        row.element.classList.toggle("active", active);
    }

    function drawRows() {
        const height = scroller.clientHeight || 600;
        const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - spare);
        const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + height) / rowHeight) + spare);
        const wanted = new Set(rows.slice(first, last).map((summary) => summary.id));
        for (const [id, row] of drawn) {
            // A row that holds the keyboard stays until the keyboard leaves it.
            if (wanted.has(id) || row.element.contains(document.activeElement)) continue;
            row.element.remove();
            drawn.delete(id);
        }
        for (let index = first; index < last; index += 1) {
            const summary = rows[index];
            let row = drawn.get(summary.id);
            if (!row) {
                row = makeRow();
                drawn.set(summary.id, row);
            }
            row.element.style.transform = `translateY(${index * rowHeight}px)`;
            row.element.setAttribute("aria-posinset", String(index + 1));
            row.element.setAttribute("aria-setsize", String(rows.length));
            updateRow(row, summary);
            if (!row.element.isConnected) list.append(row.element);
        }
        if (last >= rows.length - 10 && store.pages.isLoaded(view) && store.pages.hasMore(view)) {
            store.load(view).catch((problem) => {
                failed = problem?.message ?? "";
            });
        }
    }

    function drawNote() {
        list.hidden = rows.length === 0;
        if (failed) {
            fill(note, h("div", { class: "empty" }, icon("alert"), h("p", null, failed),
                h("button", { type: "button", class: "button small", onclick: () => load(true) }, t("shell.retry"))));
        } else if (rows.length === 0 && !store.pages.isLoaded(view)) {
            fill(note, h("p", { class: "inbox-loading" }, t("shell.loading")));
        } else if (rows.length === 0) {
            fill(note, h("div", { class: "empty" }, icon(empties[view]),
                h("p", { class: "empty-title" }, t(`desk.empty.${view}`)), h("p", null, t(`desk.emptyHint.${view}`)),
                view === "mine" && store.count("queue") > 0 ? h("button", {
                    type: "button", class: "button primary", onclick: () => choose("queue"),
                }, t("desk.toQueue", { n: store.count("queue") })) : null));
        } else fill(note);
    }

    const draw = perFrame(() => {
        rows = store.list(view);
        list.style.height = `${rows.length * rowHeight}px`;
        drawTabs();
        drawNote();
        drawRows();
    });
    scroller.addEventListener("scroll", perFrame(drawRows), { passive: true });
    const resized = new ResizeObserver(() => draw());
    resized.observe(scroller);

    // Up and down move along the rows.
    list.addEventListener("keydown", (event) => {
        const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (!step || !(event.target instanceof HTMLElement)) return;
        const row = event.target.closest("li");
        const at = Number(row?.getAttribute("aria-posinset") ?? 0) - 1 + step;
        if (at < 0 || at >= rows.length) return;
        event.preventDefault();
        const top = at * rowHeight;
        if (top < scroller.scrollTop) scroller.scrollTop = top;
        else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) {
            scroller.scrollTop = top + rowHeight - scroller.clientHeight;
        }
        drawRows();
        drawn.get(rows[at].id)?.element.querySelector("a")?.focus({ preventScroll: true });
    });

    const stops = [store.on("inbox", draw), store.on("typing", draw), store.on("draft", draw)];

    return {
        element,
        draw,
        load,
        choose,
        view: () => view,
        rows: () => rows,
        /** Puts the keyboard on the current row, else on the first. */
        focus() {
            const row = drawn.get(acts.current() ?? "") ?? drawn.get(rows[0]?.id);
            row?.element.querySelector("a")?.focus();
        },
        close() {
            resized.disconnect();
            for (const stop of stops) stop();
        },
    };
}

/**
 * The key of a numbered chat: 1…9, 0, -, =
 * @param {number} slot from 1
 */
export function slotKey(slot) {
    return "1234567890-="[slot - 1] ?? "";
}
