// What can be done with one message: its menu, and the same by key.
import { t } from "../words.js";
import { inWords, isNote } from "./bubble.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */
/** @typedef {"reply" | "edit" | "withdraw" | "copy"} Verb */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {{id: () => string | null, composer: () => ReturnType<typeof import("./composer.js").createComposer>,
 *   actions: ReturnType<typeof import("./actions.js").createActions>}} desk
 */
export function createMessageActs(app, store, desk) {
    const me = app.session?.staff.id ?? "";

    /** @param {Message} message */
    const isOwn = (message) => message.author.kind === "agent" && message.author.id === me;

    /**
     * @param {Message} message
     * @param {HTMLElement} anchor
     */
    function menu(message, anchor) {
        const age = store.now() - message.at;
        /** @type {import("../Shell/menu.js").MenuItem[]} */
        const items = [];
        if (!isNote(message)) items.push({ label: t("desk.reply"), icon: "reply", hint: "R", run: () => act("reply", message) });
        if (message.text) items.push({ label: t("desk.copy"), icon: "copy", hint: "C", run: () => act("copy", message) });
        if (isOwn(message)) {
            if (message.kind === "text" || isNote(message)) {
                items.push({ label: t("desk.edit"), icon: "edit", hint: "E", disabled: age > store.editTime, run: () => act("edit", message) });
            }
            items.push({ label: t("desk.withdrawIt"), icon: "withdraw", hint: "W", disabled: age > store.withdrawTime, run: () => act("withdraw", message) });
        }
        if (message.text) items.push({ label: t("desk.pinIt"), icon: "pin", separator: true, run: () => pin(message) });
        if (message.editedAt && app.can("message.history")) {
            items.push({ label: t("desk.messageHistory"), icon: "history", run: () => desk.actions.showHistory(message) });
        }
        if (items.length > 0) app.menu(anchor, items, { label: t("desk.messageMenu") });
    }

    /**
     * @param {Verb} verb
     * @param {Message} message
     */
    async function act(verb, message) {
        const id = desk.id();
        if (verb === "reply") desk.composer().reply(message);
        else if (verb === "copy") await copy(message.text ?? "");
        else if (!isOwn(message)) app.toast({ text: t("desk.onlyOwn"), kind: "warn" });
        else if (verb === "edit") desk.composer().edit(message);
        else if (id) await desk.actions.command({ type: "withdraw", conversation: id, number: message.number });
    }

    /** @param {string} text */
    async function copy(text) {
        try {
            await navigator.clipboard.writeText(text);
            app.toast({ text: t("desk.copied"), ms: 1800 });
        } catch {
            app.toast({ text: t("desk.copyFailed"), kind: "warn" });
        }
    }

    /** @param {Message} message */
    async function pin(message) {
        const conversation = desk.id();
        if (!conversation) return;
        await app.dialog.form({
            title: t("desk.pinIt"), ok: t("desk.notePin"),
            fields: [
                { name: "text", label: t("desk.noteText"), type: "textarea", value: inWords(message), required: true, max: 500 },
                {
                    name: "scope", label: t("desk.noteFor"), type: "choice", value: "customer",
                    options: [{ value: "customer", label: t("desk.noteCustomer") }, { value: "self", label: t("desk.noteSelf") }],
                },
            ],
            submit: ({ text, scope }) => app.connection?.command({ type: "pin", conversation, text, scope, number: message.number }),
        });
    }

    return { menu, act };
}
