import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import { Connection, Refused } from "../../Sources/Web/Protocol/connection.js";
import { PollLink } from "../../Sources/Web/Protocol/poll.js";

/** A WebSocket whose far end is the test. */
class FakeSocket {
  static all = [];
  static last = () => FakeSocket.all.at(-1);
  readyState = 0;
  sent = [];

  constructor(address, protocols) {
    Object.assign(this, { address, protocols });
    FakeSocket.all.push(this);
  }
  accept() {
    this.readyState = 1;
    this.onopen?.({});
  }
  hear(...frames) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }
  live(event = 10) {
    this.accept();
    this.hear({ type: "welcome", session: "s", event, now: 0 }, { type: "live", event });
  }
  fail(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  get keys() {
    return this.sent.filter((f) => f.key).map((f) => f.key);
  }
}

beforeEach(() => {
  FakeSocket.all = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
});

function connect(more = {}) {
  const seen = { frames: [], health: [], byes: [], resets: 0 };
  const connection = new Connection({
    base: "https://shop.test", token: () => "qb_secret", WebSocket: FakeSocket, random: () => 1, loadPoll: async () => PollLink,
    fetch: async () => { throw new TypeError("no network"); },
    onFrame: (f) => seen.frames.push(f), onHealth: (h) => seen.health.push(h.state), onBye: (b) => seen.byes.push(b),
    onReset: () => { seen.resets += 1; }, ...more,
  });
  return { connection, seen };
}
const settle = async () => { for (let i = 0; i < 20; i += 1) await null; };

test("the token travels as a sub-protocol and hello tells where to resume", () => {
  const { connection } = connect();
  connection.start(41);
  const socket = FakeSocket.last();
  assert.equal(socket.address, "wss://shop.test/v1/socket");
  assert.deepEqual(socket.protocols, ["qinke.v1", "bearer.qb_secret"]);
  socket.accept();
  assert.deepEqual(socket.sent, [{ type: "hello", after: 41 }]);
  connection.stop();
});

test("the first visit says hello without a number", () => {
  const { connection } = connect();
  connection.start();
  FakeSocket.last().accept();
  assert.deepEqual(FakeSocket.last().sent, [{ type: "hello" }]);
  connection.stop();
});

test("a command waits for the live line and is answered by key", async () => {
  const { connection } = connect();
  connection.start(0);
  const answer = connection.command({ type: "say", key: "a", text: "在吗" });
  FakeSocket.last().accept();
  assert.deepEqual(FakeSocket.last().keys, [], "nothing before live");
  FakeSocket.last().hear({ type: "welcome", event: 1, now: 0 }, { type: "live", event: 1 });
  assert.deepEqual(FakeSocket.last().keys, ["a"]);
  FakeSocket.last().hear({ type: "ack", key: "a", event: 2, number: 1 });
  assert.equal((await answer).number, 1);
  assert.equal(connection.after, 2);
  connection.stop();
});

test("what was not answered is said again with the same key, in order, after the line broke", async () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  const first = connection.command({ type: "say", key: "a" });
  const second = connection.command({ type: "say", key: "b" });
  FakeSocket.last().hear({ type: "event", event: 17, kind: "x" });
  FakeSocket.last().fail();
  mock.timers.tick(600);
  assert.equal(FakeSocket.all.length, 2);
  FakeSocket.last().accept();
  assert.deepEqual(FakeSocket.last().sent, [{ type: "hello", after: 17 }]);
  FakeSocket.last().hear({ type: "welcome", event: 17, now: 0 }, { type: "live", event: 17 });
  assert.deepEqual(FakeSocket.last().keys, ["a", "b"]);
  FakeSocket.last().hear({ type: "ack", key: "a", event: 18 }, { type: "ack", key: "b", event: 19 });
  await Promise.all([first, second]);
  connection.stop();
});

test("a refusal rejects with the problem for people", async () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  const answer = connection.command({ type: "say", key: "a" });
  FakeSocket.last().hear({ type: "refusal", key: "a", error: { code: "conversation.closed", message: { zh: "已结束", en: "closed" } } });
  await assert.rejects(answer, (e) => e instanceof Refused && e.problem.code === "conversation.closed");
  connection.stop();
});

test("busy is tried again with the same key after a rest", async () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  const answer = connection.command({ type: "say", key: "a" });
  FakeSocket.last().hear({ type: "refusal", key: "a", error: { code: "busy", retry: true } });
  assert.deepEqual(FakeSocket.last().keys, ["a"]);
  mock.timers.tick(500);
  assert.deepEqual(FakeSocket.last().keys, ["a", "a"]);
  FakeSocket.last().hear({ type: "ack", key: "a", event: 11 });
  await answer;
  connection.stop();
});

test("attempts spread out up to thirty seconds", async () => {
  const instants = [];
  const fetch = async () => {
    instants.push(Date.now());
    throw new TypeError("no network");
  };
  const { connection } = connect({ fetch, WebSocket: undefined });
  connection.start(0);
  for (let i = 0; i < 1500; i += 1) {
    await settle();
    mock.timers.tick(100);
  }
  const waits = instants.slice(1).map((at, i) => at - instants[i]);
  assert.deepEqual(waits.slice(0, 8), [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  connection.stop();
});

test("sockets and long-poll take turns while neither passes", async () => {
  let polls = 0;
  const fetch = async () => {
    polls += 1;
    throw new TypeError("no network");
  };
  const { connection } = connect({ fetch });
  connection.start(0);
  for (let i = 0; i < 1000; i += 1) {
    if (FakeSocket.last().readyState === 0) FakeSocket.last().fail();
    await settle();
    mock.timers.tick(100);
  }
  assert.ok(FakeSocket.all.length >= 4 && polls >= 3, `${FakeSocket.all.length} sockets, ${polls} polls`);
  connection.stop();
});

test("a line that answers no ping is dead after forty seconds", () => {
  const { connection, seen } = connect();
  connection.start(0);
  FakeSocket.last().live();
  mock.timers.tick(20_000);
  assert.deepEqual(FakeSocket.last().sent.at(-1), { type: "ping" });
  FakeSocket.last().hear({ type: "pong", now: 1 });
  mock.timers.tick(20_000);
  mock.timers.tick(19_000);
  assert.equal(FakeSocket.all.length, 1, "silent, but not yet forty seconds");
  mock.timers.tick(2_000);
  mock.timers.tick(600);
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(seen.health.at(-1), "unhealthy", "it has been down since it fell silent");
  connection.stop();
});

test("an unanswered command on a silent line asks at once whether it lives", () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  mock.timers.tick(7_000);
  connection.command({ type: "say", key: "a" }).catch(() => {});
  mock.timers.tick(5_000);
  assert.deepEqual(FakeSocket.last().sent.at(-1), { type: "ping" });
  mock.timers.tick(5_000);
  mock.timers.tick(600);
  assert.equal(FakeSocket.all.length, 2, "ten seconds instead of forty");
  connection.stop();
});

test("health says unhealthy only after patience, with the instant it broke", () => {
  const { connection, seen } = connect();
  connection.start(0);
  FakeSocket.last().live();
  mock.timers.tick(1000);
  const broke = Date.now();
  FakeSocket.last().fail();
  assert.deepEqual(seen.health, ["connecting", "connected", "connecting"]);
  mock.timers.tick(4_100);
  assert.equal(seen.health.at(-1), "unhealthy");
  assert.equal(connection.health.since, broke);
  connection.stop();
});

test("the server's own trouble shows while the line is up, and passes", () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  FakeSocket.last().hear({ type: "health", ok: false, code: "store.slow", message: { zh: "慢", en: "slow" } });
  assert.equal(connection.health.state, "unhealthy");
  assert.equal(connection.health.trouble.code, "store.slow");
  FakeSocket.last().hear({ type: "health", ok: true });
  assert.equal(connection.health.state, "connected");
  connection.stop();
});

test("a server that stops is asked again at once", () => {
  const { connection } = connect();
  connection.start(0);
  FakeSocket.last().live();
  FakeSocket.last().fail(1001);
  mock.timers.tick(500);
  assert.equal(FakeSocket.all.length, 2);
  connection.stop();
});

test("a bye ends the line for good and says who", async () => {
  const { connection, seen } = connect();
  connection.start(0);
  FakeSocket.last().live();
  const answer = connection.command({ type: "say", key: "a" });
  FakeSocket.last().hear({ type: "bye", code: "session.ended", message: { zh: "", en: "" }, by: { name: "主管" } });
  await assert.rejects(answer, { name: "AbortError" });
  assert.equal(seen.byes[0].by.name, "主管");
  mock.timers.tick(120_000);
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(connection.health.state, "ended");
});

test("after a reset, frames wait until everything is read anew", async () => {
  let finish;
  const { connection, seen } = connect({ onReset: () => new Promise((resolve) => { finish = resolve; }) });
  connection.start(3);
  FakeSocket.last().accept();
  FakeSocket.last().hear(
    { type: "welcome", event: 900, now: 0 }, { type: "reset", event: 900 }, { type: "live", event: 900 },
    { type: "event", event: 901, kind: "message.sent" });
  assert.deepEqual(seen.frames, []);
  assert.equal(connection.after, 3, "nothing counts as seen before it was read");
  finish();
  await settle();
  assert.deepEqual(seen.frames.map((f) => f.event), [901]);
  assert.equal(connection.after, 901);
  assert.equal(connection.live, true);
  connection.stop();
});

test("when reading anew fails, the next line resets again", async () => {
  const { connection } = connect({ onReset: () => Promise.reject(new Error("503")) });
  connection.start(3);
  FakeSocket.last().accept();
  FakeSocket.last().hear({ type: "welcome", event: 900, now: 0 }, { type: "reset", event: 900 });
  await settle();
  mock.timers.tick(600);
  FakeSocket.last().accept();
  assert.deepEqual(FakeSocket.last().sent, [{ type: "hello", after: 3 }]);
  connection.stop();
});

test("where sockets do not pass, long-poll carries the same frames and commands", async () => {
  const calls = [];
  const waiting = [];
  const fetch = (url, { body, headers }) => {
    const path = new URL(url).pathname;
    calls.push([path, JSON.parse(body), headers.Authorization]);
    const answer = (content, status = 200) => ({ ok: status < 400, status, json: async () => content });
    if (path === "/v1/poll") {
      return Promise.resolve(answer({ poll: "p1", frames: [{ type: "welcome", event: 5, now: 0 }, { type: "live", event: 5 }] }));
    }
    if (path === "/v1/commands") return Promise.resolve(answer({ type: "ack", key: JSON.parse(body).key, event: 6, number: 1 }));
    return new Promise((resolve) => waiting.push((content) => resolve(answer(content))));
  };
  const { connection, seen } = connect({ fetch });
  connection.start(4);
  FakeSocket.last().fail();
  mock.timers.tick(500);
  FakeSocket.last().fail();
  mock.timers.tick(1000);
  await settle();
  assert.deepEqual(calls[0], ["/v1/poll", { frames: [{ type: "hello", after: 4 }] }, "Bearer qb_secret"]);
  assert.equal(connection.live, true);
  const ack = await connection.command({ type: "say", key: "a" });
  assert.equal(ack.number, 1);
  assert.equal(connection.after, 5, "an answer that may have overtaken events is not a place to resume from");
  waiting[0]({ frames: [{ type: "event", event: 6, kind: "message.sent" }] });
  await settle();
  assert.deepEqual(seen.frames.map((f) => f.event), [6]);
  assert.equal(connection.after, 6);
  assert.equal(calls.at(-1)[0], "/v1/poll/p1");

  const sockets = FakeSocket.all.length;
  mock.timers.tick(30_000);
  assert.equal(FakeSocket.all.length, sockets + 1, "now and then a socket is tried");
  FakeSocket.last().live();
  mock.timers.tick(600);
  FakeSocket.last().live();
  await settle();
  connection.send({ type: "typing", on: true });
  assert.deepEqual(FakeSocket.last().sent.at(-1), { type: "typing", on: true }, "and the line moves over");
  connection.stop();
});

test("an unknown poll opens a new one and resumes", async () => {
  let polls = 0;
  const after = [];
  const fetch = (url, { body }) => {
    const path = new URL(url).pathname;
    const answer = (content, status = 200) => Promise.resolve({ ok: status < 400, status, json: async () => content });
    if (path === "/v1/poll") {
      polls += 1;
      after.push(JSON.parse(body).frames[0].after);
      return answer({ poll: `p${polls}`, frames: [{ type: "welcome", event: 8, now: 0 }, { type: "live", event: 8 }] });
    }
    return polls === 1 ? answer({ error: { code: "poll.unknown" } }, 404) : new Promise(() => {});
  };
  const { connection } = connect({ fetch, WebSocket: undefined });
  connection.start(4);
  await settle();
  mock.timers.tick(600);
  await settle();
  assert.deepEqual(after, [4, 8]);
  assert.equal(connection.live, true);
  connection.stop();
});

test("a poll that says 401 ends the line", async () => {
  const fetch = () => Promise.resolve({ ok: false, status: 401, json: async () => ({ error: { code: "session.none", message: { zh: "", en: "" } } }) });
  const { connection, seen } = connect({ fetch, WebSocket: undefined });
  connection.start(4);
  await settle();
  assert.equal(seen.byes[0].code, "session.none");
});
