// The buyer's side of one shop's service: who they are, their conversation, what is not sent yet, how the line is.
// No page in here; the view reads the fields and is told when they change.

import { Connection } from "../Protocol/connection.js";
import * as conversation from "../Protocol/conversation.js";
import { newKey } from "../Protocol/keys.js";
import { Outbox } from "../Protocol/outbox.js";
import { ServerClock } from "../Protocol/time.js";
import { Calls, Failed } from "./calls.js";
import { store, stored, subject } from "./shelf.js";

/** @typedef {import("../Protocol/shapes.js").Message} Message */
/** @typedef {import("../Protocol/shapes.js").Card} Card */
/**
 * @typedef {{name: string, online: boolean, full?: boolean, hours?: any, colours?: import("../Design/look.js").Colours,
 *   texts?: Record<string, {zh: string, en: string}>}} Shop `full`: nobody else may join the queue
 */

/** How long one may take back or change one's words (Docs/api.md §2), ms. */
export const changeTime = 120_000;
/** The longest text, in characters: 64 KiB of frame hold it even when every character takes four bytes. */
export const longestText = 4000;
const typingPause = 1_500;
const typingLasts = 6_000;

export class BuyerSession {
  /** @type {"idle"|"loading"|"ready"|"failed"|"ended"} */
  phase = "idle";
  /** @type {Failed|null} */
  failure = null;
  /** @type {Shop|null} */
  shop = null;
  /** @type {{id: string, name: string}|null} */
  buyer = null;
  /** @type {conversation.State} */
  state = conversation.nothing;
  /** @type {readonly import("../Protocol/outbox.js").Entry[]} */
  unsent = [];
  /**
   * Uploads on their way, 0…1 by key.
   * @type {Map<string, number>}
   */
  progress = new Map();
  /** @type {{place: number, waitSeconds: number|null}|null} */
  queue = null;
  /** @type {{name: string, until: number}|null} */
  typing = null;
  /** @type {import("../Protocol/connection.js").Health} */
  health = { state: "connecting", since: 0, trouble: null };
  hasOlder = false;
  durable = true;
  clock = new ServerClock();

  #options;
  calls;
  /** @type {Connection|null} */
  #connection = null;
  /** @type {Outbox|null} */
  #outbox = null;
  /** @type {Promise<Outbox>|null} */
  #box = null;
  /**
   * Events that arrive while the state is being read.
   * @type {any[]|null}
   */
  #waiting = null;
  /** @type {Promise<void>|null} */
  #reading = null;
  #seen = { received: 0, read: 0 };
  #typedAt = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #typingTimer;

  /**
   * @param {object} options
   * @param {string} options.base origin of the server
   * @param {string} options.shop slug
   * @param {string|null} [options.identity] token signed by the shop's own site
   * @param {() => void} options.onChange
   * @param {(m: Message) => void} [options.onMessage] somebody else's new message
   */
  constructor(options) {
    this.#options = options;
    this.calls = new Calls(options.base);
  }

  get #shelf() {
    return `qinke.${this.#options.base}.${this.#options.shop}`;
  }

  /** Whether this browser has been here before: then the line may open before the window does. */
  get known() {
    return Boolean(this.#options.identity || stored(this.#shelf));
  }

  async start() {
    if (this.phase === "loading" || this.phase === "ready") return;
    this.phase = "loading";
    this.#changed();
    // Before anything of the network: what is written while the line is still away is kept like the rest.
    this.#box ??= this.#openBox();
    try {
      await this.#box;
      const { identity, shop } = this.#options;
      const resume = stored(this.#shelf);
      const ask = (/** @type {object} */ who) => this.calls.ask("POST", "/v1/buyer/sessions", { shop, ...who });
      const answer = await ask(identity ? { identity } : resume ? { resume } : {}).catch((error) => {
        // The server no longer knows the secret: begin as somebody new. A shop that is unknown stays unknown.
        if (!identity && resume && (error.status === 401 || error.problem?.field === "resume")) return ask({});
        throw error;
      });
      this.calls.token = answer.token;
      if (!identity) store(this.#shelf, answer.token);
      this.#take(answer);
      this.#openLine();
      this.phase = "ready";
      this.failure = null;
    } catch (error) {
      this.phase = "failed";
      this.failure = error instanceof Failed ? error : new Failed(0, null);
      if (!(error instanceof Failed)) console.error("qinke:", error);
    }
    this.#changed();
  }

  stop() {
    this.#connection?.stop();
    this.#connection = null;
    void this.#box?.then((outbox) => outbox.close());
    this.#box = this.#outbox = null;
    this.phase = "idle";
  }

  /** @param {any} answer of a session or of `GET /v1/buyer/conversation` */
  #take(answer) {
    this.shop = answer.shop ?? this.shop;
    this.buyer = answer.buyer ?? this.buyer;
    this.state = conversation.read(answer);
    this.hasOlder = (this.state.messages[0]?.follows ?? 0) > 0;
    const place = this.state.conversation?.place;
    this.queue = this.state.conversation?.state === "queued" && place ? { place, waitSeconds: this.queue?.waitSeconds ?? null } : null;
  }

  /** One box per shop in this browser; with a signed identity, one per person. */
  async #openBox() {
    const { shop, identity } = this.#options;
    const outbox = new Outbox({
      name: shop + subject(identity),
      send: (frame) => (this.#connection ? this.#connection.command(frame) : Promise.reject(new Failed(0, null))),
      upload: (file, name, progress) => this.calls.upload(file, name, progress),
      onNews: (news) => this.#post(news),
    });
    this.#outbox = outbox;
    await outbox.open();
    this.durable = outbox.durable;
    this.unsent = outbox.entries;
    return outbox;
  }

  #openLine() {
    const { base } = this.#options;
    const connection = new Connection({
      base, token: () => this.calls.token,
      onFrame: (frame) => this.#hear(frame),
      onWelcome: (frame) => this.clock.learn(frame.now),
      onReset: () => this.#read(),
      onHealth: (health) => {
        this.health = health;
        if (health.state === "connected") this.#outbox?.resume();
        else if (!connection.live) this.#outbox?.pause();
        this.#changed();
      },
      onBye: () => {
        this.phase = "ended";
        this.#outbox?.pause();
        this.#changed();
      },
    });
    this.#connection?.stop();
    this.#connection = connection;
    connection.start(this.state.asOf);
  }

  // Reading ------------------------------------------------------------------------------------------------------

  /** Reads the conversation anew; what arrives meanwhile is applied on top. */
  #read() {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readOnce() {
    this.#waiting = [];
    try {
      this.#take(await this.calls.ask("GET", "/v1/buyer/conversation"));
    } finally {
      const events = this.#waiting;
      this.#waiting = null;
      for (const event of events) this.#event(event);
      this.#changed();
    }
  }

  /** Is the shop still on line? Asked when the window opens after a while. */
  async refresh() {
    await this.#read().catch(() => {});
  }

  async loadOlder() {
    const first = this.state.messages[0];
    if (!first || !this.hasOlder) return;
    const { messages } = await this.calls.ask("GET", `/v1/buyer/messages?before=${first.number}`);
    this.state = conversation.refill(this.state, messages);
    this.hasOlder = messages.length > 0 && (this.state.messages[0]?.follows ?? 0) > 0;
    this.#changed();
  }

  // Hearing ------------------------------------------------------------------------------------------------------

  /** @param {any} frame */
  #hear(frame) {
    switch (frame.type) {
      case "event":
        if (this.#waiting) this.#waiting.push(frame);
        else this.#event(frame);
        break;
      case "queue":
        this.queue = { place: frame.place, waitSeconds: frame.waitSeconds ?? null };
        break;
      case "typing":
        if (frame.who?.kind === "buyer") return;
        this.typing = frame.on === false ? null : { name: frame.who?.name ?? "", until: Date.now() + typingLasts };
        clearTimeout(this.#typingTimer);
        this.#typingTimer = setTimeout(() => {
          this.typing = null;
          this.#changed();
        }, typingLasts);
        break;
      default: return;
    }
    this.#changed();
  }

  /** @param {import("../Protocol/shapes.js").EventFrame} event */
  #event(event) {
    const mine = this.state.conversation?.id;
    if (event.conversation !== mine) {
      // Another conversation has become this buyer's: a new one, or the one that this was merged into.
      if (event.event > this.state.asOf) void this.#read().catch(() => {});
      return;
    }
    const before = this.state;
    this.state = conversation.apply(before, event);
    if (this.state === before) return;
    if (this.state.conversation?.state !== "queued") this.queue = null;
    if (event.kind === "conversation.merged") void this.#read().catch(() => {});
    if (event.kind === "message.sent" && event.body.author?.kind !== "buyer" && event.body.kind !== "system") {
      this.typing = null;
      this.#options.onMessage?.(event.body);
    }
    this.#mend();
  }

  /** A gap: read anew. Entries older than it are dropped, they come back page by page. */
  #mend() {
    if (this.state.gap !== null) void this.#read().catch(() => {});
  }

  /** @param {import("../Protocol/outbox.js").News} news */
  #post(news) {
    if (news.type === "refused" && news.entry.problem?.code === "queue.full" && this.shop) this.shop = { ...this.shop, full: true };
    if (news.type === "progress") this.progress.set(news.key, news.part);
    if (news.type === "acked") {
      this.progress.delete(news.entry.key);
      const { frame, attachment } = news.entry;
      const id = this.state.conversation?.id;
      if (news.ack.conversation && id !== news.ack.conversation) void this.#read().catch(() => {});
      if (this.buyer && (!id || id === news.ack.conversation)) {
        this.state = conversation.acknowledge(
          this.state, frame, news.ack, { kind: "buyer", ...this.buyer }, { attachment, now: this.clock.now() });
        this.#mend();
      }
    }
    this.unsent = this.#outbox?.entries ?? [];
    this.#changed();
  }

  // Saying -------------------------------------------------------------------------------------------------------

  /**
   * @param {{text?: string, replyTo?: number|null, card?: Card|null, file?: File|null}} what
   */
  async say({ text = "", replyTo = null, card = null, file = null }) {
    const kind = file ? (file.type.startsWith("image/") ? "image" : "file") : card ? "card" : "text";
    const frame = {
      type: "say", key: newKey(), kind, ...(text ? { text } : {}), ...(replyTo ? { replyTo } : {}), ...(card ? { card } : {}),
    };
    this.stopTyping();
    await (await this.#box)?.add(frame, { lane: "say", file, fileName: file?.name ?? "" });
  }

  /**
   * @param {"edit"|"withdraw"|"rate"|"close"} type
   * @param {Record<string, any>} fields
   */
  async act(type, fields) {
    const id = this.state.conversation?.id;
    if (id) await this.#outbox?.add({ type, key: newKey(), conversation: id, ...fields }, { lane: "say" });
  }

  /** @param {string} key */
  retry(key) {
    return this.#outbox?.retry(key);
  }

  /** @param {string} key */
  discard(key) {
    return this.#outbox?.discard(key);
  }

  /** @param {string} text what stands in the field now */
  type(text) {
    if (!text) return this.stopTyping();
    const id = this.state.conversation?.id;
    if (!id || Date.now() - this.#typedAt < typingPause) return;
    this.#typedAt = Date.now();
    this.#connection?.send({ type: "typing", conversation: id, on: true, text: text.slice(0, 500) });
  }

  stopTyping() {
    const id = this.state.conversation?.id;
    if (id && this.#typedAt) this.#connection?.send({ type: "typing", conversation: id, on: false, text: "" });
    this.#typedAt = 0;
  }

  /** @param {boolean} looking whether the person sees the end of the conversation now */
  mark(looking) {
    const summary = this.state.conversation;
    if (!summary || !this.#connection?.live) return;
    const last = this.state.messages.at(-1)?.number ?? 0;
    const type = looking ? "read" : "received";
    const known = looking ? summary.readByBuyer : summary.deliveredToBuyer;
    if (last <= Math.max(known, this.#seen[type], looking ? 0 : this.#seen.read)) return;
    this.#seen[type] = last;
    const sent = this.#connection.command({ type, key: newKey(), conversation: summary.id, upTo: last });
    sent.then((ack) => {
      const current = this.state.conversation;
      if (current?.id !== summary.id) return;
      const fields = looking ? { readByBuyer: Math.max(last, current.readByBuyer) } : {};
      this.state = { ...this.state, conversation: { ...current, deliveredToBuyer: Math.max(last, current.deliveredToBuyer), ...fields } };
      void ack;
      this.#changed();
    }, () => {
      this.#seen[type] = 0;
    });
  }

  /** Messages from the shop that the person has not looked at. */
  get unread() {
    const upTo = Math.max(this.state.conversation?.readByBuyer ?? 0, this.#seen.read);
    return this.state.messages.filter((m) => m.number > upTo && m.kind !== "system" && !m.withdrawn && m.author.kind !== "buyer").length;
  }

  /** Is there a place in the queue by now? Then what was said goes there. */
  async askAgain() {
    await this.refresh();
    if (!this.shop?.full) for (const entry of this.turnedAway) void this.retry(entry.key);
  }

  /** What was said to a queue that took nobody else. */
  get turnedAway() {
    return this.unsent.filter((entry) => entry.problem?.code === "queue.full");
  }

  /**
   * @param {string} upload
   * @param {boolean} [small]
   */
  file(upload, small) {
    return this.calls.file(upload, small);
  }

  /** @param {{name: string, contact: string, text: string, key: string}} note */
  async leave(note) {
    await this.calls.ask("POST", "/v1/buyer/offline", note);
    for (const entry of this.turnedAway) void this.discard(entry.key);
  }

  #changed() {
    this.#options.onChange();
  }
}
