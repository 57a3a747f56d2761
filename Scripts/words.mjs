#!/usr/bin/env node
// Every text for people exists in Chinese and in English.
//
//   Scripts/words.mjs              checks the catalogues of the screens
//   Scripts/words.mjs --self-test  proves that each fault is seen
//
// A catalogue is a module named words.js (or …-words.js) with an export {zh: {key: text}, en: {key: text}}.
// Faults: a key that only one language has, an empty text, placeholders that differ, Chinese letters
// in the English text, a key defined twice with different texts, a key in use that no catalogue has.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Every .js file below a folder. */
function modules(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return modules(path);
        return entry.name.endsWith(".js") ? [path] : [];
    });
}

/** The names that a text takes, as one comparable string: `{name}` and `{n|one|many}`. */
function places(text) {
    return [...new Set([...text.matchAll(/\{([\p{L}\w]+)/gu)].map((found) => found[1]))].sort().join(" ");
}

/**
 * @param {{file: string, zh: Record<string, unknown>, en: Record<string, unknown>}[]} catalogues
 * @param {{file: string, text: string}[]} sources
 * @returns {string[]} one line per fault
 */
export function faults(catalogues, sources) {
    const found = [];
    /** @type {Map<string, string>} */
    const known = new Map();
    for (const { file, zh, en } of catalogues) {
        for (const key of new Set([...Object.keys(zh), ...Object.keys(en)])) {
            const [a, b] = [zh[key], en[key]];
            if (typeof a !== "string" || a.trim() === "") found.push(`${file}: ${key}: no Chinese text`);
            else if (typeof b !== "string" || b.trim() === "") found.push(`${file}: ${key}: no English text`);
            else {
                if (places(a) !== places(b)) {
                    found.push(`${file}: ${key}: zh takes {${places(a)}}, en takes {${places(b)}}`);
                }
                if (/\p{Script=Han}/u.test(b) && !/^(.+\.)?(language|zh)(\.|$)|chinese|lang/iu.test(key)) {
                    found.push(`${file}: ${key}: Chinese letters in the English text: ${b}`);
                }
                const before = known.get(key);
                if (before !== undefined && before !== `${a}\n${b}`) {
                    found.push(`${file}: ${key}: defined twice with different texts`);
                }
                known.set(key, `${a}\n${b}`);
            }
        }
    }
    for (const { file, text } of sources) {
        const lines = text.split("\n");
        lines.forEach((line, index) => {
            for (const use of line.matchAll(/(?<![\w.$])t\(\s*(["'])([^"'`$]+)\1/g)) {
                if (!known.has(use[2])) found.push(`${file}:${index + 1}: t("${use[2]}") is in no catalogue`);
            }
        });
    }
    return found;
}

function selfTest() {
    const c = (zh, en) => [{ file: "a", zh, en }];
    const cases = [
        ["no Chinese", c({}, { a: "A" }), []],
        ["no English", c({ a: "甲" }, {}), []],
        ["empty", c({ a: "甲" }, { a: " " }), []],
        ["placeholders", c({ a: "{name}好" }, { a: "Hello" }), []],
        ["Han in English", c({ a: "甲" }, { a: "甲" }), []],
        ["twice", [...c({ a: "甲" }, { a: "A" }), ...c({ a: "乙" }, { a: "A" })], []],
        ["unknown key", c({ a: "甲" }, { a: "A" }), [{ file: "b", text: 'x(t("b"))' }]],
    ];
    let bad = 0;
    for (const [name, catalogues, sources] of cases) {
        if (faults(catalogues, sources).length !== 1) {
            console.log(`Scripts/words.mjs: does not see: ${name}`);
            bad += 1;
        }
    }
    const clean = faults(
        c({ a: "{n}条", "language.zh": "中文" }, { a: "{n|message|messages}", "language.zh": "中文" }),
        [{ file: "b", text: 't("a", {n}); format("c"); this.t(`x.${y}`)' }]);
    if (clean.length > 0) {
        console.log(`Scripts/words.mjs: accuses the innocent: ${clean.join("; ")}`);
        bad += 1;
    }
    console.log(`words self-test: ${cases.length + 1} cases, ${bad} failures`);
    return bad;
}

/** A catalogue's own module may look at the browser; here it finds enough to load. */
function pretendBrowser() {
    const shelf = new Map();
    const storage = {
        getItem: (key) => shelf.get(key) ?? null,
        setItem: (key, value) => void shelf.set(key, value),
        removeItem: (key) => void shelf.delete(key),
    };
    for (const [name, value] of Object.entries({
        localStorage: storage, navigator: { language: "zh-CN" },
        document: { documentElement: { lang: "", dataset: {} } },
        matchMedia: () => ({ matches: false, addEventListener() {} }),
        HTMLElement: class {}, customElements: { define() {}, get() {} },
    })) {
        if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
    }
}

async function main() {
    if (process.argv[2] === "--self-test") return selfTest() === 0;
    if (selfTest() > 0) return false;
    pretendBrowser();
    const files = modules(join(root, "Sources"));
    const catalogues = [];
    for (const path of files.filter((file) => /(^|[/-])words\.js$/.test(file))) {
        const module = await import(pathToFileURL(path).href);
        for (const value of Object.values(module)) {
            if (value && typeof value === "object" && "zh" in value && "en" in value) {
                catalogues.push({ file: relative(root, path), zh: value.zh, en: value.en });
            }
        }
    }
    const sources = files.map((path) => ({ file: relative(root, path), text: readFileSync(path, "utf8") }));
    const found = faults(catalogues, sources);
    for (const line of found) console.log(line);
    const keys = catalogues.reduce((sum, catalogue) => sum + Object.keys(catalogue.zh).length, 0);
    console.log(`words: ${catalogues.length} catalogues, ${keys} keys, ${found.length} faults`);
    return found.length === 0;
}

process.exit((await main()) ? 0 : 1);
