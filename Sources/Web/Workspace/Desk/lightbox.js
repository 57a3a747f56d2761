// One image, large.
import { icon } from "../../Design/icons.js";
import { h } from "../dom.js";
import { t } from "../words.js";

/** @param {import("../../Protocol/shapes.js").Message} message */
export function openLightbox(message) {
    const { attachment } = message;
    if (!attachment) return;
    const address = `/v1/uploads/${attachment.upload}`;
    const before = document.activeElement;
    const element = h("dialog", { class: "lightbox", "aria-label": attachment.name },
        h("div", { class: "lightbox-bar" },
            h("span", null, attachment.name),
            h("a", { class: "button", href: address, download: attachment.name }, icon("download"), t("desk.download")),
            h("button", { type: "button", class: "button icon", "aria-label": t("shell.close"), onclick: () => element.close() }, icon("close"))),
        h("img", { src: address, alt: attachment.name, onclick: () => element.close() }));
    element.addEventListener("click", (event) => {
        if (event.target === element) element.close();
    });
    element.addEventListener("close", () => {
        element.remove();
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    });
    document.body.append(element);
    element.showModal();
}
