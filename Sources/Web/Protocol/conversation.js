// What a client holds of one conversation, and how an event changes it. Pure: no clock, no network, no page.
// An older state plus the events after it equals a fresh reading (Docs/api.md §2–3); the server is held to the same.

/** @typedef {import("./shapes.js").Message} Message */
/** @typedef {import("./shapes.js").Summary} Summary */
/** @typedef {import("./shapes.js").EventFrame} EventFrame */

/**
 * @typedef {object} State
 * @property {Summary|null} conversation
 * @property {readonly Message[]} messages ascending by number, each number once
 * @property {number} asOf number of the last event contained
 * @property {number|null} gap entries after this number are missing: read them with `messages?after=`, then `refill`
 */

/**
 * @typedef {object} Rules
 * @property {number|null} [replyTime] ms from a buyer's first unanswered message to its deadline (shop policy);
 *   unknown = learnt from the summary, else no deadline is shown
 */

/** @type {State} */
export const nothing = Object.freeze({ conversation: null, messages: Object.freeze([]), asOf: 0, gap: null });

/**
 * The state in an HTTP answer.
 * @param {{conversation?: Summary|null, messages?: Message[], asOf: number}} answer
 * @returns {State}
 */
export function read(answer) {
  return {
    conversation: answer.conversation ?? null, messages: merge([], answer.messages ?? []), asOf: answer.asOf, gap: null,
  };
}

/**
 * Both lists as one, ascending, each number once; where both have a number the second list's entry wins.
 * @param {readonly Message[]} known
 * @param {readonly Message[]} more
 * @returns {readonly Message[]}
 */
export function merge(known, more) {
  if (more.length === 0) return known;
  const last = known.at(-1)?.number ?? -1;
  if (more.length === 1 && more[0].number > last) return [...known, more[0]];
  const byNumber = new Map(known.map((m) => [m.number, m]));
  for (const m of more) byNumber.set(m.number, m);
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/**
 * An older page (`before=`) or the entries of a gap (`after=`). Closes the gap when the page reaches across it.
 * @param {State} state
 * @param {readonly Message[]} page
 * @returns {State}
 */
export function refill(state, page) {
  const messages = merge(state.messages, page);
  return { ...state, messages, gap: firstGap(messages) };
}

/**
 * The number after which an entry that everybody sees is missing, or null. What lies before the first message
 * held is not a gap: it is older history.
 * @param {readonly Message[]} messages
 */
export function firstGap(messages) {
  /** @type {number|null} */
  let before = null;
  for (const m of messages) {
    if (before !== null && isPublic(m) && (m.follows ?? 0) > before) return before;
    if (isPublic(m)) before = m.number;
  }
  return null;
}

/** @param {Message} m */
export function isPublic(m) {
  return (m.audience ?? "all") === "all";
}

/**
 * @param {State} state
 * @param {EventFrame} event of this conversation; events already contained change nothing
 * @param {Rules} [rules]
 * @returns {State}
 */
export function apply(state, event, rules = {}) {
  if (event.event <= state.asOf) return state;
  const messages = applyToMessages(state.messages, event);
  const conversation = state.conversation && applyToSummary(state.conversation, event, rules, messages);
  return { conversation, messages, asOf: event.event, gap: gapAfter(state, messages) };
}

/**
 * A command of one's own was acknowledged: what it did shows at once, as its event would bring it. Whether the sender
 * hears that event as well is not promised; a second time does no harm.
 * @param {State} state
 * @param {import("./shapes.js").Frame} command
 * @param {import("./shapes.js").Ack} ack
 * @param {import("./shapes.js").Author} me
 * @param {{rules?: Rules, attachment?: import("./shapes.js").Attachment|null, now?: number}} [more] `now`: when the answer
 *   came, for what its own time is not told of
 * @returns {State}
 */
export function acknowledge(state, command, ack, me, more = {}) {
  const conversation = state.conversation;
  const where = ack.conversation ?? command.conversation;
  if (conversation && where && where !== conversation.id) return state;
  const event = asEvent(command, ack, me, more);
  if (!event) return state;
  const messages = applyToMessages(state.messages, event);
  // `asOf` stays: an answer heard through another tab or beside a long poll may overtake earlier events, which must
  // still be applied; and one that came again is old. The message's own number keeps it from counting twice.
  const summary = conversation && {
    ...applyToSummary({ ...conversation, asOf: 0 }, event, more.rules ?? {}, messages), asOf: conversation.asOf,
  };
  return { conversation: summary, messages, asOf: state.asOf, gap: gapAfter(state, messages) };
}

/**
 * The event that an acknowledged command of one's own caused.
 * @param {import("./shapes.js").Frame} command
 * @param {import("./shapes.js").Ack} ack
 * @param {import("./shapes.js").Author} me
 * @param {{attachment?: import("./shapes.js").Attachment|null, now?: number}} more
 * @returns {EventFrame|null}
 */
function asEvent(command, ack, me, more) {
  const at = ack.at ?? more.now ?? 0;
  const found = asBody(command, ack, at, me, more.attachment ?? null);
  return found && {
    type: "event", event: ack.event, kind: found[0], conversation: ack.conversation ?? command.conversation, at, actor: me, body: found[1],
  };
}

/**
 * @param {import("./shapes.js").Frame} command
 * @param {import("./shapes.js").Ack} ack
 * @param {number} at
 * @param {import("./shapes.js").Author} me
 * @param {import("./shapes.js").Attachment|null} attachment
 * @returns {[string, any]|null} the event's kind and body
 */
function asBody(command, ack, at, me, attachment) {
  switch (command.type) {
    case "say": {
      const note = command.kind === "note";
      return ["message.sent", {
        id: ack.id, number: ack.number, follows: ack.follows ?? null, at: ack.at, key: command.key ?? null, author: me,
        kind: command.kind, text: command.text ?? "", replyTo: command.replyTo ?? null,
        audience: note ? (command.whisper ? "owner" : "staff") : "all", mentions: command.mentions ?? [],
        attachment, card: command.card ?? null, system: null, editedAt: null, withdrawn: false,
      }];
    }
    case "edit": return ["message.edited", { number: command.number, text: command.text, editedAt: at }];
    case "withdraw": return ["message.withdrawn", { number: command.number }];
    case "rate": return ["conversation.rated", { score: command.score, comment: command.comment ?? null }];
    case "close": return ["conversation.closed", { reason: command.reason }];
    default: return null;
  }
}

/**
 * @param {State} before
 * @param {readonly Message[]} messages
 */
function gapAfter(before, messages) {
  if (messages === before.messages) return before.gap;
  const gap = firstGap(messages);
  if (gap !== null || before.messages.length > 0) return gap;
  // Nothing was held, yet the conversation had entries: everything before the first one is missing.
  const first = messages[0];
  return first && isPublic(first) && (first.follows ?? 0) > 0 && (before.conversation?.lastPublic ?? 0) === 0 ? 0 : null;
}

/**
 * @param {readonly Message[]} messages
 * @param {EventFrame} event
 * @returns {readonly Message[]} the same array when nothing changed
 */
export function applyToMessages(messages, event) {
  switch (event.kind) {
    case "message.sent":
      return messages.some((m) => m.number === event.body.number) ? messages : merge(messages, [event.body]);
    case "message.edited":
      return change(messages, event.body.number, (m) => ({ ...m, text: event.body.text, editedAt: event.body.editedAt ?? event.at }));
    case "message.withdrawn":
      return change(messages, event.body.number, (m) => ({ ...m, withdrawn: true, text: "", attachment: null, card: null }));
    default:
      return messages;
  }
}

/**
 * @param {readonly Message[]} messages
 * @param {number} number
 * @param {(m: Message) => Message} how
 */
function change(messages, number, how) {
  return messages.some((m) => m.number === number) ? messages.map((m) => (m.number === number ? how(m) : m)) : messages;
}

/**
 * @param {Summary} summary
 * @param {EventFrame} event
 * @param {Rules} [rules]
 * @param {readonly Message[]} [messages] what is held of the conversation after the event; makes `unread` exact
 * @returns {Summary}
 */
export function applyToSummary(summary, event, rules = {}, messages = []) {
  if (event.event <= (summary.asOf ?? 0)) return summary;
  return { ...summary, ...changes(summary, event, rules, messages), asOf: event.event };
}

/**
 * @param {Summary} s
 * @param {EventFrame} event
 * @param {Rules} rules
 * @param {readonly Message[]} messages
 * @returns {Partial<Summary>}
 */
function changes(s, event, rules, messages) {
  const body = event.body ?? {};
  const idle = { waitingSince: null, deadline: null };
  const awake = { snoozedUntil: null, snoozeNote: null };
  switch (event.kind) {
    case "message.sent":
      return sent(s, body, rules);
    case "message.edited":
      return shown(s, body.number, body.text);
    case "message.withdrawn":
      return shown(s, body.number, "");
    case "conversation.queued":
      return { state: "queued", owner: null, assignment: null, group: group(s, body.group), queuedSince: event.at };
    case "conversation.assigned":
      return {
        state: "open", owner: body.owner, place: null, queuedSince: null, ...awake,
        assignment: { reason: body.reason, why: body.why, at: body.at ?? event.at },
      };
    case "conversation.transferred":
      return body.toGroup ? { group: group(s, body.toGroup) } : {}; // who owns it next is an event of its own
    case "conversation.returned":
      return { owner: null, assignment: null };
    case "conversation.closed":
      return { state: "closed", closedAt: event.at, place: null, queuedSince: null, ...idle, ...awake };
    case "conversation.reopened":
      return { state: "queued", owner: null, assignment: null, closedAt: null, rating: { invited: false, score: null, comment: null } };
    case "conversation.woken":
      return { state: "open", snoozedUntil: null };
    case "conversation.snoozed":
      return { state: "snoozed", snoozedUntil: body.until ?? null, snoozeNote: body.note ?? null };
    case "conversation.tagged":
      return { tags: body.tags ?? [] };
    case "conversation.merged":
      return { mergedInto: body.into };
    case "conversation.read":
      if (body.side === "buyer") {
        return {
          readByBuyer: Math.max(s.readByBuyer, body.upTo), deliveredToBuyer: Math.max(s.deliveredToBuyer, body.upTo),
        };
      }
      return { readByAgent: Math.max(s.readByAgent, body.upTo), unread: body.unread ?? unread(s, Math.max(s.readByAgent, body.upTo), messages) };
    case "conversation.delivered":
      return { deliveredToBuyer: Math.max(s.deliveredToBuyer, body.upTo) };
    case "conversation.ratingInvited":
      return { rating: { score: null, comment: null, ...s.rating, invited: true } };
    case "conversation.rated":
      return { rating: { invited: true, score: body.score, comment: body.comment || null } };
    default:
      return {};
  }
}

/**
 * An event names a group by its id; its name is known when it is the group it was.
 * @param {Summary} s
 * @param {string|{id: string, name: string}|null|undefined} to
 */
function group(s, to) {
  if (typeof to !== "string") return to ?? null;
  return s.group?.id === to ? s.group : { id: to, name: "" };
}

/**
 * @param {Summary} s
 * @param {Message} m
 * @param {Rules} rules
 * @returns {Partial<Summary>}
 */
function sent(s, m, rules) {
  if (m.number <= s.lastNumber) return {};
  if (!isPublic(m)) return { lastNumber: m.number };
  /** @type {Partial<Summary>} */
  const next = { lastNumber: m.number, lastPublic: m.number };
  if (m.kind !== "system") {
    next.preview = { number: m.number, text: short(m.text), kind: m.kind, from: m.author.kind, at: m.at };
  }
  if (m.author.kind === "buyer") {
    Object.assign(next, { unread: (s.unread ?? 0) + 1, readByBuyer: m.number, deliveredToBuyer: m.number });
    if (s.waitingSince == null) {
      const replyTime = rules.replyTime ?? null;
      next.waitingSince = m.at;
      next.deadline = replyTime === null ? null : m.at + replyTime;
    }
  } else if (m.author.kind === "agent") {
    Object.assign(next, { waitingSince: null, deadline: null, readByAgent: m.number, unread: 0 });
  }
  return next;
}

/**
 * The preview after an entry's text changed.
 * @param {Summary} s
 * @param {number} number
 * @param {string} text
 * @returns {Partial<Summary>}
 */
function shown(s, number, text) {
  return s.preview?.number === number ? { preview: { ...s.preview, text: short(text) } } : {};
}

/** @param {string|null|undefined} text */
const short = (text) => [...(text ?? "")].slice(0, 80).join("");

/**
 * Buyer messages after `upTo`: counted when all of them are held, else at most what was unread before.
 * @param {Summary} s
 * @param {number} upTo
 * @param {readonly Message[]} messages
 */
function unread(s, upTo, messages) {
  if (upTo >= s.lastPublic) return 0;
  const held = messages.length > 0 && (messages[0].number <= upTo + 1) && firstGap(messages) === null;
  if (held) return messages.filter((m) => m.number > upTo && m.author.kind === "buyer" && m.kind !== "system").length;
  return Math.min(s.unread, s.lastNumber - upTo);
}
