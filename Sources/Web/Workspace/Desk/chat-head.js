// The line above a conversation: whose it is, how long the buyer waits, and what can be done.
import { icon } from "../../Design/icons.js";
import { fill, h, make } from "../dom.js";
import { fullTime, t } from "../words.js";
import { WaitingClock } from "./clock.js";

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {ReturnType<typeof import("./actions.js").createActions>} actions
 * @param {{back: () => void, panel: () => void, current: () => import("../../Protocol/shapes.js").Summary | null, panelOpen: () => boolean}} acts
 */
export function createChatHead(app, store, actions, acts) {
    const clock = make(WaitingClock, { class: "clock" });
    clock.warning = store.warning;
    clock.now = () => store.now();
    const element = h("header", { class: "chat-head" });
    let shown = "";

    /** What can be done with the conversation now, in the order of the menu. */
    function items() {
        const now = acts.current();
        if (!now) return [];
        const me = app.session?.staff.id;
        const mine = now.owner?.id === me;
        const hand = mine || app.can("conversation.transferAny");
        /** @type {import("../Shell/menu.js").MenuItem[]} */
        const list = [];
        const add = /** @param {boolean} may @param {string} label @param {string} symbol @param {() => unknown} run @param {string} [hint] */
            (may, label, symbol, run, hint) => {
                if (may) list.push({ label: t(label), icon: symbol, hint, run: () => void run() });
            };
        add(now.state === "queued", "desk.claim", "hand", () => actions.claim(now.id), "Alt+C");
        add(now.state === "open" && !mine && app.can("conversation.takeOver"), "desk.takeOver", "hand", actions.takeOver);
        add(now.state !== "closed" && hand && now.state !== "queued", "desk.transfer", "transfer", actions.transfer, "Alt+T");
        add(now.state === "open" && mine, "desk.snooze", "snooze", actions.snooze, "Alt+S");
        add(now.state === "snoozed" && mine, "desk.wake", "bell", actions.wake);
        add(now.state !== "closed" && hand && now.state !== "queued", "desk.close", "check", actions.close, "Alt+E");
        add(now.state === "closed" && !now.mergedInto, "desk.reopen", "retry", actions.reopen);
        add(now.state !== "closed" && mine, "desk.return", "inbox", actions.giveBack);
        add(now.state !== "closed" && mine && !now.rating?.invited, "desk.inviteRating", "star", actions.inviteRating);
        add(!now.mergedInto, "desk.merge", "merge", actions.merge);
        return list;
    }

    function draw() {
        const now = acts.current();
        if (!now) return;
        clock.set(now.state === "closed" ? null : now.deadline);
        const key = JSON.stringify([now.id, now.state, now.buyer, now.owner, now.group, now.rating, now.snoozedUntil, acts.panelOpen()]);
        if (key === shown) return;
        shown = key;
        const list = items();
        const direct = list.slice(0, 3).filter((item) => item.icon !== "merge");
        const more = h("button", {
            type: "button", class: "button quiet icon", "aria-label": t("desk.more"), "aria-haspopup": "menu",
            onclick: () => app.menu(more, items(), { label: t("desk.more") }),
        }, icon("more"));
        const mine = now.owner?.id === app.session?.staff.id;
        fill(element,
            h("button", { type: "button", class: "button quiet icon chat-back", "aria-label": t("desk.back"), onclick: acts.back }, icon("left")),
            h("div", { class: "chat-title" },
                h("h1", null, now.buyer.name || t("desk.noName")),
                h("p", { class: "chat-sub" },
                    h("span", { class: `tag ${now.state === "open" ? "brand" : now.state === "queued" ? "warn" : ""}` }, t(`desk.state.${now.state}`)),
                    now.state === "snoozed" && now.snoozedUntil ? h("span", null, t("desk.untilTime", { time: fullTime(now.snoozedUntil) })) : null,
                    mine ? null : now.owner ? h("span", null, t("desk.servedBy", { name: now.owner.name })) : null,
                    now.group ? h("span", null, now.group.name) : null,
                    now.rating?.score !== null && now.rating?.score !== undefined
                        ? h("span", { class: "chat-rating" }, icon(`face${now.rating.score}`), t(`desk.score.${now.rating.score}`)) : null)),
            clock,
            h("div", { class: "chat-acts" },
                direct.map((item) => h("button", {
                    type: "button", class: `button ${item.icon === "hand" ? "primary" : "quiet"} small chat-act`, title: item.hint ?? "", onclick: item.run,
                }, icon(item.icon ?? "more"), h("span", null, item.label))),
                list.length > 0 ? more : null,
                h("button", {
                    type: "button", class: "button quiet icon", "aria-label": t("desk.key.panel"), "aria-pressed": String(acts.panelOpen()),
                    title: "Alt+P", onclick: acts.panel,
                }, icon("user"))));
    }

    return { element, draw, items };
}
