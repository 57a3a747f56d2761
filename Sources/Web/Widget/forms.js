// The two forms of the buyer's window: a message while the shop is away, and the rating.

import { icon } from "../Design/icon.js";
import "../Design/icons-later.js";
import { spoken } from "../Protocol/i18n.js";
import { newKey } from "../Protocol/keys.js";
import { weekday } from "../Protocol/zone.js";
import { fill, h } from "./dom.js";

/**
 * @param {string} contact
 * @returns {boolean} an e-mail address, or a phone number of 7 to 15 digits (E.164 allows 15)
 */
export function isContact(contact) {
  const digits = contact.replace(/[\s().-]/g, "");
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(contact.trim()) || /^\+?\d{7,15}$/.test(digits);
}

/**
 * @param {object} context
 * @param {import("./session.js").BuyerSession} context.session
 * @param {import("../Protocol/i18n.js").Translate} context.t
 * @param {import("../Protocol/i18n.js").Language} context.language
 * @param {boolean} context.full too many wait; otherwise nobody is there
 * @param {string} context.away the shop's own words for when nobody is there; empty = ours
 */
export function offlineForm({ session, t, language, full, away }) {
  // One key for one message: pressing again after a lost answer does not leave it twice.
  let key = newKey();
  // Monday first; null = closed that day.
  const hours = hoursToday(session.shop?.hours, session.clock.now());
  const fields = {
    name: field(t("chat.name"), h("input", { autocomplete: "name", maxlength: 60 })),
    contact: field(t("chat.contact"), h("input", { autocomplete: "email", maxlength: 120, inputmode: "email" })),
    text: field(t("chat.question"), h("textarea", { rows: 3, maxlength: 2000 })),
  };
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { class: "button primary", type: "submit" }, t("chat.leave"));
  const title = t(full ? "chat.fullTitle" : "chat.offlineTitle");
  // A queue gets shorter: one may ask again without leaving anything.
  const again = full ? h("button", { class: "button", onclick: () => void session.askAgain() }, t("chat.fullAgain")) : null;
  const form = h("form", { class: "sheet", novalidate: true, "aria-label": title, onsubmit: send },
    h("h3", {}, title),
    h("p", { class: "hint" }, full ? t("chat.fullText") : away || t("chat.offlineText"), " ", hours && !full ? t("chat.hours", { hours: hours.join("–") }) : ""),
    fields.name.element, fields.contact.element, fields.text.element, wrong, h("div", { class: "sheet-acts" }, submit, again));
  fields.text.input.value = session.turnedAway.map((entry) => entry.frame.text ?? "").filter(Boolean).join("\n");
  if (session.buyer?.name && !/^(访客|Visitor|Guest)/.test(session.buyer.name)) fields.name.input.value = session.buyer.name;

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    const name = fields.name.input.value.trim();
    const contact = fields.contact.input.value.trim();
    const text = fields.text.input.value.trim();
    fields.name.complain(name ? "" : t("chat.nameNeeded"));
    fields.contact.complain(!contact ? t("chat.contactNeeded") : isContact(contact) ? "" : t("chat.contactWrong"));
    fields.text.complain(text ? "" : t("chat.questionNeeded"));
    const first = Object.values(fields).find((f) => f.input.getAttribute("aria-invalid") === "true");
    if (first) return first.input.focus();
    submit.disabled = true;
    submit.textContent = t("chat.leaving");
    wrong.textContent = "";
    try {
      await session.leave({ name, contact, text, key });
      done();
    } catch (error) {
      const problem = /** @type {import("./calls.js").Failed} */ (error).problem;
      wrong.textContent = spoken(problem?.message, language) || t("chat.loadFailed");
    } finally {
      submit.disabled = false;
      submit.textContent = t("chat.leave");
    }
  }

  function done() {
    key = newKey();
    const kept = [...form.childNodes];
    const more = h("button", {
      class: "button",
      onclick: () => {
        fields.text.input.value = "";
        form.replaceChildren(...kept);
        fields.text.input.focus();
      },
    }, t("chat.leaveMore"));
    fill(form, h("div", { class: "done", role: "status" }, icon("check"), h("p", {}, t("chat.left"))), more);
    more.focus();
  }
  return form;
}

/**
 * The hours of this day where the shop is: the buyer may sit where it is another day.
 * @param {{zone: string, week: ([string, string]|null)[]}|null|undefined} hours
 * @param {number} now
 * @returns {[string, string]|null|undefined}
 */
export function hoursToday(hours, now) {
  try {
    return hours?.week?.[weekday(now, hours.zone)];
  } catch {
    return null; // a zone that this browser does not know
  }
}

let fieldNumber = 0;

/**
 * @template {HTMLInputElement|HTMLTextAreaElement} Input
 * @param {string} label
 * @param {Input} input
 */
function field(label, input) {
  const id = `wrong-${fieldNumber += 1}`;
  const wrong = h("span", { class: "wrong", id });
  input.className = "input";
  input.required = true;
  input.setAttribute("aria-describedby", id);
  return {
    input, element: h("label", { class: "field" }, h("span", {}, label), input, wrong),
    complain(/** @type {string} */ text) {
      wrong.textContent = text;
      input.setAttribute("aria-invalid", String(Boolean(text)));
    },
  };
}

/**
 * @param {object} context
 * @param {import("./session.js").BuyerSession} context.session
 * @param {import("../Protocol/i18n.js").Translate} context.t
 * @param {() => void} context.later the person would rather not
 */
export function ratingForm({ session, t, later }) {
  let score = -1;
  const submit = h("button", { class: "button primary", type: "submit", disabled: true }, t("chat.rateSend"));
  const comment = h("textarea", { class: "input", rows: 2, maxlength: 500, "aria-label": t("chat.rateComment"), placeholder: t("chat.rateComment") });
  const more = h("div", { class: "rate-more", hidden: true }, comment, submit);
  const faces = [0, 1, 2, 3, 4].map((level) => h("label", { class: `face face-${level}` },
    h("input", {
      type: "radio", name: "score", value: level,
      onchange: () => {
        score = level;
        submit.disabled = false;
        more.hidden = false;
        more.scrollIntoView({ block: "nearest" });
      },
    }), icon(`face${level}`), h("span", {}, t(`chat.rate${level}`))));
  return h("form", {
    class: "sheet rating", "aria-label": t("chat.rate"),
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (score < 0) return;
      submit.disabled = true;
      void session.act("rate", { score, ...(comment.value.trim() ? { comment: comment.value.trim() } : {}) });
    },
  }, h("fieldset", {}, h("legend", {}, t("chat.rate")), h("div", { class: "faces" }, faces)), more,
  h("button", { class: "inline later", onclick: later }, t("chat.rateLater")));
}
