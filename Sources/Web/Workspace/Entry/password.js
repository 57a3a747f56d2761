// Choosing a new password, and changing one's own.

import { createForm } from "../Forms/form.js";
import { addWords, t } from "../words.js";
import { entryWords } from "./words.js";

addWords(entryWords);

/** Fewest characters of a new password where the shop's policy is not known; the server decides. */
const standardLength = 10;

/**
 * @param {{session: {policy?: any} | null}} app
 * @returns {number}
 */
export function shortestPassword(app) {
    return Number(app.session?.policy?.passwordLength ?? standardLength);
}

/**
 * A new password and its repetition.
 * @param {number} shortest characters
 * @returns {import("../Forms/form.js").FieldDescription[]}
 */
export function newPasswordFields(shortest = standardLength) {
    return [
        {
            name: "password", label: t("entry.password.new"), kind: "newPassword", required: true,
            hint: t("entry.password.hint", { shortest }), longest: 200,
            check: (value) => ([...value].length < shortest
                ? t("entry.password.short", { shortest }) : null),
        },
        {
            name: "again", label: t("entry.password.again"), kind: "newPassword", required: true,
            longest: 200,
            check: (value, values) => (value === values.password ? null : t("entry.password.differs")),
        },
    ];
}

/**
 * The form that changes one's own password.
 * @param {import("../shell.js").App} app
 * @param {{done: () => void, cancel?: () => void}} what
 */
export function passwordForm(app, { done, cancel }) {
    return createForm({
        label: t("entry.password.title"),
        submit: t("entry.password.submit"),
        cancel,
        fields: [
            {
                name: "old", label: t("entry.password.old"), kind: "password", required: true,
                autocomplete: "current-password",
            },
            ...newPasswordFields(shortestPassword(app)),
        ],
        run: async ({ old, password }) => {
            try {
                await app.api.put("/session/password", { old, new: password });
            } catch (problem) {
                // The server names its own field; here it is called otherwise.
                const refusal = /** @type {any} */ (problem);
                if (refusal?.field === "new") refusal.field = "password";
                throw problem;
            }
            done();
        },
    });
}
