package import Desk
package import SQL

/// What the clock does to orders: unpaid ones close, received ones complete, new ones are looked at for fakes.
extension OrderStore {
    /// Whether anything is due, found without writing.
    package static func isDue(
        _ shop: ShopID, at: Instant, in transaction: Transaction
    ) throws -> Bool {
        try !due(shop, at: at, limit: 1, in: transaction).isEmpty
    }

    private static func due(
        _ shop: ShopID, at: Instant, limit: Int, in transaction: Transaction
    ) throws -> [OrderID] {
        let unpaid: [OrderID] = try transaction.rows(
            """
            SELECT id FROM orders WHERE shop = \(shop) AND state = 'awaitingPayment'
            AND coalesce(pay_by, 9007199254740991) <= \(at)
            ORDER BY coalesce(pay_by, 9007199254740991), id LIMIT \(limit)
            """
        ).map { try $0.get(0) }
        if unpaid.count >= limit { return unpaid }
        // Where a refund is open the clock stands still.
        return try unpaid
            + transaction.rows(
                """
                SELECT o.id FROM orders o WHERE o.shop = \(shop) AND o.receipt_by IS NOT NULL
                AND o.receipt_by <= \(at) AND o.state = 'shipped' AND NOT EXISTS (
                    SELECT 1 FROM order_line l WHERE l.shop = o.shop AND l.order_id = o.id
                    AND l.refund_state = 'asked')
                ORDER BY o.receipt_by LIMIT \(limit - unpaid.count)
                """
            ).map { try $0.get(0) }
    }

    /// One round; as many as `limit`.
    /// - Parameter hold: throws when the clock is not this program's any more.
    @discardableResult
    package func passTime(
        in shop: ShopID, limit: Int, hold: @escaping @Sendable (Transaction) throws -> Void
    ) async throws -> Int {
        try await carryOut(in: shop, as: .system) { act in
            try hold(act.transaction)
            var moved = 0
            for id in try Self.due(shop, at: act.at, limit: limit, in: act.transaction) {
                let before = try Self.known(id, in: act)
                guard let change = before.passTime(act.at) else { continue }
                _ = try keep(change, before: before, in: act)
                moved += 1
            }
            return moved
        }
    }

    /// Looks at orders that came from elsewhere in the last two days and were not judged yet.
    @discardableResult
    package func judge(
        in shop: ShopID, limit: Int, hold: @escaping @Sendable (Transaction) throws -> Void
    ) async throws -> Int {
        let since = carryOut.clock() - .days(2)
        let fresh: Statement = """
             WHERE o.shop = \(shop) AND o.created_at >= \(since) AND o.evidence IS NULL
            ORDER BY o.created_at, o.id LIMIT \(limit)
            """
        let waits = try await carryOut.database.read { transaction in
            try transaction.first("SELECT o.id FROM orders o\(fresh)") != nil
        }
        guard waits else { return 0 }
        return try await carryOut(in: shop, as: .system) { act in
            try hold(act.transaction)
            let orders = try Self.orders(fresh, of: shop, in: act.transaction)
            for order in orders {
                let signals = try FakeOrders.traces(of: order, of: shop, act.transaction)
                    .signals(of: order)
                let isSuspicious = FakeOrderTraces.isSuspicious(signals)
                try act.transaction.run(
                    """
                    UPDATE orders SET evidence = \(try JSON.text(signals)), suspicious = \(isSuspicious)
                    WHERE shop = \(shop) AND id = \(order.id)
                    """)
                if isSuspicious {
                    try act.record(
                        OrderEvent.Kind.flagged.rawValue, about: order.id.raw,
                        ["number": order.number])
                }
            }
            return orders.count
        }
    }
}

/// What is known around an order.
enum FakeOrders {
    static func traces(
        of order: Order, of shop: ShopID, _ transaction: Transaction
    ) throws -> FakeOrderTraces {
        func count(_ query: Statement) throws -> Int { try transaction.first(query)?.get(0) ?? 0 }
        var traces = FakeOrderTraces()
        let dayBefore = order.createdAt - .days(1)
        traces.ordersOfBuyer =
            try count(
                """
                SELECT count(*) FROM orders WHERE shop = \(shop) AND buyer_nick = \(order.buyerNick)
                AND created_at BETWEEN \(dayBefore) AND \(order.createdAt) AND id <> \(order.id)
                """) + 1
        let mobile = order.receiver.mobile
        if mobile.count == Receiver.Limit.mobile, !mobile.contains("*") {
            traces.buyersWithMobile = try count(
                """
                SELECT count(DISTINCT buyer_nick) FROM orders WHERE shop = \(shop)
                AND substr(receiver_mobile, length(receiver_mobile) - 3) = \(String(mobile.suffix(4)))
                AND created_at >= \(order.createdAt - .days(30)) AND receiver_mobile = \(mobile)
                AND buyer_nick <> \(order.buyerNick)
                """)
        }
        if !order.receiver.detail.isEmpty {
            traces.buyersAtAddress = try count(
                """
                SELECT count(DISTINCT buyer_nick) FROM orders WHERE shop = \(shop)
                AND created_at BETWEEN \(dayBefore) AND \(order.createdAt)
                AND receiver_detail = \(order.receiver.detail)
                AND receiver_city = \(order.receiver.city) AND buyer_nick <> \(order.buyerNick)
                """)
        }
        if order.buyer == nil, let item = order.lines.compactMap(\.item).first {
            traces.silentFirstOrders = try count(
                """
                SELECT count(DISTINCT o.buyer_nick) FROM orders o WHERE o.shop = \(shop)
                AND o.created_at BETWEEN \(order.createdAt - .hours(1)) AND \(order.createdAt)
                AND o.buyer IS NULL AND EXISTS (SELECT 1 FROM order_line l WHERE l.shop = o.shop
                    AND l.order_id = o.id AND l.item = \(item))
                AND NOT EXISTS (SELECT 1 FROM orders e WHERE e.shop = o.shop
                    AND e.buyer_nick = o.buyer_nick
                    AND e.created_at < \(order.createdAt - .hours(1)))
                """)
        }
        return traces
    }
}
