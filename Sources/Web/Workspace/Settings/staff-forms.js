// Adding and changing a member of staff, and giving somebody a new password.

import { shortestPassword } from "../Entry/password.js";
import { copyField } from "../Forms/copy.js";
import { createForm } from "../Forms/form.js";
import { h } from "../dom.js";
import { t } from "../words.js";
import { asOptions } from "./page.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("./staff.js").Person} Person */

/** Letters and digits that nobody mixes up when a password is read aloud. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** A password of four groups of four: about 79 bits. */
export function madePassword() {
    const random = crypto.getRandomValues(new Uint32Array(16));
    const signs = [...random].map((number) => letters[number % letters.length]);
    return [0, 4, 8, 12].map((start) => signs.slice(start, start + 4).join("")).join("-");
}

/**
 * @param {App} app
 * @param {{vocabulary: import("./page.js").Vocabulary, groups: import("./staff.js").Group[],
 *   person: Person | null}} what person null = a new one
 * @returns {Promise<Person | null>} as the server has it now
 */
export async function editStaff(app, { vocabulary, groups, person }) {
    let password = madePassword();
    const result = { person: /** @type {Person | null} */ (null) };
    await app.dialog.open({
        title: person ? t("staff.editTitle", { name: person.name }) : t("staff.add"),
        size: "large",
        body: (close) => {
            const form = createForm({
                label: person ? t("staff.editTitle", { name: person.name }) : t("staff.add"),
                submit: person ? t("shell.save") : t("staff.addDo"),
                columns: true,
                cancel: () => close(),
                fields: fields(vocabulary, groups, person, password, shortestPassword(app)),
                run: async (values) => {
                    const answer = person
                        ? await app.api.patch(`/staff/${person.id}`, changes(values, person))
                        : await app.api.post("/staff", values);
                    result.person = answer.staff;
                    password = values.password ?? password;
                    close("done");
                },
            });
            fitLevels(form.element, vocabulary);
            return form.element;
        },
    });
    if (result.person && !person) await tellPassword(app, result.person, password);
    return result.person;
}

/**
 * @param {import("./page.js").Vocabulary} vocabulary
 * @param {import("./staff.js").Group[]} groups
 * @param {Person | null} person
 * @param {string} password
 * @param {number} shortest characters of a password
 * @returns {import("../Forms/form.js").FieldDescription[]}
 */
function fields(vocabulary, groups, person, password, shortest) {
    return [
        { name: "name", label: t("staff.name"), value: person?.name, required: true, longest: 40 },
        {
            name: "nickname", label: t("staff.nickname"), value: person?.nickname ?? "", longest: 40,
            hint: t("staff.nicknameHint"),
        },
        ...(person ? [] : [
            {
                name: "login", label: t("staff.login"), required: true, longest: 40, hint: t("staff.loginHint"),
            },
            {
                name: "password", label: t("staff.firstPassword"), required: true, longest: 200, value: password,
                hint: t("staff.firstPasswordHint"),
                check: (/** @type {string} */ value) => ([...value].length < shortest
                    ? t("entry.password.short", { shortest }) : null),
            },
        ]),
        {
            name: "role", label: t("staff.role"), kind: "select", value: person?.role ?? "agent",
            options: asOptions(vocabulary.roles), required: true,
        },
        {
            name: "level", label: t("staff.level"), kind: "select", value: person?.level ?? "junior",
            options: asOptions(vocabulary.levels),
        },
        {
            name: "department", label: t("staff.department"), kind: "select", value: person?.department ?? "service",
            options: asOptions(vocabulary.departments),
        },
        {
            name: "employment", label: t("staff.employment"), kind: "select", value: person?.employment ?? "fullTime",
            options: asOptions(vocabulary.employments), hint: t("staff.employmentHint"),
        },
        {
            name: "cap", label: t("staff.cap"), kind: "number", value: person?.cap ?? null, min: 1, max: 200,
            unit: t("staff.capUnit"), hint: t("staff.capHint"),
        },
        ...(groups.length === 0 ? [] : [{
            name: "groups", label: t("staff.groups"), kind: /** @type {const} */ ("checks"), wide: true,
            value: person?.groups ?? [],
            options: groups.map((group) => ({ value: group.id, label: group.name })),
        }]),
    ];
}

/**
 * Offers only the levels that fit the chosen role.
 * @param {HTMLElement} form
 * @param {import("./page.js").Vocabulary} vocabulary
 */
function fitLevels(form, vocabulary) {
    const role = form.querySelector("select[name=role]");
    const level = form.querySelector("select[name=level]");
    if (!(role instanceof HTMLSelectElement) || !(level instanceof HTMLSelectElement)) return;
    const fit = () => {
        const levels = vocabulary.roles.find((each) => each.code === role.value)?.levels;
        for (const option of level.options) {
            option.disabled = levels !== undefined && !levels.includes(option.value);
            option.hidden = option.disabled;
        }
        if (level.selectedOptions[0]?.disabled && levels?.length) level.value = levels[0];
    };
    role.addEventListener("change", fit);
    fit();
}

/**
 * Only what differs, so that two people who edit different things do not undo each other.
 * @param {Record<string, any>} values
 * @param {any} person
 */
function changes(values, person) {
    return Object.fromEntries(Object.entries(values).filter(([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(person[name] ?? (name === "nickname" ? "" : null))));
}

/**
 * @param {App} app
 * @param {Person} person
 * @param {string} password
 */
async function tellPassword(app, person, password) {
    await app.dialog.open({
        title: t("staff.tellTitle", { name: person.name }), size: "small",
        body: h("div", { class: "set-stack" },
            h("p", null, t("staff.tellText", { login: person.login ?? "" })),
            copyField(t("staff.firstPassword"), password)),
        actions: [{ label: t("set.done") }],
    });
}

/**
 * @param {App} app
 * @param {Person} person
 */
export async function resetPassword(app, person) {
    const shortest = shortestPassword(app);
    let password = madePassword();
    const done = await app.dialog.open({
        title: t("staff.resetTitle", { name: person.name }), size: "small",
        body: (close) => h("div", { class: "set-stack" },
            h("p", null, t("staff.resetText")),
            createForm({
                submit: t("staff.reset"), danger: true, cancel: () => close(),
                fields: [
                    {
                        name: "password", label: t("entry.password.new"), value: password, required: true, longest: 200,
                        check: (value) => ([...value].length < shortest
                            ? t("entry.password.short", { shortest }) : null),
                    },
                    ...(person.totp ? [{
                        name: "dropFactor", label: t("staff.dropFactor"), kind: /** @type {const} */ ("checkbox"),
                        hint: t("staff.dropFactorHint"),
                    }] : []),
                ],
                run: async (values) => {
                    password = values.password;
                    await app.api.post(`/staff/${person.id}/password`, {
                        password, ...(values.dropFactor ? { totp: false } : {}),
                    });
                    close("done");
                },
            }).element),
    });
    if (done === "done") await tellPassword(app, person, password);
}
