// API tokens: for programs that speak for the shop. A token's secret is shown once.

import { fill, h } from "../dom.js";
import { copyField } from "../Forms/copy.js";
import { createForm } from "../Forms/form.js";
import { pick, t } from "../words.js";
import { mainButton, moment, rowButton, sectionHead, table, tag } from "./page.js";

/**
 * @typedef {object} Token
 * @property {string} id
 * @property {string} name
 * @property {string} prefix
 * @property {string[]} scopes
 * @property {number} createdAt
 * @property {{id: string, name: string} | null} by
 * @property {number | null} usedAt
 * @property {number | null} expiresAt
 */
/** @typedef {{code: string, name: {zh: string, en: string}}} Scope */

const day = 86_400_000;
/** Offered lives of a token, in days; 0 = until revoked. */
const lives = [30, 90, 365, 0];

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const answer = await app.api.get("/tokens");
    /** @type {Token[]} */
    let tokens = answer.tokens;
    /** @type {Scope[]} */
    const scopes = answer.scopes;
    const list = h("div", { class: "set-list" });

    /** @param {string} code */
    const scopeName = (code) => pick(scopes.find((scope) => scope.code === code)?.name) || code;

    /** @type {import("./page.js").Column<Token>[]} */
    const columns = [
        {
            label: t("tokens.name"), kind: "wide",
            cell: (token) => h("div", null, h("span", { class: "set-strong" }, token.name),
                h("code", { class: "set-under" }, `${token.prefix}…`)),
        },
        {
            label: t("tokens.scopes"),
            cell: (token) => h("div", { class: "set-tags" }, token.scopes.map((scope) => tag("", scopeName(scope)))),
        },
        {
            label: t("tokens.created"),
            cell: (token) => h("div", null, moment(token.createdAt), h("span", { class: "set-under" }, token.by?.name ?? "")),
        },
        { label: t("tokens.used"), cell: (token) => moment(token.usedAt, t("tokens.neverUsed")) },
        { label: t("tokens.expires"), cell: (token) => expiry(token) },
        {
            label: t("set.actions"), quiet: true, kind: "actions",
            cell: (token) => rowButton(t("tokens.revoke"), "trash", () => revoke(token), { danger: true, of: token.name }),
        },
    ];

    const draw = () => fill(list, table(t("set.tokens"), columns,
        [...tokens].sort((a, b) => b.createdAt - a.createdAt), { empty: t("tokens.empty") }));

    async function issue() {
        let secret = "";
        const done = await app.dialog.open({
            title: t("tokens.add"),
            body: (close) => createForm({
                submit: t("tokens.addDo"), cancel: () => close(),
                fields: [
                    {
                        name: "name", label: t("tokens.name"), required: true, longest: 60, hint: t("tokens.nameHint"),
                    },
                    {
                        name: "scopes", label: t("tokens.scopes"), kind: "checks", required: true,
                        options: scopes.map((scope) => ({ value: scope.code, label: pick(scope.name), hint: scope.code })),
                    },
                    {
                        name: "days", label: t("tokens.life"), kind: "select", value: "90",
                        options: lives.map((days) => ({
                            value: String(days), label: days ? t("tokens.days", { n: days }) : t("tokens.forever"),
                        })),
                    },
                ],
                run: async ({ name, scopes: chosen, days }) => {
                    const made = await app.api.post("/tokens", {
                        name, scopes: chosen, expiresAt: Number(days) ? Date.now() + Number(days) * day : null,
                    });
                    tokens = [...tokens, made.token];
                    secret = made.secret;
                    close("done");
                },
            }).element,
        });
        if (done !== "done") return;
        draw();
        await app.dialog.open({
            title: t("tokens.secretTitle"),
            body: h("div", { class: "set-stack" },
                h("div", { class: "banner" }, t("tokens.secretText")),
                copyField(t("tokens.secret"), secret),
                h("p", { class: "set-faint" }, t("tokens.secretUse")),
                h("code", { class: "set-code" }, `Authorization: Bearer ${secret.slice(0, 7)}…`)),
            actions: [{ label: t("tokens.secretKept") }],
        });
    }

    /** @param {Token} token */
    async function revoke(token) {
        const sure = await app.dialog.confirm({
            title: t("tokens.revokeTitle", { name: token.name }),
            text: token.usedAt ? t("tokens.revokeUsed", { prefix: token.prefix }) : t("tokens.revokeText"),
            ok: t("tokens.revoke"), danger: true,
            run: async () => {
                await app.api.delete(`/tokens/${token.id}`);
                tokens = tokens.filter((each) => each.id !== token.id);
            },
        });
        if (!sure) return;
        draw();
        app.toast({ text: t("tokens.revoked", { name: token.name }), kind: "good" });
    }

    fill(room,
        sectionHead(t("set.tokens"), t("tokens.lead"), mainButton(t("tokens.add"), "plus", issue)),
        list);
    draw();
}

/** @param {Token} token */
function expiry(token) {
    if (!token.expiresAt) return tag("", t("tokens.forever"));
    const left = token.expiresAt - Date.now();
    if (left < 0) return tag("bad", t("tokens.expired"));
    if (left < 7 * day) return tag("warn", t("tokens.daysLeft", { n: Math.ceil(left / day) }));
    return moment(token.expiresAt);
}
