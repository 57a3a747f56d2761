// The desk's keys. What each does is the desk's; here is which key, and what the sheet says.
import { slotKey } from "./inbox.js";
import { slotCount } from "./slots.js";

/** @typedef {() => unknown} Act false = not handled */

/**
 * @param {{slot: (slot: number) => unknown, urgent: Act, along: (step: number) => unknown, list: Act, claim: Act, messages: Act,
 *   write: Act, reply: Act, note: Act, transfer: Act, snooze: Act, close: Act, panel: Act, tags: Act, search: Act, back: Act}} acts
 * @returns {import("../Shell/keys.js").Shortcut[]}
 */
export function deskShortcuts(acts) {
    const chats = "desk.key.chats";
    const words = "desk.key.messagesGroup";
    const doing = "desk.key.acts";
    const slots = Array.from({ length: slotCount }, (_, index) => index + 1);
    return [
        ...slots.map((slot) => ({
            keys: `Alt+${slotKey(slot)}`, label: "desk.key.slot", group: chats, run: () => acts.slot(slot), listed: slot === 1,
        })),
        ...slots.map((slot) => ({
            keys: slotKey(slot), label: "desk.key.slotPlain", group: chats, run: () => acts.slot(slot), listed: slot === 1,
        })),
        { keys: "Alt+J", label: "desk.nextUrgent", group: chats, run: acts.urgent },
        { keys: "Alt+ArrowDown", label: "desk.key.down", group: chats, run: () => acts.along(1) },
        { keys: "J", label: "desk.key.down", group: chats, run: () => acts.along(1) },
        { keys: "K", label: "desk.key.up", group: chats, run: () => acts.along(-1) },
        { keys: "Alt+I", label: "desk.key.list", group: chats, run: acts.list },
        { keys: "Alt+ArrowUp", label: "desk.key.messages", group: words, run: acts.messages },
        { keys: "Alt+W", label: "desk.key.write", group: words, run: acts.write },
        { keys: "Alt+N", label: "desk.key.note", group: words, run: acts.note },
        { keys: "Alt+R", label: "desk.key.reply", group: words, run: acts.reply },
        { keys: "Alt+T", label: "desk.transfer", group: doing, run: acts.transfer },
        { keys: "Alt+S", label: "desk.snooze", group: doing, run: acts.snooze },
        { keys: "Alt+E", label: "desk.close", group: doing, run: acts.close },
        { keys: "Alt+C", label: "desk.claim", group: doing, run: acts.claim },
        { keys: "Alt+P", label: "desk.key.panel", group: doing, run: acts.panel },
        { keys: "Alt+G", label: "desk.key.tags", group: doing, run: acts.tags },
        { keys: "Mod+F", label: "desk.searchWithin", group: doing, typing: true, run: acts.search },
        { keys: "Escape", label: "desk.key.back", group: chats, listed: false, run: acts.back },
    ];
}
