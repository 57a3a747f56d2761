// Qinke's own icons: strokes on a 24 × 24 grid. `icon("send")` gives an <svg> that takes the colour and,
// at 1.25 em, the size of the text around it. An icon is decoration: the button around it carries the words.

/**
 * Path data by name. A path that starts with "." is filled instead of stroked.
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
  reply: "M9 6 4 11l5 5M4.5 11H14a6 6 0 0 1 6 6v1",
  edit: "M5 19l1-4L16.5 4.5 19.5 7.5 9 18zM14 7l3 3",
  withdraw: "M8 5 4 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9",
  trash: "M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5",
  check: "M5 12.5l4.5 4.5L19 7",
  checks: "M2 12.5 6.5 17 15 8M10.5 16l1 1L22 7",
  clock: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 7v5.2l3.5 2",
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1",
  info: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM12 11v6M12 7.5v.1",
  retry: "M20 12a8 8 0 1 1-2.5-5.8M20 3.5v4.2h-4.2",
  search: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13ZM15.3 15.3 20.5 20.5",
  settings: "M4 7h8M18 7h2M4 17h2M12 17h8M15 9.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5ZM9 19.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5Z",
  user: "M12 11.5a4 4 0 1 1 0-8 4 4 0 0 1 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  users: "M9 11.5a3.7 3.7 0 1 1 0-7.4 3.7 3.7 0 0 1 0 7.4ZM2.5 20a6.5 6.5 0 0 1 13 0M15.5 4.5a3.7 3.7 0 0 1 0 7M18 14.5a6.5 6.5 0 0 1 3.5 5.5",
  tag: "M4 4h8l8.5 8.5-8 8L4 12zM8.2 8.2v.1",
  pin: "M9 3.5h6l-1 6 3.5 4h-11l3.5-4zM12 13.5v7",
  transfer: "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
  hand: "M7.5 12.5V6.8a1.5 1.5 0 0 1 3 0M10.5 11V4.7a1.5 1.5 0 0 1 3 0V11M13.5 6.2a1.5 1.5 0 0 1 3 0V12M16.5 9.2a1.5 1.5 0 0 1 3 0V14c0 4-2.6 7-6.5 7-3 0-4.7-1.3-6.2-3.8L4.5 13.5c1-1.2 2.4-.6 3 .5",
  eye: "M2.5 12c4.7-8.3 14.3-8.3 19 0-4.7 8.3-14.3 8.3-19 0ZM12 15a3 3 0 1 1 0-6 3 3 0 0 1 0 6Z",
  eyeOff: "M4 4l16 16M9 6.3c5-1.5 9.7.8 12.5 5.7a13 13 0 0 1-2.7 3.4M6 8.2A13 13 0 0 0 2.5 12c3 5.2 8.2 7.5 13.3 5.4",
  whisper: "M4 12a8 7 0 1 1 3.6 5.8L4 19l.9-3.2A6.6 6.6 0 0 1 4 12ZM9 12.5c1.7 1.4 4.3 1.4 6 0",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0",
  bellOff: "M4 4l16 16M8 6.5a6 6 0 0 1 10 4.5v3M6 10.5v6L4.5 18H18M10 20.5a2.2 2.2 0 0 0 4 0",
  sound: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5",
  snooze: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5ZM14.5 4h5l-5 5.5h5",
  star: "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6L3.4 9.8l6-.8z",
  more: ".M4.5 10.5h3v3h-3zM10.5 10.5h3v3h-3zM16.5 10.5h3v3h-3z",
  down: "M6 9l6 6 6-6", up: "M6 15l6-6 6 6", left: "M15 6l-6 6 6 6", right: "M9 6l6 6-6 6",
  plus: "M12 5v14M5 12h14", minus: "M5 12h14",
  filter: "M4 5h16l-6.2 7.5V20l-3.6-2v-5.5z",
  link: "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.3 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.3-1.3",
  copy: "M8.5 8.5H20V20H8.5zM15.5 8.5V4H4v11.5h4.5",
  download: "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
  lock: "M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  logout: "M10 4H5v16h5M14 8l4.5 4-4.5 4M18 12H9.5",
  sun: "M12 16a4 4 0 1 1 0-8 4 4 0 0 1 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  globe: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18Z",
  merge: "M6 4v4c0 3 6 3.5 6 7v5M18 4v4c0 3-6 3.5-6 7M9 17.5l3 3 3-3",
  note: "M4.5 4.5h15V15L15 19.5H4.5zM19.5 15H15v4.5M8 9h8M8 12.5h5",
  inbox: "M4 13l2.5-8h11L20 13v6.5H4zM4 13h4.5l1.5 3h4l1.5-3H20",
  bolt: "M13 3 5 13.5h6L10.5 21l8.5-11h-6z",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
  history: "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8",
  offline: "M3 3l18 18M5 12.5a10 10 0 0 1 4.5-2.6M13.5 9.7a10 10 0 0 1 5.5 2.8M2 9a14 14 0 0 1 4-2.6M11 5a14 14 0 0 1 11 4M8.5 16a5 5 0 0 1 7 0M12 19.5v.1",
  command: "M9 9h6v6H9zM9 9H6.5A2.5 2.5 0 1 1 9 6.5zM15 9V6.5A2.5 2.5 0 1 1 17.5 9zM9 15v2.5A2.5 2.5 0 1 1 6.5 15zM15 15h2.5a2.5 2.5 0 1 1-2.5 2.5z",
  menu: "M4 6.5h16M4 12h16M4 17.5h16",
  pause: "M8.5 5v14M15.5 5v14", play: "M7 4.5v15l12.5-7.5z",
  shield: "M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5",
  parcel: "M12 3l8.5 4.5v9L12 21l-8.5-4.5v-9zM3.5 7.5 12 12l8.5-4.5M12 12v9M7.7 5.3l8.5 4.5",
  receipt: "M5.5 3v18l2.2-1.5L10 21l2-1.5 2 1.5 2.3-1.5 2.2 1.5V3zM9 8h6M9 12h6",
  bag: "M5 8h14l1 12.5H4zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5",
  expand: "M14 4h6v6M10 20H4v-6M20 4l-6.5 6.5M4 20l6.5-6.5",
  // Faces from very satisfied (0) to very dissatisfied (4), as `rate` counts them.
  face0: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM7.5 13h9a4.5 4.5 0 0 1-9 0ZM8 9.5c.5-.8 1.5-.8 2 0M14 9.5c.5-.8 1.5-.8 2 0",
  face1: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.2 14a4.6 4.6 0 0 0 7.6 0M9 9.4v.3M15 9.4v.3",
  face2: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.5 15h7M9 9.4v.3M15 9.4v.3",
  face3: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.2 16a4.6 4.6 0 0 1 7.6 0M9 9.4v.3M15 9.4v.3",
  face4: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8 16.5a4.6 4.6 0 0 1 8 0M8 8.5l2.5 1.3M16 8.5l-2.5 1.3",
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
