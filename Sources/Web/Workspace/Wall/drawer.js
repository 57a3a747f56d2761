// Watching one conversation from the wall: its live timeline, read only; whisper to its owner, take over, reassign.

import { icon } from "../../Design/icons.js";
import { acknowledge, apply, read, refill } from "../../Protocol/conversation.js";
import { fill, h, isComposing, useCSS } from "../dom.js";
import { refusalBanner } from "../Forms/refusal.js";
import { pick, t } from "../words.js";
import { makeClock } from "./clock.js";
import { reassign, takeOver } from "./hands.js";
import { createTimeline } from "./timeline.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {import("../shell.js").App} App */
/**
 * @typedef {object} Surroundings
 * @property {import("./clock.js").WallClock} clock
 * @property {number} warning ms
 * @property {() => import("./rows.js").AgentLine[]} agents
 * @property {() => void} closed
 */

/** Longest whisper, in characters. */
const longestWhisper = 500;

/**
 * @param {App} app
 * @param {Summary} summary
 * @param {Surroundings} around
 * @returns {{element: HTMLElement, close: () => void, load: () => Promise<void>}} `load` reads it anew
 */
export function openDrawer(app, summary, around) {
    useCSS(new URL("./drawer.css", import.meta.url));
    const { id } = summary;
    let state = read({ conversation: summary, messages: [], asOf: 0 });
    let open = true;
    let reading = false;
    /** @type {any[]} events that came while the conversation was being read */
    let early = [];
    const rules = { replyTime: Number(app.session?.policy?.replyWithin ?? 180) * 1000 };

    const heading = h("h2", { id: "watch-heading", tabIndex: -1 });
    const facts = h("p", { class: "watch-facts" });
    const why = h("p", { class: "watch-why" });
    const clock = makeClock();
    const typing = h("p", { class: "watch-typing", "aria-live": "off" });
    const timeline = createTimeline();
    const trouble = h("div", { class: "watch-trouble", role: "alert" });
    const actions = h("div", { class: "watch-actions" });
    const whisper = makeWhisper();
    const element = h("aside", { class: "watch", "aria-labelledby": "watch-heading" },
        h("header", { class: "watch-head" },
            h("div", { class: "watch-title" }, heading, facts),
            clock.element,
            h("button", {
                type: "button", class: "button quiet icon", "aria-label": t("watch.close"), onclick: close,
            }, icon("close"))),
        h("p", { class: "watch-silent" }, icon("eye"), t("watch.silent")),
        why, trouble, timeline.element, typing, whisper.element, actions);

    // MARK: State

    async function load() {
        if (reading) return;
        reading = true;
        try {
            const answer = await app.api.get(`/conversations/${id}`);
            if (!open) return;
            state = read(answer);
            for (const frame of early) state = apply(state, frame, rules);
            early = [];
            fill(trouble);
        } catch (problem) {
            if (open) fill(trouble, refusalBanner(problem));
        } finally {
            reading = false;
        }
        draw();
    }

    /** @param {any} frame */
    function onEvent(frame) {
        if (frame.conversation !== id) return;
        if (reading) {
            early.push(frame);
            return;
        }
        state = apply(state, frame, rules);
        if (frame.kind === "message.sent") typing.textContent = "";
        if (state.gap !== null) mend(state.gap);
        draw();
    }

    /** @param {number} after */
    async function mend(after) {
        try {
            const { messages } = await app.api.get(`/conversations/${id}/messages?after=${after}&limit=100`);
            state = refill(state, messages);
            draw();
        } catch (problem) {
            fill(trouble, refusalBanner(problem));
        }
    }

    /** @param {any} frame */
    function onTyping(frame) {
        if (frame.conversation !== id) return;
        typing.textContent = !frame.on ? ""
            : frame.text ? t("watch.typingText", { name: frame.who.name, text: frame.text })
                : t("watch.typing", { name: frame.who.name });
    }

    // MARK: Drawing

    function draw() {
        if (!open) return;
        const conversation = state.conversation ?? summary;
        heading.textContent = conversation.buyer.name || t("wall.nobody");
        const owner = conversation.owner?.name;
        facts.textContent = [
            t(`watch.state.${conversation.state}`),
            owner ? t("watch.with", { name: owner }) : t("wall.noOwner"),
            conversation.group?.name,
            ...conversation.tags,
        ].filter(Boolean).join(" · ");
        why.textContent = pick(conversation.assignment?.why);
        timeline.show(state.messages);
        whisper.show(conversation);
        drawActions(conversation);
        tick();
    }

    function tick() {
        const conversation = state.conversation ?? summary;
        clock.update(conversation.waitingSince, conversation.deadline, around.clock.now(), around.warning);
    }

    let drawnActions = "";
    /** @param {Summary} conversation */
    function drawActions(conversation) {
        const live = conversation.state !== "closed";
        const mine = conversation.owner?.id === app.session?.staff.id;
        const can = {
            takeOver: live && !mine && app.can("conversation.takeOver"),
            reassign: live && (mine || app.can("conversation.transferAny")),
            open: mine,
        };
        // Drawn again only when they change, so that the keyboard stays on a button.
        const key = JSON.stringify(can);
        if (key === drawnActions) return;
        drawnActions = key;
        fill(actions,
            can.open ? h("button", {
                type: "button", class: "button primary", onclick: () => app.navigate(`/desk/${id}`),
            }, icon("chat"), t("watch.open")) : null,
            can.takeOver ? h("button", {
                type: "button", class: "button primary",
                onclick: async () => {
                    if (await takeOver(app, state.conversation ?? summary)) load();
                },
            }, icon("hand"), t("watch.takeOver")) : null,
            can.reassign ? h("button", {
                type: "button", class: "button",
                onclick: async () => {
                    if (await reassign(app, state.conversation ?? summary, around.agents())) load();
                },
            }, icon("transfer"), t("watch.reassign")) : null);
    }

    function makeWhisper() {
        const input = h("textarea", {
            class: "input watch-whisper-text", id: "watch-whisper", rows: 1, maxlength: longestWhisper,
            "aria-describedby": "watch-whisper-hint",
            onkeydown: /** @param {KeyboardEvent} event */ (event) => {
                if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
                event.preventDefault();
                send();
            },
        });
        const button = h("button", { type: "button", class: "button", onclick: () => send() },
            icon("whisper"), t("watch.whisperSend"));
        const hint = h("span", { class: "hint", id: "watch-whisper-hint" });
        const form = h("div", { class: "watch-whisper", hidden: true },
            h("label", { htmlFor: "watch-whisper" }, t("watch.whisper")),
            h("div", { class: "watch-whisper-row" }, input, button), hint);

        async function send() {
            const text = input.value.trim();
            if (!text || button.disabled || !app.connection || !app.session) return;
            button.disabled = true;
            const command = { type: "say", conversation: id, kind: "note", text, whisper: true };
            try {
                const ack = await app.connection.command(command);
                const { id: me, name, nickname } = app.session.staff;
                state = acknowledge(state, command, ack, { kind: "agent", id: me, name: nickname || name });
                input.value = "";
                fill(trouble);
                draw();
            } catch (problem) {
                fill(trouble, refusalBanner(problem));
            } finally {
                button.disabled = false;
                input.focus();
            }
        }

        return {
            element: form,
            /** @param {Summary} conversation */
            show(conversation) {
                const owner = conversation.owner;
                form.hidden = !owner || owner.id === app.session?.staff.id
                    || conversation.state === "closed" || !app.can("conversation.whisper");
                hint.textContent = owner ? t("watch.whisperHint", { name: owner.name }) : "";
            },
        };
    }

    function close() {
        if (!open) return;
        open = false;
        clearInterval(timer);
        stops.forEach((stop) => stop?.());
        app.connection?.tell({ type: "unwatch", conversation: id });
        element.remove();
        around.closed();
    }

    const stops = [
        app.connection?.on("event", onEvent),
        app.connection?.on("typing", onTyping),
        app.connection?.on("status", () => {
            // A new line to the server knows nothing of what was watched on the old one.
            if (app.connection?.status !== "live") return;
            app.connection.tell({ type: "watch", conversation: id });
            load();
        }),
    ];
    app.connection?.tell({ type: "watch", conversation: id });
    const timer = setInterval(tick, 1000);
    draw();
    load();
    queueMicrotask(() => heading.focus());
    return { element, close, load };
}
