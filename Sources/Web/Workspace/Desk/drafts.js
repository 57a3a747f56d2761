// Unsent texts by conversation, kept in this browser so that a closed tab loses none.

/** How many are kept; the oldest goes first. */
const most = 60;

/** @extends {Map<string, string>} */
export class Drafts extends Map {
    /**
     * Conversations with a draft of this person on the server whose text is not here yet.
     * @type {Set<string>}
     */
    elsewhere = new Set();
    #shelf;

    /** @param {string} owner whose they are: two people may share a browser */
    constructor(owner) {
        super();
        this.#shelf = `qinke.drafts.${owner}`;
        try {
            for (const [id, text] of Object.entries(JSON.parse(localStorage.getItem(this.#shelf) ?? "{}"))) this.set(id, text);
        } catch {
            localStorage.removeItem(this.#shelf);
        }
    }

    /**
     * @param {string} id
     * @param {string} text empty = there is none any more
     * @returns {boolean} whether that is news
     */
    keep(id, text) {
        if ((this.get(id) ?? "") === text) return false;
        this.elsewhere.delete(id);
        if (text) this.set(id, text);
        else this.delete(id);
        localStorage.setItem(this.#shelf, JSON.stringify(Object.fromEntries([...this].slice(-most))));
        return true;
    }

    /**
     * Whether something unsent is here or on the server.
     * @param {string} id
     */
    any(id) {
        return this.has(id) || this.elsewhere.has(id);
    }
}
