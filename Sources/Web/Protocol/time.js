// Instants for people. All instants are milliseconds since 1970 UTC by the server's clock.

/** The server's clock as this machine can know it: a wrong local clock must not make a wrong waiting time. */
export class ServerClock {
  #offset = 0;

  /** @param {number|undefined|null} now the server's clock in a frame that has just arrived */
  learn(now) {
    if (typeof now === "number") this.#offset = now - Date.now();
  }

  now() {
    return Date.now() + this.#offset;
  }
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(language, options) {
  const name = language + JSON.stringify(options);
  let found = formats.get(name);
  if (!found) formats.set(name, (found = new Intl.DateTimeFormat(language, options)));
  return found;
}

/**
 * "14:05".
 * @param {number} at
 * @param {string} language
 */
export function timeOfDay(at, language) {
  return format(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/**
 * @param {number} a
 * @param {number} b
 */
export function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/**
 * "今天" / "昨天" / "9月22日" / "2025年9月22日", or the same in English.
 * @param {number} at
 * @param {number} now
 * @param {string} language
 */
export function dayName(at, now, language) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
    return word[0].toUpperCase() + word.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(language, { month: "long", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
}
