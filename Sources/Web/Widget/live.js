// What is true now of the goods on a card: price and stock. Loaded with the first card that shows a variant of the shop's.

import { fill, h } from "./dom.js";
import { price } from "./log.js";

/** @typedef {{sku?: string, item?: string, price: number, sold: boolean, stock: "plenty"|"few"|"none"}} Now */
/** @typedef {{place: HTMLElement, sent: number|null|undefined, context: {session: import("./session.js").BuyerSession, language?: import("../Protocol/i18n.js").Language}}} Place */

const texts = {
  "zh-CN": { plenty: "有货", few: "库存紧张", none: "暂时缺货", over: "已下架", now: "现价 " },
  en: { plenty: "In stock", few: "Only a few left", none: "Out of stock", over: "No longer sold", now: "Now " },
};
/** How old what is shown may grow, ms. */
const again = 60_000;
/** So many the server answers at once. */
const most = 50;

/** @type {Map<string, Place[]>} */
const places = new Map();
/** @type {Set<string>} */
const wanted = new Set();
/** @type {ReturnType<typeof setTimeout>|undefined} */
let timer;

/**
 * @param {HTMLElement} place
 * @param {import("../Protocol/shapes.js").Card} card
 * @param {Place["context"]} context
 */
export function live(place, card, context) {
  const name = card.sku ? `sku ${card.sku}` : `item ${card.item}`;
  places.set(name, [...places.get(name) ?? [], { place, sent: card.price, context }]);
  wanted.add(name);
  clearTimeout(timer);
  timer = setTimeout(ask, 60);
}

async function ask() {
  const names = [...wanted].slice(0, most);
  for (const name of names) wanted.delete(name);
  const first = names.length > 0 ? places.get(names[0])?.[0] : null;
  const ids = (/** @type {string} */ kind) => names.flatMap((name) => (name.startsWith(`${kind} `) ? [name.slice(kind.length + 1)] : [])).join(",");
  try {
    if (first) {
      /** @type {Now[]} */
      const found = (await first.context.session.calls.ask("GET", `/v1/cards?sku=${ids("sku")}&item=${ids("item")}`)).cards;
      for (const now of found) places.get(now.sku ? `sku ${now.sku}` : `item ${now.item}`)?.forEach((one) => draw(one, now));
    }
  } catch {
    // The card stays as it was sent; the next round asks again.
  }
  timer = setTimeout(wanted.size > 0 ? ask : round, wanted.size > 0 ? 60 : again);
}

/** Asks again for what is still in the page, while somebody looks. */
function round() {
  for (const [name, all] of places) {
    const here = all.filter(({ place }) => place.isConnected);
    if (here.length > 0) places.set(name, here);
    else places.delete(name);
    if (here.length > 0 && document.visibilityState === "visible") wanted.add(name);
  }
  timer = places.size > 0 ? setTimeout(ask, 0) : undefined;
}

/**
 * @param {Place} one
 * @param {Now} now
 */
function draw({ place, sent, context }, now) {
  const words = texts[context.language ?? "zh-CN"];
  fill(place, h("span", {}, h("span", {}, words[now.sold ? now.stock : "over"]),
    now.price === sent ? null : h("span", { class: "card-price" }, words.now + price(now.price))));
  place.hidden = false;
}
