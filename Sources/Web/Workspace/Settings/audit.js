// The audit log: every privileged act as a sentence, with filters and pages.

import { instantOf } from "../../Protocol/zone.js";
import { fill, h } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { clockTime, dayKey, dayName, fullTime, shopZone, t } from "../words.js";
import { auditSentence } from "./audit-words.js";
import { emptyState, nameOf, readVocabulary, sectionHead } from "./page.js";

/**
 * @typedef {object} AuditEntry
 * @property {string} id
 * @property {number} at
 * @property {string} kind
 * @property {{kind: string, id: string, name: string} | null} actor
 * @property {{kind: string, id: string, name: string} | null} [subject]
 * @property {Record<string, any>} [args]
 * @property {string | null} [address]
 */

/** Entries of one page. */
const pageSize = 50;

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    /** @type {AuditEntry[]} */
    let entries = [];
    /** @type {string | null} */
    let next = null;
    let asked = 0;
    /** @type {import("./page.js").Term[]} */
    let scopes = [];
    const filters = { kind: "", actor: "", from: "", to: "" };
    const list = h("div", { class: "set-list" });
    const more = h("button", { type: "button", class: "button set-load", hidden: true, onclick: () => read(false) }, t("audit.more"));
    const status = h("p", { class: "only-read-aloud", role: "status" });

    const kinds = h("select", { class: "input set-filter", "aria-label": t("audit.kind"), onchange: changed });
    const actors = h("select", { class: "input set-filter", "aria-label": t("audit.actor"), onchange: changed });
    const from = h("input", { type: "date", class: "input set-filter", "aria-label": t("audit.from"), onchange: changed });
    const to = h("input", { type: "date", class: "input set-filter", "aria-label": t("audit.to"), onchange: changed });

    function changed() {
        Object.assign(filters, { kind: kinds.value, actor: actors.value, from: from.value, to: to.value });
        read(true);
    }

    /** @param {boolean} anew */
    async function read(anew) {
        asked += 1;
        const mine = asked;
        more.disabled = true;
        const query = new URLSearchParams({ limit: String(pageSize) });
        if (filters.kind) query.set("kind", filters.kind);
        if (filters.actor) query.set("actor", filters.actor);
        // Days are the shop's; the last one is meant with its evening.
        if (filters.from) query.set("from", String(dayOf(filters.from)));
        if (filters.to) query.set("to", String(dayOf(filters.to, 1)));
        if (!anew && next) query.set("before", next);
        try {
            const answer = await app.api.get(`/audit?${query}`);
            if (mine !== asked) return;
            entries = anew ? answer.entries : [...entries, ...answer.entries];
            next = answer.next ?? null;
            offerKinds(answer.kinds ?? []);
            draw();
            status.textContent = t("audit.counted", { n: entries.length });
        } catch (problem) {
            if (mine === asked) fill(list, refusalBanner(problem));
        } finally {
            more.disabled = false;
        }
    }

    /** @param {{code: string}[]} known */
    function offerKinds(known) {
        if (kinds.options.length > 1) return;
        fill(kinds, h("option", { value: "" }, t("audit.allKinds")),
            known.map(({ code }) => h("option", { value: code }, kindName(code))));
    }

    /** @param {AuditEntry} entry */
    function sentence(entry) {
        return h("p", null, auditSentence(entry, (code) => nameOf(scopes, code)));
    }

    function draw() {
        more.hidden = next === null;
        if (entries.length === 0) {
            fill(list, emptyState(t("audit.empty")));
            return;
        }
        /** @type {AuditEntry[][]} */
        const days = [];
        for (const entry of entries) {
            const last = days.at(-1);
            if (last && dayKey(last[0].at) === dayKey(entry.at)) last.push(entry);
            else days.push([entry]);
        }
        fill(list, days.map((day) => h("section", { class: "set-day" },
            h("h2", null, dayName(day[0].at)),
            h("ol", { role: "list" }, day.map((entry) => h("li", { class: "set-entry" },
                h("time", { datetime: new Date(entry.at).toISOString(), title: fullTime(entry.at) }, clockTime(entry.at)),
                h("div", null, sentence(entry),
                    h("p", { class: "set-under" }, kindName(entry.kind),
                        entry.address ? [" · ", h("code", null, entry.address)] : null))))))));
    }

    fill(kinds, h("option", { value: "" }, t("audit.allKinds")));
    fill(actors, h("option", { value: "" }, t("audit.allActors")));
    fill(room,
        sectionHead(t("set.audit"), t("audit.lead")),
        h("div", { class: "set-filters" }, kinds, actors,
            h("span", { class: "set-range" }, from, h("span", { "aria-hidden": "true" }, "–"), to)),
        status, list, more);
    await Promise.all([read(true), offerActors(), readVocabulary(app).then(({ permissions }) => {
        scopes = permissions;
        draw();
    }, () => {
        // Without their names, permissions stand for themselves.
    })]);

    async function offerActors() {
        try {
            const { staff } = await app.api.get("/staff");
            fill(actors, h("option", { value: "" }, t("audit.allActors")),
                staff.map((/** @type {{id: string, name: string}} */ person) =>
                    h("option", { value: person.id }, person.name)));
        } catch (problem) {
            // Without the list of staff the log is still whole; only this filter is missing.
            actors.hidden = true;
            app.fail(problem);
        }
    }
}

/**
 * A kind in words; one that this page does not know stands for itself.
 * @param {string} kind
 */
function kindName(kind) {
    const name = t(`audit.kind.${kind}`);
    return name === `audit.kind.${kind}` ? kind : name;
}

/**
 * Where a day of a date field begins by the shop's clock.
 * @param {string} text YYYY-MM-DD
 * @param {number} [later] days after it
 */
function dayOf(text, later = 0) {
    const [year, month, day] = text.split("-").map(Number);
    return instantOf({ year, month, day: day + later }, shopZone());
}
