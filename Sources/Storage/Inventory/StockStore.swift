package import Desk
import SQL

/// Stock: what orders and holds are promised, inside the caller's own act, so that an order and its pieces stand or fall
/// together.
///
/// Each of these asked again, as after a lost answer, leaves what it left the first time.
package struct StockStore: Sendable {
    let carryOut: CarryOut
    let policy: @Sendable (ShopID) -> PolicySet

    package init(
        _ carryOut: CarryOut, policy: @escaping @Sendable (ShopID) -> PolicySet
    ) {
        self.carryOut = carryOut
        self.policy = policy
    }

    /// What changed for a variant, for screens that show it.
    struct Changed: Encodable {
        let sku: SKUID
        let warehouse: WarehouseID
        let onHand: Int
        let reserved: Int
        let held: Int
        let line: OrderLineID?

        init(_ level: StockLevel, _ line: OrderLineID? = nil) {
            sku = level.sku
            warehouse = level.warehouse
            onHand = level.onHand
            reserved = level.reserved
            held = level.held
            self.line = line
        }
    }

    /// Promises pieces to a line of an order.
    /// - Parameter warehouse: nil takes the one with most.
    /// - Throws: `stock.short` with what is left.
    @discardableResult
    package static func reserve(
        _ sku: SKUID, _ quantity: Int, for line: OrderLineID, at warehouse: WarehouseID? = nil,
        in act: Act
    ) throws -> WarehouseID {
        if let old = try StockRows.reservation(line, in: act) {
            switch old.state {
            case .committed: throw Reservation.left
            case .reserved:
                if old.sku == sku, old.quantity == quantity,
                    warehouse == nil || warehouse == old.warehouse
                {
                    return old.warehouse
                }
                try release(line, in: act)
            case .released: break
            }
        }
        let level = try choose(sku, quantity, at: warehouse, in: act)
        let promised = try level.reserving(quantity)
        try StockRows.change(level, to: promised, in: act)
        try StockRows.keep(
            Reservation(
                line: line, sku: sku, warehouse: level.warehouse, quantity: quantity,
                state: .reserved), in: act)
        try act.record("stock.reserved", about: sku.raw, Changed(promised, line))
        return level.warehouse
    }

    /// The warehouse that can promise so many.
    static func choose(
        _ sku: SKUID, _ quantity: Int, at warehouse: WarehouseID?, in act: Act
    ) throws -> StockLevel {
        let open = Set(
            try WarehouseRows.all(of: act.shop, in: act.transaction).filter(\.isActive).map(\.id))
        return try Warehouse.choose(
            quantity,
            among: StockRows.all(sku, in: act).filter {
                open.contains($0.warehouse) && (warehouse == nil || warehouse == $0.warehouse)
            })
    }

    /// The pieces of a line leave: those that expire first go first.
    ///
    /// A line that nothing was reserved for, as one of an order that another place keeps the stock of, changes nothing.
    package static func commit(_ line: OrderLineID, in act: Act) throws {
        guard let old = try StockRows.reservation(line, in: act) else { return }
        switch old.state {
        case .committed: return
        case .released:
            throw Refusal(
                .conflict, "stock.notReserved", zh: "这一行的库存占用已经释放",
                en: "Nothing is reserved for this line any more",
                instead: Localized(zh: "重新占用库存后再发货", en: "Reserve again before shipping"))
        case .reserved: break
        }
        let level = try StockRows.one(old.sku, at: old.warehouse, in: act)
        let picked = try Lots.pick(
            old.quantity, from: StockRows.lots(old.sku, at: old.warehouse, in: act),
            onHand: level.onHand, today: StockRows.today(in: act), sale: true)
        let left = level.committing(old.quantity)
        try StockRows.change(level, to: left, in: act)
        try StockRows.take(picked, .sale, from: level, line: line, in: act)
        try StockRows.keep(old.with(.committed), in: act)
        try act.record("stock.committed", about: old.sku.raw, Changed(left, line))
    }

    /// Takes the promise to a line back.
    package static func release(_ line: OrderLineID, in act: Act) throws {
        guard let old = try StockRows.reservation(line, in: act), old.state != .released else {
            return
        }
        guard old.state == .reserved else { throw Reservation.left }
        let level = try StockRows.one(old.sku, at: old.warehouse, in: act)
        let free = level.releasing(old.quantity)
        try StockRows.change(level, to: free, in: act)
        try StockRows.keep(old.with(.released), in: act)
        try act.record("stock.released", about: old.sku.raw, Changed(free, line))
    }

    /// Pieces of a line come back; what had not left yet is promised no longer.
    /// - Throws: `stock.returnedTooMuch` when more would come back than left.
    package static func giveBack(
        _ line: OrderLineID, quantity: Int, reason: String, in act: Act
    ) throws {
        guard let old = try StockRows.reservation(line, in: act), old.state != .released else {
            return
        }
        guard old.state == .committed else {
            return try shrink(old, by: quantity, in: act)
        }
        let moved: [(lot: LotID?, quantity: Int)] = try act.transaction.rows(
            """
            SELECT lot, CAST(sum(quantity) AS bigint) FROM stock_movement
            WHERE shop = \(act.shop) AND order_line = \(line) AND kind IN ('sale', 'return')
            GROUP BY lot ORDER BY lot
            """
        ).map { row in
            let quantity: Int = try row.get(1)
            return (lot: try row.maybe(0), quantity: -quantity)
        }
        let out = moved.reduce(0) { $0 + $1.quantity }
        try Reservation.requireBack(
            quantity, sold: old.quantity, returned: old.quantity - out)
        let level = try StockRows.one(old.sku, at: old.warehouse, in: act)
        let back = try level.receiving(quantity)
        try StockRows.change(level, to: back, in: act)
        var (open, after) = (quantity, level.onHand)
        for part in moved where open > 0 && part.quantity > 0 {
            let pieces = min(open, part.quantity)
            (open, after) = (open - pieces, after + pieces)
            try StockRows.add(
                .giveBack, pieces, after: after, of: level, lot: part.lot, reason: reason,
                line: line, in: act)
        }
        try act.record("stock.returned", about: old.sku.raw, Changed(back, line))
    }

    private static func shrink(_ old: Reservation, by quantity: Int, in act: Act) throws {
        try Reservation.requireBack(quantity, sold: old.quantity, returned: 0)
        guard quantity < old.quantity else { return try release(old.line, in: act) }
        let level = try StockRows.one(old.sku, at: old.warehouse, in: act)
        let free = level.releasing(quantity)
        try StockRows.change(level, to: free, in: act)
        try StockRows.keep(old.with(.reserved, quantity: old.quantity - quantity), in: act)
        try act.record("stock.released", about: old.sku.raw, Changed(free, old.line))
    }
}
