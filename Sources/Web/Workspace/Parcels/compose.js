// A delay batch before it is sent: reason, date, choices; then exactly what each buyer would read; then the go.

import { fill, h } from "../dom.js";
import { fullTime, language, t } from "../words.js";
import { tag } from "../Settings/page.js";

/** @typedef {import("../shell.js").App} App */

/**
 * @param {App} app
 * @param {import("./names.js").Names} names
 * @param {Record<string, any>} which the parcels meant
 */
export async function openBatch(app, names, which) {
    const asked = await app.dialog.open({
        title: t("delay.compose"), size: "medium",
        body: (close) => app.dialog.makeForm({
            text: t("delay.composeText"), ok: t("delay.preview"), cancel: () => close(),
            fields: [
                { name: "reason", label: t("delay.reason"), type: "textarea", required: true, max: 200, hint: t("delay.reasonHint") },
                { name: "date", label: t("delay.date"), type: "datetime", hint: t("delay.dateHint") },
                {
                    name: "language", label: t("delay.language"), type: "choice", value: language(),
                    options: [{ value: "zh", label: "中文" }, { value: "en", label: "English" }],
                },
                ...names.options.map((one) => ({
                    name: one.value, label: t("delay.offer", { what: one.label }), type: /** @type {"checkbox"} */ ("checkbox"), value: true,
                })),
            ],
            submit: async (values) => {
                const body = {
                    ...which, reason: values.reason, date: values.date, language: values.language,
                    options: names.options.map((one) => one.value).filter((one) => values[one]),
                };
                return { body, preview: await app.api.post("/delays/preview", body) };
            },
            done: close,
        }),
    });
    if (!asked) return;
    await confirm(app, names, asked.body, asked.preview);
}

/**
 * @param {App} app
 * @param {import("./names.js").Names} names
 * @param {Record<string, any>} body
 * @param {{affected: any[], told: number}} preview
 */
async function confirm(app, names, body, preview) {
    const told = preview.affected.filter((one) => !one.skip);
    const skipped = preview.affected.filter((one) => one.skip);
    let at = 0;
    const letter = h("div", { class: "delay-letter" });
    const draw = () => {
        const one = told[at];
        fill(letter, one ? [
            h("header", null,
                h("strong", null, one.parcel.buyerName), " ", t("delay.by", { date: fullTime(one.date) }),
                h("span", { class: "delay-turn" },
                    h("button", { type: "button", class: "button small", disabled: at === 0, onclick: () => turn(-1) }, t("delay.previous")),
                    ` ${at + 1} / ${told.length} `,
                    h("button", { type: "button", class: "button small", disabled: at >= told.length - 1, onclick: () => turn(1) }, t("delay.next")))),
            h("p", { class: "delay-text" }, one.text),
        ] : h("p", null, t("delay.nobody")));
    };
    const turn = /** @param {number} by */ (by) => {
        at = Math.min(Math.max(at + by, 0), told.length - 1);
        draw();
    };
    draw();
    const answer = await app.dialog.open({
        title: t("delay.previewTitle", { n: preview.told }), size: "large",
        body: [
            h("p", null, t("delay.previewText")), letter,
            skipped.length ? h("details", { class: "delay-skipped" },
                h("summary", null, t("delay.skipped", { n: skipped.length })),
                h("ul", { role: "list" }, skipped.slice(0, 200).map((one) => h("li", null,
                    `${one.parcel.buyerName || "–"} · ${one.parcel.orderNumber} `, tag("warn", names.name(`skip.${one.skip}`)))))) : null,
        ],
        actions: [
            { label: t("shell.cancel"), kind: "plain", value: "no" },
            ...(preview.told ? [{
                label: t("delay.send", { n: preview.told }), kind: /** @type {"primary"} */ ("primary"),
                run: () => app.api.post("/delays", { ...body, expected: preview.told }),
            }] : []),
        ],
    });
    if (answer?.id) app.navigate(`/parcels/delays/${answer.id}`);
}
