// Waiting clocks of the wall: how long somebody waits, and how near the promise is.

import { h } from "../dom.js";
import { span, t } from "../words.js";

/** The server's clock, learnt from each wall frame: a screen with a wrong clock still counts honestly. */
export class WallClock {
    #offset = 0;

    /** @param {number | undefined | null} now */
    learn(now) {
        if (typeof now === "number") this.#offset = now - Date.now();
    }

    now() {
        return Date.now() + this.#offset;
    }
}

/** @typedef {"calm" | "soon" | "late" | "over"} Level */

/**
 * @param {number | null | undefined} deadline
 * @param {number} now
 * @param {number} warning milliseconds before the deadline at which the clock warns
 * @returns {Level}
 */
export function level(deadline, now, warning) {
    if (deadline === null || deadline === undefined) return "calm";
    const left = deadline - now;
    if (left < 0) return "over";
    if (left < warning / 2) return "late";
    return left < warning ? "soon" : "calm";
}

/**
 * A clock that counts up since an instant; its word says the level without colour.
 * @param {string} [name] class
 */
export function makeClock(name = "") {
    const digits = h("span", { class: "wall-digits" });
    const word = h("span", { class: "wall-over-word" });
    const element = h("span", { class: `clock ${name}` }, digits, word);
    return {
        element,
        /**
         * @param {number | null | undefined} since
         * @param {number | null | undefined} deadline
         * @param {number} now
         * @param {number} warning
         */
        update(since, deadline, now, warning) {
            element.hidden = since === null || since === undefined;
            if (element.hidden) return;
            const at = level(deadline, now, warning);
            element.className = `clock ${name} ${at}`;
            digits.textContent = span(now - Number(since));
            word.textContent = at === "over" ? t("wall.overdue") : "";
        },
    };
}
