// The first run: the person who reads the server's console becomes the owner of a new shop.

import { createForm } from "../Forms/form.js";
import { t } from "../words.js";
import { drawTask } from "./frame.js";
import { newPasswordFields } from "./password.js";

/**
 * @param {HTMLElement} root
 * @param {import("../shell.js").App} app
 * @returns {Promise<() => void>}
 */
export async function mount(root, app) {
    const form = createForm({
        label: t("entry.setup"),
        submit: t("entry.setup.submit"),
        columns: true,
        fields: [
            {
                name: "code", label: t("entry.setup.code"), required: true, wide: true,
                hint: t("entry.setup.codeHint"),
            },
            { name: "shopName", label: t("entry.setup.shop"), required: true, longest: 60 },
            {
                name: "slug", label: t("entry.setup.slug"), required: true, longest: 40,
                hint: t("entry.setup.slugHint"), check: checkSlug, placeholder: "my-shop",
            },
            {
                name: "name", label: t("entry.setup.name"), required: true, longest: 40,
                autocomplete: "name",
            },
            {
                name: "login", label: t("entry.setup.login"), required: true, longest: 40,
                autocomplete: "username", hint: t("entry.setup.loginHint"),
            },
            ...newPasswordFields(),
        ],
        run: async ({ code, shopName, slug, name, login, password }) => {
            await app.api.post("/setup", {
                code: code.trim(),
                shop: { name: shopName, slug },
                owner: { login, name, password },
            });
            await signIn(app, login, password);
        },
    });
    await drawTask(root, {
        title: t("entry.setup"),
        lead: t("entry.setup.lead"),
        body: form.element,
        wide: true,
    });
    form.focus();
    return form.stop;
}

/**
 * Opens the desk for the new owner; the set-up itself may already have opened a session.
 * @param {import("../shell.js").App} app
 * @param {string} login
 * @param {string} password
 */
async function signIn(app, login, password) {
    try {
        await app.api.get("/session");
    } catch {
        await app.api.post("/session", { login, password });
    }
    await app.signedIn();
}

/**
 * A slug stands in addresses: small letters, digits, hyphens inside.
 * @param {string} slug
 */
function checkSlug(slug) {
    return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? null : t("entry.setup.slugWrong");
}
