// Icons of the buyer's window that are not needed at once: its menus and its forms.

import { shapes } from "./icon.js";

// `face0` … `face4` go from very satisfied to very dissatisfied, as `rate` counts.
Object.assign(shapes, {
  reply: "M9 6 4 11l5 5M4.5 11H14a6 6 0 0 1 6 6v1",
  edit: "M5 19l1-4L16.5 4.5 19.5 7.5 9 18zM14 7l3 3",
  withdraw: "M8 5 4 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9",
  sound: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5",
  copy: "M8.5 8.5H20V20H8.5zM15.5 8.5V4H4v11.5h4.5",
  logout: "M10 4H5v16h5M14 8l4.5 4-4.5 4M18 12H9.5",
  face0: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM7.5 13h9a4.5 4.5 0 0 1-9 0ZM8 9.5c.5-.8 1.5-.8 2 0M14 9.5c.5-.8 1.5-.8 2 0",
  face1: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.2 14a4.6 4.6 0 0 0 7.6 0M9 9.4v.3M15 9.4v.3",
  face2: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.5 15h7M9 9.4v.3M15 9.4v.3",
  face3: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8.2 16a4.6 4.6 0 0 1 7.6 0M9 9.4v.3M15 9.4v.3",
  face4: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18ZM8 16.5a4.6 4.6 0 0 1 8 0M8 8.5l2.5 1.3M16 8.5l-2.5 1.3",
});
