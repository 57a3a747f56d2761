package import Desk
package import SQL

/// Pieces kept for buyers.
extension StockStore {
    private struct Told: Encodable {
        let name: String
        let quantity: Int
        let until: Instant
        let conversation: ConversationID?

        init(_ hold: Hold, _ name: String) {
            self.name = name
            quantity = hold.quantity
            until = hold.until
            conversation = hold.conversation
        }
    }

    /// What a hold is asked for.
    package struct Wish: Sendable {
        package let sku: SKUID
        package let quantity: Int
        package let warehouse: WarehouseID?
        package let conversation: ConversationID?
        package let buyer: BuyerID?
        /// Nil is the shop's usual time.
        package let minutes: Int?

        package init(
            sku: SKUID, quantity: Int, warehouse: WarehouseID? = nil,
            conversation: ConversationID? = nil, buyer: BuyerID? = nil, minutes: Int? = nil
        ) {
            self.sku = sku
            self.quantity = quantity
            self.warehouse = warehouse
            self.conversation = conversation
            self.buyer = buyer
            self.minutes = minutes
        }
    }

    /// Keeps pieces for a buyer until a time.
    /// - Throws: `stock.short` with what is left.
    package func hold(_ wish: Wish, by actor: StaffPrincipal) async throws -> Hold {
        let rules = policy(actor.shop)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let name = try Self.name(of: wish.sku, in: act)
            let until = try Hold.end(
                from: act.at, minutes: wish.minutes, usual: rules[.holdUsual],
                most: rules[.holdLongest])
            let level = try Self.choose(wish.sku, wish.quantity, at: wish.warehouse, in: act)
            try StockRows.change(level, to: level.holding(wish.quantity), in: act)
            let hold = Hold(
                id: act.newID(), sku: wish.sku, warehouse: level.warehouse,
                quantity: wish.quantity, conversation: wish.conversation, buyer: wish.buyer,
                until: until, by: actor.id, state: .held)
            try act.transaction.change(
                """
                INSERT INTO hold (shop, id, sku, warehouse, quantity, conversation, buyer, until, "by", state)
                VALUES (\(act.shop), \(hold.id), \(hold.sku), \(hold.warehouse), \(hold.quantity),
                    \(hold.conversation), \(hold.buyer), \(hold.until), \(hold.by), 'held')
                """)
            try act.record("hold.placed", about: hold.id.raw, Told(hold, name))
            return hold
        }
    }

    /// Ends a hold before its time; one that is over stays as it is.
    package func release(_ id: HoldID, by actor: StaffPrincipal) async throws -> Hold {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let hold = try Self.hold(id, in: act)
            guard hold.state == .held else { return hold }
            return try Self.end(hold, .released, "hold.released", in: act)
        }
    }

    /// What was kept for a buyer becomes their order's.
    /// - Parameter quantity: of the line; nil is what was kept. What is kept beyond it is free again.
    /// - Throws: `hold.over` after its time.
    @discardableResult
    package static func useHold(
        _ id: HoldID, for line: OrderLineID, quantity: Int? = nil, in act: Act
    ) throws -> WarehouseID {
        let hold = try Self.hold(id, in: act)
        if hold.state == .used, let old = try StockRows.reservation(line, in: act),
            try user(of: id, in: act) == line
        {
            return old.warehouse
        }
        try hold.requireHeld(at: act.at)
        if let old = try StockRows.reservation(line, in: act) {
            guard old.state != .committed else { throw Reservation.left }
            try release(line, in: act)
        }
        let wanted = quantity ?? hold.quantity
        let level = try StockRows.one(hold.sku, at: hold.warehouse, in: act)
        let used = try level.using(hold: hold.quantity, for: wanted)
        try StockRows.change(level, to: used, in: act)
        try StockRows.keep(
            Reservation(
                line: line, sku: hold.sku, warehouse: hold.warehouse, quantity: wanted,
                state: .reserved), in: act)
        try act.transaction.change(
            """
            UPDATE hold SET state = 'used', order_line = \(line)
            WHERE shop = \(act.shop) AND id = \(id)
            """)
        try act.record("hold.used", about: id.raw, Changed(used, line))
        return hold.warehouse
    }

    /// Whether a hold's time has passed.
    package static func isDue(
        _ shop: ShopID, at: Instant, in transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM hold WHERE shop = \(shop) AND state = 'held' AND until <= \(at) LIMIT 1
            """) != nil
    }

    /// Ends the holds whose time has passed.
    /// - Parameter guardian: asked inside the transaction whether this program may.
    /// - Returns: how many ended.
    @discardableResult
    package func expire(
        in shop: ShopID, limit: Int,
        guardian: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> Int {
        try await carryOut(in: shop, as: .system) { act in
            try guardian(act.transaction)
            let due = try act.transaction.rows(
                Self.columns
                    + """
                     WHERE shop = \(act.shop) AND state = 'held' AND until <= \(act.at)
                    ORDER BY until, id LIMIT \(limit)
                    """ + act.transaction.dialect.forUpdate
            ).map(Self.hold)
            for hold in due { _ = try Self.end(hold, .expired, "hold.expired", in: act) }
            return due.count
        }
    }

    private static func end(
        _ hold: Hold, _ state: Hold.State, _ kind: String, in act: Act
    ) throws -> Hold {
        let level = try StockRows.one(hold.sku, at: hold.warehouse, in: act)
        try StockRows.change(level, to: level.lettingGo(hold.quantity), in: act)
        try act.transaction.change(
            """
            UPDATE hold SET state = \(state.rawValue) WHERE shop = \(act.shop) AND id = \(hold.id)
            """)
        try act.record(
            kind, about: hold.id.raw, Told(hold, try title(of: hold.sku, in: act) ?? ""))
        return try self.hold(hold.id, in: act)
    }

    // MARK: - Rows

    static var columns: Statement {
        """
        SELECT id, sku, warehouse, quantity, conversation, buyer, until, "by", state FROM hold
        """
    }

    private static func hold(_ id: HoldID, in act: Act) throws -> Hold {
        let row = try act.transaction.first(
            columns + " WHERE shop = \(act.shop) AND id = \(id)"
                + act.transaction.dialect.forUpdate)
        guard let row else { throw Refusal.unknown("hold", zh: "预留", en: "hold") }
        return try hold(row)
    }

    static func hold(_ row: Row) throws -> Hold {
        Hold(
            id: try row.get(0), sku: try row.get(1), warehouse: try row.get(2),
            quantity: try row.get(3), conversation: try row.maybe(4), buyer: try row.maybe(5),
            until: try row.get(6), by: try row.maybe(7),
            state: try Hold.State(rawValue: row.get(8)) ?? .released)
    }

    private static func user(of id: HoldID, in act: Act) throws -> OrderLineID? {
        try act.transaction.first(
            "SELECT order_line FROM hold WHERE shop = \(act.shop) AND id = \(id)")?.maybe(0)
    }
}
