// The dialog in which an agent keeps the quick phrases.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { findPhrases } from "./phrases.js";

/** @typedef {import("./phrases.js").Phrase} Phrase */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./phrases.js").PhraseBook} book
 */
export function managePhrases(app, book) {
    const mayShop = app.can("phrases.editShop");
    const search = h("input", {
        class: "input", type: "search", placeholder: t("desk.phrasesFind"), "aria-label": t("desk.phrasesFind"),
        oninput: () => draw(),
    });
    const list = h("ul", { class: "phrase-list", role: "list" });

    /** @param {Phrase | null} phrase */
    const edit = async (phrase) => {
        const saved = await app.dialog.form({
            title: t(phrase ? "desk.phraseEdit" : "desk.phraseNew"), size: "medium",
            text: t("desk.phraseVariables", {
                list: app.language() === "zh" ? "{买家} {客服} {店铺} {订单号} {时间} {日期}"
                    : "{buyer} {agent} {shop} {order} {time} {date}",
            }),
            fields: [
                {
                    name: "scope", label: t("desk.phraseScope"), type: "choice", value: phrase?.scope ?? "personal",
                    options: [
                        { value: "personal", label: t("desk.phrasePersonal") },
                        { value: "shop", label: t("desk.phraseShop"), disabled: !mayShop },
                    ],
                },
                { name: "shortcut", label: t("desk.phraseShortcut"), value: phrase?.shortcut, hint: t("desk.phraseShortcutHint"), max: 20 },
                { name: "title", label: t("desk.phraseTitle"), value: phrase?.title, required: true, max: 60 },
                { name: "text", label: t("desk.phraseText"), type: "textarea", value: phrase?.text, required: true, max: 2000 },
            ],
            submit: (values) => book.save({ ...values, ...(phrase ? { id: phrase.id, version: phrase.version } : {}) }),
        });
        if (saved) draw();
    };

    /** @param {Phrase} phrase */
    const remove = async (phrase) => {
        await app.dialog.confirm({
            title: t("desk.phraseRemove"), text: t("desk.phraseRemoveText", { title: phrase.title }),
            ok: t("desk.remove"), danger: true, run: () => book.remove(phrase),
        });
        draw();
    };

    function draw() {
        const found = findPhrases(book.phrases, search.value, 500);
        if (found.length === 0) {
            fill(list, h("li", { class: "empty" }, icon("bolt"),
                h("p", { class: "empty-title" }, t(book.phrases.length ? "desk.phrasesNoneFound" : "desk.phrasesNone")),
                h("p", null, t("desk.phrasesNoneHint"))));
            return;
        }
        fill(list, found.map((phrase) => {
            const may = phrase.scope === "personal" || mayShop;
            return h("li", { class: "phrase-row" },
                h("div", { class: "phrase-row-main" },
                    h("p", null, phrase.shortcut ? h("kbd", null, `/${phrase.shortcut}`) : null, " ", h("strong", null, phrase.title), " ",
                        h("span", { class: "tag" }, t(phrase.scope === "shop" ? "desk.phraseShop" : "desk.phrasePersonal")),
                        h("span", { class: "phrase-uses" }, t("desk.phraseUses", { n: phrase.uses }))),
                    h("p", { class: "phrase-row-text" }, phrase.text)),
                may ? h("div", { class: "phrase-row-tools" },
                    h("button", {
                        type: "button", class: "button quiet icon", "aria-label": t("desk.phraseEditOf", { title: phrase.title }),
                        onclick: () => edit(phrase),
                    }, icon("edit")),
                    h("button", {
                        type: "button", class: "button quiet icon", "aria-label": t("desk.phraseRemoveOf", { title: phrase.title }),
                        onclick: () => remove(phrase),
                    }, icon("trash"))) : null);
        }));
    }
    draw();
    return app.dialog.open({
        title: t("desk.phrases"), size: "large", class: "phrase-manager",
        body: [h("div", { class: "phrase-bar" }, search, h("button", {
            type: "button", class: "button primary", onclick: () => edit(null),
        }, icon("plus"), t("desk.phraseNew"))), list],
    });
}
