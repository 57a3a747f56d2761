// A client's own id for one act: the same act sent twice carries the same key, so it happens once.

/** In the order of their codes, so that later keys sort later: the server's list of keys then grows at its end. */
const letters = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/**
 * 8 letters of time, then 14 letters of 84 random bits.
 * @param {number} [now]
 */
export function newKey(now = Date.now()) {
  let key = "";
  for (let at = 7; at >= 0; at -= 1) key += letters[Math.floor(now / 64 ** at) % 64];
  for (const byte of crypto.getRandomValues(new Uint8Array(14))) key += letters[byte & 63];
  return key;
}
