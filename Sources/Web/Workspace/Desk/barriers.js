// What stands in the way of writing to the buyer, and the act that takes it away.
import { t } from "../words.js";

/**
 * @param {import("../shell.js").App} app
 * @param {import("../../Protocol/shapes.js").Summary} summary
 * @param {{claim: () => void, reopen: () => void, takeOver: () => void, wake: () => void}} acts
 * @returns {[symbol: string, text: string, run: (() => void) | null, label: string][]} empty = nothing
 */
export function barriers(app, summary, acts) {
    const { mergedInto, state, owner } = summary;
    if (mergedInto) {
        return [["merge", t("desk.barrier.merged"), () => app.navigate(`/desk/${mergedInto}`), t("desk.barrier.mergedGo")]];
    }
    if (state === "closed") return [["lock", t("desk.barrier.closed"), acts.reopen, t("desk.reopen")]];
    if (state === "queued") return [["inbox", t("desk.barrier.queued"), acts.claim, t("desk.claim")]];
    if (owner?.id !== app.session?.staff.id) {
        return [["eye", t("desk.barrier.other", { name: owner?.name ?? "" }),
            app.can("conversation.takeOver") ? acts.takeOver : null, t("desk.takeOver")]];
    }
    if (state === "snoozed") return [["snooze", t("desk.barrier.snoozed"), acts.wake, t("desk.wake")]];
    return [];
}
