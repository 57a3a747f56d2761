import Desk
import Language
import SQL

/// A thing for sale of a chunk: read from the store, or new.
final class HeldItem {
    let id: Int64
    let number: String
    let isNew: Bool
    let version: Int64
    var isChanged = false
    /// In the order of ``names``.
    private var values: [SQLValue]
    private let valuesBefore: [SQLValue]

    private static let names = [
        "outer_id", "title", "category", "state", "selling_points", "price_from",
    ]
    private static let list = names.joined(separator: ", ")

    private let foundByBefore: SQLValue

    private init(
        id: Int64, number: String, isNew: Bool, version: Int64, values: [SQLValue],
        foundBy: SQLValue = .text("")
    ) {
        foundByBefore = foundBy
        self.id = id
        self.number = number
        self.isNew = isNew
        self.version = version
        self.values = values
        valuesBefore = values
    }

    /// What a file says, in the order of ``names``; nil: nothing.
    private static func told(_ item: ImportedItem, category: Int64?) -> [SQLValue?] {
        let points = item.sellingPoints.map { text in
            text.split { ";；\n".contains($0) }.map(String.init)
        }
        return [
            (item.outerID ?? item.articleNumber)?.sqlValue, item.title?.sqlValue,
            category?.sqlValue, item.state?.rawValue.sqlValue,
            points.flatMap { try? JSON.text($0).sqlValue }, item.price?.fen.sqlValue,
        ]
    }

    static func load(_ numbers: [String], _ place: ImportPlace) throws -> [String: HeldItem] {
        guard !numbers.isEmpty else { return [:] }
        var found: [String: HeldItem] = [:]
        let question =
            Statement(stringLiteral: "SELECT id, number, version, found_by, " + list)
            + " FROM item WHERE shop = \(place.shop) AND number IN \(list: numbers)"
        for row in try place.transaction.rows(question) {
            let number: String = try row.get(1)
            found[number] = HeldItem(
                id: try row.get(0), number: number, isNew: false, version: try row.get(2),
                values: Array(row.values.dropFirst(4)), foundBy: row.values[3])
        }
        return found
    }

    static func made(
        _ told: ImportedItem, category: Int64?, _ place: ImportPlace
    ) -> HeldItem {
        let id: ItemID = place.ids.next()
        let standard: [SQLValue] = [
            .text(""), .text(told.number), .null, .text("onShelf"), .text("[]"), .null,
        ]
        let values = zip(Self.told(told, category: category), standard).map { $0 ?? $1 }
        return HeldItem(id: id.raw, number: told.number, isNew: true, version: 1, values: values)
    }

    /// - Returns: whether the file tells anything that is not so already.
    func change(_ told: ImportedItem, category: Int64?) -> Bool {
        var changed = false
        for (index, value) in Self.told(told, category: category).enumerated() {
            guard let value, value != values[index] else { continue }
            // The lowest price among the variants: a dearer one changes nothing.
            if Self.names[index] == "price_from", case .int(let old) = values[index],
                case .int(let new) = value, new > old, old > 0
            {
                continue
            }
            values[index] = value
            changed = true
        }
        return changed
    }

    static let add = FixedText(
        addingTo: "item",
        "shop, id, number, attributes, faq, size_chart, image, updated_at, version, found_by, "
            + list)

    /// The words by which it is found: title, its pinyin, its numbers.
    private var foundBy: SQLValue {
        guard case .text(let title) = values[1], case .text(let code) = values[0] else {
            return .text(number)
        }
        let reading = Pinyin(title)
        return .text(
            [
                title.lowercased(), reading.full, reading.initials, number.lowercased(),
                code.lowercased(),
            ].joined(separator: " "))
    }

    func row(_ place: ImportPlace) -> [SQLValue] {
        [
            place.shop.sqlValue, id.sqlValue, number.sqlValue, .text("[]"), .text("[]"),
            .text(#"{"columns":[],"rows":[]}"#), .text(""), place.at.sqlValue, version.sqlValue,
            foundBy,
        ] + values
    }

    private static let settings =
        "UPDATE item SET " + names.map { "\($0) = ?" }.joined(separator: ", ")
        + ", updated_at = ?, found_by = ?, version = "

    static let set = FixedText(settings + "version + 1 WHERE shop = ? AND id = ?")
    /// The version goes back too: what an earlier batch made is then again as it made it.
    private static let back = FixedText(
        settings + "version - 1 WHERE shop = ? AND id = ? AND version = ?")

    func update(_ place: ImportPlace) -> [SQLValue] {
        values + [place.at.sqlValue, foundBy, place.shop.sqlValue, id.sqlValue]
    }

    var before: [String: ImportChanged.Value] {
        var before = Dictionary(
            uniqueKeysWithValues: zip(Self.names, valuesBefore.map { ImportChanged.Value($0) }))
        before["found_by"] = ImportChanged.Value(foundByBefore)
        return before
    }

    /// Puts columns back; only while nobody else has changed the item since.
    static func putBack(
        _ change: ImportChanged, of shop: ShopID, at now: Instant, _ transaction: Transaction
    ) throws -> Bool {
        let values = names.map { (change.before[$0] ?? .none).sqlValue }
        return try transaction.change(
            Statement(
                back,
                values + [
                    now.sqlValue, (change.before["found_by"] ?? .text("")).sqlValue,
                    shop.sqlValue, change.id.sqlValue, change.version.sqlValue,
                ])) == 1
    }
}

/// A variant of a chunk: read from the store, or new.
final class HeldSKU {
    let id: Int64
    let item: HeldItem
    let isNew: Bool
    var isChanged = false
    private var values: [SQLValue]
    private let valuesBefore: [SQLValue]

    private static let names = ["outer_id", "name", "price", "list_price", "barcode"]
    private static let list = names.joined(separator: ", ")

    private init(id: Int64, item: HeldItem, isNew: Bool, values: [SQLValue]) {
        self.id = id
        self.item = item
        self.isNew = isNew
        self.values = values
        valuesBefore = values
    }

    private static func told(_ item: ImportedItem) -> [SQLValue?] {
        [
            item.skuOuterID?.sqlValue, item.skuName?.sqlValue, item.price?.fen.sqlValue,
            item.listPrice?.fen.sqlValue, item.barcode?.sqlValue,
        ]
    }

    static func load(of items: [HeldItem], _ place: ImportPlace) throws -> [SKUKey: HeldSKU] {
        guard !items.isEmpty else { return [:] }
        let byID = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
        var found: [SKUKey: HeldSKU] = [:]
        let question =
            Statement(stringLiteral: "SELECT id, item, " + list)
            + " FROM sku WHERE shop = \(place.shop) AND item IN \(list: items.map(\.id))"
        for row in try place.transaction.rows(question) {
            guard let item = byID[try row.get(1)] else { continue }
            let key = SKUKey(item: item.id, code: try row.get(2), name: try row.get(3))
            found[key] = HeldSKU(
                id: try row.get(0), item: item, isNew: false,
                values: Array(row.values.dropFirst(2)))
        }
        return found
    }

    static func made(
        _ told: ImportedItem, _ code: String, _ item: HeldItem, _ place: ImportPlace
    ) -> HeldSKU {
        let id: SKUID = place.ids.next()
        let standard: [SQLValue] = [.text(code), .text(""), .int(0), .null, .text("")]
        return HeldSKU(
            id: id.raw, item: item, isNew: true,
            values: zip(Self.told(told), standard).map { $0 ?? $1 })
    }

    func change(_ told: ImportedItem) -> Bool {
        var changed = false
        for (index, value) in Self.told(told).enumerated() {
            if let value, value != values[index] {
                values[index] = value
                changed = true
            }
        }
        return changed
    }

    static let add = FixedText(
        addingTo: "sku", "shop, id, item, attributes, active, sort, " + list)

    func row(of shop: ShopID) -> [SQLValue] {
        [
            shop.sqlValue, id.sqlValue, item.id.sqlValue, .text("[]"), .int(1), .int(0),
        ] + values
    }

    static let set = FixedText(
        "UPDATE sku SET " + names.map { "\($0) = ?" }.joined(separator: ", ")
            + " WHERE shop = ? AND id = ?")

    func update(of shop: ShopID) -> [SQLValue] { values + [shop.sqlValue, id.sqlValue] }

    var before: [String: ImportChanged.Value] {
        Dictionary(
            uniqueKeysWithValues: zip(Self.names, valuesBefore.map { ImportChanged.Value($0) }))
    }

    static func putBack(
        _ change: ImportChanged, of shop: ShopID, _ transaction: Transaction
    ) throws {
        let values = names.map { (change.before[$0] ?? .none).sqlValue }
        try transaction.run(Statement(set, values + [shop.sqlValue, change.id.sqlValue]))
    }
}

extension ItemIntake {
    /// Takes back what a chunk made and changed, as far as nobody has worked on it or sold of it since.
    /// - Returns: the names of what stays.
    static func takeBack(
        _ made: [ImportMade], _ changed: [ImportChanged], of shop: ShopID, at now: Instant,
        _ transaction: Transaction
    ) throws -> [String] {
        var kept: [String] = []
        for change in changed where change.kind == .sku {
            try HeldSKU.putBack(change, of: shop, transaction)
        }
        for change in changed where change.kind == .item {
            if try !HeldItem.putBack(change, of: shop, at: now, transaction) {
                kept.append(try title(of: change.id, shop, transaction))
            }
        }
        for sku in made where sku.kind == .sku {
            let isGone = try tried(transaction) {
                try transaction.run("DELETE FROM sku WHERE shop = \(shop) AND id = \(sku.id)")
            }
            if !isGone { kept.append(String(sku.id)) }
        }
        for item in made where item.kind == .item {
            let isGone = try tried(transaction) {
                guard
                    try transaction.first(
                        "SELECT 1 FROM item WHERE shop = \(shop) AND id = \(item.id) AND version = 1"
                    ) != nil
                else { throw SQLError.foreignKey }
                try transaction.run("DELETE FROM sku WHERE shop = \(shop) AND item = \(item.id)")
                try transaction.run("DELETE FROM item WHERE shop = \(shop) AND id = \(item.id)")
            }
            if !isGone { kept.append(try title(of: item.id, shop, transaction)) }
        }
        for category in made where category.kind == .category {
            _ = try tried(transaction) {
                let isUsed =
                    try transaction.first(
                        "SELECT 1 FROM item WHERE shop = \(shop) AND category = \(category.id) LIMIT 1"
                    )
                    != nil
                if isUsed { throw SQLError.foreignKey }
                try transaction.run(
                    "DELETE FROM category WHERE shop = \(shop) AND id = \(category.id)")
            }
        }
        return kept
    }

    /// - Returns: false when something else hangs on what was to go.
    private static func tried(_ transaction: Transaction, _ body: () throws -> Void) throws -> Bool
    {
        do {
            try transaction.savepoint("import_undo", body)
            return true
        } catch SQLError.foreignKey {
            return false
        }
    }

    private static func title(
        of item: Int64, _ shop: ShopID, _ transaction: Transaction
    ) throws -> String {
        try transaction.first("SELECT title FROM item WHERE shop = \(shop) AND id = \(item)")?.get(
            0)
            ?? String(item)
    }
}
