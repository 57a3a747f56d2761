// A shop's own colour: what can be read and made out, in both themes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { contrast, fitted, grounds, isColour, least, lettersOn, lookRules } from "../../Sources/Web/Design/look.js";

const tokens = readFileSync(new URL("../../Sources/Web/Design/tokens.css", import.meta.url), "utf8");
const swift = readFileSync(new URL("../../Sources/Desk/Identity/WindowLook.swift", import.meta.url), "utf8");

for (const [a, b, expected] of [
    ["#000000", "#ffffff", 21], ["#ffffff", "#ffffff", 1], ["#767676", "#ffffff", 4.54], ["#777777", "#ffffff", 4.48], ["#0f6b5b", "#ffffff", 6.41],
]) {
    test(`${a} on ${b} has ${expected}:1`, () => assert.ok(Math.abs(contrast(a, b) - expected) < 0.01, String(contrast(a, b))));
}

test("letters on any colour can be read, and any colour can be fitted to both grounds", () => {
    for (let n = 0; n < 4096; n += 1) {
        const colour = `#${[n >> 8, (n >> 4) & 15, n & 15].map((part) => (part * 17).toString(16).padStart(2, "0")).join("")}`;
        assert.ok(contrast(colour, lettersOn(colour)) >= least.letters, colour);
        for (const ground of Object.values(grounds)) {
            const made = fitted(colour, ground);
            assert.ok(isColour(made) && contrast(made, ground) >= least.part, `${colour} → ${made} on ${ground}`);
            if (contrast(colour, ground) >= least.part) assert.equal(made, colour);
        }
    }
});

test("the grounds are the window's surfaces, here and on the server", () => {
    const paper = (name) => new RegExp(`--paper-${name}: (#[0-9a-f]{6})`).exec(tokens)?.[1];
    assert.match(tokens, /--surface: var\(--paper-0\)[\s\S]*--surface: var\(--paper-900\)/);
    assert.deepEqual({ ...grounds }, { brand: paper(0), brandDark: paper(900) });
    for (const ground of Object.values(grounds)) {
        const [r, g, b] = [1, 3, 5].map((i) => `0x${ground.slice(i, i + 2)}`);
        assert.ok(swift.includes(`Colour(red: ${r}, green: ${g}, blue: ${b})`), ground);
    }
});

test("a look without colours changes nothing, one without a dark colour gets one", () => {
    assert.equal(lookRules({}), "");
    const rules = lookRules({ brand: "#8a1f3c" });
    assert.ok(rules.includes("--brand:#8a1f3c") && rules.includes(`--brand:${fitted("#8a1f3c", grounds.brandDark)}`));
    assert.ok(!lookRules({ brandDark: "#f4d35e" }).includes(":host(:not([data-theme=\"dark\"]))"));
});
