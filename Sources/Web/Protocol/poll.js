// The same frames where WebSocket does not pass (Docs/api.md §2, "Long poll"). Loaded when it is needed.

import { SocketLink } from "./links.js";

/** @typedef {import("./shapes.js").Frame} Frame */

export class PollLink {
  /** A command goes by a request of its own, so its answer may overtake earlier events. */
  ordered = false;
  /** Found out on the way; then this link closes in favour of a socket. */
  socketPasses = false;
  #poll = "";
  #closed = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #abort = new AbortController();

  /**
   * @param {string} origin
   * @param {string|null} token
   * @param {Frame} hello
   * @param {import("./links.js").LinkEvents} events
   * @param {{fetch: typeof fetch, Socket: typeof WebSocket|undefined, every: number}} means `every`: ms until a socket is tried
   */
  constructor(origin, token, hello, events, { fetch, Socket, every }) {
    this.origin = origin;
    this.token = token;
    this.hello = hello;
    this.events = events;
    this.fetch = fetch;
    this.Socket = Socket;
    this.every = every;
  }

  async open() {
    const first = await this.#post("/v1/poll", { frames: [this.hello] });
    if (!first) return;
    this.#poll = first.poll;
    this.#hear(first);
    this.#lookForSocket();
    while (!this.#closed) {
      const answer = await this.#post(`/v1/poll/${this.#poll}`, { frames: [] });
      if (!answer) return;
      this.#hear(answer);
    }
  }

  /** @param {Frame} frame */
  send(frame) {
    if (this.#closed || frame.type === "ping") return;
    void (frame.key ? this.#command(frame) : this.#aside(frame));
  }

  /** Sees now and then, ever less often, whether a socket would pass, and makes room for it. */
  #lookForSocket() {
    const { Socket } = this;
    if (!Socket || this.#closed) return;
    this.#timer = setTimeout(() => {
      const probe = new SocketLink(this.origin, this.token, { type: "hello" }, {
        heard: () => {
          this.socketPasses = true;
          probe.close(1000);
          this.close(1001);
        },
        closed: () => this.#lookForSocket(),
      }, Socket);
      probe.open();
    }, this.every);
    this.every = Math.min(this.every * 2, 960_000);
  }

  /** @param {Frame} frame */
  async #aside(frame) {
    const answer = await this.#post(`/v1/poll/${this.#poll}`, { frames: [frame] });
    if (answer) this.#hear(answer);
  }

  /** @param {Frame} frame */
  async #command(frame) {
    const answer = await this.#post("/v1/commands", frame, true);
    if (!answer || this.#closed) return;
    this.events.heard(answer.error
      ? { type: "refusal", key: frame.key, error: answer.error } : { type: "ack", ...answer });
  }

  /** @param {{frames?: any[]}} answer */
  #hear(answer) {
    // Coming back empty-handed is an answer too.
    if (!answer.frames?.length) return this.events.heard({ type: "pong" });
    for (const frame of answer.frames) {
      if (this.#closed) return;
      this.events.heard(frame);
    }
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {boolean} [refusalIsAnswer]
   * @returns {Promise<any>} undefined after the link was closed
   */
  async #post(path, body, refusalIsAnswer = false) {
    try {
      const answer = await this.fetch(this.origin + path, {
        method: "POST", body: JSON.stringify(body), signal: this.#abort.signal,
        headers: { "Content-Type": "application/json", ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}) },
        credentials: this.token ? "omit" : "same-origin",
      });
      const content = await answer.json();
      if (this.#closed) return undefined;
      if (answer.ok || (refusalIsAnswer && content.error && answer.status !== 401)) return content;
      this.#finish(answer.status === 401 ? 4401 : answer.status === 429 ? 4429 : 1006, content.error ?? null);
    } catch {
      this.#finish(1006, null);
    }
    return undefined;
  }

  /** @param {number} code */
  close(code) {
    this.#finish(code, null);
  }

  /**
   * @param {number} code
   * @param {import("./shapes.js").Problem|null} problem
   */
  #finish(code, problem) {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.events.closed(code, problem);
  }
}
