// What an item that a card names costs now, and whether it is on sale: the card itself tells of the day it was sent.
import { h } from "../dom.js";
import { money, t } from "../words.js";

/** How long an answer stands, in milliseconds. */
const fresh = 30_000;

/** @type {((id: string) => Promise<any>) | null} */
let ask = null;
/** @type {Map<string, {at: number, item: Promise<any>}>} */
const known = new Map();
/** @type {Set<{element: HTMLElement, id: string, price: number | null, variant: string}>} */
const shown = new Set();

/**
 * Begins to ask for items, as long as the desk is open.
 * @param {import("../shell.js").App} app
 * @returns {() => void} ends it
 */
export function followItems(app) {
    if (!app.can("catalog.read")) return () => undefined;
    ask = async (id) => (await app.api.get(`/items/${encodeURIComponent(id)}`)).item;
    const timer = setInterval(() => {
        for (const one of shown) {
            if (one.element.isConnected) void tell(one);
            else shown.delete(one);
        }
    }, fresh);
    return () => {
        clearInterval(timer);
        ask = null;
        known.clear();
        shown.clear();
    };
}

/**
 * A line below a card, filled when the server answers.
 * @param {import("../../Protocol/shapes.js").Card} card
 */
export function itemNow(card) {
    if (!ask || !card.item) return null;
    const variant = card.lines?.find(([name]) => name === t("goods.line.variant"))?.[1] ?? "";
    const one = { element: h("span", { class: "card-now", hidden: true }), id: card.item, price: card.price ?? null, variant };
    shown.add(one);
    void tell(one);
    return one.element;
}

/** @param {{element: HTMLElement, id: string, price: number | null, variant: string}} one */
async function tell(one) {
    if (!ask) return;
    let answer = known.get(one.id);
    if (!answer || Date.now() - answer.at >= fresh) {
        answer = { at: Date.now(), item: ask(one.id) };
        known.set(one.id, answer);
    }
    try {
        const item = await answer.item;
        const sku = one.variant ? item.skus.find((/** @type {any} */ each) => each.name === one.variant) : null;
        const price = sku?.price ?? item.priceFrom ?? null;
        const sold = sku && !sku.active && item.state === "onShelf" ? t("goods.notOffered") : t(`goods.state.${item.state}`);
        one.element.textContent = t("goods.now", { price: price === null ? "–" : money(price), state: sold });
        one.element.classList.toggle("changed", price !== one.price || item.state !== "onShelf" || sku?.active === false);
        one.element.hidden = false;
    } catch (problem) {
        if (/** @type {any} */ (problem)?.code !== "item.unknown") return;
        one.element.textContent = t("goods.gone");
        one.element.classList.add("changed");
        one.element.hidden = false;
    }
}
