// The window itself: everything inside the shadow root of <qinke-chat>. It paints what the session holds.

import { icon } from "../Design/icon.js";
import { spoken, translator } from "../Protocol/i18n.js";
import { Composer, tool } from "./composer.js";
import { fill, h, loadSheet } from "./dom.js";
import { initial, Log } from "./log.js";
import { BuyerSession } from "./session.js";
import { store, stored } from "./shelf.js";

/** @type {Promise<CSSStyleSheet>|undefined} */
let laterSheet;

/** How old the shop's "online" may be when the window opens, ms. */
const stale = 60_000;

export class ChatWindow {
  opened = false;
  #stick = true;
  #keepPlace = false;
  #readAt = 0;
  #top = 0;
  #ratingPutOff = "";
  #soundOn = false;
  #paint = 0;
  /** @type {Element|null} */
  #returnTo = null;

  /**
   * @param {import("./chat.js").QinkeChat} host
   * @param {{base: string, shop: string, identity: string|null, language: import("../Protocol/i18n.js").Language, texts: Record<string, string>, page: boolean}} options
   */
  constructor(host, { base, shop, identity, language, texts, page }) {
    this.host = host;
    this.page = page;
    this.language = language;
    this.texts = { ...texts };
    const t = (this.t = translator(this.texts));
    this.shelf = `qinke.${base}.${shop}`;
    this.#soundOn = stored(`${this.shelf}.sound`) === "on";
    const session = (this.session = new BuyerSession({
      base, shop, identity, onChange: () => this.#soon(), onMessage: () => this.#sound(),
    }));
    this.badge = h("span", { class: "badge", hidden: true });
    this.launcher = h("button", {
      class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => (this.opened ? this.close() : this.open()),
    }, icon("chat"), icon("minimise"), this.badge);
    this.log = new Log({
      session, t, language: this.language, base,
      reply: (m) => this.composer.reply(m), edit: (m) => this.composer.edit(m), rewrite: (text) => this.composer.write(text),
      zoom: (picture) => this.#over((o) => o.zoom(this.panel, picture, t, () => this.#say(t("chat.imageGone")))),
      menu: (button, choices) => this.#over((o) => o.openMenu(this.panel, button, choices)), announce: (text) => this.#say(text),
    });
    this.composer = new Composer({
      session, t, base, shelf: `${this.shelf}.draft`, sent: () => this.#toEnd(), over: (act) => this.#over(act),
    });
    this.avatar = h("span", { class: "avatar large", "aria-hidden": "true" });
    this.heading = h(this.page ? "h1" : "h2", { id: "title" }, t("chat.title"));
    this.subtitle = h("p", { class: "subtitle" });
    this.banner = h("div", { class: "banner", role: "status", hidden: true });
    this.older = h("button", { class: "older", hidden: true, onclick: () => void this.#loadOlder() }, t("chat.older"));
    this.greeting = h("div", { class: "greeting" });
    this.tail = h("div", { class: "after" });
    this.typingLine = h("p", { class: "typing", hidden: true });
    this.below = h("button", { class: "below", hidden: true, onclick: () => this.#toEnd() }, icon("down"), t("chat.newBelow"));
    this.scroller = h("div", { class: "scroller", tabindex: -1, onscroll: this.#scrolled },
      this.older, this.greeting, this.log.element, this.typingLine, this.tail);
    this.strip = h("p", { class: "queue", role: "status", hidden: true });
    this.foot = h("div", { class: "foot" }, this.composer.element);
    this.spoken = h("p", { class: "aloud", role: "status" });
    /** @type {HTMLButtonElement} */
    const more = tool("more", t("chat.more"), () => this.#over((o) => o.openMenu(this.panel, more, this.#choices())));
    more.setAttribute("aria-haspopup", "menu");
    /** @type {HTMLElement} */
    this.panel = h("section", {
      class: "panel", role: this.page ? "main" : "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true, onkeydown: this.#keys,
      ondragover: (/** @type {DragEvent} */ e) => this.#drag(e, true), ondragleave: (/** @type {DragEvent} */ e) => this.#drag(e, false),
      ondrop: (/** @type {DragEvent} */ e) => this.#drop(e),
    },
    h("div", { class: "head" }, this.avatar, h("div", { class: "titles" }, this.heading, this.subtitle), more,
      this.page ? null : tool("minimise", t("chat.minimise"), () => this.close())),
    this.banner, h("div", { class: "middle" }, this.scroller, this.below), this.strip, this.foot, this.spoken,
    h("div", { class: "dropping", "aria-hidden": "true" }, icon("image"), t("chat.drop")));
    this.panel.lang = this.launcher.lang = this.language;
    // Whatever grows or shrinks, who was at the end stays at the end.
    const watch = new ResizeObserver(() => this.#stick && this.#toEnd());
    for (const part of [this.scroller, this.log.element, this.tail]) watch.observe(part);
  }

  begin() {
    document.addEventListener("visibilitychange", this.#look);
    window.visualViewport?.addEventListener("resize", this.#fit);
    if (this.page && !this.opened) this.open();
    else if (this.opened || this.session.known) void this.session.start();
  }

  end() {
    this.session.stop();
    this.log.release();
    document.removeEventListener("visibilitychange", this.#look);
    window.visualViewport?.removeEventListener("resize", this.#fit);
  }

  /** Opens the window. The page may call this from a button of its own. */
  open() {
    if (this.opened) return;
    this.opened = true;
    this.#returnTo = document.activeElement;
    this.panel.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.host.toggleAttribute("opened", true);
    if (this.session.phase === "ready" && Date.now() - this.#readAt > stale) void this.session.refresh();
    else if (this.session.phase !== "ready") void this.session.start();
    this.#readAt = Date.now();
    this.render();
    this.#toEnd();
    this.#fit();
    // On a phone the field would bring the keyboard up over half of what one came to read.
    if (!this.page) (matchMedia("(hover: hover)").matches ? this.composer : this.panel).focus();
  }

  close() {
    if (!this.opened || this.page) return;
    this.opened = false;
    this.panel.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.host.toggleAttribute("opened", false);
    this.session.stopTyping();
    this.render();
    const back = this.#returnTo instanceof HTMLElement && this.#returnTo !== document.body && this.#returnTo !== this.host ? this.#returnTo : this.launcher;
    back.focus();
  }

  // Painting ------------------------------------------------------------------------------------------------------

  /** Many changes, one painting; and in a hidden page, where frames stand still, a timer. */
  #soon() {
    if (this.#paint) return;
    const act = () => {
      this.#paint = 0;
      this.render();
    };
    this.#paint = document.hidden ? Number(setTimeout(act, 50)) : requestAnimationFrame(act);
  }

  render() {
    const { t } = this;
    const { session } = this;
    const unread = this.opened ? 0 : session.unread;
    this.launcher.setAttribute("aria-label", unread ? t("chat.openUnread", { n: unread }) : t("chat.open"));
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    void this.host.wear(session.shop?.colours);
    if (!this.opened) return session.mark(false);

    const summary = session.state.conversation;
    const name = this.#own("title") || session.shop?.name || t("chat.title");
    this.heading.textContent = name;
    this.avatar.textContent = initial(name);
    const away = session.shop !== null && !session.shop.online;
    const talking = summary?.state === "open" || summary?.state === "snoozed";
    fill(this.subtitle, session.shop ? h("span", { class: `dot${away && !talking ? " away" : ""}` }) : null,
      !session.shop ? (session.phase === "failed" ? "" : t("chat.loading"))
        : talking && summary?.owner ? t("chat.with", { name: summary.owner.name }) : t(away ? "chat.offline" : "chat.online"));
    this.#renderBanner(session);

    this.older.hidden = !session.hasOlder;
    fill(this.greeting, session.shop && !session.hasOlder && !(away && !summary) ? h("p", {}, this.#own("greeting") || t("chat.greeting")) : null);
    const bottom = this.scroller.scrollHeight - this.scroller.scrollTop;
    const count = session.state.messages.length;
    this.log.update();
    if (count > 0 && session.phase === "ready") queueMicrotask(() => this.log.listen());
    this.typingLine.hidden = !session.typing;
    if (session.typing) fill(this.typingLine, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), t("chat.typing", { name: session.typing.name || t("chat.shop") }));
    this.#renderAfter(session);
    // Who has just left a message keeps its receipt before them, though a conversation waits now.
    const state = summary?.state ?? "closed";
    const shown = this.foot.dataset.shows;
    const left = state === "queued" && ((shown === "offline" && away) || shown === "full") && shown;
    this.#renderFoot(left || (state !== "closed" ? "write" : away ? "offline" : session.shop?.full ? "full" : "write"), session);
    this.#renderQueue(session);
    if (this.#stick) this.#toEnd();
    else if (this.#keepPlace) this.scroller.scrollTop = this.scroller.scrollHeight - bottom;
    this.#keepPlace = false;
    this.#look();
  }

  /** @param {BuyerSession} session */
  #renderBanner(session) {
    const { t } = this;
    const { banner } = this;
    const refused = session.failure?.status === 404;
    if (session.phase === "failed") {
      banner.className = "banner bad";
      fill(banner, icon("alert"), h("span", {}, refused ? t("chat.unknownShop") : spoken(session.failure?.problem?.message, this.language) || t("chat.loadFailed")),
        refused ? null : h("button", { class: "inline", onclick: () => void session.start() }, t("chat.tryAgain")));
    } else if (session.phase === "ended") {
      fill(banner, icon("alert"), h("span", {}, t("chat.signedOut")), h("button", { class: "inline", onclick: () => void session.start() }, t("chat.tryAgain")));
    } else if (session.health.state === "unhealthy") {
      banner.className = "banner";
      fill(banner, icon("offline"), h("span", {}, spoken(session.health.trouble?.message, this.language) || t(session.durable ? "chat.unhealthy" : "chat.unhealthyLost")));
    }
    const hidden = session.phase !== "failed" && session.phase !== "ended" && (session.phase !== "ready" || session.health.state !== "unhealthy");
    if (banner.hidden !== hidden) banner.hidden = hidden;
  }

  /** @param {BuyerSession} session */
  #renderAfter(session) {
    const { t } = this;
    const summary = session.state.conversation;
    const rating = summary?.rating;
    const sending = session.unsent.some((e) => e.frame.type === "rate" && e.state === "waiting");
    const due = summary && rating?.score == null && (rating?.invited || summary.state === "closed")
      && this.#ratingPutOff !== `${summary.id} ${summary.closedAt}`;
    const want = due && !sending ? `rate ${summary.id}` : rating?.score != null && summary?.state === "closed" ? "thanks" : "";
    if (this.tail.dataset.shows === want) return;
    this.tail.dataset.shows = want;
    fill(this.tail, want === "thanks" ? h("p", { class: "system", role: "status" }, t("chat.rateThanks")) : null);
    if (!want.startsWith("rate")) return;
    const later = () => {
      this.#ratingPutOff = `${summary?.id} ${summary?.closedAt}`;
      this.render();
      this.composer.focus();
    };
    Promise.all([import("./forms.js"), this.#later()]).then(([{ ratingForm }]) => {
      if (this.tail.dataset.shows === want) fill(this.tail, ratingForm({ session, t, later }));
    }, () => delete this.tail.dataset.shows);
  }

  /** @param {BuyerSession} session */
  #renderQueue(session) {
    const { t } = this;
    const summary = session.state.conversation;
    this.strip.hidden = summary?.state !== "queued" || this.foot.dataset.shows !== "write";
    if (this.strip.hidden) return;
    const queue = session.queue;
    const wait = queue?.waitSeconds ?? null;
    const time = wait === null ? t("chat.waitUnknown") : wait < 60 ? t("chat.waitSoon") : t("chat.waitMinutes", { n: Math.ceil(wait / 60) });
    const away = session.shop?.online === false;
    const place = away ? t("chat.left") : !queue ? t("chat.queueing") : queue.place <= 1 ? t("chat.queueNext") : t("chat.queuePlace", { n: queue.place - 1 });
    const said = queue && queue.place > 1 && !away ? `${place} ${time}` : place;
    // Set only when it differs: a status that is set again is read aloud again.
    if (this.strip.dataset.said !== said) fill(this.strip, icon("clock"), h("span", {}, place, queue && !away ? ` ${time}` : null));
    this.strip.dataset.said = said;
  }

  /**
   * @param {"write"|"offline"|"full"} want the field, or the form for who cannot be taken on now and why
   * @param {BuyerSession} session
   */
  #renderFoot(want, session) {
    this.foot.hidden = session.failure?.status === 404;
    if (this.foot.dataset.shows === want) return;
    this.foot.dataset.shows = want;
    if (want === "write") return void fill(this.foot, this.composer.element);
    Promise.all([import("./forms.js"), this.#later()]).then(([{ offlineForm }]) => {
      if (this.foot.dataset.shows === want) fill(this.foot, offlineForm({ session, t: this.t, language: this.language, full: want === "full", away: this.#own("away") }));
    }, () => delete this.foot.dataset.shows);
  }

  /**
   * The shop's own words, where it has some.
   * @param {string} role
   */
  #own(role) {
    return this.session.shop?.texts?.[role]?.[this.language === "en" ? "en" : "zh"] ?? "";
  }

  // Looking -------------------------------------------------------------------------------------------------------

  #look = () => {
    if (!this.opened) return;
    const looking = document.visibilityState === "visible" && this.#stick;
    this.below.hidden = this.#stick || this.session.unread === 0;
    this.session.mark(looking);
  };

  #scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only going up lets go of the end: what grows below also counts as "not at the end", yet nobody went away.
    if (scrollHeight - scrollTop - clientHeight < 48) this.#stick = true;
    else if (scrollTop < this.#top - 2) this.#stick = false;
    this.#top = scrollTop;
    if (scrollTop < 40 && !this.older.hidden && clientHeight > 0) void this.#loadOlder();
    this.#look();
  };

  #toEnd() {
    this.#stick = true;
    const settle = () => {
      if (this.#stick) this.scroller.scrollTop = this.scroller.scrollHeight;
    };
    settle();
    requestAnimationFrame(settle);
  }

  async #loadOlder() {
    if (this.older.disabled) return;
    this.older.disabled = true;
    this.#stick = false;
    this.#keepPlace = true;
    try {
      await this.session.loadOlder();
    } catch {
      this.#say(this.t("chat.loadFailed"));
    } finally {
      this.older.disabled = false;
    }
  }

  /** A phone's keyboard covers the page without shrinking it: follow what is really seen. */
  #fit = () => {
    const view = window.visualViewport;
    if (view && this.panel) this.panel.style.setProperty("--seen", `${view.height}px`);
    if (this.#stick) this.#toEnd();
  };

  /** @param {string} text */
  #say(text) {
    this.spoken.textContent = text;
  }

  #sound() {
    if (!this.#soundOn || (this.opened && document.visibilityState === "visible" && document.hasFocus())) return;
    this.#over((o) => o.chime());
  }

  /**
   * Menus, questions and large pictures are loaded when they are first wanted.
   * @param {(overlays: typeof import("./overlays.js")) => void} act
   */
  #over(act) {
    Promise.all([import("./overlays.js"), this.#later()]).then(([o]) => act(o), () => this.#say(this.t("chat.loadFailed")));
  }

  /** The styles and the words of what is not needed at once. */
  async #later() {
    const root = this.host.shadowRoot;
    const [sheet, { texts }] = await Promise.all([
      (laterSheet ??= loadSheet("widget/later.css")), this.language === "en" ? import("./later.en.js") : import("./later.zh.js"),
    ]);
    Object.assign(this.texts, texts);
    if (root && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  // Doing ---------------------------------------------------------------------------------------------------------

  /** @returns {import("./log.js").Choice[]} */
  #choices() {
    const { t } = this;
    const state = this.session.state.conversation?.state;
    return [
      {
        label: t(this.#soundOn ? "chat.soundOff" : "chat.soundOn"), icon: this.#soundOn ? "mute" : "sound",
        act: () => {
          this.#soundOn = !this.#soundOn;
          store(`${this.shelf}.sound`, this.#soundOn ? "on" : null);
        },
      },
      ...(state && state !== "closed" ? [{ label: t("chat.end"), icon: "logout", act: () => this.#over((o) => o.ask(this.panel, {
          question: t("chat.endAsk"), yes: t("chat.endYes"), no: t("chat.endNo"), act: () => void this.session.act("close", { reason: "buyer" }),
        })) }] : []),
    ];
  }

  /**
   * @param {DragEvent} event
   * @param {boolean} over
   */
  #drag(event, over) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.panel.classList.toggle("drag", over);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    this.#drag(event, false);
    if (this.foot.dataset.shows === "write") void this.composer.take(files);
  }

  /** Escape leaves; Tab goes round inside, as the window lies over the page. */
  #keys = (/** @type {KeyboardEvent} */ event) => {
    if (this.page || /** @type {Element} */ (event.target).closest("dialog")) return;
    if (event.key === "Escape" && !event.isComposing) return this.close();
    if (event.key !== "Tab") return;
    const stops = /** @type {HTMLElement[]} */ ([...this.panel.querySelectorAll("button, textarea, input, a[href]")])
      .filter((e) => e.tabIndex >= 0 && !e.matches(":disabled") && e.getClientRects().length > 0);
    const [first, last] = [stops[0], stops.at(-1)];
    const now = this.host.shadowRoot?.activeElement;
    if (event.shiftKey ? now === first : now === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  };
}
