import Desk
import SQL

extension OrderIntake {
    /// Takes back what a chunk made and changed, as far as nobody has worked on it and no parcel is on its way for it.
    /// - Returns: the names of what stays.
    static func takeBack(
        _ made: [ImportMade], _ changed: [ImportChanged], of shop: ShopID, at now: Instant,
        _ transaction: Transaction
    ) throws -> [String] {
        var kept: [String] = []
        // Lines first: they hang on their orders.
        for change in changed where change.kind == .line {
            try HeldLine.putBack(change, of: shop, transaction)
        }
        for change in changed where change.kind == .order {
            if try !HeldOrder.putBack(change, of: shop, transaction) {
                kept.append(try number(of: change.id, shop, transaction))
            }
        }
        let lines = made.filter { $0.kind == .line }.map(\.id)
        if !lines.isEmpty {
            try transaction.run(
                "DELETE FROM order_line WHERE shop = \(shop) AND id IN \(list: lines)")
        }
        let orders = made.filter { $0.kind == .order }.map(\.id)
        guard !orders.isEmpty else { return kept }
        let free = Set(
            try transaction.rows(
                """
                SELECT o.id FROM orders o WHERE o.shop = \(shop) AND o.version = 1
                    AND o.id IN \(list: orders) AND NOT EXISTS (
                        SELECT 1 FROM parcel p WHERE p.shop = o.shop AND p.order_id = o.id)
                """
            ).map { try $0.get(0, as: Int64.self) })
        for id in orders where !free.contains(id) {
            kept.append(try number(of: id, shop, transaction))
        }
        kept += try remove(Array(free), of: shop, transaction)
        return kept
    }

    /// Removes orders with their lines; where something else hangs on them, one by one, so that only that one stays.
    private static func remove(
        _ orders: [Int64], of shop: ShopID, _ transaction: Transaction
    ) throws -> [String] {
        func go(_ orders: [Int64]) throws {
            try transaction.savepoint("import_undo") {
                try transaction.run(
                    "DELETE FROM order_line WHERE shop = \(shop) AND order_id IN \(list: orders)")
                try transaction.run(
                    "DELETE FROM orders WHERE shop = \(shop) AND id IN \(list: orders)")
            }
        }
        guard !orders.isEmpty else { return [] }
        do {
            try go(orders)
            return []
        } catch SQLError.foreignKey {
            var kept: [String] = []
            for id in orders {
                do {
                    try go([id])
                } catch SQLError.foreignKey {
                    kept.append(try number(of: id, shop, transaction))
                }
            }
            return kept
        }
    }

    private static func number(
        of order: Int64, _ shop: ShopID, _ transaction: Transaction
    ) throws -> String {
        try transaction.first("SELECT number FROM orders WHERE shop = \(shop) AND id = \(order)")?
            .get(0) ?? String(order)
    }
}
