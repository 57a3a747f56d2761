// How an icon is drawn, and those that the buyer's window needs at once. Its menus and forms: icons-later.js; the rest: icons.js.

/**
 * Path data by name, on a 24 × 24 grid. A part that starts with "." is filled instead of stroked.
 * @type {Record<string, string>}
 */
export const shapes = {
  chat: "M4 12a8 7 0 1 1 3.6 5.8L4 19l.9-3.2A6.6 6.6 0 0 1 4 12Z|.M8 11h1.8v1.8H8zM11.1 11h1.8v1.8h-1.8zM14.2 11H16v1.8h-1.8z",
  close: "M6 6l12 12M18 6 6 18",
  minimise: "M6 9l6 6 6-6",
  send: "M4 11.5 20 4l-5.5 16-3-7zM11.5 13 20 4",
  smile: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.2 14a4.6 4.6 0 0 0 7.6 0M9 9.4v.3M15 9.4v.3",
  image: "M5 4h14a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 19 20H5a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 5 4ZM3.8 17l4.7-5 4 4.2 2.7-2.7 5 4.5M15.5 8.4v.2",
  attach: "M19 11.5 12 18.6a4.6 4.6 0 0 1-6.5-6.5l7.3-7.4a3 3 0 0 1 4.3 4.3L10 16.1a1.5 1.5 0 0 1-2.1-2.1l6.3-6.4",
  file: "M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5M9 13h6M9 16.5h4",
  check: "M5 12.5l4.5 4.5L19 7",
  checks: "M2 12.5 6.5 17 15 8M10.5 16l1 1L22 7",
  clock: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7v5.2l3.5 2",
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1",
  more: ".M4.5 10.5h3v3h-3zM10.5 10.5h3v3h-3zM16.5 10.5h3v3h-3z",
  down: "M6 9l6 6 6-6",
  link: "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.3 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.3-1.3",
  download: "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
  offline: "M3 3l18 18M5 12.5a10 10 0 0 1 4.5-2.6M13.5 9.7a10 10 0 0 1 5.5 2.8M2 9a14 14 0 0 1 4-2.6M11 5a14 14 0 0 1 11 4M8.5 16a5 5 0 0 1 7 0M12 19.5v.1",
  receipt: "M5.5 3v18l2.2-1.5L10 21l2-1.5 2 1.5 2.3-1.5 2.2 1.5V3zM9 8h6M9 12h6",
  bag: "M5 8h14l1 12.5H4zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5",
};

const svgSpace = "http://www.w3.org/2000/svg";

/**
 * @param {string} name a key of `shapes`
 * @returns {SVGSVGElement} hidden from assistive technology
 */
export function icon(name) {
  const shape = shapes[name];
  if (!shape) throw new Error(`no icon named ${name}`);
  const svg = document.createElementNS(svgSpace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon-svg");
  svg.setAttribute("aria-hidden", "true");
  for (const part of shape.split("|")) {
    const path = document.createElementNS(svgSpace, "path");
    const filled = part.startsWith(".");
    path.setAttribute("d", filled ? part.slice(1) : part);
    if (filled) path.setAttribute("class", "filled");
    svg.append(path);
  }
  return svg;
}
