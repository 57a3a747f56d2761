// Mistakes of listings that somebody reported and nobody dealt with yet.

import { fill, h } from "../dom.js";
import { pick, t } from "../words.js";
import { emptyState, moment, rowButton, sectionHead, tag } from "../Settings/page.js";

/** @type {import("./goods.js").Part} */
export async function show(room, app) {
    const list = h("div");

    async function load() {
        const { mistakes } = await app.api.get("/mistakes");
        fill(list, mistakes.length === 0 ? emptyState(t("goods.mistakesNone"))
            : h("ul", { class: "goods-mistakes", role: "list" }, mistakes.map((/** @type {any} */ one) => h("li", null,
                tag("warn", pick(one.partName)), h("span", { class: "goods-what" }, one.text, h("span", { class: "set-under" }, moment(one.reportedAt))),
                h("a", { class: "button small", href: `/goods/list/${one.item}` }, t("goods.item")),
                rowButton(t("goods.resolve"), "check", async () => {
                    const done = await app.dialog.form({
                        title: t("goods.resolve"), text: one.text,
                        fields: [{ name: "answer", label: t("goods.resolveText"), type: "textarea", required: true, max: 500 }],
                        submit: (values) => app.api.post(`/mistakes/${one.id}/resolve`, values),
                    });
                    if (done !== null) await load();
                })))));
    }
    fill(room, sectionHead(t("goods.mistakes"), t("goods.mistakesLead")), list);
    await load();
}
