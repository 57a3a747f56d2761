// A conversation in three lines (domain A16): what the buyer wants, what was told, what is to be remembered. For who
// comes back to one of twelve chats and has a second to know where it stood.

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {{code: "wants" | "told" | "next", text: string}} Line */

const longest = 80;
const question = /[?？]|吗|呢|怎么|多少|几[天时个件]|什么|哪|能不能|可以.{0,6}[么吗]|\b(how|when|what|where|can|could|why|which)\b/i;

/** @param {string} text */
function short(text) {
    const plain = text.replace(/\s+/g, " ").trim();
    const letters = [...plain];
    return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : plain;
}

/** @param {Message} message */
function words(message) {
    return message.withdrawn ? "" : [message.card?.title, message.text].filter(Boolean).join(" ");
}

/**
 * @param {readonly Message[]} messages
 * @param {(message: Message) => unknown} is
 */
function latest(messages, is) {
    return [...messages].reverse().find(is);
}

/**
 * @param {readonly Message[]} messages as far as they are held
 * @param {{text: string, scope: string, at: number}[]} notes pinned
 * @param {string | null | undefined} snoozeNote
 * @returns {Line[]} only lines that say something
 */
export function gist(messages, notes, snoozeNote) {
    const said = messages.filter((message) => message.kind !== "system" && message.kind !== "note" && words(message));
    const answered = said.map((message) => message.author.kind !== "buyer").lastIndexOf(true);
    const waiting = said.slice(answered + 1);
    const asked = latest(said, (message) => message.author.kind === "buyer" && question.test(words(message)));
    const wants = waiting.length > 0 ? waiting.map(words).join(" ") : asked ? words(asked) : said.length > 0 ? words(said[0]) : "";
    const told = answered >= 0 ? words(said[answered]) : "";
    const card = latest(messages, (message) => message.system?.code === "transferred" && (message.system.args?.nextStep || message.system.args?.promise));
    const note = latest(messages, (message) => message.kind === "note" && !message.withdrawn);
    const pinned = [...notes].sort((a, b) => b.at - a.at)[0];
    const kept = [
        { at: Number.MAX_SAFE_INTEGER, text: snoozeNote ?? "" },
        { at: card?.at ?? 0, text: [card?.system?.args?.promise, card?.system?.args?.nextStep].filter(Boolean).join("；") },
        { at: note?.at ?? 0, text: note?.text ?? "" },
        { at: pinned?.at ?? 0, text: pinned?.text ?? "" },
    ].filter((one) => one.text).sort((a, b) => b.at - a.at)[0];
    return /** @type {Line[]} */ ([
        { code: "wants", text: short(wants) }, { code: "told", text: short(told) }, { code: "next", text: short(kept?.text ?? "") },
    ]).filter((line) => line.text);
}
