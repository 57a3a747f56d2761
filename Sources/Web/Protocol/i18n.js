// Texts by key, Chinese and English. A catalogue is {zh: {key: text}, en: {key: text}} in a module named words.js, so
// that Scripts/words.mjs finds it. {name} in a text is filled from the arguments; {n|hour|hours} picks by number.

/** @typedef {"zh-CN"|"en"} Language */
/** @typedef {{zh: Record<string, string>, en: Record<string, string>}} Catalogue */
/** @typedef {(key: string, args?: Record<string, string|number>) => string} Translate */

/**
 * The first of the wishes that we speak; Chinese when none is.
 * @param {(string|null|undefined)[]} wishes BCP 47 tags, dearest first
 * @returns {Language}
 */
export function chooseLanguage(...wishes) {
  for (const wish of wishes) {
    if (/^zh\b/i.test(wish ?? "")) return "zh-CN";
    if (/^en\b/i.test(wish ?? "")) return "en";
  }
  return "zh-CN";
}

/**
 * @param {Record<string, string>} texts of one language
 * @param {(key: string) => string} [missing] what to say for an unknown key; tests throw here
 * @returns {Translate}
 */
export function translator(texts, missing = (key) => {
  console.error(`qinke: no text for ${key}`);
  return key;
}) {
  return (key, args = {}) => (Object.hasOwn(texts, key) ? fill(texts[key], args) : missing(key));
}

/**
 * @param {string} text
 * @param {Record<string, string|number>} args
 */
function fill(text, args) {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (hole, name, one, many) => {
    if (!(name in args)) return hole;
    if (one === undefined) return String(args[name]);
    return Number(args[name]) === 1 ? one : many;
  });
}

/**
 * The side of a two-language text that this person reads.
 * @param {import("./shapes.js").Words|null|undefined} words
 * @param {Language} language
 */
export function spoken(words, language) {
  return (language === "en" ? words?.en : words?.zh) ?? words?.zh ?? words?.en ?? "";
}
