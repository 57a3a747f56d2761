// The settings: a list of sections beside one section, each a module of its own, opened by its address.

import { icon } from "../../Design/icons.js";
import { fill, h, useCSS } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { addWords, t } from "../words.js";
import { settingsWords } from "./words.js";
import { auditWords } from "./audit-words.js";

addWords(settingsWords);
addWords(auditWords);

/** @typedef {import("../shell.js").App} App */
/** @typedef {(root: HTMLElement, app: App) => Promise<(() => void) | void>} Section */
/**
 * @typedef {object} Entry
 * @property {string} name the last part of the address, and the key of the title
 * @property {string} icon
 * @property {string} group
 * @property {(app: App) => boolean} [may] absent = everybody
 * @property {() => Promise<{show: Section}>} load
 */

/** @type {Entry[]} */
const sections = [
    { name: "account", icon: "user", group: "me", load: () => import("./account.js") },
    { name: "sessions", icon: "lock", group: "me", load: () => import("./sessions.js") },
    {
        name: "phrases", icon: "bolt", group: "me", load: () => import("./phrases.js"),
        may: (app) => app.can("phrases.use"),
    },
    {
        name: "staff", icon: "users", group: "team", load: () => import("./staff.js"),
        may: (app) => app.can("staff.read"),
    },
    {
        name: "groups", icon: "tag", group: "team", load: () => import("./groups.js"),
        may: (app) => app.can("staff.read"),
    },
    {
        name: "permissions", icon: "shield", group: "team", load: () => import("./permissions.js"),
        may: (app) => app.can("staff.read"),
    },
    {
        name: "shop", icon: "bag", group: "shop", load: () => import("./shop.js"),
        may: (app) => app.can("shop.edit"),
    },
    {
        name: "look", icon: "chat", group: "shop", load: () => import("./look.js"),
        may: (app) => app.can("shop.edit"),
    },
    { name: "policy", icon: "clock", group: "shop", load: () => import("./policy.js") },
    {
        name: "tokens", icon: "link", group: "system", load: () => import("./tokens.js"),
        may: (app) => app.can("tokens.manage"),
    },
    {
        name: "audit", icon: "history", group: "system", load: () => import("./audit.js"),
        may: (app) => app.can("audit.read"),
    },
];

/**
 * @param {HTMLElement} root
 * @param {App} app
 * @returns {Promise<() => void>}
 */
export async function mount(root, app) {
    await Promise.all([
        useCSS(new URL("./settings.css", import.meta.url)),
        useCSS(new URL("../Forms/form.css", import.meta.url)),
    ]);
    const allowed = sections.filter((section) => section.may?.(app) ?? true);
    const nav = h("nav", { class: "set-nav", "aria-label": t("set.sections") });
    const place = h("div", { class: "set-place" });
    fill(root, h("div", { class: "set" }, nav, place));

    /** @type {(() => void) | void} */
    let leave;
    let visit = 0;
    let shown = "";

    function drawNav() {
        const groups = [...new Set(allowed.map((section) => section.group))];
        fill(nav, groups.map((group) => h("div", { class: "set-nav-group" },
            h("h2", { id: `set-nav-${group}` }, t(`set.group.${group}`)),
            h("ul", { role: "list", "aria-labelledby": `set-nav-${group}` },
                allowed.filter((section) => section.group === group).map((section) => h("li", null,
                    h("a", {
                        href: `/settings/${section.name}`, class: "set-link",
                        "aria-current": section.name === shown ? "page" : null,
                    }, icon(section.icon), h("span", null, t(`set.${section.name}`)))))))));
        // Where the sections are one row (phones), the chosen one is brought into view.
        const chosen = nav.querySelector("[aria-current]");
        if (chosen instanceof HTMLElement) {
            nav.scrollLeft = chosen.offsetLeft - (nav.clientWidth - chosen.offsetWidth) / 2;
        }
    }

    async function open() {
        const wanted = app.path.split("/")[2] ?? "";
        const section = allowed.find((each) => each.name === wanted) ?? allowed[0];
        if (section.name === shown) return;
        const moved = shown !== "";
        shown = section.name;
        visit += 1;
        const mine = visit;
        leave?.();
        leave = undefined;
        drawNav();
        app.title(t(`set.${section.name}`));
        const room = h("section", { class: "set-section", "aria-labelledby": "set-title" },
            h("p", { class: "set-loading" }, t("shell.loading")));
        fill(place, room);
        place.scrollTop = 0;
        try {
            const { show } = await section.load();
            if (mine !== visit) return;
            const left = await show(room, app);
            if (mine !== visit) left?.();
            else leave = left;
        } catch (problem) {
            if (mine !== visit) return;
            fill(room, h("h1", { id: "set-title", tabIndex: -1 }, t(`set.${section.name}`)),
                refusalBanner(problem),
                h("button", {
                    type: "button", class: "button",
                    onclick: () => {
                        shown = "";
                        open();
                    },
                }, icon("retry"), t("shell.retry")));
        }
        // After a change of section the keyboard and the reader continue at its heading.
        const heading = room.querySelector("h1");
        if (moved && heading instanceof HTMLElement) heading.focus({ preventScroll: true });
    }

    const source = () => allowed.map((section) => ({
        id: `settings.${section.name}`, title: t(`set.${section.name}`), group: t("shell.settings"),
        words: section.name, icon: section.icon, run: () => app.navigate(`/settings/${section.name}`),
    }));
    app.commands.add(source);
    app.events.addEventListener("path", open);
    await open();
    return () => {
        visit += 1;
        leave?.();
        app.commands.delete(source);
        app.events.removeEventListener("path", open);
    };
}
