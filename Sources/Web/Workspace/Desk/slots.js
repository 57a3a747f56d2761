// The numbers 1…12 of an agent's open chats, for the number keys. A chat keeps its number while it is open, and over a
// reload of the page.

export const slotCount = 12;
const kept = "qinke.slots";

/** @extends {Map<string, number>} */
export class Slots extends Map {
    /** @type {Record<string, number>} */
    #former = {};

    constructor() {
        super();
        try {
            this.#former = JSON.parse(sessionStorage.getItem(kept) ?? "{}");
        } catch {
            sessionStorage.removeItem(kept);
        }
    }

    /**
     * Gives a chat the number it had, else the lowest free one; the thirteenth gets none.
     * @param {string} id
     */
    give(id) {
        if (this.has(id)) return;
        const taken = new Set(this.values());
        const wish = this.#former[id];
        let slot = wish && !taken.has(wish) ? wish : 1;
        while (taken.has(slot)) slot += 1;
        if (slot > slotCount) return;
        this.set(id, slot);
        this.#former = { ...this.#former, [id]: slot };
        sessionStorage.setItem(kept, JSON.stringify(this.#former));
    }

    /**
     * The chat is no longer this person's.
     * @param {string} id
     */
    take(id) {
        this.delete(id);
    }
}
