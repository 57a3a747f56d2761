// One file on its way in: what was recognised, which column is what, the dry run, the import, and the way back.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { block, table } from "../Settings/page.js";
import { fullTime, language, pick, t } from "../words.js";
import { isRunning, stateTag } from "./exchange.js";
import { mappingTable } from "./mapping.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./exchange.js").Batch} Batch */
/**
 * @typedef {object} Told
 * @property {Batch} batch
 * @property {number} headerRow
 * @property {string[]} headers
 * @property {{format: string, columns: Record<string, string>}} mapping
 * @property {Record<string, Record<string, string>>} guesses
 * @property {string[]} missing
 * @property {string[]} ignored
 * @property {{row: number, column: string, code: string, message: {zh: string, en: string}, value: string}[]} faults
 * @property {string[][]} sample
 */

/**
 * @param {HTMLElement} room
 * @param {App} app
 * @param {string} id
 */
export async function showBatch(room, app, id) {
    const formats = (await app.api.get("/exchange/formats")).formats;
    /** @type {Told} */
    let told = await app.api.get(`/exchange/batches/${id}`);
    /** @type {string[][]} */
    let sample = told.sample;
    /** @type {number | undefined} */
    let timer;
    let gone = false;
    const head = h("div", null);
    const steps = h("div", { class: "set-stack" });
    fill(room, head, steps);

    /** @param {string} deed */
    async function ask(deed) {
        try {
            take(await app.api.post(`/exchange/batches/${id}/${deed}`));
        } catch (problem) {
            app.fail(problem);
        }
    }

    async function undo() {
        const sure = await app.dialog.confirm({
            title: t("exchange.undoTitle"), text: t("exchange.undoText", { name: told.batch.name }),
            ok: t("exchange.undo"), danger: true,
        });
        if (sure) await ask("undo");
    }

    async function remove() {
        const sure = await app.dialog.confirm({
            title: t("exchange.removeTitle"), text: t("exchange.removeText", { name: told.batch.name }),
            ok: t("exchange.remove"), danger: true,
        });
        if (!sure) return;
        try {
            await app.api.delete(`/exchange/batches/${id}`);
            app.navigate("/exchange");
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {Told} next */
    function take(next) {
        told = next;
        if (next.sample.length) sample = next.sample;
        draw();
    }

    const may = /** @param {string} deed */ (deed) => told.batch.open.includes(deed);

    /** @param {string} deed @param {string} kind @param {string} symbol @param {() => void} [run] */
    const deedButton = (deed, kind, symbol, run) => (may(deed) ? h("button", {
        type: "button", class: `button ${kind}`, "data-deed": deed, onclick: run ?? (() => ask(deed)),
    }, icon(symbol), t(`exchange.${deed}`)) : null);

    function draw() {
        const { batch } = told;
        const focused = document.activeElement?.getAttribute("data-deed");
        fill(head,
            h("p", null, h("a", { class: "exchange-back", href: "/exchange" }, icon("left"), t("exchange.toList"))),
            h("header", { class: "set-head" },
                h("div", null, h("h1", { id: "set-title", tabIndex: -1 }, batch.name, " ", stateTag(batch)),
                    h("p", { class: "set-lead" }, t("exchange.recognised", {
                        format: pick(batch.format.name), encoding: batch.form === "xlsx" ? "Excel" : batch.encoding,
                        row: told.headerRow,
                    }), " ", t("exchange.taken", { at: fullTime(batch.takenAt), by: batch.by }))),
                h("div", { class: "set-head-actions" }, deedButton("remove", "quiet danger", "trash", remove))),
            batch.problem ? h("p", { class: "banner bad", role: "alert" }, icon("alert"), pick(batch.problem)) : null);
        fill(steps,
            may("map") ? mappingTable(app, told, formats, sample, take) : columnFacts(),
            runBlock(batch),
            told.faults.length ? faultBlock(batch) : null);
        if (focused) {
            const button = steps.querySelector(`[data-deed="${focused}"]`) ?? steps.querySelector("[data-deed]");
            if (button instanceof HTMLElement) button.focus({ preventScroll: true });
        }
        clearTimeout(timer);
        if (isRunning(batch) && !gone) timer = setTimeout(look, 600);
    }

    async function look() {
        try {
            const next = await app.api.get(`/exchange/batches/${id}`);
            if (!gone) take(next);
        } catch {
            if (!gone) timer = setTimeout(look, 2000);
        }
    }

    function columnFacts() {
        const names = new Map(formats.flatMap(
            /** @param {any} format */ (format) => format.fields.map(/** @param {any} field */ (field) => [field.code, pick(field.name)])));
        const pairs = Object.entries(told.mapping.columns).map(([field, header]) => `${header} → ${names.get(field) ?? field}`);
        return h("details", { class: "set-block" },
            h("summary", null, t("exchange.columnsTaken", { n: pairs.length })),
            h("p", { class: "set-note" }, pairs.join(" · ")));
    }

    /** @param {Batch} batch */
    function runBlock(batch) {
        const { tally } = batch;
        const running = isRunning(batch);
        const done = batch.state.code === "checked" || batch.startedAt;
        return block(t("exchange.run"), t(`exchange.lead.${batch.state.code}`),
            running ? h("div", { class: "exchange-progress" },
                h("progress", {
                    max: batch.rowsTotal || 1, ...(batch.rowsTotal ? { value: batch.rowsDone } : {}),
                    "aria-label": pick(batch.state.name),
                }),
                h("p", { role: "status" }, batch.rowsTotal
                    ? t("exchange.progress", { done: batch.rowsDone, total: batch.rowsTotal })
                    : t("exchange.progressOpen", { done: batch.rowsDone }))) : null,
            running || done ? h("dl", { class: "set-facts exchange-tally" },
                ["rows", "made", "changed", "same", "older", "faults"].map((name) => h("div", {
                    class: name === "faults" && tally.faults ? "bad" : null,
                }, h("dt", null, t(`exchange.tally.${name}`)),
                h("dd", { "data-tally": name }, /** @type {any} */ (tally)[name].toLocaleString())))) : null,
            h("div", { class: "set-line" },
                deedButton("check", batch.state.code === "checked" ? "" : "primary", "eye"),
                deedButton("start", "primary", "play"),
                deedButton("cancel", "", "pause"),
                deedButton("undo", "danger", "history", undo)));
    }

    /** @param {Batch} batch */
    function faultBlock(batch) {
        return block(t("exchange.faults"), batch.state.code === "undone" ? t("exchange.faultsKept") : t("exchange.faultsLead"),
            table(t("exchange.faults"), [
                { label: t("exchange.row"), kind: "number", cell: (fault) => String(fault.row || "–") },
                { label: t("exchange.column"), cell: (fault) => fault.column || "–" },
                { label: t("exchange.what"), cell: (fault) => pick(fault.message) },
                { label: t("exchange.value"), cell: (fault) => fault.value },
            ], told.faults.slice(0, 20), { empty: "" }),
            h("a", {
                class: "button", download: "", href: `/v1/exchange/batches/${id}/faults?language=${language()}`,
            }, icon("download"), t("exchange.faultsAll")));
    }

    draw();
    return () => {
        gone = true;
        clearTimeout(timer);
    };
}
