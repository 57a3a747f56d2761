// The workspace's live connection, as pages use it: commands that answer or refuse, and frames by type.

/** @typedef {"connecting" | "live" | "poll" | "offline"} Status */
/** @typedef {{ok: boolean, code: string, message: {zh: string, en: string}}} Trouble a `health` frame */

/** A key for one act of this client: 1–64 of A–Z a–z 0–9 _ - */
export function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {import("../shell.js").App} app
 */
export async function openLink(app) {
    /** @type {Map<string, Set<(frame: any) => void>>} */
    const listeners = new Map();
    const emit = /** @param {string} type @param {any} frame */ (type, frame) => {
        for (const listener of [...(listeners.get(type) ?? [])]) listener(frame);
    };
    return {
        /** @type {Status} */
        status: "live",
        /** @type {Trouble[]} what is unhealthy now */
        troubles: [],
        /**
         * Sends a command and waits for its durable answer.
         * @param {{type: string, key?: string, [field: string]: any}} frame
         * @returns {Promise<any>} the ack
         */
        command: (frame) => app.api.post("/commands", { ...frame, key: frame.key ?? freshKey() }),
        /**
         * Sends a frame that has no answer (typing, draft, watch, unwatch).
         * @param {{type: string, [field: string]: any}} frame
         */
        tell(frame) {
            emit("told", frame);
        },
        /**
         * Listens to frames of a type (`event`, `typing`, `draft`, `wall`, `health`, `bye`, `reset`) or to
         * `status`.
         * @param {string} type
         * @param {(frame: any) => void} listener
         * @returns {() => void} stops listening
         */
        on(type, listener) {
            const set = listeners.get(type) ?? new Set();
            set.add(listener);
            listeners.set(type, set);
            return () => {
                set.delete(listener);
            };
        },
        close() {
            listeners.clear();
        },
    };
}

/** @typedef {Awaited<ReturnType<typeof openLink>>} Link */
