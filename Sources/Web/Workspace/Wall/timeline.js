// A conversation to read along: bubbles by side, notes apart, the system's lines in words. Nothing can be changed here.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { clockTime, dayKey, dayName, fullTime, money, reasonText, pick, t } from "../words.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */

export function createTimeline() {
    const list = h("ol", { class: "watch-list", role: "list" });
    const more = h("button", {
        type: "button", class: "button watch-newer", hidden: true, onclick: () => toEnd(),
    }, icon("down"), t("watch.newer"));
    const scroller = h("div", {
        class: "watch-scroller", tabIndex: 0, role: "log", "aria-label": t("watch.timeline"),
        onscroll: () => {
            if (atEnd()) more.hidden = true;
        },
    }, list);
    /** @type {readonly Message[]} */
    let shown = [];

    const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;

    function toEnd() {
        scroller.scrollTop = scroller.scrollHeight;
        more.hidden = true;
    }

    return {
        element: h("div", { class: "watch-timeline" }, scroller, more),
        /** @param {readonly Message[]} messages */
        show(messages) {
            if (messages === shown) return;
            const stay = shown.length === 0 || atEnd();
            const grew = messages.length > shown.length;
            shown = messages;
            fill(list, entries(messages));
            if (stay) toEnd();
            else if (grew) more.hidden = false;
        },
    };
}

/** @param {readonly Message[]} messages */
function entries(messages) {
    const rows = [];
    let day = "";
    for (const message of messages) {
        const key = dayKey(message.at);
        if (key !== day) rows.push(h("li", { class: "watch-day" }, dayName(message.at)));
        day = key;
        rows.push(message.kind === "system" ? systemLine(message) : bubble(message, messages));
    }
    return rows;
}

/** @param {Message} message */
function systemLine(message) {
    const code = message.system?.code ?? "";
    /** @type {Record<string, string>} */
    const args = { name: "", from: "", to: "", reason: "", zh: "", en: "", ...message.system?.args };
    args.told = pick({ zh: args.zh, en: args.en });
    if (args.mood) args.mood = t(`hands.mood.${args.mood}`);
    if (args.score) args.score = t(`watch.score.${args.score}`);
    args.reason = reasonText(args.reason);
    const lines = [t(`watch.system.${code}`, args)];
    if (args.reason) lines.push(t("watch.system.reason", args));
    if (args.promise) lines.push(t("watch.system.promise", args));
    if (args.nextStep) lines.push(t("watch.system.nextStep", args));
    return h("li", { class: "watch-system" },
        lines.map((line) => h("p", null, line)),
        h("time", { datetime: new Date(message.at).toISOString(), title: fullTime(message.at) },
            clockTime(message.at)));
}

/**
 * @param {Message} message
 * @param {readonly Message[]} all
 */
function bubble(message, all) {
    const note = message.kind === "note";
    const side = note ? "note" : message.author.kind === "buyer" ? "theirs" : "mine";
    const answered = message.replyTo
        ? all.find((each) => each.number === message.replyTo) : undefined;
    return h("li", { class: `watch-entry ${side}` },
        h("p", { class: "watch-author" },
            note ? icon(message.audience === "owner" ? "whisper" : "note") : null,
            message.author.name,
            note ? h("span", null, t(message.audience === "owner" ? "watch.whispered" : "watch.note")) : null,
            h("time", { datetime: new Date(message.at).toISOString(), title: fullTime(message.at) },
                clockTime(message.at)),
            message.editedAt && !message.withdrawn ? h("span", null, t("watch.edited")) : null),
        h("div", { class: "watch-bubble" },
            answered ? h("blockquote", null, answered.text || t(`wall.kind.${answered.kind}`)) : null,
            message.withdrawn ? h("em", null, t("watch.withdrawn")) : content(message)));
}

/** @param {Message} message */
function content(message) {
    const parts = [];
    const { attachment, card } = message;
    if (attachment) {
        const address = `/v1/uploads/${attachment.upload}`;
        parts.push(attachment.type.startsWith("image/")
            ? h("a", { href: address, target: "_blank", rel: "noopener" }, h("img", {
                src: `${address}/thumbnail`, alt: attachment.name || t("wall.kind.image"), loading: "lazy",
                width: attachment.width ? Math.min(240, attachment.width) : null,
            }))
            : h("a", { class: "watch-file", href: address, download: attachment.name },
                icon("file"), attachment.name));
    }
    if (card) {
        parts.push(h("div", { class: "watch-card" },
            h("strong", null, card.title),
            card.price !== null && card.price !== undefined ? h("span", null, money(card.price)) : null,
            (card.lines ?? []).map(([name, value]) => h("span", null, `${name} ${value}`))));
    }
    if (message.text) parts.push(h("p", null, message.text));
    return parts;
}
