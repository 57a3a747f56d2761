// A shop's own colour: what can be read and made out with it (WCAG 2.2), and the rules that put it into the window.

/** Roles of a shop's colours, and the surface behind each; the same as `--surface` in tokens.css, by theme. */
export const grounds = /** @type {const} */ ({ brand: "#ffffff", brandDark: "#211e1a" });
/** Contrast that a part needs to be made out, and that letters need to be read. */
export const least = { part: 3, letters: 4.5 };

/** @typedef {{brand?: string, brandDark?: string}} Colours `#rrggbb`; absent = the window's own */

/** @param {string} text */
export function isColour(text) {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** @param {string} colour */
function parts(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

/** @param {string} colour */
function luminance(colour) {
  const [r, g, b] = parts(colour).map((n) => n / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * 1 for the same colour to 21 for black on white.
 * @param {string} a
 * @param {string} b
 */
export function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/**
 * White or black, whichever reads on a colour: one of them always does.
 * @param {string} colour
 */
export function lettersOn(colour) {
  return contrast("#ffffff", colour) >= least.letters ? "#ffffff" : "#000000";
}

/**
 * The nearest colour that can be made out on a ground, darker on light ones and lighter on dark ones.
 * @param {string} colour
 * @param {string} ground
 */
export function fitted(colour, ground) {
  const end = luminance(ground) > 0.5 ? 0 : 255;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = `#${parts(colour).map((n) => Math.round(n + ((end - n) * step) / 20).toString(16).padStart(2, "0")).join("")}`;
    if (contrast(mixed, ground) >= least.part) return mixed;
  }
  return colour;
}

/**
 * The rules of a window that wears these colours; a missing dark one is made from the light one.
 * @param {Colours} colours
 */
export function lookRules({ brand, brandDark }) {
  const dark = brandDark ?? (brand && fitted(brand, grounds.brandDark));
  const light = brand && `:host(:not([data-theme="dark"])){${meanings(brand)}}`;
  const night = dark && meanings(dark);
  return (light ?? "") + (night ? `@media (prefers-color-scheme:dark){:host(:not([data-theme="light"])){${night}}}:host([data-theme="dark"]){${night}}` : "");
}

/** @param {string} colour */
function meanings(colour) {
  const on = lettersOn(colour);
  return `--brand:${colour};--brand-hover:color-mix(in srgb,${colour} 88%,${on === "#ffffff" ? "#000" : "#fff"});--bubble-mine:${colour};--on-brand:${on};`
    + `--on-bubble-mine:${on};--brand-soft:color-mix(in srgb,${colour} 14%,var(--surface));--brand-text:var(--text)`;
}
