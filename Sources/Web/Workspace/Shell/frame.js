// The bar at the top, the banner under it, and the screen after a forced sign-out.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { language, pick, setLanguage, t } from "../words.js";
import { formDialog } from "./dialog.js";
import { highContrast, setHighContrast, setTheme, theme } from "./look.js";

/** @typedef {import("../shell.js").App} App */

export const presenceStates = ["online", "busy", "break", "suspended", "offline"];

/**
 * @param {HTMLElement} bar
 * @param {HTMLElement} banner
 * @param {App} app
 */
export function drawBar(bar, banner, app) {
    drawBanner(banner, app);
    const { session } = app;
    bar.classList.toggle("bar-guest", !session);
    const link = /** @param {string} path @param {string} label @param {string} symbol */ (path, label, symbol) =>
        h("a", {
            class: "bar-link", href: path,
            "aria-current": app.path === path || app.path.startsWith(`${path}/`) ? "page" : null,
        }, icon(symbol), h("span", null, label));
    fill(bar,
        h("a", { class: "bar-brand", href: "/", "aria-label": t("shell.brand") },
            h("img", { src: "/workspace/icon.svg", alt: "", width: 24, height: 24 }),
            h("span", null, t("shell.brand"))),
        session ? h("nav", { class: "bar-nav", "aria-label": t("shell.navigation") },
            link("/desk", t("shell.desk"), "inbox"),
            app.can("order.read") ? link("/orders", t("shell.orders"), "note") : null,
            app.can("catalog.read") ? link("/goods", t("shell.goods"), "bag") : null,
            app.can("stock.read") ? link("/stock", t("shell.stock"), "tag") : null,
            app.can("parcel.read") ? link("/parcels", t("shell.parcels"), "parcel") : null,
            mayExchange(app) ? link("/exchange", t("shell.exchange"), "transfer") : null,
            app.can("wall.read") || app.can("conversation.watch") ? link("/wall", t("shell.wall"), "chart") : null,
            link("/settings", t("shell.settings"), "settings")) : null,
        h("div", { class: "bar-space" }),
        session ? h("button", {
            type: "button", class: "bar-search", onclick: () => app.palette(),
            "aria-label": t("shell.palette"),
        }, icon("search"), h("span", null, t("shell.palette")), h("kbd", null, "Ctrl K")) : null,
        session ? presenceButton(app) : null,
        lookButton(app),
        session ? accountButton(app, session) : null);
}

/** @param {App} app */
const mayExchange = (app) => app.can("exchange.import") || app.can("exchange.export");

/**
 * Tells when the line to the server is down or the server cannot deliver.
 * @param {HTMLElement} banner
 * @param {App} app
 */
export function drawBanner(banner, app) {
    const link = app.connection;
    const down = link?.status === "offline";
    const text = down ? t("link.offline") : pick(link?.trouble?.message);
    if (banner.dataset.shown === text) return;
    banner.dataset.shown = text;
    fill(banner, text ? h("p", { class: "banner bad" }, icon(down ? "offline" : "alert"), text) : null);
}

/** @param {App} app */
function presenceButton(app) {
    const state = app.session?.presence?.state ?? "offline";
    const button = h("button", {
        type: "button", class: "button quiet presence-button", "aria-haspopup": "menu",
        "aria-label": t("presence.label", { state: t(`presence.${state}`) }),
        onclick: () => app.menu(button, presenceStates.map((one) => ({
            label: t(`presence.${one}`), hint: t(`presence.${one}Hint`), checked: one === state,
            run: () => setPresence(app, one),
        })), { label: t("shell.groupPresence") }),
    }, h("span", { class: `presence ${state}` }), h("span", { class: "bar-word" }, t(`presence.${state}`)),
    icon("down"));
    return button;
}

/**
 * Changes the person's presence; pauses ask for a reason that the wall shows.
 * @param {App} app
 * @param {string} state
 */
export async function setPresence(app, state) {
    const send = async (/** @type {string} */ reason) => {
        await app.connection?.command({ type: "presence", state, reason: reason || undefined });
        if (app.session) app.session.presence = { state, reason: reason || null };
        app.events.dispatchEvent(new Event("presence"));
        app.toast({ text: t("presence.changed", { state: t(`presence.${state}`) }), kind: "good", ms: 2500 });
        return true;
    };
    if (state === "online" || state === "offline") {
        try {
            await send("");
        } catch (problem) {
            app.fail(problem);
        }
        return;
    }
    await formDialog({
        title: t("presence.reasonTitle", { state: t(`presence.${state}`) }),
        fields: [{ name: "reason", label: t("presence.reason"), max: 60 }],
        ok: t("shell.ok"),
        submit: ({ reason }) => send(reason),
    });
}

/** @param {App} app */
function lookButton(app) {
    const button = h("button", {
        type: "button", class: "button quiet icon", "aria-haspopup": "menu",
        "aria-label": t("shell.groupLook"),
        onclick: () => app.menu(button, lookItems(app), { label: t("shell.groupLook") }),
    }, icon("globe"));
    return button;
}

/**
 * @param {App} app
 * @returns {import("./menu.js").MenuItem[]}
 */
function lookItems(app) {
    return [
        { label: "中文", checked: language() === "zh", run: () => changeLanguage(app, "zh") },
        { label: "English", checked: language() === "en", run: () => changeLanguage(app, "en") },
        { label: t("shell.themeSystem"), checked: theme() === "system", separator: true, run: () => setTheme("system") },
        { label: t("shell.themeLight"), checked: theme() === "light", run: () => setTheme("light") },
        { label: t("shell.themeDark"), checked: theme() === "dark", run: () => setTheme("dark") },
        {
            label: t("shell.contrast"), checked: highContrast(), separator: true,
            run: () => setHighContrast(!highContrast()),
        },
    ];
}

/**
 * @param {App} app
 * @param {"zh" | "en"} next
 */
function changeLanguage(app, next) {
    if (next === language()) return;
    setLanguage(next);
    app.events.dispatchEvent(new Event("language"));
}

/**
 * @param {App} app
 * @param {import("../shell.js").Session} session
 */
function accountButton(app, session) {
    const name = session.staff.nickname || session.staff.name;
    const button = h("button", {
        type: "button", class: "button quiet account-button", "aria-haspopup": "menu",
        "aria-label": t("shell.account"), title: t("shell.signedInAs", { name, shop: session.shop.name }),
        onclick: () => app.menu(button, [
            { label: t("shell.account"), icon: "user", run: () => app.navigate("/settings/account") },
            { label: t("shell.shortcuts"), icon: "command", hint: "?", run: () => showSheet(app) },
            { label: t("shell.signOut"), icon: "logout", separator: true, run: () => signOut(app) },
        ], { label: t("shell.account") }),
    }, h("span", { class: "avatar", "aria-hidden": "true", "data-letter": [...name][0] ?? "·" }),
    h("span", { class: "bar-word" }, name));
    return button;
}

/** @param {App} app */
async function showSheet(app) {
    const { showShortcuts } = await import("./shortcuts.js");
    showShortcuts(app);
}

/** @param {App} app */
async function signOut(app) {
    try {
        await app.api.delete("/session");
    } catch (problem) {
        app.fail(problem);
        return;
    }
    app.signedOut();
}

/**
 * @param {HTMLElement} main
 * @param {App} app
 * @param {{message?: {zh: string, en: string}, by?: string | {name: string} | null}} frame
 */
export function signedOutScreen(main, app, frame) {
    const by = typeof frame.by === "string" ? frame.by : frame.by?.name;
    app.title(t("bye.title"));
    fill(main, h("div", { class: "page-problem bye", role: "alert" },
        icon("lock"), h("h1", null, t("bye.title")),
        h("p", { class: "bye-why" }, pick(frame.message)),
        by ? h("p", null, t("bye.by", { name: by })) : null,
        h("p", { class: "page-soft" }, t("bye.kept")),
        h("a", { class: "button primary", href: `/login?next=${encodeURIComponent(app.path)}` }, t("bye.again"))));
}

/**
 * The palette's commands that exist on every page.
 * @param {App} app
 * @returns {import("./palette.js").CommandSource}
 */
export function commonCommands(app) {
    return () => {
        if (!app.session) return [];
        const go = t("shell.groupGo");
        const look = t("shell.groupLook");
        return [
            { id: "go.desk", title: t("shell.desk"), words: "desk jiedaitai jdt", group: go, icon: "inbox", run: () => app.navigate("/desk") },
            ...(app.can("stock.read") ? [{ id: "go.stock", title: t("shell.stock"), words: "stock kucun kc", group: go, icon: "tag", run: () => app.navigate("/stock") }] : []),
            ...(app.can("catalog.read") ? [{
                id: "go.goods", title: t("shell.goods"), words: "goods items shangpin sp", group: go, icon: "bag", run: () => app.navigate("/goods"),
            }] : []),
            { id: "go.orders", title: t("shell.orders"), words: "orders dingdan dd", group: go, icon: "note", run: () => app.navigate("/orders") },
            { id: "go.wall", title: t("shell.wall"), words: "wall kanban kb", group: go, icon: "chart", run: () => app.navigate("/wall") },
            ...(mayExchange(app) ? [{
                id: "go.exchange", title: t("shell.exchange"), words: "import export daoru daochu dr dc", group: go,
                icon: "transfer", run: () => app.navigate("/exchange"),
            }] : []),
            { id: "go.settings", title: t("shell.settings"), words: "settings shezhi sz", group: go, icon: "settings", run: () => app.navigate("/settings") },
            ...presenceStates.map((state) => ({
                id: `presence.${state}`, title: t("presence.set", { state: t(`presence.${state}`) }),
                words: `presence ${state} zhuangtai zt`, group: t("shell.groupPresence"), icon: "user",
                run: () => setPresence(app, state),
            })),
            ...lookItems(app).map((item, index) => ({
                id: `look.${index}`, title: item.label, words: "theme language zhuti yuyan waiguan", group: look,
                icon: "sun", run: item.run,
            })),
            { id: "shortcuts", title: t("shell.shortcuts"), words: "keyboard kuaijiejian kjj", group: t("shell.groupGeneral"), icon: "command", run: () => showSheet(app) },
            { id: "signout", title: t("shell.signOut"), words: "sign out log out tuichu tc", group: t("shell.groupGeneral"), icon: "logout", run: () => signOut(app) },
        ];
    };
}
