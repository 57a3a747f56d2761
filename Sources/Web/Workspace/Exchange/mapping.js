// Which column of a file is what; kept by the shop for the next file with the same columns.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { block } from "../Settings/page.js";
import { pick, t } from "../words.js";

/** @typedef {import("./batch.js").Told} Told */
/** @typedef {{code: string, name: {zh: string, en: string}, fields: {code: string, name: {zh: string, en: string}, required: boolean}[]}} Format */

/**
 * @param {import("../shell.js").App} app
 * @param {Told} told
 * @param {Format[]} formats
 * @param {string[][]} sample
 * @param {(next: Told) => void} take
 */
export function mappingTable(app, told, formats, sample, take) {
    let format = formats.find((each) => each.code === told.mapping.format) ?? formats[0];
    /** @type {Record<string, string>} */
    let columns = { ...told.mapping.columns };
    let changed = false;
    const body = h("tbody", null);
    const notes = h("div", { class: "set-stack" });
    const save = h("button", { type: "button", class: "button primary", "data-deed": "map", hidden: true, onclick: keep },
        icon("check"), t("exchange.keepColumns"));

    /** @param {string} header */
    const fieldOf = (header) => Object.entries(columns).find(([, each]) => each === header)?.[0] ?? "";

    function draw() {
        fill(body, told.headers.map((header, index) => {
            if (!header) return null;
            const chosen = fieldOf(header);
            const select = h("select", {
                class: "input", "aria-label": t("exchange.becomes", { column: header }),
                onchange: () => choose(header, select.value),
            }, h("option", { value: "" }, t("exchange.leaveOut")),
            format.fields.map((field) => h("option", { value: field.code, selected: field.code === chosen },
                pick(field.name))));
            select.value = chosen;
            return h("tr", { class: chosen ? null : "off" },
                h("td", { "data-label": t("exchange.column") }, header),
                h("td", { "data-label": t("exchange.example"), class: "exchange-example" },
                    sample.map((row) => row[index]).find((text) => text) ?? ""),
                h("td", { "data-label": t("exchange.means") }, select));
        }));
        const required = format.fields.filter((field) => field.required && !columns[field.code]);
        const missing = format.fields.filter((field) => !columns[field.code]);
        const ignored = told.headers.filter((header) => header && !fieldOf(header));
        fill(notes,
            required.length ? h("p", { class: "banner bad" }, icon("alert"),
                t("exchange.required", { fields: required.map((field) => pick(field.name)).join(t("exchange.comma")) })) : null,
            ignored.length ? h("p", { class: "set-note" }, t("exchange.ignored", { n: ignored.length }),
                ignored.join(t("exchange.comma"))) : null,
            missing.length ? h("details", { class: "set-note" },
                h("summary", null, t("exchange.missing", { n: missing.length })),
                missing.map((field) => pick(field.name)).join(t("exchange.comma"))) : null);
        save.hidden = !changed;
        save.disabled = required.length > 0;
    }

    /** @param {string} header @param {string} field */
    function choose(header, field) {
        const before = fieldOf(header);
        if (before) delete columns[before];
        if (field) columns[field] = header;
        changed = true;
        draw();
    }

    async function keep() {
        try {
            take(await app.api.put(`/exchange/batches/${told.batch.id}/mapping`, { format: format.code, columns }));
            app.toast({ text: t("exchange.columnsKept"), kind: "good" });
        } catch (problem) {
            app.fail(problem);
        }
    }

    const kind = h("select", {
        class: "input exchange-kind", id: "exchange-kind",
        onchange: () => {
            format = formats.find((each) => each.code === kind.value) ?? format;
            columns = { ...told.guesses[format.code] };
            changed = true;
            draw();
        },
    }, formats.map((each) => h("option", { value: each.code, selected: each.code === format.code }, pick(each.name))));

    draw();
    return block(t("exchange.columns"), t("exchange.columnsLead"),
        h("div", { class: "set-line" }, h("label", { htmlFor: "exchange-kind" }, t("exchange.kind")), kind),
        notes,
        h("div", { class: "set-table-frame exchange-columns", tabIndex: 0, role: "group", "aria-label": t("exchange.columns") },
            h("table", { class: "set-table" },
                h("thead", null, h("tr", null,
                    h("th", { scope: "col" }, t("exchange.column")),
                    h("th", { scope: "col" }, t("exchange.example")),
                    h("th", { scope: "col" }, t("exchange.means")))), body)),
        save);
}
