// The conversation's entries in a scrolling window. At most `widest` entries are in the page, however long the
// conversation is; scrolling moves the window and reads older pages from the server.
import { icon } from "../../Design/icons.js";
import { fill, h, perFrame, reconcile } from "../dom.js";
import { dayKey, dayName, t } from "../words.js";
import { bubble, isNote, pendingBubble } from "./bubble.js";
import { moveByKeys } from "./timeline-keys.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {import("./open-chat.js").OpenChat} OpenChat */

const widest = 240;
const step = 60;
/** A group of bubbles ends after this silence, ms. */
const groupGap = 3 * 60_000;
/** How long a message that was just sent offers to be taken back beside itself, ms. */
const undoTime = 15_000;
/** How near to the edge counts as being there, px. */
const near = 80;

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{look: (message: Message) => void, menu: (message: Message, anchor: HTMLElement) => void,
 *   reply: (message: Message) => void, act: (verb: "reply" | "edit" | "withdraw" | "copy", message: Message) => void,
 *   leave: () => void, change: (entry: any) => void, undo: (message: Message) => void}} acts
 */
export function createTimeline(app, store, acts) {
    const me = app.session?.staff.id ?? "";
    let id = "";
    /** First number in the page; 0 = as far down as the window reaches. */
    let from = 0;
    /**
     * Last number in the page, null = the newest.
     * @type {number | null}
     */
    let to = null;
    let find = "";
    let unseen = 0;
    let reading = false;
    /** @type {number | undefined} */
    let undoEnd;
    /** @type {Map<number, {element: HTMLElement, message: Message, key: string}>} */
    let drawn = new Map();
    /** @type {Map<string, number>} */
    const progress = new Map();

    const items = h("div", { class: "timeline-items" });
    const pending = h("div", { class: "timeline-pending" });
    const typing = h("div", { class: "timeline-typing", hidden: true });
    const start = h("div", { class: "timeline-start" });
    const scroller = h("div", {
        class: "timeline", role: "log", "aria-live": "off", "aria-label": t("desk.timeline"), tabIndex: 0,
    }, start, items, pending, typing);
    const newest = h("button", { type: "button", class: "button small timeline-newest", hidden: true, onclick: () => toNewest() });
    const live = h("div", { class: "only-read-aloud", "aria-live": "polite" });
    const element = h("div", { class: "timeline-frame" }, scroller, newest, live);

    const held = () => store.held.get(id) ?? null;
    const summary = () => store.summaries.get(id) ?? null;
    const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near;

    /** The entries in the window. */
    function windowOf(/** @type {readonly Message[]} */ messages) {
        let end = messages.length;
        if (to !== null) {
            end = messages.findIndex((message) => message.number > /** @type {number} */ (to));
            if (end < 0) end = messages.length;
        }
        let begin = from > 0 ? messages.findIndex((message) => message.number >= from) : end - step;
        if (begin < 0) begin = 0;
        if (end - begin > widest) begin = to === null && stuck ? end - widest : begin;
        if (end - begin > widest) end = begin + widest;
        return { begin, end };
    }

    let stuck = true;

    /** @param {Message} message */
    function tickOf(message) {
        if (message.author.kind !== "agent" || isNote(message) || message.withdrawn) return "";
        const now = summary();
        if (!now) return "";
        if (message.number <= now.readByBuyer) return "read";
        return message.number <= now.deliveredToBuyer ? "delivered" : "sent";
    }

    /**
     * @param {Message | undefined} a
     * @param {Message | undefined} b
     */
    function together(a, b) {
        return a !== undefined && b !== undefined && a.kind !== "system" && b.kind !== "system" &&
            !a.withdrawn && !b.withdrawn && a.author.kind === b.author.kind && a.author.id === b.author.id &&
            isNote(a) === isNote(b) && a.audience === b.audience && b.at - a.at < groupGap &&
            dayKey(a.at) === dayKey(b.at);
    }

    function drawItems() {
        const now = held();
        if (!now) return;
        const { messages } = now.state;
        const { begin, end } = windowOf(messages);
        const next = new Map();
        /** @type {Node[]} */
        const order = [];
        for (let index = begin; index < end; index += 1) {
            const message = messages[index];
            const before = messages[index - 1];
            const after = messages[index + 1];
            const day = !before || dayKey(before.at) !== dayKey(message.at);
            const divider = now.readFrom > 0 && message.number > now.readFrom && (before?.number ?? 0) <= now.readFrom &&
                message.number <= now.openedUpTo;
            const first = !together(before, message) || divider;
            const last = !together(message, after);
            const state = tickOf(message);
            const undo = index === messages.length - 1 && message.author.kind === "agent" && message.author.id === me &&
                !message.withdrawn && store.now() - message.at < undoTime;
            if (undo) {
                clearTimeout(undoEnd);
                undoEnd = setTimeout(draw, undoTime - (store.now() - message.at) + 50);
            }
            const key = `${day}${divider}${first}${last}${state}${undo}${find}`;
            let item = drawn.get(message.number);
            if (!item || item.message !== message || item.key !== key) {
                const focused = item?.element.contains(document.activeElement) ?? false;
                item = { message, key, element: makeItem(message, { day, divider, first, last, state, undo, messages }) };
                if (focused) keepFocus(item.element);
            }
            next.set(message.number, item);
            order.push(item.element);
        }
        drawn = next;
        reconcile(items, order);
        fill(start, now.oldest && begin === 0
            ? h("p", { class: "system-line" }, t("desk.beginning"))
            : h("p", { class: "system-line" }, t(reading ? "desk.readingOlder" : "desk.scrollForOlder")));
    }

    /**
     * The entry that holds the keyboard was made anew; when it can hold it no more, writing goes on.
     * @param {HTMLElement} element
     */
    function keepFocus(element) {
        queueMicrotask(() => {
            const target = element.matches("article[tabindex]") ? element : element.querySelector("article[tabindex]");
            if (target instanceof HTMLElement) target.focus({ preventScroll: true });
            else acts.leave();
        });
    }

    /**
     * @param {Message} message
     * @param {{day: boolean, divider: boolean, first: boolean, last: boolean, state: string, undo: boolean, messages: readonly Message[]}} how
     */
    function makeItem(message, how) {
        const body = bubble(message, {
            me, first: how.first, last: how.last, find,
            tick: /** @type {any} */ (how.state),
            quoted: message.replyTo ? how.messages.find((one) => one.number === message.replyTo) ?? null : null,
            jump: (number) => jump(number), look: acts.look, menu: acts.menu, reply: acts.reply,
            undo: how.undo ? () => acts.undo(message) : null,
        });
        if (!how.day && !how.divider) return body;
        return h("div", { class: "timeline-item" },
            how.day ? h("p", { class: "day-line" }, h("span", null, dayName(message.at))) : null,
            how.divider ? h("p", { class: "unread-line" }, h("span", null, t("desk.unreadLine"))) : null,
            body);
    }

    function drawPending() {
        const box = app.connection?.outbox;
        const entries = (box?.entries ?? []).filter((entry) => entry.lane === id && entry.frame.type === "say");
        const language = app.language();
        fill(pending, entries.map((entry) => pendingBubble(entry, {
            online: app.connection?.status === "live",
            progress: progress.get(entry.key),
            problem: entry.problem?.message?.[language] ?? "",
            instead: entry.problem?.instead?.[language] ?? "",
            retry: () => box?.retry(entry.key),
            discard: () => box?.discard(entry.key),
            change: () => acts.change(entry),
        })));
    }

    function drawTyping() {
        const entry = store.typing.get(id);
        typing.hidden = !entry;
        if (!entry) {
            fill(typing);
            return;
        }
        fill(typing, h("span", { class: "typing-dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
            h("span", { class: "typing-name" }, t("desk.typingBy", { name: entry.name })),
            entry.text ? h("span", { class: "typing-text" }, entry.text) : null);
    }

    function drawNewest() {
        const away = !atEnd() || to !== null;
        newest.hidden = !away;
        if (away) {
            fill(newest, icon("down"), unseen > 0 ? t("desk.newMessages", { n: unseen }) : t("desk.toNewest"));
        }
    }

    /** Draws everything; keeps the reader's place, or the end when they were there. */
    function drawNow() {
        if (!id || !held()) return;
        stuck = to === null && (stuck || atEnd());
        const wasStuck = stuck;
        const anchor = wasStuck ? null : anchorItem();
        drawItems();
        drawPending();
        drawTyping();
        if (wasStuck) scroller.scrollTop = scroller.scrollHeight;
        else if (anchor?.element.isConnected) {
            scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
        }
        if (wasStuck) unseen = 0;
        drawNewest();
    }
    const draw = perFrame(drawNow);

    /** The first entry on screen and where it stands. */
    function anchorItem() {
        const top = scroller.getBoundingClientRect().top;
        for (const child of items.children) {
            const box = child.getBoundingClientRect();
            if (box.bottom > top) return { element: child, top: box.top };
        }
        return null;
    }

    /** Moves the window when the reader comes near its edge. */
    async function moved() {
        const now = held();
        if (!now) return;
        stuck = to === null && atEnd();
        if (stuck) unseen = 0;
        drawNewest();
        const { messages } = now.state;
        if (scroller.scrollTop < 500 && !reading) {
            const { begin, end } = windowOf(messages);
            if (begin > 0) {
                const nextBegin = Math.max(0, begin - step);
                from = messages[nextBegin].number;
                if (end - nextBegin > widest) to = messages[nextBegin + widest - 1].number;
                drawNow();
            } else if (!now.oldest) {
                reading = true;
                const mine = id;
                try {
                    if (messages[0]) from = Math.max(1, messages[0].number - 100);
                    if (messages.length > 140) to ??= messages[Math.min(messages.length, 139)].number;
                    await store.older(id);
                } catch (problem) {
                    app.fail(problem);
                } finally {
                    reading = false;
                    if (mine === id) drawNow();
                }
            }
        } else if (to !== null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 500) {
            const { begin, end } = windowOf(messages);
            const nextEnd = Math.min(messages.length, end + step);
            if (nextEnd === messages.length) to = null;
            else to = messages[nextEnd - 1].number;
            const nextBegin = Math.max(begin, nextEnd - widest);
            from = messages[nextBegin]?.number ?? 0;
            drawNow();
        }
    }
    scroller.addEventListener("scroll", perFrame(() => void moved()), { passive: true });
    const resized = new ResizeObserver(() => {
        if (stuck) scroller.scrollTop = scroller.scrollHeight;
    });
    resized.observe(scroller);

    function toNewest() {
        from = 0;
        to = null;
        stuck = true;
        unseen = 0;
        drawNow();
    }

    /**
     * Shows an entry, reading older pages when it lies before them, and lights it up.
     * @param {number} number
     */
    async function jump(number) {
        const mine = id;
        try {
            await store.reach(id, number);
        } catch (problem) {
            app.fail(problem);
            return;
        }
        const messages = held()?.state.messages;
        if (mine !== id || !messages) return;
        const at = messages.findIndex((message) => message.number >= number);
        if (at < 0) return;
        const { begin, end } = windowOf(messages);
        if (at < begin || at >= end) {
            from = messages[Math.max(0, at - step)].number;
            const last = Math.min(messages.length, at + step);
            to = last === messages.length ? null : messages[last - 1].number;
        } else if (from === 0) from = messages[begin].number;
        stuck = false;
        drawItems();
        const target = drawn.get(messages[at].number)?.element;
        target?.scrollIntoView({ block: "center" });
        target?.classList.add("lit");
        setTimeout(() => target?.classList.remove("lit"), 1600);
        drawNewest();
    }

    moveByKeys(scroller, {
        message: (number) => held()?.state.messages.find((one) => one.number === number),
        menu: acts.menu, act: acts.act, leave: acts.leave,
    });

    const stops = [
        store.on("conversation", (detail) => {
            if (detail.id === id) draw();
        }),
        store.on("arrived", (detail) => {
            if (detail.id !== id) return;
            if (!stuck) unseen += 1;
            const { message } = detail;
            if (message.kind !== "system" && message.author.id !== me) {
                fill(live, t("desk.liveMessage", { name: message.author.name, text: message.text || t(`desk.kind.${message.kind}`) }));
            }
        }),
        store.on("typing", (detail) => {
            if (detail.id === id) draw();
        }),
        app.connection?.on("outbox.changed", draw),
        app.connection?.on("outbox.refused", (news) => {
            if (news.entry.lane === id) fill(live, t("desk.liveRefused"));
        }),
        app.connection?.on("outbox.progress", (news) => {
            progress.set(news.key, news.part);
            draw();
        }),
        app.connection?.on("status", draw),
    ];

    return {
        element,
        scroller,
        /**
         * Shows another conversation from its newest entries.
         * @param {string} next
         */
        show(next) {
            id = next;
            from = 0;
            to = null;
            find = "";
            stuck = true;
            unseen = 0;
            drawn = new Map();
            fill(items);
            fill(live);
            const now = held();
            if (now && now.readFrom > 0) {
                const messages = now.state.messages;
                const at = messages.findIndex((message) => message.number > now.readFrom);
                if (at >= 0 && messages.length - at > step - 10) from = messages[Math.max(0, at - 10)].number;
            }
            drawNow();
        },
        draw, jump, toNewest,
        /** Puts the keyboard on the newest message. */
        focusLast() {
            const last = [...items.querySelectorAll("article[data-number]")].at(-1);
            if (last instanceof HTMLElement) last.focus();
        },
        atEnd: () => stuck,
        /**
         * Marks a text in the messages.
         * @param {string} text
         */
        mark(text) {
            find = text;
            draw();
        },
        close() {
            resized.disconnect();
            for (const stop of stops) stop?.();
        },
    };
}
