// Delay batches: progress while buyers are told, their answers, and what is left to do for them.

import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { fullTime, t } from "../words.js";
import { emptyState, moment, sectionHead, table, tag } from "../Settings/page.js";
import { openSheet } from "./sheet.js";

/** @type {import("./parcels.js").Part} */
export async function show(room, place) {
    return place.rest[0] ? showOne(room, place, place.rest[0]) : showAll(room, place);
}

/** @type {(room: HTMLElement, place: import("./parcels.js").Place) => Promise<void>} */
async function showAll(room, { app, names }) {
    const { batches } = await app.api.get("/delays");
    fill(room, sectionHead(t("parcels.part.delays"), t("delay.lead")),
        batches.length ? h("ul", { class: "parcels-rows", role: "list" }, batches.map((/** @type {any} */ batch) =>
            h("li", { class: "parcels-row" },
                h("a", { class: "parcels-open", href: `/parcels/delays/${batch.id}` },
                    h("span", { class: "parcels-who" }, h("strong", null, batch.reason),
                        h("span", { class: "set-under" }, batch.by, " · ", moment(batch.at))),
                    h("span", { class: "parcels-tags" }, stateTag(batch.state), choiceTags(names, batch)),
                    h("span", { class: "parcels-when" }, t("delay.told", { n: toldOf(batch), all: allOf(batch) }))))))
            : emptyState(t("delay.none"), h("a", { class: "button", href: "/parcels" }, t("delay.toList"))));
}

/** @type {(room: HTMLElement, place: import("./parcels.js").Place, id: string) => Promise<() => void>} */
async function showOne(room, { app, names }, id) {
    /** @type {any} */
    let timer;
    let gone = false;

    async function load() {
        const found = await app.api.get(`/delays/${id}`);
        if (gone) return;
        draw(found.batch, found.notices);
        clearTimeout(timer);
        // While buyers are told, and while answers come in.
        timer = setTimeout(() => load().catch(() => {}), found.batch.state === "sending" ? 1000 : 5000);
    }

    /** @param {any} batch @param {any[]} notices */
    function draw(batch, notices) {
        const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : null;
        const told = toldOf(batch);
        const failed = batch.counts.failed ?? 0;
        fill(room,
            sectionHead(t("delay.one"), batch.reason,
                h("a", { class: "button", href: "/parcels/delays" }, icon("left"), t("delay.back")),
                batch.state === "sending" && app.can("delay.notify") ? h("button", {
                    type: "button", class: "button danger", "data-key": "stop", onclick: stop,
                }, t("delay.stop")) : null),
            h("div", { class: "set-block" },
                h("div", { class: "parcels-tags" }, stateTag(batch.state), choiceTags(names, batch),
                    failed ? tag("bad", t("delay.failed", { n: failed })) : null),
                h("p", { role: "status" }, t("delay.told", { n: told, all: allOf(batch) }), " · ",
                    t("delay.replied", { n: (batch.counts.replied ?? 0) + (batch.counts.done ?? 0) })),
                h("progress", { max: allOf(batch), value: told + failed, "aria-label": t("delay.progress") }),
                h("p", { class: "set-under" }, batch.by, " · ", fullTime(batch.at))),
            table(t("delay.notices"), [
                {
                    label: t("parcels.buyerName"), cell: (one) => [one.buyerName || "–",
                        h("span", { class: "set-under" }, one.orderNumber)],
                },
                {
                    label: t("parcels.waybill"), cell: (one) => h("button", {
                        type: "button", class: "button quiet small", "data-key": `w${one.parcel}`,
                        onclick: async () => {
                            if (await openSheet(app, names, one.parcel)) await load();
                        },
                    }, one.waybill),
                },
                { label: t("delay.newDate"), cell: (one) => fullTime(one.date) },
                {
                    label: t("delay.state"), cell: (one) => [
                        tag(stateKinds[/** @type {keyof typeof stateKinds} */ (one.state)] ?? "", t(`delay.notice.${one.state}`)),
                        one.why ? h("span", { class: "set-under" }, one.why) : null],
                },
                {
                    label: t("delay.reply"), kind: "wide", cell: (one) => one.reply ? [
                        one.choice ? tag("brand", names.name(`option.${one.choice}`)) : tag("warn", t("delay.unclear")),
                        h("span", { class: "set-under" }, one.reply)] : "–",
                },
                {
                    label: t("delay.acts"), kind: "actions", quiet: true, cell: (one) => h("div", { class: "parcels-buttons parcels-end" },
                        one.conversation && app.can("conversation.answer")
                            ? h("a", { class: "button small", href: `/desk/${one.conversation}` }, icon("chat"), t("parcels.toChat")) : null,
                        one.state === "replied" && app.can("delay.notify") ? h("button", {
                            type: "button", class: "button small", "data-key": `d${one.parcel}`,
                            onclick: () => done(one),
                        }, icon("check"), t("delay.done")) : null,
                        one.doneBy ? h("span", { class: "set-under" }, t("delay.doneBy", { name: one.doneBy })) : null),
                },
            ], notices, { empty: t("delay.none") }));
        if (focused) {
            const again = room.querySelector(`[data-key="${focused}"]`);
            if (again instanceof HTMLElement) again.focus();
        }
    }

    async function stop() {
        const yes = await app.dialog.confirm({
            title: t("delay.stop"), text: t("delay.stopText"), ok: t("delay.stop"), danger: true,
            run: () => app.api.post(`/delays/${id}/stop`),
        });
        if (yes) await load();
    }

    /** @param {any} notice */
    async function done(notice) {
        const made = await app.dialog.form({
            title: t("delay.done"), text: t("delay.doneText"),
            fields: [{
                name: "choice", label: t("delay.choice"), type: "choice", value: notice.choice ?? "",
                options: names.options,
            }],
            submit: ({ choice }) => app.api.post(`/delays/${id}/done`, { parcel: notice.parcel, choice: choice || null })
                .then(() => true),
        });
        if (made) await load();
    }

    await load();
    return () => {
        gone = true;
        clearTimeout(timer);
    };
}

/** @type {Record<string, "good" | "warn" | "bad" | "info" | "brand" | "">} */
const stateKinds = { told: "info", replied: "brand", done: "good", failed: "bad", waiting: "", stopped: "warn" };

/** @param {string} state */
function stateTag(state) {
    return tag(state === "sent" ? "good" : state === "sending" ? "info" : "warn", t(`delay.state.${state}`));
}

/** @param {import("./names.js").Names} names @param {any} batch */
function choiceTags(names, batch) {
    return Object.entries(batch.choices).map(([choice, n]) => tag("brand", `${names.name(`option.${choice}`)} ${n}`));
}

/** @param {any} batch */
function allOf(batch) {
    return Object.values(batch.counts).reduce((/** @type {number} */ all, one) => all + Number(one), 0);
}

/** @param {any} batch */
function toldOf(batch) {
    return (batch.counts.told ?? 0) + (batch.counts.replied ?? 0) + (batch.counts.done ?? 0);
}
