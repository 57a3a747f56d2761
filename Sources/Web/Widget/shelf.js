// What this browser keeps for one shop: a few texts by name. A page may forbid it; then nothing is kept.

/** @param {string} name */
export function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // the page may not keep anything
  }
}

/**
 * @param {string} name
 * @param {string|null} value
 */
export function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // The conversation lasts as long as this page.
  }
}

/**
 * Whose token it is, so that two people at one browser do not share unsent words. The server alone checks it.
 * @param {string|null|undefined} identity
 */
export function subject(identity) {
  try {
    return identity ? `-${JSON.parse(atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub}` : "";
  } catch {
    return "-";
  }
}
