// Images and files that will go with the next message: shown before they are sent, so that nothing leaves by mistake.
import { icon } from "../../Design/icons.js";
import { fill, h } from "../dom.js";
import { t } from "../words.js";
import { fileSize } from "./bubble.js";

const most = 9;

/**
 * @param {import("../shell.js").App} app
 * @param {import("./store.js").Store} store
 * @param {() => void} changed
 */
export function createAttachments(app, store, changed) {
    /** @type {File[]} */
    let files = [];
    const element = h("ul", { class: "attachments", role: "list", hidden: true, "aria-label": t("desk.attachments") });

    function draw() {
        element.hidden = files.length === 0;
        fill(element, files.map((file) => h("li", { class: "attachment" },
            file.type.startsWith("image/") ? preview(file) : h("span", { class: "attachment-symbol" }, icon("file")),
            h("span", { class: "attachment-name" }, file.name, h("small", null, fileSize(file.size))),
            h("button", {
                type: "button", class: "button quiet icon small", "aria-label": t("desk.removeFile", { name: file.name }),
                onclick: () => {
                    files = files.filter((one) => one !== file);
                    draw();
                },
            }, icon("close")))));
        changed();
    }

    /**
     * A small picture drawn here; the file itself never becomes an address.
     * @param {File} file
     */
    function preview(file) {
        const canvas = h("canvas", { class: "attachment-picture", width: 96, height: 96 });
        createImageBitmap(file).then((bitmap) => {
            const scale = Math.max(96 / bitmap.width, 96 / bitmap.height);
            const [width, height] = [bitmap.width * scale, bitmap.height * scale];
            canvas.getContext("2d")?.drawImage(bitmap, (96 - width) / 2, (96 - height) / 2, width, height);
            bitmap.close();
        }, () => canvas.replaceWith(h("span", { class: "attachment-symbol" }, icon("image"))));
        return canvas;
    }

    return {
        element,
        files: () => files,
        /** @param {Iterable<File>} more */
        add(more) {
            for (const file of more) {
                if (file.size === 0) app.toast({ text: t("desk.fileEmpty", { name: file.name }), kind: "warn" });
                else if (file.size > store.uploadSize) {
                    app.toast({ text: t("desk.fileTooBig", { name: file.name, size: fileSize(store.uploadSize) }), kind: "warn" });
                } else if (files.length >= most) {
                    app.toast({ text: t("desk.filesTooMany", { n: most }), kind: "warn" });
                    break;
                } else files = [...files, file];
            }
            draw();
        },
        clear() {
            files = [];
            draw();
        },
    };
}
