// The buyer's window: what it says, and what its pure parts decide. (Its weight: Tests/WebTests.)
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const web = new URL("../../Sources/Web/", import.meta.url);
const source = (path) => readFileSync(new URL(path, web), "utf8");

// dom.js and forms.js touch the page only when they are called.
globalThis.document ??= {};
const { findLinks, webAddress } = await import("../../Sources/Web/Widget/dom.js");
const { hoursToday, isContact } = await import("../../Sources/Web/Widget/forms.js");
const { price } = await import("../../Sources/Web/Widget/log.js");
const { words } = await import("../../Sources/Web/Widget/words.js");

test("no file of the window makes elements from markup text or runs text as code", () => {
  for (const folder of ["Widget", "Protocol", "Design"]) {
    for (const name of readdirSync(new URL(folder, web)).filter((n) => /\.(js|html)$/.test(n))) {
      const text = source(`${folder}/${name}`);
      assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
      assert.doesNotMatch(text, /\son[a-z]+="|style="|<style|javascript:[^`]/, name);
    }
  }
});

test("every text the window asks for by a computed key exists", () => {
  const codes = ["assigned", "transferred", "transferredTo", "returned", "takenOver", "closed", "reopened", "snoozed", "woken", "merged"];
  for (const key of [...codes.map((c) => `chat.sys.${c}`), ...[0, 1, 2, 3, 4].map((n) => `chat.rate${n}`)]) {
    assert.ok(words.zh[key] && words.en[key], key);
  }
});

for (const [text, links] of [
  ["看 https://a.example/x?b=1。谢谢", ["https://a.example/x?b=1"]],
  ["（https://a.example/x）", ["https://a.example/x"]],
  ["(see http://a.example/x_(y))", ["http://a.example/x_(y)"]],
  ["www.a.example，可以吗", ["https://www.a.example/"]],
  ["http://a.example. Next", ["http://a.example/"]],
  ["javascript:alert(1) data:text/html,x ftp://a.example", []],
  ["me@www.a.example", []],
  ["https://", []],
  ["没有链接", []],
]) {
  test(`links in ${JSON.stringify(text)}`, () => {
    const parts = findLinks(text);
    assert.equal(parts.map((p) => p.text).join(""), text, "no letter is lost");
    assert.deepEqual(parts.filter((p) => p.href).map((p) => p.href), links);
  });
}

for (const [address, expected] of [
  ["javascript:alert(1)", null], ["data:image/svg+xml,x", null], ["https://a.example/p.png", "https://a.example/p.png"],
  ["/widget/p.svg", "https://own.example/widget/p.svg"], ["//other.example/x", "https://other.example/x"], ["", null], [null, null],
]) {
  test(`the address ${address} may be ${expected}`, () => assert.equal(webAddress(address, "https://own.example"), expected));
}

for (const [contact, good] of [
  ["13800138000", true], ["+86 138-0013-8000", true], ["(021) 6789 0123", true], ["a@b.cn", true], ["a@b", false], ["12345", false], ["微信", false],
  ["1234567890123456", false],
]) {
  test(`${contact} ${good ? "is" : "is not"} a way to reach somebody`, () => assert.equal(isContact(contact), good));
}

test("a price is told to the fen", () => assert.equal(price(26082), "¥260.82"));

test("today's hours are those of the shop's day, not of the buyer's", () => {
  const week = [["09:00", "18:00"], null, null, null, null, null, ["10:00", "12:00"]];
  // Sunday evening in London is Monday in Shanghai.
  const at = Date.parse("2026-11-22T20:00:00Z");
  assert.deepEqual(hoursToday({ zone: "Asia/Shanghai", week }, at), ["09:00", "18:00"]);
  assert.deepEqual(hoursToday({ zone: "Europe/London", week }, at), ["10:00", "12:00"]);
  assert.equal(hoursToday({ zone: "Nowhere/Land", week }, at), null);
  assert.equal(hoursToday(null, at), undefined);
});
