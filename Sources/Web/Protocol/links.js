// How a frame travels: WebSocket (Docs/api.md §2). The other way, long-poll, is poll.js.

/** @typedef {import("./shapes.js").Frame} Frame */

/**
 * @typedef {object} LinkEvents
 * @property {(frame: any) => void} heard
 * @property {(code: number, problem: import("./shapes.js").Problem|null) => void} closed once, whoever closed it
 */

export class SocketLink {
  /** Answers and events arrive on one stream, in commit order. */
  ordered = true;
  socketPasses = false;
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
