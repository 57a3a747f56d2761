import assert from "node:assert/strict";
import test from "node:test";
import { MemoryDrawer, Outbox } from "../../Sources/Web/Protocol/outbox.js";

/** A drawer that two boxes can share, as two tabs share IndexedDB, with a lock. */
class SharedDrawer extends MemoryDrawer {
  durable = true;
  locks = new Map();
  async alone(name, act) {
    const before = this.locks.get(name) ?? Promise.resolve();
    const run = before.then(act, act);
    this.locks.set(name, run.catch(() => {}));
    await run;
  }
}

/** A far end that answers when the test says so. */
function line() {
  const waiting = [];
  return {
    waiting,
    keys: () => waiting.map((w) => w.frame.key),
    send: (frame) => new Promise((resolve, reject) => waiting.push({ frame, resolve, reject })),
    ack(index, more = {}) {
      const { frame, resolve } = waiting[index];
      resolve({ type: "ack", key: frame.key, event: index + 1, ...more });
    },
    refuse(index, problem) {
      waiting[index].reject(Object.assign(new Error(problem.code), { problem }));
    },
  };
}
const settle = () => new Promise((done) => setImmediate(() => setImmediate(done)));
const say = (key, text = key) => ({ type: "say", key, kind: "text", text });
let boxes = 0;
async function box(far, more = {}) {
  const news = [];
  const outbox = await new Outbox({
    name: `t${boxes += 1}`, send: far.send, drawer: new SharedDrawer(), onNews: (n) => news.push(n), ...more,
  }).open();
  return { outbox, news };
}

test("one lane goes out one by one, in the order of writing", async () => {
  const far = line();
  const { outbox } = await box(far);
  outbox.resume();
  for (const key of ["a", "b", "c"]) await outbox.add(say(key), { lane: "7" });
  await settle();
  assert.deepEqual(far.keys(), ["a"]);
  far.ack(0);
  await settle();
  far.ack(1);
  await settle();
  assert.deepEqual(far.keys(), ["a", "b", "c"]);
  far.ack(2);
  await settle();
  assert.deepEqual(outbox.entries, []);
  outbox.close();
});

test("lanes do not wait for each other", async () => {
  const far = line();
  const { outbox } = await box(far);
  outbox.resume();
  await outbox.add(say("a"), { lane: "7" });
  await outbox.add(say("b"), { lane: "8" });
  await settle();
  assert.deepEqual(far.keys(), ["a", "b"]);
  outbox.close();
});

test("nothing leaves before the line is live", async () => {
  const far = line();
  const { outbox } = await box(far);
  await outbox.add(say("a"), { lane: "7" });
  await settle();
  assert.deepEqual(far.keys(), []);
  outbox.resume();
  await settle();
  assert.deepEqual(far.keys(), ["a"]);
  outbox.close();
});

test("what a closed tab left is sent by the next one with the same key", async () => {
  const drawer = new SharedDrawer();
  const first = await new Outbox({ name: "x", send: line().send, drawer }).open();
  await first.add(say("a", "还在吗"), { lane: "7" });
  first.close();

  const far = line();
  const second = await new Outbox({ name: "x", send: far.send, drawer }).open();
  assert.equal(second.entries[0].frame.text, "还在吗");
  second.resume();
  await settle();
  assert.deepEqual(far.keys(), ["a"]);
  far.ack(0);
  await settle();
  assert.deepEqual(await drawer.all(), []);
  second.close();
});

test("two tabs send each entry once and both learn of the ack", async () => {
  const drawer = new SharedDrawer();
  const far = line();
  const newsA = [];
  const newsB = [];
  const a = await new Outbox({ name: "two", send: far.send, drawer, onNews: (n) => newsA.push(n) }).open();
  const b = await new Outbox({ name: "two", send: far.send, drawer, onNews: (n) => newsB.push(n) }).open();
  a.resume();
  b.resume();
  await a.add(say("a"), { lane: "7" });
  await b.add(say("b"), { lane: "7" });
  const until = async (condition) => {
    for (let i = 0; i < 200 && !condition(); i += 1) await new Promise((r) => setTimeout(r, 5));
    assert.ok(condition());
  };
  await until(() => far.waiting.length >= 1);
  far.ack(0);
  await until(() => far.waiting.length >= 2);
  far.ack(1);
  await until(() => a.entries.length === 0 && b.entries.length === 0);
  assert.deepEqual(far.keys().sort(), ["a", "b"]);
  await until(() => newsA.filter((n) => n.type === "acked").length === 2 && newsB.filter((n) => n.type === "acked").length === 2);
  a.close();
  b.close();
});

test("a refusal stays with its reason, lets the next one pass, and can be tried again or dropped", async () => {
  const far = line();
  const { outbox, news } = await box(far);
  outbox.resume();
  await outbox.add(say("a"), { lane: "7" });
  await outbox.add(say("b"), { lane: "7" });
  await settle();
  far.refuse(0, { code: "message.tooLong", message: { zh: "太长", en: "too long" } });
  await settle();
  assert.equal(outbox.entries[0].state, "failed");
  assert.equal(outbox.entries[0].problem.code, "message.tooLong");
  assert.equal(news.filter((n) => n.type === "refused").length, 1);
  far.ack(1);
  await settle();
  await outbox.retry("a");
  await settle();
  assert.deepEqual(far.keys(), ["a", "b", "a"]);
  far.refuse(2, { code: "message.tooLong", message: { zh: "", en: "" } });
  await settle();
  await outbox.discard("a");
  assert.deepEqual(outbox.entries, []);
  outbox.close();
});

test("a broken line keeps the entry for the next time", async () => {
  const far = line();
  const { outbox } = await box(far);
  outbox.resume();
  await outbox.add(say("a"), { lane: "7" });
  await settle();
  outbox.pause();
  far.waiting[0].reject(new DOMException("ended", "AbortError"));
  await settle();
  assert.equal(outbox.entries[0].state, "waiting");
  outbox.resume();
  await settle();
  assert.deepEqual(far.keys(), ["a", "a"]);
  outbox.close();
});

test("a file is uploaded once, before its message, even when the message must wait", async () => {
  const far = line();
  let uploads = 0;
  const upload = async (file, name, progress) => {
    uploads += 1;
    progress(0.5);
    return { upload: "9", name, type: "image/png", size: file.size, width: 2, height: 2 };
  };
  const drawer = new SharedDrawer();
  const { outbox, news } = await box(far, { upload, drawer });
  outbox.resume();
  await outbox.add({ type: "say", key: "a", kind: "image" }, { lane: "7", file: new Blob(["x"]), fileName: "a.png" });
  await settle();
  await settle();
  assert.equal(far.waiting[0].frame.upload, "9");
  assert.ok(news.some((n) => n.type === "progress" && n.part === 0.5));
  outbox.pause();
  far.waiting[0].reject(new DOMException("ended", "AbortError"));
  await settle();
  outbox.resume();
  await settle();
  await settle();
  far.ack(1);
  await settle();
  assert.equal(uploads, 1);
  const acked = news.find((n) => n.type === "acked");
  assert.equal(acked.entry.attachment.upload, "9");
  outbox.close();
});
