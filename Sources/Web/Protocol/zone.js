// Days and hours by the clock of a place, also when that place moves its clock. Instants are milliseconds since 1970 UTC.

/** The zone of a shop that has not said another (product.md). */
export const standardZone = "Asia/Shanghai";

/** @typedef {{year: number, month: number, day: number, hour: number, minute: number}} Clock month 1…12 */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone */
function format(zone) {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    });
    formats.set(zone, made);
  }
  return made;
}

/**
 * What the clock of a zone shows.
 * @param {number} at
 * @param {string} zone
 * @returns {Clock}
 */
export function clockAt(at, zone) {
  const parts = Object.fromEntries(format(zone).formatToParts(at).map((part) => [part.type, Number(part.value)]));
  return { year: parts.year, month: parts.month, day: parts.day, hour: parts.hour, minute: parts.minute };
}

/**
 * When the clock of a zone shows this. Days and hours may run over (day 32, hour 24). A moment that the clock skips is
 * the one just after; of two equal ones it is the first.
 * @param {{year: number, month: number, day: number, hour?: number, minute?: number}} clock
 * @param {string} zone
 */
export function instantOf({ year, month, day, hour = 0, minute = 0 }, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const shown = (/** @type {number} */ at) => {
    const clock = clockAt(at, zone);
    return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute);
  };
  // Every distance from UTC that holds within a day of it; the earliest moment that shows what is wanted.
  const tries = [wanted - 86_400_000, wanted, wanted + 86_400_000].map((near) => wanted - (shown(near) - near)).sort((a, b) => a - b);
  const exact = tries.find((at) => shown(at) === wanted);
  if (exact !== undefined) return exact;
  // Skipped: the clock jumps over it; the jump is between these.
  let [before, after] = [tries[0] - 10_800_000, tries[2] + 10_800_000];
  while (after - before > 60_000) {
    const middle = Math.floor((before + after) / 2 / 60_000) * 60_000;
    if (shown(middle) < wanted) before = middle;
    else after = middle;
  }
  return after;
}

/**
 * Where the day of an instant begins.
 * @param {number} at
 * @param {string} zone
 * @param {number} [later] days after it
 */
export function dayStart(at, zone, later = 0) {
  const { year, month, day } = clockAt(at, zone);
  return instantOf({ year, month, day: day + later }, zone);
}

/**
 * 0 = Monday … 6 = Sunday.
 * @param {number} at
 * @param {string} zone
 */
export function weekday(at, zone) {
  const { year, month, day } = clockAt(at, zone);
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}
