// The sheet of keyboard shortcuts, made from the registry so that it cannot lie.
import { h } from "../dom.js";
import { t } from "../words.js";
import { openDialog } from "./dialog.js";
import { keyText } from "./keys.js";

/** @param {import("../shell.js").App} app */
export function showShortcuts(app) {
    /** @type {Map<string, {label: string, keys: string[]}[]>} */
    const groups = new Map();
    for (const shortcut of app.keys.list()) {
        const rows = groups.get(shortcut.group) ?? [];
        const row = rows.find((one) => one.label === shortcut.label);
        if (row) row.keys.push(shortcut.keys);
        else rows.push({ label: shortcut.label, keys: [shortcut.keys] });
        groups.set(shortcut.group, rows);
    }
    return openDialog({
        title: t("shell.shortcuts"), size: "large", class: "shortcuts",
        body: [
            h("p", { class: "form-text" }, t("shell.shortcutsText")),
            h("div", { class: "shortcut-groups" }, [...groups].map(([group, rows]) => h("section", null,
                h("h3", null, t(group)),
                h("dl", null, rows.map((row) => h("div", null,
                    h("dt", null, t(row.label)),
                    h("dd", null, row.keys.map((one) => h("kbd", null, keyText(one)))))))))),
        ],
    });
}
