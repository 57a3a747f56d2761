// Elements without markup strings: what a buyer or an agent wrote can only ever become text.

/** Where the window came from; the server's own address. */
export const home = new URL("..", import.meta.url);

/**
 * A constructed sheet needs no leave from the page's content security policy.
 * @param {string} path
 */
export async function loadSheet(path) {
  const made = new CSSStyleSheet();
  made.replaceSync(await (await fetch(new URL(path, home))).text());
  return made;
}

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties] `onclick: fn` listens; true, text and numbers are attributes; null and false are left out
 * @param {...(Child|Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  if (element instanceof HTMLButtonElement) element.type = "button"; // unless `type` says otherwise
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

/**
 * @param {Element} element
 * @param {...(Child|Child[])} children replace what is there
 */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {(Node|string)[]} */ (children.flat().filter((c) => c !== null && c !== undefined && c !== false)));
  return element;
}

/**
 * Text with its web addresses apart. Only http and https become links; closing punctuation, Chinese or Latin, is not
 * part of an address.
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function findLinks(text) {
  /** @type {{text: string, href?: string}[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/(?:https?:\/\/|www\.)[^\s<>"'“”‘’「」《》【】（），。！？；：、\u3000]+/gi)) {
    let address = match[0].replace(/[.,!?;:]+$/, "");
    while (address.endsWith(")") && count(address, ")") > count(address, "(")) address = address.slice(0, -1);
    const href = webAddress(/^www\./i.test(address) ? `https://${address}` : address);
    if (!href || match.index === undefined || (match.index > 0 && /[\w@.]/.test(text[match.index - 1]))) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/**
 * @param {string} text
 * @param {string} letter
 */
function count(text, letter) {
  return text.split(letter).length - 1;
}

/**
 * @param {string|null|undefined} address
 * @param {string} [base]
 * @returns {string|null} the address when it is a web address, so that `javascript:` and its like never become a link
 */
export function webAddress(address, base) {
  if (!address) return null;
  try {
    const url = new URL(address, base);
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname.includes(".") || (base && url.origin === new URL(base).origin)
      ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
export function withLinks(text) {
  return findLinks(text).map((part) => (part.href
    ? h("a", { href: part.href, target: "_blank", rel: "noopener noreferrer nofollow" }, part.text) : part.text));
}
