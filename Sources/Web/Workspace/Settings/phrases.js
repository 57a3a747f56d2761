// Quick phrases: the shop's and one's own. List, search, edit, delete with undo, and CSV in and out.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { language, t } from "../words.js";
import { emptyState, filterSelect, mainButton, rowButton, searchField, sectionHead, tag } from "./page.js";
import { exportPhrases, importPhrases } from "./phrase-file.js";

/** What the desk fills in when a phrase is used. */
const variables = { zh: "{买家} {客服} {店铺} {订单号}", en: "{buyer} {agent} {shop} {order}" };

/**
 * @typedef {object} Phrase
 * @property {string} id
 * @property {"shop" | "personal"} scope
 * @property {string} shortcut
 * @property {string} title
 * @property {string} text
 * @property {string} [pinyin]
 * @property {string} [initials]
 * @property {number} uses
 * @property {number} version
 */

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    /** @type {Phrase[]} */
    let phrases = (await app.api.get("/phrases")).phrases;
    const mayShop = app.can("phrases.editShop");
    let wanted = "";
    let scope = "";
    const list = h("div", { class: "set-list" });
    const counted = h("p", { class: "set-counted", role: "status" });

    /** @param {Phrase} phrase */
    const mayEdit = (phrase) => phrase.scope === "personal" || mayShop;

    /** @param {Phrase} phrase */
    const shown = (phrase) => (!scope || phrase.scope === scope)
        && (!wanted || [phrase.shortcut, phrase.title, phrase.text, phrase.pinyin, phrase.initials]
            .some((text) => text?.toLowerCase().replaceAll(" ", "").includes(wanted.replaceAll(" ", ""))));

    function draw() {
        const rows = phrases.filter(shown).sort((a, b) => b.uses - a.uses || a.title.localeCompare(b.title, "zh-CN"));
        counted.textContent = t("phrases.counted", { shown: rows.length, all: phrases.length });
        if (rows.length === 0) {
            fill(list, emptyState(phrases.length ? t("phrases.nothingFound") : t("phrases.empty")));
            return;
        }
        fill(list, h("ul", { class: "set-phrases", role: "list" }, rows.map((phrase) =>
            h("li", { class: "set-phrase" },
                h("kbd", null, phrase.shortcut ? `/${phrase.shortcut}` : "–"),
                h("div", { class: "set-phrase-text" },
                    h("p", { class: "set-strong" }, phrase.title, " ",
                        tag(phrase.scope === "shop" ? "brand" : "", t(`phrases.${phrase.scope}`))),
                    h("p", { class: "set-phrase-words" }, phrase.text)),
                h("span", { class: "set-under" }, t("phrases.uses", { n: phrase.uses })),
                mayEdit(phrase) ? h("div", { class: "set-card-actions" },
                    rowButton(t("set.edit"), "edit", () => edit(phrase), { of: phrase.title }),
                    rowButton(t("set.delete"), "trash", () => remove(phrase), { danger: true, of: phrase.title })) : null))));
    }

    /** @param {Phrase | null} phrase */
    async function edit(phrase) {
        await app.dialog.open({
            title: phrase ? t("phrases.edit") : t("phrases.add"),
            body: (close) => createForm({
                submit: t("shell.save"), columns: true, cancel: () => close(),
                fields: [
                    { name: "title", label: t("phrases.title"), value: phrase?.title, required: true, longest: 60 },
                    {
                        name: "shortcut", label: t("phrases.shortcut"), value: phrase?.shortcut, longest: 20,
                        hint: t("phrases.shortcutHint"),
                        check: (value) => (/\s|\//.test(value) ? t("phrases.shortcutWrong") : null),
                    },
                    {
                        name: "scope", label: t("phrases.scope"), kind: "select", wide: true,
                        value: phrase?.scope ?? (mayShop ? "shop" : "personal"), fixed: !mayShop || phrase !== null,
                        options: [
                            { value: "shop", label: t("phrases.shopLong") },
                            { value: "personal", label: t("phrases.personalLong") },
                        ],
                    },
                    {
                        name: "text", label: t("phrases.text"), kind: "area", rows: 5, wide: true, value: phrase?.text,
                        required: true, longest: 2000, hint: t("phrases.textHint", { variables: variables[language()] }),
                    },
                ],
                run: async (values) => {
                    keep(phrase
                        ? (await app.api.put(`/phrases/${phrase.id}`, { ...values, version: phrase.version })).phrase
                        : (await app.api.post("/phrases", values)).phrase);
                    close("done");
                    app.toast({ text: t("set.saved"), kind: "good" });
                },
            }).element,
        });
    }

    /** @param {Phrase} phrase */
    function keep(phrase) {
        phrases = [...phrases.filter((each) => each.id !== phrase.id), phrase];
        draw();
    }

    /** @param {Phrase} phrase */
    async function remove(phrase) {
        try {
            await app.api.delete(`/phrases/${phrase.id}`);
        } catch (problem) {
            app.fail(problem);
            return;
        }
        phrases = phrases.filter((each) => each.id !== phrase.id);
        draw();
        const { scope: of, shortcut, title, text } = phrase;
        app.toast({
            text: t("phrases.removed", { title }), kind: "good",
            action: {
                label: t("set.undo"),
                run: async () => {
                    try {
                        keep((await app.api.post("/phrases", { scope: of, shortcut, title, text })).phrase);
                    } catch (problem) {
                        app.fail(problem);
                    }
                },
            },
        });
    }

    const more = h("button", {
        type: "button", class: "button", "aria-haspopup": "menu",
        onclick: () => app.menu(more, [
            { label: t("phrases.import"), icon: "attach", run: () => importPhrases(app, () => phrases, mayShop, keep) },
            { label: t("phrases.export"), icon: "download", run: () => exportPhrases(phrases) },
        ], { label: t("phrases.file") }),
    }, icon("file"), t("phrases.file"));

    fill(room,
        sectionHead(t("set.phrases"), t("phrases.lead"), more, mainButton(t("phrases.add"), "plus", () => edit(null))),
        h("div", { class: "set-filters" },
            searchField(t("phrases.search"), (text) => {
                wanted = text;
                draw();
            }),
            filterSelect(t("phrases.allScopes"), [
                { value: "shop", label: t("phrases.shop") }, { value: "personal", label: t("phrases.personal") },
            ], (value) => {
                scope = value;
                draw();
            }),
            counted),
        list);
    draw();
}
