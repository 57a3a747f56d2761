// Writing: text, quick phrases, emoji, images and files, notes to colleagues, replies and corrections. What is sent
// goes through the outbox, so a closed tab or a cut line loses nothing.
// Long: all of it works on one field and the mode that the field is in.
import { icon } from "../../Design/icons.js";
import { newKey } from "../../Protocol/keys.js";
import { fill, h, isComposing } from "../dom.js";
import { clockTime, dayKey, t } from "../words.js";
import { createAttachments } from "./attachments.js";
import { barriers } from "./barriers.js";
import { contextRows } from "./context.js";
import { openEmoji } from "./emoji.js";
import { createNextReplies } from "./next-replies.js";
import { fillVariables, findPhrases, lastOrderNumber } from "./phrases.js";
import { createSecondLook } from "./second-look.js";
import { sendCard } from "./send-card.js";
import { createSuggest } from "./suggest.js";
import { createTeller } from "./teller.js";

/** @typedef {import("../../Protocol/shapes.js").Message} Message */

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {import("./phrases.js").PhraseBook} book
 * @param {{manage: () => void, people: () => {id: string, name: string}[], lastOwn: () => Message | null, sent: () => void,
 *   focusTimeline: () => void, claim: () => void, reopen: () => void, takeOver: () => void, wake: () => void}} acts
 */
export function createComposer(app, store, book, acts) {
    let id = "";
    let noteMode = false;
    let whisper = false;
    /** @type {Message | null} */
    let replyTo = null;
    /** @type {Message | null} */
    let editing = null;
    let beforeEdit = "";

    const teller = createTeller(app);
    const field = h("textarea", {
        class: "composer-field", rows: 1, "aria-label": t("desk.write"), "aria-autocomplete": "list",
        spellcheck: "true", enterkeyhint: "send",
    });
    const context = h("div", { class: "composer-context", hidden: true });
    const tray = createAttachments(app, store, () => look());
    const barrier = h("div", { class: "composer-barrier", hidden: true });
    const second = createSecondLook();
    const likely = createNextReplies(store, book, (phrase) => {
        field.focus();
        usePhrase(phrase, false);
    });

    const suggest = createSuggest(field, [
        {
            pattern: /(?:^|\s)[/;；、]([^/;；、\n]{0,24})$/,
            find: (typed) => findPhrases(book.phrases, typed).map((phrase) => ({
                title: phrase.title, mark: phrase.shortcut ? `/${phrase.shortcut}` : undefined, detail: phrase.text,
                run: (send) => usePhrase(phrase, send),
            })),
            empty: () => t(book.phrases.length ? "desk.phrasesNoneFound" : "desk.phrasesNone"),
            foot: () => ({ label: t("desk.phrasesManage"), run: acts.manage }),
        },
        {
            pattern: /@([^\s@]{0,20})$/,
            on: () => noteMode,
            find: (typed) => acts.people()
                .filter((person) => person.name.toLowerCase().includes(typed.toLowerCase()))
                .slice(0, 8)
                .map((person) => ({
                    title: person.name, run: () => insert(`@${person.name} `),
                })),
            empty: () => t("desk.nobodyFound"),
        },
    ], t("desk.suggestions"));

    const noteButton = h("button", {
        type: "button", class: "button quiet small composer-note", "aria-pressed": "false", onclick: () => setNote(!noteMode),
    }, icon("note"), h("span", null, t("desk.note")));
    const picker = h("input", {
        type: "file", multiple: true, hidden: true, tabIndex: -1, "aria-hidden": "true",
        onchange: () => {
            tray.add(picker.files ?? []);
            picker.value = "";
        },
    });
    const tool = /** @param {string} symbol @param {string} label @param {(button: HTMLButtonElement) => void} run */
        (symbol, label, run) => {
            const button = h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t(label), title: t(label),
                onclick: () => run(button),
            }, icon(symbol));
            return button;
        };
    const send = h("button", { type: "button", class: "button primary composer-send", onclick: () => submit() },
        icon("send"), h("span", null, t("desk.send")));
    const tools = h("div", { class: "composer-tools" },
        tool("bolt", "desk.phrases", () => {
            if (field.value && !/\s$/.test(field.value)) insert(" ");
            insert("/");
        }),
        tool("smile", "desk.emoji", (button) => openEmoji(button, insert)),
        tool("image", "desk.addImage", () => pick("image/*")),
        tool("attach", "desk.addFile", () => pick("")),
        tool("bag", "desk.addCard", () => sendCard(app, id, acts.sent)),
        h("span", { class: "composer-gap" }),
        noteButton,
        h("span", { class: "composer-hint" }, t("desk.enterHint")),
        send);
    const main = h("div", { class: "composer-main" }, context, tray.element, field, tools);
    const element = h("section", { class: "composer", "aria-label": t("desk.composer") }, suggest.element, barrier, likely.element, second.element, main, picker);

    /** @param {string} accept */
    function pick(accept) {
        picker.accept = accept;
        picker.click();
    }

    // What stands in the field

    /**
     * Puts text where the caret is; the browser's own undo stays whole.
     * @param {string} text
     */
    function insert(text) {
        field.focus();
        field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input"));
    }

    function grow() {
        field.style.height = "auto";
        field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
    }

    function look() {
        grow();
        send.disabled = field.value.trim() === "" && tray.files().length === 0;
        element.classList.toggle("note-mode", noteMode);
        noteButton.setAttribute("aria-pressed", String(noteMode));
        const label = editing ? "desk.saveChange" : noteMode ? (whisper ? "desk.sendWhisper" : "desk.sendNote") : "desk.send";
        fill(send, icon(editing ? "check" : noteMode ? "note" : "send"), h("span", null, t(label)));
        field.placeholder = t(noteMode ? (whisper ? "desk.whisperHint" : "desk.noteHint") : "desk.writeHint");
        drawContext();
        offer();
    }

    function offer() {
        likely.look(id, field.value === "" && !noteMode && !editing && element.dataset.blocked !== "true");
    }

    function drawContext() {
        const mine = store.summaries.get(id)?.owner?.id === app.session?.staff.id;
        const rows = contextRows({
            editing, replyTo, stopEditing, stopReply: () => reply(null),
            whisper: noteMode && !mine && app.can("conversation.whisper") ? whisper : null,
            setWhisper(on) {
                whisper = on;
                look();
            },
        });
        context.hidden = rows.length === 0;
        fill(context, rows);
    }

    /** @param {boolean} on */
    function setNote(on) {
        noteMode = on;
        whisper = on && app.can("conversation.whisper") && store.summaries.get(id)?.owner?.id !== app.session?.staff.id;
        suggest.close();
        look();
        field.focus();
    }

    /** @param {Message | null} message */
    function reply(message) {
        stopEditing();
        replyTo = message;
        look();
        field.focus();
    }

    /** @param {Message} message */
    function edit(message) {
        if (!editing) beforeEdit = field.value;
        replyTo = null;
        editing = message;
        field.value = message.text ?? "";
        look();
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
    }

    function stopEditing() {
        if (!editing) return;
        editing = null;
        field.value = beforeEdit;
        beforeEdit = "";
        look();
    }

    /**
     * @param {import("./phrases.js").Phrase} phrase
     * @param {boolean} now
     */
    function usePhrase(phrase, now) {
        const staff = app.session?.staff;
        const summary = store.summaries.get(id);
        const { text, hole } = fillVariables(phrase.text, {
            buyer: summary?.buyer.name ?? "", agent: staff?.nickname || staff?.name || "",
            shop: app.session?.shop.name ?? "", order: lastOrderNumber(store.held.get(id)?.state.messages ?? []),
            time: clockTime(store.now()), date: dayKey(store.now()),
        });
        const start = field.selectionStart;
        const lead = /^\s/.exec(field.value.slice(start, field.selectionEnd))?.[0] ?? "";
        insert(lead + text);
        if (hole) field.setSelectionRange(start + lead.length + hole[0], start + lead.length + hole[1]);
        book.used(phrase);
        if (now && !hole) void submit();
    }

    function changed() {
        look();
        second.forget();
        suggest.look();
        if (editing) return;
        store.keepDraft(id, field.value);
        teller.draft(id, field.value);
        if (!noteMode && field.value) teller.typing(id);
    }

    field.addEventListener("input", changed);
    field.addEventListener("blur", () => {
        suggest.close();
        teller.stopTyping(id);
        teller.now();
    });
    field.addEventListener("keydown", (event) => {
        if (isComposing(event)) {
            // The input method takes this Enter; it must leave neither a message nor a line break.
            if (event.key === "Enter") event.preventDefault();
            return;
        }
        if (suggest.key(event)) return;
        if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
            event.preventDefault();
            void submit();
        } else if (event.key === "Escape") {
            if (editing) stopEditing();
            else if (replyTo) reply(null);
            else if (noteMode) setNote(false);
            else return;
            event.preventDefault();
        } else if (event.key === "ArrowUp" && event.altKey) {
            event.preventDefault();
            acts.focusTimeline();
        } else if (event.key === "ArrowUp" && field.value === "") {
            const last = acts.lastOwn();
            if (!last) return;
            event.preventDefault();
            edit(last);
        }
    });
    field.addEventListener("paste", (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        tray.add(files);
    });

    // Sending

    /** @param {boolean} carries */
    function situation(carries) {
        const messages = /** @param {string} one */ (one) => store.held.get(one)?.state.messages ?? [];
        return {
            carries, buyer: store.summaries.get(id)?.buyer.name ?? "", messages: messages(id),
            others: store.list("mine").filter((one) => one.id !== id).map((one) => ({ name: one.buyer.name, messages: messages(one.id) })),
        };
    }

    async function submit() {
        const text = field.value.trim();
        const files = tray.files();
        if (editing) {
            await saveEdit(editing, text);
            return;
        }
        if (!id || (!text && files.length === 0)) return;
        if (!noteMode && second.holds(text, situation(files.length > 0), submit)) return;
        const conversation = id;
        const lane = { lane: conversation };
        const kind = noteMode ? "note" : "text";
        const mentions = noteMode
            ? acts.people().filter((person) => text.includes(`@${person.name}`)).map((person) => person.id) : undefined;
        const answered = replyTo?.number;
        field.value = "";
        replyTo = null;
        tray.clear();
        store.keepDraft(conversation, "");
        teller.gone(conversation);
        const wasNote = noteMode;
        const wasWhisper = whisper;
        if (noteMode) {
            noteMode = false;
            whisper = false;
        }
        look();
        acts.sent();
        const box = app.connection?.outbox;
        if (!box) return;
        for (const file of files) {
            await box.add({
                type: "say", key: newKey(), conversation, kind: file.type.startsWith("image/") ? "image" : "file",
            }, { ...lane, file, fileName: file.name });
        }
        if (!text) return;
        await box.add({
            type: "say", key: newKey(), conversation, kind, text,
            ...(answered ? { replyTo: answered } : {}), ...(mentions?.length ? { mentions } : {}),
            ...(wasNote && wasWhisper ? { whisper: true } : {}),
        }, lane);
        if (!box.durable) app.toast({ text: t("desk.notKept"), kind: "warn" });
    }

    /**
     * @param {Message} message
     * @param {string} text
     */
    async function saveEdit(message, text) {
        if (!text) return;
        if (text === message.text) {
            stopEditing();
            return;
        }
        try {
            await app.connection?.command({ type: "edit", conversation: id, number: message.number, text });
            stopEditing();
        } catch (problem) {
            app.fail(problem);
        }
    }

    /** Shows what stands in the way of writing, when something does. */
    function drawBarrier() {
        const summary = store.summaries.get(id);
        if (!summary) return;
        const mine = summary.owner?.id === app.session?.staff.id;
        const cases = barriers(app, summary, acts);
        const blocked = cases.length > 0 && summary.state !== "snoozed";
        if (blocked && !noteMode && !summary.mergedInto) {
            noteMode = true;
            whisper = !mine && summary.state === "open" && app.can("conversation.whisper");
            look();
        } else if (!blocked && element.dataset.blocked === "true") {
            noteMode = false;
            whisper = false;
            look();
        }
        element.dataset.blocked = String(blocked);
        noteButton.disabled = blocked;
        main.hidden = Boolean(summary.mergedInto);
        barrier.hidden = cases.length === 0;
        fill(barrier, cases.map(([symbol, text, run, label]) => [icon(symbol), h("span", null, text),
            run ? h("button", { type: "button", class: "button small primary", onclick: run }, label) : null]).flat());
    }

    const stops = [
        store.on("conversation", (detail) => {
            if (detail.id !== id) return;
            drawBarrier();
            offer();
        }),
        app.connection?.on("draft", (frame) => {
            // Another window of this person: its words win while nobody types here.
            store.keepDraft(frame.conversation, frame.text);
            if (frame.conversation === id && !editing && document.activeElement !== field) {
                field.value = frame.text;
                look();
            }
        }),
        app.connection?.on("status", () => {
            const text = store.drafts.get(id);
            if (app.connection?.status === "live" && text) teller.draft(id, text);
        }),
    ];

    return {
        element, tray, reply, edit, setNote, insert,
        /**
         * Puts a phrase where the caret is.
         * @param {import("./phrases.js").Phrase} phrase
         */
        phrase(phrase) {
            field.focus();
            usePhrase(phrase, false);
        },
        focus: () => field.focus(),
        takeReply: () => likely.takeFirst(),
        isNote: () => noteMode,
        /**
         * Turns to another conversation: its draft appears.
         * @param {string} next
         */
        show(next) {
            teller.now();
            teller.stopTyping(id);
            suggest.close();
            id = next;
            editing = null;
            replyTo = null;
            noteMode = false;
            whisper = false;
            element.dataset.blocked = "false";
            tray.clear();
            second.forget();
            field.value = store.drafts.get(id) ?? "";
            look();
            drawBarrier();
        },
        /**
         * Takes a refused text back for changing.
         * @param {any} entry an outbox entry
         */
        async takeBack(entry) {
            await app.connection?.outbox.discard(entry.key);
            field.value = field.value ? `${field.value}\n${entry.frame.text}` : entry.frame.text;
            noteMode = entry.frame.kind === "note";
            changed();
            field.focus();
        },
        close() {
            teller.now();
            for (const stop of stops) stop?.();
        },
    };
}
