// The client of Docs/api.md §2: one line to the server that mends itself. It goes over WebSocket, or over long-poll
// where WebSocket does not pass. It resumes after the last event it saw, and repeats a command with the same key until
// the server has answered it. What it hands out arrives in commit order.
// Long: the two ways of travel share one life, and its states are told side by side.

import { SocketLink } from "./links.js";

/** @typedef {import("./shapes.js").Frame} Frame */
/** @typedef {import("./shapes.js").Ack} Ack */
/** @typedef {import("./shapes.js").Problem} Problem */

/**
 * `connected`: live. `connecting`: for less than `patience`. `unhealthy`: longer than that, or the server says it
 * cannot deliver (`trouble`). `ended`: signed out or stopped; nothing will be tried again.
 * @typedef {{state: "connecting"|"connected"|"unhealthy"|"ended", since: number, trouble: Problem|null}} Health
 */

/** When the machine says something about its network, the line is tried at once. */
const lineEvents = ["online", "offline"];

/** Milliseconds. */
const limits = {
  ping: 20_000, dead: 40_000, probe: 5_000, open: 10_000, patience: 4_000,
  firstWait: 500, longestWait: 30_000, floodWait: 5_000, socketAgain: 30_000,
};

/** @returns {Promise<typeof import("./poll.js").PollLink|null>} null = the network is away altogether */
const loadPoll = () => import(loadsFailed ? `./poll.js?${loadsFailed}` : "./poll.js").then((module) => module.PollLink, () => {
  loadsFailed += 1; // some browsers never ask again for an address that failed once
  return null;
});
let loadsFailed = 0;

/** A command that the server refused. `problem.message` is for people. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.code);
    this.name = "Refused";
    this.problem = problem;
  }
}

/**
 * @typedef {object} Options
 * @property {string} [base] origin of the server; "" = this page's own
 * @property {() => string|null} [token] a buyer's or API token; none = the cookie speaks
 * @property {(frame: any) => void} onFrame every frame that is not an answer: events, typing, queue, draft, wall …
 * @property {(health: Health) => void} [onHealth]
 * @property {() => void|Promise<void>} [onReset] the gap was too large: read everything anew
 * @property {(bye: {code: string, message?: import("./shapes.js").Words, by?: any, reason?: string}) => void} [onBye]
 * @property {(frame: any) => void} [onWelcome] `session` and the server's clock `now`
 * @property {Partial<typeof limits>} [limits]
 * @property {typeof WebSocket} [WebSocket]
 * @property {typeof fetch} [fetch]
 * @property {() => number} [random]
 * @property {typeof loadPoll} [loadPoll]
 */

export class Connection {
  /**
   * Number of the last event seen. Set it from `asOf` before `start`.
   * @type {number|null}
   */
  after = null;
  /** @type {Health} */
  health = { state: "ended", since: 0, trouble: null };

  #options;
  #limits;
  /**
   * Commands waiting for their answer, in the order they were given.
   * @type {Map<string, Pending>}
   */
  #pending = new Map();
  /** @type {SocketLink|import("./poll.js").PollLink|null} */
  #link = null;
  #live = false;
  #tries = 0;
  /** Attempts in a row in which a socket did not get as far as `live`. */
  #socketFailures = 0;
  /**
   * What arrives while the state is read anew.
   * @type {any[]|null}
   */
  #held = null;
  #heardAt = 0;
  /** @type {number|null} */
  #askedAt = null;
  #downSince = 0;
  /** @type {Problem|null} */
  #trouble = null;
  /** @type {Record<string, ReturnType<typeof setTimeout>|undefined>} */
  #timers = {};
  #running = false;
  /** While long-poll is being loaded. */
  #opening = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#limits = { ...limits, ...options.limits };
  }

  /** @param {number|null} [after] resume after this event */
  start(after = this.after) {
    this.after = after;
    if (this.#running) return;
    this.#running = true;
    this.#downSince = Date.now();
    this.#tries = 0;
    for (const event of lineEvents) globalThis.addEventListener?.(event, this.#nudge);
    globalThis.document?.addEventListener("visibilitychange", this.#nudge);
    void this.#open();
  }

  /** Ends the line. Commands without an answer stay unanswered: their promises reject. */
  stop() {
    this.#end({ code: "client.stopped" });
  }

  get live() {
    return this.#live;
  }

  /**
   * A frame without key and answer (typing, watch, draft). Lost when the line is down.
   * @param {Frame} frame
   * @returns {boolean} whether it was handed on
   */
  send(frame) {
    if (!this.#live || !this.#link) return false;
    this.#link.send(frame);
    return true;
  }

  /**
   * A keyed command: sent now or as soon as the line is live, repeated with the same key until answered.
   * @param {Frame} frame
   * @returns {Promise<Ack>} rejects with `Refused`, or with an AbortError when the line ends for good
   */
  command(frame) {
    const key = frame.key;
    if (!key) throw new TypeError("a command needs a key");
    const known = this.#pending.get(key);
    if (known) return known.promise;
    /** @type {Pending} */
    const pending = new Pending(frame);
    this.#pending.set(key, pending);
    if (this.#live) {
      this.#link?.send(frame);
      setTimeout(() => this.#doubt(pending), this.#limits.probe);
    }
    return pending.promise;
  }

  /**
   * No answer yet, and not a word since: ask at once whether the line still lives.
   * @param {Pending} pending
   */
  #doubt(pending) {
    const silent = Date.now() - this.#heardAt >= this.#limits.probe;
    if (silent && this.#live && this.#link?.ordered && this.#pending.has(pending.frame.key ?? "")) this.#ask(this.#limits.probe);
  }

  #nudge = () => {
    if (!this.#running || globalThis.document?.visibilityState === "hidden") return;
    if (!this.#link) return void this.#open();
    if (this.#live && this.#link.ordered) this.#ask(this.#limits.probe);
  };

  async #open() {
    clearTimeout(this.#timers.retry);
    if (this.#link || this.#opening || !this.#running) return;
    this.#report();
    const { base = "", token = () => null } = this.#options;
    const Socket = this.#options.WebSocket ?? globalThis.WebSocket;
    // Two sockets in a row came to nothing: try the other way, and when that fails too, take turns.
    const usePoll = !Socket || (this.#socketFailures >= 2 && this.#tries % 2 === 0);
    /** @type {import("./links.js").LinkEvents} */
    const events = {
      heard: (frame) => {
        if (this.#link === link) this.#hear(frame);
      },
      closed: (code, problem) => {
        if (this.#link === link) this.#lost(code, problem);
      },
    };
    let PollLink = null;
    if (usePoll) {
      this.#opening = true;
      PollLink = await (this.#options.loadPoll ?? loadPoll)();
      this.#opening = false;
      if (!this.#running) return;
      if (!PollLink) return this.#lost(1006, null);
    }
    const hello = { type: "hello", ...(this.after === null ? {} : { after: this.after }) };
    const origin = base || globalThis.location?.origin || "";
    const link = PollLink
      ? new PollLink(origin, token(), hello, events, {
        fetch: this.#options.fetch ?? globalThis.fetch.bind(globalThis), Socket, every: this.#limits.socketAgain,
      })
      : new SocketLink(origin, token(), hello, events, Socket);
    this.#link = link;
    this.#heardAt = Date.now();
    this.#timers.open = setTimeout(() => link.close(4000), this.#limits.open);
    link.open();
  }

  /** @param {any} frame */
  #hear(frame) {
    this.#heardAt = Date.now();
    this.#askedAt = null;
    clearTimeout(this.#timers.probe);
    if (this.#held && frame.type !== "pong" && frame.type !== "bye") return void this.#held.push(frame);
    switch (frame.type) {
      case "pong": return;
      case "welcome":
        clearTimeout(this.#timers.open);
        this.#options.onWelcome?.(frame);
        return;
      case "live":
        this.#see(frame.event);
        return this.#goLive();
      case "reset":
        return void this.#readAnew(frame.event);
      case "ack": {
        if (this.#link?.ordered) this.#see(frame.event);
        const pending = this.#pending.get(frame.key);
        this.#pending.delete(frame.key);
        return pending?.resolve(frame);
      }
      case "refusal": return this.#refuse(frame.key, frame.error);
      case "health":
        this.#trouble = frame.ok ? null : { code: frame.code, message: frame.message };
        return this.#report();
      case "bye":
        return this.#end(frame);
      case "event":
        this.#options.onFrame(frame);
        return this.#see(frame.event);
      default:
        this.#options.onFrame(frame);
    }
  }

  /**
   * Until the fresh state is in place, frames wait: one applied too early would be lost with the old state.
   * @param {number} event
   */
  async #readAnew(event) {
    const link = this.#link;
    this.#held = [];
    try {
      await this.#options.onReset?.();
    } catch {
      if (this.#link === link) link?.close(4000); // `after` has not moved: the next line resets again
      return;
    }
    if (this.#link !== link) return;
    this.#see(event);
    const frames = this.#held ?? [];
    this.#held = null;
    for (const frame of frames) if (this.#link === link) this.#hear(frame);
  }

  /** @param {number|undefined} event */
  #see(event) {
    if (typeof event === "number" && event > (this.after ?? -1)) this.after = event;
  }

  #goLive() {
    this.#live = true;
    this.#tries = 0;
    this.#trouble = null;
    if (this.#link?.ordered) this.#socketFailures = 0;
    this.#timers.ping ??= setInterval(() => this.#beat(), this.#limits.ping);
    for (const { frame } of this.#pending.values()) this.#link?.send(frame);
    this.#report();
  }

  /**
   * @param {string|undefined} key
   * @param {Problem} problem
   */
  #refuse(key, problem) {
    const pending = this.#pending.get(key ?? "");
    if (!key || !pending) return;
    if (!problem.retry) {
      this.#pending.delete(key);
      return pending.reject(new Refused(problem));
    }
    pending.refusals += 1;
    setTimeout(() => {
      if (this.#live && this.#pending.get(key) === pending) this.#link?.send(pending.frame);
    }, this.#wait(pending.refusals));
  }

  #beat() {
    if (!this.#live) return;
    // Timers of a hidden page run late, so silence counts only from a question of ours that stayed unanswered.
    if (this.#askedAt !== null && Date.now() - this.#askedAt >= this.#limits.dead - this.#limits.ping) {
      return this.#link?.close(4000);
    }
    if (Date.now() - this.#heardAt >= this.#limits.ping / 2) this.#ask(null);
  }

  /** @param {number|null} within ms until silence means dead; null = the ordinary beat decides */
  #ask(within) {
    this.#askedAt ??= Date.now();
    this.#link?.send({ type: "ping" });
    if (within !== null) {
      clearTimeout(this.#timers.probe);
      this.#timers.probe = setTimeout(() => this.#link?.close(4000), within);
    }
  }

  /**
   * @param {number} code
   * @param {Problem|null} problem
   */
  #lost(code, problem) {
    const wasLive = this.#live;
    const link = this.#link;
    this.#drop();
    if (code === 4401 || problem?.code === "session.none" || problem?.code === "session.ended") {
      return this.#end({ code: problem?.code ?? "signedOut", message: problem?.message });
    }
    if (link?.socketPasses) this.#socketFailures = 0;
    else if (!wasLive && link?.ordered) this.#socketFailures += 1;
    if (wasLive) this.#downSince = code === 4000 ? this.#heardAt : Date.now(); // 4000: it fell silent, we closed it
    const random = this.#options.random ?? Math.random;
    const wait = code === 1001 && wasLive ? random() * this.#limits.firstWait
      : Math.max(this.#wait(++this.#tries), code === 4429 ? this.#limits.floodWait : 0);
    this.#timers.retry = setTimeout(() => void this.#open(), wait);
    this.#report();
  }

  /**
   * Exponential with jitter.
   * @param {number} tries
   */
  #wait(tries) {
    const whole = Math.min(this.#limits.longestWait, this.#limits.firstWait * 2 ** (tries - 1));
    return whole * (0.5 + (this.#options.random ?? Math.random)() / 2);
  }

  #drop() {
    this.#link = null;
    this.#live = false;
    this.#held = null;
    this.#askedAt = null;
    clearTimeout(this.#timers.open);
    clearTimeout(this.#timers.probe);
    clearInterval(this.#timers.ping);
    this.#timers.ping = undefined;
  }

  /** @param {{code: string, message?: import("./shapes.js").Words, by?: any}} bye */
  #end(bye) {
    if (!this.#running) return;
    this.#running = false;
    const link = this.#link;
    this.#drop();
    link?.close(1000);
    clearTimeout(this.#timers.retry);
    clearTimeout(this.#timers.patience);
    for (const event of lineEvents) globalThis.removeEventListener?.(event, this.#nudge);
    globalThis.document?.removeEventListener("visibilitychange", this.#nudge);
    for (const pending of this.#pending.values()) pending.reject(new DOMException("the line has ended", "AbortError"));
    this.#pending.clear();
    this.#tell("ended");
    if (bye.code !== "client.stopped") this.#options.onBye?.(bye);
  }

  #report() {
    clearTimeout(this.#timers.patience);
    if (this.#live) return this.#tell(this.#trouble ? "unhealthy" : "connected");
    const left = this.#downSince + this.#limits.patience - Date.now();
    if (left <= 0) return this.#tell("unhealthy");
    this.#timers.patience = setTimeout(() => this.#report(), left);
    this.#tell("connecting");
  }

  /** @param {Health["state"]} state */
  #tell(state) {
    const same = this.health.state === state;
    if (same && this.health.trouble === this.#trouble) return;
    const since = state === "unhealthy" && !this.#live ? this.#downSince : same ? this.health.since : Date.now();
    this.health = { state, since, trouble: this.#trouble };
    this.#options.onHealth?.(this.health);
  }
}

class Pending {
  refusals = 0;
  /** @type {(ack: Ack) => void} */
  resolve = () => {};
  /** @type {(error: Error) => void} */
  reject = () => {};

  /** @param {Frame} frame */
  constructor(frame) {
    this.frame = frame;
    /** @type {Promise<Ack>} */
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
