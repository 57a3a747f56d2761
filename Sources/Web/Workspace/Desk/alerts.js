// Sound and desktop notices. Both are off until the person turns them on; the choice stays on this computer.
import { t } from "../words.js";

const soundKey = "qinke.sound";
const noticeKey = "qinke.notices";

/** @param {import("../shell.js").App} app */
export function createAlerts(app) {
    let sound = localStorage.getItem(soundKey) === "on";
    let notices = localStorage.getItem(noticeKey) === "on";
    /** @type {AudioContext | null} */
    let audio = null;

    /**
     * Two short tones, made here: no file is loaded.
     * @param {"message" | "assigned"} kind
     */
    function play(kind) {
        if (!sound) return;
        try {
            audio ??= new AudioContext();
            const start = audio.currentTime + 0.01;
            const tones = kind === "assigned" ? [660, 880] : [880];
            tones.forEach((tone, index) => {
                const from = start + index * 0.14;
                const wave = /** @type {AudioContext} */ (audio).createOscillator();
                const loud = /** @type {AudioContext} */ (audio).createGain();
                wave.frequency.value = tone;
                loud.gain.setValueAtTime(0, from);
                loud.gain.linearRampToValueAtTime(0.12, from + 0.02);
                loud.gain.exponentialRampToValueAtTime(0.001, from + 0.25);
                wave.connect(loud).connect(/** @type {AudioContext} */ (audio).destination);
                wave.start(from);
                wave.stop(from + 0.3);
            });
        } catch {
            // A browser without sound output shows the message all the same.
        }
    }

    return {
        sound: () => sound,
        notices: () => notices && typeof Notification !== "undefined" && Notification.permission === "granted",
        /** Turns sound on or off; called from a press, so the browser lets it play. */
        toggleSound() {
            sound = !sound;
            localStorage.setItem(soundKey, sound ? "on" : "off");
            play("message");
            app.toast({ text: t(sound ? "desk.soundOn" : "desk.soundOff"), ms: 2500 });
        },
        /** Turns desktop notices on or off; asks the browser's permission on the person's own press. */
        async toggleNotices() {
            if (notices && Notification.permission === "granted") {
                notices = false;
            } else if (typeof Notification === "undefined") {
                app.toast({ text: t("desk.noticesNone"), kind: "warn" });
                return;
            } else {
                const answer = await Notification.requestPermission();
                if (answer !== "granted") {
                    app.toast({ text: t("desk.noticesRefused"), detail: t("desk.noticesRefusedHint"), kind: "warn" });
                    return;
                }
                notices = true;
            }
            localStorage.setItem(noticeKey, notices ? "on" : "off");
            app.toast({ text: t(notices ? "desk.noticesOn" : "desk.noticesOff"), ms: 2500 });
        },
        /**
         * Tells of something that happened to a conversation which is not being looked at.
         * @param {"message" | "assigned"} kind
         * @param {{id: string, title: string, text: string}} what
         */
        tell(kind, { id, title, text }) {
            play(kind);
            if (!notices || document.hasFocus() || typeof Notification === "undefined" || Notification.permission !== "granted") return;
            const notice = new Notification(title, { body: text.slice(0, 120), tag: `qinke-${id}`, icon: "/workspace/icon.svg" });
            notice.onclick = () => {
                window.focus();
                app.navigate(`/desk/${id}`);
                notice.close();
            };
        },
    };
}
