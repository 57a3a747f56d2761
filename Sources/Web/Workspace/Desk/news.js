// News of conversations that are not on screen: a sound, a desktop notice, a toast that opens them.
import { t } from "../words.js";
import { inWords } from "./bubble.js";
import { slotKey } from "./inbox.js";

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {ReturnType<typeof import("./alerts.js").createAlerts>} alerts
 * @param {() => string | null} shown the conversation on screen
 * @returns {(() => void)[]} stops telling
 */
export function tellNews(app, store, alerts, shown) {
    const me = app.session?.staff.id ?? "";
    /** @param {string} id */
    const opening = (id) => ({ label: t("desk.open"), run: () => app.navigate(`/desk/${id}`) });
    return [
        store.on("arrived", ({ id, message }) => {
            const summary = store.summaries.get(id);
            if (message.author.kind !== "buyer" || summary?.owner?.id !== me) return;
            if (id === shown() && document.hasFocus()) return;
            alerts.tell("message", { id, title: summary.buyer.name, text: inWords(message) });
        }),
        store.on("assigned", ({ id, reason }) => {
            const summary = store.summaries.get(id);
            // What the person took themself is no news.
            if (!summary || id === shown() || reason === "claimed" || reason === "takenOver") return;
            alerts.tell("assigned", { id, title: t("desk.assignedNow"), text: summary.buyer.name });
            const slot = store.slots.get(id);
            app.toast({
                text: t("desk.assignedTo", { name: summary.buyer.name }), ms: 6000, action: opening(id),
                detail: slot ? t("desk.assignedKey", { key: slotKey(slot) }) : undefined,
            });
        }),
        store.on("due", ({ id, note }) => {
            const text = t("desk.due", { name: store.summaries.get(id)?.buyer.name ?? "" });
            alerts.tell("assigned", { id, title: text, text: note });
            if (id === shown() && document.hasFocus()) app.toast({ text, detail: note, ms: 8000 });
            else app.toast({ text, detail: note, ms: 0, action: opening(id) });
        }),
        store.on("mention", ({ id, message }) => {
            if (id === shown()) return;
            const text = t("desk.mentionBy", { name: message.author.name });
            alerts.tell("message", { id, title: text, text: message.text ?? "" });
            app.toast({ text, detail: message.text ?? "", action: opening(id) });
        }),
    ];
}
