import assert from "node:assert/strict";
import test from "node:test";
import {
  acknowledge, apply, applyToSummary, firstGap, merge, nothing, read, refill,
} from "../../Sources/Web/Protocol/conversation.js";

const buyer = { kind: "buyer", id: "5", name: "张三" };
const agent = { kind: "agent", id: "3", name: "小橙" };

const message = (number, more = {}) => ({
  id: String(100 + number), number, follows: number - 1, at: 1000 * number, key: `k${number}`, author: buyer, kind: "text",
  text: `第${number}句`, replyTo: null, audience: "all", mentions: [], attachment: null, card: null, system: null,
  editedAt: null, withdrawn: false, ...more,
});
const summary = (more = {}) => ({
  id: "7", channel: "web", state: "open", buyer: { id: "5", name: "张三", verified: false }, owner: { id: "3", name: "小橙" },
  group: null, lastNumber: 0, lastPublic: 0, waitingSince: null, deadline: null, preview: null, readByAgent: 0,
  readByBuyer: 0, deliveredToBuyer: 0, unread: 0, tags: [], snoozedUntil: null, snoozeNote: null, mergedInto: null,
  assignment: null, rating: { invited: false, score: null, comment: null }, openedAt: 0, closedAt: null, place: null, asOf: 1,
  ...more,
});
const event = (number, kind, body = {}, at = 1000 * number) => ({
  type: "event", event: number, kind, conversation: "7", at, actor: buyer, body,
});
const sent = (number, m) => event(number, "message.sent", m, m.at);
const start = (messages = [], more = {}) => read({
  conversation: summary({ lastNumber: messages.at(-1)?.number ?? 0, lastPublic: messages.at(-1)?.number ?? 0, ...more }), messages, asOf: 1,
});
const numbers = (state) => state.messages.map((m) => m.number);

test("an event takes its message to the end", () => {
  const state = apply(start([message(1)]), sent(2, message(2)));
  assert.deepEqual(numbers(state), [1, 2]);
  assert.equal(state.asOf, 2);
  assert.equal(state.gap, null);
});

test("an event already contained changes nothing, not even the object", () => {
  const state = apply(start([message(1)]), sent(2, message(2)));
  assert.equal(apply(state, sent(2, message(2))), state);
  assert.equal(apply(state, event(1, "conversation.closed")), state);
});

test("the same number under a later event is not a second message", () => {
  const state = apply(apply(start(), sent(2, message(1))), sent(3, message(1)));
  assert.deepEqual(numbers(state), [1]);
});

test("a missing entry is a gap until the page across it arrives", () => {
  const holed = apply(start([message(1)]), sent(2, message(4)));
  assert.equal(holed.gap, 1);
  assert.deepEqual(numbers(holed), [1, 4]);
  const whole = refill(holed, [message(2), message(3)]);
  assert.equal(whole.gap, null);
  assert.deepEqual(numbers(whole), [1, 2, 3, 4]);
});

test("an entry that only staff may see is no gap for a buyer", () => {
  const state = apply(start([message(1)]), sent(2, message(4, { follows: 1 })));
  assert.equal(state.gap, null);
});

test("notes between public entries make no gap for staff", () => {
  assert.equal(firstGap([message(1), message(2, { audience: "staff", kind: "note" }), message(3, { follows: 1 })]), null);
});

test("older history before the first entry held is not a gap", () => {
  assert.equal(firstGap([message(40), message(41)]), null);
});

test("the beginning missing from an empty state is a gap", () => {
  assert.equal(apply(start(), sent(2, message(3))).gap, 0);
});

test("an older page goes before, and what is read anew wins", () => {
  const merged = merge([message(3), message(4)], [message(1), message(2), message(3, { text: "改过" })]);
  assert.deepEqual(merged.map((m) => m.number), [1, 2, 3, 4]);
  assert.equal(merged[2].text, "改过");
});

test("the ack of one's own message stands for its event", () => {
  const frame = { type: "say", key: "mine", conversation: "7", kind: "text", text: "在吗" };
  const ack = { type: "ack", key: "mine", event: 9, conversation: "7", id: "200", number: 1, follows: 0, at: 5000 };
  const state = acknowledge(start(), frame, ack, buyer, { rules: { replyTime: 180_000 } });
  assert.equal(state.messages[0].text, "在吗");
  assert.equal(state.messages[0].key, "mine");
  assert.equal(state.conversation.deadline, 185_000);
  assert.equal(state.conversation.unread, 1);
  const again = acknowledge(state, frame, ack, buyer);
  assert.deepEqual(numbers(again), [1]);
  assert.equal(again.conversation.unread, 1, "an answer that comes again counts once");
});

test("an ack that overtakes earlier events does not make them count as seen", () => {
  const frame = { type: "say", key: "mine", conversation: "7", kind: "text", text: "在吗" };
  let state = acknowledge(start([message(1)]), frame, { type: "ack", key: "mine", event: 9, conversation: "7", id: "200", number: 3, follows: 2, at: 5000 }, buyer);
  assert.equal(state.gap, 1);
  state = apply(state, sent(8, message(2, { author: agent })));
  assert.deepEqual(numbers(state), [1, 2, 3]);
  assert.equal(state.gap, null);
  state = apply(state, sent(9, message(3, { id: "200", key: "mine", text: "在吗" })));
  assert.deepEqual(numbers(state), [1, 2, 3]);
  assert.equal(state.conversation.unread, 1);
});

test("an ack of an older event does not take back what is known", () => {
  const state = apply(start([message(1)]), sent(20, message(2)));
  const frame = { type: "say", key: "k1", conversation: "7", kind: "text", text: "第1句" };
  const after = acknowledge(state, frame, { type: "ack", key: "k1", event: 2, conversation: "7", id: "101", number: 1, follows: 0, at: 1 }, buyer);
  assert.equal(after.asOf, 20);
  assert.deepEqual(numbers(after), [1, 2]);
});

test("a withdrawn message keeps its place without its words", () => {
  const state = apply(start([message(1), message(2)]), event(2, "message.withdrawn", { number: 2 }));
  assert.equal(state.messages[1].withdrawn, true);
  assert.equal(state.messages[1].text, "");
});

test("an edit changes the words and the preview of the last message only", () => {
  let state = apply(apply(start(), sent(2, message(1))), sent(3, message(2)));
  state = apply(state, event(4, "message.edited", { number: 1, text: "旧的改了", editedAt: 9 }));
  assert.equal(state.messages[0].text, "旧的改了");
  assert.equal(state.conversation.preview.text, "第2句");
  state = apply(state, event(5, "message.edited", { number: 2, text: "新的改了", editedAt: 9 }));
  assert.equal(state.conversation.preview.text, "新的改了");
});

test("the preview follows its own message, also behind a line of the system", () => {
  let state = apply(apply(start(), sent(2, message(1))), sent(3, message(2, { kind: "system", author: { kind: "system", id: null, name: "" } })));
  assert.equal(state.conversation.preview.text, "第1句");
  state = apply(state, event(4, "message.edited", { number: 1, text: "长".repeat(100), editedAt: 9 }));
  assert.equal(state.conversation.preview.text, "长".repeat(80));
  state = apply(state, event(5, "message.withdrawn", { number: 1 }));
  assert.equal(state.conversation.preview.text, "");
});

test("the clock starts with the first unanswered message and stops with a human answer", () => {
  const rules = { replyTime: 180_000 };
  let state = apply(start(), sent(2, message(1)), rules);
  state = apply(state, sent(3, message(2)), rules);
  assert.equal(state.conversation.waitingSince, 1000);
  assert.equal(state.conversation.deadline, 181_000);
  assert.equal(state.conversation.unread, 2);
  state = apply(state, sent(4, message(3, { author: { ...agent, kind: "bot" } })), rules);
  assert.equal(state.conversation.waitingSince, 1000, "a bot's answer is not a human's");
  state = apply(state, sent(5, message(4, { author: agent })), rules);
  assert.equal(state.conversation.waitingSince, null);
  assert.equal(state.conversation.deadline, null);
});

test("writing is also reading, on either side", () => {
  let state = apply(start(), sent(2, message(1)));
  assert.equal(state.conversation.readByBuyer, 1);
  state = apply(state, sent(3, message(2, { author: agent })));
  assert.equal(state.conversation.readByAgent, 2);
  assert.equal(state.conversation.unread, 0);
});

test("an internal note neither answers the buyer nor becomes the preview", () => {
  let state = apply(start(), sent(2, message(1)));
  state = apply(state, sent(3, message(2, { author: agent, kind: "note", audience: "staff", follows: 1 })));
  assert.equal(state.conversation.waitingSince, 1000);
  assert.equal(state.conversation.preview.text, "第1句");
  assert.equal(state.conversation.lastNumber, 2);
  assert.equal(state.conversation.lastPublic, 1);
});

test("reading by the agent leaves what came later unread", () => {
  let state = start();
  for (const n of [1, 2, 3]) state = apply(state, sent(n + 1, message(n)));
  state = apply(state, event(9, "conversation.read", { side: "agent", upTo: 2 }));
  assert.equal(state.conversation.unread, 1);
  state = apply(state, event(10, "conversation.read", { side: "agent", upTo: 3 }));
  assert.equal(state.conversation.unread, 0);
  state = apply(state, event(11, "conversation.read", { side: "agent", upTo: 1 }));
  assert.equal(state.conversation.readByAgent, 3, "a late mark does not go back");
  state = apply(state, event(12, "conversation.read", { side: "agent", upTo: 3, unread: 4 }));
  assert.equal(state.conversation.unread, 4, "the server's count counts");
});

test("reading by the buyer is also delivery", () => {
  const state = apply(start([message(1)]), event(2, "conversation.read", { side: "buyer", upTo: 1 }));
  assert.equal(state.conversation.readByBuyer, 1);
  assert.equal(state.conversation.deliveredToBuyer, 1);
});

const steps = [
  ["conversation.queued", { group: "2", reason: "nobodyFree" }, { state: "queued", owner: null, group: { id: "2", name: "" }, queuedSince: 2000 }],
  ["conversation.assigned", { owner: { id: "4", name: "小柚" }, reason: "leastLoaded", why: { zh: "空", en: "free" } }, { state: "open", owner: { id: "4", name: "小柚" }, place: null, queuedSince: null }],
  ["conversation.closed", { reason: "done" }, { state: "closed", closedAt: 2000, waitingSince: null, place: null, queuedSince: null }],
  ["conversation.reopened", {}, { state: "queued", owner: null, closedAt: null }],
  ["conversation.returned", { from: { id: "3", name: "小橙" }, reason: "饭点" }, { owner: null }],
  ["conversation.transferred", { toAgent: { id: "4", name: "小柚" }, card: {} }, {}],
  ["conversation.woken", {}, { state: "open", snoozedUntil: null }],
  ["conversation.snoozed", { until: 99, note: "等货" }, { state: "snoozed", snoozedUntil: 99, snoozeNote: "等货" }],
  ["conversation.tagged", { tags: ["退款", "急"] }, { tags: ["退款", "急"] }],
  ["conversation.merged", { into: "8" }, { mergedInto: "8" }],
  ["conversation.ratingInvited", {}, { rating: { invited: true, score: null, comment: null } }],
  ["conversation.rated", { score: 0, comment: "好" }, { rating: { invited: true, score: 0, comment: "好" } }],
  ["conversation.delivered", { upTo: 5 }, { deliveredToBuyer: 5 }],
];
for (const [kind, body, expected] of steps) {
  test(`${kind} changes the summary in its declared way and nothing else`, () => {
    const before = summary({ place: 3, waitingSince: 5, deadline: 6 });
    const after = applyToSummary(before, event(2, kind, body));
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(after[field], value, field);
    assert.equal(after.asOf, 2);
    const touched = Object.keys(after).filter((k) => JSON.stringify(after[k]) !== JSON.stringify(before[k]));
    const allowed = new Set([...Object.keys(expected), "asOf", "assignment", "deadline", "closedAt", "waitingSince", "place"]);
    assert.deepEqual(touched.filter((k) => !allowed.has(k)), []);
  });
}

test("an unknown event kind moves only the number", () => {
  const state = apply(start([message(1)]), event(2, "conversation.sung", { loudly: true }));
  assert.equal(state.asOf, 2);
  assert.deepEqual(numbers(state), [1]);
});

test("nothing is an empty state that takes events", () => {
  assert.deepEqual(numbers(apply(nothing, sent(1, message(1)))), [1]);
});
