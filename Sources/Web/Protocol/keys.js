// A client's own id for one act: the same act sent twice carries the same key, so it happens once.

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** 22 letters, 132 random bits. */
export function newKey() {
  let key = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(22))) key += letters[byte & 63];
  return key;
}
