// The workspace's live connection as pages use it: commands that answer or refuse, frames by type, and the
// outbox that keeps what was written until the server has it.
import { Connection, Refused } from "../../Protocol/connection.js";
import { newKey } from "../../Protocol/keys.js";
import { Outbox } from "../../Protocol/outbox.js";
import { ServerClock } from "../../Protocol/time.js";

/** @typedef {"connecting" | "live" | "offline" | "ended"} Status */
/** @typedef {import("../../Protocol/shapes.js").Frame} Frame */
/** @typedef {import("../../Protocol/shapes.js").Ack} Ack */

export class Link {
    /** @type {Status} */
    status = "connecting";
    /** @type {import("../../Protocol/shapes.js").Problem | null} why the server says it cannot deliver */
    trouble = null;
    /** Since when the line is not well, local clock. */
    since = Date.now();
    clock = new ServerClock();
    /**
     * What to do when the gap was too large; the page that holds state sets it.
     * @type {() => Promise<void> | void}
     */
    readAnew = () => {};

    /** @type {Map<string, Set<(frame: any) => void>>} */
    #listeners = new Map();
    /** @type {Connection} */
    #connection;
    #api;
    /** @type {Outbox} */
    outbox;

    /** @param {import("../shell.js").App} app */
    constructor(app) {
        this.#api = app.api;
        this.#connection = new Connection({
            onFrame: (frame) => this.#emit(frame.type, frame),
            onHealth: (health) => {
                this.status = health.state === "connected" || (health.state === "unhealthy" && this.#connection.live)
                    ? "live" : health.state === "unhealthy" ? "offline" : health.state;
                this.trouble = health.trouble;
                this.since = health.since;
                if (this.#connection.live) this.outbox.resume();
                else this.outbox.pause();
                this.#emit("status", health);
            },
            onReset: () => this.readAnew(),
            onBye: (bye) => this.#emit("bye", bye),
            onWelcome: (frame) => this.clock.learn(frame.now),
        });
        const { session } = app;
        this.outbox = new Outbox({
            name: `staff-${session?.shop.id}-${session?.staff.id}`,
            send: (frame) => this.#connection.command(frame),
            upload: async (file, name, progress) => {
                try {
                    return await app.api.upload(file, name, { progress });
                } catch (problem) {
                    const refusal = /** @type {any} */ (problem);
                    if (refusal?.shape && refusal.status > 0) throw new Refused(refusal.shape);
                    throw problem;
                }
            },
            onNews: (news) => this.#emit(`outbox.${news.type}`, news),
        });
    }

    /** Opens the outbox and the line. Commands and frames wait until it is live. */
    async open() {
        await this.outbox.open();
        this.#connection.start();
        return this;
    }

    /**
     * Sends a command and waits for its durable answer.
     * @param {Frame} frame a key is made when it has none
     * @returns {Promise<Ack>} rejects with the refusal in the person's language
     */
    async command(frame) {
        try {
            return await this.#connection.command({ ...frame, key: frame.key ?? newKey() });
        } catch (problem) {
            if (problem instanceof Refused) throw this.#api.refusal(problem.problem);
            throw problem;
        }
    }

    /**
     * Sends a frame that has no answer (typing, draft, watch, unwatch); lost while the line is down.
     * @param {Frame} frame
     */
    tell(frame) {
        return this.#connection.send(frame);
    }

    /**
     * Listens to frames of a type (`event`, `typing`, `draft`, `wall`), to `status`, `bye`, or to the outbox
     * (`outbox.changed`, `outbox.acked`, `outbox.refused`, `outbox.progress`).
     * @param {string} type
     * @param {(frame: any) => void} listener
     * @returns {() => void} stops listening
     */
    on(type, listener) {
        const set = this.#listeners.get(type) ?? new Set();
        set.add(listener);
        this.#listeners.set(type, set);
        return () => {
            set.delete(listener);
        };
    }

    close() {
        this.#connection.stop();
        this.outbox.close();
        this.#listeners.clear();
    }

    /**
     * @param {string} type
     * @param {any} frame
     */
    #emit(type, frame) {
        for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(frame);
    }
}
