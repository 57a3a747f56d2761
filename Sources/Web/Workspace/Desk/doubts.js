// What looks wrong about words that are about to leave (domain J14): the picture that was promised and is not there,
// another buyer's name, another buyer's order, a variable that nobody filled.

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {{code: "attachment" | "buyer" | "order" | "variable", what: string}} Doubt */
/**
 * What is known when somebody is about to send.
 * @typedef {object} Situation
 * @property {boolean} carries whether a file goes with the words
 * @property {string} buyer who will read them
 * @property {readonly Message[]} messages of this conversation
 * @property {{name: string, messages: readonly Message[]}[]} others this agent's other open chats
 */

const promise = /(见|如|看)(下|上|附)?图|附件(里|中|是|如|见|已)|(图片|照片|截图|文件)(发|传|如下|在这)|(发|传)(您|你|一下)(图片|照片|截图|文件)|\b(attached|see (the )?(photo|picture|image|screenshot|file|attachment))\b/i;
const orders = /(?<!\d)\d{12,22}(?!\d)/g;
/** Names that the program gave are no names: "访客6720". */
const given = /^(访客|Visitor|Guest)\s*\d*$/i;

/** @param {Message} message */
function wordsOf(message) {
    return [message.text, message.card?.title, ...(message.card?.lines ?? []).map((line) => line[1])].join(" ");
}

/**
 * What looks wrong, the gravest first; empty = nothing.
 * @param {string} text
 * @param {Situation} situation
 * @returns {Doubt[]}
 */
export function doubts(text, { carries, buyer, messages, others }) {
    /** @type {Doubt[]} */
    const found = [];
    const here = messages.map(wordsOf).join("\n");
    const name = others.map((other) => other.name).find((other) =>
        [...other].length > 1 && !given.test(other) && text.includes(other) && !buyer.includes(other) && !here.includes(other));
    if (name) found.push({ code: "buyer", what: name });
    for (const order of text.match(orders) ?? []) {
        const foreign = !here.includes(order)
            && others.find((other) => other.messages.some((message) => wordsOf(message).includes(order)));
        if (foreign) found.push({ code: "order", what: order });
    }
    const hole = /\{(买家|客服|店铺|订单号|时间|日期|buyer|agent|shop|order|time|date)\}/.exec(text);
    if (hole) found.push({ code: "variable", what: hole[0] });
    if (!carries && promise.test(text)) found.push({ code: "attachment", what: "" });
    return found;
}
