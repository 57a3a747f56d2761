// Above the field, while it is empty and the buyer waits: the phrases that may be the answer. A press puts one into the
// field; Alt+R takes the first.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { nextReplies } from "./replies.js";

/**
 * @param {import("./store.js").Store} store
 * @param {import("./phrases.js").PhraseBook} book
 * @param {(phrase: import("./phrases.js").Phrase) => void} use
 */
export function createNextReplies(store, book, use) {
    const element = h("div", { class: "composer-next", role: "group", "aria-label": t("desk.next"), hidden: true });
    /** @type {import("./phrases.js").Phrase[]} */
    let offered = [];
    let shown = "";

    return {
        element,
        /**
         * @param {string} id the chat that is open
         * @param {boolean} free whether nothing stands in the field and words may go to the buyer
         */
        look(id, free) {
            const messages = store.held.get(id)?.state.messages ?? [];
            const said = messages.filter((message) => message.kind !== "system" && message.kind !== "note" && !message.withdrawn);
            const answered = said.map((message) => message.author.kind !== "buyer").lastIndexOf(true);
            const asked = free ? said.slice(answered + 1).map((message) => message.text ?? "").join(" ") : "";
            const key = `${id} ${asked} ${book.phrases.length}`;
            if (key === shown) return;
            shown = key;
            offered = asked ? nextReplies(book.phrases, asked) : [];
            element.hidden = offered.length === 0;
            fill(element, offered.map((phrase, index) => h("button", {
                type: "button", class: "button small", title: phrase.text, onclick: () => use(phrase),
            }, icon("bolt"), phrase.title, index === 0 ? h("kbd", null, "Alt+R") : null)));
        },
        /** @returns {boolean} whether there was one */
        takeFirst() {
            if (offered.length === 0) return false;
            use(offered[0]);
            return true;
        },
    };
}
