// The keyboard among the messages: up and down move, a letter acts on the message that has the keyboard.

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {"reply" | "edit" | "withdraw" | "copy"} Verb */

/** @type {Record<string, Verb>} */
const verbs = { r: "reply", e: "edit", w: "withdraw", Delete: "withdraw", c: "copy" };

/**
 * @param {HTMLElement} scroller holds the messages as `article[data-number]`
 * @param {{message: (number: number) => Message | undefined, menu: (message: Message, anchor: HTMLElement) => void,
 *   act: (verb: Verb, message: Message) => void, leave: () => void}} acts
 */
export function moveByKeys(scroller, acts) {
    /** @param {Element | undefined} one */
    function focus(one) {
        if (!(one instanceof HTMLElement)) return;
        one.focus({ preventScroll: true });
        one.scrollIntoView({ block: "nearest" });
    }

    scroller.addEventListener("keydown", (event) => {
        const target = event.target instanceof HTMLElement ? event.target.closest("article[data-number]") : null;
        const articles = [...scroller.querySelectorAll("article[data-number]")];
        if (event.key === "Escape") {
            event.preventDefault();
            acts.leave();
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (!(target instanceof HTMLElement)) {
            if (event.key === "ArrowUp" && event.target === scroller) {
                event.preventDefault();
                focus(articles.at(-1));
            }
            return;
        }
        const at = articles.indexOf(target);
        const message = acts.message(Number(target.getAttribute("data-number")));
        if (event.key === "ArrowUp") focus(articles[at - 1]);
        else if (event.key === "ArrowDown") {
            if (at + 1 < articles.length) focus(articles[at + 1]);
            else acts.leave();
        } else if ((event.key === "Enter" || event.key === "ContextMenu") && message && event.target === target) {
            acts.menu(message, target);
        } else if (message && verbs[event.key]) acts.act(verbs[event.key], message);
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
}
