// The shop and its chat window: name, time zone, hours, allowed sites; the tag to copy, the full-page chat as link and
// QR code, and the secret with which the shop's own site signs its customers in.

import { standardZone } from "../../Protocol/zone.js";
import { fill, h, uniqueID } from "../dom.js";
import { drawQRCode } from "../Entry/qr-code.js";
import { copyField } from "../Forms/copy.js";
import { createForm } from "../Forms/form.js";
import { refusalBanner } from "../Forms/refusal.js";
import { setZone, t } from "../words.js";
import { block, moment, sectionHead, tag } from "./page.js";

/** @typedef {{zone: string, week: ([string, string] | null)[]}} Hours Monday first, null = closed */
/**
 * @typedef {object} ShopAnswer
 * @property {{id: string, name: string, slug: string, hours: Hours | null, origins: string[]}} shop
 * @property {{set: boolean, rotatedAt: number | null}} [identity]
 * @property {string} [chat]
 */

/** What a day has before somebody sets it. */
const standardDay = /** @type {[string, string]} */ (["09:00", "22:00"]);

/**
 * @param {HTMLElement} room
 * @param {import("../shell.js").App} app
 */
export async function show(room, app) {
    /** @type {ShopAnswer} */
    let answer = await app.api.get("/shop");
    const mayEdit = app.can("shop.edit");
    const { shop } = answer;
    const hours = hoursEditor(shop.hours, mayEdit);
    const trouble = h("div", { role: "alert" });

    const form = createForm({
        label: t("shop.about"),
        submit: t("shell.save"),
        fields: [
            { name: "name", label: t("shop.name"), value: shop.name, required: true, longest: 60, fixed: !mayEdit },
            {
                name: "origins", label: t("shop.origins"), kind: "area", rows: 3, value: (shop.origins ?? []).join("\n"),
                hint: t("shop.originsHint"), placeholder: "https://www.example.com", fixed: !mayEdit, check: checkOrigins,
            },
        ],
        run: async ({ name, origins }) => {
            try {
                answer = await app.api.put("/shop", {
                    name, origins: lines(origins), hours: hours.read(),
                });
            } catch (problem) {
                if (!(/** @type {any} */ (problem)?.field?.startsWith("hours"))) throw problem;
                hours.wrong(/** @type {any} */ (problem).message);
                return;
            }
            hours.wrong("");
            if (app.session) {
                app.session.shop.name = answer.shop.name;
                app.session.shop.zone = answer.shop.hours?.zone ?? standardZone;
                setZone(app.session.shop.zone);
            }
            app.toast({ text: t("set.saved"), kind: "good" });
        },
    });
    form.element.querySelector(".forms-fields")?.append(hours.element);
    if (!mayEdit) form.element.querySelector(".forms-actions")?.remove();

    const address = answer.chat ?? `${location.origin}/chat/${shop.slug}`;
    const script = `<script src="${location.origin}/widget.js" data-shop="${shop.slug}" async></script>`;
    const secret = h("div", { class: "set-stack" });
    drawSecret();

    function drawSecret() {
        const identity = answer.identity;
        fill(secret,
            h("div", { class: "set-line" },
                identity?.set ? tag("good", t("shop.secretSet")) : tag("", t("shop.secretNone")),
                identity?.rotatedAt ? h("span", { class: "set-faint" }, t("shop.secretSince"), " ", moment(identity.rotatedAt)) : null,
                app.can("identity.rotate") ? h("button", {
                    type: "button", class: identity?.set ? "button danger" : "button", onclick: rotate,
                }, t(identity?.set ? "shop.secretRotate" : "shop.secretMake")) : null),
            trouble);
    }

    async function rotate() {
        const replaces = answer.identity?.set === true;
        /** @type {string | null} */
        let made = null;
        const make = async () => {
            made = (await app.api.post("/shop/identity")).secret;
        };
        if (replaces) {
            const sure = await app.dialog.confirm({
                title: t("shop.secretRotate"), text: t("shop.secretRotateText"), ok: t("shop.secretRotate"),
                danger: true, run: make,
            });
            if (!sure) return;
        } else {
            try {
                await make();
            } catch (problem) {
                fill(trouble, refusalBanner(problem));
                return;
            }
        }
        answer = { ...answer, identity: { set: true, rotatedAt: Date.now() } };
        drawSecret();
        await app.dialog.open({
            title: t("shop.secret"),
            body: h("div", { class: "set-stack" },
                h("div", { class: "banner" }, t("shop.secretOnce")),
                copyField(t("shop.secret"), made ?? "")),
            actions: [{ label: t("tokens.secretKept") }],
        });
    }

    fill(room,
        sectionHead(t("set.shop"), t("shop.lead")),
        block(t("shop.about"), null, form.element),
        block(t("shop.embed"), t("shop.embedLead"),
            copyField(t("shop.embed"), script, { rows: 2 }),
            h("p", { class: "set-faint" }, t("shop.embedMore")),
            h("code", { class: "set-code" }, 'data-lang="en" data-colour="#0f6b5b" data-position="left" data-identity="…"')),
        block(t("shop.link"), t("shop.linkLead"), h("div", { class: "set-qr" },
            drawQRCode(address, t("shop.qr", { address })),
            h("div", { class: "set-stack" }, copyField(t("shop.link"), address),
                h("div", { class: "set-line" },
                    h("a", { class: "button", href: address, target: "_blank", rel: "noopener" }, t("shop.linkOpen")),
                    saveQRButton(address, shop.slug))))),
        block(t("shop.secret"), t("shop.secretLead"), secret));
    return form.stop;
}

/**
 * Saves the QR code as an SVG file, for print.
 * @param {string} address
 * @param {string} slug
 */
function saveQRButton(address, slug) {
    return h("button", {
        type: "button", class: "button",
        onclick: () => {
            const picture = new XMLSerializer().serializeToString(drawQRCode(address, address));
            const url = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
            h("a", { href: url, download: `qinke-${slug}.svg` }).click();
            setTimeout(() => URL.revokeObjectURL(url), 1000);
        },
    }, t("shop.qrSave"));
}

/** @param {string} text */
function lines(text) {
    return text.split(/\s+/).filter(Boolean);
}

/** @param {string} text */
function checkOrigins(text) {
    for (const line of lines(text)) {
        let origin = "";
        try {
            origin = new URL(line).origin;
        } catch {
            // Not an address at all: told below.
        }
        if (origin !== line.replace(/\/$/, "")) return t("shop.originWrong", { line });
    }
    return null;
}

/**
 * A time of day in half hours, 24:00 included. The browser's own time field knows no 24:00 and speaks the browser's
 * language, not the person's.
 * @param {string} label
 * @param {string} value
 * @param {boolean} mayEdit
 */
function timeSelect(label, value, mayEdit) {
    const times = new Set([value]);
    for (let half = 0; half <= 48; half += 1) {
        times.add(`${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);
    }
    return h("select", { class: "input", "aria-label": label, disabled: !mayEdit },
        [...times].sort().map((time) => h("option", { value: time, selected: time === value }, time)));
}

/**
 * Zones by name, those of this browser and the shop's own.
 * @param {string} value
 * @param {boolean} mayEdit
 */
function zoneSelect(value, mayEdit) {
    const zones = new Set([value, standardZone, .../** @type {any} */ (Intl).supportedValuesOf("timeZone")]);
    return h("select", { class: "input", id: uniqueID("zone"), disabled: !mayEdit },
        [...zones].sort().map((zone) => h("option", { value: zone, selected: zone === value }, zone.replaceAll("_", " "))));
}

/**
 * Opening hours by day.
 * @param {Hours | null} hours
 * @param {boolean} mayEdit
 */
function hoursEditor(hours, mayEdit) {
    const week = hours?.week ?? new Array(7).fill(standardDay);
    const rows = week.map((day, index) => {
        const id = uniqueID("day");
        const name = t(`shop.day.${index}`);
        const [from, to] = day ?? standardDay;
        const open = h("input", { type: "checkbox", id, checked: day !== null, disabled: !mayEdit, onchange: draw });
        const start = timeSelect(t("shop.opens", { day: name }), from, mayEdit);
        const end = timeSelect(t("shop.closes", { day: name }), to, mayEdit);
        const times = h("span", { class: "set-times" }, start, h("span", { "aria-hidden": "true" }, "–"), end);
        const closed = h("span", { class: "set-faint" }, t("shop.closed"));
        function draw() {
            times.hidden = !open.checked;
            closed.hidden = open.checked;
        }
        draw();
        return {
            element: h("div", { class: "set-day-row" },
                h("span", { class: "forms-check" }, open, h("label", { htmlFor: id }, name)), times, closed),
            read: () => (open.checked ? [start.value, end.value] : null),
        };
    });
    const wrong = h("span", { class: "wrong", role: "alert" });
    const zone = zoneSelect(hours?.zone ?? standardZone, mayEdit);
    return {
        /** @param {string} text */
        wrong: (text) => fill(wrong, text),
        element: h("fieldset", { class: "field forms-field" },
            h("legend", null, t("shop.hours")),
            h("div", { class: "set-week" }, rows.map((row) => row.element)),
            h("span", { class: "hint" }, t("shop.hoursHint")),
            h("label", { htmlFor: zone.id }, t("shop.zone")), zone, h("span", { class: "hint" }, t("shop.zoneHint")),
            wrong),
        read: () => ({ zone: zone.value, week: rows.map((row) => row.read()) }),
    };
}
