// The goods: by category and state, found by title, number, code and pinyin initials.

import { icon } from "../../Design/icons.js";
import { query } from "../api.js";
import { debounced, fill, h } from "../dom.js";
import { money, t } from "../words.js";
import { emptyState, filterSelect, mainButton, searchField, sectionHead, tag } from "../Settings/page.js";
import { editCategory, editItem } from "./edit.js";
import { openItem, picture, stateTag } from "./sheet.js";

/** @typedef {import("./sheet.js").Item} Item */
/** @typedef {{id: string, parent: string | null, name: string, kind: string, sort: number}} Category */

/** @type {import("./goods.js").Part} */
export async function show(room, app, rest) {
    const mayEdit = app.can("catalog.edit");
    const wanted = { q: "", category: "", state: "" };
    /** @type {Item[]} */
    let items = [];
    /** @type {string | null} */
    let next = null;
    /** @type {Category[]} */
    let categories = [];
    /** @type {{code: string, name: {zh: string, en: string}}[]} */
    let kinds = [];
    let asked = 0;
    const shelves = h("nav", { class: "goods-shelves", "aria-label": t("goods.categories") });
    const list = h("div", { class: "goods-list" });
    const more = h("div", { class: "set-load" });
    const counted = h("p", { class: "set-counted", role: "status" });

    async function readCategories() {
        const answer = await app.api.get("/categories");
        categories = answer.categories;
        kinds = answer.kinds;
    }

    async function load(again = true) {
        asked += 1;
        const mine = asked;
        try {
            const page = await app.api.get(`/items${query({ ...wanted, before: again ? "" : next, limit: 50 })}`);
            if (mine !== asked) return;
            items = again ? page.items : [...items, ...page.items];
            next = page.next ?? null;
            draw();
        } catch (problem) {
            app.fail(problem);
        }
    }

    function drawShelves() {
        const choose = /** @param {string} id */ (id) => {
            wanted.category = id;
            drawShelves();
            void load();
        };
        const row = /** @param {string} id @param {string} name @param {number} depth */ (id, name, depth) => h("li", null,
            h("button", {
                type: "button", class: `goods-shelf depth-${depth}`, "aria-pressed": String(wanted.category === id),
                onclick: () => choose(id),
            }, name),
            id && mayEdit ? h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("goods.categoryEdit", { name }),
                onclick: async () => {
                    const category = categories.find((one) => one.id === id);
                    if (category && await editCategory(app, category, categories, kinds)) {
                        await readCategories();
                        drawShelves();
                    }
                },
            }, icon("edit")) : null);
        fill(shelves, h("ul", { role: "list" }, row("", t("goods.all"), 0),
            ordered(categories).map(([category, depth]) => row(category.id, category.name, depth))));
    }

    function draw() {
        counted.textContent = t("goods.counted", { n: items.length });
        fill(list, items.length ? h("ul", { class: "goods-rows", role: "list" }, items.map(row))
            : emptyState(t(wanted.q || wanted.category || wanted.state ? "goods.nothingFound" : "goods.empty")));
        fill(more, next ? h("button", { type: "button", class: "button", onclick: () => load(false) }, t("goods.more")) : null);
    }

    /** @param {Item} item */
    function row(item) {
        return h("li", null, h("button", {
            type: "button", class: "goods-row", onclick: () => open(item.id),
        },
        picture(item),
        h("span", { class: "goods-what" }, h("strong", null, item.title),
            h("span", { class: "set-under" }, t("goods.number", { number: item.number }), " · ",
                t("goods.variantsCount", { n: item.skus.filter((sku) => sku.active).length }))),
        stateTag(item, tag),
        h("span", { class: "goods-price" }, typeof item.priceFrom === "number" ? t("goods.from", { price: money(item.priceFrom) }) : "–")));
    }

    /** @param {string} id */
    async function open(id) {
        try {
            if (await openItem(app, id, { edit: mayEdit ? (item) => editItem(app, item, categories) : null })) await load();
        } catch (problem) {
            app.fail(problem);
        }
    }

    const search = debounced(200, (/** @type {string} */ text) => {
        wanted.q = text;
        void load();
    });
    await readCategories();
    fill(room,
        sectionHead(t("goods.title"), t("goods.lead"),
            mayEdit ? [
                h("button", {
                    type: "button", class: "button", onclick: async () => {
                        if (await editCategory(app, null, categories, kinds)) {
                            await readCategories();
                            drawShelves();
                        }
                    },
                }, icon("plus"), t("goods.categoryAdd")),
                mainButton(t("goods.add"), "plus", async () => {
                    if (await editItem(app, null, categories)) await load();
                }),
            ] : null),
        h("div", { class: "set-filters" }, searchField(t("goods.search"), (text) => search(text)),
            filterSelect(t("goods.anyState"), ["onShelf", "offShelf", "soldOut"].map((value) =>
                ({ value, label: t(`goods.state.${value}`) })), (value) => {
                wanted.state = value;
                void load();
            })),
        h("div", { class: "goods-halves" }, shelves, h("div", null, counted, list, more)));
    drawShelves();
    await load();
    if (/^\d+$/.test(rest[0] ?? "")) void open(rest[0]);
}

/**
 * Categories in the order of the tree, each with its depth.
 * @param {Category[]} all
 * @param {string | null} [parent]
 * @param {number} [depth]
 * @returns {[Category, number][]}
 */
export function ordered(all, parent = null, depth = 0) {
    if (depth > 3) return [];
    return all.filter((one) => (one.parent ?? null) === parent)
        .flatMap((one) => [/** @type {[Category, number]} */ ([one, depth]), ...ordered(all, one.id, depth + 1)]);
}
