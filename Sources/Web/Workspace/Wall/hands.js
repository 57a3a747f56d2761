// Changing hands from the wall: take a conversation over, or give it to somebody with a handover card.

import { createForm } from "../Forms/form.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** @typedef {import("../shell.js").App} App */
/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */

/** How the buyer is, as the handover card knows it. */
export const moods = ["calm", "unsure", "upset", "angry"];

/** What was asked of the buyer's patience, in minutes from now. */
const deadlines = [10, 30, 60, 120, 240, 1440];

/**
 * Asks for the reason, which the owner and the log see, and takes the conversation.
 * @param {App} app
 * @param {Summary} conversation
 * @returns {Promise<boolean>} whether it was done
 */
export async function takeOver(app, conversation) {
    const done = await app.dialog.open({
        title: t("hands.takeOver", { buyer: conversation.buyer.name }),
        size: "small",
        body: (close) => {
            const form = createForm({
                submit: t("hands.takeOverDo"),
                cancel: () => close(),
                fields: [{
                    name: "reason", label: t("hands.reason"), kind: "area", rows: 2, required: true, longest: 200,
                    hint: conversation.owner
                        ? t("hands.reasonHint", { name: conversation.owner.name }) : t("hands.reasonHintQueue"),
                }],
                run: async ({ reason }) => {
                    await app.connection?.command({ type: "takeOver", conversation: conversation.id, reason });
                    close("done");
                },
            });
            return form.element;
        },
    });
    if (done !== "done") return false;
    app.toast({
        text: t("hands.takenOver", { buyer: conversation.buyer.name }), kind: "good",
        action: { label: t("watch.open"), run: () => app.navigate(`/desk/${conversation.id}`) },
    });
    return true;
}

/**
 * Gives a conversation to an agent or a group, with what was promised and what comes next.
 * @param {App} app
 * @param {Summary} conversation
 * @param {import("./rows.js").AgentLine[]} agents
 * @returns {Promise<boolean>} whether it was done
 */
export async function reassign(app, conversation, agents) {
    /** @type {{id: string, name: string}[]} */
    let groups = [];
    try {
        groups = (await app.api.get("/groups")).groups ?? [];
    } catch (problem) {
        app.fail(problem);
    }
    const receivers = agents
        .filter((agent) => agent.state !== "offline" && agent.staff.id !== conversation.owner?.id)
        .sort((a, b) => a.load / Math.max(1, a.cap) - b.load / Math.max(1, b.cap))
        .map((agent) => ({
            value: `agent:${agent.staff.id}`,
            label: t("hands.receiver", {
                name: agent.staff.name, state: t(`presence.${agent.state}`), load: agent.load, cap: agent.cap,
            }),
        }));
    const toGroups = groups.map((group) => ({
        value: `group:${group.id}`, label: t("hands.toGroup", { name: group.name }),
    }));
    const done = await app.dialog.open({
        title: t("hands.reassign", { buyer: conversation.buyer.name }),
        body: (close) => {
            const form = createForm({
                submit: t("hands.reassignDo"),
                columns: true,
                cancel: () => close(),
                fields: [
                    {
                        name: "to", label: t("hands.to"), kind: "select", required: true, wide: true,
                        options: [{ value: "", label: t("hands.choose") }, ...receivers, ...toGroups],
                    },
                    {
                        name: "promise", label: t("hands.promise"), kind: "area", rows: 2, wide: true, longest: 500,
                        placeholder: t("hands.promiseExample"),
                    },
                    {
                        name: "nextStep", label: t("hands.nextStep"), kind: "area", rows: 2, required: true,
                        wide: true, longest: 500, placeholder: t("hands.nextStepExample"),
                    },
                    {
                        name: "minutes", label: t("hands.deadline"), kind: "select",
                        options: [
                            { value: "", label: t("hands.noDeadline") },
                            ...deadlines.map((minutes) => ({
                                value: String(minutes),
                                label: minutes < 60 ? t("hands.minutes", { n: minutes })
                                    : t("hands.hours", { n: minutes / 60 }),
                            })),
                        ],
                    },
                    {
                        name: "mood", label: t("hands.mood"), kind: "select", value: "calm",
                        options: moods.map((mood) => ({ value: mood, label: t(`hands.mood.${mood}`) })),
                    },
                ],
                run: async ({ to, promise, nextStep, minutes, mood }) => {
                    const [kind, id] = to.split(":");
                    try {
                        await app.connection?.command({
                            type: "transfer", conversation: conversation.id,
                            ...(kind === "agent" ? { toAgent: id } : { toGroup: id }),
                            card: {
                                promise, nextStep, mood,
                                deadline: minutes ? Date.now() + Number(minutes) * 60_000 : null,
                            },
                        });
                    } catch (problem) {
                        throw atField(problem);
                    }
                    close("done");
                },
            });
            return h("div", null, form.element);
        },
    });
    if (done !== "done") return false;
    app.toast({ text: t("hands.reassigned", { buyer: conversation.buyer.name }), kind: "good" });
    return true;
}

/**
 * The command's fields by the names they have in this form.
 * @param {any} problem
 */
function atField(problem) {
    const names = /** @type {Record<string, string>} */ ({
        toAgent: "to", toGroup: "to", "card.nextStep": "nextStep", "card.promise": "promise",
        "card.deadline": "minutes", "card.mood": "mood",
    });
    if (problem?.field in names) problem.field = names[problem.field];
    return problem;
}
