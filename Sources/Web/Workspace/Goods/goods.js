// Goods: what the shop sells, what is wrong with its listings, and what sending costs.

import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { addWords, t } from "../words.js";
import { goodsWords } from "./words.js";

addWords(goodsWords);

/** @typedef {import("../shell.js").App} App */
/** @typedef {(room: HTMLElement, app: App, rest: string[]) => Promise<(() => void) | void>} Part */

/** @type {{name: string, icon: string, may?: string, load: () => Promise<{show: Part}>}[]} */
const parts = [
    { name: "list", icon: "bag", load: () => import("./list.js") },
    { name: "freight", icon: "parcel", load: () => import("./freight.js") },
    { name: "mistakes", icon: "alert", may: "catalog.edit", load: () => import("./mistakes.js") },
];

/**
 * @param {HTMLElement} root
 * @param {App} app
 * @returns {Promise<() => void>}
 */
export async function mount(root, app) {
    await Promise.all([
        useCSS(new URL("../Settings/settings.css", import.meta.url)),
        useCSS(new URL("../Forms/form.css", import.meta.url)),
        useCSS(new URL("./goods.css", import.meta.url)),
    ]);
    const nav = h("nav", { class: "goods-nav", "aria-label": t("goods.parts") });
    const room = h("section", { class: "set-section goods-room", "aria-labelledby": "set-title" });
    fill(root, h("div", { class: "goods" }, nav, room));
    /** @type {(() => void) | void} */
    let leave;
    let visit = 0;
    let shown = "";

    async function open() {
        const [, , wanted = "", ...rest] = app.path.split("/");
        const allowed = parts.filter((one) => !one.may || app.can(one.may));
        const part = allowed.find((one) => one.name === wanted) ?? allowed[0];
        const key = [part.name, ...rest].join("/");
        if (key === shown) return;
        const moved = shown !== "";
        shown = key;
        visit += 1;
        const mine = visit;
        leave?.();
        leave = undefined;
        fill(nav, allowed.map((one) => h("a", {
            href: one.name === "list" ? "/goods" : `/goods/${one.name}`, class: "goods-link",
            "aria-current": one.name === part.name ? "page" : null,
        }, icon(one.icon), h("span", null, t(`goods.part.${one.name}`)))));
        app.title(t(`goods.part.${part.name}`));
        fill(room, h("p", { class: "set-loading" }, t("shell.loading")));
        try {
            const { show } = await part.load();
            if (mine !== visit) return;
            const left = await show(room, app, rest);
            if (mine !== visit) left?.();
            else leave = left;
            const heading = room.querySelector("h1");
            if (moved && heading instanceof HTMLElement) heading.focus();
        } catch (problem) {
            if (mine !== visit) return;
            shown = "";
            fill(room, refusalBanner(problem));
        }
    }

    const onPath = () => void open();
    app.events.addEventListener("path", onPath);
    await open();
    return () => {
        app.events.removeEventListener("path", onPath);
        leave?.();
        visit += 1;
    };
}
