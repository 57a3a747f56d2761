// Texts by key from a catalogue, Chinese and English. A catalogue is a flat object: a text, or a text per plural
// form ({"one": …, "other": …}); {name} in a text is filled from the arguments.

/** @typedef {"zh-CN"|"en"} Language */
/** @typedef {Record<string, string|Record<string, string>>} Catalogue */
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
 * @param {Catalogue} catalogue
 * @param {Language} language
 * @param {(key: string) => string} [missing] what to say for an unknown key; tests throw here
 * @returns {Translate}
 */
export function translator(catalogue, language, missing = (key) => {
  console.error(`qinke: no text for ${key}`);
  return key;
}) {
  const plural = new Intl.PluralRules(language);
  return (key, args = {}) => {
    let text = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
    if (typeof text === "object") {
      const count = Number(args.count ?? args.n ?? Object.values(args)[0]);
      text = text[plural.select(count)] ?? text.other;
    }
    if (text === undefined) return missing(key);
    return text.replace(/\{(\w+)\}/g, (hole, name) => (name in args ? String(args[name]) : hole));
  };
}

/**
 * The side of a two-language text that this person reads.
 * @param {import("./shapes.js").Words|null|undefined} words
 * @param {Language} language
 */
export function spoken(words, language) {
  return (language === "en" ? words?.en : words?.zh) ?? words?.zh ?? words?.en ?? "";
}

/**
 * What differs between two catalogues: keys in one only, and texts whose {holes} differ. Empty = complete.
 * @param {Catalogue} a
 * @param {Catalogue} b
 */
export function catalogueDifferences(a, b) {
  /** @param {Catalogue[string]|undefined} text */
  const holes = (text) => {
    const whole = typeof text === "object" ? text.other : text;
    return [...(whole ?? "").matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
  };
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !(key in a) || !(key in b) || holes(a[key]) !== holes(b[key]));
}

/**
 * @param {string} url of a JSON catalogue
 * @returns {Promise<Catalogue>}
 */
export async function loadCatalogue(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`catalogue ${url}: ${answer.status}`);
  return answer.json();
}
