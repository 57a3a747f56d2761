// Beside the conversation: who the buyer is, why it came here, tags, notes, earlier conversations, search within.
import { icon } from "../../Design/icons.js";
import { debounced, fill, h, isComposing, uniqueID } from "../dom.js";
import { fullTime, pick, shortTime, t } from "../words.js";
import { markedText } from "./bubble.js";
import { gist } from "./gist.js";
import { createGoodsPanel } from "./goods-panel.js";
import { avatar, previewText } from "./inbox.js";
import { createOrdersPanel } from "./orders-panel.js";
import { createPanelTabs } from "./panel-tabs.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{jump: (number: number, text: string) => void, close: () => void, merge: () => void, insert: (text: string) => void}} acts
 */
export function createPanel(app, store, acts) {
    let id = "";
    /** @type {Map<string, any>} */
    const buyers = new Map();
    let failed = "";

    const card = h("section", { class: "panel-part buyer" });
    const short = h("section", { class: "panel-part" });
    const why = h("section", { class: "panel-part" });
    const tags = h("section", { class: "panel-part" });
    const notes = h("section", { class: "panel-part" });
    const past = h("section", { class: "panel-part" });
    const search = makeSearch();
    const goods = app.can("catalog.read") ? createGoodsPanel(app, store, acts) : null;
    const orders = app.can("order.read") ? createOrdersPanel(app, store) : null;
    const tabs = createPanelTabs([
        { name: "buyer", element: h("div", null, card, short, why, tags, notes, past, search.element) },
        ...(orders ? [{ name: "orders", ...orders }] : []),
        ...(goods ? [{ name: "goods", ...goods }] : []),
    ]);
    const element = h("aside", { class: "panel", "aria-label": t("desk.panel") },
        h("div", { class: "panel-close" }, h("button", {
            type: "button", class: "button quiet icon", "aria-label": t("desk.panelClose"), onclick: acts.close,
        }, icon("close"))),
        tabs.element);

    const summary = () => store.summaries.get(id) ?? null;

    /**
     * @param {string} title
     * @param {string} symbol
     * @param {Node | null} [tool]
     */
    function head(title, symbol, tool = null) {
        return h("div", { class: "panel-head" }, h("h3", null, icon(symbol), title), tool);
    }

    async function loadBuyer() {
        const now = summary();
        if (!now) return;
        const buyer = now.buyer.id;
        failed = "";
        try {
            buyers.set(buyer, await app.api.get(`/buyers/${encodeURIComponent(buyer)}`));
        } catch (problem) {
            failed = /** @type {any} */ (problem)?.message ?? "";
        }
        if (summary()?.buyer.id === buyer) draw();
    }

    function drawCard() {
        const now = summary();
        if (!now) return;
        const known = buyers.get(now.buyer.id)?.buyer ?? now.buyer;
        const row = /** @param {string} name @param {unknown} value */ (name, value) =>
            (value ? h("div", null, h("dt", null, name), h("dd", null, String(value))) : null);
        fill(card,
            h("div", { class: "buyer-head" }, avatar(now.buyer, "large"),
                h("div", null, h("h2", { class: "buyer-name" }, now.buyer.name || t("desk.noName")),
                    h("p", { class: "buyer-kind" }, now.buyer.verified
                        ? h("span", { class: "tag good" }, icon("check"), t("desk.verified"))
                        : h("span", { class: "tag" }, t("desk.anonymous"))))),
            h("dl", { class: "card-lines" },
                row(t("desk.contact"), known.contact),
                row(t("desk.channel"), t(`desk.channel.${now.channel}`)),
                row(t("desk.since"), known.since ? fullTime(known.since) : ""),
                Object.entries(known.attributes ?? {}).map(([name, value]) => row(name, value))),
            failed ? h("p", { class: "panel-failed" }, failed) : null);
    }

    let told = "";
    /** Three lines for who comes back; they change with every message. */
    function drawShort() {
        const held = store.held.get(id);
        const lines = held ? gist(held.state.messages, held.notes, summary()?.snoozeNote) : [];
        const key = JSON.stringify([id, lines]);
        if (key === told) return;
        told = key;
        short.hidden = lines.length === 0;
        fill(short, head(t("desk.gist"), "bolt"), h("dl", { class: "gist" },
            lines.map((line) => h("div", null, h("dt", null, t(`desk.gist.${line.code}`)), h("dd", null, line.text)))));
    }

    function drawWhy() {
        const now = summary();
        const reason = now?.assignment;
        why.hidden = !reason;
        if (!reason) return;
        fill(why, head(t("desk.whyHere"), "info"),
            h("p", { class: "panel-text" }, pick(reason.why) || t("desk.whyUnknown"), " ",
                h("time", { class: "panel-soft" }, shortTime(reason.at))));
    }

    function drawTags() {
        const now = summary();
        if (!now) return;
        const input = h("input", {
            class: "tag-input", "aria-label": t("desk.tagAdd"), placeholder: t("desk.tagAdd"), maxlength: 20,
            onkeydown: /** @param {KeyboardEvent} event */ (event) => {
                if (event.key !== "Enter" || isComposing(event)) return;
                event.preventDefault();
                const text = input.value.trim();
                if (text) void changeTags({ add: [text] });
            },
        });
        const focused = tags.contains(document.activeElement) && document.activeElement?.tagName === "INPUT";
        fill(tags, head(t("desk.tags"), "tag"),
            h("div", { class: "tag-row" }, now.tags.map((tag) => h("span", { class: "tag brand" }, tag,
                h("button", {
                    type: "button", class: "tag-remove", "aria-label": t("desk.tagRemove", { tag }),
                    onclick: () => changeTags({ remove: [tag] }),
                }, icon("close")))), input));
        if (focused) input.focus();
    }

    /** @param {{add?: string[], remove?: string[]}} what */
    async function changeTags(what) {
        try {
            await app.connection?.command({ type: "tag", conversation: id, ...what });
        } catch (problem) {
            app.fail(problem);
        }
    }

    function drawNotes() {
        const held = store.held.get(id);
        const text = h("textarea", {
            class: "input note-input", rows: 2, placeholder: t("desk.noteNew"), "aria-label": t("desk.noteNew"), maxlength: 500,
            onkeydown: /** @param {KeyboardEvent} event */ (event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !isComposing(event)) void pinIt();
            },
        });
        const own = uniqueID("scope");
        const scope = h("input", { type: "checkbox", id: own });
        const pinIt = async () => {
            if (!text.value.trim()) return;
            try {
                await app.connection?.command({
                    type: "pin", conversation: id, text: text.value.trim(), scope: scope.checked ? "self" : "customer",
                });
                text.value = "";
            } catch (problem) {
                app.fail(problem);
            }
        };
        if (notes.contains(document.activeElement)) {
            // Somebody writes a note: only the list above it changes.
            const list = notes.querySelector("ul");
            if (list) fill(list, noteRows(held?.notes ?? []));
            return;
        }
        fill(notes, head(t("desk.notes"), "pin"),
            h("ul", { class: "note-list", role: "list" }, noteRows(held?.notes ?? [])),
            h("div", { class: "note-form" }, text, h("div", { class: "note-bar" },
                h("label", { htmlFor: own }, scope, t("desk.noteSelf")),
                h("button", { type: "button", class: "button small", onclick: pinIt }, t("desk.notePin")))));
    }

    /** @param {import("./open-chat.js").Note[]} list */
    function noteRows(list) {
        if (list.length === 0) return [h("li", { class: "panel-soft" }, t("desk.notesNone"))];
        return list.map((note) => h("li", { class: `note-row ${note.scope}` },
            h("p", null, note.text),
            h("p", { class: "panel-soft" }, note.scope === "self" ? t("desk.noteOnlyMe") : note.author?.name ?? "", " ",
                shortTime(note.at),
                note.number && (note.conversation ?? id) === id ? h("button", {
                    type: "button", class: "link-button", onclick: () => acts.jump(/** @type {number} */ (note.number), ""),
                }, t("desk.noteSource")) : null),
            h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("desk.noteUnpin"),
                onclick: async () => {
                    try {
                        const conversation = id;
                        await app.connection?.command({ type: "unpin", conversation, note: note.id });
                        app.toast({
                            text: t("desk.noteUnpinned"),
                            action: {
                                label: t("desk.takeBack"),
                                run: () => app.connection?.command({
                                    type: "pin", conversation, text: note.text, scope: note.scope, ...(note.number ? { number: note.number } : {}),
                                }).catch(app.fail),
                            },
                        });
                    } catch (problem) {
                        app.fail(problem);
                    }
                },
            }, icon("close"))));
    }

    function drawPast() {
        const now = summary();
        if (!now) return;
        /** @type {Summary[]} */
        const others = (buyers.get(now.buyer.id)?.conversations ?? []).filter((/** @type {Summary} */ one) => one.id !== id);
        const alive = others.some((one) => !one.mergedInto);
        fill(past, head(t("desk.history"), "history", alive ? h("button", {
            type: "button", class: "button quiet small", onclick: acts.merge,
        }, icon("merge"), t("desk.merge")) : null),
        others.length === 0 ? h("p", { class: "panel-soft" }, t("desk.historyNone")) : h("ul", { class: "past-list", role: "list" },
            others.map((one) => h("li", null, h("a", { class: "past-row", href: `/desk/${one.id}` },
                h("span", { class: "past-head" },
                    h("span", { class: `tag ${one.state === "closed" ? "" : "brand"}` }, t(`desk.state.${one.state}`)),
                    h("time", null, shortTime(one.openedAt))),
                h("span", { class: "past-text" }, previewText(one.preview)))))));
    }

    function makeSearch() {
        const results = h("ul", { class: "past-list", role: "list", "aria-live": "polite" });
        const run = debounced(250, async (/** @type {string} */ text) => {
            const mine = id;
            if (!text) {
                fill(results);
                acts.jump(0, "");
                return;
            }
            try {
                const buyer = summary()?.buyer.id ?? "";
                const answer = await app.api.get(`/search?q=${encodeURIComponent(text)}&buyer=${encodeURIComponent(buyer)}`);
                if (mine !== id || input.value.trim() !== text) return;
                const hits = (answer.hits ?? []).filter((/** @type {any} */ hit) => hit.conversation.id === mine);
                fill(results, hits.length === 0 ? h("li", { class: "panel-soft" }, t("desk.searchNone"))
                    : hits.map((/** @type {any} */ hit) => h("li", null, h("button", {
                        type: "button", class: "past-row", onclick: () => acts.jump(hit.message.number, firstMark(hit) || text),
                    }, h("span", { class: "past-head" }, h("span", null, hit.message.author.name), h("time", null, shortTime(hit.message.at))),
                    h("span", { class: "past-text" }, markedText(hit.message.text ?? "", hit.marks ?? []))))));
            } catch (problem) {
                app.fail(problem);
            }
        });
        const input = h("input", {
            class: "input", type: "search", placeholder: t("desk.searchHere"), "aria-label": t("desk.searchHere"),
            oninput: () => run(input.value.trim()),
        });
        return {
            element: h("section", { class: "panel-part" }, h("div", { class: "panel-head" }, h("h3", null, icon("search"), t("desk.searchWithin"))),
                input, results),
            clear() {
                input.value = "";
                fill(results);
            },
            focus: () => input.focus(),
        };
    }

    let shown = "";
    function draw() {
        const now = summary();
        if (!now) return;
        const held = store.held.get(id);
        drawShort();
        const key = JSON.stringify([id, now.tags, now.assignment, now.buyer, held?.notes, failed, buyers.has(now.buyer.id), buyers.get(now.buyer.id)?.conversations?.length]);
        if (key === shown) return;
        shown = key;
        drawCard();
        drawWhy();
        drawTags();
        drawNotes();
        drawPast();
    }
    const stop = store.on("conversation", (detail) => {
        if (detail.id === id) draw();
    });

    return {
        element,
        /** @param {string} next */
        show(next) {
            id = next;
            shown = "";
            search.clear();
            draw();
            void loadBuyer();
            tabs.show(next);
        },
        focusSearch() {
            tabs.choose("buyer");
            search.focus();
        },
        focusTags() {
            tabs.choose("buyer");
            /** @type {HTMLElement | null} */ (tags.querySelector("input"))?.focus();
        },
        others: () => /** @type {Summary[]} */ ((buyers.get(summary()?.buyer.id ?? "")?.conversations ?? []))
            .filter((one) => one.id !== id && !one.mergedInto),
        close() {
            goods?.close();
            stop();
            orders?.close();
        },
    };
}

/**
 * The words of a hit that the search found first.
 * @param {{message: {text?: string | null}, marks?: [number, number][]}} hit
 */
function firstMark(hit) {
    const mark = hit.marks?.[0];
    return mark ? (hit.message.text ?? "").slice(mark[0], mark[0] + mark[1]) : "";
}
