// What this desk holds: summaries of conversations, the opened ones with their messages, notes and drafts, who is
// typing. Everything changes by frames of the protocol through the shared reducer; screens listen and draw. Long: one
// rule runs through all of it, that what arrives while something is read waits for it.
import * as reducer from "../../Protocol/conversation.js";
import { Slots } from "./slots.js";
import { inOrder } from "./views.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {import("../../Protocol/shapes.js").EventFrame} EventFrame */
/** @typedef {import("./views.js").View} View */
/** @typedef {{id: string, scope: "customer" | "self", text: string, at: number, author?: {id: string, name: string} | null, conversation?: string, number?: number | null}} Note */
/**
 * An opened conversation.
 * @typedef {object} Held
 * @property {import("../../Protocol/conversation.js").State} state
 * @property {Note[]} notes
 * @property {boolean} oldest whether the first entry is held
 * @property {number} openedUpTo last number when it was opened: what came after is new to the reader
 * @property {number} readFrom where the divider of unread messages stands, 0 = nowhere
 */

/** Opened conversations kept in memory; the least recently used goes first. */
const keptOpen = 24;
/** How long a buyer's live preview stays without a sign of life, ms. */
const typingLife = 8_000;

export class Store extends EventTarget {
    /** @type {Map<string, Summary>} */
    summaries = new Map();
    /** @type {Map<string, Held>} */
    held = new Map();
    /** @type {Map<string, {text: string, until: number, name: string}>} */
    typing = new Map();
    /**
     * Unsent texts by conversation.
     * @type {Map<string, string>}
     */
    drafts = new Map();
    /**
     * Conversations with a draft of this person on the server whose text is not here yet.
     * @type {Set<string>}
     */
    draftsElsewhere = new Set();
    /** Numbers of the agent's open chats. */
    slots = new Slots();
    /**
     * Conversations with a note that names this person.
     * @type {Set<string>}
     */
    mentioned = new Set();
    /**
     * Mentions that arrived and were not looked at.
     * @type {Set<string>}
     */
    freshMentions = new Set();

    /** @type {Map<View, {next: string | null, loaded: boolean, loading: Promise<void> | null}>} */
    #pages = new Map();
    /**
     * Frames that arrive while the state they belong to is being read.
     * @type {Map<string, EventFrame[]>}
     */
    #waiting = new Map();
    /** @type {Map<string, Promise<Held>>} */
    #opening = new Map();
    #app;
    #me;
    #draftKey;

    /** @param {import("../shell.js").App} app */
    constructor(app) {
        super();
        this.#app = app;
        this.#me = app.session?.staff.id ?? "";
        this.#draftKey = `qinke.drafts.${app.session?.shop.id}.${this.#me}`;
        const policy = app.session?.policy?.values ?? app.session?.policy ?? {};
        this.rules = { replyTime: (policy.replyWithin ?? policy.replySeconds ?? 180) * 1000 };
        this.warning = (policy.replyWarning ?? 60) * 1000;
        this.withdrawTime = (policy.withdrawWithin ?? 120) * 1000;
        this.editTime = (policy.editWithin ?? 120) * 1000;
        this.uploadSize = policy.uploadSize ?? 20 * 1024 * 1024;
        try {
            this.drafts = new Map(Object.entries(JSON.parse(localStorage.getItem(this.#draftKey) ?? "{}")));
        } catch {
            localStorage.removeItem(this.#draftKey);
        }
    }

    /** The server's time, as well as this machine can know it. */
    now() {
        return this.#app.connection?.clock.now() ?? Date.now();
    }

    /**
     * @param {string} type
     * @param {any} [detail]
     */
    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    /**
     * @param {string} type `inbox` · `conversation` {id} · `arrived` {id, message} · `typing` {id} · `draft` {id}
     *   · `assigned` {id, reason} · `mention` {id, message} · `due` {id, note} · `other` a frame of no conversation
     * @param {(detail: any) => void} listener
     */
    on(type, listener) {
        const act = /** @param {Event} event */ (event) => listener(/** @type {CustomEvent} */ (event).detail);
        this.addEventListener(type, act);
        return () => this.removeEventListener(type, act);
    }

    /**
     * Waits until a conversation is as an act of this person made it: the answer may overtake the event.
     * @param {string} id
     * @param {(summary: Summary) => boolean} is
     * @returns {Promise<void>} resolves after two seconds in any case
     */
    until(id, is) {
        return new Promise((resolve) => {
            const done = () => {
                stop();
                clearTimeout(limit);
                resolve();
            };
            const look = () => {
                const summary = this.summaries.get(id);
                if (summary && is(summary)) done();
            };
            const limit = setTimeout(done, 2_000);
            const stop = this.on("conversation", look);
            look();
        });
    }

    // Reading

    /**
     * The next page of a view.
     * @param {View} view
     * @param {{anew?: boolean}} options
     */
    async load(view, { anew = false } = {}) {
        const page = this.#pages.get(view) ?? { next: null, loaded: false, loading: null };
        this.#pages.set(view, page);
        if (page.loading) return page.loading;
        if (page.loaded && !page.next && !anew) return;
        page.loading = (async () => {
            const key = `view.${view}`;
            this.#waiting.set(key, []);
            try {
                const cursor = page.loaded && !anew ? `&cursor=${encodeURIComponent(page.next ?? "")}` : "";
                const answer = await this.#app.api.get(`/inbox?view=${view}${cursor}`);
                for (const summary of answer.conversations) {
                    this.#put({ ...summary, asOf: summary.asOf ?? answer.asOf });
                    if (view === "mentions") this.mentioned.add(summary.id);
                }
                for (const id of answer.drafts ?? []) this.draftsElsewhere.add(id);
                page.next = answer.next ?? null;
                page.loaded = true;
                const frames = this.#waiting.get(key) ?? [];
                this.#waiting.delete(key);
                for (const frame of frames) this.#applyToSummary(frame);
                this.#tell("inbox");
            } finally {
                this.#waiting.delete(key);
                page.loading = null;
            }
        })();
        return page.loading;
    }

    /** @param {View} view */
    hasMore(view) {
        const page = this.#pages.get(view);
        return !page || !page.loaded || page.next !== null;
    }

    /** @param {View} view */
    isLoaded(view) {
        return this.#pages.get(view)?.loaded ?? false;
    }

    /** Reads everything on screen anew: the gap was too large to be replayed. */
    async readAnew() {
        this.summaries.clear();
        const loaded = [...this.#pages.keys()];
        this.#pages.clear();
        const open = [...this.held.keys()];
        await Promise.all(loaded.map((view) => this.load(view)));
        await Promise.all(open.map((id) => this.open(id, { anew: true }).catch(() => this.held.delete(id))));
    }

    /**
     * Opens a conversation: the last messages, notes and the draft.
     * @param {string} id
     * @param {{anew?: boolean}} options
     * @returns {Promise<Held>}
     */
    open(id, { anew = false } = {}) {
        const known = this.held.get(id);
        if (known && !anew) {
            this.held.delete(id);
            this.held.set(id, known);
            return Promise.resolve(known);
        }
        let opening = this.#opening.get(id);
        if (!opening) {
            opening = this.#read(id).finally(() => this.#opening.delete(id));
            this.#opening.set(id, opening);
        }
        return opening;
    }

    /** @param {string} id */
    async #read(id) {
        const key = `conversation.${id}`;
        this.#waiting.set(key, []);
        try {
            const answer = await this.#app.api.get(`/conversations/${encodeURIComponent(id)}`);
            const before = this.held.get(id);
            let state = reducer.read(answer);
            if (before) state = reducer.refill(state, []);
            const first = state.messages[0];
            const summary = answer.conversation;
            /** @type {Held} */
            const held = {
                state, notes: answer.notes ?? [], oldest: !first || first.number <= 1,
                openedUpTo: summary.lastNumber,
                readFrom: before?.readFrom ?? (summary.unread > 0 ? summary.readByAgent : 0),
            };
            const text = answer.drafts?.text ?? "";
            this.draftsElsewhere.delete(id);
            if (text && !this.drafts.has(id)) this.keepDraft(id, text);
            for (const frame of this.#waiting.get(key) ?? []) {
                held.state = reducer.apply(held.state, frame, this.rules);
                this.#applyNote(held, frame);
            }
            this.held.set(id, held);
            this.#put({ ...summary, asOf: summary.asOf ?? answer.asOf });
            for (const old of [...this.held.keys()].slice(0, Math.max(0, this.held.size - keptOpen))) {
                if (old !== id) this.held.delete(old);
            }
            this.#tell("conversation", { id });
            this.#tell("inbox");
            return held;
        } finally {
            this.#waiting.delete(key);
        }
    }

    /**
     * Reads the page before the first held message.
     * @param {string} id
     * @returns {Promise<boolean>} whether something came
     */
    async older(id) {
        const held = this.held.get(id);
        const first = held?.state.messages[0];
        if (!held || !first || held.oldest) return false;
        const answer = await this.#app.api.get(
            `/conversations/${encodeURIComponent(id)}/messages?before=${first.number}&limit=100`);
        held.state = reducer.refill(held.state, answer.messages);
        held.oldest = answer.messages.length === 0 || answer.messages[0].number <= 1;
        this.#tell("conversation", { id });
        return answer.messages.length > 0;
    }

    /**
     * Holds a message that may lie far back, with what is between.
     * @param {string} id
     * @param {number} number
     */
    async reach(id, number) {
        for (let page = 0; page < 100; page += 1) {
            const first = this.held.get(id)?.state.messages[0];
            if (!first || first.number <= number) return;
            if (!(await this.older(id))) return;
        }
    }

    // Frames

    /** @param {EventFrame} frame */
    hear(frame) {
        for (const frames of this.#waiting.values()) frames.push(frame);
        if (!frame.conversation || !/^(conversation|message|note)\./.test(frame.kind)) {
            this.#tell("other", frame);
            return;
        }
        const before = this.summaries.get(frame.conversation);
        this.#applyToHeld(frame);
        this.#applyToSummary(frame);
        const id = frame.conversation;
        if (frame.kind === "message.sent") {
            /** @type {Message} */
            const message = frame.body;
            if (message.author.kind === "buyer") this.typing.delete(id);
            if (message.mentions?.includes(this.#me) && message.author.id !== this.#me) {
                this.mentioned.add(id);
                this.freshMentions.add(id);
                this.#tell("mention", { id, message });
            }
            this.#tell("arrived", { id, message });
        }
        if (frame.kind === "conversation.assigned" && frame.body.owner?.id === this.#me &&
            before?.owner?.id !== this.#me) {
            this.#tell("assigned", { id, reason: frame.body.reason });
        }
        if (frame.kind === "conversation.woken" && before?.owner?.id === this.#me && before.snoozedUntil &&
            before.snoozedUntil <= frame.at + 1_000) {
            this.#tell("due", { id, note: before.snoozeNote ?? "" });
        }
        this.#tell("conversation", { id });
        this.#tell("inbox");
    }

    /** @param {EventFrame} frame */
    #applyToHeld(frame) {
        const held = this.held.get(frame.conversation);
        if (!held) return;
        held.state = reducer.apply(held.state, frame, this.rules);
        this.#applyNote(held, frame);
        if (held.state.gap !== null) this.#mend(frame.conversation, held.state.gap);
    }

    /**
     * @param {string} id
     * @param {number} after
     */
    async #mend(id, after) {
        try {
            const answer = await this.#app.api.get(
                `/conversations/${encodeURIComponent(id)}/messages?after=${after}&limit=200`);
            const held = this.held.get(id);
            if (!held) return;
            held.state = reducer.refill(held.state, answer.messages);
            this.#tell("conversation", { id });
        } catch {
            // The line is down; its return brings the events, and with them the next try.
        }
    }

    /**
     * @param {Held} held
     * @param {EventFrame} frame
     */
    #applyNote(held, frame) {
        if (frame.kind === "note.pinned" && !held.notes.some((note) => note.id === frame.body.id)) {
            held.notes = [...held.notes, frame.body];
        } else if (frame.kind === "note.unpinned") {
            held.notes = held.notes.filter((note) => note.id !== frame.body.note);
        }
    }

    /** @param {EventFrame} frame */
    #applyToSummary(frame) {
        const id = frame.conversation;
        const known = this.summaries.get(id);
        if (!known) {
            if (/^(conversation|message)\./.test(frame.kind)) this.#discover(id);
            return;
        }
        const messages = this.held.get(id)?.state.messages ?? [];
        this.#put(reducer.applyToSummary(known, frame, this.rules, messages));
    }

    /**
     * A conversation not known yet: its summary is read once.
     * @param {string} id
     */
    async #discover(id) {
        if (this.#opening.has(id)) return;
        try {
            await this.open(id);
            const summary = this.summaries.get(id);
            if (summary && this.isMine(summary)) this.#tell("assigned", { id, reason: summary.assignment?.reason });
        } catch {
            // Not visible to this person: nothing to show.
        }
    }

    /** @param {Summary} summary */
    #put(summary) {
        const known = this.summaries.get(summary.id);
        if (known && (known.asOf ?? 0) > (summary.asOf ?? 0)) return;
        this.summaries.set(summary.id, summary);
        if (this.isMine(summary)) this.slots.give(summary.id);
        else this.slots.take(summary.id);
    }

    /**
     * An own command was acknowledged.
     * @param {any} entry an outbox entry
     * @param {any} ack
     */
    acknowledged(entry, ack) {
        const id = ack.conversation ?? entry.frame.conversation;
        const staff = this.#app.session?.staff;
        const me = {
            kind: /** @type {const} */ ("agent"), id: this.#me, name: staff?.nickname || staff?.name || "",
        };
        const more = { rules: this.rules, attachment: entry.attachment };
        const held = this.held.get(id);
        if (held) held.state = reducer.acknowledge(held.state, entry.frame, ack, me, more);
        const summary = this.summaries.get(id);
        if (summary) {
            const state = { conversation: summary, messages: held?.state.messages ?? [], asOf: summary.asOf ?? 0, gap: null };
            const next = reducer.acknowledge(state, entry.frame, ack, me, more).conversation;
            if (next) this.#put(next);
        }
        this.#tell("conversation", { id });
        this.#tell("inbox");
    }

    /** @param {any} frame a `typing` frame */
    hearTyping(frame) {
        const id = frame.conversation;
        if (frame.who?.kind !== "buyer") return;
        if (frame.on) {
            this.typing.set(id, { text: frame.text ?? "", until: Date.now() + typingLife, name: frame.who.name });
            setTimeout(() => {
                const entry = this.typing.get(id);
                if (entry && entry.until <= Date.now()) {
                    this.typing.delete(id);
                    this.#tell("typing", { id });
                }
            }, typingLife + 50);
        } else this.typing.delete(id);
        this.#tell("typing", { id });
    }

    // Drafts

    /**
     * @param {string} id
     * @param {string} text
     */
    keepDraft(id, text) {
        if ((this.drafts.get(id) ?? "") === text) return;
        this.draftsElsewhere.delete(id);
        if (text) this.drafts.set(id, text);
        else this.drafts.delete(id);
        localStorage.setItem(this.#draftKey, JSON.stringify(Object.fromEntries([...this.drafts].slice(-60))));
        this.#tell("draft", { id });
        this.#tell("inbox");
    }

    // Views

    /** @param {Summary} summary */
    isMine(summary) {
        return summary.state === "open" && summary.owner?.id === this.#me;
    }

    /**
     * @param {Summary} summary
     * @param {View} view
     */
    #belongs(summary, view) {
        switch (view) {
            case "mine": return this.isMine(summary);
            case "queue": return summary.state === "queued";
            case "snoozed": return summary.state === "snoozed" && summary.owner?.id === this.#me;
            case "closed": return summary.state === "closed";
            case "mentions": return this.mentioned.has(summary.id);
            default: return true;
        }
    }

    /**
     * A view's conversations: by the time left to the promise, then the latest first.
     * @param {View} view
     * @returns {Summary[]}
     */
    list(view) {
        return inOrder([...this.summaries.values()].filter((summary) => this.#belongs(summary, view)), view);
    }

    /**
     * What a tab shows as its number.
     * @param {View} view
     */
    count(view) {
        if (view === "mentions") return this.freshMentions.size;
        let count = 0;
        for (const summary of this.summaries.values()) {
            if (this.#belongs(summary, view)) count += 1;
        }
        return count;
    }

    /** Chats of this person whose buyer wrote something unread. */
    unreadChats() {
        let count = 0;
        for (const summary of this.summaries.values()) {
            if (this.isMine(summary) && summary.unread > 0) count += 1;
        }
        return count;
    }

    /**
     * The chat that has waited longest, without the given one.
     * @param {string | null} except
     */
    mostUrgent(except) {
        return this.list("mine").find((summary) => summary.id !== except && summary.waitingSince) ?? null;
    }
}
