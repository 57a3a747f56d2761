// The desk's rules that need no page: phrases, urgency, snooze times, the order and the numbers of chats.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fillVariables, findPhrases, lastOrderNumber } from "../../Sources/Web/Workspace/Desk/phrases.js";
import { doubts } from "../../Sources/Web/Workspace/Desk/doubts.js";
import { nextReplies } from "../../Sources/Web/Workspace/Desk/replies.js";
import { gist } from "../../Sources/Web/Workspace/Desk/gist.js";
import { snoozePresets, urgency } from "../../Sources/Web/Workspace/Desk/times.js";
import { score } from "../../Sources/Web/Workspace/Shell/score.js";

if (!globalThis.CustomEvent) {
    globalThis.CustomEvent = class extends Event {
        constructor(type, options = {}) {
            super(type);
            this.detail = options.detail;
        }
    };
}
const shelf = new Map();
const storage = {
    getItem: (key) => shelf.get(key) ?? null,
    setItem: (key, value) => void shelf.set(key, String(value)),
    removeItem: (key) => void shelf.delete(key),
};
Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
const session = new Map();
Object.defineProperty(globalThis, "sessionStorage", {
    value: {
        getItem: (key) => session.get(key) ?? null,
        setItem: (key, value) => void session.set(key, String(value)),
        removeItem: (key) => void session.delete(key),
    },
    configurable: true,
});
test.beforeEach(() => session.clear());
const { Store } = await import("../../Sources/Web/Workspace/Desk/store.js");

const phrase = (id, shortcut, title, text, pinyin, initials, uses = 0) =>
    ({ id, scope: "shop", shortcut, title, text, pinyin, initials, uses, version: 1 });
const phrases = [
    phrase("1", "fh", "发货时间", "付款后 48 小时内发货", "fahuoshijian", "fhsj", 3),
    phrase("2", "fp", "发票", "可以开电子发票", "fapiao", "fp", 9),
    phrase("3", "", "七天无理由", "签收后七天内可以退换", "qitianwuliyou", "qtwly", 1),
    phrase("4", "hh", "换货流程", "寄回后当天换出", "huanhuoliucheng", "hhlc"),
];

for (const [typed, first] of [
    ["fh", "1"], ["fp", "2"], ["qtw", "3"], ["qitian", "3"], ["七天", "3"], ["换货", "4"], ["当天换", "4"],
    ["FH", "1"], ["f'h", "1"], ["f h", "1"], ["huanhuo", "4"], ["", "2"],
]) {
    test(`“/${typed}” finds the phrase ${first} first`, () => {
        assert.equal(findPhrases(phrases, typed)[0]?.id, first);
    });
}

test("what no phrase answers finds none", () => {
    assert.deepEqual(findPhrases(phrases, "zzzz"), []);
});

test("an exact shortcut wins over a phrase that is used more", () => {
    const two = [phrase("a", "f", "甲", "x", "jia", "j", 0), phrase("b", "fa", "乙", "y", "yi", "y", 500)];
    assert.equal(findPhrases(two, "f")[0].id, "a");
});

test("variables are filled; what is not known stays and is pointed at", () => {
    const values = { buyer: "张三", agent: "小橙", shop: "橙子小铺", order: "", time: "10:00", date: "2026/11/22" };
    const { text, hole } = fillVariables("{买家}您好，我是{agent}，订单{订单号}已发，{别的}", values);
    assert.equal(text, "张三您好，我是小橙，订单{订单号}已发，{别的}");
    assert.equal(text.slice(...hole), "{订单号}");
    assert.equal(fillVariables("您好", values).hole, null);
});

test("a buyer's name with braces is not filled again", () => {
    const { text } = fillVariables("{买家}好", { buyer: "{店铺}", agent: "", shop: "橙子", order: "" });
    assert.equal(text, "{店铺}好");
});

test("the order number is the last one that was named", () => {
    const messages = [
        { text: "订单 2209384756102938 到哪了" },
        { text: "电话 13812345678" },
        { text: null, card: { title: "订单 3309384756102938000", lines: [] } },
        { text: "好的" },
    ];
    assert.equal(lastOrderNumber(messages), "3309384756102938000");
    assert.equal(lastOrderNumber([{ text: "13812345678" }]), "");
});

for (const [left, level] of [
    [90_000, "calm"], [60_001, "calm"], [60_000, "soon"], [20_001, "soon"], [20_000, "late"], [1, "late"], [0, "over"], [-5, "over"],
]) {
    test(`${left} ms before the deadline is ${level} when the shop warns at 60 s`, () => {
        assert.equal(urgency(left, 60_000), level);
    });
}

test("snooze times lie ahead, in the shop's zone", () => {
    const saturday = Date.UTC(2026, 10, 21, 11, 30); // 19:30 in Shanghai
    const presets = snoozePresets(saturday);
    assert.ok(presets.every((preset) => preset.until > saturday));
    assert.deepEqual(presets.map((preset) => preset.key), ["30m", "2h", "tomorrow", "monday"]);
    assert.equal(presets[2].until, Date.UTC(2026, 10, 22, 1));
    assert.equal(presets[3].until, Date.UTC(2026, 10, 23, 1));
    const monday = Date.UTC(2026, 10, 23, 2);
    assert.equal(snoozePresets(monday).at(-1).until, Date.UTC(2026, 10, 30, 1));
});

test("letters must appear in order to count", () => {
    assert.ok(score("transfer conversation", "trcon") > 0);
    assert.equal(score("transfer", "ft"), 0);
    assert.ok(score("发货时间", "发货") > score("什么时候发货", "发货"));
});

const app = (answers = {}) => ({
    session: { staff: { id: "3", name: "小橙" }, shop: { id: "1" }, policy: { values: { replyWithin: 180, replyWarning: 60 } } },
    connection: null,
    api: { get: async (path) => answers[path] ?? { conversations: [], asOf: 0 } },
});
const summary = (id, more = {}) => ({
    id, channel: "web", state: "open", buyer: { id: `b${id}`, name: `买家${id}` }, owner: { id: "3", name: "小橙" }, group: null,
    lastNumber: 1, lastPublic: 1, waitingSince: null, deadline: null, preview: { number: 1, text: "在吗", kind: "text", from: "buyer", at: 1000 },
    readByAgent: 0, readByBuyer: 0, deliveredToBuyer: 0, unread: 1, tags: [], openedAt: 1000, asOf: 10, ...more,
});
const event = (number, kind, conversation, body = {}) =>
    ({ type: "event", event: number, kind, conversation, at: 2000, actor: { kind: "system", id: "0", name: "" }, body });

async function filled(...summaries) {
    const store = new Store(app({ "/inbox?view=mine": { conversations: summaries, next: null, asOf: 10 } }));
    await store.load("mine");
    return store;
}

test("the list is ordered by time left, then the latest first", async () => {
    const store = await filled(
        summary("1", { preview: { number: 1, text: "", kind: "text", from: "agent", at: 5000 } }),
        summary("2", { deadline: 9000 }), summary("3", { deadline: 3000 }), summary("4"));
    assert.deepEqual(store.list("mine").map((one) => one.id), ["3", "2", "1", "4"]);
});

test("a chat keeps its number while others come and go, and a free number is used again", async () => {
    const store = await filled(summary("1"), summary("2"), summary("3"));
    assert.deepEqual([...store.slots], [["1", 1], ["2", 2], ["3", 3]]);
    store.hear(event(11, "conversation.closed", "2", { reason: "" }));
    assert.deepEqual([...store.slots], [["1", 1], ["3", 3]]);
    store.hear(event(12, "conversation.reopened", "2"));
    assert.equal(store.slots.has("2"), false);
    store.hear(event(13, "conversation.assigned", "2", { owner: { id: "3", name: "小橙" }, reason: "reopened", why: { zh: "", en: "" } }));
    assert.equal(store.slots.get("2"), 2);
    assert.equal(store.slots.get("3"), 3);
});

test("a reload leaves each chat its number", async () => {
    const before = await filled(summary("1"), summary("2"), summary("3"));
    before.hear(event(11, "conversation.closed", "1", { reason: "" }));
    const after = await filled(summary("3"), summary("2"), summary("9"));
    assert.deepEqual([after.slots.get("2"), after.slots.get("3"), after.slots.get("9")], [2, 3, 1]);
});

test("a message from the buyer raises the unread number and starts the clock", async () => {
    const store = await filled(summary("1", { unread: 0, readByAgent: 1 }));
    store.hear(event(11, "message.sent", "1", {
        id: "m", number: 2, follows: 1, at: 2000, author: { kind: "buyer", id: "b1", name: "张三" }, kind: "text", text: "有货吗", audience: "all",
    }));
    const now = store.summaries.get("1");
    assert.equal(now.unread, 1);
    assert.equal(now.deadline, 2000 + 180_000);
    assert.equal(store.unreadChats(), 1);
});

test("an event that the summary already contains changes nothing", async () => {
    const store = await filled(summary("1", { asOf: 50 }));
    store.hear(event(40, "conversation.closed", "1", { reason: "" }));
    assert.equal(store.summaries.get("1").state, "open");
});

test("events that arrive while the list is read are not lost", async () => {
    /** @type {(value: unknown) => void} */
    let answer = () => {};
    const waiting = new Promise((resolve) => { answer = resolve; });
    const one = app();
    one.api.get = () => waiting;
    const store = new Store(one);
    const loading = store.load("mine");
    store.hear(event(11, "conversation.closed", "1", { reason: "" }));
    answer({ conversations: [summary("1")], next: null, asOf: 10 });
    await loading;
    assert.equal(store.summaries.get("1").state, "closed");
});

test("a presence event of a colleague is no conversation", async () => {
    const store = await filled(summary("1"));
    const heard = [];
    store.on("other", (frame) => heard.push(frame.kind));
    store.hear(event(11, "presence.changed", "4", { staff: { id: "4", name: "小满" }, state: "busy" }));
    assert.deepEqual(heard, ["presence.changed"]);
});

test("a draft is remembered on this computer", async () => {
    const store = await filled(summary("1"));
    store.keepDraft("1", "写了一半");
    assert.equal(new Store(app()).drafts.get("1"), "写了一半");
    store.keepDraft("1", "");
    assert.equal(new Store(app()).drafts.has("1"), false);
});

test("what arrives for one conversation while another is read stays out of it", async () => {
    let answer = () => {};
    const one = app();
    one.api.get = () => new Promise((resolve) => {
        answer = resolve;
    });
    const store = new Store(one);
    const reading = store.open("1");
    const sent = (conversation, event, number, text) => ({
        type: "event", event, kind: "message.sent", conversation, at: 2000,
        body: { id: `${event}`, number, follows: number - 1, at: 2000, author: { kind: "buyer", id: "b", name: "买家" }, kind: "text", text },
    });
    store.hear(sent("1", 11, 2, "自己的话"));
    const first = answer;
    store.hear(sent("2", 12, 3, "别人的话"));
    first({
        conversation: summary("1"), asOf: 10, notes: [],
        messages: [{ id: "m", number: 1, follows: 0, at: 1000, author: { kind: "buyer", id: "b1", name: "买家1" }, kind: "text", text: "在吗" }],
    });
    const open = await reading;
    assert.deepEqual(open.state.messages.map((message) => message.text), ["在吗", "自己的话"]);
});

const says = (kind, text, more = {}) => ({ id: "m", number: 1, at: 1, author: { kind, id: "x", name: "x" }, kind: "text", text, ...more });

for (const [text, codes, more] of [
    ["尺码表见下图", ["attachment"]], ["尺码表见下图", [], { carries: true }], ["See the picture above", ["attachment"]],
    ["图案是印上去的", []], ["我问一下仓库", []], ["张三您好", ["buyer"]], ["李四您好", []], ["访客6720您好", []],
    ["订单 2209384756102938 已发", ["order"]], ["订单 3309384756102938 已发", []], ["订单 9909384756102938 已发", []],
    ["您好{买家}，见附件里的说明", ["variable", "attachment"]], ["转给您朋友张三的那件也一样", [], { messages: [says("buyer", "给张三买的")] }],
]) {
    test(`“${text}” ${codes.length ? `is doubted: ${codes}` : "goes out"}`, () => {
        const found = doubts(text, {
            carries: false, buyer: "李四", messages: [says("buyer", "订单 3309384756102938 到哪了")],
            others: [{ name: "张三", messages: [says("buyer", "2209384756102938 呢")] }, { name: "访客6720", messages: [] }], ...more,
        });
        assert.deepEqual(found.map((doubt) => doubt.code), codes);
    });
}

test("three lines tell what is wanted, what was told and what to keep", () => {
    const talk = [
        says("buyer", "在吗"), says("buyer", "雨衣有大码吗？"), says("agent", "有到 3XL 的"), says("buyer", "那运费呢"), says("buyer", "寄到拉萨"),
    ];
    assert.deepEqual(gist(talk, [], null), [{ code: "wants", text: "那运费呢 寄到拉萨" }, { code: "told", text: "有到 3XL 的" }]);
    const answered = [...talk, says("agent", "包邮的")];
    assert.deepEqual(gist(answered, [{ text: "老客户", scope: "customer", at: 5 }], null).map((line) => line.text), ["那运费呢", "包邮的", "老客户"]);
    const handed = [...answered, { ...says("system", "", { kind: "system", at: 9 }), system: { code: "transferred", args: { promise: "今天回电", nextStep: "查快递" } } }];
    assert.equal(gist(handed, [{ text: "老客户", scope: "customer", at: 5 }], null).at(-1).text, "今天回电；查快递");
    assert.equal(gist(handed, [], "问仓库").at(-1).text, "问仓库");
    assert.deepEqual(gist([], [], null), []);
    assert.equal([...gist([says("buyer", "很".repeat(500))], [], null)[0].text].length, 80);
});

const shopPhrases = JSON.parse(readFileSync(new URL("../../Demo/phrases.json", import.meta.url), "utf8")).phrases
    .map((one, index) => ({ id: String(index), uses: 0, ...one }));

for (const [asked, shortcut] of [
    ["今天拍的什么时候发货呀", "发货"], ["可以开发票吗", "发票"], ["我想退货，怎么退", "退"], ["在吗", null], ["嗯嗯", null], ["", null],
]) {
    test(`“${asked}” ${shortcut ? `is offered a phrase on ${shortcut}` : "is offered nothing"}`, () => {
        const found = nextReplies(shopPhrases, asked);
        if (shortcut) assert.ok(found[0] && (found[0].title + found[0].text).includes(shortcut), JSON.stringify(found.map((one) => one.title)));
        else assert.deepEqual(found, []);
    });
}
