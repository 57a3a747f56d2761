import Desk
import Language
import SQL

/// How items and variants stand in their tables.
enum CatalogRow {
    static let itemColumns: Statement = """
        SELECT id, number, outer_id, title, category, state, selling_points, attributes, size_chart, faq, image,
            freight_template, price_from, updated_at, version FROM item
        """

    static let skuColumns: Statement = """
        SELECT id, item, outer_id, name, attributes, price, list_price, barcode, active, sort FROM sku
        """

    static func sku(_ row: Row) throws -> SKU {
        SKU(
            id: try row.get(0), item: try row.get(1), outerID: try row.get(2),
            name: try row.get(3), attributes: try JSON.value(try row.get(4)),
            price: Money(fen: try row.get(5)),
            listPrice: try row.maybe(6, as: Int64.self).map(Money.init(fen:)),
            barcode: try row.get(7), isActive: try row.get(8), sort: try row.get(9))
    }

    static func item(_ row: Row, _ skus: [SKU]) throws -> Item {
        Item(
            id: try row.get(0), number: try row.get(1), outerID: try row.get(2),
            title: try row.get(3), category: try row.maybe(4),
            state: ListingState(rawValue: try row.get(5)) ?? .offShelf,
            sellingPoints: try JSON.value(try row.get(6)),
            attributes: try JSON.value(try row.get(7)),
            sizeChart: try JSON.value(try row.get(8)), questions: try JSON.value(try row.get(9)),
            image: try row.get(10), freightTemplate: try row.maybe(11),
            priceFrom: try row.maybe(12, as: Int64.self).map(Money.init(fen:)),
            updatedAt: try row.get(13), version: try row.get(14), skus: skus)
    }

    static func category(_ row: Row) throws -> Category {
        Category(
            id: try row.get(0), parent: try row.maybe(1), name: try row.get(2),
            kind: Category.Kind(rawValue: try row.get(3)) ?? .general, sort: try row.get(4))
    }

    /// What an item is found by, in one folded text: title, numbers, codes, and how the title is typed.
    static func foundBy(_ draft: ItemDraft) -> String {
        let reading = Pinyin(draft.title)
        let words =
            [draft.title, draft.number, draft.outerID] + draft.skus.map(\.outerID)
            + draft.skus.map(\.barcode) + [reading.initials, reading.full]
        return words.filter { !$0.isEmpty }.joined(separator: "\n").lowercased()
    }

    /// A part of a text that somebody typed, for `LIKE … ESCAPE '!'`.
    static func part(_ typed: String) -> String {
        var pattern = "%"
        for character in typed.lowercased() {
            if character == "%" || character == "_" || character == "!" { pattern.append("!") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}
