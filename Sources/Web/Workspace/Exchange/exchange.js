// Import and export: files that were brought, one of them with its steps, and lists to take along.

import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { settingsWords } from "../Settings/words.js";
import { addWords, pick, t } from "../words.js";
import { emptyState, moment, tag } from "../Settings/page.js";
import { showBatch } from "./batch.js";
import { showExport } from "./export.js";
import { exchangeWords } from "./words.js";

addWords(settingsWords);
addWords(exchangeWords);

/** @typedef {import("../shell.js").App} App */
/** @typedef {{zh: string, en: string}} Both */
/**
 * @typedef {object} Batch
 * @property {string} id
 * @property {string} name
 * @property {number} size
 * @property {string} form
 * @property {string} encoding
 * @property {{code: string, name: Both}} format
 * @property {{code: string, name: Both}} state
 * @property {string[]} open what may be asked of it now
 * @property {string} by
 * @property {number} takenAt
 * @property {number} createdAt
 * @property {number} [startedAt]
 * @property {number} [finishedAt]
 * @property {number} [rowsTotal]
 * @property {number} rowsDone
 * @property {{rows: number, made: number, changed: number, same: number, older: number, faults: number}} tally
 * @property {Both} [problem]
 */

/** @param {Batch} batch */
export const isRunning = (batch) => ["checking", "importing", "undoing"].includes(batch.state.code);

/** @type {Record<string, "good" | "warn" | "bad" | "info" | "brand" | "">} */
const colours = { imported: "good", failed: "bad", cancelled: "warn", checking: "info", importing: "info", undoing: "info" };

/** @param {Batch} batch */
export const stateTag = (batch) => tag(colours[batch.state.code] ?? "", pick(batch.state.name));

/**
 * @param {HTMLElement} root
 * @param {App} app
 */
export async function mount(root, app) {
    await Promise.all([
        useCSS(new URL("../Settings/settings.css", import.meta.url)),
        useCSS(new URL("../Forms/form.css", import.meta.url)),
        useCSS(new URL("./exchange.css", import.meta.url)),
    ]);
    const mayImport = app.can("exchange.import");
    const mayExport = app.can("exchange.export");
    const nav = h("nav", { class: "set-nav", "aria-label": t("exchange.sections") });
    const place = h("div", { class: "set-place" });
    fill(root, h("div", { class: "set exchange" }, nav, place));
    /** @type {(() => void) | void} */
    let leave;
    let visit = 0;

    /** @param {string} path @param {string} symbol @param {string} label @param {boolean} chosen */
    const link = (path, symbol, label, chosen) => h("li", null, h("a", {
        href: path, class: "set-link", "aria-current": chosen ? "page" : null,
    }, icon(symbol), h("span", null, label)));

    async function open() {
        visit += 1;
        const mine = visit;
        leave?.();
        leave = undefined;
        const part = app.path.split("/")[2] ?? "";
        const exports = part === "export" || !mayImport;
        fill(nav, h("div", { class: "set-nav-group" }, h("ul", { role: "list" },
            mayImport ? link("/exchange", "transfer", t("exchange.import"), !exports) : null,
            mayExport ? link("/exchange/export", "download", t("exchange.export"), exports) : null)));
        const room = h("section", { class: "set-section", "aria-labelledby": "set-title" },
            h("p", { class: "set-loading" }, t("shell.loading")));
        fill(place, room);
        place.scrollTop = 0;
        try {
            const left = exports ? await showExport(room, app)
                : part ? await showBatch(room, app, part) : await showList(room, app);
            if (mine !== visit) left?.();
            else leave = left;
        } catch (problem) {
            if (mine !== visit) return;
            fill(room, h("h1", { id: "set-title", tabIndex: -1 }, t("shell.exchange")), refusalBanner(problem),
                h("a", { class: "button", href: "/exchange" }, icon("left"), t("exchange.toList")));
        }
        const heading = room.querySelector("h1");
        if (mine > 1 && heading instanceof HTMLElement) heading.focus({ preventScroll: true });
    }

    app.events.addEventListener("path", open);
    await open();
    return () => {
        visit += 1;
        leave?.();
        app.events.removeEventListener("path", open);
    };
}

/**
 * The files that were brought, and a place to bring one.
 * @param {HTMLElement} room
 * @param {App} app
 */
async function showList(room, app) {
    /** @type {Batch[]} */
    let batches = (await app.api.get("/exchange/batches")).batches;
    const list = h("div", null);
    const drop = dropPlace(app);
    fill(room,
        h("header", { class: "set-head" }, h("div", null,
            h("h1", { id: "set-title", tabIndex: -1 }, t("exchange.import")),
            h("p", { class: "set-lead" }, t("exchange.importLead")))),
        drop, list);

    function draw() {
        if (batches.length === 0) {
            fill(list, emptyState(t("exchange.none")));
            return;
        }
        fill(list, h("ul", { class: "exchange-batches", role: "list", "aria-label": t("exchange.batches") },
            batches.map((batch) => h("li", null, h("a", { class: "exchange-batch", href: `/exchange/${batch.id}` },
                h("span", { class: "exchange-name" }, icon("file"), h("span", null, batch.name)),
                stateTag(batch),
                h("span", { class: "set-under" }, pick(batch.format.name), " · ",
                    t("exchange.counted", { rows: batch.tally.rows, made: batch.tally.made, changed: batch.tally.changed })),
                h("span", { class: "set-under exchange-when" }, batch.by, " · ", moment(batch.createdAt)))))));
    }
    draw();
    /** @type {number | undefined} */
    let timer;
    async function again() {
        try {
            if (batches.some(isRunning)) {
                batches = (await app.api.get("/exchange/batches")).batches;
                draw();
            }
        } catch {
            // The next look tells.
        }
        timer = setTimeout(again, 2000);
    }
    timer = setTimeout(again, 2000);
    return () => clearTimeout(timer);
}

/**
 * A field for a file, that a file may be dropped on too.
 * @param {App} app
 */
function dropPlace(app) {
    const input = h("input", {
        type: "file", class: "exchange-file", id: "exchange-file",
        accept: ".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        onchange: () => {
            if (input.files?.[0]) send(input.files[0]);
        },
    });
    const status = h("p", { class: "set-note", role: "status" }, t("exchange.dropHint"));
    const bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("exchange.uploading") });
    const problem = h("div", { class: "set-stack" });
    const place = h("div", {
        class: "exchange-drop",
        ondragover: /** @param {DragEvent} event */ (event) => {
            event.preventDefault();
            place.classList.add("over");
        },
        ondragleave: () => place.classList.remove("over"),
        ondrop: /** @param {DragEvent} event */ (event) => {
            event.preventDefault();
            place.classList.remove("over");
            const file = event.dataTransfer?.files[0];
            if (file) send(file);
        },
    }, icon("file"),
    h("label", { class: "button primary", htmlFor: "exchange-file" }, t("exchange.choose")), input, status, bar, problem);

    /** @param {File} file */
    async function send(file) {
        fill(problem);
        bar.hidden = false;
        status.textContent = t("exchange.uploadingName", { name: file.name });
        try {
            const answer = await app.api.upload(file, file.name, {
                path: "/exchange/batches",
                progress: (share) => {
                    bar.value = share;
                },
            });
            app.navigate(`/exchange/${answer.batch.id}`);
        } catch (refusal) {
            bar.hidden = true;
            status.textContent = t("exchange.dropHint");
            fill(problem, refusalBanner(refusal));
        }
        input.value = "";
    }
    return place;
}
