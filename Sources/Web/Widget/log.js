// The conversation as it is read: messages, what is not sent yet, days, and what one may do with a message.

import { icon } from "../Design/icon.js";
import { spoken } from "../Protocol/i18n.js";
import { dayName, sameDay, timeOfDay } from "../Protocol/time.js";
import { fill, h, webAddress, withLinks } from "./dom.js";
import { changeTime } from "./session.js";

/** @typedef {import("../Protocol/shapes.js").Message} Message */
/** @typedef {import("../Protocol/outbox.js").Entry} Entry */
/** @typedef {import("./session.js").BuyerSession} BuyerSession */

/**
 * @typedef {object} Context
 * @property {BuyerSession} session
 * @property {import("../Protocol/i18n.js").Translate} t
 * @property {import("../Protocol/i18n.js").Language} language
 * @property {string} base
 * @property {(m: Message) => void} reply
 * @property {(m: Message) => void} edit
 * @property {(text: string) => void} rewrite
 * @property {(picture: {name: string, load: () => Promise<string>}) => void} zoom
 * @property {(button: HTMLElement, choices: Choice[]) => void} menu
 * @property {(text: string) => void} announce
 */
/** @typedef {{label: string, icon: string, act: () => void}} Choice */
/** @typedef {{id: string, signature: string, build: () => HTMLElement}} Item */

export class Log {
  #context;
  /** @type {Map<string, {signature: string, element: HTMLElement}>} */
  #built = new Map();
  /**
   * Local addresses of pictures, by upload or by key.
   * @type {Map<string, string>}
   */
  #pictures = new Map();
  /**
   * What was written and then withdrawn, to write it again; forgotten with the page.
   * @type {Map<number, string>}
   */
  #withdrawn = new Map();

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.element = h("div", { class: "log", role: "log", "aria-label": context.t("chat.log"), "aria-live": "off", onkeydown: this.#keys });
  }

  /** After the first filling: from now on what is new is read aloud. */
  listen() {
    this.element.setAttribute("aria-live", "polite");
  }

  update() {
    const items = this.#items();
    const known = new Set(items.map((i) => i.id));
    items.forEach((item, index) => {
      let built = this.#built.get(item.id);
      if (!built || built.signature !== item.signature) {
        const element = item.build();
        built?.element.replaceWith(element);
        built = { signature: item.signature, element };
        this.#built.set(item.id, built);
      }
      const there = this.element.children[index];
      if (there !== built.element) this.element.insertBefore(built.element, there ?? null);
    });
    for (const [id, { element }] of this.#built) {
      if (known.has(id)) continue;
      element.remove();
      this.#built.delete(id);
    }
    this.#oneStop();
  }

  release() {
    for (const address of this.#pictures.values()) URL.revokeObjectURL(address);
    this.#pictures.clear();
  }

  /** @returns {Item[]} */
  #items() {
    const { session, language } = this.#context;
    const { messages, conversation } = session.state;
    const now = session.clock.now();
    /** @type {Item[]} */
    const items = [];
    /** @type {Message|null} */
    let before = null;
    messages.forEach((m, index) => {
      if (m.kind === "system" && quietCodes.has(m.system?.code ?? "")) return;
      if (!before || !sameDay(before.at, m.at)) {
        const name = dayName(m.at, now, language);
        items.push({ id: `day ${m.number}`, signature: name, build: () => h("p", { class: "day" }, h("span", {}, name)) });
        before = null;
      }
      const after = messages[index + 1];
      const first = !before || !together(before, m);
      const last = !after || !together(m, after) || !sameDay(m.at, after.at);
      const read = m.number <= (conversation?.readByAgent ?? 0);
      items.push({
        id: m.key && m.author.kind === "buyer" ? `key ${m.key}` : `message ${m.number}`,
        signature: [m.text, m.editedAt, m.withdrawn, first, last, mine(m) && read].join("|"),
        build: () => this.#message(m, first, last, read),
      });
      before = m;
    });
    const held = new Set(messages.map((m) => m.key));
    for (const entry of session.unsent) {
      if (entry.frame.type !== "say" || held.has(entry.key)) continue;
      const part = session.progress.get(entry.key);
      items.push({
        id: `key ${entry.key}`,
        signature: [entry.state, entry.problem?.code, entry.attachment ? 1 : part, session.health.state === "connected"].join("|"),
        build: () => this.#unsent(entry),
      });
    }
    return items;
  }

  /**
   * @param {Message} m
   * @param {boolean} first of a run by the same author
   * @param {boolean} last
   * @param {boolean} read
   */
  #message(m, first, last, read) {
    const { t, language } = this.#context;
    if (m.kind === "system") return this.#system(m);
    const own = mine(m);
    const name = this.#name(m);
    if (m.withdrawn) {
      const text = this.#withdrawn.get(m.number);
      return h("p", { class: "system" }, own ? t("chat.withdrawnMine") : t("chat.withdrawnTheirs", { name }), " ",
        own && text ? h("button", { class: "inline", onclick: () => this.#context.rewrite(text) }, t("chat.rewrite")) : null);
    }
    const state = own ? t(read ? "chat.read" : "chat.sent") : "";
    return h("article", { class: `message ${own ? "mine" : "theirs"}${first ? " first" : ""}`, "aria-label": name },
      own ? null : h("span", { class: `avatar${first ? "" : " blank"}`, "aria-hidden": "true" }, first ? initial(name) : ""),
      h("div", { class: "body" },
        own || !first ? null : h("span", { class: "name" }, name),
        h("div", { class: "line" }, this.#content(m), this.#button(m)),
        !last && !m.editedAt ? null : h("span", { class: "meta" },
          m.editedAt ? h("span", {}, t("chat.edited")) : null,
          last ? h("time", { datetime: new Date(m.at).toISOString() }, timeOfDay(m.at, language)) : null,
          last && own ? h("span", { class: `tick${read ? " read" : ""}`, title: state }, icon(read ? "checks" : "check"),
            h("span", { class: "aloud" }, state)) : null)));
  }

  /** @param {Message} m */
  #system(m) {
    const { t } = this.#context;
    const code = m.system?.code ?? "";
    const args = m.system?.args ?? {};
    const key = code === "transferred" && args.name ? "chat.sys.transferredTo" : `chat.sys.${code}`;
    return h("p", { class: "system" }, systemCodes.has(code) ? t(key, args) : m.text ?? "");
  }

  /** @param {Entry} entry */
  #unsent(entry) {
    const { t, session, language } = this.#context;
    const { frame, key } = entry;
    const failed = entry.state === "failed";
    const part = session.progress.get(key);
    const uploading = entry.file && !entry.attachment && part !== undefined && part < 1;
    const away = session.health.state !== "connected";
    const state = failed ? t("chat.failed", { why: spoken(entry.problem?.message, language) || entry.problem?.code || "" })
      : uploading ? t("chat.uploading", { n: Math.round(part * 100) }) : away ? t("chat.waitingLine") : t("chat.sending");
    const content = entry.file ? this.#localFile(entry, part) : frame.card ? card(frame.card, this.#context)
      : h("div", { class: "bubble" }, this.#quote(frame.replyTo), withLinks(frame.text ?? ""));
    return h("article", { class: `message mine first unsent${failed ? " failed" : ""}`, "aria-label": t("chat.you") },
      h("div", { class: "body" }, h("div", { class: "line" }, content),
        h("span", { class: "meta" }, icon(failed ? "alert" : away ? "offline" : "clock"), h("span", {}, state)),
        failed ? h("span", { class: "choices" },
          h("button", { class: "inline", onclick: () => session.retry(key) }, t("chat.retry")),
          h("button", { class: "inline", onclick: () => session.discard(key) }, t("chat.discard"))) : null));
  }

  /**
   * @param {Entry} entry
   * @param {number|undefined} part
   */
  #localFile(entry, part) {
    const bar = h("progress", { max: 1, value: part ?? 0, "aria-label": entry.fileName });
    if (!entry.file?.type.startsWith("image/")) {
      return h("div", { class: "bubble file" }, icon("file"), h("span", { class: "file-name" }, entry.fileName || this.#context.t("chat.file")), bar);
    }
    let address = this.#pictures.get(entry.key);
    if (!address) this.#pictures.set(entry.key, (address = URL.createObjectURL(entry.file)));
    return h("div", { class: "picture" }, h("img", { src: address, alt: entry.fileName || this.#context.t("chat.image") }), bar);
  }

  /** @param {Message} m */
  #content(m) {
    const { t } = this.#context;
    if (m.kind === "image" && m.attachment) return this.#picture(m);
    if (m.kind === "file" && m.attachment) {
      const { name, size } = m.attachment;
      return h("button", { class: "bubble file", "aria-label": `${t("chat.download")} ${name}`, onclick: () => this.#save(m) },
        icon("file"), h("span", { class: "file-name" }, name), h("span", { class: "file-size" }, sizeName(size)), icon("download"));
    }
    if (m.kind === "card" && m.card) return card(m.card, this.#context);
    const big = /^\p{Extended_Pictographic}(?:[\u200d\ufe0f\p{Extended_Pictographic}\p{Emoji_Modifier}]){0,6}$/u.test(m.text ?? "");
    return h("div", { class: big && !m.replyTo ? "bubble emoji-only" : "bubble" }, this.#quote(m.replyTo), withLinks(m.text ?? ""));
  }

  /** @param {Message} m */
  #picture(m) {
    const { t, session } = this.#context;
    const { upload, name, width, height } = /** @type {import("../Protocol/shapes.js").Attachment} */ (m.attachment);
    const image = h("img", { alt: "", decoding: "async" });
    const button = h("button", {
      class: "picture", "aria-label": t("chat.imageNamed", { name }),
      onclick: () => this.#context.zoom({ name, load: () => this.#address(`full ${upload}`, () => session.file(upload)) }),
    }, image);
    // The place is kept before the picture is there, so that nothing jumps.
    if (width && height) image.style.aspectRatio = `${width} / ${height}`;
    const local = m.key ? this.#pictures.get(m.key) : undefined;
    const address = local ? Promise.resolve(local) : this.#address(`small ${upload}`, () => session.file(upload, true));
    address.then((found) => {
      image.src = found;
    }, () => fill(button, h("span", { class: "gone" }, icon("image"), t("chat.imageGone"))));
    return button;
  }

  /**
   * @param {string} id
   * @param {() => Promise<Blob>} load
   */
  async #address(id, load) {
    let address = this.#pictures.get(id);
    if (!address) this.#pictures.set(id, (address = URL.createObjectURL(await load())));
    return address;
  }

  /** @param {Message} m */
  async #save(m) {
    const { session, announce, t } = this.#context;
    if (!m.attachment) return;
    try {
      const address = URL.createObjectURL(await session.file(m.attachment.upload));
      h("a", { href: address, download: m.attachment.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch {
      announce(t("chat.loadFailed"));
    }
  }

  /** @param {number|null|undefined} number */
  #quote(number) {
    if (!number) return null;
    const { t, session } = this.#context;
    const m = session.state.messages.find((x) => x.number === number);
    return h("button", { class: "quote", tabindex: -1, onclick: () => this.#jump(number) },
      m ? `${this.#name(m)}：${summary(m, t)}` : t("chat.goneReply"));
  }

  /** @param {number} number */
  #jump(number) {
    const m = this.#context.session.state.messages.find((x) => x.number === number);
    const element = m && (this.#built.get(`message ${number}`) ?? this.#built.get(`key ${m.key}`))?.element;
    element?.scrollIntoView({ block: "center" });
    element?.classList.add("pointed");
    setTimeout(() => element?.classList.remove("pointed"), 1600);
  }

  /** @param {Message} m */
  #name(m) {
    const { t } = this.#context;
    return mine(m) ? t("chat.you") : m.author.name || t(m.author.kind === "bot" ? "chat.bot" : "chat.shop");
  }

  /** @param {Message} m */
  #button(m) {
    const { t, menu } = this.#context;
    /** @type {HTMLButtonElement} */
    const button = h("button", {
      class: "act", tabindex: -1, "aria-haspopup": "menu", "aria-label": t("chat.actions", { text: summary(m, t).slice(0, 40) }),
      onclick: () => menu(button, this.#choices(m)),
    }, icon("more"));
    return button;
  }

  /** @param {Message} m */
  #choices(m) {
    const { t, session, reply, edit, announce } = this.#context;
    const fresh = mine(m) && session.clock.now() - m.at < changeTime - 3_000 && session.state.conversation?.state !== "closed";
    /** @type {Choice[]} */
    const choices = [{ label: t("chat.reply"), icon: "reply", act: () => reply(m) }];
    if (m.kind === "text") {
      choices.push({
        label: t("chat.copy"), icon: "copy",
        act: () => void navigator.clipboard?.writeText(m.text ?? "").then(() => announce(t("chat.copied")), () => {}),
      });
    }
    if (fresh && m.kind === "text") choices.push({ label: t("chat.edit"), icon: "edit", act: () => edit(m) });
    if (fresh) {
      choices.push({
        label: t("chat.withdraw"), icon: "withdraw",
        act: () => {
          if (m.kind === "text" && m.text) this.#withdrawn.set(m.number, m.text);
          void session.act("withdraw", { number: m.number });
        },
      });
    }
    return choices;
  }

  // The log is one stop for Tab; inside it the arrows move between messages.
  #oneStop() {
    const buttons = this.#buttons();
    if (!buttons.some((b) => b.tabIndex === 0)) buttons.at(-1)?.setAttribute("tabindex", "0");
  }

  #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll(".act")]);
  }

  #keys = (/** @type {KeyboardEvent} */ event) => {
    const buttons = this.#buttons();
    const at = buttons.findIndex((b) => b === event.target);
    if (at < 0) return;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  };
}

/** Lines that the window shows in another way: as the day's beginning, the queue's strip, the rating. */
const quietCodes = new Set(["opened", "queued", "ratingInvited", "rated"]);
const systemCodes = new Set(["assigned", "transferred", "returned", "takenOver", "closed", "reopened", "snoozed", "woken", "merged"]);

/** @param {Message} m */
function mine(m) {
  return m.author.kind === "buyer";
}

/**
 * @param {Message} a
 * @param {Message} b
 */
function together(a, b) {
  return a.kind !== "system" && b.kind !== "system" && !a.withdrawn && !b.withdrawn && a.author.kind === b.author.kind
    && a.author.id === b.author.id && b.at - a.at < 180_000;
}

/** @param {string} name */
export function initial(name) {
  return [...name][0]?.toUpperCase() ?? "";
}

/**
 * A message in a few words.
 * @param {Message} m
 * @param {import("../Protocol/i18n.js").Translate} t
 */
export function summary(m, t) {
  if (m.withdrawn) return t("chat.goneReply");
  if (m.kind === "image") return `[${t("chat.image")}]`;
  if (m.kind === "file") return t("chat.fileNamed", { name: m.attachment?.name ?? "" });
  if (m.kind === "card") return m.card?.title ?? "";
  return m.text ?? "";
}

/** @param {number} bytes */
function sizeName(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/**
 * @param {import("../Protocol/shapes.js").Card} data
 * @param {Pick<Context, "t" | "base" | "session"> & Partial<Pick<Context, "language">>} context
 */
export function card(data, context, { t, base } = context) {
  const now = h("span", { class: "card-lines", hidden: true });
  const url = webAddress(data.url, base);
  const picture = webAddress(data.image, base);
  const kind = data.kind === "order" ? "order" : data.kind === "product" ? "product" : "link";
  const content = [
    h("span", { class: "card-top" },
      picture ? h("img", { src: picture, alt: "", loading: "lazy", referrerpolicy: "no-referrer" })
        : h("span", { class: "card-mark" }, icon(kind === "order" ? "receipt" : kind === "product" ? "bag" : "link")),
      h("span", { class: "card-text" },
        h("span", { class: "card-kind" }, t(`chat.${kind}`)),
        h("span", { class: "card-title" }, data.title),
        typeof data.price === "number" ? h("span", { class: "card-price" }, price(data.price)) : null)),
    data.lines?.length ? h("span", { class: "card-lines" }, data.lines.map(([name, value]) => h("span", {}, h("span", {}, name), h("span", {}, value)))) : null, now,
  ];
  if (data.sku || data.item) import("./live.js").then((later) => later.live(now, data, context));
  return url ? h("a", { class: "card", href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, content) : h("div", { class: "card" }, content);
}

/** @param {number} fen */
export function price(fen) {
  return `¥${(fen / 100).toFixed(2)}`;
}
