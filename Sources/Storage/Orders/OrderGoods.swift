import Desk
import SQL

/// What an order takes from the catalogue when it is made.
struct OrderGoods {
    let variant: Order.Variant
    let title: String
    let isForSale: Bool

    static func one(
        _ sku: SKUID, of shop: ShopID, in transaction: Transaction
    ) throws -> OrderGoods? {
        try transaction.first(
            """
            SELECT s.id, s.item, s.name, s.outer_id, s.price, i.title, s.active, i.state
            FROM sku s JOIN item i ON i.shop = s.shop AND i.id = s.item
            WHERE s.shop = \(shop) AND s.id = \(sku)
            """
        ).map { row in
            OrderGoods(
                variant: .init(
                    sku: try row.get(0), item: try row.get(1), name: try row.get(2),
                    outerID: try row.get(3), price: Money(fen: try row.get(4))),
                title: try row.get(5),
                isForSale: try row.get(6) && row.get(7, as: String.self) == "onShelf")
        }
    }
}

/// When the warehouse takes over what it packs.
enum WarehouseCutOff {
    /// The first cut-off after the payment of the warehouse that holds the order's pieces; nil when it has none.
    static func next(of order: Order, in act: Act) throws -> Instant? {
        guard let paidAt = order.paidAt else { return nil }
        let cutOffs: [Int] = try act.transaction.rows(
            """
            SELECT w.cut_off FROM reservation r
            JOIN warehouse w ON w.shop = r.shop AND w.id = r.warehouse
            WHERE r.shop = \(act.shop) AND r.order_line IN \(list: order.lines.map(\.id))
            AND r.state = 'reserved' AND w.cut_off IS NOT NULL
            """
        ).map { try $0.get(0) }
        guard let minutes = cutOffs.min() else { return nil }
        let zone = try ShopStore.one(act.shop, in: act.transaction).hours.zone
        let today = CalendarDay.start(of: paidAt, in: zone) + .minutes(minutes)
        return paidAt < today ? today : today + .days(1)
    }
}
