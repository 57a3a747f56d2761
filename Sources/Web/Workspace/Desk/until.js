/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */

/** How long an event may lag behind the answer that told of its act, ms. */
const patience = 2_000;

/**
 * Waits until a conversation is as an act of this person made it: the answer may overtake the event.
 * @param {import("./store.js").Store} store
 * @param {string} id
 * @param {(summary: Summary) => boolean} is
 * @returns {Promise<void>} resolves after `patience` in any case
 */
export function until(store, id, is) {
    return new Promise((resolve) => {
        const done = () => {
            stop();
            clearTimeout(limit);
            resolve();
        };
        const look = () => {
            const summary = store.summaries.get(id);
            if (summary && is(summary)) done();
        };
        const limit = setTimeout(done, patience);
        const stop = store.on("conversation", look);
        look();
    });
}
