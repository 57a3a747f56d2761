// The frame of the workspace: session, navigation, presence, language, theme, toasts, palette; it loads
// one page module by path. A page exports `async mount(root, app)` and returns how to leave it.
import { icon } from "../Design/icons.js";
import { createAPI } from "./api.js";
import { fill, h } from "./dom.js";
import { Link } from "./Shell/link.js";
import { confirmDialog, formDialog, makeForm, openDialog } from "./Shell/dialog.js";
import { createKeys } from "./Shell/keys.js";
import { applyLook } from "./Shell/look.js";
import { openMenu } from "./Shell/menu.js";
import { createPalette } from "./Shell/palette.js";
import { createToasts } from "./Shell/toast.js";
import { commonCommands, drawBanner, drawBar, signedOutScreen } from "./Shell/frame.js";
import { shellWords } from "./Shell/words.js";
import { showShortcuts } from "./Shell/shortcuts.js";
import { addWords, language, setLanguage, setZone, t } from "./words.js";

/**
 * @typedef {object} Session
 * @property {{id: string, login: string, name: string, nickname: string | null, role: string, level: string | null, department: string | null, employment: string | null}} staff
 * @property {{id: string, name: string, slug: string, zone: string}} shop
 * @property {string[]} permissions
 * @property {string} session
 * @property {{state: string, reason: string | null}} presence
 * @property {any} policy
 * @property {boolean} totp
 */
/**
 * What a page gets from the frame.
 * @typedef {object} App
 * @property {Session | null} session null on the pages before sign-in
 * @property {import("./api.js").API} api
 * @property {Link | null} connection live connection; null before sign-in
 * @property {typeof t} t
 * @property {typeof language} language
 * @property {ReturnType<typeof createToasts>} toast
 * @property {{open: typeof openDialog, confirm: typeof confirmDialog, form: typeof formDialog, makeForm: typeof makeForm}} dialog
 * @property {typeof openMenu} menu
 * @property {ReturnType<typeof createPalette>} palette
 * @property {import("./Shell/keys.js").Keys} keys
 * @property {Set<import("./Shell/palette.js").CommandSource>} commands sources of the palette
 * @property {(permission: string) => boolean} can
 * @property {(error: unknown) => void} fail shows a refusal as a toast
 * @property {(path: string, options?: {replace?: boolean}) => void} navigate
 * @property {string} path the current path; listen to "path" on `events` when it changes within a page
 * @property {EventTarget} events "path" · "presence" · "language"
 * @property {() => Promise<void>} signedIn call after sign-in: reads the session and opens the desk
 * @property {(refusal?: unknown) => void} signedOut
 * @property {(text: string) => void} title
 * @property {(count: number) => void} badge unread number in the tab's title
 */
/** @typedef {(root: HTMLElement, app: App) => Promise<(() => void) | void>} Mount */

/** @type {{start: string, module: string, open?: boolean, title: string}[]} */
const pages = [
    { start: "/login", module: "./Entry/login.js", open: true, title: "entry.login" },
    { start: "/setup", module: "./Entry/setup.js", open: true, title: "entry.setup" },
    { start: "/wall", module: "./Wall/wall.js", title: "shell.wall" },
    { start: "/goods", module: "./Goods/goods.js", title: "shell.goods" },
    { start: "/parcels", module: "./Parcels/parcels.js", title: "shell.parcels" },
    { start: "/exchange", module: "./Exchange/exchange.js", title: "shell.exchange" },
    { start: "/stock", module: "./Stock/stock.js", title: "shell.stock" },
    { start: "/orders", module: "./Orders/orders.js", title: "shell.orders" },
    { start: "/settings", module: "./Settings/settings.js", title: "shell.settings" },
    { start: "/desk", module: "./Desk/desk.js", title: "shell.desk" },
];

addWords(shellWords);
applyLook();
setLanguage(language());

const bar = h("header", { class: "bar" });
const banner = h("div", { class: "link-banner", role: "status", "aria-live": "polite" });
const main = h("main", { class: "main", id: "main", tabIndex: -1 });
document.body.append(
    h("a", { class: "button skip-link", href: "#main", onclick: () => main.focus() }, t("shell.skip")),
    bar, banner, main);

const keys = createKeys();
/** @type {Set<import("./Shell/palette.js").CommandSource>} */
const commands = new Set();
/** @type {(typeof pages)[number] | null} */
let current = null;
/** @type {(() => void) | null} */
let leave = null;
let visit = 0;
let titleText = "";
let unread = 0;

/** @type {App} */
const app = {
    session: null,
    connection: null,
    api: createAPI({ language, signedOut: () => app.signedOut() }),
    t, language,
    toast: createToasts(),
    dialog: { open: openDialog, confirm: confirmDialog, form: formDialog, makeForm },
    menu: openMenu,
    palette: createPalette(() => [...commands]),
    keys, commands,
    can: (permission) => app.session?.permissions.includes(permission) ?? false,
    fail(error) {
        if (error instanceof DOMException && error.name === "AbortError") return;
        const refusal = /** @type {any} */ (error);
        app.toast({ text: refusal?.message ?? String(error), detail: refusal?.instead, kind: "bad" });
    },
    navigate(path, { replace = false } = {}) {
        if (replace) history.replaceState(null, "", path);
        else if (path !== location.pathname) history.pushState(null, "", path);
        route();
    },
    path: location.pathname,
    events: new EventTarget(),
    async signedIn() {
        await readSession();
        const wanted = new URLSearchParams(location.search).get("next");
        app.navigate(wanted?.startsWith("/") && !wanted.startsWith("//") ? wanted : "/desk", { replace: true });
    },
    signedOut() {
        app.connection?.close();
        app.connection = null;
        app.session = null;
        drawBar(bar, banner, app);
        if (!pages.find((page) => app.path.startsWith(page.start))?.open) {
            app.navigate(`/login?next=${encodeURIComponent(app.path)}`, { replace: true });
        }
    },
    title(text) {
        titleText = text;
        showTitle();
    },
    badge(count) {
        unread = count;
        showTitle();
    },
};

function showTitle() {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${titleText} · ${t("shell.brand")}`;
}

async function readSession() {
    app.session = await app.api.get("/session");
    setZone(app.session?.shop.zone);
    app.connection?.close();
    app.connection = new Link(app);
    app.connection.on("bye", (frame) => {
        leave?.();
        leave = null;
        current = null;
        app.session = null;
        drawBar(bar, banner, app);
        fill(banner);
        signedOutScreen(main, app, frame);
    });
    app.connection.on("status", () => drawBanner(banner, app));
    await app.connection.open();
}

/** Opens the page of the current address. */
async function route() {
    app.path = location.pathname;
    const page = pages.find((one) =>
        app.path === one.start || app.path.startsWith(`${one.start}/`));
    if (!page) {
        if (app.path === "/") app.navigate("/desk", { replace: true });
        else unknownPage();
        return;
    }
    if (!page.open && !app.session) {
        app.signedOut();
        return;
    }
    if (page === current) {
        app.events.dispatchEvent(new Event("path"));
        return;
    }
    await show(page);
}

/** @param {(typeof pages)[number]} page */
async function show(page) {
    visit += 1;
    const mine = visit;
    leave?.();
    leave = null;
    current = page;
    app.badge(0);
    app.title(t(page.title));
    drawBar(bar, banner, app);
    const root = h("div", { class: "page" }, h("p", { class: "page-loading" }, t("shell.loading")));
    fill(main, root);
    try {
        /** @type {{mount: Mount}} */
        const module = await import(page.module);
        if (mine !== visit) return;
        fill(root);
        const unmount = await module.mount(root, app);
        app.title(t(page.title));
        if (mine !== visit) unmount?.();
        else leave = unmount ?? null;
    } catch (problem) {
        if (mine !== visit) return;
        const refusal = /** @type {any} */ (problem);
        current = null;
        fill(root, h("div", { class: "page-problem", role: "alert" },
            icon("alert"), h("h1", null, t("shell.failed")),
            h("p", null, refusal?.message ?? String(problem)),
            refusal?.instead ? h("p", null, refusal.instead) : null,
            h("button", { type: "button", class: "button primary", onclick: () => route() }, t("shell.retry"))));
    }
}

function unknownPage() {
    leave?.();
    leave = null;
    current = null;
    app.title(t("shell.unknown"));
    drawBar(bar, banner, app);
    fill(main, h("div", { class: "page-problem" },
        icon("search"), h("h1", null, t("shell.unknown")), h("p", null, t("shell.unknownText")),
        h("a", { class: "button primary", href: "/desk" }, t("shell.toDesk"))));
}

// Links inside the workspace change the page without loading it anew.
document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.hash) return;
    if (!pages.some((page) => link.pathname.startsWith(page.start)) && link.pathname !== "/") return;
    event.preventDefault();
    app.navigate(link.pathname + link.search);
});
addEventListener("popstate", () => route());

app.events.addEventListener("language", () => {
    const page = current;
    current = null;
    if (page) show(page);
    else route();
});

app.events.addEventListener("presence", () => {
    const focused = document.activeElement?.classList.contains("presence-button");
    drawBar(bar, banner, app);
    if (focused) /** @type {HTMLElement | null} */ (bar.querySelector(".presence-button"))?.focus();
});

keys.add([
    {
        keys: "Mod+K", label: "shell.palette", group: "shell.groupGeneral", typing: true,
        run: () => (app.session ? app.palette() : false),
    },
    {
        keys: "?", label: "shell.shortcuts", group: "shell.groupGeneral",
        run: () => showShortcuts(app),
    },
]);
commands.add(commonCommands(app));

async function start() {
    try {
        await readSession();
    } catch (problem) {
        const refusal = /** @type {any} */ (problem);
        if (refusal?.status !== 401) app.fail(problem);
        else if (await setupNeeded()) {
            app.navigate("/setup", { replace: true });
            return;
        }
    }
    await route();
}

async function setupNeeded() {
    try {
        return (await app.api.get("/setup")).needed === true;
    } catch {
        return false;
    }
}

start();
