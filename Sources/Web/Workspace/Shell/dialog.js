// Dialogs on the browser's own <dialog>: focus stays inside, Escape closes, focus returns.
import { append, fill, h, uniqueID } from "../dom.js";
import { icon } from "../../Design/icons.js";
import { clockAt, instantOf } from "../../Protocol/zone.js";
import { shopZone, t } from "../words.js";

/**
 * @typedef {object} DialogAction
 * @property {string} label
 * @property {"primary" | "danger" | "plain"} [kind]
 * @property {string} [value] the dialog's result when nothing else is returned; default "ok"
 * @property {() => unknown} [run] may be async; false keeps the dialog open, a throw is shown in it,
 *   any other value but undefined becomes the result
 */
/**
 * @typedef {object} DialogOptions
 * @property {string} title
 * @property {Node | string | (Node | string | null)[] | ((close: (result?: any) => void) => Node)} body
 * @property {DialogAction[]} [actions]
 * @property {"small" | "medium" | "large"} [size]
 * @property {string} [class]
 */
/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {"text" | "password" | "number" | "textarea" | "select" | "checkbox" | "datetime" | "choice" | "color"} [type]
 * @property {any} [value] datetime: milliseconds since 1970
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {boolean} [required]
 * @property {number} [max] longest text
 * @property {string} [autocomplete]
 * @property {{value: string, label: string, disabled?: boolean}[]} [options] for select and choice
 */
/**
 * @typedef {object} FormOptions
 * @property {string} title
 * @property {string} [text] said above the fields
 * @property {Field[]} fields
 * @property {string} [ok]
 * @property {boolean} [danger]
 * @property {"small" | "medium" | "large"} [size]
 * @property {(values: Record<string, any>) => unknown} submit may be async; a thrown refusal is shown at
 *   its `field` or above the buttons
 */

/**
 * Opens a dialog.
 * @param {DialogOptions} options
 * @returns {Promise<any>} what closed it: an action's result, or null when dismissed
 */
export function openDialog(options) {
    return new Promise((resolve) => {
        const title = uniqueID("dialog");
        const before = document.activeElement;
        const problem = h("div", { class: "form-problem", role: "alert", hidden: true });
        let result = /** @type {any} */ (null);
        const close = /** @param {any} [value] */ (value = null) => {
            result = value;
            element.close();
        };
        const body = h("div", { class: "dialog-body" });
        append(body, [typeof options.body === "function" ? options.body(close) : options.body]);
        const buttons = (options.actions ?? []).map((action) => {
            const button = h("button", {
                type: "button",
                class: `button ${action.kind === "plain" ? "" : action.kind ?? "primary"}`,
                onclick: async () => {
                    button.disabled = true;
                    try {
                        const answer = await action.run?.();
                        if (answer !== false) close(answer ?? action.value ?? "ok");
                    } catch (error) {
                        showProblem(problem, error);
                    } finally {
                        button.disabled = false;
                    }
                },
            }, action.label);
            return button;
        });
        const element = h("dialog", {
            class: `dialog dialog-${options.size ?? "medium"} ${options.class ?? ""}`,
            "aria-labelledby": title,
        },
            h("header", { class: "dialog-head" },
                h("h2", { id: title }, options.title),
                h("button", {
                    type: "button", class: "button quiet icon", "aria-label": t("shell.close"),
                    onclick: () => close(),
                }, icon("close"))),
            body, problem,
            buttons.length ? h("footer", { class: "dialog-foot" }, buttons) : null);
        element.addEventListener("close", () => {
            element.remove();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
            resolve(result);
        });
        // A press that starts and ends on the backdrop closes; a selection dragged out does not.
        let pressed = false;
        element.addEventListener("pointerdown", (event) => {
            pressed = event.target === element;
        });
        element.addEventListener("click", (event) => {
            if (pressed && event.target === element) close();
        });
        document.body.append(element);
        element.showModal();
        const focus = element.querySelector("[autofocus], .dialog-body input:not([type=hidden]), " +
            ".dialog-body textarea, .dialog-body select, .dialog-foot .primary");
        if (focus instanceof HTMLElement) focus.focus();
    });
}

/**
 * @param {HTMLElement} place
 * @param {unknown} error
 */
export function showProblem(place, error) {
    const refusal = /** @type {any} */ (error);
    fill(place, h("p", null, refusal?.message ?? String(error)),
        refusal?.instead ? h("p", { class: "form-instead" }, refusal.instead) : null);
    place.hidden = false;
}

/**
 * Asks a yes-or-no question.
 * @param {{title: string, text: string, ok: string, danger?: boolean, run?: () => unknown}} options
 * @returns {Promise<boolean>}
 */
export async function confirmDialog({ title, text, ok, danger, run }) {
    const answer = await openDialog({
        title, size: "small", body: h("p", null, text),
        actions: [
            { label: t("shell.cancel"), kind: "plain", value: "no" },
            {
                label: ok, kind: danger ? "danger" : "primary",
                run: async () => {
                    await run?.();
                    return "yes";
                },
            },
        ],
    });
    return answer === "yes";
}

/**
 * Asks for values. Enter in a one-line field submits, except while an input method composes.
 * @param {FormOptions} options
 * @returns {Promise<any>} the submit's answer (true when it gave none), null when dismissed
 */
export function formDialog(options) {
    return openDialog({
        title: options.title, size: options.size ?? "small",
        body: (close) => {
            const form = makeForm({ ...options, cancel: () => close(), done: (value) => close(value) });
            return form;
        },
    });
}

/**
 * A form as an element, for dialogs and for pages.
 * @param {Omit<FormOptions, "title"> & {title?: string, cancel?: () => void, done?: (value: any) => void}} options
 * @returns {HTMLFormElement}
 */
export function makeForm(options) {
    const rows = options.fields.map(makeField);
    const problem = h("div", { class: "form-problem", role: "alert", hidden: true });
    const button = h("button", {
        type: "submit", class: `button ${options.danger ? "danger" : "primary"}`,
    }, options.ok ?? t("shell.save"));
    return h("form", {
        class: "form", novalidate: true,
        onsubmit: /** @param {SubmitEvent} event */ async (event) => {
            event.preventDefault();
            problem.hidden = true;
            /** @type {Record<string, any>} */
            const values = {};
            let first = /** @type {HTMLElement | null} */ (null);
            for (const row of rows) {
                row.complain("");
                values[row.name] = row.read();
                if (row.required && (values[row.name] === "" || values[row.name] === null)) {
                    row.complain(t("shell.required"));
                    first ??= row.control;
                }
            }
            if (first) {
                first.focus();
                return;
            }
            button.disabled = true;
            try {
                const answer = await options.submit(values);
                if (answer !== false) options.done?.(answer ?? true);
            } catch (error) {
                const refusal = /** @type {any} */ (error);
                const row = rows.find((one) => one.name === refusal?.field);
                if (row) {
                    row.complain([refusal.message, refusal.instead].filter(Boolean).join(" "));
                    row.control.focus();
                } else showProblem(problem, error);
            } finally {
                button.disabled = false;
            }
        },
    },
        options.text ? h("p", { class: "form-text" }, options.text) : null,
        rows.map((row) => row.element), problem,
        h("div", { class: "form-foot" },
            options.cancel
                ? h("button", { type: "button", class: "button", onclick: options.cancel },
                    t("shell.cancel")) : null,
            button));
}

/** @param {Field} field */
function makeField(field) {
    const id = uniqueID("field");
    const hintID = `${id}-hint`;
    const errorID = `${id}-error`;
    const type = field.type ?? "text";
    const error = h("p", { class: "wrong", id: errorID, hidden: true });
    /** @type {any} */
    const common = {
        id, name: field.name, placeholder: field.placeholder, autocomplete: field.autocomplete ?? "off",
        "aria-describedby": `${field.hint ? hintID : ""} ${errorID}`.trim(),
        "aria-required": field.required ? "true" : null, maxlength: field.max,
    };
    /** @type {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
    let control;
    /** @type {HTMLElement} */
    let element;
    /** @type {() => any} */
    let read = () => control.value.trim();
    const label = h("label", { htmlFor: id }, field.label,
        field.required ? h("span", { class: "field-required", "aria-hidden": "true" }, " *") : null);
    const hint = field.hint ? h("p", { class: "hint", id: hintID }, field.hint) : null;
    if (type === "choice") {
        const inputs = (field.options ?? []).map((option) => h("input", {
            type: "radio", name: id, value: option.value, id: uniqueID("choice"),
            disabled: option.disabled ?? false, checked: option.value === field.value,
        }));
        control = inputs[0];
        read = () => inputs.find((input) => input.checked)?.value ?? "";
        element = h("fieldset", { class: "field choice" },
            h("legend", null, field.label), hint,
            h("div", { class: "choice-row" }, inputs.map((input, index) => h("span", { class: "choice-item" },
                input, h("label", { htmlFor: input.id }, field.options?.[index].label ?? "")))), error);
    } else if (type === "checkbox") {
        const box = h("input", { ...common, type: "checkbox", checked: field.value === true });
        control = box;
        read = () => box.checked;
        element = h("div", { class: "field check" }, box, label, hint, error);
    } else {
        if (type === "textarea") control = h("textarea", { ...common, rows: 3, value: field.value ?? "" });
        else if (type === "select") {
            control = h("select", common, (field.options ?? []).map((option) => h("option", {
                value: option.value, disabled: option.disabled ?? false,
                selected: option.value === field.value,
            }, option.label)));
        } else {
            control = h("input", {
                ...common, type: type === "datetime" ? "datetime-local" : type,
                value: type === "datetime" ? localInput(field.value) : field.value ?? "",
            });
        }
        if (type === "datetime") read = () => (control.value ? localInstant(control.value) : null);
        if (type === "password") read = () => control.value;
        if (type === "number") read = () => (control.value === "" ? null : Number(control.value));
        element = h("div", { class: "field" }, label, hint, control, error);
    }
    control.addEventListener("keydown", (event) => {
        const key = /** @type {KeyboardEvent} */ (event);
        if (key.key === "Enter" && (key.isComposing || key.keyCode === 229)) key.preventDefault();
    });
    return {
        name: field.name, required: field.required === true, control, element, read,
        /** @param {string} text */
        complain(text) {
            fill(error, text);
            error.hidden = text === "";
            control.toggleAttribute("aria-invalid", text !== "");
            if (text) control.setAttribute("aria-invalid", "true");
        },
    };
}

/**
 * A moment as the value of a datetime-local field, by the shop's clock like every time on the screen.
 * @param {number | null | undefined} at
 */
export function localInput(at) {
    if (!at) return "";
    const { year, month, day, hour, minute } = clockAt(at, shopZone());
    return new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString().slice(0, 16);
}

/**
 * The moment that such a field means.
 * @param {string} value YYYY-MM-DDTHH:MM
 */
export function localInstant(value) {
    const [year, month, day, hour, minute] = value.split(/\D/).map(Number);
    return instantOf({ year, month, day, hour, minute }, shopZone());
}
