// <qinke-chat>: the buyer's window on any page. A button, a panel behind it, and a shadow root around both, so that
// neither the page's styles nor ours reach the other side.
//
//   shop="slug"  identity="signed token"  lang="zh-CN|en"  colour="#aa3322"  position="left"  mode="page" (fills its place)

import { chooseLanguage } from "../Protocol/i18n.js";
import { home, loadSheet } from "./dom.js";
import { ChatWindow } from "./window.js";

const styles = Promise.all(["design/tokens.css", "widget/chat.css"].map(loadSheet));

export class QinkeChat extends HTMLElement {
  /** @type {ChatWindow|null} */
  #window = null;
  /** What was asked for before the window stood. */
  #then = () => {};

  connectedCallback() {
    if (this.#window) return this.#window.begin();
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    // Until the styles are here nothing is shown: a naked window is worse than a late one.
    this.#build(root).catch((error) => console.error("qinke: the chat window did not load", error));
  }

  /** @param {ShadowRoot} root */
  async #build(root) {
    const language = chooseLanguage(this.getAttribute("lang"), ...navigator.languages);
    const [sheets, { texts }] = await Promise.all([styles, language === "en" ? import("./texts.en.js") : import("./texts.zh.js")]);
    const page = this.getAttribute("mode") === "page";
    const chat = (this.#window = new ChatWindow(this, {
      base: this.getAttribute("base") ?? home.origin, shop: this.getAttribute("shop") ?? "", identity: this.getAttribute("identity"),
      language, texts, page,
    }));
    root.adoptedStyleSheets = sheets;
    root.append(...(page ? [chat.panel] : [chat.launcher, chat.panel]));
    chat.begin();
    chat.render();
    this.#then();
  }

  static observedAttributes = ["colour"];

  attributeChangedCallback() {
    this.#colour();
  }

  disconnectedCallback() {
    this.#window?.end();
  }

  /** Opens the window, as the page's own button may. */
  open() {
    if (this.#window) this.#window.open();
    else this.#then = () => this.open();
  }

  close() {
    this.#window?.close();
  }

  /**
   * Opens the window with a product or an order to ask about.
   * @param {import("../Protocol/shapes.js").Card} card
   */
  ask(card) {
    if (!this.#window) this.#then = () => this.ask(card);
    this.#window?.open();
    this.#window?.composer.offer(card);
  }

  /** The shop's own colour, with letters that can be read on it. */
  #colour() {
    const colour = /^#([0-9a-f]{6})$/i.exec(this.getAttribute("colour") ?? "");
    if (!colour) return;
    const [r, g, b] = [0, 2, 4].map((i) => parseInt(colour[1].slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    const on = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5 ? "#ffffff" : "#171512";
    for (const name of ["--brand", "--brand-hover", "--bubble-mine"]) this.style.setProperty(name, colour[0]);
    for (const name of ["--on-brand", "--on-bubble-mine"]) this.style.setProperty(name, on);
    this.style.setProperty("--brand-soft", `color-mix(in srgb, ${colour[0]} 14%, var(--surface))`);
    this.style.setProperty("--brand-text", "var(--text)");
  }
}

customElements.define("qinke-chat", QinkeChat);
