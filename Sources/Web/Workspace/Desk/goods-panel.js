// Beside the conversation: finds goods, shows them, helps to choose, and sends them as cards.
import { newKey } from "../../Protocol/keys.js";
import { icon } from "../../Design/icons.js";
import { createChooser } from "../Choose/choose.js";
import { query } from "../api.js";
import { debounced, fill, h, isComposing, useCSS } from "../dom.js";
import { itemParts, picture, reportMistake, stateTag } from "../Goods/sheet.js";
import { goodsWords } from "../Goods/words.js";
import { addWords, money, t } from "../words.js";

addWords(goodsWords);

/** @typedef {import("../Goods/sheet.js").Item} Item */
/** @typedef {import("../Goods/sheet.js").SKU} SKU */

/** @param {"good" | "warn" | "bad" | ""} kind @param {string} text */
const tag = (kind, text) => h("span", { class: `tag ${kind}` }, text);

/**
 * The card of an item or one of its variants, with price and state as of now.
 * @param {Item} item
 * @param {SKU | null} [sku]
 */
export function cardOf(item, sku = null) {
    const price = sku?.price ?? item.priceFrom;
    const image = /^\d+$/.test(item.image) ? `/v1/uploads/${item.image}/thumbnail` : item.image;
    return {
        kind: "product", title: item.title, item: item.id, ...(sku ? { sku: sku.id } : {}),
        ...(typeof price === "number" ? { price } : {}),
        ...(image.startsWith("/") ? { image } : {}),
        lines: [
            ...(sku?.name ? [[t("goods.line.variant"), sku.name]] : []),
            [t("goods.line.state"), t(`goods.state.${item.state}`)],
            [t("goods.line.number"), item.number],
        ],
    };
}

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{sent?: () => void, insert: (text: string) => void}} acts
 */
export function createGoodsPanel(app, store, acts) {
    void useCSS(new URL("../Goods/goods.css", import.meta.url));
    void useCSS(new URL("../Settings/settings.css", import.meta.url));
    const chooser = createChooser(app, acts);
    let id = "";
    let asked = 0;
    let chosen = 0;
    /** @type {Item[]} */
    let found = [];
    const place = h("div", { "aria-live": "polite" });
    const input = h("input", {
        class: "input", type: "search", placeholder: t("goods.panelSearch"), "aria-label": t("goods.panelSearch"), autocomplete: "off",
        oninput: () => find(input.value.trim()),
        onkeydown: /** @param {KeyboardEvent} event */ (event) => {
            if (isComposing(event)) return;
            const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (step && found.length) {
                event.preventDefault();
                chosen = (chosen + step + found.length) % found.length;
                drawFound();
            } else if (event.key === "Enter" && found[chosen]) {
                event.preventDefault();
                void send(found[chosen]);
            }
        },
    });
    const element = h("section", { class: "panel-part goods-panel" },
        h("div", { class: "panel-head" }, h("h3", null, icon("bag"), t("goods.panelTitle")),
            h("button", { type: "button", class: "button quiet small", onclick: () => drawChoose() }, t("goods.choose"))),
        input, place);

    const find = debounced(200, (/** @type {string} */ text) => void read(text));

    /** @param {string} text */
    async function read(text) {
        asked += 1;
        const mine = asked;
        try {
            const page = await app.api.get(`/items${query({ q: text, state: text ? "" : "onShelf", limit: 20 })}`);
            if (mine !== asked) return;
            found = page.items;
            chosen = 0;
            drawFound();
        } catch (problem) {
            app.fail(problem);
        }
    }

    function drawFound() {
        fill(place, found.length === 0 ? h("p", { class: "panel-soft" }, input.value ? t("goods.nothingFound") : t("goods.empty"))
            : h("ul", { class: "goods-rows", role: "list" }, found.map((item, index) => h("li", null,
                h("button", {
                    type: "button", class: "goods-row", "aria-selected": String(index === chosen), onclick: () => void open(item.id),
                }, picture(item), h("span", { class: "goods-what" }, h("strong", null, item.title), h("span", { class: "set-under" }, item.number), stateTag(item, tag)),
                h("span", { class: "goods-price" }, typeof item.priceFrom === "number" ? money(item.priceFrom) : "–"))))));
    }

    /**
     * Sends the card through the outbox, as everything that is said.
     * @param {Item} item
     * @param {SKU | null} [sku]
     */
    async function send(item, sku = null) {
        if (!id) return;
        try {
            const { item: now } = await app.api.get(`/items/${item.id}`);
            const variant = sku ? now.skus.find((/** @type {SKU} */ one) => one.id === sku.id) ?? null : null;
            await app.connection?.outbox.add(
                { type: "say", key: newKey(), conversation: id, kind: "card", card: cardOf(now, variant) }, { lane: id });
            app.toast({ text: t("goods.sent") });
            acts.sent?.();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** @param {string} wanted */
    async function open(wanted) {
        try {
            /** @type {{item: Item}} */
            const { item } = await app.api.get(`/items/${wanted}`);
            const told = h("p", { class: "set-under", role: "status" });
            const region = h("input", { class: "input", type: "text", placeholder: t("goods.freightAsk"), "aria-label": t("goods.freightAsk"), maxlength: 30 });
            const quote = async () => {
                if (!region.value.trim()) return;
                try {
                    const answer = await app.api.get(`/items/${item.id}/freight${query({ region: region.value.trim(), amount: 1, value: item.priceFrom })}`);
                    told.textContent = [
                        t("goods.freightTo", { region: region.value.trim(), fee: answer.fee ? money(answer.fee) : t("goods.freightNone") }),
                        answer.toFree ? t("goods.freightMore", { rest: money(answer.toFree) }) : "",
                    ].filter(Boolean).join(" · ");
                } catch (problem) {
                    told.textContent = /** @type {any} */ (problem)?.message ?? "";
                }
            };
            region.addEventListener("keydown", (event) => {
                if (event.key === "Enter" && !isComposing(event)) void quote();
            });
            fill(place, h("div", { class: "goods-sheet" },
                h("div", { class: "goods-buttons" },
                    h("button", { type: "button", class: "button small", onclick: drawFound }, t("goods.back")),
                    h("button", { type: "button", class: "button primary small", onclick: () => send(item) }, icon("send"), t("goods.send")),
                    h("button", { type: "button", class: "button quiet small", onclick: () => reportMistake(app, item).catch(app.fail) }, t("goods.report"))),
                h("div", { class: "goods-head" }, picture(item), h("div", null, h("strong", null, item.title),
                    h("p", null, stateTag(item, tag), " ", h("span", { class: "set-under" }, t("goods.number", { number: item.number }))))),
                itemParts(item, (sku) => (sku.active ? h("button", {
                    type: "button", class: "button quiet icon small", "aria-label": t("goods.sendVariant", { name: sku.name || t("goods.only") }),
                    onclick: () => send(item, sku),
                }, icon("send")) : null)),
                h("section", { class: "goods-part" }, region, told)));
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** Asks what the buyer wants, and proposes two or three variants with reasons. */
    function drawChoose() {
        fill(place, h("div", { class: "goods-buttons" },
            h("button", { type: "button", class: "button small", onclick: drawFound }, t("goods.back"))), chooser.element);
        chooser.focus();
    }

    return {
        element,
        /** @param {string} conversation */
        show(conversation) {
            id = conversation;
            chooser.show(conversation);
            if (found.length === 0) void read(input.value.trim());
        },
        close() {
            asked += 1;
        },
    };
}
