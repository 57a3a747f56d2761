package import Desk
package import SQL

/// What stands on the shelves now, read for cards and for the choosing helper.
package enum OnShelf {
    /// Cards that are asked for at once, at most.
    package static let mostCards = 50
    /// Variants that the helper looks through, at most.
    package static let mostCandidates = 5_000

    /// What can be promised of a variant: not reserved, not held, not past its date.
    ///
    /// - Parameter today: like 20261128.
    private static func left(_ today: Int) -> Statement {
        """
        CAST(COALESCE((SELECT SUM(k.on_hand - k.reserved - k.held) FROM stock k
            WHERE k.shop = s.shop AND k.sku = s.id), 0)
        - COALESCE((SELECT SUM(l.on_hand) FROM lot l
            WHERE l.shop = s.shop AND l.sku = s.id AND l.expires_on < \(today)), 0) AS bigint)
        """
    }

    /// What is true now of variants that cards show; those that are not the shop's are missing.
    package static func cards(
        _ skus: [SKUID], of shop: ShopID, today: Int, in transaction: Transaction
    ) throws -> [LiveCard] {
        guard !skus.isEmpty else { return [] }
        let wanted = skus.prefix(mostCards).map { SQLValue.int($0.raw) }
        return try transaction.rows(
            cardColumns(today) + " WHERE s.shop = \(shop) AND s.id IN \(list: wanted)"
        ).map(card)
    }

    /// The same of whole items, for cards that name no variant: the lowest price, and all that is left.
    package static func cards(
        items: [ItemID], of shop: ShopID, today: Int, in transaction: Transaction
    ) throws -> [ItemID: LiveCard] {
        guard !items.isEmpty else { return [:] }
        let wanted = items.prefix(mostCards).map { SQLValue.int($0.raw) }
        var found: [ItemID: LiveCard] = [:]
        for row in try transaction.rows(
            cardColumns(today)
                + " WHERE s.shop = \(shop) AND s.item IN \(list: wanted) ORDER BY s.price, s.id")
        {
            let (item, next): (ItemID, LiveCard) = (try row.get(6), try card(row))
            guard let known = found[item] else {
                found[item] = next
                continue
            }
            // A variant that nobody can buy says neither the price nor what is left.
            guard next.isSold else { continue }
            found[item] = known.isSold ? known.adding(next.left) : next
        }
        return found
    }

    private static func cardColumns(_ today: Int) -> Statement {
        let columns: Statement = "SELECT s.id, s.price, s.list_price, s.active, i.state, "
        return columns + left(today)
            + ", s.item FROM sku s JOIN item i ON i.shop = s.shop AND i.id = s.item"
    }

    private static func card(_ row: Row) throws -> LiveCard {
        let state: String = try row.get(4)
        let active: Bool = try row.get(3)
        return LiveCard(
            sku: try row.get(0), price: Money(fen: try row.get(1)),
            listPrice: try (row.maybe(2) as Int64?).map(Money.init(fen:)),
            isSold: active && state == ListingState.onShelf.rawValue, left: try row.get(5))
    }

    /// The variants of items on sale, newest items first.
    /// - Parameter arrives: when goods of a warehouse would arrive, by its cut-off and region.
    package static func candidates(
        of shop: ShopID, in category: CategoryID?, today: Int,
        arrives: (_ cutOff: Int?, _ region: String) -> Instant?, _ transaction: Transaction
    ) throws -> [Choosing.Candidate] {
        let goods = try items(of: shop, in: category, transaction)
        let places = try warehouses(of: shop, transaction)
        let sql: Statement =
            "SELECT s.id, s.item, s.outer_id, s.name, s.attributes, s.price, s.list_price, s.sort, "
            + left(today) + """
                , (SELECT k.warehouse FROM stock k WHERE k.shop = s.shop AND k.sku = s.id
                    ORDER BY k.on_hand - k.reserved - k.held DESC, k.warehouse LIMIT 1)
                FROM sku s JOIN item i ON i.shop = s.shop AND i.id = s.item
                WHERE s.shop = \(shop) AND s.active = 1 AND i.state = 'onShelf'
                """ + (category.map { " AND i.category = \($0)" } ?? "") + """
                 ORDER BY i.id DESC, s.sort, s.id LIMIT \(mostCandidates)
                """
        var times: [WarehouseID: Instant] = [:]
        for (id, place) in places { times[id] = arrives(place.cutOff, place.region) }
        return try transaction.rows(sql).compactMap { row in
            guard let found = goods[try row.get(1)] else { return nil }
            let warehouse: WarehouseID? = try row.maybe(9)
            return Choosing.Candidate(
                item: found.item,
                sku: SKU(
                    id: try row.get(0), item: found.item.id, outerID: try row.get(2),
                    name: try row.get(3), attributes: try JSON.value(try row.get(4)),
                    price: Money(fen: try row.get(5)),
                    listPrice: try (row.maybe(6) as Int64?).map(Money.init(fen:)), barcode: "",
                    isActive: true, sort: try row.get(7)),
                category: found.category, left: try row.get(8),
                arrives: warehouse.flatMap { times[$0] })
        }
    }

    /// The items without their variants, with the names of their categories.
    private static func items(
        of shop: ShopID, in category: CategoryID?, _ transaction: Transaction
    ) throws -> [ItemID: (item: Item, category: String)] {
        let sql: Statement =
            """
            SELECT i.id, i.number, i.title, i.category, i.selling_points, i.attributes,
                i.size_chart, i.faq, i.image, c.name
            FROM item i LEFT JOIN category c ON c.shop = i.shop AND c.id = i.category
            WHERE i.shop = \(shop) AND i.state = 'onShelf'
            """ + (category.map { " AND i.category = \($0)" } ?? "") + """
                 ORDER BY i.id DESC LIMIT \(mostCandidates)
                """
        var found: [ItemID: (Item, String)] = [:]
        for row in try transaction.rows(sql) {
            let item = Item(
                id: try row.get(0), number: try row.get(1), outerID: "", title: try row.get(2),
                category: try row.maybe(3), state: .onShelf,
                sellingPoints: try read(row, 4) ?? [], attributes: try read(row, 5) ?? [],
                sizeChart: try read(row, 6) ?? .none, questions: try read(row, 7) ?? [],
                image: try row.maybe(8) ?? "", freightTemplate: nil, priceFrom: nil,
                updatedAt: Instant(milliseconds: 0), version: 1, skus: [])
            found[item.id] = (item, try row.maybe(9) ?? "")
        }
        return found
    }

    private static func read<T: Decodable>(_ row: Row, _ column: Int) throws -> T? {
        guard let text: String = try row.maybe(column), !text.isEmpty else { return nil }
        return try JSON.value(text)
    }

    private static func warehouses(
        of shop: ShopID, _ transaction: Transaction
    ) throws -> [WarehouseID: (cutOff: Int?, region: String)] {
        var found: [WarehouseID: (Int?, String)] = [:]
        for row in try transaction.rows(
            "SELECT id, cut_off, region FROM warehouse WHERE shop = \(shop) AND active = 1")
        {
            found[try row.get(0)] = (try row.maybe(1), try row.get(2))
        }
        return found
    }
}
