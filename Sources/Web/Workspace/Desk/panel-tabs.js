// The tabs of what stands beside the conversation; the last one chosen is remembered on this device.
import { fill, h, uniqueID } from "../dom.js";
import { t } from "../words.js";

const stored = "qinke.panelTab";

/** @typedef {{name: string, element: HTMLElement, show?: (conversation: string) => void, hide?: () => void}} PanelTab */

/** @param {PanelTab[]} tabs */
export function createPanelTabs(tabs) {
    const remembered = localStorage.getItem(stored);
    let chosen = tabs.find((tab) => tab.name === remembered) ?? tabs[0];
    let conversation = "";
    const place = h("div", { class: "panel-tab-place", id: uniqueID("tab"), role: "tabpanel" });
    const row = h("div", { class: "panel-tabs", role: "tablist", "aria-label": t("orders.panelTabs"), onkeydown: move });

    function draw() {
        row.hidden = tabs.length < 2;
        fill(row, tabs.map((tab) => h("button", {
            type: "button", class: "panel-tab", role: "tab", "aria-selected": String(tab === chosen), "data-tab": tab.name,
            "aria-controls": place.id, tabIndex: tab === chosen ? 0 : -1, onclick: () => choose(tab.name),
        }, t(`orders.panel.${tab.name}`))));
        place.setAttribute("aria-label", t(`orders.panel.${chosen.name}`));
        fill(place, chosen.element);
    }

    /** @param {KeyboardEvent} event */
    function move(event) {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!step) return;
        event.preventDefault();
        choose(tabs[(tabs.indexOf(chosen) + step + tabs.length) % tabs.length].name);
        /** @type {HTMLElement | null} */ (row.querySelector('[aria-selected="true"]'))?.focus();
    }

    /** @param {string} name */
    function choose(name) {
        const next = tabs.find((tab) => tab.name === name);
        if (!next || next === chosen) return;
        chosen.hide?.();
        chosen = next;
        localStorage.setItem(stored, name);
        draw();
        if (conversation) chosen.show?.(conversation);
    }

    draw();
    return {
        element: h("div", { class: "panel-tabbed" }, row, place),
        choose,
        /** @param {string} next */
        show(next) {
            conversation = next;
            chosen.show?.(next);
        },
    };
}
