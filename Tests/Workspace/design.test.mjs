// The design tokens keep their promises: AA contrast in both themes, and one dark list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const [shared, work] = ["tokens.css", "tokens-work.css"].map((name) =>
  readFileSync(new URL(`../../Sources/Web/Design/${name}`, import.meta.url), "utf8").replace(/\/\*[^]*?\*\//g, ""));

/** Declarations of the block that follows `opening`. */
function block(css, opening) {
  const start = css.indexOf(opening);
  assert.notEqual(start, -1, `no block ${opening}`);
  const body = css.slice(css.indexOf("{", start) + 1, css.indexOf("}", start));
  return Object.fromEntries(
    body.split(";").map((line) => line.trim()).filter(Boolean).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }));
}

const light = { ...block(shared, ":root, :host {"), ...block(work, ":root {") };
const [darkBySystem, darkByChoice] = [":root:not([data-theme=\"light\"])", ":root[data-theme=\"dark\"]"]
  .map((opening) => ({ ...block(shared, opening), ...block(work, opening) }));

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(tokens, front, back) {
  const resolve = (name) => {
    const value = tokens[`--${name}`];
    assert.ok(value, `no token --${name}`);
    const reference = /^var\(--(.+)\)$/.exec(value);
    return reference ? resolve(reference[1]) : value;
  };
  const [a, b] = [resolve(front), resolve(back)].map(luminance).sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

const states = ["good", "warn", "bad", "info", "accent", "brand"];
const words = [
  ...["text", "text-muted", "text-faint", "link"].flatMap((front) =>
    ["canvas", "surface", "surface-sunken", "surface-raised", "surface-hover", "surface-selected"].map((back) => [front, back])),
  ...states.flatMap((s) => [[`on-${s}`, s], [`${s}-text`, `${s}-soft`], [`${s}-text`, "surface"]]),
  ["on-brand", "brand-hover"],
  ...["calm", "soon", "late", "over"].map((level) => [`on-clock-${level}`, `clock-${level}`]),
  ...["mine", "theirs", "note"].map((side) => [`on-bubble-${side}`, `bubble-${side}`]),
  ["on-mark", "mark"],
];
const edges = ["line-strong", "focus", "brand", "accent", ...["online", "busy", "break", "suspended", "offline"].map((p) => `presence-${p}`)]
  .flatMap((front) => ["surface", "canvas"].map((back) => [front, back]));

for (const [theme, tokens] of [["light", light], ["dark", { ...light, ...darkByChoice }]]) {
  test(`words reach 4.5 : 1 in the ${theme} theme`, () => {
    const weak = words.map(([f, b]) => [f, b, contrast(tokens, f, b)]).filter(([, , ratio]) => ratio < 4.5);
    assert.deepEqual(weak, []);
  });
  test(`edges of controls reach 3 : 1 in the ${theme} theme`, () => {
    const weak = edges.map(([f, b]) => [f, b, contrast(tokens, f, b)]).filter(([, , ratio]) => ratio < 3);
    assert.deepEqual(weak, []);
  });
}

test("the dark theme is the same by system and by choice", () => {
  assert.deepEqual(darkByChoice, darkBySystem);
});

test("the window uses only what it loads", () => {
  const own = new Set(Object.keys(block(shared, ":root, :host {")));
  for (const name of ["chat.css", "later.css", "chat.js", "window.js", "log.js", "composer.js", "forms.js", "overlays.js", "dom.js"]) {
    const text = readFileSync(new URL(`../../Sources/Web/Widget/${name}`, import.meta.url), "utf8");
    const missing = [...text.matchAll(/var\((--[a-z0-9-]+)\)/g)].map((m) => m[1])
      .filter((token) => !own.has(token) && Object.keys(light).includes(token));
    assert.deepEqual(missing, [], name);
  }
});
