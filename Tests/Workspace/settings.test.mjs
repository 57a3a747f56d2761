// The settings' pure parts: QR codes that a reader can read, CSV both ways, the plan of an import, and an audit log
// that has a sentence for every kind the server knows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

// The catalogues remember the person's language; a test has neither a browser nor a person.
globalThis.localStorage = /** @type {any} */ ({ getItem: () => "en", setItem() {} });

const web = new URL("../../Sources/Web/Workspace/", import.meta.url);
const { encode } = await import(new URL("Entry/qr-code.js", web));
const { parseCSV, writeCSV } = await import(new URL("Settings/csv.js", web));
const { plan } = await import(new URL("Settings/phrase-file.js", web));
const { auditSentence, auditWords } = await import(new URL("Settings/audit-words.js", web));
const { deviceName } = await import(new URL("Settings/device.js", web));
const { settingsWords } = await import(new URL("Settings/words.js", web));
const { addWords } = await import(new URL("words.js", web));
addWords(settingsWords);
addWords(auditWords);

// MARK: QR codes, read back by the standard's own steps

/** Data words of each block and correction words, level M, versions 1 to 6 (ISO/IEC 18004, table 9). */
const layouts = {
    1: [[16], 10], 2: [[28], 16], 3: [[44], 26], 4: [[32, 32], 18], 5: [[43, 43], 24], 6: [[27, 27, 27, 27], 16],
};
const masks = [
    (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
    (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0, (x, y) => (x * y) % 2 + (x * y) % 3 === 0,
    (x, y) => ((x * y) % 2 + (x * y) % 3) % 2 === 0, (x, y) => ((x + y) % 2 + (x * y) % 3) % 2 === 0,
];

/** Whether a module carries no data: finders with their edges and format, timing, the one alignment pattern. */
function isFixed(x, y, size) {
    const corner = (x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8);
    const middle = size - 7;
    const alignment = size > 21 && Math.abs(x - middle) <= 2 && Math.abs(y - middle) <= 2;
    return corner || x === 6 || y === 6 || alignment;
}

/** Powers of α in the field of 256 elements. */
const powers = [1];
while (powers.length < 255) {
    const next = powers.at(-1) << 1;
    powers.push(next > 255 ? next ^ 0x11d : next);
}
const product = (a, b) => (a && b ? powers[(powers.indexOf(a) + powers.indexOf(b)) % 255] : 0);

/** Reads a code; fails where it breaks the standard. */
function decode(modules) {
    const size = modules.length;
    const version = (size - 17) / 4;
    let format = 0;
    const along = [...[0, 1, 2, 3, 4, 5, 7, 8].map((x) => [x, 8]), ...[7, 5, 4, 3, 2, 1, 0].map((y) => [8, y])];
    for (const [x, y] of along) format = (format << 1) | Number(modules[y][x]);
    format ^= 0b101010000010010;
    let check = format;
    for (let bit = 14; bit >= 10; bit -= 1) if ((check >> bit) & 1) check ^= 0b10100110111 << (bit - 10);
    assert.equal(check, 0, "the format's own check holds");
    assert.equal(format >> 13, 0, "level M");
    const masked = masks[(format >> 10) & 7];

    const bits = [];
    let up = true;
    for (let right = size - 1; right > 0; right -= 2) {
        if (right === 6) right -= 1;
        for (let step = 0; step < size; step += 1) {
            const y = up ? size - 1 - step : step;
            for (const x of [right, right - 1]) {
                if (!isFixed(x, y, size)) bits.push(Number(modules[y][x] !== masked(x, y)));
            }
        }
        up = !up;
    }
    const words = [];
    for (let at = 0; at + 8 <= bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(""), 2));
    const [sizes, correction] = layouts[version];
    const blocks = sizes.map(() => []);
    let at = 0;
    for (let row = 0; row < Math.max(...sizes); row += 1) {
        sizes.forEach((length, block) => row < length && blocks[block].push(words[at++]));
    }
    const data = blocks.flatMap((block) => [...block]);
    for (let row = 0; row < correction; row += 1) blocks.forEach((block) => block.push(words[at++]));
    for (const block of blocks) {
        for (let root = 0; root < correction; root += 1) {
            const syndrome = block.reduce((sum, word) => product(sum, powers[root]) ^ word, 0);
            assert.equal(syndrome, 0, "every block is a word of the Reed–Solomon code");
        }
    }
    const stream = data.map((word) => word.toString(2).padStart(8, "0")).join("");
    assert.equal(stream.slice(0, 4), "0100", "byte mode");
    const length = parseInt(stream.slice(4, 12), 2);
    const bytes = Array.from({ length }, (_, index) => parseInt(stream.slice(12 + index * 8, 20 + index * 8), 2));
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes));
}

for (const text of [
    "A", "亲客", "http://127.0.0.1:8484/chat/shanye", "x".repeat(26), "你好，世界".repeat(4), "y".repeat(84),
    "otpauth://totp/Qinke:laoban?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Qinke",
]) {
    test(`a QR code of ${text.length} characters (${text.slice(0, 12)}) reads back`, () => {
        assert.equal(decode(encode(text)), text);
    });
}

test("a text that no QR code holds is refused", () => {
    assert.throws(() => encode("z".repeat(3000)), RangeError);
});

test("a large code has its version's size and its finders", () => {
    const modules = encode("w".repeat(900));
    assert.equal((modules.length - 17) % 4, 0);
    const last = modules.length - 1;
    for (const [x, y] of [[3, 3], [last - 3, 3], [3, last - 3]]) assert.ok(modules[y][x]);
    for (const [x, y] of [[1, 1], [last - 1, 1], [1, last - 1]]) assert.ok(!modules[y][x]);
});

// MARK: CSV

test("what is written is read again, whatever is in a cell", () => {
    const rows = [["a", "b"], ["快递，\"次日\"", "第一行\n第二行"], ["", "end "]];
    assert.deepEqual(parseCSV(writeCSV(rows)).map((row) => row.cells), rows);
});

for (const [name, text, cells] of [
    ["a mark of byte order", "\ufefftitle,text\n", [["title", "text"]]],
    ["lines of Windows", "a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]],
    ["semicolons", "a;b\nc,c;d", [["a", "b"], ["c,c", "d"]]],
    ["tabs", "a\tb\n1\t2", [["a", "b"], ["1", "2"]]],
    ["empty lines", "a,b\n\n,\nc,d", [["a", "b"], ["c", "d"]]],
    ["no last line end", "a,b", [["a", "b"]]],
]) {
    test(`CSV with ${name}`, () => assert.deepEqual(parseCSV(text).map((row) => row.cells), cells));
}

test("a row knows the line it began on", () => {
    assert.deepEqual(parseCSV("a\n\"1\n2\"\nz").map((row) => row.line), [1, 2, 4]);
});

test("a quote that never ends is told with its line", () => {
    assert.throws(() => parseCSV("a\nb\n\"c\nd"), { name: "SyntaxError", message: "3" });
});

test("a cell that a spreadsheet would run is made harmless", () => {
    for (const cell of ["=1+1", "+1", "-1", "@x"]) assert.ok(writeCSV([[cell]]).includes(`'${cell}`));
});

// MARK: Importing phrases

const known = [
    { id: "1", scope: "shop", shortcut: "fh", title: "发货", text: "48 小时内发出", uses: 3, version: 2 },
    { id: "2", scope: "personal", shortcut: "", title: "晚安", text: "早点休息", uses: 0, version: 1 },
];

test("a file is sorted into new, changed, equal and wrong", () => {
    const what = plan("范围,快捷码,标题,内容\n店铺,FH,发货,今天发出\n店铺,tk,退款,原路退回\n个人,,晚安,早点休息\n店铺,x,,空\n店铺,tk,又一次,重复", known, true);
    assert.deepEqual(what.added.map((row) => row.title), ["退款"]);
    assert.deepEqual(what.changed.map(({ phrase }) => phrase.id), ["1"]);
    assert.deepEqual(what.same.map((row) => row.title), ["晚安"]);
    assert.deepEqual(what.wrong.map((row) => row.line), [5, 6]);
});

test("who may not edit the shop's phrases imports into their own", () => {
    const what = plan("scope,shortcut,title,text\nshop,fh,发货,今天发出", known, false);
    assert.deepEqual(what.added.map((row) => row.scope), ["personal"]);
    assert.equal(what.changed.length, 0);
});

test("a file without the needed columns changes nothing", () => {
    const what = plan("a,b\n1,2", known, true);
    assert.equal(what.added.length + what.changed.length, 0);
    assert.equal(what.wrong.length, 1);
});

test("an exported file imports as equal, formula signs included", () => {
    const odd = [{ id: "9", scope: "shop", shortcut: "", title: "=优惠", text: "-5 元", uses: 0, version: 1 }];
    const text = writeCSV([["scope", "shortcut", "title", "text"], ["shop", "", "=优惠", "-5 元"]]);
    assert.equal(plan(text, odd, true).same.length, 1);
});

// MARK: Devices

for (const [agent, name] of [
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge · Windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari · macOS"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0", "WeChat · iPhone"],
    ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"],
    ["a-till/2.1", "a-till/2.1"], ["", ""],
]) {
    test(`a device is called ${name || "nothing"}`, () => assert.equal(deviceName(agent), name));
}

// MARK: The audit log

const kinds = [...readFileSync(new URL("../../Sources/Desk/Identity/AuditedKind.swift", import.meta.url), "utf8")
    .matchAll(/case \w+ = "([\w.]+)"/g)].map((found) => found[1]);

test("the server's kinds were found", () => assert.ok(kinds.length >= 20));

for (const kind of kinds) {
    test(`the audit log says ${kind} in words`, () => {
        for (const language of ["zh", "en"]) {
            assert.ok(auditWords[language][`audit.kind.${kind}`], `${language}: its name`);
            assert.ok(auditWords[language][`audit.say.${kind}`], `${language}: its sentence`);
        }
        const said = auditSentence({
            id: "1", at: 0, kind, actor: { kind: "agent", id: "3", name: "Lan" },
            subject: { kind: "staff", id: "4", name: "Mi" },
            args: { reason: "r", fields: ["cap"], scopes: ["wall.read"], version: 2, number: 5, from: "Cheng", login: "mi" },
        });
        assert.doesNotMatch(said, /[{}]/);
    });
}

test("a kind this page does not know is told by its name", () => {
    const said = auditSentence({ id: "1", at: 0, kind: "moon.landed", actor: null, subject: null, args: {} });
    assert.match(said, /moon\.landed/);
});
