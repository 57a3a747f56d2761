extension Order {
    /// A new order, whose numbers and sums are made here.
    ///
    /// - Parameters:
    ///   - deposit: of a presale; nil is an ordinary order.
    ///   - discount: of the whole order; shared among the lines to the fen.
    package static func place(
        id: OrderID, number: String, buyer: BuyerID?, buyerNick: String, receiver: Receiver,
        lines: [OrderLine], freight: Money, discount: Money, deposit: Money?, message: String,
        at: Instant, rules: OrderRules
    ) throws(Refusal) -> OrderChange {
        guard (1...50).contains(lines.count) else {
            throw Refusal(
                .invalid, "order.lines", zh: "一个订单有 1 到 50 件商品",
                en: "An order has 1 to 50 lines", field: "lines")
        }
        guard lines.allSatisfy({ (1...9_999).contains($0.quantity) && $0.price >= .zero }) else {
            throw Refusal(
                .invalid, "order.quantity", zh: "数量在 1 到 9999 之间",
                en: "A quantity is between 1 and 9,999", field: "quantity")
        }
        var order = Order(
            id: id, number: number, source: .qinke, buyer: buyer, buyerNick: buyerNick,
            createdAt: at, receiver: try receiver.checked(), lines: lines)
        order.freight = freight
        order.buyerMessage = String(message.prefix(500))
        try order.share(discount)
        guard freight >= .zero, freight <= Money(fen: 10_000_000) else {
            throw Refusal(
                .invalid, "order.freight", zh: "邮费要在 0 到 10 万元之间",
                en: "Postage is between 0 and 100,000 yuan", field: "freight")
        }
        if let deposit {
            guard deposit > .zero, deposit < order.payable, deposit <= order.owed else {
                throw Refusal(
                    .invalid, "order.deposit", zh: "定金要大于 0、小于应付金额",
                    en: "A deposit is more than nothing and less than the whole", field: "deposit")
            }
            order.deposit = deposit
            order.step = .depositDue
        }
        order.payBy = at + rules.payWithin
        var change = OrderChange(order)
        change.events = [
            OrderEvent(.added, zh: "应付 \(order.payable)", en: "\(order.payable) to pay")
        ]
        change.stock = order.lines.compactMap { line in
            line.sku.map { .reserve(line.id, $0, line.quantity) }
        }
        return change
    }

    /// Shares a discount among the live lines and adds up.
    mutating func share(_ discount: Money) throws(Refusal) {
        let live = lines.indices.filter { lines[$0].state != .closed }
        let gross = live.map { lines[$0].gross.fen }
        let sum = Money(fen: gross.reduce(0, +))
        guard discount >= .zero, discount <= sum else {
            throw Refusal(
                .invalid, "order.discount", zh: "优惠要在 0 到商品总额 \(sum) 之间",
                en: "The discount is between nothing and \(sum)",
                instead: Localized(
                    zh: "要加价请补拍一单", en: "To charge more, add an order for the difference"),
                field: "discount")
        }
        for (index, part) in zip(live, discount.split(by: gross)) {
            lines[index].discount = part
        }
        total()
    }

    /// A payment that somebody saw arrive; there is no bank behind it, so it is marked as recorded by hand.
    package func pay(
        _ amount: Money, channel: String, reference: String, simulated: Bool = true, at: Instant,
        rules: OrderRules
    ) throws(Refusal) -> OrderChange {
        try OrderAct.pay.check(in: state)
        guard amount == dueNow else {
            throw Refusal(
                .invalid, "order.pay.amount", zh: "现在应付 \(dueNow)，不是 \(amount)",
                en: "\(dueNow) is due now, not \(amount)",
                instead: Localized(
                    zh: "少付请先改价，或等买家付齐", en: "Change the price first, or wait for the rest"),
                field: "amount")
        }
        var change = OrderChange(self)
        let kind: PaymentEntry.Kind =
            switch step {
            case .depositDue: .deposit
            case .balanceDue: .balance
            default: .pay
            }
        change.payments = [
            PaymentEntry(
                kind, amount, channel: String(channel.prefix(40)),
                reference: String(reference.prefix(80)), simulated: simulated)
        ]
        change.order.paid += amount
        if kind == .deposit {
            change.order.step = .balanceDue
            change.order.payBy = at + rules.balanceWithin
            let live = lines.indices.filter { lines[$0].state != .closed }
            for (index, part) in zip(live, amount.split(by: live.map { lines[$0].due.fen })) {
                change.order.lines[index].paid = part
            }
        } else {
            if step != nil { change.order.step = .paid }
            for index in lines.indices where lines[index].state != .closed {
                change.order.lines[index].paid = lines[index].due
                change.order.lines[index].state = .awaitingShipment
            }
            change.order.state = .awaitingShipment
            change.order.paidAt = at
            change.order.payBy = nil
            change.order.shipBy = at + rules.shipWithin
        }
        let byHand =
            simulated
            ? Localized(zh: "（人工登记，模拟）", en: " (recorded by hand, simulated)")
            : Localized(zh: "", en: "")
        change.events = [
            OrderEvent(
                .paid, zh: "\(kind.name.zh) \(amount)\(byHand.zh)",
                en: "\(kind.name.en) \(amount)\(byHand.en)")
        ]
        return change
    }

    /// Cancels an order that nobody paid.
    package func close(
        _ reason: CloseReason, at: Instant, rules: OrderRules
    ) throws(Refusal) -> OrderChange {
        try OrderAct.close.check(in: state)
        guard CloseReason.sellers.contains(reason) else {
            throw Refusal(
                .invalid, "order.close.reason", zh: "请选择一个关闭原因",
                en: "Choose one of the seven reasons", field: "reason")
        }
        guard step != .balanceDue else {
            throw Refusal(
                .conflict, "order.close.deposit", zh: "定金已付，不能直接关闭",
                en: "A deposit was paid; the order cannot simply be closed",
                instead: Localized(
                    zh: "等尾款到期，或先退定金", en: "Wait for the balance, or refund the deposit"))
        }
        guard at - createdAt >= rules.closeNotBefore else {
            let seconds = rules.closeNotBefore.seconds
            throw Refusal(
                .conflict, "order.close.tooFast", zh: "下单后 \(seconds) 秒内不能关闭",
                en: "An order cannot be closed within \(seconds) seconds of its making",
                instead: Localized(zh: "稍等几秒再试", en: "Try again in a few seconds"), retry: true)
        }
        return closed(reason, at: at)
    }

    /// Closes what is live, before the payment.
    private func closed(_ reason: CloseReason, at: Instant) -> OrderChange {
        var change = OrderChange(self)
        change.stock = liveLines.map { .release($0.id) }
        for index in lines.indices { change.order.lines[index].state = .closed }
        change.order.state = .closed
        change.order.closeReason = reason
        change.order.closedAt = at
        change.order.payBy = nil
        change.events = [OrderEvent(.closed, zh: reason.name.zh, en: reason.name.en)]
        return change
    }

    /// What the clock makes of it; nil when nothing is due.
    package func passTime(_ at: Instant) -> OrderChange? {
        if state == .awaitingPayment, let payBy, payBy <= at {
            guard step == .balanceDue else { return closed(.timedOut, at: at) }
            var change = closed(.timedOut, at: at)
            change.order.step = .forfeited
            change.events.insert(
                OrderEvent(.forfeited, zh: "定金 \(paid)", en: "deposit \(paid)"), at: 0)
            return change
        }
        if state == .shipped, let receiptBy, receiptBy <= at,
            !lines.contains(where: { $0.refundState == .asked })
        {
            return completed(at: at, zh: "到期自动确认", en: "by the clock")
        }
        return nil
    }

    /// Closes one line before the payment, so that less is owed.
    package func close(line id: OrderLineID, at: Instant) throws(Refusal) -> OrderChange {
        try OrderAct.closeLine.check(in: state)
        guard step == nil else {
            throw Refusal(
                .conflict, "order.closeLine.presale", zh: "预售订单不能只关一件",
                en: "A line of a presale cannot be closed alone",
                instead: Localized(zh: "请关闭整个订单重新下单", en: "Close the order and draft it anew"))
        }
        guard let index = lines.firstIndex(where: { $0.id == id }), lines[index].state != .closed
        else { throw .lineUnknown }
        guard liveLines.count > 1 else {
            throw Refusal(
                .conflict, "order.closeLine.last", zh: "这是最后一件商品",
                en: "It is the last line of the order",
                instead: Localized(zh: "请取消整个订单", en: "Cancel the order"))
        }
        var change = OrderChange(self)
        change.order.lines[index].state = .closed
        change.order.total()
        change.stock = [.release(id)]
        change.events = [
            OrderEvent(.lineClosed, zh: lines[index].title, en: lines[index].title)
        ]
        return change
    }

    /// Receipt confirmed: by the buyer, in their name, or by the clock.
    package func confirm(at: Instant) throws(Refusal) -> OrderChange {
        try OrderAct.confirm.check(in: state)
        guard !lines.contains(where: { $0.refundState == .asked }) else {
            throw Refusal(
                .conflict, "order.confirm.refund", zh: "有退款在处理，不能确认收货",
                en: "A refund is open; receipt cannot be confirmed",
                instead: Localized(zh: "先处理完退款", en: "Settle the refund first"))
        }
        return completed(at: at, zh: "", en: "")
    }

    private func completed(at: Instant, zh: String, en: String) -> OrderChange {
        var change = OrderChange(self)
        for index in lines.indices where lines[index].state != .closed {
            change.order.lines[index].state = .completed
        }
        change.order.state = .completed
        change.order.completedAt = at
        change.order.receiptBy = nil
        change.events = [OrderEvent(.completed, zh: zh, en: en)]
        return change
    }

    /// Money back for one line, or for everything that is left.
    ///
    /// A line that did not leave is closed and its pieces are free again; one that left is closed too, and what comes back
    /// is booked when it comes.
    package func refund(
        line id: OrderLineID?, channel: String, simulated: Bool = true, at: Instant,
        rules: OrderRules
    ) throws(Refusal) -> OrderChange {
        try OrderAct.refund.check(in: state)
        if let id, line(id).map({ $0.state == .closed }) ?? true { throw .lineUnknown }
        var change = OrderChange(self)
        var back = Money.zero
        for index in lines.indices
        where lines[index].state != .closed && (id == nil || lines[index].id == id) {
            let amount = lines[index].paid - lines[index].refunded
            back += amount
            if lines[index].state == .awaitingShipment {
                change.stock.append(.release(lines[index].id))
            }
            change.order.lines[index].refunded += amount
            change.order.lines[index].refundState = .done
            change.order.lines[index].state = .closed
        }
        change.order.state = .ofOrder(change.order.lines.map(\.state))
        if change.order.state == .closed {
            // Nothing is delivered any more, so the postage goes back where nothing had left.
            if shippedAt == nil { back += freight }
            change.order.closeReason = .refunded
            change.order.closedAt = at
            change.order.shipBy = nil
            change.order.receiptBy = nil
        }
        if change.order.state == .shipped, state != .shipped {
            // What had not left is gone from the order, so the rest is all on its way.
            change.order.receiptBy = at + rules.receiptWithin
            change.order.shipBy = nil
        }
        change.order.refunded += back
        change.payments = [
            PaymentEntry(.refund, back, channel: String(channel.prefix(40)), simulated: simulated)
        ]
        change.events = [OrderEvent(.refunded, zh: "\(back)", en: "\(back)")]
        if change.order.state == .closed {
            change.events.append(
                OrderEvent(
                    .closed, zh: CloseReason.refunded.name.zh, en: CloseReason.refunded.name.en))
        }
        return change
    }
}

extension Refusal {
    package static let orderUnknown = Refusal.unknown("order", zh: "订单", en: "order")
    package static let lineUnknown = Refusal.unknown(
        "order.line", zh: "商品行", en: "line of the order")
}
