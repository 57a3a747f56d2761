// Quick phrases as a CSV file: out for a spreadsheet, and back with a look at what will change before it does.

import { h } from "../dom.js";
import { t } from "../words.js";
import { parseCSV, writeCSV } from "./csv.js";

/** @typedef {import("./phrases.js").Phrase} Phrase */
/** @typedef {{line: number, scope: "shop" | "personal", shortcut: string, title: string, text: string}} Row */
/**
 * @typedef {object} Plan
 * @property {Row[]} added
 * @property {{row: Row, phrase: Phrase}[]} changed
 * @property {Row[]} same
 * @property {{line: number, why: string}[]} wrong
 */

const columns = ["scope", "shortcut", "title", "text"];
/**
 * What people call the columns and the scopes in a file of their own.
 * @type {Record<string, string>}
 */
const aliases = {
    范围: "scope", 快捷码: "shortcut", 快捷键: "shortcut", 编码: "shortcut", 标题: "title", 名称: "title",
    内容: "text", 短语: "text", 店铺: "shop", 全店: "shop", 个人: "personal", 我的: "personal",
};
/** Longest file, in bytes. */
const longestFile = 2_000_000;

/** @param {Phrase[]} phrases */
export function exportPhrases(phrases) {
    const text = writeCSV([columns, ...phrases.map(({ scope, shortcut, title, text: words }) =>
        [scope, shortcut, title, words])]);
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const day = new Date().toISOString().slice(0, 10);
    h("a", { href: url, download: `qinke-phrases-${day}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/**
 * What a file would do. Rows are matched by scope and shortcut, or by scope and title when they have none.
 * @param {string} text
 * @param {Phrase[]} phrases
 * @param {boolean} mayShop
 * @returns {Plan}
 * @throws {SyntaxError} from `parseCSV`
 */
export function plan(text, phrases, mayShop) {
    const [head, ...body] = parseCSV(text);
    /** @type {Plan} */
    const result = { added: [], changed: [], same: [], wrong: [] };
    const names = (head?.cells ?? []).map((cell) => aliases[cell.trim()] ?? cell.trim().toLowerCase());
    if (!names.includes("title") || !names.includes("text")) {
        result.wrong.push({ line: 1, why: t("phrases.headWrong") });
        return result;
    }
    const seen = new Set();
    for (const { line, cells } of body) {
        const value = (/** @type {string} */ name) => (cells[names.indexOf(name)] ?? "").trim();
        const scope = aliases[value("scope")] ?? value("scope").toLowerCase();
        /** @type {Row} */
        const row = {
            line, scope: scope === "personal" || !mayShop ? "personal" : "shop",
            // The mark that the export puts before a formula's sign is taken off again.
            shortcut: value("shortcut").replace(/^'(?=[=+\-@])/, ""),
            title: value("title").replace(/^'(?=[=+\-@])/, ""),
            text: value("text").replace(/^'(?=[=+\-@])/, ""),
        };
        const key = `${row.scope}/${row.shortcut || row.title}`.toLowerCase();
        if (!row.title || !row.text) result.wrong.push({ line, why: t("phrases.rowEmpty") });
        else if (row.title.length > 60 || row.text.length > 2000 || row.shortcut.length > 20) {
            result.wrong.push({ line, why: t("phrases.rowLong") });
        } else if (/\s|\//.test(row.shortcut)) result.wrong.push({ line, why: t("phrases.shortcutWrong") });
        else if (seen.has(key)) result.wrong.push({ line, why: t("phrases.rowTwice") });
        else {
            seen.add(key);
            const phrase = phrases.find((each) => each.scope === row.scope && (row.shortcut
                ? each.shortcut.toLowerCase() === row.shortcut.toLowerCase() : each.title === row.title));
            if (!phrase) result.added.push(row);
            else if (phrase.title === row.title && phrase.text === row.text) result.same.push(row);
            else result.changed.push({ row, phrase });
        }
    }
    return result;
}

/**
 * Asks for a file, shows what it would change, and does it row by row; it can be stopped between rows.
 * @param {import("../shell.js").App} app
 * @param {() => Phrase[]} phrases
 * @param {boolean} mayShop
 * @param {(phrase: Phrase) => void} keep
 */
export function importPhrases(app, phrases, mayShop, keep) {
    const input = h("input", {
        type: "file", accept: ".csv,text/csv,text/plain",
        onchange: async () => {
            const file = input.files?.[0];
            if (!file) return;
            if (file.size > longestFile) {
                app.toast({ text: t("phrases.fileLong"), kind: "bad" });
                return;
            }
            try {
                await confirmPlan(app, plan(decode(await file.arrayBuffer()), phrases(), mayShop), keep);
            } catch (problem) {
                if (!(problem instanceof SyntaxError)) throw problem;
                app.toast({ text: t("phrases.fileOpen", { line: problem.message }), kind: "bad" });
            }
        },
    });
    input.click();
}

/**
 * UTF-8, or else the encoding that Chinese spreadsheets save in.
 * @param {ArrayBuffer} bytes
 */
function decode(bytes) {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("gb18030").decode(bytes);
    }
}

/**
 * @param {import("../shell.js").App} app
 * @param {Plan} what
 * @param {(phrase: Phrase) => void} keep
 */
async function confirmPlan(app, what, keep) {
    const total = what.added.length + what.changed.length;
    const progress = h("progress", { max: String(total), value: 0, hidden: true, "aria-label": t("phrases.importing") });
    const said = h("p", { role: "status" });
    const state = { stopped: false };
    /** @type {{line: number, why: string}[]} */
    const failed = [];

    async function run() {
        if (total === 0) return;
        progress.hidden = false;
        let done = 0;
        const acts = [
            ...what.added.map((row) => ({ row, act: () => app.api.post("/phrases", fields(row)) })),
            ...what.changed.map(({ row, phrase }) => ({
                row, act: () => app.api.put(`/phrases/${phrase.id}`, { ...fields(row), version: phrase.version }),
            })),
        ];
        for (const { row, act } of acts) {
            if (state.stopped) break;
            try {
                keep((await act()).phrase);
            } catch (problem) {
                failed.push({ line: row.line, why: /** @type {any} */ (problem)?.message ?? String(problem) });
            }
            done += 1;
            progress.value = done;
            said.textContent = t("phrases.importProgress", { done, total });
        }
        app.toast({
            text: t("phrases.imported", { n: done - failed.length }), kind: failed.length ? "warn" : "good",
            detail: failed.length ? t("phrases.importFailed", { lines: failed.map((each) => each.line).join(", ") }) : undefined,
        });
    }

    await app.dialog.open({
        title: t("phrases.import"),
        body: h("div", { class: "set-stack" },
            h("ul", { class: "set-plan" },
                h("li", null, t("phrases.planAdded", { n: what.added.length })),
                h("li", null, t("phrases.planChanged", { n: what.changed.length })),
                h("li", null, t("phrases.planSame", { n: what.same.length })),
                what.wrong.length ? h("li", { class: "wrong" }, t("phrases.planWrong", { n: what.wrong.length })) : null),
            what.wrong.length ? h("ul", { class: "set-wrong" }, what.wrong.slice(0, 50).map(({ line, why }) =>
                h("li", null, t("phrases.lineWrong", { line, why })))) : null,
            progress, said),
        actions: total === 0 ? [{ label: t("set.done") }] : [
            { label: t("shell.cancel"), kind: "plain", value: "no" },
            { label: t("phrases.importDo", { n: total }), run },
        ],
    });
    // Closing the dialog stops the rest; what is done stays and is told.
    state.stopped = true;
}

/** @param {Row} row */
function fields({ scope, shortcut, title, text }) {
    return { scope, shortcut, title, text };
}
