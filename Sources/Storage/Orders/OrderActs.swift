package import Desk
package import SQL

/// What staff ask of orders; each is one act.
extension OrderStore {
    /// Decides about one order and keeps it.
    /// - Parameter read: the version that the asker saw; another → 409 `order.changed`; nil is whichever.
    package func perform(
        _ id: OrderID, readAs read: Int? = nil, by actor: StaffPrincipal,
        _ decide: @escaping @Sendable (Order, OrderRules, Act) throws -> OrderChange
    ) async throws -> Order {
        let rules = policy(actor.shop).orderRules
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let before = try Self.known(id, in: act)
            try Self.check(before, readAs: read)
            return try keep(try decide(before, rules, act), before: before, in: act)
        }
    }

    private static func check(_ order: Order, readAs read: Int?) throws(Refusal) {
        guard read == nil || read == order.version else {
            throw Refusal(
                .conflict, "order.changed", zh: "这个订单刚被别人改过，请先看新的内容",
                en: "Somebody changed this order meanwhile; look at it first")
        }
    }

    /// What somebody wants to order for a buyer.
    package struct Draft: Sendable {
        package struct Line: Sendable {
            package let sku: SKUID?
            package let title: String
            package let price: Money?
            package let quantity: Int

            package init(sku: SKUID?, title: String, price: Money?, quantity: Int) {
                self.sku = sku
                self.title = title
                self.price = price
                self.quantity = quantity
            }
        }

        package var conversation: ConversationID?
        package var buyerNick = ""
        package var receiver: Receiver?
        /// An earlier order of the same buyer whose receiver is meant.
        package var receiverOf: OrderID?
        package var lines: [Line]
        package var freight = Money.zero
        package var discount = Money.zero
        package var deposit: Money?
        package var message = ""

        package init(lines: [Line]) { self.lines = lines }
    }

    /// Places an order for a buyer.
    package func place(_ draft: Draft, by actor: StaffPrincipal) async throws -> Order {
        let rules = policy(actor.shop).orderRules
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let id: OrderID = act.newID()
            let number = "Q\(id)"
            let (buyer, nick) = try Self.buyer(of: draft, in: act)
            let receiver = try Self.receiver(of: draft, buyer, in: act)
            let lines = try draft.lines.enumerated().map { index, line in
                try Self.line(
                    line, number: draft.lines.count == 1 ? number : "\(number)-\(index + 1)",
                    in: act)
            }
            var change = try Order.place(
                id: id, number: number, buyer: buyer, buyerNick: nick, receiver: receiver,
                lines: lines, freight: draft.freight, discount: draft.discount,
                deposit: draft.deposit, message: draft.message, at: act.at, rules: rules)
            change.order.owner = actor.id
            let signals = try FakeOrders.traces(of: change.order, of: act.shop, act.transaction)
                .signals(of: change.order)
            change.order.evidence = signals
            change.order.suspicious = FakeOrderTraces.isSuspicious(signals)
            try Self.insert(change.order, of: act.shop, in: act.transaction)
            try keepRest(of: change, in: act)
            return change.order
        }
    }

    private static func buyer(
        of draft: Draft, in act: Act
    ) throws -> (BuyerID?, String) {
        if let id = draft.conversation {
            guard
                let conversation = try ConversationStore.load(id, of: act.shop, in: act.transaction)
            else { throw Refusal.conversationUnknown }
            return (conversation.buyer, conversation.buyerName)
        }
        let nick = String(draft.buyerNick.prefix(60))
        guard !nick.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "order.buyer", zh: "请填写买家昵称", en: "Say who the buyer is",
                field: "buyerNick")
        }
        return (nil, nick)
    }

    private static func receiver(
        of draft: Draft, _ buyer: BuyerID?, in act: Act
    ) throws -> Receiver {
        if let id = draft.receiverOf {
            let earlier = try known(id, in: act)
            guard buyer != nil, earlier.buyer == buyer else { throw Refusal.orderUnknown }
            return earlier.receiver
        }
        guard let receiver = draft.receiver else {
            throw Refusal(
                .invalid, "order.receiver", zh: "请填写收货人", en: "Say who receives it",
                field: "name")
        }
        return receiver
    }

    private static func line(
        _ line: Draft.Line, number: String, in act: Act
    ) throws -> OrderLine {
        if let sku = line.sku {
            guard let goods = try OrderGoods.one(sku, of: act.shop, in: act.transaction) else {
                throw Refusal.unknown("sku", zh: "规格", en: "variant")
            }
            guard goods.isForSale else {
                throw Refusal(
                    .conflict, "order.sku.notForSale", zh: "「\(goods.title)」已下架",
                    en: "“\(goods.title)” is not for sale",
                    instead: Localized(zh: "请选别的商品或规格", en: "Choose another item or variant"),
                    field: "sku")
            }
            return OrderLine(
                id: act.newID(), number: number, item: goods.variant.item, sku: sku,
                title: goods.title, skuName: goods.variant.name, outerID: goods.variant.outerID,
                price: goods.variant.price, quantity: line.quantity)
        }
        let title = String(line.title.prefix(120))
        guard !title.allSatisfy(\.isWhitespace), let price = line.price, price >= .zero,
            price <= Money(fen: 100_000_000)
        else {
            throw Refusal(
                .invalid, "order.line", zh: "每件商品要有名称和价格",
                en: "Each line has a name and a price", field: "lines")
        }
        return OrderLine(
            id: act.newID(), number: number, title: title, price: price, quantity: line.quantity)
    }

    /// Another variant of the same item, by the catalogue.
    package func changeVariant(
        _ id: OrderID, line: OrderLineID, to sku: SKUID, readAs read: Int?,
        by actor: StaffPrincipal
    ) async throws -> Order {
        try await perform(id, readAs: read, by: actor) { order, _, act in
            guard let goods = try OrderGoods.one(sku, of: act.shop, in: act.transaction) else {
                throw Refusal.unknown("sku", zh: "规格", en: "variant")
            }
            return try order.changeVariant(of: line, to: goods.variant)
        }
    }

    package func changeAddress(
        _ id: OrderID, to receiver: Receiver, readAs read: Int?, by actor: StaffPrincipal
    ) async throws -> Order {
        try await perform(id, readAs: read, by: actor) { order, _, act in
            try order.changeAddress(
                to: receiver,
                takenAt: try WarehouseCutOff.next(of: order, in: act), at: act.at)
        }
    }

    /// Lines leave with a parcel: its row, the order's state and the stock move together.
    ///
    /// - Parameter lines: empty is everything that is still here.
    package func ship(
        _ id: OrderID, _ lines: Set<OrderLineID>, carrier: String, waybill: String,
        by actor: StaffPrincipal
    ) async throws -> Order {
        let rules = policy(actor.shop).orderRules
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let before = try Self.known(id, in: act)
            try OrderAct.ship.check(in: before.state)
            let leaving = before.lines.filter {
                $0.state == .awaitingShipment && (lines.isEmpty || lines.contains($0.id))
            }
            let change = try before.ship(
                lines.isEmpty ? Set(leaving.map(\.id)) : lines, at: act.at, rules: rules)
            try ParcelStore.ship(
                ParcelStore.Sending(
                    order: id, orderNumber: before.number, buyer: before.buyer,
                    buyerName: before.buyerNick, from: "", to: before.receiver.address,
                    paidAt: before.paidAt, promisedAt: nil, carrier: carrier, waybill: waybill,
                    lines: leaving.map { .init(orderLine: $0.id, quantity: $0.quantity) }),
                in: act)
            return try keep(change, before: before, in: act)
        }
    }

    package func merge(
        _ id: OrderID, with other: OrderID, by actor: StaffPrincipal
    ) async throws -> Order {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let (before, gone) = (try Self.known(id, in: act), try Self.known(other, in: act))
            let (into, from) = try before.merge(gone, at: act.at)
            let order = try keep(into, before: before, in: act)
            _ = try keep(from, before: gone, in: act)
            return order
        }
    }

    /// - Returns: the order that stays and the new one.
    package func split(
        _ id: OrderID, _ lines: Set<OrderLineID>, by actor: StaffPrincipal
    ) async throws -> (Order, Order) {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let before = try Self.known(id, in: act)
            let newID: OrderID = act.newID()
            let (from, new) = try before.split(
                lines, id: newID, number: "\(before.number)-\(newID.raw % 10_000)", at: act.at)
            try Self.insertAlone(new.order, of: act.shop, in: act.transaction)
            for line in new.order.lines {
                try act.transaction.run(
                    """
                    UPDATE order_line SET order_id = \(newID)
                    WHERE shop = \(act.shop) AND id = \(line.id)
                    """)
            }
            let order = try keep(from, before: before, in: act)
            try keepRest(of: new, in: act)
            return (order, new.order)
        }
    }

    /// Who sees to it, and what came of it; nil leaves as it is.
    package func assign(
        _ id: OrderID, to owner: StaffID??, outcome: String?, by actor: StaffPrincipal
    ) async throws -> Order {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let before = try Self.known(id, in: act)
            var change = OrderChange(assigning: before)
            if let owner {
                if let owner {
                    guard
                        try act.transaction.first(
                            """
                            SELECT 1 FROM staff WHERE shop = \(act.shop) AND id = \(owner) AND suspended = 0
                            """) != nil
                    else { throw Refusal.unknown("staff", zh: "员工", en: "member of staff") }
                }
                change.order.owner = owner
            }
            if let outcome {
                change.order.outcome = outcome.isEmpty ? nil : String(outcome.prefix(200))
            }
            return try keep(change, before: before, in: act)
        }
    }

    /// The receiver in full, which is kept in the audit with its purpose.
    package func receiver(
        of id: OrderID, for purpose: String, by actor: StaffPrincipal
    ) async throws -> Receiver {
        let purpose = String(purpose.prefix(100))
        guard purpose.count(where: { !$0.isWhitespace }) >= 2 else {
            throw Refusal(
                .invalid, "order.receiver.purpose", zh: "请写明查看用途",
                en: "Say what it is needed for", field: "purpose")
        }
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let order = try Self.known(id, in: act)
            try act.record(
                "order.receiverRead", about: id.raw,
                ["number": order.number, "purpose": purpose])
            return order.receiver
        }
    }
}
