// Languages of the workspace. Each feature folder has its own `words.js` that exports
// `{zh: {...}, en: {...}}` with the same keys; `addWords` merges it. A missing key shows itself as the
// key, and the catalogue test fails on it.

import { clockAt, dayStart, standardZone } from "../Protocol/zone.js";

/** @typedef {"zh" | "en"} Language */
/** @typedef {{zh: Record<string, string>, en: Record<string, string>}} Catalogue */

/** @type {Catalogue} */
const words = { zh: {}, en: {} };
const stored = "qinke.language";

/** @returns {Language} the person's choice, else the browser's, else Chinese */
function first() {
    const chosen = localStorage.getItem(stored);
    if (chosen === "zh" || chosen === "en") return chosen;
    return navigator.language && !navigator.language.startsWith("zh") ? "en" : "zh";
}

/** @type {Language} */
let current = first();

/** @returns {Language} */
export function language() {
    return current;
}

/**
 * Changes the language; the shell draws the page anew.
 * @param {Language} next
 */
export function setLanguage(next) {
    current = next;
    localStorage.setItem(stored, next);
    document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

/** @param {Catalogue} catalogue */
export function addWords(catalogue) {
    Object.assign(words.zh, catalogue.zh);
    Object.assign(words.en, catalogue.en);
}

/**
 * The text of a key. `{name}` takes an argument; `{n|one|many}` chooses by the number `n`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
    const text = words[current][key] ?? words.zh[key] ?? key;
    return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
        const value = values[name];
        if (value === undefined) return whole;
        if (many === undefined) return String(value);
        return Number(value) === 1 ? one : many;
    });
}

/**
 * A reason for people. The program gives its own as codes; what a person wrote stays as it is.
 * @param {string | null | undefined} reason
 */
export function reasonText(reason) {
    const own = `reason.${reason}`;
    return reason ? (words.zh[own] ? t(own) : reason) : "";
}

/**
 * The side of a bilingual value that the person reads.
 * @param {{zh: string, en: string} | null | undefined} both
 */
export function pick(both) {
    return both ? both[current] || both.zh || "" : "";
}

/** The shop's zone: times on its screens are by one clock, wherever a person sits. */
let zone = standardZone;

/** @param {string} [next] an IANA name; what this browser does not know changes nothing */
export function setZone(next) {
    try {
        new Intl.DateTimeFormat("en", { timeZone: next });
        zone = next ?? standardZone;
    } catch {
        console.warn(`qinke: this browser does not know the zone ${next}`);
    }
    formats.clear();
}

/** The shop's zone. */
export function shopZone() {
    return zone;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} name
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(name, options) {
    const key = `${current}.${name}`;
    let made = formats.get(key);
    if (!made) {
        made = new Intl.DateTimeFormat(current === "zh" ? "zh-CN" : "en-GB", {
            timeZone: zone, ...options,
        });
        formats.set(key, made);
    }
    return made;
}

/**
 * Hours and minutes.
 * @param {number} at milliseconds since 1970
 */
export function clockTime(at) {
    return format("time", { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

/**
 * The day's key, equal for two moments of one day in the shop's zone.
 * @param {number} at
 */
export function dayKey(at) {
    return format("key", { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/**
 * A day for people: today, yesterday, or the date.
 * @param {number} at
 * @param {number} [now]
 */
export function dayName(at, now = Date.now()) {
    if (dayKey(at) === dayKey(now)) return t("time.today");
    if (dayKey(at) === dayKey(dayStart(now, zone, -1))) return t("time.yesterday");
    const sameYear = isSameYear(at, now);
    return format(sameYear ? "day" : "dayYear", {
        month: "long", day: "numeric", weekday: "short", ...(sameYear ? {} : { year: "numeric" }),
    }).format(at);
}

/**
 * @param {number} a
 * @param {number} b
 */
export function isSameYear(a, b) {
    return clockAt(a, zone).year === clockAt(b, zone).year;
}

/**
 * A moment as short as the distance allows.
 * @param {number} at
 * @param {number} [now]
 */
export function shortTime(at, now = Date.now()) {
    if (dayKey(at) === dayKey(now)) return clockTime(at);
    return format("short", { month: "numeric", day: "numeric" }).format(at);
}

/**
 * Day and time.
 * @param {number} at
 */
export function fullTime(at) {
    return format("full", {
        year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
        hour12: false,
    }).format(at);
}

/**
 * A span such as 2:05 or 1:02:05.
 * @param {number} ms
 */
export function span(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const two = /** @param {number} n */ (n) => String(n).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours > 0
        ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
        : `${minutes}:${two(seconds % 60)}`;
}

/**
 * Money from integer fen.
 * @param {number} fen
 */
export function money(fen) {
    return `¥${(fen / 100).toFixed(2)}`;
}
