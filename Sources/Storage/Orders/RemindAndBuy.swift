package import Desk
package import SQL

/// Reminders of payments, and purchases on a buyer's behalf.
extension OrderStore {
    /// When a buyer was reminded of an order.
    package static func reminders(
        of order: OrderID, of shop: ShopID, in transaction: Transaction
    ) throws -> [Instant] {
        try transaction.rows(
            "SELECT at FROM order_reminder WHERE shop = \(shop) AND order_id = \(order) ORDER BY number"
        ).map { try $0.get(0) }
    }

    /// Reminds a buyer in their newest conversation, under the shop's name.
    package func remind(
        _ id: OrderID, english: Bool, by actor: StaffPrincipal
    ) async throws -> Order {
        let rules = policy(actor.shop).orderRules
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let before = try Self.known(id, in: act)
            let shop = try ShopStore.one(act.shop, in: act.transaction)
            let earlier = try Self.reminders(of: id, of: act.shop, in: act.transaction)
            try Reminder.check(
                before, earlier: earlier, at: act.at, zone: shop.hours.zone, rules: rules)
            guard let buyer = before.buyer,
                let talk = try ConversationStore.newest(of: buyer, in: act.shop, act.transaction)
            else { throw Refusal.conversationUnknown }
            var story = Story(talk, at: act.at, rules: ConversationRules()) { act.newID() }
            let text = Reminder.text(before)
            try story.say(
                Saying(key: "remind-\(id)-\(earlier.count + 1)", text: english ? text.en : text.zh),
                by: .bot(name: shop.name))
            try ConversationStore.append(
                story, before: talk, by: Actor(kind: .bot, id: nil, name: shop.name), in: act)
            try act.transaction.run(
                """
                INSERT INTO order_reminder (shop, order_id, number, at, staff, conversation)
                VALUES (\(act.shop), \(id), \(earlier.count + 1), \(act.at), \(actor.id), \(talk.id))
                """)
            var change = OrderChange(assigning: before)
            change.events = [OrderEvent(.reminded)]
            return try keep(change, before: before, in: act)
        }
    }

    // MARK: - Purchases on behalf

    package static func purchases(
        of order: OrderID, of shop: ShopID, in transaction: Transaction
    ) throws -> [ProxyPurchase] {
        try transaction.rows(
            purchaseColumns + " WHERE shop = \(shop) AND order_id = \(order) ORDER BY id"
        ).map(purchase)
    }

    private static let purchaseColumns: Statement = """
        SELECT id, order_id, upstream_shop, upstream_order, price, state, note, updated_at
        FROM proxy_purchase
        """

    private static func purchase(_ row: Row) throws -> ProxyPurchase {
        ProxyPurchase(
            id: try row.get(0), order: try row.get(1), upstreamShop: try row.get(2),
            upstreamOrder: try row.get(3), price: Money(fen: try row.get(4)),
            state: ProxyPurchase.State(rawValue: try row.get(5)) ?? .cancelled,
            note: try row.get(6), updatedAt: try row.get(7))
    }

    private struct PurchaseTold: Encodable {
        let number: String
        let state: ProxyPurchase.State
    }

    private static func record(_ purchase: ProxyPurchase, _ order: Order, in act: Act) throws {
        try act.record(
            "order.purchase", about: order.id.raw,
            PurchaseTold(number: order.number, state: purchase.state))
        try TellBeside.tell(
            order.buyer,
            Localized(
                zh: "订单 \(order.number) 的代购：\(purchase.state.name.zh)",
                en: "Purchase on behalf for order \(order.number): \(purchase.state.name.en)"),
            by: act.actor, in: act)
    }

    package func addPurchase(
        for id: OrderID, shop upstream: String, order upstreamOrder: String, price: Money,
        note: String, by actor: StaffPrincipal
    ) async throws -> ProxyPurchase {
        let upstream = String(upstream.prefix(60))
        guard !upstream.allSatisfy(\.isWhitespace), price >= .zero else {
            throw Refusal(
                .invalid, "proxy.shop", zh: "请填写上家店铺和价格",
                en: "Say the source's shop and the price", field: "shop")
        }
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let order = try Self.known(id, in: act)
            let purchase = ProxyPurchase(
                id: act.newID(), order: id, upstreamShop: upstream,
                upstreamOrder: String(upstreamOrder.prefix(60)), price: price,
                state: upstreamOrder.isEmpty ? .toBuy : .bought, note: String(note.prefix(500)),
                updatedAt: act.at)
            try act.transaction.run(
                """
                INSERT INTO proxy_purchase (shop, id, order_id, upstream_shop, upstream_order, price, state, note,
                    updated_at)
                VALUES (\(act.shop), \(purchase.id), \(id), \(upstream), \(purchase.upstreamOrder),
                    \(price.fen), \(purchase.state.rawValue), \(purchase.note), \(act.at))
                """)
            try Self.record(purchase, order, in: act)
            return purchase
        }
    }

    package func movePurchase(
        _ id: ProxyPurchaseID, to state: ProxyPurchase.State, order upstreamOrder: String?,
        note: String?, by actor: StaffPrincipal
    ) async throws -> ProxyPurchase {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard
                let row = try act.transaction.first(
                    Self.purchaseColumns + " WHERE shop = \(act.shop) AND id = \(id)")
            else { throw Refusal.unknown("proxy", zh: "代购", en: "purchase on behalf") }
            let next = try Self.purchase(row).moved(
                to: state, upstreamOrder: upstreamOrder, note: note, at: act.at)
            try act.transaction.run(
                """
                UPDATE proxy_purchase SET state = \(next.state.rawValue),
                    upstream_order = \(next.upstreamOrder), note = \(next.note), updated_at = \(act.at)
                WHERE shop = \(act.shop) AND id = \(id)
                """)
            try Self.record(next, try Self.known(next.order, in: act), in: act)
            return next
        }
    }
}
