// One opened conversation: its messages as far as they are held, its notes, and where the reader stood.
import * as reducer from "../../Protocol/conversation.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {import("../../Protocol/shapes.js").EventFrame} EventFrame */
/** @typedef {{id: string, scope: "customer" | "self", text: string, at: number, author?: {id: string, name: string} | null, conversation?: string, number?: number | null}} Note */

export class OpenChat {
    /** @type {reducer.State} */
    state;
    /** @type {Note[]} */
    notes;
    /** Whether the first entry is held. */
    oldest;
    /** Last number when it was opened: what came after is new to the reader. */
    openedUpTo;
    /**
     * Where the divider of unread messages stands, 0 = nowhere.
     * @type {number}
     */
    readFrom;
    #rules;

    /**
     * @param {any} answer the conversation as it was read
     * @param {OpenChat | undefined} before the same, held until now
     * @param {reducer.Rules} rules
     */
    constructor(answer, before, rules) {
        const summary = answer.conversation;
        this.state = reducer.read(answer);
        if (before) this.state = reducer.refill(this.state, []);
        const first = this.state.messages[0];
        this.notes = answer.notes ?? [];
        this.oldest = !first || first.number <= 1;
        this.openedUpTo = summary.lastNumber;
        this.readFrom = before?.readFrom ?? (summary.unread > 0 ? summary.readByAgent : 0);
        this.#rules = rules;
    }

    get first() {
        return this.state.messages[0];
    }

    /** @param {EventFrame} frame of this conversation */
    hear(frame) {
        this.state = reducer.apply(this.state, frame, this.#rules);
        if (frame.kind === "note.pinned" && !this.notes.some((note) => note.id === frame.body.id)) {
            this.notes = [...this.notes, frame.body];
        } else if (frame.kind === "note.unpinned") {
            this.notes = this.notes.filter((note) => note.id !== frame.body.note);
        }
    }

    /**
     * The entries of a gap.
     * @param {Message[]} messages
     */
    mend(messages) {
        this.state = reducer.refill(this.state, messages);
    }

    /**
     * The page before the first entry.
     * @param {Message[]} messages none when there is nothing before it
     */
    takeOlder(messages) {
        this.state = reducer.refill(this.state, messages);
        this.oldest = messages.length === 0 || messages[0].number <= 1;
    }
}
