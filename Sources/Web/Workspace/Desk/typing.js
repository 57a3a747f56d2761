// What buyers are writing at this moment, as far as their windows tell.

/** How long a preview stays without a sign of life, ms. */
const life = 8_000;

/** @extends {Map<string, {text: string, until: number, name: string}>} */
export class Typing extends Map {
    #changed;

    /** @param {(id: string) => void} changed told of every conversation whose preview comes, changes or goes */
    constructor(changed) {
        super();
        this.#changed = changed;
    }

    /** @param {any} frame a `typing` frame */
    hear(frame) {
        const id = frame.conversation;
        if (frame.who?.kind !== "buyer") return;
        if (frame.on) {
            this.set(id, { text: frame.text ?? "", until: Date.now() + life, name: frame.who.name });
            setTimeout(() => {
                const entry = this.get(id);
                if (!entry || entry.until > Date.now()) return;
                this.delete(id);
                this.#changed(id);
            }, life + 50);
        } else this.delete(id);
        this.#changed(id);
    }
}
