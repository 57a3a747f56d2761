// What editors of goods write: amounts, pairs, size charts, freight zones; and the card that is sent of an item.
import assert from "node:assert/strict";
import test from "node:test";

// The catalogues remember the person's language; a test has neither a browser nor a person.
globalThis.localStorage = /** @type {any} */ ({ getItem: () => "en", setItem() {} });

const web = new URL("../../Sources/Web/Workspace/", import.meta.url);
const { chartIn, fenOf, pairsIn } = await import(new URL("Goods/edit.js", web));
const { zonesIn } = await import(new URL("Goods/freight.js", web));
const { ordered } = await import(new URL("Goods/list.js", web));
const { cardOf } = await import(new URL("Desk/goods-panel.js", web));

test("amounts are read to the fen, and what is no amount is none", () => {
    for (const [text, fen] of [["59", 5900], ["59.9", 5990], ["¥1,299.00", 129900], ["0.29", 29], ["", null], ["5.999", null], ["-1", null], ["a", null]]) {
        assert.equal(fenOf(String(text)), fen, String(text));
    }
});

test("pairs take either colon, a size chart either comma", () => {
    assert.deepEqual(pairsIn("材质：纯棉\nFit: loose: really\n\n产地"), [["材质", "纯棉"], ["Fit", "loose: really"], ["产地", ""]]);
    assert.deepEqual(chartIn("尺码，胸围\nM, 96\nL\t100"), { columns: ["尺码", "胸围"], rows: [["M", "96"], ["L", "100"]] });
    assert.deepEqual(chartIn(" "), { columns: [], rows: [] });
});

test("zones are lines, with one for everywhere else and some where nothing is sent", () => {
    assert.deepEqual(zonesIn("江苏、浙江 | 1 | 6 | 1 | 1.50\n香港 | x\n* | 2 | 10 | 1 | 3"), [
        { regions: ["江苏", "浙江"], first: 1, firstFee: 600, more: 1, moreFee: 150, isClosed: false },
        { regions: ["香港"], first: 1, firstFee: 0, more: 1, moreFee: 0, isClosed: true },
        { regions: [], first: 2, firstFee: 1000, more: 1, moreFee: 300, isClosed: false },
    ]);
    assert.throws(() => zonesIn("江苏 | 一 | 6 | 1 | 1"));
    assert.throws(() => zonesIn(" | 1 | 6 | 1 | 1"));
});

test("categories stand in the order of their tree", () => {
    const all = [["1", null], ["2", "1"], ["3", null], ["4", "2"]].map(([id, parent]) => ({ id, parent, name: `c${id}`, kind: "general", sort: 0 }));
    assert.deepEqual(ordered(all).map(([one, depth]) => [one.id, depth]), [["1", 0], ["2", 1], ["4", 2], ["3", 0]]);
});

test("a card names its item, with the price of the variant or the lowest", () => {
    const sku = { id: "9", name: "红色;M", outerID: "", attributes: [], price: 5900, barcode: "", active: true };
    const item = {
        id: "7", number: "T-1", outerID: "", title: "纯棉T恤", state: "onShelf", sellingPoints: [], attributes: [],
        sizeChart: { columns: [], rows: [] }, questions: [], image: "12", priceFrom: 4900, updatedAt: 0, version: 1, skus: [sku],
    };
    const whole = cardOf(item);
    assert.equal(whole.item, "7");
    assert.equal(whole.price, 4900);
    assert.equal(whole.image, "/v1/uploads/12/thumbnail");
    assert.equal(whole.lines.length, 2);
    const one = cardOf({ ...item, image: "https://else.where/a.png" }, sku);
    assert.equal(one.price, 5900);
    assert.equal("image" in one, false);
    assert.deepEqual(one.lines[0].slice(1), ["红色;M"]);
});
