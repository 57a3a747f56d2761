package import Desk
package import SQL

/// What is asked of the goods.
package struct ItemQuery: Sendable {
    package var typed = ""
    /// With everything below it.
    package var category: CategoryID?
    package var state: ListingState?
    /// The last item of the page before.
    package var before: ItemID?
    package var limit = 50

    package init() {}
}

extension CatalogStore {
    /// A page of the goods, the newest first.
    package func items(_ query: ItemQuery, of shop: ShopID) async throws -> [Item] {
        try await carryOut.database.read { transaction in
            var filter: Statement = " WHERE shop = \(shop)"
            for word in query.typed.split(whereSeparator: \.isWhitespace).prefix(5) {
                filter =
                    filter + " AND found_by LIKE \(CatalogRow.part(String(word))) ESCAPE '!'"
            }
            if let category = query.category {
                let below = Self.below(
                    category, among: try Self.categories(of: shop, in: transaction))
                filter = filter + " AND category IN \(list: below)"
            }
            if let state = query.state { filter = filter + " AND state = \(state.rawValue)" }
            if let before = query.before { filter = filter + " AND id < \(before)" }
            let limit = min(max(query.limit, 1), Self.mostOnPage)
            let rows = try transaction.rows(
                CatalogRow.itemColumns + filter + " ORDER BY id DESC LIMIT \(limit)")
            let ids = try rows.map { try $0.get(0, as: ItemID.self) }
            let skus = try Self.skus(of: ids, of: shop, in: transaction)
            return try zip(rows, ids).map { try CatalogRow.item($0, skus[$1] ?? []) }
        }
    }

    package func item(_ id: ItemID, of shop: ShopID) async throws -> Item {
        let found = try await carryOut.database.read { transaction in
            try Self.item(id, of: shop, in: transaction)
        }
        guard let found else { throw Self.unknown }
        return found
    }

    package func add(_ draft: ItemDraft, by actor: StaffPrincipal) async throws -> Item {
        try actor.require(.catalogEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try Self.insert(draft, in: act)
        }
    }

    package func change(
        _ id: ItemID, _ draft: ItemDraft, readAs read: Int, by actor: StaffPrincipal
    ) async throws -> Item {
        try actor.require(.catalogEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try Self.update(id, draft, readAs: read, in: act)
        }
    }

    // MARK: - Categories

    package static func categories(
        of shop: ShopID, in transaction: Transaction
    ) throws -> [Category] {
        try transaction.rows(
            "SELECT id, parent, name, kind, sort FROM category WHERE shop = \(shop) ORDER BY sort, id"
        ).map(CatalogRow.category)
    }

    package func categories(of shop: ShopID) async throws -> [Category] {
        try await carryOut.database.read { try Self.categories(of: shop, in: $0) }
    }

    /// Adds a category; an importer uses it too.
    package static func insert(_ draft: CategoryDraft, in act: Act) throws -> Category {
        try draft.check(
            changing: nil, among: try categories(of: act.shop, in: act.transaction))
        let category = Category(
            id: act.newID(), parent: draft.parent, name: draft.name, kind: draft.kind,
            sort: draft.sort)
        try act.transaction.run(
            """
            INSERT INTO category (shop, id, parent, name, kind, sort)
            VALUES (\(act.shop), \(category.id), \(category.parent), \(category.name),
                \(category.kind.rawValue), \(category.sort))
            """)
        try act.record(
            "category.added", about: category.id.raw, CategoryTold(title: category.name))
        return category
    }

    private struct CategoryTold: Encodable {
        let title: String
    }

    package func add(_ draft: CategoryDraft, by actor: StaffPrincipal) async throws -> Category {
        try actor.require(.catalogEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try Self.insert(draft, in: act)
        }
    }

    package func change(
        _ id: CategoryID, _ draft: CategoryDraft, by actor: StaffPrincipal
    ) async throws -> Category {
        try actor.require(.catalogEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            try draft.check(
                changing: id, among: try Self.categories(of: act.shop, in: act.transaction))
            let changed = try act.transaction.change(
                """
                UPDATE category SET parent = \(draft.parent), name = \(draft.name),
                    kind = \(draft.kind.rawValue), sort = \(draft.sort)
                WHERE shop = \(act.shop) AND id = \(id)
                """)
            guard changed == 1 else {
                throw Refusal.unknown("category", zh: "分类", en: "category")
            }
            try act.record("category.changed", about: id.raw, CategoryTold(title: draft.name))
            return Category(
                id: id, parent: draft.parent, name: draft.name, kind: draft.kind, sort: draft.sort)
        }
    }

    /// A category and everything below it.
    private static func below(_ category: CategoryID, among all: [Category]) -> [CategoryID] {
        var found = [category]
        var next = 0
        while next < found.count {
            let parent = found[next]
            found += all.filter { $0.parent == parent && !found.contains($0.id) }.map(\.id)
            next += 1
        }
        return found
    }
}
