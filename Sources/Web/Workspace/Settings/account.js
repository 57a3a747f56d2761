// One's own account: who I am here, password, second factor, and what this browser may do to call me.

import { fill, h } from "../dom.js";
import { passwordForm } from "../Entry/password.js";
import { enrolSecondFactor } from "../Entry/second-factor.js";
import { createForm } from "../Forms/form.js";
import { t } from "../words.js";
import { block, nameOf, readVocabulary, sectionHead, tag } from "./page.js";
import { noticeBlock } from "./notices.js";

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    const vocabulary = await readVocabulary(app);
    if (!app.session) return;
    const session = app.session;
    const { staff } = session;

    const factor = h("div", { class: "set-line" });
    const drawFactor = () => fill(factor,
        session.totp ? tag("good", t("account.factorOn")) : tag("warn", t("account.factorOff")),
        session.totp
            ? h("button", { type: "button", class: "button danger", onclick: removeFactor }, t("account.factorRemove"))
            : h("button", { type: "button", class: "button", onclick: addFactor }, t("account.factorAdd")));

    async function changePassword() {
        const done = await app.dialog.open({
            title: t("entry.password.title"), size: "small",
            body: (close) => passwordForm(app, { done: () => close("done"), cancel: () => close() }).element,
        });
        if (done === "done") {
            app.toast({ text: t("account.passwordChanged"), detail: t("account.passwordChangedMore"), kind: "good" });
        }
    }

    async function addFactor() {
        const done = await app.dialog.open({
            title: t("entry.factor.title"),
            body: (close) => enrolSecondFactor(app, { done: () => close("done"), cancel: () => close() }),
        });
        if (done !== "done") {
            // The dialog may have been dismissed after the factor was already on.
            session.totp = (await app.api.get("/session")).totp === true;
        } else {
            session.totp = true;
            app.toast({ text: t("account.factorAdded"), kind: "good" });
        }
        drawFactor();
    }

    async function removeFactor() {
        const done = await app.dialog.open({
            title: t("account.factorRemove"), size: "small",
            body: (close) => h("div", { class: "set-stack" },
                h("p", null, t("account.factorRemoveText")),
                createForm({
                    submit: t("account.factorRemove"), danger: true, cancel: () => close(),
                    fields: [{
                        name: "password", label: t("entry.password.old"), kind: "password", required: true,
                        autocomplete: "current-password",
                    }],
                    run: async ({ password }) => {
                        try {
                            await app.api.delete("/session/totp", { password });
                        } catch (problem) {
                            const refusal = /** @type {any} */ (problem);
                            if (refusal?.field === "old") refusal.field = "password";
                            throw problem;
                        }
                        close("done");
                    },
                }).element),
        });
        if (done !== "done") return;
        session.totp = false;
        app.toast({ text: t("account.factorRemoved"), kind: "warn" });
        drawFactor();
    }

    drawFactor();
    /** @type {[string, string][]} */
    const facts = [
        [t("staff.name"), staff.name],
        [t("staff.nickname"), staff.nickname || "–"],
        [t("staff.login"), staff.login],
        [t("staff.role"), [nameOf(vocabulary.roles, staff.role), nameOf(vocabulary.levels, staff.level)]
            .filter(Boolean).join(" · ")],
        [t("staff.department"), nameOf(vocabulary.departments, staff.department) || "–"],
        [t("staff.employment"), nameOf(vocabulary.employments, staff.employment) || "–"],
        [t("account.shop"), session.shop.name],
    ];
    fill(room,
        sectionHead(t("set.account"), t("account.lead")),
        block(t("account.profile"), t("account.profileLead"),
            h("dl", { class: "set-facts" }, facts.map(([name, value]) =>
                h("div", null, h("dt", null, name), h("dd", null, value))))),
        block(t("account.password"), t("account.passwordLead"),
            h("button", { type: "button", class: "button", onclick: changePassword }, t("entry.password.title"))),
        block(t("account.factor"), t("account.factorLead"), factor),
        noticeBlock());
}
