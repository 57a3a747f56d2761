package import Desk
package import SQL

/// Lists of orders, newest first, page by page.
package struct OrderList: Sendable {
    /// Which orders are asked for; nil = all.
    package struct Query: Sendable {
        package var state: OrderState?
        package var buyer: BuyerID?
        package var owner: StaffID?
        package var flag: Int?
        package var source: Order.Source?
        package var suspicious = false
        package var from: Instant?
        package var to: Instant?
        /// A number, a nick, a mobile number or its last four digits, a waybill, the beginning of a title.
        package var text: String?
        package var after: Place?
        package var limit = 50

        package init() {}
    }

    /// Where a page ended.
    package struct Place: Hashable, Sendable, LosslessStringConvertible {
        package let at: Int64
        package let id: OrderID

        package init(at: Int64, id: OrderID) {
            self.at = at
            self.id = id
        }

        package init?(_ text: String) {
            let parts = text.split(separator: "-")
            guard parts.count == 2, let at = Int64(parts[0]), let id = OrderID(String(parts[1]))
            else { return nil }
            self.init(at: at, id: id)
        }

        package var description: String { "\(at)-\(id)" }
    }

    /// What waits for somebody, the nearest deadline first.
    package enum Work: String, Sendable, CaseIterable { case unpaid, unshipped, stalled }

    package static func page(
        of shop: ShopID, _ query: Query, in transaction: Transaction
    ) throws -> [Order] {
        var filter: Statement = " WHERE o.shop = \(shop)"
        if let state = query.state { filter = filter + " AND o.state = \(state.rawValue)" }
        if let buyer = query.buyer { filter = filter + " AND o.buyer = \(buyer)" }
        if let owner = query.owner { filter = filter + " AND o.owner = \(owner)" }
        if let flag = query.flag { filter = filter + " AND o.flag = \(flag)" }
        if let source = query.source { filter = filter + " AND o.source = \(source.rawValue)" }
        if query.suspicious { filter = filter + " AND o.suspicious = 1" }
        if let from = query.from { filter = filter + " AND o.created_at >= \(from)" }
        if let to = query.to { filter = filter + " AND o.created_at < \(to)" }
        if let text = query.text, !text.isEmpty {
            filter = filter + " AND o.id IN (\(try found(text, shop, transaction)))"
        }
        if let after = query.after {
            filter = filter + " AND (o.created_at, o.id) < (\(after.at), \(after.id))"
        }
        return try OrderStore.orders(
            filter
                + """
                 ORDER BY o.created_at DESC, o.id DESC LIMIT \(min(max(query.limit, 1), 200))
                """, of: shop, in: transaction)
    }

    /// Orders of each way of finding, as many as a person looks through.
    private static let most = 500

    private static func found(
        _ text: String, _ shop: ShopID, _ transaction: Transaction
    ) throws -> Statement {
        let text = String(text.prefix(100))
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let end = text + "\u{10FFFF}"
        var ways: [Statement] = [
            "SELECT id FROM orders WHERE shop = \(shop) AND number = \(text)",
            """
            SELECT id FROM (SELECT id FROM orders WHERE shop = \(shop) AND buyer_nick >= \(text)
            AND buyer_nick < \(end) LIMIT \(most)) nick
            """,
            """
            SELECT order_id FROM (SELECT order_id FROM order_line WHERE shop = \(shop)
            AND title >= \(text) AND title < \(end) LIMIT \(most)) titled
            """,
        ]
        ways.append(
            """
            SELECT order_id FROM parcel WHERE shop = \(shop) AND waybill = \(text.uppercased())
            AND order_id IS NOT NULL
            """)
        if isDigits, text.count == 4 || text.count == Receiver.Limit.mobile {
            let whole: Statement =
                text.count == 4 ? "" : " AND receiver_mobile = \(text)"
            ways.append(
                """
                SELECT id FROM (SELECT id FROM orders WHERE shop = \(shop)
                AND substr(receiver_mobile, length(receiver_mobile) - 3) = \(String(text.suffix(4)))\(whole)
                ORDER BY created_at DESC LIMIT \(most)) tail
                """)
        }
        return ways.dropFirst().reduce(ways[0]) { $0 + " UNION " + $1 }
    }

    package static func work(
        _ list: Work, of shop: ShopID, owner: StaffID?, after: Place?, at: Instant,
        rules: OrderRules, limit: Int, in transaction: Transaction
    ) throws -> [Order] {
        var filter: Statement = " WHERE o.shop = \(shop)"
        if let owner { filter = filter + " AND o.owner = \(owner)" }
        let column: Statement
        switch list {
        case .unpaid:
            column = "coalesce(o.pay_by, 9007199254740991)"
            filter = filter + " AND o.state = 'awaitingPayment'"
        case .unshipped:
            column = "coalesce(o.ship_by, 9007199254740991)"
            filter = filter + " AND o.state IN ('awaitingShipment', 'partlyShipped')"
        case .stalled:
            column = "o.created_at"
            filter =
                filter + """
                     AND o.id IN (SELECT order_id FROM proxy_purchase WHERE shop = \(shop)
                    AND state IN ('toBuy', 'bought', 'shipped') AND updated_at <= \(at - rules.stalledAfter))
                    """
        }
        if let after { filter = filter + " AND (\(column), o.id) > (\(after.at), \(after.id))" }
        return try OrderStore.orders(
            filter + " ORDER BY \(column), o.id LIMIT \(min(max(limit, 1), 200))", of: shop,
            in: transaction)
    }

    /// Where the next page of a work list begins.
    package static func place(after order: Order, in list: Work) -> Place {
        let never: Int64 = 9_007_199_254_740_991
        let at =
            switch list {
            case .unpaid: order.payBy?.milliseconds ?? never
            case .unshipped: order.shipBy?.milliseconds ?? never
            case .stalled: order.createdAt.milliseconds
            }
        return Place(at: at, id: order.id)
    }
}
