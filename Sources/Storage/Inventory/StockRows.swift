import Desk
import SQL

/// The rows of the ledger, read and written inside an act.
enum StockRows {
    /// The day on the shop's wall.
    static func today(in act: Act) throws -> ShelfDate {
        ShelfDate(of: act.at, in: try ShopStore.one(act.shop, in: act.transaction).hours.zone)
    }

    // MARK: - Levels

    static func levels(today: ShelfDate) -> Statement {
        """
        SELECT k.sku, k.warehouse, k.on_hand, k.reserved, k.held, (
            SELECT CAST(coalesce(sum(l.on_hand), 0) AS bigint) FROM lot l
            WHERE l.shop = k.shop AND l.sku = k.sku AND l.warehouse = k.warehouse
            AND l.expires_on < \(today.raw)), k.low_at
        FROM stock k
        """
    }

    static func level(_ row: Row, from column: Int = 0) throws -> StockLevel {
        StockLevel(
            sku: try row.get(column), warehouse: try row.get(column + 1),
            onHand: try row.get(column + 2), reserved: try row.get(column + 3),
            held: try row.get(column + 4), expired: try row.get(column + 5),
            lowAt: try row.maybe(column + 6))
    }

    /// The levels of a variant in all warehouses, kept as they are until the act is over.
    static func all(_ sku: SKUID, in act: Act) throws -> [StockLevel] {
        try act.transaction.rows(
            levels(today: today(in: act))
                + " WHERE k.shop = \(act.shop) AND k.sku = \(sku) ORDER BY k.warehouse"
                + act.transaction.dialect.forUpdate
        ).map { try level($0) }
    }

    /// What stands in one warehouse; nothing when the variant was never there.
    static func one(
        _ sku: SKUID, at warehouse: WarehouseID, in act: Act
    ) throws -> StockLevel {
        try all(sku, in: act).first { $0.warehouse == warehouse }
            ?? StockLevel(sku: sku, warehouse: warehouse)
    }

    /// Writes what changed, if the row still bears it.
    ///
    /// The condition is the store's own guard: whatever was read before, nothing is promised twice.
    static func change(_ old: StockLevel, to new: StockLevel, in act: Act) throws {
        let (hand, reserved, held) = (
            new.onHand - old.onHand, new.reserved - old.reserved, new.held - old.held
        )
        let changed = try act.transaction.change(
            """
            UPDATE stock SET on_hand = on_hand + \(hand), reserved = reserved + \(reserved),
                held = held + \(held)
            WHERE shop = \(act.shop) AND sku = \(new.sku) AND warehouse = \(new.warehouse)
            AND on_hand + \(hand) >= 0 AND reserved + \(reserved) >= 0 AND held + \(held) >= 0
            AND reserved + \(reserved) + held + \(held) <= on_hand + \(hand)
            """)
        guard changed == 1 else { throw Refusal.busy }
    }

    /// The first goods of a variant in a warehouse.
    static func open(_ level: StockLevel, in act: Act) throws {
        try act.transaction.change(
            """
            INSERT INTO stock (shop, sku, warehouse, on_hand, reserved, held, low_at)
            VALUES (\(act.shop), \(level.sku), \(level.warehouse), 0, 0, 0, NULL)
            ON CONFLICT DO NOTHING
            """)
    }

    // MARK: - Lots

    private static var lotColumns: Statement {
        "SELECT id, sku, warehouse, code, made_on, expires_on, on_hand FROM lot"
    }

    static func lots(
        _ sku: SKUID, at warehouse: WarehouseID, in act: Act
    ) throws -> [Lot] {
        try act.transaction.rows(
            lotColumns
                + """
                 WHERE shop = \(act.shop) AND sku = \(sku) AND warehouse = \(warehouse) ORDER BY id
                """
        ).map(lot)
    }

    static func lot(_ row: Row) throws -> Lot {
        Lot(
            id: try row.get(0), sku: try row.get(1), warehouse: try row.get(2),
            code: try row.get(3), madeOn: try row.maybe(4, as: Int.self).map(ShelfDate.init(raw:)),
            expiresOn: try row.maybe(5, as: Int.self).map(ShelfDate.init(raw:)),
            onHand: try row.get(6))
    }

    static func change(_ lot: LotID, by quantity: Int, in act: Act) throws {
        let changed = try act.transaction.change(
            """
            UPDATE lot SET on_hand = on_hand + \(quantity)
            WHERE shop = \(act.shop) AND id = \(lot) AND on_hand + \(quantity) >= 0
            """)
        guard changed == 1 else { throw Refusal.busy }
    }

    /// The lot with this code, made when it is not there yet.
    /// - Throws: when it is there with another date.
    static func lot(
        _ draft: LotDraft, of sku: SKUID, at warehouse: WarehouseID, in act: Act
    ) throws -> LotID {
        if let known = try lots(sku, at: warehouse, in: act).first(where: { $0.code == draft.code })
        {
            let dates = (draft.expiresOn ?? known.expiresOn, draft.madeOn ?? known.madeOn)
            guard dates == (known.expiresOn, known.madeOn) else {
                throw Refusal(
                    .conflict, "lot.otherDate", zh: "批号 \(draft.code) 已经登记了另一个日期",
                    en: "Lot \(draft.code) is there with another date",
                    instead: Localized(zh: "请核对批号和日期", en: "Check the code and the dates"),
                    field: "lot")
            }
            return known.id
        }
        let id: LotID = act.newID()
        try act.transaction.change(
            """
            INSERT INTO lot (shop, id, sku, warehouse, code, made_on, expires_on, on_hand)
            VALUES (\(act.shop), \(id), \(sku), \(warehouse), \(draft.code), \(draft.madeOn?.raw),
                \(draft.expiresOn?.raw), 0)
            """)
        return id
    }

    // MARK: - Movements

    /// Adds a line to the ledger, and to its lot.
    static func add(
        _ kind: StockMovement.Kind, _ quantity: Int, after: Int, of level: StockLevel, lot: LotID?,
        reason: String = "", line: OrderLineID? = nil, in act: Act
    ) throws {
        if let lot { try change(lot, by: quantity, in: act) }
        let id: StockMovementID = act.newID()
        try act.transaction.change(
            """
            INSERT INTO stock_movement (shop, id, sku, warehouse, lot, kind, quantity, on_hand_after,
                reason, order_line, at, actor)
            VALUES (\(act.shop), \(id), \(level.sku), \(level.warehouse), \(lot), \(kind.rawValue),
                \(quantity), \(after), \(reason), \(line), \(act.at), \(act.actor.name))
            """)
    }

    /// Takes pieces out, lot by lot.
    static func take(
        _ picked: [Picked], _ kind: StockMovement.Kind, from level: StockLevel,
        reason: String = "", line: OrderLineID? = nil, in act: Act
    ) throws {
        var after = level.onHand
        for part in picked {
            after -= part.quantity
            try add(
                kind, -part.quantity, after: after, of: level, lot: part.lot, reason: reason,
                line: line, in: act)
        }
    }

    // MARK: - Reservations

    static func reservation(_ line: OrderLineID, in act: Act) throws -> Reservation? {
        try act.transaction.first(
            """
            SELECT order_line, sku, warehouse, quantity, state FROM reservation
            WHERE shop = \(act.shop) AND order_line = \(line)
            """ + act.transaction.dialect.forUpdate
        ).map { row in
            Reservation(
                line: try row.get(0), sku: try row.get(1), warehouse: try row.get(2),
                quantity: try row.get(3),
                state: try Reservation.State(rawValue: row.get(4)) ?? .released)
        }
    }

    static func keep(_ reservation: Reservation, in act: Act) throws {
        try act.transaction.change(
            """
            INSERT INTO reservation (shop, order_line, sku, warehouse, quantity, state, at)
            VALUES (\(act.shop), \(reservation.line), \(reservation.sku), \(reservation.warehouse),
                \(reservation.quantity), \(reservation.state.rawValue), \(act.at))
            ON CONFLICT (shop, order_line) DO UPDATE SET sku = excluded.sku,
                warehouse = excluded.warehouse, quantity = excluded.quantity,
                state = excluded.state, at = excluded.at
            """)
    }
}
