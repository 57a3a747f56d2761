// The agents' desk: conversations at the left, the chat in the middle, the buyer at the right. This file puts the
// parts together; each part knows itself.
import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { addWords, t } from "../words.js";
import { createActions } from "./actions.js";
import { createAlerts } from "./alerts.js";
import { createChatHead } from "./chat-head.js";
import { deskCommands } from "./commands.js";
import { createComposer } from "./composer.js";
import { deskShortcuts } from "./desk-keys.js";
import { createInbox } from "./inbox.js";
import { createDuty } from "./duty.js";
import { openLightbox } from "./lightbox.js";
import { createMessageActs } from "./message-acts.js";
import { tellNews } from "./news.js";
import { followItems } from "./item-now.js";
import { createPanel } from "./panel.js";
import { managePhrases } from "./phrase-manager.js";
import { PhraseBook } from "./phrases.js";
import { Store } from "./store.js";
import { createTimeline } from "./timeline.js";
import { deskWords } from "./words.js";

addWords(deskWords);

/** @type {import("../shell.js").Mount} */
export async function mount(root, app) {
    await Promise.all(["desk", "inbox", "timeline", "composer", "panel"].map((name) =>
        useCSS(new URL(`./${name}.css`, import.meta.url))));
    const store = new Store(app);
    const book = new PhraseBook(app);
    const alerts = createAlerts(app);
    const me = app.session?.staff.id ?? "";
    /** @type {string | null} */
    let id = null;
    /** @type {any[]} */
    let people = [];
    /**
     * Presence of colleagues as far as it was heard.
     * @type {Map<string, any>}
     */
    const presences = new Map();
    let lastRead = 0;
    const wide = matchMedia("(min-width: 1100px)");
    let panelOpen = localStorage.getItem("qinke.panel") !== "closed";

    const current = () => (id ? store.summaries.get(id) ?? null : null);
    const lastOwn = () => [...(id ? store.held.get(id)?.state.messages ?? [] : [])].reverse().find((message) =>
        message.author.kind === "agent" && message.author.id === me && message.kind === "text" && !message.withdrawn &&
        store.now() - message.at < store.editTime) ?? null;

    const inbox = createInbox(app, store, {
        open: (next) => app.navigate(`/desk/${next}`), claim: (next) => actions.claim(next), current: () => id,
    });
    const actions = createActions(app, store, {
        current, presences, people: () => people, others: () => panel.others(), next: nextChat,
    });
    const messages = createMessageActs(app, store, { id: () => id, composer: () => composer, actions });
    const timeline = createTimeline(app, store, {
        look: openLightbox, menu: (message, anchor) => messages.menu(message, anchor),
        act: (verb, message) => messages.act(verb, message),
        reply: (message) => composer.reply(message), leave: () => composer.focus(),
        change: (entry) => composer.takeBack(entry), undo: (message) => messages.act("withdraw", message),
    });
    const composer = createComposer(app, store, book, {
        manage: () => managePhrases(app, book),
        people: () => people.filter((person) => person.id !== me && !person.suspended)
            .map((person) => ({ id: person.id, name: person.nickname || person.name })),
        lastOwn, sent: () => timeline.toNewest(), focusTimeline: () => timeline.focusLast(),
        claim: () => id && actions.claim(id), reopen: () => actions.reopen(), takeOver: () => actions.takeOver(),
        wake: () => actions.wake(),
    });
    const stopItems = followItems(app);
    const panel = createPanel(app, store, {
        jump(number, text) {
            timeline.mark(text);
            if (number > 0) void timeline.jump(number);
        },
        close: () => showPanel(false), merge: () => actions.merge(),
        insert: (text) => {
            composer.insert(text);
            composer.focus();
        },
    });
    const head = createChatHead(app, store, actions, {
        back: () => app.navigate("/desk"), panel: () => showPanel(!panelOpen), current,
        panelOpen: () => panelOpen,
    });

    const chat = h("section", { class: "chat", "aria-label": t("desk.chat") }, head.element, timeline.element, composer.element);
    const nothing = h("section", { class: "chat-empty" });
    const { duty, bell, drawDuty, drawBell } = createDuty(app, store, alerts, () => nextUrgent());
    const left = h("div", { class: "desk-left" }, duty, inbox.element, bell);
    const desk = h("div", { class: "desk" }, left, chat, nothing, panel.element);
    fill(root, desk);
    root.classList.add("desk-page");

    function drawNothing() {
        const waiting = store.count("queue");
        fill(nothing, h("div", { class: "empty" }, icon("chat"),
            h("p", { class: "empty-title" }, t("desk.pickOne")), h("p", null, t("desk.pickOneHint")),
            waiting > 0 ? h("button", {
                type: "button", class: "button primary", onclick: () => inbox.choose("queue"),
            }, t("desk.toQueue", { n: waiting })) : null));
    }

    /** @param {boolean} open */
    function showPanel(open) {
        panelOpen = open;
        if (wide.matches) localStorage.setItem("qinke.panel", open ? "open" : "closed");
        layout();
    }

    /** On a narrow screen the panel would cover the chat, so it waits to be asked for. */
    function resized() {
        panelOpen = wide.matches && localStorage.getItem("qinke.panel") !== "closed";
        layout();
    }

    function layout() {
        desk.dataset.panel = panelOpen && id ? "open" : "closed";
        desk.dataset.chat = id ? "open" : "closed";
        chat.hidden = !id;
        nothing.hidden = Boolean(id);
        head.draw();
    }

    /**
     * Opens the conversation of the address.
     * @param {string | null} next
     */
    async function show(next) {
        if (next === id) return;
        const before = current();
        if (before && before.owner?.id !== me) app.connection?.tell({ type: "unwatch", conversation: before.id });
        const held = id ? store.held.get(id) : null;
        if (held) held.readFrom = 0;
        id = next;
        lastRead = 0;
        if (!wide.matches) panelOpen = false;
        layout();
        inbox.draw();
        if (!next) {
            drawNothing();
            return;
        }
        sessionStorage.setItem("qinke.open", next);
        if (!store.held.has(next)) chat.setAttribute("aria-busy", "true");
        try {
            await store.open(next);
        } catch (problem) {
            if (id !== next) return;
            app.fail(problem);
            app.navigate("/desk", { replace: true });
            return;
        } finally {
            chat.removeAttribute("aria-busy");
        }
        if (id !== next) return;
        const summary = current();
        if (summary && summary.owner?.id !== me) app.connection?.tell({ type: "watch", conversation: next });
        const opened = store.held.get(next);
        if (opened && summary && summary.unread > 0 && opened.readFrom === 0) {
            opened.readFrom = summary.readByAgent;
            opened.openedUpTo = summary.lastNumber;
        }
        store.freshMentions.delete(next);
        timeline.show(next);
        composer.show(next);
        panel.show(next);
        head.draw();
        inbox.draw();
        if (matchMedia("(pointer: fine)").matches) composer.focus();
        readNow();
    }

    /** Tells the server how far the owner has read, once what came is on a screen that is looked at. */
    function readNow() {
        const summary = current();
        if (!summary || summary.owner?.id !== me || !document.hasFocus() || document.visibilityState === "hidden") return;
        if (!timeline.atEnd() || summary.lastPublic <= summary.readByAgent || summary.lastPublic <= lastRead) return;
        lastRead = summary.lastPublic;
        app.connection?.command({ type: "read", conversation: summary.id, upTo: summary.lastPublic }).catch(() => {
            lastRead = 0; // the next look tries again
        });
    }

    function nextChat() {
        const next = store.mostUrgent(id);
        if (next) app.navigate(`/desk/${next.id}`);
        else app.navigate("/desk");
    }

    function nextUrgent() {
        const next = store.mostUrgent(id) ?? store.list("queue")[0];
        if (next) app.navigate(`/desk/${next.id}`);
        else app.toast({ text: t("desk.nobodyWaits"), kind: "good", ms: 2500 });
    }

    /** @param {number} slot */
    function toSlot(slot) {
        for (const [chatID, number] of store.slots) {
            if (number === slot) {
                app.navigate(`/desk/${chatID}`);
                return;
            }
        }
        return false;
    }

    /** @param {number} step */
    function along(step) {
        const rows = inbox.rows();
        if (rows.length === 0) return false;
        const at = rows.findIndex((row) => row.id === id);
        const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
        app.navigate(`/desk/${next.id}`);
    }

    // What comes in

    /** @type {((() => void) | undefined)[]} */
    const stops = [
        app.connection?.on("event", (frame) => store.hear(frame)),
        app.connection?.on("typing", (frame) => store.typing.hear(frame)),
        app.connection?.on("outbox.acked", (news) => {
            if (news.entry.frame.type === "say") store.acknowledged(news.entry, news.ack);
        }),
        app.connection?.on("outbox.refused", (news) => {
            if (news.entry.lane !== id) app.fail(app.api.refusal(news.entry.problem));
        }),
        app.connection?.on("status", () => {
            const summary = current();
            if (app.connection?.status === "live" && summary && summary.owner?.id !== me) {
                app.connection.tell({ type: "watch", conversation: summary.id });
            }
            inbox.draw();
        }),
        store.on("inbox", () => {
            head.draw();
            drawBell();
            if (!id) drawNothing();
            app.badge(store.unreadChats());
        }),
        store.on("conversation", (detail) => {
            if (detail.id === id) requestAnimationFrame(() => readNow());
        }),
        ...tellNews(app, store, alerts, () => id),
        store.on("other", (frame) => {
            if (frame.kind !== "presence.changed") return;
            presences.set(frame.body.staff.id, frame.body);
            if (frame.body.staff.id === me && app.session) {
                app.session.presence = { state: frame.body.state, reason: frame.body.reason };
                app.events.dispatchEvent(new Event("presence"));
            }
        }),
    ];

    /** @param {() => unknown} run */
    const withChat = (run) => () => (id ? run() : false);
    stops.push(app.keys.add(deskShortcuts({
        slot: toSlot, urgent: nextUrgent, along, list: () => inbox.focus(), claim: claimShown,
        messages: withChat(() => timeline.focusLast()),
        write: withChat(() => composer.focus()),
        reply: withChat(() => composer.takeReply()),
        note: withChat(() => composer.setNote(!composer.isNote())),
        transfer: withChat(() => void actions.transfer()),
        snooze: withChat(() => void actions.snooze()),
        close: withChat(() => void actions.close()),
        panel: withChat(() => showPanel(!panelOpen)),
        tags: withChat(() => openPanelAt(() => panel.focusTags())),
        search: withChat(() => openPanelAt(() => panel.focusSearch())),
        back: () => (id && !wide.matches ? app.navigate("/desk") : false),
    })));

    function claimShown() {
        const summary = current();
        const waiting = summary?.state === "queued" ? summary : store.list("queue")[0];
        if (!waiting) return false;
        void actions.claim(waiting.id);
    }

    /** @param {() => void} then */
    function openPanelAt(then) {
        showPanel(true);
        then();
    }

    const sources = deskCommands(app, store, book, {
        actions, composer, current, nextUrgent, people: () => people,
        manage: () => managePhrases(app, book), jump: (number) => timeline.jump(number),
        toggleSound: () => {
            alerts.toggleSound();
            drawBell();
        },
        toggleNotices: async () => {
            await alerts.toggleNotices();
            drawBell();
        },
    });
    app.commands.add(sources.local);
    app.commands.add(sources.remote);
    if (app.connection) app.connection.readAnew = () => store.readAnew();

    const pathChanged = () => void show(idOf(app.path));
    const looked = () => readNow();
    app.events.addEventListener("path", pathChanged);
    app.events.addEventListener("presence", drawDuty);
    addEventListener("focus", looked);
    document.addEventListener("visibilitychange", looked);
    timeline.scroller.addEventListener("scroll", looked, { passive: true });
    wide.addEventListener("change", resized);
    // Files dropped anywhere on the chat.
    chat.addEventListener("dragover", (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        chat.classList.add("dropping");
    });
    chat.addEventListener("dragleave", (event) => {
        if (!(event.relatedTarget instanceof Node) || !chat.contains(event.relatedTarget)) chat.classList.remove("dropping");
    });
    chat.addEventListener("drop", (event) => {
        chat.classList.remove("dropping");
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        composer.tray.add(event.dataTransfer.files);
        composer.focus();
    });

    drawBell();
    drawDuty();
    drawNothing();
    layout();
    await Promise.all([
        store.load("mine").catch((problem) => app.fail(problem)),
        store.load("queue").catch(() => {}),
        inbox.load(),
    ]);
    void store.load("snoozed").catch(() => {});
    book.load().catch((problem) => app.fail(problem));
    app.api.get("/staff").then((answer) => {
        people = answer.staff ?? [];
    }, () => {});
    if (app.can("wall.read")) {
        app.api.get("/wall").then((answer) => {
            for (const line of answer.agents ?? []) if (!presences.has(line.staff.id)) presences.set(line.staff.id, line);
        }, () => {});
    }
    const wanted = idOf(app.path) ?? (wide.matches ? sessionStorage.getItem("qinke.open") : null);
    if (wanted && wanted !== idOf(app.path) && store.summaries.has(wanted)) app.navigate(`/desk/${wanted}`, { replace: true });
    void show(idOf(app.path));

    return () => {
        const summary = current();
        if (summary && summary.owner?.id !== me) app.connection?.tell({ type: "unwatch", conversation: summary.id });
        root.classList.remove("desk-page");
        app.commands.delete(sources.local);
        app.commands.delete(sources.remote);
        app.events.removeEventListener("path", pathChanged);
        app.events.removeEventListener("presence", drawDuty);
        removeEventListener("focus", looked);
        document.removeEventListener("visibilitychange", looked);
        wide.removeEventListener("change", resized);
        for (const stop of stops) stop?.();
        for (const part of [inbox, timeline, composer, panel]) part.close();
        stopItems();
    };
}

/**
 * The conversation in `/desk/{id}`.
 * @param {string} path
 */
function idOf(path) {
    return /^\/desk\/([^/]+)/.exec(path)?.[1] ?? null;
}
