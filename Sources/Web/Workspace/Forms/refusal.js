// What a refusal looks like wherever it is shown: what happened, and what the person may do instead.

import { h } from "../dom.js";
import { addWords, t } from "../words.js";
import { formsWords } from "./words.js";

addWords(formsWords);

/**
 * @param {any} problem a Refusal, or a failure of the program
 */
export function refusalBanner(problem) {
    const refused = typeof problem?.code === "string";
    return h("div", { class: "banner bad forms-refusal" },
        h("div", null,
            h("strong", null, refused ? problem.message : t("forms.failed")),
            refused && problem.instead ? h("p", null, problem.instead) : null,
            refused ? null : h("p", null, t("forms.failedInstead"))));
}

/**
 * The same as one line, for a toast.
 * @param {any} problem
 * @returns {string}
 */
export function refusalText(problem) {
    if (typeof problem?.code !== "string") return t("forms.failed");
    return [problem.message, problem.instead].filter(Boolean).join(" ");
}
