// The one way to build screens here: elements are made by calls, text is always a text node.
// There is no function that takes markup, so nothing a buyer writes can become markup.

/** @typedef {Node | string | number | boolean | null | undefined} Child */
/** @typedef {Child | readonly any[]} Children children may stand in lists within lists */
/** @typedef {{[name: string]: any}} Props */

/**
 * Makes an element.
 *
 * `class`, `id`, `role`, `aria-*`, `data-*` and other names become attributes (true = present,
 * false/null = absent); `onclick` and friends become listeners; `style` is an object written through
 * the style sheet API, which a strict CSP allows; `value`, `checked`, `disabled`, `selected`,
 * `indeterminate`, `hidden`, `htmlFor` are properties; `ref` is called with the element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
    const element = document.createElement(tag);
    if (props) apply(element, props);
    append(element, children);
    return element;
}

/**
 * Makes a custom element (or any element whose type the caller knows).
 * @template {HTMLElement} T
 * @param {new () => T} type a class registered with `customElements`
 * @param {Props | null} [props]
 * @param {...Children} children
 * @returns {T}
 */
export function make(type, props, ...children) {
    const element = new type();
    if (props) apply(element, props);
    append(element, children);
    return element;
}

const properties = new Set([
    "value", "checked", "disabled", "selected", "indeterminate", "hidden", "htmlFor", "readOnly",
    "open", "multiple", "scrollTop", "tabIndex",
]);

/**
 * Sets attributes, properties and listeners on an element.
 * @param {HTMLElement} element
 * @param {Props} props
 */
export function apply(element, props) {
    for (const [name, value] of Object.entries(props)) {
        if (value === undefined) continue;
        if (name === "ref") value(element);
        else if (name === "style") Object.assign(element.style, value);
        else if (name.startsWith("on") && typeof value === "function") {
            element.addEventListener(name.slice(2), value);
        } else if (properties.has(name)) {
            /** @type {any} */ (element)[name] = value;
        } else if (value === false || value === null) element.removeAttribute(name);
        else if (name.startsWith("aria-")) element.setAttribute(name, String(value));
        else element.setAttribute(name, value === true ? "" : String(value));
    }
}

/**
 * Appends children; strings and numbers become text nodes, empty values are skipped.
 * @param {Node} parent
 * @param {Children[]} children
 */
export function append(parent, children) {
    for (const child of children) {
        if (child === null || child === undefined || typeof child === "boolean") continue;
        if (Array.isArray(child)) append(parent, child);
        else if (child instanceof Node) parent.appendChild(child);
        else parent.appendChild(document.createTextNode(String(child)));
    }
}

/**
 * Replaces everything inside an element.
 * @param {Element | DocumentFragment} parent
 * @param {...Children} children
 */
export function fill(parent, ...children) {
    parent.replaceChildren();
    append(parent, children);
}

/**
 * Makes an element's children equal to a list, moving as little as possible.
 * @param {Element} parent
 * @param {Node[]} wanted
 */
export function reconcile(parent, wanted) {
    const keep = new Set(wanted);
    for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
    let at = parent.firstChild;
    for (const node of wanted) {
        if (node === at) at = at.nextSibling;
        else parent.insertBefore(node, at);
    }
}

/** @type {Map<string, Promise<void>>} */
const sheets = new Map();

/**
 * Loads a component's style sheet once; resolves when it applies (or failed: the page stays usable).
 * Call as `await useCSS(new URL("./inbox.css", import.meta.url))`.
 * @param {URL | string} address
 * @returns {Promise<void>}
 */
export function useCSS(address) {
    const href = String(address);
    let loading = sheets.get(href);
    if (!loading) {
        loading = new Promise((resolve) => {
            const done = () => resolve();
            document.head.append(
                h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
        });
        sheets.set(href, loading);
    }
    return loading;
}

let lastID = 0;

/**
 * An id that is unique on the page, for `aria-*` references and labels.
 * @param {string} [prefix]
 */
export function uniqueID(prefix = "q") {
    lastID += 1;
    return `${prefix}-${lastID}`;
}

/**
 * Calls `run` once the calls have stopped for `ms`.
 * @template {any[]} A
 * @param {number} ms
 * @param {(...args: A) => void} run
 * @returns {((...args: A) => void) & {now: () => void, cancel: () => void}}
 */
export function debounced(ms, run) {
    /** @type {number | undefined} */
    let timer;
    /** @type {A | null} */
    let waiting = null;
    const fire = () => {
        timer = undefined;
        const args = waiting;
        waiting = null;
        if (args) run(...args);
    };
    const call = /** @param {A} args */ (...args) => {
        waiting = args;
        clearTimeout(timer);
        timer = setTimeout(fire, ms);
    };
    return Object.assign(call, {
        now() {
            clearTimeout(timer);
            fire();
        },
        cancel() {
            clearTimeout(timer);
            waiting = null;
        },
    });
}

/**
 * At most one call of `run` per drawn frame.
 * @param {() => void} run
 */
export function perFrame(run) {
    let asked = false;
    return () => {
        if (asked) return;
        asked = true;
        requestAnimationFrame(() => {
            asked = false;
            run();
        });
    };
}

/**
 * Whether this key press belongs to an input method that is still composing (Chinese, Japanese …):
 * such an Enter chooses a word, it must never send or confirm.
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
    return event.isComposing || event.keyCode === 229;
}

/**
 * Whether typing goes into this element.
 * @param {EventTarget | null} target
 */
export function isTextField(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") {
        return true;
    }
    if (!(target instanceof HTMLInputElement)) return false;
    return !["button", "checkbox", "radio", "submit", "reset", "file", "range"].includes(target.type);
}
