// Forms of the workspace: fields from a short description, checks beside the field, refusals in words.

import { fill, h, isComposing, uniqueID, useCSS } from "../dom.js";
import { addWords, t } from "../words.js";
import { refusalBanner } from "./refusal.js";
import { formsWords } from "./words.js";

addWords(formsWords);

/** @typedef {{value: string, label: string, hint?: string, group?: string}} Option */
/**
 * @typedef {object} FieldDescription
 * @property {string} name also the name of the value and of `error.field` in refusals
 * @property {string} label
 * @property {"text"|"password"|"newPassword"|"code"|"number"|"select"|"checkbox"|"checks"|"area"|"date"} [kind]
 * @property {string} [hint]
 * @property {string | number | boolean | string[] | null} [value]
 * @property {Option[]} [options] for select and checks
 * @property {boolean} [required]
 * @property {boolean} [fixed] shown, cannot be changed
 * @property {string} [autocomplete]
 * @property {string} [placeholder]
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [longest] characters
 * @property {number} [rows] of an area
 * @property {string} [unit] a word after the field
 * @property {boolean} [wide] takes the whole row of a two-column form
 * @property {(value: any, values: Record<string, any>) => string | null} [check] what is wrong, in words
 */
/**
 * @typedef {object} FormDescription
 * @property {FieldDescription[]} fields
 * @property {string} submit text of the button
 * @property {(values: Record<string, any>) => Promise<void>} run rejects with a Refusal to have it shown
 * @property {(() => void) | null} [cancel] adds a cancel button
 * @property {string} [cancelText]
 * @property {boolean} [columns] two columns where there is room
 * @property {boolean} [danger] the button does harm
 * @property {string} [label] what the form is, for people who do not see it
 */

/**
 * A form that checks, sends, waits and says what went wrong.
 * @param {FormDescription} description
 */
export function createForm(description) {
    useCSS(new URL("./form.css", import.meta.url));
    const fields = description.fields.map((field) => createField(field));
    const notice = h("div", { class: "forms-notice", role: "alert" });
    const submit = h("button", {
        type: "submit",
        class: description.danger ? "button danger" : "button primary",
    }, description.submit);
    /** @type {number | undefined} */
    let countdown;

    const form = h("form", {
        class: description.columns ? "forms columns" : "forms",
        novalidate: true,
        "aria-label": description.label,
        onsubmit: /** @param {Event} event */ (event) => {
            event.preventDefault();
            send();
        },
        // Enter that ends an input method's composition must not submit.
        onkeydown: /** @param {KeyboardEvent} event */ (event) => {
            if (event.key === "Enter" && isComposing(event)) event.preventDefault();
        },
    },
    notice,
    h("div", { class: "forms-fields" }, fields.map((field) => field.element)),
    h("div", { class: "forms-actions" },
        description.cancel
            ? h("button", { type: "button", class: "button quiet", onclick: description.cancel },
                description.cancelText ?? t("forms.cancel"))
            : null,
        submit));

    function values() {
        /** @type {Record<string, any>} */
        const result = {};
        for (const field of fields) result[field.name] = field.read();
        return result;
    }

    function check() {
        const current = values();
        /** @type {ReturnType<typeof createField> | null} */
        let first = null;
        for (const field of fields) {
            const wrong = field.check(current);
            field.wrong(wrong);
            if (wrong && !first) first = field;
        }
        first?.focus();
        return first ? null : current;
    }

    async function send() {
        if (submit.disabled) return;
        const current = check();
        if (!current) return;
        submit.disabled = true;
        submit.textContent = t("forms.busy");
        form.setAttribute("aria-busy", "true");
        fill(notice);
        try {
            await description.run(current);
        } catch (problem) {
            show(problem);
        } finally {
            form.removeAttribute("aria-busy");
            if (countdown === undefined) {
                submit.textContent = description.submit;
                submit.disabled = false;
            }
        }
    }

    /** @param {any} problem */
    function show(problem) {
        const field = fields.find((each) => each.name === problem?.field);
        if (field) {
            field.wrong([problem.message, problem.instead].filter(Boolean).join(" "));
            field.focus();
            return;
        }
        fill(notice, refusalBanner(problem));
        const wait = Number(problem?.shape?.wait ?? 0);
        if (wait > 0) hold(wait);
    }

    /**
     * Keeps the button shut and counts down on it.
     * @param {number} seconds
     */
    function hold(seconds) {
        clearInterval(countdown);
        const end = Date.now() + seconds * 1000;
        submit.disabled = true;
        const tick = () => {
            const left = Math.ceil((end - Date.now()) / 1000);
            if (left > 0) {
                submit.textContent = t("forms.wait", { seconds: left });
                return;
            }
            clearInterval(countdown);
            countdown = undefined;
            submit.textContent = description.submit;
            submit.disabled = false;
            fill(notice);
        };
        countdown = setInterval(tick, 1000);
        tick();
    }

    return {
        element: form,
        values,
        show,
        hold,
        /** Whether anything differs from the first values. */
        changed: () => fields.some((field) => field.changed()),
        /** @param {string} [name] the field, or else the first */
        focus(name) {
            (fields.find((field) => field.name === name) ?? fields[0])?.focus();
        },
        /** @param {string} name @param {any} value */
        set(name, value) {
            fields.find((field) => field.name === name)?.write(value);
        },
        stop: () => clearInterval(countdown),
    };
}

/** @typedef {ReturnType<typeof createForm>} Form */

/**
 * One labelled field.
 * @param {FieldDescription} field
 */
function createField(field) {
    const id = uniqueID("field");
    const kind = field.kind ?? "text";
    const wrong = h("span", { class: "wrong", id: `${id}-wrong` });
    const hint = field.hint ? h("span", { class: "hint", id: `${id}-hint` }, field.hint) : null;
    const describedBy = [field.hint ? `${id}-hint` : "", `${id}-wrong`].join(" ").trim();
    const common = {
        id,
        name: field.name,
        "aria-describedby": describedBy,
        "aria-required": field.required ? "true" : null,
        autocomplete: field.autocomplete ?? "off",
        placeholder: field.placeholder ?? null,
        maxlength: field.longest ?? null,
        disabled: field.fixed === true,
    };
    const { control, read, write, body } = makeControl(field, kind, common);
    const first = JSON.stringify(read());
    const several = kind === "checks";
    const label = h(several ? "legend" : "label", several ? null : { htmlFor: id }, field.label,
        field.required ? h("span", { class: "required", "aria-hidden": "true" }, "*") : null);
    const element = h(several ? "fieldset" : "div",
        { class: `field forms-field ${kind}${field.wide ? " wide" : ""}` },
        kind === "checkbox" ? [h("div", { class: "forms-check" }, control, label)] : [label, body],
        hint, wrong);

    return {
        name: field.name,
        element,
        read,
        write,
        changed: () => JSON.stringify(read()) !== first,
        focus: () => control.focus(),
        /** @param {string | null} text */
        wrong(text) {
            fill(wrong, text);
            if (text) control.setAttribute("aria-invalid", "true");
            else control.removeAttribute("aria-invalid");
        },
        /** @param {Record<string, any>} values @returns {string | null} */
        check(values) {
            const value = values[field.name];
            const empty = value === "" || value === null || (Array.isArray(value) && !value.length);
            if (field.required && empty) return t("forms.required");
            if (kind === "number" && !empty) {
                if (!Number.isFinite(value)) return t("forms.number");
                const { min = -Infinity, max = Infinity } = field;
                if (value < min || value > max) return t("forms.between", { min, max });
            }
            return field.check?.(value, values) ?? null;
        },
    };
}

/**
 * @param {FieldDescription} field
 * @param {string} kind
 * @param {Record<string, any>} common
 * @returns {{control: HTMLElement, body: HTMLElement, read: () => any, write: (value: any) => void}}
 */
function makeControl(field, kind, common) {
    if (kind === "select") {
        const select = h("select", { ...common, class: "input" },
            grouped(field.options ?? [], String(field.value ?? "")));
        return {
            control: select, body: select,
            read: () => select.value,
            write: (value) => { select.value = String(value); },
        };
    }
    if (kind === "checks") return makeChecks(field, common);
    if (kind === "checkbox") {
        const box = h("input", { ...common, type: "checkbox", checked: field.value === true });
        return {
            control: box, body: box,
            read: () => box.checked,
            write: (value) => { box.checked = value === true; },
        };
    }
    if (kind === "area") {
        const area = h("textarea", {
            ...common, class: "input", rows: field.rows ?? 4, value: String(field.value ?? ""),
        });
        return {
            control: area, body: area,
            read: () => area.value.trim(),
            write: (value) => { area.value = String(value); },
        };
    }
    const secret = kind === "password" || kind === "newPassword";
    const input = h("input", {
        ...common,
        class: kind === "code" ? "input forms-code" : "input",
        type: secret ? "password" : kind === "date" ? "date" : "text",
        inputmode: kind === "number" || kind === "code" ? "numeric" : null,
        autocomplete: kind === "newPassword" ? "new-password"
            : kind === "code" ? "one-time-code" : common.autocomplete,
        autocapitalize: "none",
        spellcheck: secret || kind === "code" ? "false" : null,
        value: field.value === null || field.value === undefined ? "" : String(field.value),
    });
    const read = () => {
        if (secret) return input.value;
        const text = input.value.trim();
        if (kind === "number") return text === "" ? null : Number(text.replaceAll(",", ""));
        return text;
    };
    /** @param {any} value */
    const write = (value) => { input.value = value === null ? "" : String(value); };
    if (secret) return { control: input, body: withReveal(input), read, write };
    if (field.unit) {
        const body = h("div", { class: "forms-unit" }, input, h("span", null, field.unit));
        return { control: input, body, read, write };
    }
    return { control: input, body: input, read, write };
}

/**
 * A password with a button that shows what was typed.
 * @param {HTMLInputElement} input
 */
function withReveal(input) {
    const button = h("button", {
        type: "button",
        class: "forms-reveal",
        "aria-pressed": "false",
        onclick: () => {
            const shown = input.type === "text";
            input.type = shown ? "password" : "text";
            button.setAttribute("aria-pressed", String(!shown));
            input.focus();
        },
    }, t("forms.show"));
    return h("div", { class: "forms-secret" }, input, button);
}

/**
 * @param {FieldDescription} field
 * @param {Record<string, any>} common
 */
function makeChecks(field, common) {
    const chosen = new Set(Array.isArray(field.value) ? field.value : []);
    const boxes = (field.options ?? []).map((option) => {
        const id = uniqueID("check");
        const box = h("input", {
            id, type: "checkbox", value: option.value, checked: chosen.has(option.value),
            disabled: common.disabled, "aria-describedby": option.hint ? `${id}-hint` : null,
        });
        const row = h("div", { class: "forms-check" }, box, h("label", { htmlFor: id }, option.label,
            option.hint ? h("span", { class: "hint", id: `${id}-hint` }, option.hint) : null));
        return { box, row };
    });
    const body = h("div", { class: "forms-checks" }, boxes.map(({ row }) => row));
    return {
        control: boxes[0]?.box ?? h("input", { type: "hidden" }), body,
        read: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
        /** @param {any} value */
        write: (value) => {
            for (const { box } of boxes) box.checked = value.includes(box.value);
        },
    };
}

/**
 * @param {Option[]} options
 * @param {string} value
 */
function grouped(options, value) {
    return options.map((option) =>
        h("option", { value: option.value, selected: option.value === value }, option.label));
}
