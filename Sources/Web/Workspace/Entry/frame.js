// The page around everything that happens before the desk opens: who we are on one side, one task on the other.

import { fill, h, useCSS } from "../dom.js";
import { addWords, t } from "../words.js";
import { entryWords } from "./words.js";

addWords(entryWords);

/**
 * Draws one task.
 * @param {HTMLElement} root
 * @param {{title: string, lead?: string, body: Node, wide?: boolean}} task
 */
export async function drawTask(root, { title, lead, body, wide }) {
    await useCSS(new URL("./entry.css", import.meta.url));
    fill(root, h("div", { class: "entry" },
        story(),
        h("div", { class: "entry-task" },
            h("div", { class: wide ? "entry-card wide" : "entry-card" },
                h("h1", null, title),
                lead ? h("p", { class: "entry-lead" }, lead) : null,
                body))));
}

/** The side that says what this is: three promises, drawn as a short conversation. */
function story() {
    return h("aside", { class: "entry-story", "aria-label": t("entry.about") },
        h("p", { class: "entry-slogan" }, t("entry.slogan")),
        h("ul", { class: "entry-promises", role: "list" },
            ["kept", "seen", "opened"].map((promise) =>
                h("li", { class: `entry-bubble ${promise}` }, t(`entry.promise.${promise}`)))));
}
