extension Order {
    /// Another order's lines come into this one, to travel together; the other one is closed.
    ///
    /// Postage is counted once: the higher of the two; what was paid beyond it goes back.
    package func merge(
        _ other: Order, at: Instant
    ) throws(Refusal) -> (into: OrderChange, from: OrderChange) {
        try OrderAct.merge.check(in: state)
        try OrderAct.merge.check(in: other.state)
        guard id != other.id else {
            throw Refusal(
                .invalid, "order.merge.itself", zh: "不能和自己合并",
                en: "An order cannot be merged with itself", field: "with")
        }
        guard buyer != nil, buyer == other.buyer, buyerNick == other.buyerNick else {
            throw Refusal(
                .conflict, "order.merge.buyer", zh: "两个订单不是同一位买家",
                en: "The orders are of different buyers",
                instead: Localized(zh: "只能分开发货", en: "Ship them apart"), field: "with")
        }
        guard receiver == other.receiver else {
            throw Refusal(
                .conflict, "order.merge.address", zh: "两个订单的收货地址不同",
                en: "The orders go to different addresses",
                instead: Localized(zh: "先把地址改成一样", en: "Make the addresses equal first"),
                field: "with")
        }
        let spared = min(freight, other.freight)
        var into = OrderChange(self)
        into.order.lines += other.lines
        into.order.freight = freight + other.freight - spared
        into.order.total()
        into.order.paid = paid + other.paid - spared
        into.order.refunded = refunded + other.refunded
        into.order.shipBy = [shipBy, other.shipBy].compactMap { $0 }.min()
        into.payments = [
            PaymentEntry(
                .pay, other.paid, channel: "merge", reference: other.number, simulated: false)
        ]
        if spared > .zero {
            into.payments.append(
                PaymentEntry(.refund, spared, channel: "freight", simulated: true))
        }
        into.events = [
            OrderEvent(
                .merged, zh: "并入 \(other.number)，退多付邮费 \(spared)",
                en: "with \(other.number), \(spared) of postage back")
        ]
        var from = OrderChange(other)
        from.order.lines = []
        from.order.freight = .zero
        from.order.total()
        from.order.paid = .zero
        from.order.refunded = .zero
        from.order.state = .closed
        from.order.closeReason = .merged
        from.order.closedAt = at
        from.order.shipBy = nil
        from.payments = [
            PaymentEntry(.refund, other.paid, channel: "merge", reference: number, simulated: false)
        ]
        from.events = [OrderEvent(.merged, zh: "到 \(number)", en: "into \(number)")]
        return (into, from)
    }

    /// Some lines become an order of their own, to travel apart; the postage stays with the first.
    package func split(
        _ ids: Set<OrderLineID>, id newID: OrderID, number newNumber: String, at: Instant
    ) throws(Refusal) -> (from: OrderChange, new: OrderChange) {
        try OrderAct.split.check(in: state)
        let leaving = lines.filter { ids.contains($0.id) && $0.state == .awaitingShipment }
        guard leaving.count == ids.count, !leaving.isEmpty else { throw .lineUnknown }
        guard liveLines.count > leaving.count else {
            throw Refusal(
                .invalid, "order.split.all", zh: "至少留一件商品在原订单",
                en: "At least one line stays in the order", field: "lines")
        }
        let moved = leaving.reduce(Money.zero) { $0 + $1.paid }
        var from = OrderChange(self)
        from.order.lines = lines.filter { !ids.contains($0.id) }
        from.order.total()
        from.order.paid = paid - moved
        from.payments = [
            PaymentEntry(.refund, moved, channel: "split", reference: newNumber, simulated: false)
        ]
        from.events = [OrderEvent(.split, zh: "拆出 \(newNumber)", en: "\(newNumber) made of it")]
        var order = Order(
            id: newID, number: newNumber, source: source, buyer: buyer, buyerNick: buyerNick,
            state: .awaitingShipment, createdAt: createdAt, receiver: receiver, lines: leaving)
        order.total()
        order.paid = moved
        order.paidAt = paidAt
        order.shipBy = shipBy
        order.step = step
        order.memo = memo
        order.flag = flag
        order.owner = owner
        var new = OrderChange(order)
        new.payments = [
            PaymentEntry(.pay, moved, channel: "split", reference: number, simulated: false)
        ]
        new.events = [OrderEvent(.split, zh: "来自 \(number)", en: "out of \(number)")]
        return (from, new)
    }
}
