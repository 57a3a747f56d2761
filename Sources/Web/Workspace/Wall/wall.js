// The supervisor's wall: who waits, who answers, what is late. Figures come with `wall` frames, at most one a
// second; when none comes they are fetched, and the screen says how old they are.

import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { addWords, span, t } from "../words.js";
import { WallClock, level } from "./clock.js";
import { openDrawer } from "./drawer.js";
import { agentRow, conversationRow, keyedList, panel } from "./rows.js";
import { wallWords } from "./words.js";

addWords(wallWords);

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {import("./rows.js").AgentLine} AgentLine */
/**
 * @typedef {object} WallState
 * @property {Summary[]} queue
 * @property {Summary[]} waiting
 * @property {AgentLine[]} agents
 * @property {Record<string, number | null>} counts
 * @property {string[]} [nodes] the programs that share the store; absent when there is one
 * @property {number} [now]
 * @property {number} asOf
 */

/** Without a frame for this long, figures are fetched; ms. */
const patience = 3_000;
/** After this long without news the figures are shown as old; ms. */
const stale = 10_000;

/**
 * @param {HTMLElement} root
 * @param {import("../shell.js").App} app
 * @returns {Promise<() => void>}
 */
export async function mount(root, app) {
    await useCSS(new URL("./wall.css", import.meta.url));
    const clock = new WallClock();
    const rules = app.session?.policy ?? {};
    const warning = Number(rules.replyWarning ?? 60) * 1000;
    const reply = Number(rules.replyWithin ?? 180) * 1000;
    const mayWatch = app.can("conversation.watch");

    /** @type {WallState | null} */
    let state = null;
    let heardAt = 0;
    let fetching = false;
    let left = false;
    /** @type {{id: string, close: () => void, load: () => Promise<void>} | null} */
    let drawer = null;

    const tiles = makeTiles();
    const queue = panel("queue", t("wall.queue"), t("wall.queueEmpty"), "check");
    const waiting = panel("waiting", t("wall.waiting"), t("wall.waitingEmpty"), "check");
    const agents = panel("agents", t("wall.agents"), t("wall.agentsEmpty"), "users");
    const open = mayWatch ? watch : undefined;
    const queueRows = keyedList(queue.list, {
        key: (/** @type {Summary} */ item) => item.id, make: () => conversationRow(open),
    });
    const waitingRows = keyedList(waiting.list, {
        key: (/** @type {Summary} */ item) => item.id, make: () => conversationRow(open),
    });
    const agentRows = keyedList(agents.list, {
        key: (/** @type {AgentLine} */ item) => item.staff.id, make: agentRow,
    });

    const age = h("span", { class: "wall-age" });
    const tvButton = h("button", { type: "button", class: "button quiet wall-tv-button", onclick: toggleTV });
    const side = h("div", { class: "wall-side" });
    const wall = h("div", { class: "wall" },
        h("div", { class: "wall-body" },
            h("header", { class: "wall-head" },
                h("h1", null, t("wall.title"),
                    h("span", { class: "wall-shop" }, app.session?.shop.name ?? "")),
                age, tvButton),
            tiles.element,
            h("div", { class: "wall-panels" }, queue.element, waiting.element, agents.element)),
        side);
    fill(root, wall);

    // MARK: News

    /** @param {WallState} next */
    function learn(next) {
        if (left || (state && next.asOf < state.asOf)) return;
        state = next;
        heardAt = Date.now();
        clock.learn(next.now);
        draw();
    }

    async function read() {
        if (fetching) return;
        fetching = true;
        try {
            learn(await app.api.get("/wall"));
        } finally {
            fetching = false;
        }
    }

    function moment() {
        return { now: clock.now(), warning, reply, watched: drawer?.id ?? null };
    }

    function draw() {
        if (!state) return;
        const now = moment();
        queue.size(state.queue.length);
        waiting.size(state.waiting.length);
        const present = state.agents.filter((agent) => agent.state !== "offline" && agent.connected !== false);
        agents.size(state.agents.length, `${present.length}/${state.agents.length}`);
        queueRows.show(state.queue, now);
        waitingRows.show(state.waiting, now);
        agentRows.show(byUrgency(state.agents), now);
        tiles.update(state, now);
    }

    function tick() {
        const silent = Date.now() - heardAt;
        if (silent > patience && !document.hidden) read().catch(() => {});
        const old = silent > stale;
        age.classList.toggle("old", old);
        age.textContent = old ? t("wall.old", { span: span(silent) }) : t("wall.live");
        if (!state) return;
        const now = moment();
        queueRows.tick(now);
        waitingRows.tick(now);
        agentRows.tick(now);
        tiles.update(state, now);
    }

    // MARK: Watching

    /** @param {Summary} conversation */
    function watch(conversation) {
        if (drawer?.id === conversation.id) return;
        drawer?.close();
        const { element, close, load } = openDrawer(app, conversation, {
            clock, warning,
            agents: () => state?.agents ?? [],
            closed: () => {
                if (drawer?.id !== conversation.id) return;
                drawer = null;
                wall.classList.remove("watching");
                draw();
                if (!queueRows.focus(conversation.id) && !waitingRows.focus(conversation.id)) {
                    tvButton.focus();
                }
            },
        });
        drawer = { id: conversation.id, close, load };
        wall.classList.add("watching");
        fill(side, element);
        draw();
    }

    // MARK: TV

    const isTV = () => app.path === "/wall/tv";

    function toggleTV() {
        app.navigate(isTV() ? "/wall" : "/wall/tv");
    }

    async function showTV() {
        const on = isTV();
        wall.classList.toggle("tv", on);
        fill(tvButton, icon(on ? "close" : "expand"), t(on ? "wall.leaveTV" : "wall.tv"));
        try {
            // The whole document, so that dialogs and notices stay on top of the wall.
            const pressed = /** @type {any} */ (navigator).userActivation?.isActive ?? true;
            if (on && pressed && !document.fullscreenElement) await document.documentElement.requestFullscreen();
            if (!on && document.fullscreenElement) await document.exitFullscreen();
        } catch {
            // A browser may refuse; the wall fills the window all the same.
        }
    }

    function leftFullscreen() {
        if (!document.fullscreenElement && isTV()) app.navigate("/wall");
    }

    /** @param {KeyboardEvent} event */
    function onKey(event) {
        if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
        if (drawer) drawer.close();
        else if (isTV()) app.navigate("/wall");
    }

    const stopWall = app.connection?.on("wall", (frame) => learn(frame.wall));
    if (app.connection) {
        app.connection.readAnew = async () => {
            await read();
            await drawer?.load();
        };
    }
    const stopStatus = app.connection?.on("status", () => {
        if (app.connection?.status === "live") app.connection.tell({ type: "watch", wall: true });
    });
    app.connection?.tell({ type: "watch", wall: true });
    app.events.addEventListener("path", showTV);
    document.addEventListener("fullscreenchange", leftFullscreen);
    document.addEventListener("keydown", onKey);
    const timer = setInterval(tick, 1000);
    showTV();
    await read();
    tick();

    return () => {
        left = true;
        if (app.connection) app.connection.readAnew = () => {};
        clearInterval(timer);
        drawer?.close();
        stopWall?.();
        stopStatus?.();
        app.connection?.tell({ type: "unwatch", wall: true });
        app.events.removeEventListener("path", showTV);
        document.removeEventListener("fullscreenchange", leftFullscreen);
        document.removeEventListener("keydown", onKey);
        if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    };
}

/**
 * Those whose buyers wait first, then by how near they are to their cap; the absent last.
 * @param {AgentLine[]} agents
 */
function byUrgency(agents) {
    const order = ["online", "busy", "break", "suspended", "offline"];
    return [...agents].sort((a, b) =>
        Number(a.state === "offline") - Number(b.state === "offline")
        || (a.longestWait ?? Infinity) - (b.longestWait ?? Infinity)
        || order.indexOf(a.state) - order.indexOf(b.state)
        || b.load / Math.max(1, b.cap) - a.load / Math.max(1, a.cap)
        || a.staff.name.localeCompare(b.staff.name));
}

/** The five figures that a supervisor reads from across the room. */
function makeTiles() {
    const names = ["queued", "longest", "overdue", "online", "open"];
    const figures = new Map(names.map((name) => {
        const figure = h("span", { class: "wall-figure" });
        const note = h("span", { class: "wall-note" });
        const element = h("div", { class: `wall-tile ${name}` },
            h("dt", null, t(`wall.tile.${name}`)), h("dd", null, figure, note));
        return [name, { element, figure, note }];
    }));
    /** @type {(name: string, value: string, note: string, mood: string) => void} */
    const set = (name, value, note, mood) => {
        const tile = figures.get(name);
        if (!tile) return;
        tile.figure.textContent = value;
        tile.note.textContent = note;
        tile.element.className = `wall-tile ${name} ${mood}`;
    };
    return {
        element: h("dl", { class: "wall-tiles" }, [...figures.values()].map(({ element }) => element)),
        /**
         * @param {WallState} state
         * @param {import("./rows.js").Moment} moment
         */
        update(state, { now, warning }) {
            const everyone = [...state.queue, ...state.waiting].filter((each) => each.waitingSince);
            const first = everyone.reduce((best, each) =>
                (!best || Number(each.waitingSince) < Number(best.waitingSince) ? each : best),
            /** @type {Summary | null} */ (null));
            const { counts } = state;
            const since = counts.longestWaitSince ?? first?.waitingSince ?? null;
            const nearest = everyone.reduce((least, each) =>
                Math.min(least, each.deadline ?? Infinity), Infinity);
            // What can be seen passing its deadline counts at once, before the next frame says so.
            const overdue = Math.max(counts.overdue ?? 0,
                everyone.filter((each) => level(each.deadline, now, warning) === "over").length);
            set("queued", String(counts.queued ?? state.queue.length), "",
                (counts.queued ?? 0) > 0 ? "look" : "");
            set("longest", since ? span(now - since) : "–",
                since ? first?.buyer.name || t("wall.nobody") : t("wall.nobodyWaits"),
                since ? level(nearest, now, warning) : "");
            set("overdue", String(overdue), "", overdue > 0 ? "over" : "");
            set("online", String(counts.online ?? 0), t("wall.awayNote", {
                busy: counts.busy ?? 0, away: counts.away ?? 0,
            }), !counts.online && everyone.length > 0 ? "late" : "");
            const nodes = state.nodes ?? [];
            set("open", String(counts.open ?? 0), [
                t("wall.closedNote", { count: counts.closedToday ?? 0 }),
                ...(nodes.length > 0 ? [t("wall.nodes", { count: nodes.length, names: nodes.join(", ") })] : []),
            ].join(" · "), "");
        },
    };
}
