package import Desk
package import SQL

/// The shop's goods.
package struct CatalogStore: Sendable {
    /// Items on a page at most.
    package static let mostOnPage = 100
    let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    // MARK: - Within somebody's transaction

    package static func sku(
        _ id: SKUID, of shop: ShopID, in transaction: Transaction
    ) throws -> SKU? {
        try transaction.first(
            CatalogRow.skuColumns + " WHERE shop = \(shop) AND id = \(id)"
        ).map(CatalogRow.sku)
    }

    package static func item(
        _ id: ItemID, of shop: ShopID, in transaction: Transaction
    ) throws -> Item? {
        guard
            let row = try transaction.first(
                CatalogRow.itemColumns + " WHERE shop = \(shop) AND id = \(id)")
        else { return nil }
        return try CatalogRow.item(row, try skus(of: [id], of: shop, in: transaction)[id] ?? [])
    }

    /// By its 货号.
    package static func item(
        number: String, of shop: ShopID, in transaction: Transaction
    ) throws -> Item? {
        let id: ItemID? = try transaction.first(
            "SELECT id FROM item WHERE shop = \(shop) AND number = \(number)"
        )?.get(0)
        return try id.flatMap { try item($0, of: shop, in: transaction) }
    }

    /// By its 商家编码.
    package static func sku(
        outerID: String, of shop: ShopID, in transaction: Transaction
    ) throws -> SKU? {
        guard !outerID.isEmpty else { return nil }
        return try transaction.first(
            CatalogRow.skuColumns
                + " WHERE shop = \(shop) AND outer_id <> '' AND outer_id = \(outerID)"
        ).map(CatalogRow.sku)
    }

    /// Adds an item with its variants; an importer uses it too.
    @discardableResult
    package static func insert(_ draft: ItemDraft, in act: Act) throws -> Item {
        try checkParts(draft, in: act)
        guard try item(number: draft.number, of: act.shop, in: act.transaction) == nil else {
            throw numberTaken
        }
        let id: ItemID = act.newID()
        try act.transaction.run(
            """
            INSERT INTO item (shop, id, number, outer_id, title, category, state, selling_points, attributes,
                size_chart, faq, image, freight_template, price_from, found_by, updated_at, version)
            VALUES (\(act.shop), \(id), \(draft.number), \(draft.outerID), \(draft.title), \(draft.category),
                \(draft.state.rawValue), \(try JSON.text(draft.sellingPoints)),
                \(try JSON.text(draft.attributes)), \(try JSON.text(draft.sizeChart)),
                \(try JSON.text(draft.questions)), \(draft.image), \(draft.freightTemplate),
                \(draft.lowestPrice?.fen), \(CatalogRow.foundBy(draft)), \(act.at), 1)
            """)
        try keep(draft.skus, of: id, among: [], in: act)
        return try recorded("item.added", id, in: act)
    }

    /// Changes an item and its variants; those that the draft leaves out are no longer offered.
    /// - Parameter read: the version that the editor saw; nil for an import, whose word is the newest.
    @discardableResult
    package static func update(
        _ id: ItemID, _ draft: ItemDraft, readAs read: Int?, in act: Act
    ) throws -> Item {
        let old = try known(id, in: act)
        if let read, read != old.version {
            throw Refusal(
                .conflict, "item.changed", zh: "这个商品刚被别人改过，请先看新的内容",
                en: "Somebody changed this item meanwhile; look at it first")
        }
        try checkParts(draft, in: act)
        let same = try item(number: draft.number, of: act.shop, in: act.transaction)
        guard same == nil || same?.id == id else { throw numberTaken }
        try act.transaction.run(
            """
            UPDATE item SET number = \(draft.number), outer_id = \(draft.outerID), title = \(draft.title),
                category = \(draft.category), state = \(draft.state.rawValue),
                selling_points = \(try JSON.text(draft.sellingPoints)),
                attributes = \(try JSON.text(draft.attributes)),
                size_chart = \(try JSON.text(draft.sizeChart)), faq = \(try JSON.text(draft.questions)),
                image = \(draft.image), freight_template = \(draft.freightTemplate),
                price_from = \(draft.lowestPrice?.fen), found_by = \(CatalogRow.foundBy(draft)),
                updated_at = \(act.at), version = \(old.version + 1)
            WHERE shop = \(act.shop) AND id = \(id)
            """)
        try keep(draft.skus, of: id, among: old.skus, in: act)
        return try recorded("item.changed", id, in: act)
    }

    static func known(_ id: ItemID, in act: Act) throws -> Item {
        guard let item = try item(id, of: act.shop, in: act.transaction) else { throw unknown }
        return item
    }

    static let unknown = Refusal.unknown("item", zh: "商品", en: "item")

    private static let numberTaken = Refusal(
        .conflict, "item.numberTaken", zh: "这个货号已经用在另一个商品上",
        en: "Another item has this article number", field: "number")

    private struct Told: Encodable {
        let title: String
        let number: String
        let state: ListingState
        let version: Int
    }

    private static func recorded(_ kind: String, _ id: ItemID, in act: Act) throws -> Item {
        let item = try known(id, in: act)
        try act.record(
            kind, about: id.raw,
            Told(
                title: item.title, number: item.number, state: item.state, version: item.version))
        return item
    }

    /// Category and freight template are the shop's own.
    private static func checkParts(_ draft: ItemDraft, in act: Act) throws {
        if let category = draft.category {
            let found = try act.transaction.first(
                "SELECT id FROM category WHERE shop = \(act.shop) AND id = \(category)")
            guard found != nil else {
                throw Refusal.unknown("category", zh: "分类", en: "category")
            }
        }
        if let template = draft.freightTemplate {
            let found = try act.transaction.first(
                "SELECT id FROM freight_template WHERE shop = \(act.shop) AND id = \(template)")
            guard found != nil else {
                throw Refusal.unknown("freight", zh: "运费模板", en: "freight template")
            }
        }
    }

    /// Writes an item's variants: those that are known by id, code or name are changed, others added.
    private static func keep(
        _ drafts: [SKUDraft], of item: ItemID, among old: [SKU], in act: Act
    ) throws {
        var left = old
        // A code or a name may move from one variant to another, so what was is set free first.
        try act.transaction.run(
            "UPDATE sku SET outer_id = '', active = 0 WHERE shop = \(act.shop) AND item = \(item)")
        for (sort, draft) in drafts.enumerated() {
            let at = left.firstIndex { sku in
                if let id = draft.id { return sku.id == id }
                if !draft.outerID.isEmpty, !sku.outerID.isEmpty {
                    return sku.outerID == draft.outerID
                }
                return sku.name == draft.name
            }
            if draft.id != nil, at == nil {
                throw Refusal.unknown("sku", zh: "规格", en: "variant")
            }
            try naming(draft) {
                try write(draft, sort, item, at.map { left.remove(at: $0).id }, in: act)
            }
        }
        // What was left out keeps its code, so that old orders and imports still find it.
        for gone in left where !gone.outerID.isEmpty {
            guard !drafts.contains(where: { $0.outerID == gone.outerID }) else { continue }
            try act.transaction.run(
                "UPDATE sku SET outer_id = \(gone.outerID) WHERE shop = \(act.shop) AND id = \(gone.id)"
            )
        }
    }

    private static func write(
        _ draft: SKUDraft, _ sort: Int, _ item: ItemID, _ known: SKUID?, in act: Act
    ) throws {
        let attributes = try JSON.text(draft.attributes)
        if let known {
            try act.transaction.change(
                """
                UPDATE sku SET outer_id = \(draft.outerID), name = \(draft.name), attributes = \(attributes),
                    price = \(draft.price.fen), list_price = \(draft.listPrice?.fen),
                    barcode = \(draft.barcode), active = \(draft.isActive), sort = \(sort)
                WHERE shop = \(act.shop) AND id = \(known)
                """)
            return
        }
        let id: SKUID = act.newID()
        try act.transaction.change(
            """
            INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, list_price, barcode, active, sort)
            VALUES (\(act.shop), \(id), \(item), \(draft.outerID), \(draft.name), \(attributes),
                \(draft.price.fen), \(draft.listPrice?.fen), \(draft.barcode), \(draft.isActive), \(sort))
            """)
    }

    private static func naming(_ draft: SKUDraft, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "sku.codeTaken", zh: "商家编码 \(draft.outerID) 已经用在另一个规格上",
                en: "Another variant has the merchant code \(draft.outerID)", field: "skus")
        }
    }

    static func skus(
        of items: [ItemID], of shop: ShopID, in transaction: Transaction
    ) throws -> [ItemID: [SKU]] {
        let rows = try transaction.rows(
            CatalogRow.skuColumns
                + " WHERE shop = \(shop) AND item IN \(list: items) ORDER BY item, sort, id"
        ).map(CatalogRow.sku)
        return Dictionary(grouping: rows, by: \.item)
    }
}

extension ItemDraft {
    /// The lowest price of a variant that is offered.
    package var lowestPrice: Money? { skus.filter(\.isActive).map(\.price).min() }
}
