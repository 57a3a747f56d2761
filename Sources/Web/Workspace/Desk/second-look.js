// A second look before words leave: it asks once, and pressing Enter again sends.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { doubts } from "./doubts.js";

/** @typedef {import("./doubts.js").Situation} Situation */

/** The line that asks; one for the composer. */
export function createSecondLook() {
    const element = h("div", { class: "composer-doubt", role: "alert", hidden: true });
    let asked = "";

    function forget() {
        asked = "";
        element.hidden = true;
        fill(element);
    }

    return {
        element, forget,
        /**
         * Whether the words wait: asked once for the same words, the second time they go.
         * @param {string} text
         * @param {Situation} situation
         * @param {() => void} send
         */
        holds(text, situation, send) {
            const found = asked === text ? [] : doubts(text, situation);
            if (found.length === 0) {
                forget();
                return false;
            }
            asked = text;
            element.hidden = false;
            fill(element, icon("alert"),
                h("span", null, found.map((doubt) => t(`desk.doubt.${doubt.code}`, { what: doubt.what })).join(" "), " ", t("desk.doubt.again")),
                h("button", { type: "button", class: "button small", onclick: send }, t("desk.doubt.send")));
            return true;
        },
    };
}
