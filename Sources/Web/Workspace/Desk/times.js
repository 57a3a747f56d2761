// Reckoning with time on the desk: how urgent a wait is, and when a snoozed conversation comes back.

/**
 * How urgent a wait is: calm, soon (inside the shop's warning), late (the last third of it), over.
 * @param {number} left ms to the deadline
 * @param {number} warning ms before the deadline from which the shop wants to be warned
 * @returns {"calm" | "soon" | "late" | "over"}
 */
export function urgency(left, warning) {
    if (left <= 0) return "over";
    if (left <= warning / 3) return "late";
    return left <= warning ? "soon" : "calm";
}

/**
 * Times for putting a conversation off, from now in the shop's zone.
 * @param {number} now
 * @returns {{key: string, until: number}[]}
 */
export function snoozePresets(now) {
    const day = 86_400_000;
    const zone = 8 * 3_600_000; // Asia/Shanghai has no summer time
    const midnight = Math.floor((now + zone) / day) * day - zone;
    const weekday = new Date(now + zone).getUTCDay();
    const toMonday = ((8 - weekday) % 7 || 7) * day;
    return [
        { key: "30m", until: now + 30 * 60_000 },
        { key: "2h", until: now + 2 * 3_600_000 },
        { key: "evening", until: midnight + 18 * 3_600_000 },
        { key: "tomorrow", until: midnight + day + 9 * 3_600_000 },
        { key: "monday", until: midnight + toMonday + 9 * 3_600_000 },
    ].filter((preset) => preset.until > now + 60_000);
}
