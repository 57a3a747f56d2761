// What is wanted for a moment: a menu, a question, a large picture, the emoji. Loaded at the first such moment.

import { icon } from "../Design/icon.js";
import "../Design/icons-later.js";
import { tool } from "./composer.js";
import { h } from "./dom.js";

/** @typedef {import("./log.js").Choice} Choice */
/** @typedef {import("../Protocol/i18n.js").Translate} Translate */

/** @type {((back?: boolean) => void)|null} */
let shutOpenMenu = null;

/**
 * A menu by the button that opened it; arrows move, Escape and a press elsewhere close it.
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 * @param {Choice[]} choices
 */
export function openMenu(panel, button, choices) {
  shutOpenMenu?.(false);
  const menu = h("div", { class: "menu", role: "menu" }, choices.map((c) => h("button", {
    role: "menuitem", tabindex: -1,
    onclick: () => {
      shut();
      c.act();
    },
  }, icon(c.icon), c.label)));
  const away = (/** @type {Event} */ e) => {
    if (!e.composedPath().includes(menu) && !e.composedPath().includes(button)) shut(false);
  };
  const shut = (back = true) => {
    menu.remove();
    document.removeEventListener("pointerdown", away, true);
    button.setAttribute("aria-expanded", "false");
    shutOpenMenu = null;
    if (back) button.focus({ preventScroll: true });
  };
  shutOpenMenu = shut;
  menu.addEventListener("keydown", (event) => {
    const items = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      shut();
    } else if (to !== undefined) {
      event.preventDefault();
      items.at(to % items.length)?.focus();
    }
  });
  document.addEventListener("pointerdown", away, true);
  button.setAttribute("aria-expanded", "true");
  panel.append(menu);
  const place = panel.getBoundingClientRect();
  const from = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const below = from.bottom - place.top + 4;
  const top = below + offsetHeight < place.height - 8 ? below : from.top - place.top - offsetHeight - 4;
  menu.style.top = `${Math.max(8, top)}px`;
  menu.style.left = `${Math.min(Math.max(8, from.right - place.left - offsetWidth), place.width - offsetWidth - 8)}px`;
  /** @type {HTMLElement|null} */ (menu.firstElementChild)?.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} panel
 * @param {{question: string, yes: string, no: string, act: () => void}} what
 */
export function ask(panel, { question, yes, no, act }) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-label", question);
  dialog.onclose = () => dialog.remove();
  dialog.append(h("p", {}, question), h("div", { class: "buttons" },
    h("button", { class: "button", onclick: () => dialog.close() }, no),
    h("button", {
      class: "button primary",
      onclick: () => {
        dialog.close();
        act();
      },
    }, yes)));
  panel.append(dialog);
  dialog.showModal();
}

/**
 * A picture as large as the screen.
 * @param {HTMLElement} panel
 * @param {{name: string, load: () => Promise<string>}} picture
 * @param {Translate} t
 * @param {() => void} gone
 */
export function zoom(panel, picture, t, gone) {
  const image = h("img", { alt: picture.name });
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  dialog.setAttribute("aria-label", t("chat.imageNamed", { name: picture.name }));
  dialog.onclose = () => dialog.remove();
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  dialog.append(image, tool("close", t("chat.zoomClose"), () => dialog.close()));
  panel.append(dialog);
  dialog.showModal();
  picture.load().then((address) => {
    image.src = address;
  }, () => {
    dialog.close();
    gone();
  });
}

const emoji = "😊 😄 😂 🤣 🥰 😍 😘 🤗 🤔 😅 😓 😢 😭 😤 😡 🥺 😱 😴 🙄 😎 🤝 👍 👎 👌 👏 🙏 💪 ✌️ 🌹 🌸 🎉 🎁 ❤️ 💔 💯 🔥 ⭐ ✨ ☀️ 🌙 📦 🚚 💰 🧾 👗 👟 📱 🍎 🍵 🐱".split(" ");

/**
 * Fills the palette at its first opening and takes the keyboard there; arrows move, Escape leaves.
 * @param {HTMLElement} palette
 * @param {(text: string) => void} insert
 * @param {() => void} leave
 */
export function showEmoji(palette, insert, leave) {
  if (!palette.firstChild) {
    palette.append(...emoji.map((e, i) => h("button", { tabindex: i ? -1 : 0, onclick: () => insert(e) }, e)));
    palette.addEventListener("keydown", (event) => {
      const buttons = /** @type {HTMLElement[]} */ ([...palette.children]);
      const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
      const perRow = buttons.filter((b) => b.offsetTop === buttons[0].offsetTop).length;
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[event.key];
      if (event.key === "Escape") {
        event.stopPropagation();
        leave();
      }
      const to = step === undefined ? undefined : buttons[at + step];
      if (!to) return;
      event.preventDefault();
      buttons[at].tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    });
  }
  /** @type {HTMLElement|null} */ (palette.querySelector('[tabindex="0"]'))?.focus();
}

/** @type {AudioContext|undefined} */
let audio;

/** Two soft notes. */
export function chime() {
  const player = (audio ??= new AudioContext());
  [660, 880].forEach((pitch, i) => {
    const [tone, volume] = [player.createOscillator(), player.createGain()];
    const at = player.currentTime + i * 0.13;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    tone.connect(volume).connect(player.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  });
}
