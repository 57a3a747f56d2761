// Enrolling a second factor: the key as a QR code and as text, one code to prove it, recovery codes to keep.

import { fill, h, useCSS } from "../dom.js";
import { copyButton, copyField } from "../Forms/copy.js";
import { createForm } from "../Forms/form.js";
import { refusalBanner } from "../Forms/refusal.js";
import { addWords, t } from "../words.js";
import { drawQRCode } from "./qr-code.js";
import { entryWords } from "./words.js";

addWords(entryWords);

/**
 * The steps of enrolment, for a dialog or a page.
 * @param {{api: import("../api.js").API}} app
 * @param {{done: () => void, cancel?: () => void}} what `done` is called once the recovery codes are kept
 */
export function enrolSecondFactor(app, { done, cancel }) {
    useCSS(new URL("./entry.css", import.meta.url));
    const element = h("div", { class: "entry-stack entry-factor" }, h("p", null, t("entry.factor.wait")));
    begin();
    return element;

    async function begin() {
        try {
            const { secret, uri } = await app.api.post("/session/totp");
            showKey(secret, uri);
        } catch (problem) {
            fill(element, refusalBanner(problem));
        }
    }

    /**
     * @param {string} secret
     * @param {string} uri
     */
    function showKey(secret, uri) {
        const form = createForm({
            label: t("entry.factor.title"),
            submit: t("entry.factor.submit"),
            cancel,
            fields: [{
                name: "code", label: t("entry.factor.code"), kind: "code", required: true, longest: 9,
            }],
            run: async ({ code }) => {
                const { recovery } = await app.api.put("/session/totp", { code: code.replace(/\s/g, "") });
                showRecovery(recovery);
            },
        });
        fill(element,
            h("ol", { class: "entry-steps" },
                h("li", null, t("entry.factor.scan")),
                h("li", null, t("entry.factor.type"))),
            h("div", { class: "entry-key" },
                drawQRCode(uri, t("entry.factor.qr")),
                h("div", { class: "entry-stack" },
                    h("p", { class: "entry-small" }, t("entry.factor.byHand")),
                    h("code", { class: "entry-secret" }, inFours(secret)),
                    h("div", null, copyButton(() => secret, t("entry.factor.copyKey"))),
                    h("details", null,
                        h("summary", null, t("entry.factor.address")),
                        copyField(t("entry.factor.address"), uri)))),
            form.element);
        form.focus();
    }

    /** @param {string[]} codes */
    function showRecovery(codes) {
        const kept = h("input", { type: "checkbox", id: "recovery-kept" });
        const finish = h("button", {
            type: "button", class: "button primary", disabled: true, onclick: done,
        }, t("entry.factor.finish"));
        kept.addEventListener("change", () => {
            finish.disabled = !kept.checked;
        });
        const heading = h("h2", { tabindex: "-1" }, t("entry.factor.recovery"));
        fill(element, heading,
            h("p", null, t("entry.factor.recoveryText")),
            h("ul", { class: "entry-codes", role: "list" },
                codes.map((code) => h("li", null, h("code", null, code)))),
            h("div", { class: "forms-actions start" },
                copyButton(() => codes.join("\n"), t("entry.factor.copyCodes")),
                downloadButton(codes)),
            h("div", { class: "forms-check" }, kept,
                h("label", { htmlFor: "recovery-kept" }, t("entry.factor.kept"))),
            h("div", { class: "forms-actions" }, finish));
        heading.focus();
    }
}

/** @param {string} secret */
function inFours(secret) {
    return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

/** @param {string[]} codes */
function downloadButton(codes) {
    return h("button", {
        type: "button",
        class: "button",
        onclick: () => {
            const file = new Blob([`${codes.join("\n")}\n`], { type: "text/plain" });
            const address = URL.createObjectURL(file);
            h("a", { href: address, download: "qinke-recovery-codes.txt" }).click();
            setTimeout(() => URL.revokeObjectURL(address), 1000);
        },
    }, t("entry.factor.download"));
}
