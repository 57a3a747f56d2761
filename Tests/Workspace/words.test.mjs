import assert from "node:assert/strict";
import test from "node:test";
import { chooseLanguage, spoken, translator } from "../../Sources/Web/Protocol/i18n.js";
import { newKey } from "../../Sources/Web/Protocol/keys.js";
import { dayName, sameDay } from "../../Sources/Web/Protocol/time.js";

test("a key fits the protocol and never comes twice", () => {
  const keys = Array.from({ length: 2000 }, () => newKey());
  assert.ok(keys.every((key) => /^[A-Za-z0-9_-]{1,64}$/.test(key)));
  assert.equal(new Set(keys).size, keys.length);
});

test("a later key sorts later", () => {
  const times = [0, 1, 63, 64, 4095, 4096, 1_790_000_000_000, 1_790_000_000_001, 2 ** 47];
  const keys = times.map((at) => newKey(at));
  assert.deepEqual([...keys].sort((a, b) => (a < b ? -1 : 1)), keys);
  assert.ok(keys.every((key) => key.length === 22));
});

for (const [wishes, expected] of [
  [["zh-TW"], "zh-CN"], [["en-GB"], "en"], [["fr", "en"], "en"], [[null, undefined], "zh-CN"], [["fr"], "zh-CN"], [["ZH"], "zh-CN"],
]) {
  test(`wishes ${JSON.stringify(wishes)} get ${expected}`, () => assert.equal(chooseLanguage(...wishes), expected));
}

const catalogue = {
  zh: { hi: "{name}，你好", ahead: "前面{n}位" },
  en: { hi: "Hi {name}", ahead: "{n} {n|person|people} ahead" },
};
test("a text is filled from its arguments, by number where it says so", () => {
  const t = translator(catalogue.en);
  assert.equal(t("hi", { name: "<b>$&" }), "Hi <b>$&");
  assert.equal(t("ahead", { n: 1 }), "1 person ahead");
  assert.equal(t("ahead", { n: 3 }), "3 people ahead");
  assert.equal(translator(catalogue.zh)("ahead", { n: 3 }), "前面3位");
});
test("a missing key can be made to fail", () => {
  const t = translator(catalogue.en, (key) => { throw new Error(`no text ${key}`); });
  assert.throws(() => t("constructor"), /no text constructor/);
});
test("two-language texts are read in one's own language", () => {
  assert.equal(spoken({ zh: "忙", en: "busy" }, "en"), "busy");
  assert.equal(spoken({ zh: "忙", en: "busy" }, "zh-CN"), "忙");
  assert.equal(spoken(null, "en"), "");
});

const noon = new Date(2026, 8, 22, 12, 0).getTime();
const day = 86_400_000;
for (const [at, zh, en] of [
  [noon, "今天", "Today"], [noon - day, "昨天", "Yesterday"], [noon - 20 * day, "9月2日", "September 2"],
  [new Date(2025, 0, 5).getTime(), "2025年1月5日", "January 5, 2025"],
]) {
  test(`${new Date(at).toDateString()} is called ${zh} and ${en}`, () => {
    assert.equal(dayName(at, noon, "zh-CN"), zh);
    assert.equal(dayName(at, noon, "en"), en);
  });
}
test("two instants of one day are told apart from two days", () => {
  assert.ok(sameDay(noon, noon + 1000));
  assert.ok(!sameDay(noon, noon - day));
});
