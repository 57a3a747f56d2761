// What the goods that a card names cost now, and whether they are there: the card itself tells of the day it was sent.
import { chooseWords } from "../Choose/words.js";
import { query } from "../api.js";
import { debounced, fill, h } from "../dom.js";
import { addWords, money, t } from "../words.js";

addWords(chooseWords);

/** How long an answer stands, in milliseconds. */
const fresh = 30_000;
/** So many of each are told at once. */
const most = 50;

/** @typedef {{sku?: string, item?: string, price: number, sold: boolean, stock: "plenty" | "few" | "none", left?: number}} Now */
/** @typedef {{element: HTMLElement, sku: string, item: string, price: number | null}} Shown */

/** @type {((skus: string[], items: string[]) => Promise<Now[]>) | null} */
let ask = null;
/** @type {Set<Shown>} */
const shown = new Set();
/** @type {Set<Shown>} */
const wanted = new Set();

/**
 * Begins to ask for goods, as long as the desk is open.
 * @param {import("../shell.js").App} app
 * @returns {() => void} ends it
 */
export function followItems(app) {
    if (!app.can("catalog.read")) return () => undefined;
    ask = async (skus, items) => (await app.api.get(`/cards${query({ sku: skus.join(","), item: items.join(",") })}`)).cards;
    const timer = setInterval(() => {
        if (document.visibilityState !== "visible") return;
        for (const one of shown) {
            if (one.element.isConnected) wanted.add(one);
            else shown.delete(one);
        }
        round();
    }, fresh);
    return () => {
        clearInterval(timer);
        round.cancel();
        ask = null;
        shown.clear();
        wanted.clear();
    };
}

/** Asks for all that waits, together. */
const round = debounced(60, async () => {
    if (!ask || wanted.size === 0) return;
    const all = [...wanted].slice(0, most);
    for (const one of all) wanted.delete(one);
    try {
        const answers = await ask(
            all.filter((one) => one.sku).map((one) => one.sku), all.filter((one) => !one.sku).map((one) => one.item));
        for (const one of all) tell(one, answers.find((now) => (one.sku ? now.sku === one.sku : now.item === one.item)));
    } catch {
        // The card stays as it was sent; the next round asks again.
    }
    if (wanted.size > 0) round();
});

/**
 * A line below a card, filled when the server answers.
 * @param {import("../../Protocol/shapes.js").Card} card
 */
export function itemNow(card) {
    if (!ask || !(card.sku || card.item)) return null;
    const one = { element: h("span", { class: "card-now", hidden: true }), sku: card.sku ?? "", item: card.item ?? "", price: card.price ?? null };
    shown.add(one);
    wanted.add(one);
    round();
    return one.element;
}

/**
 * @param {Shown} one
 * @param {Now | undefined} now
 */
function tell({ element, price }, now) {
    const [kind, text] = !now ? ["", t("card.gone")] : !now.sold ? ["", t("card.notSold")]
        : now.stock === "none" ? ["bad", t("card.none")]
            : now.stock === "few" ? ["warn", t("card.few", { n: now.left ?? 0 })] : ["good", t("card.plenty", { n: now.left ?? 0 })];
    const changed = now !== undefined && now.price !== price;
    fill(element, h("span", { class: `tag ${kind}` }, text), changed ? ` ${t("card.nowPrice", { price: money(now.price) })}` : null);
    element.classList.toggle("changed", changed || !now?.sold);
    element.hidden = false;
}
