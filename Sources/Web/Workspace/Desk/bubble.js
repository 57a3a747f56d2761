// How one entry of a conversation looks: bubbles, notes, cards, files, system lines, and what is still on its way.
import { icon } from "../../Design/icons.js";
import { h } from "../dom.js";
import { clockTime, fullTime, money, pick, reasonText, t } from "../words.js";
import { avatar } from "./inbox.js";
import { itemNow } from "./item-now.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {import("../../Protocol/shapes.js").Card} Card */
/** @typedef {import("../../Protocol/shapes.js").Attachment} Attachment */
/**
 * What a bubble needs to know besides its message.
 * @typedef {object} Surroundings
 * @property {string} me staff id
 * @property {boolean} first of a group by one author
 * @property {boolean} last of the group
 * @property {"" | "sent" | "delivered" | "read"} tick
 * @property {Message | null} quoted
 * @property {string} find text to mark
 * @property {(number: number) => void} jump
 * @property {(message: Message) => void} look opens an image
 * @property {(message: Message, anchor: HTMLElement) => void} menu
 * @property {(message: Message) => void} reply
 * @property {(() => void) | null} undo takes a message back that has just been sent
 */

const address = /https?:\/\/[^\s<>"'，。！？；、（）]+/g;
const mention = /@[\p{L}\p{N}_·-]+/gu;

/**
 * A text with links, mentions and search marks; every piece is a text node.
 * @param {string} text
 * @param {{mentions?: boolean, find?: string}} options
 */
export function richText(text, { mentions = false, find = "" } = {}) {
    /** @type {(string | Node)[]} */
    let parts = cut([text], address, (found) => h("a", {
        href: found, target: "_blank", rel: "noopener noreferrer nofollow",
    }, found));
    if (mentions) parts = cut(parts, mention, (found) => h("span", { class: "mention" }, found));
    if (find) {
        const escaped = find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
        parts = cut(parts, new RegExp(escaped, "gi"), (found) => h("mark", null, found));
    }
    return parts;
}

/**
 * A text with the places that a search found, as the server tells them.
 * @param {string} text
 * @param {[start: number, length: number][]} marks in UTF-16 units, ascending
 */
export function markedText(text, marks) {
    /** @type {(string | Node)[]} */
    const parts = [];
    let at = 0;
    for (const [start, length] of marks) {
        if (start < at) continue;
        parts.push(text.slice(at, start), h("mark", null, text.slice(start, start + length)));
        at = start + length;
    }
    parts.push(text.slice(at));
    return parts;
}

/**
 * @param {(string | Node)[]} parts
 * @param {RegExp} pattern global
 * @param {(found: string) => Node} make
 */
function cut(parts, pattern, make) {
    return parts.flatMap((part) => {
        if (typeof part !== "string") return [part];
        /** @type {(string | Node)[]} */
        const pieces = [];
        let at = 0;
        for (const found of part.matchAll(pattern)) {
            const start = found.index ?? 0;
            if (start > at) pieces.push(part.slice(at, start));
            pieces.push(make(found[0]));
            at = start + found[0].length;
        }
        if (at < part.length) pieces.push(part.slice(at));
        return pieces;
    });
}

/**
 * A message in one line, for quotes and menus.
 * @param {Message} message
 */
export function inWords(message) {
    if (message.withdrawn) return t("desk.withdrawnShort");
    if (message.kind === "image") return t("desk.previewImage");
    if (message.kind === "file") return `${t("desk.previewFile")} ${message.attachment?.name ?? ""}`;
    if (message.kind === "card") return `${t("desk.previewCard")} ${message.card?.title ?? ""}`;
    return message.text ?? "";
}

/** @param {Message} message */
export function isNote(message) {
    return message.kind === "note";
}

/**
 * @param {Message} message
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
export function bubble(message, around) {
    if (message.kind === "system") return systemLine(message);
    const mine = message.author.kind === "agent" || message.author.kind === "bot";
    const note = isNote(message);
    const side = note ? "note" : mine ? "mine" : "theirs";
    if (message.withdrawn) {
        return h("div", { class: `msg ${side} withdrawn` },
            h("p", { class: "system-line" }, t("desk.withdrawn", { name: nameOf(message, around.me) }), " ",
                h("time", null, clockTime(message.at))));
    }
    const whisper = note && message.audience === "owner";
    return h("article", {
        class: `msg ${side} ${around.first ? "first" : ""} ${around.last ? "last" : ""} ${whisper ? "whisper" : ""}`,
        tabIndex: -1, "data-number": message.number,
        "aria-label": t(note ? "desk.noteBy" : "desk.messageBy", { name: nameOf(message, around.me), time: clockTime(message.at) }),
        oncontextmenu: /** @param {MouseEvent} event */ (event) => {
            if (getSelection()?.toString() || (event.target instanceof Element && event.target.closest("a"))) return;
            event.preventDefault();
            around.menu(message, /** @type {HTMLElement} */ (event.currentTarget));
        },
    },
        around.first ? avatar(message.author, "msg-avatar") : h("span", { class: "msg-avatar" }),
        h("div", { class: "msg-body" },
            around.first ? h("div", { class: "msg-head" },
                note ? icon(whisper ? "whisper" : "note") : null,
                h("span", { class: "msg-name" }, nameOf(message, around.me)),
                note ? h("span", { class: "msg-kind" }, t(whisper ? "desk.whisper" : "desk.note")) : null,
                message.author.kind === "bot" ? h("span", { class: "tag info" }, t("desk.bot")) : null) : null,
            h("div", { class: `bubble kind-${message.kind}` },
                message.replyTo ? quote(message.replyTo, around) : null,
                content(message, around)),
            h("div", { class: "msg-foot" },
                h("time", { title: fullTime(message.at) }, clockTime(message.at)),
                message.editedAt ? h("span", null, t("desk.edited")) : null,
                around.undo ? h("button", {
                    type: "button", class: "link-button", tabIndex: -1, onclick: around.undo,
                }, t("desk.undo")) : null,
                around.tick ? tick(around.tick) : null)),
        h("div", { class: "msg-tools" },
            h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("desk.reply"), tabIndex: -1,
                onclick: () => around.reply(message),
            }, icon("reply")),
            h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("desk.more"), tabIndex: -1,
                "aria-haspopup": "menu",
                onclick: /** @param {Event} event */ (event) =>
                    around.menu(message, /** @type {HTMLElement} */ (event.currentTarget)),
            }, icon("more"))));
}

/**
 * @param {Message} message
 * @param {string} me
 */
function nameOf(message, me) {
    return message.author.kind === "agent" && message.author.id === me ? t("desk.me") : message.author.name || t("desk.noName");
}

/**
 * How far an own message came.
 * @param {"sent" | "delivered" | "read"} state
 */
export function tick(state) {
    return h("span", { class: `tick ${state}`, title: t(`desk.tick.${state}`) },
        icon(state === "sent" ? "check" : "checks"), h("span", { class: "only-read-aloud" }, t(`desk.tick.${state}`)));
}

/**
 * @param {number} number
 * @param {Surroundings} around
 */
function quote(number, around) {
    const { quoted } = around;
    return h("button", { type: "button", class: "quote", onclick: () => around.jump(number) },
        h("span", { class: "quote-name" }, quoted ? nameOf(quoted, around.me) : t("desk.earlier")),
        h("span", { class: "quote-text" }, quoted ? inWords(quoted) : `#${number}`));
}

/**
 * @param {Message} message
 * @param {Surroundings} around
 */
function content(message, around) {
    if (message.kind === "image" && message.attachment) return picture(message, message.attachment, around);
    if (message.kind === "file" && message.attachment) return file(message.attachment);
    if (message.kind === "card" && message.card) return card(message.card);
    return h("p", { class: "msg-text" },
        richText(message.text ?? "", { mentions: isNote(message), find: around.find }));
}

/**
 * @param {Message} message
 * @param {Attachment} attachment
 * @param {Surroundings} around
 */
function picture(message, attachment, around) {
    const width = attachment.width || 240;
    const height = attachment.height || 180;
    const scale = Math.min(1, 240 / width, 260 / height);
    return h("button", {
        type: "button", class: "picture", "aria-label": t("desk.openImage", { name: attachment.name }),
        style: { width: `${Math.max(60, width * scale)}px`, aspectRatio: `${width} / ${height}` },
        onclick: () => around.look(message),
    }, h("img", {
        src: `/v1/uploads/${attachment.upload}/thumbnail`, alt: attachment.name, loading: "lazy", decoding: "async",
        onerror: /** @param {Event} event */ (event) => {
            /** @type {HTMLElement} */ (event.currentTarget).replaceWith(h("span", { class: "picture-gone" }, t("desk.imageGone")));
        },
    }));
}

/** @param {Attachment} attachment */
function file(attachment) {
    return h("a", { class: "file", href: `/v1/uploads/${attachment.upload}`, download: attachment.name },
        icon("file"), h("span", { class: "file-main" },
            h("span", { class: "file-name" }, attachment.name),
            h("span", { class: "file-size" }, fileSize(attachment.size))), icon("download"));
}

/**
 * Bytes for people.
 * @param {number} bytes
 */
export function fileSize(bytes) {
    if (bytes < 1024) return `${bytes} B`;
    if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
    return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {Card} one */
function card(one) {
    const symbol = one.kind === "order" ? "receipt" : one.kind === "product" ? "bag" : "link";
    const safe = one.url && /^https?:\/\//.test(one.url) ? one.url : null;
    return h("div", { class: "card" },
        h("div", { class: "card-head" },
            one.image && one.image.startsWith("/") ? h("img", { src: one.image, alt: "", loading: "lazy" })
                : h("span", { class: "card-symbol" }, icon(symbol)),
            h("div", { class: "card-title" },
                h("span", { class: "card-kind" }, t(`desk.card.${one.kind}`)),
                safe ? h("a", { href: safe, target: "_blank", rel: "noopener noreferrer nofollow" }, one.title)
                    : h("span", null, one.title)),
            typeof one.price === "number" ? h("span", { class: "card-price" }, money(one.price)) : null),
        one.lines?.length ? h("dl", { class: "card-lines" }, one.lines.map(([name, value]) =>
            h("div", null, h("dt", null, name), h("dd", null, value)))) : null,
        itemNow(one));
}

/** @param {Message} message */
function systemLine(message) {
    const code = message.system?.code ?? "unknown";
    const args = message.system?.args ?? {};
    const values = { name: args.name ?? "", from: args.from ?? "", to: args.to ?? args.name ?? "", score: "", told: pick({ zh: args.zh ?? "", en: args.en ?? "" }) };
    if (code === "rated") values.score = t(`desk.score.${args.score ?? "2"}`);
    const text = t(`desk.system.${code}`, values);
    const line = h("p", { class: "system-line" }, args.reason ? t("desk.system.because", { text, reason: reasonText(args.reason) }) : text, " ",
        h("time", { title: fullTime(message.at) }, clockTime(message.at)));
    const body = h("div", { class: "msg system", "data-number": message.number }, line);
    if (code === "transferred" && (args.nextStep || args.promise)) body.append(handover(args));
    return body;
}

/**
 * The handover card, as staff see it.
 * @param {Record<string, string>} args
 */
function handover(args) {
    const row = /** @param {string} key @param {string | undefined} value */ (key, value) =>
        (value ? h("div", null, h("dt", null, t(`desk.handover.${key}`)), h("dd", null, value)) : null);
    return h("div", { class: "handover" },
        h("p", { class: "handover-title" }, icon("transfer"), t("desk.handover")),
        h("dl", { class: "card-lines" },
            row("promise", args.promise), row("nextStep", args.nextStep),
            row("deadline", args.deadline ? fullTime(Number(args.deadline)) : undefined),
            row("mood", args.mood ? t(`desk.mood.${args.mood}`) : undefined)));
}

/**
 * A message that the server does not have yet.
 * @param {any} entry an outbox entry
 * @param {{online: boolean, progress: number | undefined, retry: () => void, discard: () => void, change: () => void, problem: string, instead: string}} around
 */
export function pendingBubble(entry, around) {
    const note = entry.frame.kind === "note";
    const failed = entry.state === "failed";
    const body = entry.file
        ? h("div", { class: "file pending-file" }, icon(entry.file.type?.startsWith("image/") ? "image" : "file"),
            h("span", { class: "file-main" }, h("span", { class: "file-name" }, entry.fileName),
                h("span", { class: "file-size" }, fileSize(entry.file.size))),
            around.progress !== undefined && !failed
                ? h("progress", { max: 1, value: around.progress, "aria-label": t("desk.uploading") }) : null)
        : h("p", { class: "msg-text" }, entry.frame.text ?? entry.frame.card?.title ?? "");
    return h("article", { class: `msg first last pending ${note ? "note" : "mine"} ${failed ? "failed" : ""}` },
        h("span", { class: "msg-avatar" }),
        h("div", { class: "msg-body" },
            h("div", { class: "bubble" }, body),
            h("div", { class: "msg-foot" }, failed
                ? [h("span", { class: "pending-problem" }, icon("alert"),
                    h("span", null, around.problem, around.instead ? ` ${around.instead}` : "")),
                h("button", { type: "button", class: "button small", onclick: around.retry }, t("shell.retry")),
                entry.file ? null : h("button", { type: "button", class: "button small", onclick: around.change }, t("desk.change")),
                h("button", { type: "button", class: "button small quiet", onclick: around.discard }, t("desk.discard"))]
                : [icon("clock"), h("span", null, t(around.online ? "desk.sending" : "desk.waitsForLine")),
                    around.online ? null : h("button", { type: "button", class: "button small quiet", onclick: around.discard }, t("desk.discard"))])));
}
