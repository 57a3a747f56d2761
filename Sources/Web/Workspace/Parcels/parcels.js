// Parcels: what is wrong with them, delay batches, tickets with carriers, and how carriers do.

import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { addWords, t } from "../words.js";
import { readNames } from "./names.js";
import { parcelWords } from "./words.js";

addWords(parcelWords);

/** @typedef {import("../shell.js").App} App */
/**
 * What a part of the page gets.
 * @typedef {object} Place
 * @property {App} app
 * @property {import("./names.js").Names} names
 * @property {string[]} rest what follows the part's name in the address
 */
/** @typedef {(room: HTMLElement, place: Place) => Promise<(() => void) | void>} Part */

/** @type {{name: string, icon: string, load: () => Promise<{show: Part}>}[]} */
const parts = [
    { name: "list", icon: "parcel", load: () => import("./list.js") },
    { name: "delays", icon: "bell", load: () => import("./delays.js") },
    { name: "tickets", icon: "note", load: () => import("./tickets.js") },
    { name: "carriers", icon: "chart", load: () => import("./carriers.js") },
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
        useCSS(new URL("./parcels.css", import.meta.url)),
    ]);
    const names = await readNames(app);
    const nav = h("nav", { class: "parcels-nav", "aria-label": t("parcels.parts") });
    const room = h("section", { class: "set-section parcels-room", "aria-labelledby": "set-title" });
    fill(root, h("div", { class: "parcels" }, nav, h("div", { class: "parcels-place" }, room)));
    /** @type {(() => void) | void} */
    let leave;
    let visit = 0;
    let shown = "";

    async function open() {
        const [, , wanted = "", ...rest] = app.path.split("/");
        const part = parts.find((one) => one.name === wanted) ?? parts[0];
        const key = [part.name, ...rest].join("/");
        if (key === shown) return;
        const moved = shown !== "";
        shown = key;
        visit += 1;
        const mine = visit;
        leave?.();
        leave = undefined;
        fill(nav, parts.map((one) => h("a", {
            href: one.name === "list" ? "/parcels" : `/parcels/${one.name}`, class: "parcels-link",
            "aria-current": one.name === part.name ? "page" : null,
        }, icon(one.icon), h("span", null, t(`parcels.part.${one.name}`)))));
        app.title(t(`parcels.part.${part.name}`));
        fill(room, h("p", { class: "set-loading" }, t("shell.loading")));
        try {
            const { show } = await part.load();
            if (mine !== visit) return;
            const left = await show(room, { app, names, rest });
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
