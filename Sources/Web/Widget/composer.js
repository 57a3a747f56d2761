// Where the buyer writes: text, emoji, photos, files, a reply, an edit, a card to ask about.

import { icon } from "../Design/icon.js";
import { fill, h } from "./dom.js";
import { card, summary } from "./log.js";
import { longestText } from "./session.js";
import { store, stored } from "./shelf.js";

/** @typedef {import("../Protocol/shapes.js").Message} Message */

/** Larger files are refused by the server anyway; this spares the upload. */
const largestFile = 20;

export class Composer {
  /** @type {Message|null} */
  #replyTo = null;
  /** @type {Message|null} */
  #editing = null;
  /** @type {import("../Protocol/shapes.js").Card|null} */
  #card = null;
  #composing = false;

  /**
   * @param {object} context
   * @param {import("./session.js").BuyerSession} context.session
   * @param {import("../Protocol/i18n.js").Translate} context.t
   * @param {string} context.base
   * @param {string} context.shelf where the words not yet sent are kept
   * @param {() => void} context.sent
   * @param {(act: (overlays: typeof import("./overlays.js")) => void) => void} context.over
   */
  constructor(context) {
    this.context = context;
    const { t, session, shelf } = context;
    this.strip = h("div", { class: "strip", hidden: true });
    this.wrong = h("p", { class: "wrong", role: "alert", hidden: true });
    this.field = h("textarea", {
      class: "write", rows: 1, "aria-label": t("chat.write"), placeholder: t("chat.writeHint"), enterkeyhint: "send",
      oninput: () => this.#changed(), onkeydown: this.#keys, onpaste: this.#paste,
      oncompositionstart: () => {
        this.#composing = true;
      },
      oncompositionend: () => {
        this.#composing = false;
      },
      onblur: () => session.stopTyping(),
    });
    this.field.value = stored(shelf) ?? "";
    this.photos = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, onchange: () => this.#picked(this.photos) });
    this.files = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#picked(this.files) });
    this.palette = h("div", { class: "palette", role: "group", "aria-label": t("chat.emoji"), hidden: true });
    this.emojiButton = tool("smile", t("chat.emoji"), () => this.#togglePalette());
    this.emojiButton.setAttribute("aria-expanded", "false");
    this.sendButton = h("button", { class: "send", type: "submit", "aria-label": t("chat.send"), title: t("chat.send") }, icon("send"));
    this.element = h("form", {
      class: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void this.send();
      },
    }, this.strip, this.wrong, this.palette,
    h("div", { class: "tools" }, this.emojiButton, tool("image", t("chat.photo"), () => this.photos.click()),
      tool("attach", t("chat.file"), () => this.files.click()), this.photos, this.files),
    h("div", { class: "row" }, this.field, this.sendButton));
    this.#changed(false);
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** @param {Message} m */
  reply(m) {
    this.#replyTo = m;
    this.#editing = null;
    this.#showStrip();
  }

  /** @param {Message} m */
  edit(m) {
    this.#editing = m;
    this.#replyTo = null;
    this.write(m.text ?? "");
    this.#showStrip();
  }

  /** @param {string} text */
  write(text) {
    this.field.value = text;
    this.#changed(false);
    this.focus();
  }

  /** @param {import("../Protocol/shapes.js").Card} asked */
  offer(asked) {
    this.#card = asked;
    this.#showStrip();
  }

  async send() {
    const { session, shelf, sent, t } = this.context;
    const text = this.field.value.trim();
    const [editing, replyTo] = [this.#editing, this.#replyTo];
    if (!text) return;
    if ([...text].length > longestText) return this.#complain(t("chat.tooLong", { n: longestText }));
    this.field.value = "";
    this.#editing = this.#replyTo = null;
    this.#togglePalette(false);
    this.#showStrip(false);
    this.#changed(false);
    store(shelf, null);
    if (editing) {
      if (text !== editing.text) await session.act("edit", { number: editing.number, text });
    } else {
      await session.say({ text, replyTo: replyTo?.number });
    }
    sent();
  }

  /** @param {Iterable<File>} files */
  async take(files) {
    const { session, sent, t } = this.context;
    for (const file of files) {
      if (file.size === 0) this.#complain(t("chat.fileEmpty"));
      else if (file.size > largestFile * 1_048_576) this.#complain(t("chat.fileTooBig", { n: largestFile }));
      else await session.say({ file });
    }
    sent();
  }

  /** @param {HTMLInputElement} input */
  #picked(input) {
    const files = [...(input.files ?? [])];
    input.value = "";
    void this.take(files);
  }

  #paste = (/** @type {ClipboardEvent} */ event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // A copied table brings a picture of itself along: words go first.
    if (files.length === 0 || event.clipboardData?.getData("text/plain")) return;
    event.preventDefault();
    void this.take(files);
  };

  #keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && (this.#editing || this.#replyTo || !this.palette.hidden)) {
      event.stopPropagation();
      this.#drop();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    // The Enter that picks a word in a Chinese input method belongs to the input method. Safari ends the composition
    // before it tells of the key; there the old code 229 still says whose key it was.
    if (event.isComposing || this.#composing || event.keyCode === 229) return;
    event.preventDefault();
    void this.send();
  };

  /** @param {boolean} [typed] */
  #changed(typed = true) {
    const { session, shelf } = this.context;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
    this.sendButton.disabled = !this.field.value.trim();
    this.wrong.hidden = true;
    if (!typed || this.#editing) return;
    session.type(this.field.value);
    store(shelf, this.field.value || null);
  }

  /** @param {string} text */
  #complain(text) {
    this.wrong.hidden = false;
    this.wrong.textContent = text;
  }

  #drop() {
    if (this.#editing) this.write("");
    this.#replyTo = this.#editing = this.#card = null;
    this.#togglePalette(false);
    this.#showStrip();
  }

  #showStrip(focus = true) {
    const { t } = this.context;
    const cancel = tool("close", t("chat.cancel"), () => this.#drop());
    const about = this.#editing ?? this.#replyTo;
    if (about) {
      const title = this.#editing ? t("chat.editing") : t("chat.replying", { name: about.author.kind === "buyer" ? t("chat.you") : about.author.name });
      fill(this.strip, icon(this.#editing ? "edit" : "reply"),
        h("span", { class: "strip-text" }, h("strong", {}, title), h("span", {}, summary(about, t))), cancel);
    } else if (this.#card) {
      const asked = this.#card;
      const go = h("button", {
        class: "button primary",
        onclick: async () => {
          this.#drop();
          await this.context.session.say({ card: asked });
          this.context.sent();
        },
      }, t("chat.cardSend"));
      fill(this.strip, card({ ...asked, url: null, lines: null }, this.context), go, cancel);
    }
    this.strip.hidden = !about && !this.#card;
    this.strip.classList.toggle("offer", !about && Boolean(this.#card));
    if (focus) this.focus();
  }

  /** @param {boolean} [open] */
  #togglePalette(open = this.palette.hidden) {
    this.palette.hidden = !open;
    this.emojiButton.setAttribute("aria-expanded", String(open));
    if (open) {
      this.context.over((o) => o.showEmoji(this.palette, (text) => this.#insert(text), () => {
        this.#togglePalette(false);
        this.emojiButton.focus();
      }));
    }
  }

  /** @param {string} text */
  #insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#changed();
    if (matchMedia("(hover: hover)").matches) this.focus();
  }
}

/**
 * @param {string} name of the icon
 * @param {string} label
 * @param {() => void} act
 */
export function tool(name, label, act) {
  return h("button", { class: "tool", "aria-label": label, title: label, onclick: act }, icon(name));
}
