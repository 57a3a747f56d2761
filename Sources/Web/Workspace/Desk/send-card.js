// The form that sends a product, order or link as a card.
import { newKey } from "../../Protocol/keys.js";
import { t } from "../words.js";

/**
 * @param {import("../shell.js").App} app
 * @param {string} conversation
 * @param {() => void} sent
 */
export function sendCard(app, conversation, sent) {
    return app.dialog.form({
        title: t("desk.addCard"), ok: t("desk.send"),
        fields: [
            {
                name: "kind", label: t("desk.cardKind"), type: "choice", value: "product",
                options: ["product", "order", "link"].map((kind) => ({ value: kind, label: t(`desk.card.${kind}`) })),
            },
            { name: "title", label: t("desk.cardTitle"), required: true, max: 120 },
            { name: "price", label: t("desk.cardPrice"), type: "number" },
            { name: "url", label: t("desk.cardURL"), placeholder: "https://", max: 500 },
            { name: "lines", label: t("desk.cardLines"), type: "textarea", hint: t("desk.cardLinesHint") },
        ],
        submit: async ({ kind, title, price, url, lines }) => {
            const rows = linesOf(lines);
            const card = {
                kind, title, ...(price === null ? {} : { price: Math.round(price * 100) }),
                ...(url ? { url } : {}), ...(rows.length > 0 ? { lines: rows } : {}),
            };
            await app.connection?.outbox.add(
                { type: "say", key: newKey(), conversation, kind: "card", card }, { lane: conversation });
            sent();
        },
    });
}

/**
 * Lines written as "name: value", with a Chinese or a Western colon.
 * @param {string} text
 * @returns {[string, string][]}
 */
export function linesOf(text) {
    return text.split("\n").flatMap((line) => {
        const colon = line.search(/[:：]/);
        if (colon < 1) return [];
        const name = line.slice(0, colon).trim();
        return name ? [/** @type {[string, string]} */ ([name, line.slice(colon + 1).trim()])] : [];
    });
}
