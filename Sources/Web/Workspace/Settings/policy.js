// The shop's rules: reply time, caps, limits. Each has a unit, bounds and a standard; saving makes a new version.

import { fill, h, uniqueID } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { pick, t } from "../words.js";
import { block, moment, sectionHead } from "./page.js";

/**
 * @typedef {object} PolicyField
 * @property {string} key
 * @property {"seconds" | "minutes" | "hours" | "days" | "count" | "bytes"} unit
 * @property {number} min
 * @property {number} max
 * @property {number} default
 * @property {{zh: string, en: string}} [name]
 * @property {{zh: string, en: string}} [help]
 */
/**
 * @typedef {object} Policy
 * @property {number} version
 * @property {number} effective
 * @property {Record<string, number>} values
 * @property {PolicyField[]} [fields]
 * @property {{version: number, effective: number, by?: {name: string} | null}[]} [history]
 */

/**
 * Which rules stand together; a rule that is not told here stands under "other".
 * @type {Record<string, RegExp>}
 */
const themes = {
    reply: /^(reply|giveBack|grace)/,
    caps: /^cap/,
    conversation: /^(withdraw|edit|reopen|snooze|queue|message)/,
    upload: /^upload/,
    access: /^(session|buyerToken|identity|password)/,
    other: /./,
};
const mebibyte = 1_048_576;

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    /** @type {Policy} */
    let policy = await app.api.get("/policy");
    const mayEdit = app.can("policy.edit");
    /** @type {ReturnType<typeof ruleRow>[]} */
    let rows = [];
    const bar = h("div", { class: "set-savebar", hidden: true });
    const trouble = h("div", { role: "alert" });

    function draw() {
        const fields = policy.fields ?? [];
        rows = fields.map((field) => ruleRow(field, policy.values[field.key] ?? field.default, mayEdit, drawBar));
        const left = new Set(rows);
        const blocks = Object.entries(themes).map(([theme, pattern]) => {
            const own = [...left].filter((row) => pattern.test(row.key));
            own.forEach((row) => left.delete(row));
            return own.length ? block(t(`policy.theme.${theme}`), null,
                h("div", { class: "set-rules" }, own.map((row) => row.element))) : null;
        });
        fill(room,
            sectionHead(t("set.policy"), t("policy.lead")),
            h("p", { class: "set-version" },
                policy.version ? [t("policy.version", { version: policy.version }), " ", moment(policy.effective)] : t("policy.standard"),
                history()),
            mayEdit ? null : h("p", { class: "set-note" }, t("policy.readOnly")),
            trouble, blocks, bar);
        drawBar();
    }

    function history() {
        const past = policy.history ?? [];
        if (past.length === 0) return null;
        return h("details", { class: "set-history" }, h("summary", null, t("policy.history")),
            h("ol", { role: "list" }, past.map((each) => h("li", null,
                t("policy.version", { version: each.version }), " ", moment(each.effective),
                each.by ? ` · ${each.by.name}` : ""))));
    }

    function drawBar() {
        const changed = rows.filter((row) => row.changed());
        bar.hidden = changed.length === 0;
        fill(bar,
            h("span", { role: "status" }, t("policy.changedCount", { n: changed.length })),
            h("button", { type: "button", class: "button quiet", onclick: draw }, t("policy.discard")),
            h("button", { type: "button", class: "button primary", onclick: save }, t("policy.save")));
    }

    async function save() {
        const wrong = rows.find((row) => row.changed() && !row.check());
        if (wrong) {
            wrong.focus();
            return;
        }
        const before = policy.values;
        const values = Object.fromEntries(rows.filter((row) => row.changed()).map((row) => [row.key, row.read()]));
        fill(trouble);
        try {
            await put(values);
            app.toast({
                text: t("policy.saved", { version: policy.version }), kind: "good",
                action: {
                    label: t("set.undo"),
                    run: () => put(Object.fromEntries(Object.keys(values).map((key) =>
                        [key, before[key] ?? (policy.fields ?? []).find((field) => field.key === key)?.default ?? 0])))
                        .catch(app.fail),
                },
            });
        } catch (problem) {
            const row = rows.find((each) => each.key === /** @type {any} */ (problem)?.field);
            if (row) row.wrong(/** @type {any} */ (problem).message);
            else fill(trouble, refusalBanner(problem), reloadButton(problem));
            row?.focus();
        }
    }

    /** @param {any} problem */
    function reloadButton(problem) {
        if (problem?.code !== "policy.changed") return null;
        return h("button", {
            type: "button", class: "button",
            onclick: async () => {
                try {
                    policy = await app.api.get("/policy");
                    fill(trouble);
                    draw();
                } catch (again) {
                    app.fail(again);
                }
            },
        }, t("policy.reload"));
    }

    /** @param {Record<string, number>} values */
    async function put(values) {
        const answer = await app.api.put("/policy", { version: policy.version, values });
        policy = answer?.values && answer.fields ? answer : await app.api.get("/policy");
        if (app.session) app.session.policy = policy.values;
        draw();
    }

    /** @param {BeforeUnloadEvent} event */
    const guard = (event) => {
        if (rows.some((row) => row.changed())) event.preventDefault();
    };
    addEventListener("beforeunload", guard);
    draw();
    return () => removeEventListener("beforeunload", guard);
}

/**
 * One rule. Bytes are shown and typed in MiB.
 * @param {PolicyField} field
 * @param {number} value
 * @param {boolean} mayEdit
 * @param {() => void} touched
 */
function ruleRow(field, value, mayEdit, touched) {
    const id = uniqueID("rule");
    const scale = field.unit === "bytes" ? mebibyte : 1;
    /** @param {number} number */
    const shown = (number) => String(Math.round((number / scale) * 100) / 100);
    const wrong = h("span", { class: "wrong", id: `${id}-wrong` });
    const human = h("span", { class: "set-human", "aria-hidden": "true" });
    const input = h("input", {
        class: "input", id, inputmode: "decimal", autocomplete: "off", value: shown(value), disabled: !mayEdit,
        "aria-describedby": `${id}-hint ${id}-wrong`,
        oninput: () => {
            check();
            drawHuman();
            touched();
        },
    });

    function read() {
        const number = Number(input.value.trim().replaceAll(",", ""));
        return input.value.trim() === "" ? NaN : Math.round(number * scale);
    }

    function check() {
        const number = read();
        const fine = Number.isFinite(number) && number >= field.min && number <= field.max;
        say(fine ? "" : t("policy.between", {
            min: shown(field.min), max: shown(field.max), unit: unitWord(field.unit),
        }));
        return fine;
    }

    /** @param {string} text */
    function say(text) {
        wrong.textContent = text;
        if (text) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
    }

    function drawHuman() {
        human.textContent = inWords(read(), field.unit);
    }

    drawHuman();
    const standard = t("policy.default", { value: `${shown(field.default)} ${unitWord(field.unit)}`.trim() });
    return {
        key: field.key,
        element: h("div", { class: "set-rule" },
            h("div", { class: "set-rule-text" },
                h("label", { htmlFor: id }, pick(field.name) || field.key),
                h("span", { class: "hint", id: `${id}-hint` },
                    [pick(field.help), standard].filter(Boolean).join(" · ")),
                wrong),
            h("div", { class: "set-rule-value" }, human, input, h("span", { class: "set-unit" }, unitWord(field.unit)))),
        read,
        check,
        wrong: say,
        changed: () => input.value.trim() !== shown(value),
        focus: () => input.focus(),
    };
}

/**
 * Counts need no unit: the rule's name says what is counted.
 * @param {string} unit
 */
function unitWord(unit) {
    return unit === "count" ? "" : t(`policy.unit.${unit}`);
}

/**
 * A long span in a larger unit: 180 seconds = 3 minutes.
 * @param {number} value
 * @param {string} unit
 */
function inWords(value, unit) {
    const larger = unit === "seconds" && value >= 60 ? ["minutes", value / 60]
        : unit === "minutes" && value >= 120 ? ["hours", value / 60]
            : unit === "hours" && value >= 48 ? ["days", value / 24] : null;
    if (!larger || !Number.isInteger(Number(larger[1]) * 2)) return "";
    return `= ${larger[1]} ${t(`policy.unit.${larger[0]}`)}`;
}
