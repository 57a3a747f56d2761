package import Desk
package import SQL

/// One entry of the ledger, with the order that it belongs to.
package struct PaymentRow: Sendable {
    package let id: PaymentID
    package let order: OrderID
    package let number: String
    package let nick: String
    package let at: Instant
    package let entry: PaymentEntry
}

/// The ledger of money that came and went, so that it can be compared with the orders (domain A06).
package enum PaymentLedger {
    package static func of(
        _ order: OrderID, of shop: ShopID, in transaction: Transaction
    ) throws -> [PaymentRow] {
        try rows(" AND p.order_id = \(order) ORDER BY p.at, p.id", shop, transaction)
    }

    /// One day's entries, the newest first.
    package static func day(
        from: Instant, to: Instant, of shop: ShopID, before: PaymentRow.Place?, limit: Int,
        in transaction: Transaction
    ) throws -> [PaymentRow] {
        var filter: Statement = " AND p.at >= \(from) AND p.at < \(to)"
        if let before { filter = filter + " AND (p.at, p.id) < (\(before.at), \(before.id))" }
        return try rows(
            filter + " ORDER BY p.at DESC, p.id DESC LIMIT \(min(max(limit, 1), 200))", shop,
            transaction)
    }

    /// The sums of a day by kind.
    package static func sums(
        from: Instant, to: Instant, of shop: ShopID, in transaction: Transaction
    ) throws -> [(kind: PaymentEntry.Kind, count: Int, amount: Money)] {
        try transaction.rows(
            """
            SELECT kind, count(*), CAST(sum(amount) AS bigint) FROM payment
            WHERE shop = \(shop) AND at >= \(from) AND at < \(to)
            AND channel NOT IN ('merge', 'split') GROUP BY kind ORDER BY kind
            """
        ).map { row in
            (
                PaymentEntry.Kind(rawValue: try row.get(0)) ?? .pay, try row.get(1),
                Money(fen: try row.get(2))
            )
        }
    }

    private static func rows(
        _ filter: Statement, _ shop: ShopID, _ transaction: Transaction
    ) throws -> [PaymentRow] {
        try transaction.rows(
            """
            SELECT p.id, p.order_id, o.number, o.buyer_nick, p.at, p.kind, p.amount, p.channel,
                p.reference, p.simulated
            FROM payment p JOIN orders o ON o.shop = p.shop AND o.id = p.order_id
            WHERE p.shop = \(shop)\(filter)
            """
        ).map { row in
            PaymentRow(
                id: try row.get(0), order: try row.get(1), number: try row.get(2),
                nick: try row.get(3), at: try row.get(4),
                entry: PaymentEntry(
                    PaymentEntry.Kind(rawValue: try row.get(5)) ?? .pay,
                    Money(fen: try row.get(6)), channel: try row.get(7),
                    reference: try row.get(8), simulated: try row.get(9)))
        }
    }
}

extension PaymentRow {
    package struct Place: Sendable {
        package let at: Int64
        package let id: PaymentID

        package init?(_ text: String) {
            let parts = text.split(separator: "-")
            guard parts.count == 2, let at = Int64(parts[0]), let id = PaymentID(String(parts[1]))
            else { return nil }
            self.at = at
            self.id = id
        }
    }
}
