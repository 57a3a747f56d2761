// Signing in: login and password, then the second factor's code when the account has one.

import { icon } from "../../Design/icons.js";
import { h } from "../dom.js";
import { createForm } from "../Forms/form.js";
import { pick, reasonText, t } from "../words.js";
import { drawTask } from "./frame.js";

/** @typedef {import("../shell.js").App} App */
/**
 * @typedef {object} Farewell why the last session ended, when it was not this person's doing
 * @property {{zh: string, en: string}} message
 * @property {{name: string} | string | null} [by]
 * @property {string | null} [reason]
 */

/**
 * @param {HTMLElement} root
 * @param {App} app
 * @returns {Promise<() => void>}
 */
export async function mount(root, app) {
    /** What was typed in the first step, kept while the second asks for the code. */
    let given = { login: "", password: "" };
    let farewell = await forcedOut(app);
    /** @type {import("../Forms/form.js").Form | undefined} */
    let form;

    async function askPassword() {
        form?.stop();
        form = createForm({
            label: t("entry.login"),
            submit: t("entry.login.submit"),
            fields: [
                {
                    name: "login", label: t("entry.login.login"), required: true, value: given.login,
                    autocomplete: "username",
                },
                {
                    name: "password", label: t("entry.login.password"), kind: "password", required: true,
                    autocomplete: "current-password",
                },
            ],
            run: async ({ login, password }) => {
                given = { login, password };
                farewell = null;
                try {
                    await app.api.post("/session", given);
                } catch (problem) {
                    if (/** @type {any} */ (problem)?.code !== "login.codeNeeded") throw problem;
                    await askCode();
                    return;
                }
                await app.signedIn();
            },
        });
        await drawTask(root, {
            title: t("entry.login"),
            lead: t("entry.login.lead"),
            body: h("div", { class: "entry-stack" }, farewell ? goodbye(farewell) : null, form.element,
                h("p", { class: "entry-small" }, t("entry.login.forgotten"))),
        });
        form.focus(given.login ? "password" : "login");
    }

    async function askCode() {
        form?.stop();
        form = createForm({
            label: t("entry.code"),
            submit: t("entry.login.submit"),
            cancelText: t("entry.code.back"),
            cancel: askPassword,
            fields: [{
                name: "code", label: t("entry.code.code"), kind: "code", required: true,
                hint: t("entry.code.hint"), longest: 24,
            }],
            run: async ({ code }) => {
                await app.api.post("/session", { ...given, code: code.replace(/\s/g, "") });
                await app.signedIn();
            },
        });
        await drawTask(root, {
            title: t("entry.code"),
            lead: t("entry.code.lead", { login: given.login }),
            body: form.element,
        });
        form.focus();
    }

    await askPassword();
    return () => form?.stop();
}

/**
 * Whether this browser's session was ended by somebody else, and what they said.
 * @param {App} app
 * @returns {Promise<Farewell | null>}
 */
async function forcedOut(app) {
    try {
        await app.api.get("/session");
    } catch (problem) {
        const refusal = /** @type {any} */ (problem);
        if (refusal?.code === "session.ended") return refusal.shape;
    }
    return null;
}

/**
 * Who signed the person out, and why.
 * @param {Farewell} farewell
 */
function goodbye(farewell) {
    const by = typeof farewell.by === "string" ? farewell.by : farewell.by?.name;
    const message = pick(farewell.message) || t("entry.bye.title");
    // The server's sentence may already name them.
    const more = (/** @type {string | null | undefined} */ part) => (part && !message.includes(part) ? part : null);
    const [name, reason] = [more(by), more(farewell.reason)];
    return h("div", { class: "banner entry-goodbye", role: "status" }, icon("lock"),
        h("div", null,
            h("strong", null, message),
            name ? h("p", null, t("entry.bye.by", { name })) : null,
            reason ? h("p", null, t("entry.bye.reason", { reason: reasonText(reason) })) : null));
}
