// Tells the server what is being written: the draft after a pause, and that somebody types, not too often.
import { debounced } from "../dom.js";

/** How often others are told that somebody types, ms. */
const typingEvery = 3_000;
/** A draft is sent after this pause, ms. */
const draftPause = 600;

/** @param {import("../shell.js").App} app */
export function createTeller(app) {
    let typedAt = 0;
    const draft = debounced(draftPause, (/** @type {string} */ conversation, /** @type {string} */ text) => {
        app.connection?.tell({ type: "draft", conversation, text });
    });

    /** @param {string} conversation */
    function stopTyping(conversation) {
        if (typedAt === 0) return;
        typedAt = 0;
        app.connection?.tell({ type: "typing", conversation, on: false });
    }

    return {
        draft,
        /** Tells the waiting draft at once. */
        now: () => draft.now(),
        /** @param {string} conversation */
        typing(conversation) {
            const now = Date.now();
            if (now - typedAt <= typingEvery) return;
            typedAt = now;
            app.connection?.tell({ type: "typing", conversation, on: true });
        },
        stopTyping,
        /**
         * The text was sent: there is no draft any more.
         * @param {string} conversation
         */
        gone(conversation) {
            draft.cancel();
            app.connection?.tell({ type: "draft", conversation, text: "" });
            stopTyping(conversation);
        },
    };
}
