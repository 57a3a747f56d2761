// The rows of the wall's three lists. A row is made once per conversation or person and then only updated, so that
// the keyboard's place and the pointer's target stay while figures change every second.

import { icon } from "../../Design/icons.js";
import { h } from "../dom.js";
import { reasonText, span, t } from "../words.js";
import { makeClock } from "./clock.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/**
 * @typedef {object} AgentLine
 * @property {{id: string, name: string}} staff
 * @property {"online" | "busy" | "break" | "suspended" | "offline"} state
 * @property {string | null} [reason]
 * @property {number} since
 * @property {number} load
 * @property {number} cap
 * @property {number} waiting
 * @property {number | null} [longestWait]
 * @property {boolean} [connected] false while their browser is gone
 */
/** @typedef {{now: number, warning: number, reply: number, watched: string | null}} Moment spans in ms */

/**
 * A list that keeps its rows by key.
 * @template T
 * @param {HTMLElement} list
 * @param {{key: (item: T) => string, make: (item: T) => {element: HTMLElement,
 *   update: (item: T, moment: Moment) => void}}} how
 */
export function keyedList(list, { key, make }) {
    /** @type {Map<string, {element: HTMLElement, update: (item: T, moment: Moment) => void}>} */
    const rows = new Map();
    /** @type {T[]} */
    let shown = [];
    return {
        /**
         * @param {T[]} items
         * @param {Moment} moment
         */
        show(items, moment) {
            shown = items;
            const keys = new Set(items.map(key));
            for (const [name, row] of rows) {
                if (keys.has(name)) continue;
                row.element.remove();
                rows.delete(name);
            }
            for (const [index, item] of items.entries()) {
                const name = key(item);
                let row = rows.get(name);
                if (!row) {
                    row = make(item);
                    rows.set(name, row);
                }
                row.update(item, moment);
                // Moving a row takes the keyboard from it, so it is moved only when it is out of place.
                if (list.children[index] !== row.element) {
                    const held = row.element.contains(document.activeElement)
                        ? document.activeElement : null;
                    list.insertBefore(row.element, list.children[index] ?? null);
                    if (held instanceof HTMLElement) held.focus({ preventScroll: true });
                }
            }
        },
        /** @param {Moment} moment */
        tick(moment) {
            for (const item of shown) rows.get(key(item))?.update(item, moment);
        },
        /** @param {string} name */
        focus(name) {
            const target = rows.get(name)?.element.querySelector("button");
            if (target instanceof HTMLElement) target.focus();
            return target instanceof HTMLElement;
        },
    };
}

/**
 * One conversation: queued (with its place) or with an agent.
 * @param {(conversation: Summary) => void} [open] absent when this person may not watch
 */
export function conversationRow(open) {
    const place = h("span", { class: "wall-place", "aria-hidden": "true" });
    const buyer = h("span", { class: "wall-name" });
    const where = h("span", { class: "wall-where" });
    const preview = h("span", { class: "wall-preview" });
    const clock = makeClock();
    /** @type {Summary | null} */
    let current = null;
    const content = [
        place,
        h("span", { class: "wall-text" }, h("span", { class: "wall-line" }, buyer, where), preview),
        clock.element,
    ];
    const body = open
        ? h("button", {
            type: "button", class: "wall-row", onclick: () => current && open(current),
        }, content)
        : h("div", { class: "wall-row" }, content);
    return {
        element: h("li", null, body),
        /**
         * @param {Summary} conversation
         * @param {Moment} moment
         */
        update(conversation, { now, warning, watched }) {
            current = conversation;
            const queued = conversation.state === "queued";
            place.textContent = queued ? String(conversation.place ?? "–") : "";
            place.hidden = !queued;
            buyer.textContent = conversation.buyer.name || t("wall.nobody");
            where.textContent = queued
                ? conversation.group?.name ?? t("wall.anyGroup")
                : conversation.owner?.name ?? t("wall.noOwner");
            preview.textContent = previewText(conversation);
            clock.update(conversation.waitingSince ?? conversation.openedAt,
                conversation.deadline, now, warning);
            if (open) body.setAttribute("aria-pressed", String(watched === conversation.id));
        },
    };
}

/** @param {Summary} conversation */
function previewText(conversation) {
    const { preview } = conversation;
    if (!preview) return "";
    if (preview.kind === "text" || preview.kind === "note") return preview.text;
    const word = t(`wall.kind.${preview.kind}`);
    return preview.text ? `[${word}] ${preview.text}` : `[${word}]`;
}

/** One person with presence, load against cap, and the buyers who wait for them. */
export function agentRow() {
    const mark = h("span", { class: "presence", "aria-hidden": "true" });
    const avatar = h("span", { class: "avatar wall-avatar", "aria-hidden": "true" });
    const name = h("span", { class: "wall-name" });
    const state = h("span", { class: "wall-state" });
    const fill = h("span", { class: "wall-load-fill" });
    const load = h("span", { class: "wall-load-number" });
    const clock = makeClock();
    const element = h("li", { class: "wall-row wall-agent" },
        avatar,
        h("span", { class: "wall-text" }, name,
            h("span", { class: "wall-presence" }, mark, state)),
        h("span", { class: "wall-load" },
            h("span", { class: "wall-load-bar", "aria-hidden": "true" }, fill), load),
        h("span", { class: "wall-agent-clock" }, clock.element));
    return {
        element,
        /**
         * @param {AgentLine} agent
         * @param {Moment} moment
         */
        update(agent, { now, warning, reply }) {
            const full = agent.cap > 0 && agent.load >= agent.cap;
            name.textContent = agent.staff.name;
            avatar.textContent = [...agent.staff.name][0] ?? "·";
            const lost = agent.connected === false && agent.state !== "offline";
            mark.className = `presence ${lost ? "offline" : agent.state}`;
            const word = lost ? t("wall.lost") : t(`presence.${agent.state}`);
            const parts = [agent.reason ? `${word} · ${reasonText(agent.reason)}` : word];
            if (agent.state !== "offline" || agent.since) parts.push(span(now - agent.since));
            state.textContent = parts.join(" · ");
            load.textContent = t("wall.load", { load: agent.load, cap: agent.cap });
            fill.style.width = `${Math.min(100, (agent.load / Math.max(1, agent.cap)) * 100)}%`;
            element.classList.toggle("full", full);
            element.classList.toggle("away", agent.state === "offline" || lost);
            clock.update(agent.longestWait, agent.longestWait ? agent.longestWait + reply : null,
                now, warning);
            clock.element.title = agent.longestWait
                ? t("wall.agentWaiting", { count: agent.waiting }) : "";
        },
    };
}

/**
 * A panel with a heading, a count and a list; an empty list says so.
 * @param {string} name
 * @param {string} title
 * @param {string} empty
 * @param {string} symbol
 */
export function panel(name, title, empty, symbol) {
    const count = h("span", { class: "wall-count" });
    const heading = `wall-${name}`;
    // Scrollable, so the keyboard must reach it also where its rows are no buttons.
    const list = h("ul", { class: "wall-list", role: "list", tabIndex: 0, "aria-labelledby": heading });
    const nothing = h("div", { class: "wall-empty" }, icon(symbol), h("p", null, empty));
    const element = h("section", { class: `wall-panel wall-panel-${name}`, "aria-labelledby": heading },
        h("h2", { id: heading }, title, " ", count), nothing, list);
    return {
        element,
        list,
        /** @param {number} length @param {string} [text] */
        size(length, text) {
            count.textContent = text ?? (length > 0 ? String(length) : "");
            nothing.hidden = length > 0;
            list.hidden = length === 0;
        },
    };
}
