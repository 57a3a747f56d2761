import Desk
import SQL

/// Takes things for sale and their variants in, by number and merchant code.
enum ItemIntake {
    static func take(
        _ rows: [ImportRow], _ place: ImportPlace, _ done: inout ImportDone
    ) throws {
        var chunk = try Chunk(rows, place)
        for row in rows {
            guard let told = row.item else { continue }
            if let fault = chunk.fault(of: told, in: row.number) {
                done.faults.append(fault)
            } else {
                done.upserts.append(chunk.take(told))
            }
        }
        if !place.isPreview { try chunk.write(&done) }
    }

    /// One chunk while it is taken in.
    private struct Chunk {
        let place: ImportPlace
        var items: [String: HeldItem]
        var skus: [SKUKey: HeldSKU]
        var categories: [String: Int64]
        /// The numbers of the items whose variants have these merchant codes.
        var codes: [String: String] = [:]
        var newCategories: [(id: Int64, name: String)] = []
        var newItems: [HeldItem] = []
        var changedItems: [HeldItem] = []
        var newSKUs: [HeldSKU] = []
        var changedSKUs: [HeldSKU] = []

        init(_ rows: [ImportRow], _ place: ImportPlace) throws {
            self.place = place
            items = try HeldItem.load(Array(Set(rows.compactMap { $0.item?.number })), place)
            skus = try HeldSKU.load(of: Array(items.values), place)
            let named = Set(rows.compactMap { $0.item?.skuOuterID ?? $0.item?.outerID })
            for row in try place.transaction.rows(
                """
                SELECT s.outer_id, i.number FROM sku s JOIN item i ON i.shop = s.shop AND i.id = s.item
                WHERE s.shop = \(place.shop) AND s.outer_id IN \(list: Array(named))
                """)
            {
                codes[try row.get(0)] = try row.get(1)
            }
            categories = [:]
            for row in try place.transaction.rows(
                "SELECT name, id FROM category WHERE shop = \(place.shop) ORDER BY id DESC")
            {
                categories[try row.get(0)] = try row.get(1)
            }
        }

        /// A merchant code names one variant in the whole shop.
        mutating func fault(of told: ImportedItem, in row: Int) -> RowFault? {
            guard let code = told.skuOuterID ?? (told.skuName == nil ? told.outerID : nil) else {
                return nil
            }
            guard let owner = codes[code], owner != told.number else {
                codes[code] = told.number
                return nil
            }
            return RowFault(
                row: row, column: ExchangeField.skuOuterID.name.zh, code: "exchange.codeTaken",
                message: Localized(
                    zh: "这个商家编码已用在商品 \(owner) 上",
                    en: "This merchant code belongs to the item \(owner)"), value: code)
        }

        mutating func take(_ told: ImportedItem) -> Upsert {
            let category = told.category.map { place(in: $0) }
            var upsert = Upsert.same
            let item: HeldItem
            if let held = items[told.number] {
                item = held
                if held.change(told, category: category) {
                    if !held.isNew, !held.isChanged { changedItems.append(held) }
                    held.isChanged = true
                    upsert = .change
                }
            } else {
                item = HeldItem.made(told, category: category, place)
                items[told.number] = item
                newItems.append(item)
                upsert = .make
            }
            let variant = variant(told, of: item)
            return variant == .same || upsert == .make ? upsert : variant
        }

        private mutating func variant(_ told: ImportedItem, of item: HeldItem) -> Upsert {
            let code = told.skuOuterID ?? (told.skuName == nil ? told.outerID : nil) ?? ""
            let key = SKUKey(item: item.id, code: code, name: told.skuName ?? "")
            var held = skus[key]
            if held == nil, told.skuOuterID != nil {
                // A variant that was given another name is known by its code.
                held = skus.first { $0.key.item == item.id && $0.key.code == code }?.value
            }
            guard let held else {
                let made = HeldSKU.made(told, code, item, place)
                skus[key] = made
                newSKUs.append(made)
                return .make
            }
            guard held.change(told) else { return .same }
            if !held.isNew, !held.isChanged { changedSKUs.append(held) }
            held.isChanged = true
            return .change
        }

        private mutating func place(in name: String) -> Int64 {
            // "女装>连衣裙" is in its last part.
            let part = name.split(whereSeparator: { ">»›".contains($0) }).last ?? name[...]
            let last = String(part.drop { $0 == " " })
            if let known = categories[last] { return known }
            let id: CategoryID = place.ids.next()
            categories[last] = id.raw
            newCategories.append((id.raw, last))
            return id.raw
        }

        func write(_ done: inout ImportDone) throws {
            let transaction = place.transaction
            for category in newCategories {
                try transaction.run(
                    """
                    INSERT INTO category (shop, id, parent, name, kind, sort)
                    VALUES (\(place.shop), \(category.id), NULL, \(category.name), 'general', 0)
                    """)
                done.made.append(ImportMade(kind: .category, id: category.id))
            }
            for item in newItems {
                try transaction.run(Statement(HeldItem.add, item.row(place)))
                done.made.append(ImportMade(kind: .item, id: item.id))
            }
            for sku in newSKUs {
                try transaction.run(Statement(HeldSKU.add, sku.row(of: place.shop)))
                if !sku.item.isNew { done.made.append(ImportMade(kind: .sku, id: sku.id)) }
            }
            for item in changedItems {
                try transaction.run(Statement(HeldItem.set, item.update(place)))
                done.changed.append(
                    ImportChanged(
                        kind: .item, id: item.id, version: item.version + 1, before: item.before))
            }
            for sku in changedSKUs {
                try transaction.run(Statement(HeldSKU.set, sku.update(of: place.shop)))
                done.changed.append(
                    ImportChanged(kind: .sku, id: sku.id, version: 0, before: sku.before))
            }
            try transaction.settle()
        }
    }
}

struct SKUKey: Hashable {
    let item: Int64
    let code: String
    let name: String
}
