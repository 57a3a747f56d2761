// Reckoning with time on the desk: how urgent a wait is, and when a snoozed conversation comes back.
import { clockAt, instantOf, standardZone, weekday } from "../../Protocol/zone.js";

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
 * Times for putting a conversation off.
 * @param {number} now
 * @param {string} [zone] the shop's
 * @returns {{key: string, until: number}[]}
 */
export function snoozePresets(now, zone = standardZone) {
    const { year, month, day } = clockAt(now, zone);
    const at = /** @param {number} later @param {number} hour */ (later, hour) => instantOf({ year, month, day: day + later, hour }, zone);
    return [
        { key: "30m", until: now + 30 * 60_000 },
        { key: "2h", until: now + 2 * 3_600_000 },
        { key: "evening", until: at(0, 18) },
        { key: "tomorrow", until: at(1, 9) },
        { key: "monday", until: at(7 - weekday(now, zone), 9) },
    ].filter((preset) => preset.until > now + 60_000);
}
