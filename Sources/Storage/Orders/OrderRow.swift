import Desk
import SQL

/// Orders and lines as rows.
enum OrderRow {
    static let names = """
        id, number, source, buyer, buyer_nick, state, step, close_reason, created_at, pay_by, paid_at, ship_by, \
        shipped_at, receipt_by, completed_at, closed_at, goods, freight, discount, payable, paid, refunded, deposit, \
        receiver_name, receiver_mobile, receiver_region, receiver_city, receiver_district, receiver_detail, \
        receiver_zip, buyer_message, memo, flag, owner, outcome, suspicious, evidence, source_updated_at, version
        """
    /// The same of `orders o`.
    static let columns = Statement(
        stringLiteral: names.split(separator: ", ").map { "o.\($0)" }.joined(separator: ", "))

    static let lineNames = """
        id, order_id, number, item, sku, title, sku_name, outer_id, price, quantity, discount, paid, state, \
        refund_state, refunded
        """
    static let lineColumns = Statement(stringLiteral: lineNames)

    static let add = FixedText(addingTo: "orders", "shop, " + names)
    static let addLine = FixedText(addingTo: "order_line", "shop, " + lineNames)
    static let set = FixedText(update("orders", names))
    static let setLine = FixedText(update("order_line", lineNames))

    private static func update(_ table: String, _ names: String) -> String {
        let sets = names.split(separator: ", ").dropFirst().map { "\($0) = ?" }
        return "UPDATE \(table) SET \(sets.joined(separator: ", ")) WHERE shop = ? AND id = ?"
    }

    /// In the order of ``names``.
    static func values(of order: Order) throws -> [SQLValue] {
        let to = order.receiver
        return [
            order.id.sqlValue, order.number.sqlValue, order.source.rawValue.sqlValue,
            .maybe(order.buyer), order.buyerNick.sqlValue, order.state.rawValue.sqlValue,
            .maybe(order.step?.rawValue), .maybe(order.closeReason?.rawValue),
            order.createdAt.sqlValue, .maybe(order.payBy), .maybe(order.paidAt),
            .maybe(order.shipBy), .maybe(order.shippedAt), .maybe(order.receiptBy),
            .maybe(order.completedAt), .maybe(order.closedAt), order.goods.fen.sqlValue,
            order.freight.fen.sqlValue, order.discount.fen.sqlValue, order.payable.fen.sqlValue,
            order.paid.fen.sqlValue, order.refunded.fen.sqlValue, .maybe(order.deposit?.fen),
            to.name.sqlValue, to.mobile.sqlValue, to.region.sqlValue, to.city.sqlValue,
            to.district.sqlValue, to.detail.sqlValue, to.zip.sqlValue,
            order.buyerMessage.sqlValue, order.memo.sqlValue, order.flag.sqlValue,
            .maybe(order.owner), .maybe(order.outcome), order.suspicious.sqlValue,
            try JSON.text(order.evidence).sqlValue, .maybe(order.sourceUpdatedAt),
            order.version.sqlValue,
        ]
    }

    /// In the order of ``lineNames``.
    static func values(of line: OrderLine, _ order: OrderID) -> [SQLValue] {
        [
            line.id.sqlValue, order.sqlValue, line.number.sqlValue, .maybe(line.item),
            .maybe(line.sku), line.title.sqlValue, line.skuName.sqlValue, line.outerID.sqlValue,
            line.price.fen.sqlValue, line.quantity.sqlValue, line.discount.fen.sqlValue,
            line.paid.fen.sqlValue, line.state.rawValue.sqlValue,
            line.refundState.rawValue.sqlValue, line.refunded.fen.sqlValue,
        ]
    }

    /// Without its lines.
    static func order(_ row: Row) throws -> Order {
        var order = Order(
            id: try row.get(0), number: try row.get(1),
            source: Order.Source(rawValue: try row.get(2)) ?? .file, buyer: try row.maybe(3),
            buyerNick: try row.get(4), state: OrderState(rawValue: try row.get(5)) ?? .closed,
            createdAt: try row.get(8),
            receiver: Receiver(
                name: try row.get(23), mobile: try row.get(24), region: try row.get(25),
                city: try row.get(26), district: try row.get(27), detail: try row.get(28),
                zip: try row.get(29)), lines: [])
        order.step = try row.maybe(6).flatMap(PresaleStep.init)
        order.closeReason = try row.maybe(7).flatMap(CloseReason.init)
        order.payBy = try row.maybe(9)
        order.paidAt = try row.maybe(10)
        order.shipBy = try row.maybe(11)
        order.shippedAt = try row.maybe(12)
        order.receiptBy = try row.maybe(13)
        order.completedAt = try row.maybe(14)
        order.closedAt = try row.maybe(15)
        order.goods = Money(fen: try row.get(16))
        order.freight = Money(fen: try row.get(17))
        order.discount = Money(fen: try row.get(18))
        order.payable = Money(fen: try row.get(19))
        order.paid = Money(fen: try row.get(20))
        order.refunded = Money(fen: try row.get(21))
        order.deposit = (try row.maybe(22) as Int64?).map(Money.init(fen:))
        order.buyerMessage = try row.get(30)
        order.memo = try row.get(31)
        order.flag = try row.get(32)
        order.owner = try row.maybe(33)
        order.outcome = try row.maybe(34)
        order.suspicious = try row.get(35)
        if let evidence: String = try row.maybe(36), evidence.count > 2 {
            order.evidence = (try? JSON.value(evidence)) ?? []
        }
        order.sourceUpdatedAt = try row.maybe(37)
        order.version = try row.get(38)
        return order
    }

    static func line(_ row: Row) throws -> (order: OrderID, line: OrderLine) {
        var line = OrderLine(
            id: try row.get(0), number: try row.get(2), item: try row.maybe(3),
            sku: try row.maybe(4), title: try row.get(5), skuName: try row.get(6),
            outerID: try row.get(7), price: Money(fen: try row.get(8)),
            quantity: try row.get(9), discount: Money(fen: try row.get(10)),
            paid: Money(fen: try row.get(11)),
            state: OrderState(rawValue: try row.get(12)) ?? .closed)
        line.refundState = RefundState(rawValue: try row.get(13)) ?? .none
        line.refunded = Money(fen: try row.get(14))
        return (try row.get(1), line)
    }
}
