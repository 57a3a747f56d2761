// The one rule of reading: what arrives while something is read waits for it, and is applied on top.

/** @typedef {import("../../Protocol/shapes.js").EventFrame} EventFrame */

export class Waiting {
    /**
     * Frames that came since a reading began, by what is read.
     * @type {Map<string, EventFrame[]>}
     */
    #frames = new Map();

    /** @param {EventFrame} frame */
    hear(frame) {
        for (const frames of this.#frames.values()) frames.push(frame);
    }

    /**
     * @template Answer
     * @param {string} what
     * @param {() => Promise<Answer>} ask
     * @param {(answer: Answer, since: EventFrame[]) => void} take `since`: what came while it was asked
     */
    async read(what, ask, take) {
        this.#frames.set(what, []);
        try {
            const answer = await ask();
            take(answer, this.#frames.get(what) ?? []);
        } finally {
            this.#frames.delete(what);
        }
    }
}
