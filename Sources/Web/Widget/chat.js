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
  /** @type {CSSStyleSheet|null} */
  #look = null;
  /** The colours that are on now. */
  #worn = "";
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
    void this.wear();
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

  /**
   * Puts the shop's colours on. A colour on the page's tag comes before them; it was never checked, so it is fitted.
   * @param {import("../Design/look.js").Colours|null|undefined} [colours]
   */
  async wear(colours) {
    const own = this.getAttribute("colour") ?? "";
    const worn = own || JSON.stringify(colours ?? {});
    const root = this.shadowRoot;
    if (!root || !this.#window || worn === this.#worn || worn === "{}" && !this.#worn) return;
    this.#worn = worn;
    const { fitted, grounds, isColour, lookRules } = await import("../Design/look.js");
    if (!this.#look) root.adoptedStyleSheets.push((this.#look = new CSSStyleSheet()));
    this.#look.replaceSync(lookRules(isColour(own) ? { brand: fitted(own, grounds.brand) } : colours ?? {}));
  }
}

customElements.define("qinke-chat", QinkeChat);
