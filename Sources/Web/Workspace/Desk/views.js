// The lists of the inbox and their order.

/** @typedef {import("../../Protocol/shapes.js").Summary} Summary */
/** @typedef {"mine" | "queue" | "snoozed" | "closed" | "mentions" | "all"} View */

/** @type {View[]} */
export const views = ["mine", "queue", "snoozed", "closed", "mentions"];

/**
 * Whether it is a chat that this person is having.
 * @param {Summary} summary
 * @param {string} staff
 */
export function isOpenOf(summary, staff) {
    return summary.state === "open" && summary.owner?.id === staff;
}

/**
 * Whether a conversation stands in a view by its own state.
 * @param {Summary} summary
 * @param {View} view
 * @param {string} staff who looks
 */
export function belongs(summary, view, staff) {
    switch (view) {
        case "mine": return isOpenOf(summary, staff);
        case "queue": return summary.state === "queued";
        case "snoozed": return summary.state === "snoozed" && summary.owner?.id === staff;
        case "closed": return summary.state === "closed";
        default: return true;
    }
}

/**
 * By the time left to the promise, then the place in the queue, then the latest; snoozed ones by when they return,
 * closed ones by when they ended.
 * @param {Summary[]} list changed in place
 * @param {View} view
 */
export function inOrder(list, view) {
    if (view === "snoozed") return list.sort((a, b) => (a.snoozedUntil ?? 0) - (b.snoozedUntil ?? 0));
    if (view === "closed") return list.sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0));
    const never = Number.MAX_SAFE_INTEGER;
    const latest = /** @param {Summary} one */ (one) => one.preview?.at ?? one.openedAt;
    return list.sort((a, b) =>
        (a.deadline ?? never) - (b.deadline ?? never) || (a.place ?? 0) - (b.place ?? 0) || latest(b) - latest(a));
}
