// What this desk holds: summaries of conversations, the opened ones with their messages, notes and drafts, who is
// typing. Everything changes by frames of the protocol through the shared reducer; screens listen and draw.
import * as reducer from "../../Protocol/conversation.js";
import { Drafts } from "./drafts.js";
import { OpenChat } from "./open-chat.js";
import { Pages } from "./pages.js";
import { Slots } from "./slots.js";
import { Typing } from "./typing.js";
import { belongs, inOrder, isOpenOf } from "./views.js";
import { Waiting } from "./waiting.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {import("../../Protocol/shapes.js").EventFrame} EventFrame */
/** @typedef {import("./views.js").View} View */
/** Opened conversations kept in memory; the least recently used goes first. */
const keptOpen = 24;

export class Store extends EventTarget {
    /** @type {Map<string, Summary>} */
    summaries = new Map();
    /** @type {Map<string, OpenChat>} */
    held = new Map();
    typing = new Typing((id) => this.#tell("typing", { id }));
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

    /** How far the views are read. */
    pages = new Pages();
    #waiting = new Waiting();
    /** @type {Map<string, Promise<OpenChat>>} */
    #opening = new Map();
    #app;
    #me;

    /** @param {import("../shell.js").App} app */
    constructor(app) {
        super();
        this.#app = app;
        this.#me = app.session?.staff.id ?? "";
        /** Unsent texts by conversation. */
        this.drafts = new Drafts(`${app.session?.shop.id}.${this.#me}`);
        const policy = app.session?.policy?.values ?? app.session?.policy ?? {};
        this.rules = { replyTime: (policy.replyWithin ?? policy.replySeconds ?? 180) * 1000 };
        this.warning = (policy.replyWarning ?? 60) * 1000;
        this.withdrawTime = (policy.withdrawWithin ?? 120) * 1000;
        this.editTime = (policy.editWithin ?? 120) * 1000;
        this.uploadSize = policy.uploadSize ?? 20 * 1024 * 1024;
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

    // Reading

    /**
     * The next page of a view.
     * @param {View} view
     * @param {{anew?: boolean}} options
     */
    load(view, { anew = false } = {}) {
        return this.pages.load(view, anew, (cursor, done) => this.#waiting.read(`view.${view}`,
            () => this.#app.api.get(`/inbox?view=${view}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
            (answer, since) => {
                for (const summary of answer.conversations) {
                    this.#put({ ...summary, asOf: summary.asOf ?? answer.asOf });
                    if (view === "mentions") this.mentioned.add(summary.id);
                }
                for (const id of answer.drafts ?? []) this.drafts.elsewhere.add(id);
                done(answer.next ?? null);
                for (const frame of since) this.#applyToSummary(frame);
                this.#tell("inbox");
            }));
    }

    /** Reads everything on screen anew: the gap was too large to be replayed. */
    async readAnew() {
        this.summaries.clear();
        const loaded = this.pages.forget();
        const open = [...this.held.keys()];
        await Promise.all(loaded.map((view) => this.load(view)));
        await Promise.all(open.map((id) => this.open(id, { anew: true }).catch(() => this.held.delete(id))));
    }

    /**
     * Opens a conversation: the last messages, notes and the draft.
     * @param {string} id
     * @param {{anew?: boolean}} options
     * @returns {Promise<OpenChat>}
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

    /**
     * @param {string} id
     * @returns {Promise<OpenChat>}
     */
    async #read(id) {
        /** @type {OpenChat | undefined} */
        let held;
        await this.#waiting.read(`conversation.${id}`, () => this.#app.api.get(`/conversations/${encodeURIComponent(id)}`),
            (answer, since) => {
                held = this.#take(answer, since);
            });
        return /** @type {OpenChat} */ (held);
    }

    /**
     * @param {any} answer a conversation as it was read
     * @param {EventFrame[]} since
     * @returns {OpenChat}
     */
    #take(answer, since) {
        const summary = answer.conversation;
        const { id } = summary;
        const held = new OpenChat(answer, this.held.get(id), this.rules);
        const text = answer.drafts?.text ?? "";
        this.drafts.elsewhere.delete(id);
        if (text && !this.drafts.has(id)) this.keepDraft(id, text);
        for (const frame of since) {
            if (frame.conversation === id) held.hear(frame);
        }
        this.held.set(id, held);
        this.#put({ ...summary, asOf: summary.asOf ?? answer.asOf });
        for (const old of [...this.held.keys()].slice(0, Math.max(0, this.held.size - keptOpen))) {
            if (old !== id) this.held.delete(old);
        }
        this.#tell("conversation", { id });
        this.#tell("inbox");
        return held;
    }

    /**
     * Reads the page before the first held message.
     * @param {string} id
     * @returns {Promise<boolean>} whether something came
     */
    async older(id) {
        const held = this.held.get(id);
        const first = held?.first;
        if (!held || !first || held.oldest) return false;
        const answer = await this.#app.api.get(
            `/conversations/${encodeURIComponent(id)}/messages?before=${first.number}&limit=100`);
        held.takeOlder(answer.messages);
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
            const first = this.held.get(id)?.first;
            if (!first || first.number <= number) return;
            if (!(await this.older(id))) return;
        }
    }

    // Frames

    /** @param {EventFrame} frame */
    hear(frame) {
        this.#waiting.hear(frame);
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
        held.hear(frame);
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
            held.mend(answer.messages);
            this.#tell("conversation", { id });
        } catch {
            // The line is down; its return brings the events, and with them the next try.
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

    // Drafts

    /**
     * @param {string} id
     * @param {string} text
     */
    keepDraft(id, text) {
        if (!this.drafts.keep(id, text)) return;
        this.#tell("draft", { id });
        this.#tell("inbox");
    }

    // Views

    /** @param {Summary} summary */
    isMine(summary) {
        return isOpenOf(summary, this.#me);
    }

    /**
     * @param {Summary} summary
     * @param {View} view
     */
    #belongs(summary, view) {
        return view === "mentions" ? this.mentioned.has(summary.id) : belongs(summary, view, this.#me);
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
