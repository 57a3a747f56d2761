// Which of the shop's phrases may answer what a buyer has just asked (domain A18). Words in common count, and the rarer
// among the phrases they are, the more; nothing is offered on a weak likeness.

/** @typedef {import("./phrases.js").Phrase} Phrase */

/** Pairs of Chinese letters that say nothing by themselves. */
const empty = new Set(["您好", "你好", "请问", "可以", "一下", "我们", "这个", "那个", "有没", "没有", "是不", "不是", "能不", "不能", "怎么", "什么", "多少", "吗？"]);

/**
 * @param {string} text
 * @returns {Set<string>} pairs of Chinese letters, and words of other scripts
 */
export function terms(text) {
    /** @type {Set<string>} */
    const found = new Set();
    for (const [run] of text.toLowerCase().matchAll(/\p{Script=Han}+|[\p{Script=Latin}\p{N}]{3,}/gu)) {
        if (!/\p{Script=Han}/u.test(run)) found.add(run);
        else for (let at = 0; at + 1 < run.length; at += 1) found.add(run.slice(at, at + 2));
    }
    for (const word of empty) found.delete(word);
    return found;
}

/**
 * @param {readonly Phrase[]} phrases
 * @param {string} asked the buyer's unanswered words
 * @param {number} [most]
 * @returns {Phrase[]} best first, often none
 */
export function nextReplies(phrases, asked, most = 2) {
    const wanted = terms(asked);
    if (wanted.size === 0) return [];
    const known = phrases.map((phrase) => ({ phrase, title: terms(phrase.title), text: terms(phrase.text) }));
    const rarity = /** @param {string} term */ (term) =>
        Math.log((1 + known.length) / (1 + known.filter(({ title, text }) => title.has(term) || text.has(term)).length));
    const points = new Map([...wanted].map((term) => [term, rarity(term)]));
    return known.map(({ phrase, title, text }) => {
        let sum = 0;
        let hits = 0;
        for (const [term, worth] of points) {
            const weight = title.has(term) ? 3 : text.has(term) ? 1 : 0;
            sum += weight * worth;
            hits += weight;
        }
        return { phrase, sum, hits };
    }).filter((one) => one.hits >= 2 && one.sum > 0)
        .sort((a, b) => b.sum - a.sum || b.phrase.uses - a.phrase.uses)
        .slice(0, most).map((one) => one.phrase);
}
