package import Desk
package import SQL

/// Orders: loading for decisions, and keeping what was decided with its money, its stock and its events.
package struct OrderStore: Sendable {
    package let carryOut: CarryOut
    /// The ledger of stock; nil where the shop keeps none.
    let stock: OrderStock?
    package let policy: @Sendable (ShopID) -> PolicySet

    package init(
        _ carryOut: CarryOut, stock: OrderStock? = nil,
        policy: @escaping @Sendable (ShopID) -> PolicySet
    ) {
        self.carryOut = carryOut
        self.stock = stock
        self.policy = policy
    }

    // MARK: - Reading

    package static func load(
        _ id: OrderID, of shop: ShopID, in transaction: Transaction
    ) throws -> Order? {
        try orders(" WHERE o.shop = \(shop) AND o.id = \(id)", of: shop, in: transaction).first
    }

    package static func find(
        number: String, of shop: ShopID, in transaction: Transaction
    ) throws -> Order? {
        try orders(
            " WHERE o.shop = \(shop) AND o.number = \(number)", of: shop, in: transaction
        ).first
    }

    /// Orders with their lines, in the order of the condition.
    static func orders(
        _ condition: Statement, of shop: ShopID, in transaction: Transaction
    ) throws -> [Order] {
        var orders = try transaction.rows(
            "SELECT \(OrderRow.columns) FROM orders o\(condition)"
        ).map(OrderRow.order)
        guard !orders.isEmpty else { return [] }
        let places = Dictionary(
            orders.indices.map { (orders[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        for row in try transaction.rows(
            """
            SELECT \(OrderRow.lineColumns) FROM order_line
            WHERE shop = \(shop) AND order_id IN \(list: orders.map(\.id)) ORDER BY order_id, id
            """)
        {
            let (order, line) = try OrderRow.line(row)
            if let place = places[order] { orders[place].lines.append(line) }
        }
        return orders
    }

    // MARK: - Writing

    package static func insert(
        _ order: Order, of shop: ShopID, in transaction: Transaction
    ) throws {
        try insertAlone(order, of: shop, in: transaction)
        for line in order.lines {
            try transaction.run(
                Statement(
                    OrderRow.addLine, [shop.sqlValue] + OrderRow.values(of: line, order.id)))
        }
    }

    static func insertAlone(
        _ order: Order, of shop: ShopID, in transaction: Transaction
    ) throws {
        try transaction.run(
            Statement(OrderRow.add, [shop.sqlValue] + OrderRow.values(of: order)))
    }

    static func save(_ order: Order, before: Order, in act: Act) throws {
        var order = order
        order.version = before.version + 1
        try act.transaction.run(
            Statement(
                OrderRow.set,
                Array(try OrderRow.values(of: order).dropFirst())
                    + [act.shop.sqlValue, order.id.sqlValue]))
        for line in order.lines where before.line(line.id) != line {
            try act.transaction.run(
                Statement(
                    OrderRow.setLine,
                    Array(OrderRow.values(of: line, order.id).dropFirst())
                        + [act.shop.sqlValue, line.id.sqlValue]))
        }
    }

    private struct Told: Encodable {
        let number: String
        let state: OrderState
        let zh: String
        let en: String
    }

    /// Keeps what followed from a decision besides the rows of the order: stock, money, events, the timeline's line.
    func keepRest(of change: OrderChange, in act: Act) throws {
        let order = change.order
        // Only what was placed here is promised here; a platform's own orders are counted by the platform.
        if let stock, order.source == .qinke {
            for step in change.stock { try stock.carryOut(step, act) }
        }
        for payment in change.payments where payment.amount > .zero {
            let id: PaymentID = act.newID()
            try act.transaction.run(
                """
                INSERT INTO payment (shop, id, order_id, at, kind, amount, channel, reference, simulated)
                VALUES (\(act.shop), \(id), \(order.id), \(act.at), \(payment.kind.rawValue),
                    \(payment.amount.fen), \(payment.channel), \(payment.reference), \(payment.simulated))
                """)
        }
        for event in change.events {
            try act.record(
                event.kind.rawValue, about: order.id.raw,
                Told(
                    number: order.number, state: order.state, zh: event.what.zh,
                    en: event.what.en))
            if event.kind != .assigned {
                try TellBeside.tell(
                    order.buyer, event.sentence(order.number), by: act.actor, in: act)
            }
        }
    }

    /// Keeps a decision about an order that is there.
    func keep(_ change: OrderChange, before: Order, in act: Act) throws -> Order {
        try Self.save(change.order, before: before, in: act)
        try keepRest(of: change, in: act)
        var order = change.order
        order.version = before.version + 1
        return order
    }

    /// Lines that left with a parcel; asked by the store of parcels, in its own act.
    package func shipped(
        _ lines: Set<OrderLineID>, of id: OrderID, in act: Act
    ) throws -> Order {
        let before = try Self.known(id, in: act)
        let rules = policy(act.shop).orderRules
        return try keep(try before.ship(lines, at: act.at, rules: rules), before: before, in: act)
    }

    static func known(_ id: OrderID, in act: Act) throws -> Order {
        guard let order = try load(id, of: act.shop, in: act.transaction) else {
            throw Refusal.orderUnknown
        }
        return order
    }
}

/// What orders ask of the ledger of stock, inside the order's own transaction.
package struct OrderStock: Sendable {
    let reserve: @Sendable (SKUID, Int, OrderLineID, Act) throws -> Void
    let commit: @Sendable (OrderLineID, Act) throws -> Void
    let release: @Sendable (OrderLineID, Act) throws -> Void

    package init(
        reserve: @escaping @Sendable (SKUID, Int, OrderLineID, Act) throws -> Void,
        commit: @escaping @Sendable (OrderLineID, Act) throws -> Void,
        release: @escaping @Sendable (OrderLineID, Act) throws -> Void
    ) {
        self.reserve = reserve
        self.commit = commit
        self.release = release
    }

    /// The shop's own ledger: promised with the order, gone with the parcel, free again when a line closes.
    package static let ledger = OrderStock(
        reserve: { _ = try StockStore.reserve($0, $1, for: $2, in: $3) },
        commit: { try StockStore.commit($0, in: $1) },
        release: { try StockStore.release($0, in: $1) })

    func carryOut(_ step: StockStep, _ act: Act) throws {
        switch step {
        case .reserve(let line, let sku, let quantity): try reserve(sku, quantity, line, act)
        case .commit(let line): try commit(line, act)
        case .release(let line): try release(line, act)
        }
    }
}

/// The one way in which goods, orders and parcels speak in a buyer's conversation: a line that only staff see.
package enum TellBeside {
    /// - Parameter buyer: nobody is told when the buyer never wrote.
    package static func tell(
        _ buyer: BuyerID?, _ sentence: Localized, by actor: Actor, card: Card? = nil, in act: Act
    ) throws {
        guard let buyer,
            let before = try ConversationStore.newest(of: buyer, in: act.shop, act.transaction)
        else { return }
        var story = Story(before, at: act.at, rules: ConversationRules()) { act.newID() }
        story.line(
            .told, ["zh": sentence.zh, "en": sentence.en, "name": actor.name], audience: .staff,
            card: card)
        try ConversationStore.append(story, before: before, by: actor, in: act)
    }
}
