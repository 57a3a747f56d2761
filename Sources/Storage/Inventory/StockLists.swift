package import Desk
import SQL

/// What the stock screens show.
extension StockStore {
    /// One variant in one warehouse, with its names.
    package struct Shelf: Sendable {
        package let title: String
        package let variant: String
        package let outerID: String
        package let warehouse: String
        package let level: StockLevel
    }

    package enum Which: String, Sendable, Codable, CaseIterable {
        case all, low, expiring
    }

    /// One page of what stands where, by variant and warehouse.
    /// - Parameter text: part of a title, a variant's name, or its code from the start.
    /// - Parameter after: the last of the page before.
    package func shelves(
        _ which: Which, text: String, after: (SKUID, WarehouseID)?, limit: Int, of shop: ShopID
    ) async throws -> [Shelf] {
        let days = policy(shop)[.expiringWithin]
        let at = carryOut.clock()
        return try await carryOut.database.read { transaction in
            let zone = try ShopStore.one(shop, in: transaction).hours.zone
            var sql = Self.shelfColumns(ShelfDate(of: at, in: zone)) + " WHERE k.shop = \(shop)"
            switch which {
            case .all: break
            case .low:
                sql =
                    sql + """
                         AND k.low_at IS NOT NULL
                        AND k.on_hand - k.reserved - k.held <= k.low_at
                        """
            case .expiring:
                let last = ShelfDate(of: at + .days(days), in: zone).raw
                sql =
                    sql + """
                         AND EXISTS (SELECT 1 FROM lot l WHERE l.shop = k.shop AND l.sku = k.sku
                            AND l.warehouse = k.warehouse AND l.on_hand > 0
                            AND l.expires_on <= \(last))
                        """
            }
            if !text.isEmpty { sql = sql + Self.named(text) }
            if let after {
                sql =
                    sql + """
                         AND (k.sku > \(after.0) OR (k.sku = \(after.0) AND k.warehouse > \(after.1)))
                        """
            }
            return try transaction.rows(
                sql + " ORDER BY k.sku, k.warehouse LIMIT \(limit)"
            ).map(Self.shelf)
        }
    }

    /// A variant as it is sold, whether there is any of it or not.
    package struct Variant: Sendable {
        package let sku: SKUID
        package let title: String
        package let name: String
        package let outerID: String
    }

    /// Variants to choose from, when goods come in that were never there.
    package func variants(
        text: String, limit: Int, of shop: ShopID
    ) async throws -> [Variant] {
        try await carryOut.database.read { transaction in
            var sql: Statement = """
                SELECT s.id, i.title, s.name, s.outer_id FROM sku s
                JOIN item i ON i.shop = s.shop AND i.id = s.item
                WHERE s.shop = \(shop) AND s.active = 1
                """
            if !text.isEmpty { sql = sql + Self.named(text) }
            return try transaction.rows(sql + " ORDER BY s.id DESC LIMIT \(limit)").map { row in
                Variant(
                    sku: try row.get(0), title: try row.get(1), name: try row.get(2),
                    outerID: try row.get(3))
            }
        }
    }

    private static func named(_ text: String) -> Statement {
        let part = Self.part(text)
        return """
             AND (i.title LIKE \(part) ESCAPE '\\' OR s.name LIKE \(part) ESCAPE '\\'
                OR s.outer_id = \(text) OR i.number = \(text))
            """
    }

    /// A variant everywhere, with its lots.
    package func shelves(
        of sku: SKUID, in shop: ShopID
    ) async throws -> (shelves: [Shelf], lots: [Lot]) {
        let at = carryOut.clock()
        return try await carryOut.database.read { transaction in
            let zone = try ShopStore.one(shop, in: transaction).hours.zone
            let known = try transaction.first(
                "SELECT 1 FROM sku WHERE shop = \(shop) AND id = \(sku)")
            guard known != nil else { throw Refusal.unknown("sku", zh: "规格", en: "variant") }
            let shelves = try transaction.rows(
                Self.shelfColumns(ShelfDate(of: at, in: zone))
                    + " WHERE k.shop = \(shop) AND k.sku = \(sku) ORDER BY k.warehouse"
            ).map(Self.shelf)
            let lots = try transaction.rows(
                """
                SELECT id, sku, warehouse, code, made_on, expires_on, on_hand FROM lot
                WHERE shop = \(shop) AND sku = \(sku) AND on_hand > 0
                ORDER BY coalesce(expires_on, 99999999), id
                """
            ).map(StockRows.lot)
            return (shelves, lots)
        }
    }

    /// One page of the ledger, newest first.
    package func movements(
        of sku: SKUID?, before: StockMovementID?, limit: Int, in shop: ShopID
    ) async throws -> [StockMovement] {
        try await carryOut.database.read { transaction in
            var sql: Statement = """
                SELECT id, sku, warehouse, lot, kind, quantity, on_hand_after, reason, order_line,
                    at, actor
                FROM stock_movement WHERE shop = \(shop)
                """
            if let sku { sql = sql + " AND sku = \(sku)" }
            if let before { sql = sql + " AND id < \(before)" }
            return try transaction.rows(sql + " ORDER BY id DESC LIMIT \(limit)").map { row in
                StockMovement(
                    id: try row.get(0), sku: try row.get(1), warehouse: try row.get(2),
                    lot: try row.maybe(3),
                    kind: try StockMovement.Kind(rawValue: row.get(4)) ?? .count,
                    quantity: try row.get(5), onHandAfter: try row.get(6),
                    reason: try row.get(7), line: try row.maybe(8), at: try row.get(9),
                    actor: try row.get(10))
            }
        }
    }

    /// What is kept for buyers now: of one conversation, or of all, those that end first ahead.
    package func holds(
        of conversation: ConversationID?, limit: Int, in shop: ShopID
    ) async throws -> [(hold: Hold, name: String)] {
        try await carryOut.database.read { transaction in
            var sql: Statement = """
                SELECT h.id, h.sku, h.warehouse, h.quantity, h.conversation, h.buyer, h.until,
                    h."by", h.state, i.title, s.name
                FROM hold h JOIN sku s ON s.shop = h.shop AND s.id = h.sku
                JOIN item i ON i.shop = s.shop AND i.id = s.item
                WHERE h.shop = \(shop) AND h.state = 'held'
                """
            if let conversation { sql = sql + " AND h.conversation = \(conversation)" }
            return try transaction.rows(sql + " ORDER BY h.until, h.id LIMIT \(limit)").map { row in
                let (title, name): (String, String) = (try row.get(9), try row.get(10))
                return (try Self.hold(row), name.isEmpty ? title : "\(title) \(name)")
            }
        }
    }

    private static func shelfColumns(_ today: ShelfDate) -> Statement {
        """
        SELECT k.sku, k.warehouse, k.on_hand, k.reserved, k.held, (
            SELECT CAST(coalesce(sum(l.on_hand), 0) AS bigint) FROM lot l
            WHERE l.shop = k.shop AND l.sku = k.sku AND l.warehouse = k.warehouse
            AND l.expires_on < \(today.raw)), k.low_at, i.title, s.name, s.outer_id, w.name
        FROM stock k JOIN sku s ON s.shop = k.shop AND s.id = k.sku
        JOIN item i ON i.shop = s.shop AND i.id = s.item
        JOIN warehouse w ON w.shop = k.shop AND w.id = k.warehouse
        """
    }

    /// A pattern for texts that hold another.
    private static func part(_ text: String) -> String {
        "%" + text.map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "%"
    }

    private static func shelf(_ row: Row) throws -> Shelf {
        Shelf(
            title: try row.get(7), variant: try row.get(8), outerID: try row.get(9),
            warehouse: try row.get(10), level: try StockRows.level(row))
    }
}
