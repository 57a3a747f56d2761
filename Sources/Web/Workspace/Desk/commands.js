// What the command palette finds on the desk: actions, open chats, phrases, messages and buyers.
import { fullTime, t } from "../words.js";
import { findPhrases } from "./phrases.js";

/** @typedef {import("../Shell/palette.js").Command} Command */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {import("./phrases.js").PhraseBook} book
 * @param {{actions: ReturnType<typeof import("./actions.js").createActions>,
 *   composer: ReturnType<typeof import("./composer.js").createComposer>,
 *   current: () => import("../../Protocol/shapes.js").Summary | null, nextUrgent: () => void, people: () => any[],
 *   manage: () => void, jump: (number: number) => Promise<void>, toggleSound: () => void, toggleNotices: () => void}} desk
 * @returns {{local: import("../Shell/palette.js").CommandSource, remote: import("../Shell/palette.js").CommandSource}}
 */
export function deskCommands(app, store, book, desk) {
    const { actions, composer } = desk;

    /** @returns {Command[]} */
    function acts() {
        const now = desk.current();
        const group = t("desk.key.acts");
        const mine = now?.owner?.id === app.session?.staff.id;
        /** @type {Command[]} */
        const list = [];
        const add = /** @param {boolean} may @param {string} label @param {string} words @param {string} icon @param {() => unknown} run @param {string} [hint] */
            (may, label, words, icon, run, hint) => {
                if (may) list.push({ id: label, title: t(label), words, icon, hint, group, run });
            };
        add(true, "desk.nextUrgent", "next urgent xiayige jinji", "clock", desk.nextUrgent, "Alt+J");
        add(now?.state === "queued", "desk.claim", "claim lingqu jieru", "hand", () => now && actions.claim(now.id), "Alt+C");
        add(Boolean(now) && now?.state !== "closed" && now?.state !== "queued", "desk.transfer", "transfer zhuanjie zj handover", "transfer", actions.transfer, "Alt+T");
        add(mine && now?.state === "open", "desk.snooze", "snooze gezhi gz later", "snooze", actions.snooze, "Alt+S");
        add(mine && now?.state === "snoozed", "desk.wake", "wake huanxing", "bell", actions.wake);
        add(Boolean(now) && now?.state !== "closed" && now?.state !== "queued", "desk.close", "close jieshu js end", "check", actions.close, "Alt+E");
        add(now?.state === "closed", "desk.reopen", "reopen chongxin dakai", "retry", actions.reopen);
        add(mine && now?.state !== "closed", "desk.return", "return queue tuihui duilie", "inbox", actions.giveBack);
        add(mine && now?.state !== "closed", "desk.inviteRating", "rating yaoping pingjia", "star", actions.inviteRating);
        add(Boolean(now), "desk.merge", "merge hebing hb", "merge", actions.merge);
        add(Boolean(now) && !mine && app.can("conversation.takeOver"), "desk.takeOver", "take over jieguan", "hand", actions.takeOver);
        add(Boolean(now), "desk.noteWrite", "note neibu beizhu bz", "note", () => composer.setNote(true), "Alt+N");
        add(true, "desk.phrasesManage", "phrases duanyu dy", "bolt", desk.manage);
        add(true, "desk.sound", "sound shengyin", "sound", desk.toggleSound);
        add(true, "desk.notices", "notification tongzhi", "bell", desk.toggleNotices);
        return list;
    }

    /** @returns {Command[]} */
    function chats() {
        const group = t("desk.key.chats");
        return [...store.summaries.values()]
            .filter((summary) => summary.state !== "closed")
            .sort((a, b) => (store.slots.get(a.id) ?? 99) - (store.slots.get(b.id) ?? 99))
            .slice(0, 200)
            .map((summary) => ({
                id: `chat.${summary.id}`, title: summary.buyer.name, words: `${summary.preview?.text ?? ""} ${summary.tags.join(" ")}`,
                hint: t(`desk.state.${summary.state}`), group, icon: "chat", run: () => app.navigate(`/desk/${summary.id}`),
            }));
    }

    /**
     * @param {string} text
     * @param {AbortSignal} signal
     * @returns {Promise<Command[]>}
     */
    async function found(text, signal) {
        if (text.length < 1) return [];
        await new Promise((resolve) => setTimeout(resolve, 180));
        if (signal.aborted) return [];
        const answer = await app.api.get(`/search?q=${encodeURIComponent(text)}`, { signal });
        return [
            ...(answer.buyers ?? []).slice(0, 5).map((/** @type {any} */ buyer) => ({
                id: `buyer.${buyer.id}`, title: buyer.name, hint: t("desk.buyer"), group: t("desk.foundBuyers"), icon: "user",
                run: () => openBuyer(buyer.id),
            })),
            ...(answer.hits ?? []).slice(0, 12).map((/** @type {any} */ hit) => ({
                id: `hit.${hit.conversation.id}.${hit.message.number}`, title: hit.message.text ?? "",
                hint: `${hit.conversation.buyer?.name ?? ""} · ${fullTime(hit.message.at)}`, group: t("desk.foundMessages"), icon: "search",
                run: async () => {
                    await store.open(hit.conversation.id).catch(() => {});
                    app.navigate(`/desk/${hit.conversation.id}`);
                    setTimeout(() => void desk.jump(hit.message.number), 60);
                },
            })),
        ];
    }

    /** @param {string} id */
    async function openBuyer(id) {
        try {
            const answer = await app.api.get(`/buyers/${encodeURIComponent(id)}`);
            const latest = (answer.conversations ?? [])[0];
            if (latest) app.navigate(`/desk/${latest.id}`);
        } catch (problem) {
            app.fail(problem);
        }
    }

    /**
     * @param {string} text
     * @returns {Command[]}
     */
    function phrases(text) {
        if (!desk.current() || text === "") return [];
        return findPhrases(book.phrases, text.replace(/^[/;]/, ""), 6).map((phrase) => ({
            id: `phrase.${phrase.id}`, title: phrase.title, hint: phrase.text.slice(0, 28), group: t("desk.phrases"), icon: "bolt",
            words: `${text} ${phrase.shortcut} ${phrase.pinyin ?? ""} ${phrase.initials ?? ""}`,
            run: () => setTimeout(() => composer.phrase(phrase), 0),
        }));
    }

    return {
        local: (text) => [...(text ? chats() : []), ...acts(), ...phrases(text)],
        remote: found,
    };
}
