// A waiting clock: time left to the shop's promise, by word and by colour. All clocks share one tick.
import { span, t } from "../words.js";
import { urgency } from "./times.js";

/** @type {Set<WaitingClock>} */
const running = new Set();
/** @type {number | undefined} */
let timer;

function tick() {
    for (const clock of running) clock.draw();
    if (running.size === 0) {
        clearInterval(timer);
        timer = undefined;
    }
}

/** `<qk-clock>`: set `deadline`, `warning` (ms) and `now` (the server's clock). */
export class WaitingClock extends HTMLElement {
    /** @type {number | null} */
    deadline = null;
    warning = 60_000;
    /** @type {() => number} */
    now = () => Date.now();
    #shown = "";

    connectedCallback() {
        this.setAttribute("role", "img");
        running.add(this);
        timer ??= setInterval(tick, 1000);
        this.draw();
    }

    disconnectedCallback() {
        running.delete(this);
    }

    /** @param {number | null | undefined} deadline */
    set(deadline) {
        this.deadline = deadline ?? null;
        this.draw();
    }

    draw() {
        if (this.deadline === null) {
            if (this.#shown !== "") {
                this.#shown = "";
                this.hidden = true;
                this.textContent = "";
            }
            this.hidden = true;
            return;
        }
        const left = this.deadline - this.now();
        const level = urgency(left, this.warning);
        const over = left <= 0;
        const text = over ? `+${span(-left)}` : span(left);
        if (text === this.#shown) return;
        this.#shown = text;
        this.hidden = false;
        this.className = `clock ${level}`;
        this.textContent = text;
        this.setAttribute("aria-label", t(over ? "desk.clockOver" : "desk.clockLeft", { time: span(Math.abs(left)) }));
    }
}

customElements.define("qk-clock", WaitingClock);
