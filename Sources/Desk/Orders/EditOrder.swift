extension Order {
    /// Another address, before anything left.
    ///
    /// - Parameter takenAt: when the warehouse takes over what it packs that day; nil is unknown.
    package func changeAddress(
        to new: Receiver, takenAt: Instant?, at: Instant
    ) throws(Refusal) -> OrderChange {
        try OrderAct.changeAddress.check(in: state)
        let new = try new.checked()
        guard new != receiver else { throw .nothingNew }
        if let takenAt, takenAt <= at {
            throw Refusal(
                .conflict, "order.changeAddress.cutOff", zh: "已过仓库当天截单时间，仓库正在拣货",
                en: "The warehouse's cut-off has passed; the order is being packed",
                instead: Localized(
                    zh: "请先联系仓库拦下，或发出后请快递转寄",
                    en: "Ask the warehouse to hold it, or redirect the parcel once it has left"))
        }
        var change = OrderChange(self)
        change.order.receiver = new
        // Old and new as people without the right may see them.
        let (old, now) = (receiver.masked, new.masked)
        let words =
            "\(old.name) \(old.mobile) \(old.address) → \(now.name) \(now.mobile) \(now.address)"
        change.events = [OrderEvent(.addressChanged, zh: words, en: words)]
        return change
    }

    /// A variant as the catalogue has it, for a line to become.
    package struct Variant: Hashable, Sendable {
        package let sku: SKUID
        package let item: ItemID
        package let name: String
        package let outerID: String
        package let price: Money

        package init(sku: SKUID, item: ItemID, name: String, outerID: String, price: Money) {
            self.sku = sku
            self.item = item
            self.name = name
            self.outerID = outerID
            self.price = price
        }
    }

    /// Another variant of the same item at the same price.
    package func changeVariant(
        of id: OrderLineID, to new: Variant
    ) throws(Refusal) -> OrderChange {
        try OrderAct.changeVariant.check(in: state)
        guard let index = lines.firstIndex(where: { $0.id == id }) else { throw .lineUnknown }
        let old = lines[index]
        // What left is judged by itself: other lines of the order may still be here.
        try OrderAct.changeVariant.check(in: old.state)
        guard old.item == new.item else {
            throw Refusal(
                .invalid, "order.changeVariant.item", zh: "只能换成同一商品的其他规格",
                en: "Only another variant of the same item",
                instead: Localized(zh: "换别的商品请重新下单", en: "For another item, draft a new order"),
                field: "sku")
        }
        guard old.sku != new.sku else { throw .nothingNew }
        guard old.price == new.price else {
            let gap = new.price - old.price
            throw Refusal(
                .conflict, "order.changeVariant.price", zh: "两个规格价格不同（相差 \(gap)），不能直接换",
                en: "The variants differ in price by \(gap)",
                instead: gap > .zero
                    ? Localized(
                        zh: "请买家补拍差价，或重新下单", en: "Let the buyer pay the difference, or order anew")
                    : Localized(zh: "请退差价，或重新下单", en: "Pay the difference back, or order anew"),
                field: "sku")
        }
        var change = OrderChange(self)
        change.order.lines[index].sku = new.sku
        change.order.lines[index].skuName = new.name
        change.order.lines[index].outerID = new.outerID
        if old.sku != nil { change.stock.append(.release(id)) }
        change.stock.append(.reserve(id, new.sku, old.quantity))
        change.events = [
            OrderEvent(
                .variantChanged, zh: "\(old.skuName) → \(new.name)",
                en: "\(old.skuName) → \(new.name)")
        ]
        return change
    }

    /// Another discount or postage before the payment.
    package func changePrice(
        discount newDiscount: Money?, freight newFreight: Money?, reason: String
    ) throws(Refusal) -> OrderChange {
        try OrderAct.changePrice.check(in: state)
        guard step != .balanceDue else {
            throw Refusal(
                .conflict, "order.changePrice.deposit", zh: "定金已付，不能改价",
                en: "A deposit was paid; the price stays",
                instead: Localized(zh: "付清后可以退差价", en: "Pay the difference back afterwards"))
        }
        let reason = String(reason.prefix(200))
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "order.changePrice.reason", zh: "请写明改价原因",
                en: "Say why the price changes", field: "reason")
        }
        var change = OrderChange(self)
        if let newFreight {
            guard newFreight >= .zero, newFreight <= Money(fen: 10_000_000) else {
                throw Refusal(
                    .invalid, "order.freight", zh: "邮费要在 0 到 10 万元之间",
                    en: "Postage is between 0 and 100,000 yuan", field: "freight")
            }
            change.order.freight = newFreight
        }
        let dropped = lines.filter { $0.state == .closed }.reduce(Money.zero) { $0 + $1.discount }
        try change.order.share((newDiscount ?? discount) - dropped)
        guard change.order.payable != payable else { throw .nothingNew }
        guard change.order.payable > .zero, change.order.owed >= (deposit ?? .zero) else {
            throw Refusal(
                .invalid, "order.changePrice.nothing", zh: "改后的应付金额太小",
                en: "Nothing would be left to pay", field: "discount")
        }
        change.events = [
            OrderEvent(
                .priceChanged, zh: "\(payable) → \(change.order.payable)，\(reason)",
                en: "\(payable) → \(change.order.payable), \(reason)")
        ]
        return change
    }

    /// Bytes of a memo, at most.
    package static let memoBytes = 1_000
    package static let flags = 0...5

    /// The seller's memo and flag, in any state.
    package func note(memo newMemo: String?, flag newFlag: Int?) throws(Refusal) -> OrderChange {
        try OrderAct.note.check(in: state)
        let bytes = GBKLength.bytes(newMemo ?? "")
        guard bytes <= Self.memoBytes else {
            throw Refusal(
                .invalid, "order.note.tooLong", zh: "备注 \(bytes) 字节，最多 \(Self.memoBytes) 字节",
                en: "The memo has \(bytes) bytes of GBK; at most \(Self.memoBytes)", field: "memo")
        }
        if let newFlag, !Self.flags.contains(newFlag) {
            throw Refusal(
                .invalid, "order.note.flag", zh: "旗帜是 0 到 5", en: "A flag is 0 to 5", field: "flag")
        }
        var change = OrderChange(self)
        change.order.memo = newMemo ?? memo
        change.order.flag = newFlag ?? flag
        guard change.order.memo != memo || change.order.flag != flag else { throw .nothingNew }
        change.events = [OrderEvent(.noted)]
        return change
    }

    /// The spans by which receipt may be put off, in days.
    package static let extensions = [3, 5, 7, 10]

    package func extendReceipt(days: Int) throws(Refusal) -> OrderChange {
        try OrderAct.extendReceipt.check(in: state)
        guard Self.extensions.contains(days) else {
            throw Refusal(
                .invalid, "order.extendReceipt.days", zh: "只能延长 3、5、7 或 10 天",
                en: "It can be put off by 3, 5, 7 or 10 days", field: "days")
        }
        guard let receiptBy else {
            throw Refusal(
                .conflict, "order.extendReceipt.noClock", zh: "这个订单没有自动确认时间",
                en: "This order is not confirmed by the clock",
                instead: Localized(zh: "请到来源平台延长", en: "Extend it where the order came from"))
        }
        var change = OrderChange(self)
        change.order.receiptBy = receiptBy + .days(days)
        change.events = [OrderEvent(.extended, zh: "\(days) 天", en: "\(days) days")]
        return change
    }

    /// Lines that left the house.
    package func ship(
        _ ids: Set<OrderLineID>, at: Instant, rules: OrderRules
    ) throws(Refusal) -> OrderChange {
        try OrderAct.ship.check(in: state)
        let leaving = lines.indices.filter {
            ids.contains(lines[$0].id) && lines[$0].state == .awaitingShipment
        }
        guard !leaving.isEmpty, ids.isSubset(of: Set(lines.map(\.id))) else { throw .lineUnknown }
        var change = OrderChange(self)
        for index in leaving {
            change.order.lines[index].state = .shipped
            change.stock.append(.commit(lines[index].id))
        }
        change.order.state = .ofOrder(change.order.lines.map(\.state))
        change.order.shippedAt = shippedAt ?? at
        if change.order.state == .shipped {
            change.order.receiptBy = at + rules.receiptWithin
            change.order.shipBy = nil
        }
        change.events = [
            change.order.state == .shipped
                ? OrderEvent(.shipped) : OrderEvent(.shipped, zh: "部分", en: "in part")
        ]
        return change
    }
}

extension Refusal {
    static let nothingNew = Refusal(
        .invalid, "order.nothingNew", zh: "没有改动", en: "Nothing would change")
}
