// Quick phrases: reading, finding by shortcut, pinyin, initials or words, and filling the variables.
import { score } from "../Shell/score.js";

/** @typedef {{id: string, scope: "shop" | "personal", shortcut: string, title: string, text: string, pinyin?: string, initials?: string, uses: number, version: number}} Phrase */
/** @typedef {{buyer: string, agent: string, shop: string, order: string, time: string, date: string}} Variables */

/**
 * How well a phrase answers what was typed after `/`: the shortcut first, then initials, pinyin, title, words.
 * @param {Phrase} phrase
 * @param {string} typed in lower case, without spaces
 * @returns {number} 0 = not at all
 */
export function phraseScore(phrase, typed) {
    if (typed === "") return 1 + phrase.uses;
    const used = Math.min(50, phrase.uses) / 10;
    const shortcut = phrase.shortcut.toLowerCase();
    if (shortcut === typed) return 100_000 + used;
    if (shortcut.startsWith(typed)) return 50_000 - shortcut.length * 10 + used;
    const initials = (phrase.initials ?? "").toLowerCase();
    if (initials.startsWith(typed)) return 20_000 - initials.length * 10 + used;
    const pinyin = (phrase.pinyin ?? "").toLowerCase().replace(/\s/g, "");
    if (pinyin.startsWith(typed)) return 15_000 - pinyin.length + used;
    const title = phrase.title.toLowerCase();
    if (title.includes(typed)) return 10_000 - title.indexOf(typed) + used;
    if (initials.includes(typed)) return 8_000 + used;
    if (phrase.text.toLowerCase().includes(typed)) return 5_000 + used;
    if (pinyin.includes(typed)) return 4_000 + used;
    const loose = Math.max(score(pinyin, typed), score(title, typed), score(shortcut, typed));
    return loose > 0 ? loose + used : 0;
}

/**
 * The phrases that answer, best first.
 * @param {readonly Phrase[]} phrases
 * @param {string} typed
 * @param {number} [most]
 */
export function findPhrases(phrases, typed, most = 8) {
    const wanted = typed.toLowerCase().replace(/[\s'’]/g, "");
    return phrases
        .map((phrase) => ({ phrase, points: phraseScore(phrase, wanted) }))
        .filter((one) => one.points > 0)
        .sort((a, b) => b.points - a.points)
        .slice(0, most)
        .map((one) => one.phrase);
}

/** @type {Record<string, keyof Variables>} */
const names = {
    "买家": "buyer", buyer: "buyer", "客服": "agent", agent: "agent", "店铺": "shop", shop: "shop",
    "订单号": "order", order: "order", "时间": "time", time: "time", "日期": "date", date: "date",
};

/**
 * Fills `{买家}` `{客服}` `{店铺}` `{订单号}` `{时间}` `{日期}`, or their English names. What is not known stays, so that the agent sees the hole.
 * @param {string} text
 * @param {Variables} values
 * @returns {{text: string, hole: [number, number] | null}} `hole`: where the first unfilled variable stands
 */
export function fillVariables(text, values) {
    const filled = text.replace(/\{([^{}]+)\}/g, (whole, name) => {
        const key = names[name.trim()];
        return key && values[key] ? values[key] : whole;
    });
    const hole = /\{(买家|客服|店铺|订单号|时间|日期|buyer|agent|shop|order|time|date)\}/.exec(filled);
    return { text: filled, hole: hole ? [hole.index, hole.index + hole[0].length] : null };
}

/**
 * The order number that the buyer or a card named last: 12–22 digits.
 * @param {readonly import("../../Protocol/shapes.js").Message[]} messages
 */
export function lastOrderNumber(messages) {
    for (const message of [...messages].reverse()) {
        const text = [message.text, message.card?.title, ...(message.card?.lines ?? []).map((line) => line[1])].join(" ");
        const found = /(?<!\d)\d{12,22}(?!\d)/.exec(text);
        if (found) return found[0];
    }
    return "";
}

/** The phrases of this person and shop, read once and kept. */
export class PhraseBook {
    /** @type {Phrase[]} */
    phrases = [];
    loaded = false;
    #app;

    /** @param {import("../shell.js").App} app */
    constructor(app) {
        this.#app = app;
    }

    async load() {
        const answer = await this.#app.api.get("/phrases");
        this.phrases = answer.phrases ?? answer;
        this.loaded = true;
    }

    /** @param {Phrase} phrase */
    used(phrase) {
        phrase.uses += 1;
        this.#app.api.post(`/phrases/${phrase.id}/use`).catch(() => {
            // A lost count changes nothing for the buyer.
        });
    }

    /** @param {Partial<Phrase>} phrase */
    async save(phrase) {
        const answer = phrase.id
            ? await this.#app.api.put(`/phrases/${phrase.id}`, phrase)
            : await this.#app.api.post("/phrases", phrase);
        await this.load();
        return answer.phrase;
    }

    /** @param {Phrase} phrase */
    async remove(phrase) {
        await this.#app.api.delete(`/phrases/${phrase.id}`);
        this.phrases = this.phrases.filter((one) => one.id !== phrase.id);
    }
}
