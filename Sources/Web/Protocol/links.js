// The two ways a frame can travel: WebSocket, or the same frames over long-poll (Docs/api.md §2).

/** @typedef {import("./shapes.js").Frame} Frame */

/**
 * @typedef {object} LinkEvents
 * @property {(frame: any) => void} heard
 * @property {(code: number, problem: import("./shapes.js").Problem|null) => void} closed once, whoever closed it
 */

export class SocketLink {
  /** Answers and events arrive on one stream, in commit order. */
  ordered = true;
  /** @type {WebSocket|null} */
  #socket = null;
  #closed = false;

  /**
   * @param {string} origin
   * @param {string|null} token
   * @param {Frame} hello
   * @param {LinkEvents} events
   * @param {typeof WebSocket} Socket
   */
  constructor(origin, token, hello, events, Socket) {
    this.origin = origin;
    this.token = token;
    this.hello = hello;
    this.events = events;
    this.Socket = Socket;
  }

  open() {
    const address = `${this.origin.replace(/^http/, "ws")}/v1/socket`;
    const protocols = ["qinke.v1", ...(this.token ? [`bearer.${this.token}`] : [])];
    let socket;
    try {
      socket = new this.Socket(address, protocols);
    } catch {
      queueMicrotask(() => this.#finish(1006));
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.send(this.hello);
    socket.onmessage = ({ data }) => {
      if (this.#closed) return;
      let frame;
      try {
        frame = JSON.parse(data);
      } catch {
        return this.close(1007);
      }
      this.events.heard(frame);
    };
    socket.onclose = ({ code }) => this.#finish(code);
  }

  /** @param {Frame} frame */
  send(frame) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {number} code a dead line never answers the closing handshake, so nobody waits for it */
  close(code) {
    try {
      this.#socket?.close(code === 1000 ? 1000 : 4000);
    } catch {
      // Already closing.
    }
    this.#finish(code);
  }

  /** @param {number} code */
  #finish(code) {
    if (this.#closed) return;
    this.#closed = true;
    this.events.closed(code, null);
  }
}

export class PollLink {
  /** A command goes by a request of its own, so its answer may overtake earlier events. */
  ordered = false;
  #poll = "";
  #closed = false;
  #abort = new AbortController();

  /**
   * @param {string} origin
   * @param {string|null} token
   * @param {Frame} hello
   * @param {LinkEvents} events
   * @param {typeof fetch} fetch
   */
  constructor(origin, token, hello, events, fetch) {
    this.origin = origin;
    this.token = token;
    this.hello = hello;
    this.events = events;
    this.fetch = fetch;
  }

  async open() {
    const first = await this.#post("/v1/poll", { frames: [this.hello] });
    if (!first) return;
    this.#poll = first.poll;
    this.#hear(first);
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
    this.#abort.abort();
    this.events.closed(code, problem);
  }
}
