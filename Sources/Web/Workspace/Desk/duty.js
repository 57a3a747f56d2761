// Around the list: whether new chats will come, and at its foot sound, notices, load and the way to the most urgent.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { setPresence } from "../Shell/frame.js";
import { t } from "../words.js";

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {ReturnType<typeof import("./alerts.js").createAlerts>} alerts
 * @param {() => void} nextUrgent
 */
export function createDuty(app, store, alerts, nextUrgent) {
    const duty = h("div", { class: "duty", role: "status" });
    const bell = h("div", { class: "inbox-foot" });

    /** Says so when no new chats will come, and offers to change it. */
    function drawDuty() {
        const state = app.session?.presence?.state ?? "offline";
        const off = app.can("conversation.answer") && state !== "online";
        const lost = app.session?.presence?.reason === "connectionLost";
        fill(duty, off ? [h("span", { class: `presence ${state}` }),
            h("span", { class: "duty-text" }, lost ? t("desk.offLost") : t("desk.offDuty", { state: t(`presence.${state}`) })),
            h("button", {
                type: "button", class: "button small primary", onclick: () => setPresence(app, "online"),
            }, t("desk.goOnline"))] : null);
        duty.hidden = !off;
    }

    /**
     * @param {boolean} on
     * @param {string} symbol
     * @param {string} label
     * @param {() => unknown} run
     */
    function toggle(on, symbol, label, run) {
        return h("button", {
            type: "button", class: "button quiet icon small", "aria-pressed": String(on), "aria-label": label, title: label,
            onclick: async () => {
                await run();
                drawBell();
                /** @type {HTMLElement | null} */ (bell.querySelector(`[aria-label="${label}"]`))?.focus();
            },
        }, icon(symbol));
    }

    let shown = "";
    function drawBell() {
        const key = [alerts.sound(), alerts.notices(), store.count("mine")].join();
        if (key === shown) return;
        shown = key;
        fill(bell,
            toggle(alerts.sound(), alerts.sound() ? "sound" : "mute", t("desk.sound"), () => alerts.toggleSound()),
            toggle(alerts.notices(), alerts.notices() ? "bell" : "bellOff", t("desk.notices"), () => alerts.toggleNotices()),
            h("span", { class: "inbox-foot-text" }, t("desk.load", { n: store.count("mine") })),
            h("button", {
                type: "button", class: "button quiet small", onclick: nextUrgent, title: "Alt+J",
            }, icon("clock"), t("desk.nextUrgent")));
    }

    return { duty, bell, drawDuty, drawBell };
}
