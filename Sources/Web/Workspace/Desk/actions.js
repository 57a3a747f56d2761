// What an agent can do with a conversation, each with its dialog where it needs words.
import { h } from "../dom.js";
import { fullTime, shopZone, shortTime, t } from "../words.js";
import { previewText } from "./inbox.js";
import { snoozePresets } from "./times.js";
import { until } from "./until.js";

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{current: () => Summary | null, people: () => any[], presences: Map<string, any>, others: () => Summary[], next: () => void}} desk
 */
export function createActions(app, store, desk) {
    /**
     * @param {import("../../Protocol/shapes.js").Frame} frame
     * @param {string} [said] a toast when it is done
     */
    async function command(frame, said) {
        try {
            const ack = await app.connection?.command(frame);
            if (said) app.toast({ text: said, kind: "good", ms: 3000 });
            return ack ?? true;
        } catch (problem) {
            app.fail(problem);
            return null;
        }
    }

    /** @param {string} id */
    async function claim(id) {
        const done = await command({ type: "claim", conversation: id });
        if (!done) return;
        await until(store, id, (summary) => store.isMine(summary));
        app.navigate(`/desk/${id}`);
    }

    async function transfer() {
        const summary = desk.current();
        if (!summary) return;
        let groups = [];
        try {
            groups = (await app.api.get("/groups")).groups ?? [];
        } catch {
            // Without the right to see groups, colleagues can still be chosen.
        }
        const me = app.session?.staff.id;
        const rank = /** @type {Record<string, number>} */ ({ online: 0, busy: 1, break: 2, suspended: 3 });
        const people = desk.people()
            .filter((person) => person.id !== me && !person.suspended)
            .map((person) => ({ person, presence: desk.presences.get(person.id) }))
            .sort((a, b) => (rank[a.presence?.state] ?? 4) - (rank[b.presence?.state] ?? 4));
        const options = [
            { value: "", label: t("desk.transferChoose") },
            ...people.map(({ person, presence }) => ({
                value: `agent:${person.id}`,
                label: [person.nickname || person.name, presence ? t(`presence.${presence.state}`) : "",
                    presence?.cap ? `${presence.load ?? 0}/${presence.cap}` : ""].filter(Boolean).join(" · "),
            })),
            ...groups.map((/** @type {any} */ group) => ({ value: `group:${group.id}`, label: t("desk.transferGroup", { name: group.name }) })),
        ];
        const done = await app.dialog.form({
            title: t("desk.transferTitle", { name: summary.buyer.name }), size: "medium", ok: t("desk.transfer"),
            text: t("desk.transferText"),
            fields: [
                { name: "to", label: t("desk.transferTo"), type: "select", options, value: "", required: true },
                { name: "promise", label: t("desk.handover.promise"), type: "textarea", placeholder: t("desk.handover.promiseHint"), max: 500 },
                { name: "nextStep", label: t("desk.handover.nextStep"), type: "textarea", required: true, placeholder: t("desk.handover.nextStepHint"), max: 500 },
                { name: "deadline", label: t("desk.handover.deadline"), type: "datetime" },
                {
                    name: "mood", label: t("desk.handover.mood"), type: "choice", value: "calm",
                    options: ["calm", "unsure", "upset", "angry"].map((mood) => ({ value: mood, label: t(`desk.mood.${mood}`) })),
                },
            ],
            submit: async ({ to, promise, nextStep, deadline, mood }) => {
                const [kind, target] = to.split(":");
                try {
                    await app.connection?.command({
                        type: "transfer", conversation: summary.id,
                        ...(kind === "agent" ? { toAgent: target } : { toGroup: target }),
                        card: { promise, nextStep, deadline, mood },
                    });
                } catch (problem) {
                    const refusal = /** @type {any} */ (problem);
                    if (refusal.field === "toAgent" || refusal.field === "toGroup") refusal.field = "to";
                    else if (refusal.field?.startsWith("card.")) refusal.field = refusal.field.slice(5);
                    throw problem;
                }
            },
        });
        if (!done) return;
        app.toast({ text: t("desk.transferred"), kind: "good", ms: 3000 });
        desk.next();
    }

    async function giveBack() {
        const summary = desk.current();
        if (!summary) return;
        const done = await app.dialog.form({
            title: t("desk.return"), text: t("desk.returnText"), ok: t("desk.return"),
            fields: [{ name: "reason", label: t("desk.reason"), required: true, max: 200 }],
            submit: ({ reason }) => app.connection?.command({ type: "return", conversation: summary.id, reason }),
        });
        if (done) desk.next();
    }

    async function close() {
        const summary = desk.current();
        if (!summary) return;
        const reasons = ["solved", "noAnswer", "passed", "spam"];
        const done = await app.dialog.form({
            title: t("desk.closeTitle", { name: summary.buyer.name }), ok: t("desk.close"),
            fields: [
                {
                    name: "reason", label: t("desk.reason"), type: "choice", value: t("desk.closeReason.solved"),
                    options: reasons.map((reason) => ({ value: t(`desk.closeReason.${reason}`), label: t(`desk.closeReason.${reason}`) })),
                },
                { name: "inviteRating", label: t("desk.inviteRating"), type: "checkbox", value: !summary.rating?.invited },
            ],
            submit: ({ reason, inviteRating }) => app.connection?.command({
                type: "close", conversation: summary.id, reason: reason || t("desk.closeReason.solved"), inviteRating,
            }),
        });
        if (!done) return;
        app.toast({
            text: t("desk.closed", { name: summary.buyer.name }), kind: "good",
            action: { label: t("desk.reopen"), run: () => command({ type: "reopen", conversation: summary.id }) },
        });
        desk.next();
    }

    async function snooze() {
        const summary = desk.current();
        if (!summary) return;
        const presets = snoozePresets(store.now(), shopZone());
        const done = await app.dialog.form({
            title: t("desk.snooze"), text: t("desk.snoozeText"), ok: t("desk.snooze"),
            fields: [
                {
                    name: "preset", label: t("desk.snoozeUntil"), type: "choice", value: presets[0].key,
                    options: [...presets.map((preset) => ({
                        value: preset.key, label: `${t(`desk.snooze.${preset.key}`)} · ${shortOf(preset.until, store.now())}`,
                    })), { value: "own", label: t("desk.snooze.own") }],
                },
                { name: "until", label: t("desk.snooze.own"), type: "datetime", value: presets.at(-1)?.until },
                { name: "note", label: t("desk.snoozeNote"), max: 200 },
            ],
            submit: ({ preset, until, note }) => app.connection?.command({
                type: "snooze", conversation: summary.id, note,
                until: preset === "own" ? until : presets.find((one) => one.key === preset)?.until,
            }),
        });
        if (!done) return;
        app.toast({
            text: t("desk.snoozedNow"), kind: "good",
            action: { label: t("desk.takeBack"), run: () => command({ type: "wake", conversation: summary.id }).then(() => app.navigate(`/desk/${summary.id}`)) },
        });
        desk.next();
    }

    async function merge() {
        const summary = desk.current();
        const others = desk.others();
        if (!summary) return;
        if (others.length === 0) {
            app.toast({ text: t("desk.mergeNone") });
            return;
        }
        const into = await app.dialog.form({
            title: t("desk.merge"), text: t("desk.mergeText"), ok: t("desk.merge"), size: "medium",
            fields: [{
                name: "into", label: t("desk.mergeInto"), type: "select", value: others[0].id,
                options: others.map((one) => ({
                    value: one.id, label: `${t(`desk.state.${one.state}`)} · ${shortTime(one.openedAt)} · ${previewText(one.preview).slice(0, 24)}`,
                })),
            }],
            submit: async (values) => {
                await app.connection?.command({ type: "merge", conversation: summary.id, into: values.into });
                return values.into;
            },
        });
        if (typeof into === "string") app.navigate(`/desk/${into}`);
    }

    async function takeOver() {
        const summary = desk.current();
        if (!summary) return;
        await app.dialog.form({
            title: t("desk.takeOver"), text: t("desk.takeOverText", { name: summary.owner?.name ?? "" }), ok: t("desk.takeOver"),
            fields: [{ name: "reason", label: t("desk.reason"), required: true, max: 200 }],
            submit: async ({ reason }) => {
                await app.connection?.command({ type: "takeOver", conversation: summary.id, reason });
                await until(store, summary.id, (now) => store.isMine(now));
            },
        });
    }

    const simple = /** @param {string} type @param {string} said */ (type, said) => () => {
        const summary = desk.current();
        return summary ? command({ type, conversation: summary.id }, t(said)) : null;
    };

    /** @param {import("../../Protocol/shapes.js").Message} message */
    async function showHistory(message) {
        const summary = desk.current();
        if (!summary) return;
        try {
            const answer = await app.api.get(`/conversations/${summary.id}/history?number=${message.number}`);
            const list = answer.history ?? answer.versions ?? [];
            await app.dialog.open({
                title: t("desk.messageHistory"),
                body: h("ol", { class: "message-history" }, list.map((/** @type {any} */ one) => h("li", null,
                    h("time", null, fullTime(one.at ?? one.until)), h("p", null, one.text)))),
            });
        } catch (problem) {
            app.fail(problem);
        }
    }

    return {
        command, claim, transfer, giveBack, close, snooze, merge, takeOver, showHistory,
        wake: simple("wake", "desk.woken"),
        reopen: simple("reopen", "desk.reopened"),
        inviteRating: simple("inviteRating", "desk.ratingInvited"),
    };
}

/**
 * @param {number} at
 * @param {number} now
 */
function shortOf(at, now) {
    const full = fullTime(at);
    return at - now < 86_400_000 ? full.slice(-5) : full.slice(5);
}
