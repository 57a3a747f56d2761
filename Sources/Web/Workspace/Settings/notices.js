// Whether this browser may call its person: desktop notices and sound. Kept in the browser, since each has its own;
// the desk reads the same two keys.

import { fill, h, uniqueID } from "../dom.js";
import { t } from "../words.js";
import { block } from "./page.js";

const soundKey = "qinke.sound";
const noticeKey = "qinke.notices";

export function noticeBlock() {
    const supported = "Notification" in window;
    const trouble = h("p", { class: "set-faint", role: "status" });
    const test = h("button", { type: "button", class: "button", onclick: tryNotice }, t("notice.try"));
    const notices = choice(noticeKey, t("notice.desktop"), t("notice.desktopHint"), async (on) => {
        if (on && supported && Notification.permission === "default") await Notification.requestPermission();
        return supported && Notification.permission === "granted";
    }, draw);
    const sound = choice(soundKey, t("notice.sound"), t("notice.soundHint"), async () => true, draw);

    function draw() {
        const granted = supported && Notification.permission === "granted";
        test.hidden = !granted || !notices.box.checked;
        notices.box.disabled = !supported || Notification.permission === "denied";
        fill(trouble, !supported ? t("notice.absent")
            : Notification.permission === "denied" ? t("notice.denied") : null);
    }

    function tryNotice() {
        const notice = new Notification(t("notice.tryTitle"), { body: t("notice.tryBody"), tag: "qinke-try" });
        notice.onclick = () => window.focus();
    }

    draw();
    return block(t("notice.title"), t("notice.lead"),
        h("div", { class: "set-stack" }, notices.row, trouble, sound.row, h("div", null, test)));
}

/**
 * A choice that is off until turned on.
 * @param {string} key
 * @param {string} label
 * @param {string} hint
 * @param {(on: boolean) => Promise<boolean>} may asked before it is turned on
 * @param {() => void} changed
 */
function choice(key, label, hint, may, changed) {
    const id = uniqueID("notice");
    const box = h("input", {
        type: "checkbox", id, checked: localStorage.getItem(key) === "on", "aria-describedby": `${id}-hint`,
        onchange: async () => {
            box.checked = box.checked && await may(true);
            localStorage.setItem(key, box.checked ? "on" : "off");
            changed();
        },
    });
    const row = h("div", { class: "forms-check" }, box,
        h("label", { htmlFor: id }, label, h("span", { class: "hint", id: `${id}-hint` }, hint)));
    return { box, row };
}
