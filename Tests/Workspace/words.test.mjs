import assert from "node:assert/strict";
import test from "node:test";
import { chooseLanguage, spoken, translator } from "../../Sources/Web/Protocol/i18n.js";
import { isKey, newKey } from "../../Sources/Web/Protocol/keys.js";
import { dayName, sameDay, span, when } from "../../Sources/Web/Protocol/time.js";

test("a key fits the protocol and never comes twice", () => {
  const keys = Array.from({ length: 2000 }, newKey);
  assert.ok(keys.every(isKey));
  assert.equal(new Set(keys).size, keys.length);
});
for (const bad of ["", "有", "a b", "x".repeat(65), 5, null]) {
  test(`${JSON.stringify(bad)} is no key`, () => assert.equal(isKey(bad), false));
}

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
test("today's instants show the time alone", () => {
  assert.equal(when(noon, noon, "zh-CN"), "12:00");
  assert.equal(when(noon - day, noon, "zh-CN"), "昨天 12:00");
  assert.ok(!sameDay(noon, noon - day));
});
for (const [ms, text] of [[0, "0:00"], [42_900, "0:42"], [725_000, "12:05"], [3_729_000, "1:02:09"], [-5, "0:00"]]) {
  test(`${ms} ms is ${text}`, () => assert.equal(span(ms), text));
}
