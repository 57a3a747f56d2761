import Desk
import Testing

/// Orders for tests: two lines, 100.00 and 3 × 20.01, with 8.00 of postage.
enum Samples {
    static let at = Instant(milliseconds: 1_795_312_800_000)
    static let rules = OrderRules()
    static let receiver = Receiver(
        name: "张三丰", mobile: "13812345678", region: "浙江省", city: "杭州市", district: "西湖区",
        detail: "文三路 1 号", zip: "310000")

    static func lines() -> [OrderLine] {
        [
            OrderLine(
                id: OrderLineID(11), number: "1-1", item: ItemID(5), sku: SKUID(51), title: "风衣",
                skuName: "红色;M", price: Money(fen: 10_000), quantity: 1),
            OrderLine(
                id: OrderLineID(12), number: "1-2", item: ItemID(6), sku: SKUID(61), title: "袜子",
                price: Money(fen: 2_001), quantity: 3),
        ]
    }

    static func placed(
        _ discount: Int64 = 1_003, deposit: Int64? = nil
    ) throws -> Order {
        try Order.place(
            id: OrderID(1), number: "1", buyer: BuyerID(7), buyerNick: "小明",
            receiver: receiver, lines: lines(), freight: Money(fen: 800),
            discount: Money(fen: discount), deposit: deposit.map(Money.init(fen:)), message: "",
            at: at, rules: rules
        ).order
    }

    static func paid() throws -> Order {
        let order = try placed()
        return try order.pay(
            order.payable, channel: "alipay", reference: "", at: at, rules: rules
        ).order
    }

    /// An order in each state, made by the moves that lead there.
    static func order(in state: OrderState) throws -> Order {
        switch state {
        case .awaitingPayment: return try placed()
        case .awaitingShipment: return try paid()
        case .partlyShipped:
            return try paid().ship([OrderLineID(11)], at: at, rules: rules).order
        case .shipped:
            return try paid().ship([OrderLineID(11), OrderLineID(12)], at: at, rules: rules).order
        case .completed: return try order(in: .shipped).confirm(at: at).order
        case .closed:
            return try placed().close(.outOfStock, at: at + .minutes(1), rules: rules).order
        }
    }

    /// The act itself, with everything else as it should be.
    static func perform(_ act: OrderAct, on order: Order) throws {
        let later = at + .minutes(5)
        var other = order
        other = Order(
            id: OrderID(2), number: "2", source: .qinke, buyer: order.buyer,
            buyerNick: order.buyerNick, state: .awaitingShipment, createdAt: at,
            receiver: order.receiver, lines: [])
        switch act {
        case .pay:
            _ = try order.pay(
                order.dueNow, channel: "", reference: "", at: later, rules: rules)
        case .remind:
            try Reminder.check(order, earlier: [], at: later, zone: "Asia/Shanghai", rules: rules)
        case .changeAddress:
            var new = receiver
            new.detail = "文三路 2 号"
            _ = try order.changeAddress(to: new, takenAt: nil, at: later)
        case .changeVariant:
            _ = try order.changeVariant(
                of: OrderLineID(12),
                to: .init(
                    sku: SKUID(62), item: ItemID(6), name: "白", outerID: "",
                    price: Money(fen: 2_001)))
        case .changePrice:
            _ = try order.changePrice(discount: Money(fen: 1), freight: nil, reason: "老客户")
        case .note: _ = try order.note(memo: "送贺卡", flag: 3)
        case .close: _ = try order.close(.outOfStock, at: later, rules: rules)
        case .closeLine: _ = try order.close(line: OrderLineID(11), at: later)
        case .refund: _ = try order.refund(line: nil, channel: "", at: later, rules: rules)
        case .ship: _ = try order.ship([OrderLineID(12)], at: later, rules: rules)
        case .extendReceipt: _ = try order.extendReceipt(days: 5)
        case .confirm: _ = try order.confirm(at: later)
        case .merge: _ = try order.merge(other, at: later)
        case .split:
            _ = try order.split([OrderLineID(12)], id: OrderID(3), number: "3", at: later)
        }
    }
}

@Suite struct `Every act in every state` {
    @Test(arguments: OrderState.allCases, OrderAct.allCases)
    func `is legal, or refused with a code of its own and a way out`(
        _ state: OrderState, _ act: OrderAct
    ) throws {
        let order = try Samples.order(in: state)
        #expect(order.state == state)
        if act.states.contains(state) {
            #expect(act.refusal(in: state) == nil)
            #expect(throws: Never.self) { try Samples.perform(act, on: order) }
        } else {
            let refusal = #expect(throws: Refusal.self) { try Samples.perform(act, on: order) }
            #expect(refusal?.code == "order.\(act.rawValue).\(state.rawValue)")
            #expect(refusal?.instead?.zh.isEmpty == false)
            #expect(refusal?.instead?.en.isEmpty == false)
            #expect(refusal?.instead?.en != "Look at the state of the order first")
        }
    }

    @Test(arguments: OrderState.allCases, OrderState.Move.allCases)
    func `moves as the table of the trade says`(_ state: OrderState, _ move: OrderState.Move) {
        let legal: [OrderState: [OrderState.Move: OrderState]] = [
            .awaitingPayment: [.pay: .awaitingShipment, .closeUnpaid: .closed],
            .awaitingShipment: [
                .shipPart: .partlyShipped, .shipAll: .shipped, .refundWhole: .closed,
            ],
            .partlyShipped: [
                .shipPart: .partlyShipped, .shipAll: .shipped, .refundWhole: .closed,
            ],
            .shipped: [.confirm: .completed, .refundWhole: .closed],
        ]
        #expect(state.after(move) == legal[state]?[move])
    }
}

@Suite struct `An order` {
    @Test func `is as far as its least advanced live line`() {
        #expect(OrderState.ofOrder([.shipped, .awaitingShipment]) == .partlyShipped)
        #expect(OrderState.ofOrder([.shipped, .closed]) == .shipped)
        #expect(OrderState.ofOrder([.completed, .shipped]) == .shipped)
        #expect(OrderState.ofOrder([.closed, .closed]) == .closed)
        #expect(OrderState.ofOrder([.awaitingShipment, .closed]) == .awaitingShipment)
    }

    @Test func `is not closed within ten seconds of its making`() throws {
        let order = try Samples.placed()
        let refusal = #expect(throws: Refusal.self) {
            try order.close(.outOfStock, at: Samples.at + .seconds(9), rules: Samples.rules)
        }
        #expect(refusal?.code == "order.close.tooFast")
        let change = try order.close(
            .outOfStock, at: Samples.at + .seconds(10), rules: Samples.rules)
        #expect(change.stock == [.release(OrderLineID(11)), .release(OrderLineID(12))])
    }

    @Test(arguments: CloseReason.allCases)
    func `is closed by a person for one of seven reasons only`(_ reason: CloseReason) throws {
        let order = try Samples.placed()
        let at = Samples.at + .minutes(1)
        if CloseReason.sellers.contains(reason) {
            #expect(try order.close(reason, at: at, rules: Samples.rules).order.state == .closed)
        } else {
            #expect(throws: Refusal.self) {
                try order.close(reason, at: at, rules: Samples.rules)
            }
        }
        #expect(CloseReason.sellers.count == 7)
    }

    @Test
    func `of a presale is paid in two steps, and its deposit is lost when the balance is late`()
        throws
    {
        let (at, rules) = (Samples.at, Samples.rules)
        let order = try Samples.placed(deposit: 2_000)
        #expect(order.step == .depositDue && order.dueNow == Money(fen: 2_000))
        let half = try order.pay(
            Money(fen: 2_000), channel: "", reference: "", at: at, rules: rules)
        #expect(half.payments.first?.kind == .deposit && half.payments.first?.simulated == true)
        #expect(half.order.state == .awaitingPayment && half.order.step == .balanceDue)
        #expect(half.order.addsUp)
        let whole = try half.order.pay(
            half.order.dueNow, channel: "", reference: "", at: at, rules: rules
        ).order
        #expect(whole.state == .awaitingShipment && whole.step == .paid && whole.addsUp)
        #expect(half.order.passTime(at + .hours(167)) == nil)
        let late = try #require(half.order.passTime(at + .hours(168)))
        #expect(late.order.state == .closed && late.order.step == .forfeited)
        #expect(late.events.map(\.kind) == [.forfeited, .closed])
    }

    @Test func `that nobody pays closes itself, and one that nobody confirms completes itself`()
        throws
    {
        let unpaid = try Samples.placed()
        #expect(unpaid.passTime(Samples.at + .hours(23)) == nil)
        #expect(unpaid.passTime(Samples.at + .hours(24))?.order.closeReason == .timedOut)
        var shipped = try Samples.order(in: .shipped)
        #expect(shipped.passTime(Samples.at + .days(10))?.order.state == .completed)
        shipped = try shipped.extendReceipt(days: 5).order
        #expect(shipped.passTime(Samples.at + .days(14)) == nil)
        shipped.lines[0].refundState = .asked
        #expect(shipped.passTime(Samples.at + .days(16)) == nil)
    }

    @Test func `keeps its address from the warehouse's cut-off on`() throws {
        let order = try Samples.paid()
        var new = Samples.receiver
        new.name = "李四"
        let change = try order.changeAddress(
            to: new, takenAt: Samples.at + .hours(1), at: Samples.at)
        #expect(change.events.first?.what.zh.contains("138****5678") == true)
        #expect(change.events.first?.what.zh.contains("文三路") == false)
        let refusal = #expect(throws: Refusal.self) {
            try order.changeAddress(to: new, takenAt: Samples.at, at: Samples.at)
        }
        #expect(refusal?.code == "order.changeAddress.cutOff")
    }

    @Test func `takes another variant only of the same item at the same price`() throws {
        let order = try Samples.paid()
        func code(_ item: Int64, _ price: Int64) -> String? {
            do throws(Refusal) {
                _ = try order.changeVariant(
                    of: OrderLineID(11),
                    to: .init(
                        sku: SKUID(52), item: ItemID(item), name: "红色;L", outerID: "",
                        price: Money(fen: price)))
                return nil
            } catch { return error.code }
        }
        #expect(code(5, 10_000) == nil)
        #expect(code(5, 10_100) == "order.changeVariant.price")
        #expect(code(6, 10_000) == "order.changeVariant.item")
    }

    @Test(arguments: [
        ("name", String(repeating: "长", count: 26)), ("detail", String(repeating: "路", count: 115)),
        ("mobile", "1381234567"), ("mobile", "23812345678"), ("zip", "12345"), ("region", ""),
    ])
    func `refuses a receiver that a platform would not take`(_ field: String, _ value: String) {
        var receiver = Samples.receiver
        switch field {
        case "name": receiver.name = value
        case "detail": receiver.detail = value
        case "mobile": receiver.mobile = value
        case "zip": receiver.zip = value
        default: receiver.region = value
        }
        let refusal = #expect(throws: Refusal.self) { try receiver.checked() }
        #expect(refusal?.code == "order.receiver.\(field)")
    }

    @Test func `takes a name of 25 characters, which are 50 bytes of GBK`() throws {
        var receiver = Samples.receiver
        receiver.name = String(repeating: "长", count: 25)
        receiver.detail = String(repeating: "路", count: 114)
        #expect(try receiver.checked() == receiver)
    }

    @Test func `hides its receiver`() {
        let masked = Samples.receiver.masked
        #expect(masked.name == "张*" && masked.mobile == "138****5678")
        #expect(masked.address == "浙江省杭州市西湖区***" && masked.zip.isEmpty)
    }

    @Test func `takes a memo of a thousand bytes and six flags`() throws {
        let order = try Samples.placed()
        #expect(throws: Refusal.self) {
            try order.note(memo: String(repeating: "备", count: 501), flag: nil)
        }
        #expect(throws: Refusal.self) { try order.note(memo: nil, flag: 6) }
        #expect(try order.note(memo: String(repeating: "备", count: 500), flag: 5).order.flag == 5)
    }
}

@Suite struct `The sums of an order` {
    /// Every act that moves money, at random, always adds up.
    @Test(arguments: 0..<200)
    func `add up to the fen whatever is done`(_ seed: UInt64) throws {
        var dice = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        func roll(_ most: Int64) -> Int64 {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((dice >> 33) % UInt64(most))
        }
        let at = Samples.at + .minutes(9)
        var order = try Samples.placed(roll(15_000), deposit: roll(3) == 0 ? 100 : nil)
        for _ in 0..<12 {
            let act = roll(8)
            let line = OrderLineID(11 + roll(2))
            let next = try? Self.step(
                act, on: order, line, Money(fen: roll(17_000)), Money(fen: roll(2_000)),
                at + .hours(Int(roll(400))))
            order = next ?? order
            #expect(order.addsUp, "\(order)")
        }
    }

    /// One act of a random story; throws where it is refused.
    private static func step(
        _ act: Int64, on order: Order, _ line: OrderLineID, _ discount: Money, _ freight: Money,
        _ later: Instant
    ) throws -> Order? {
        let (at, rules) = (Samples.at + .minutes(9), Samples.rules)
        switch act {
        case 0:
            return try order.changePrice(discount: discount, freight: freight, reason: "议价").order
        case 1: return try order.close(line: line, at: at).order
        case 2, 3:
            return try order.pay(
                order.dueNow, channel: "", reference: "", at: at, rules: rules
            ).order
        case 4: return try order.ship([line], at: at, rules: rules).order
        case 5: return try order.refund(line: line, channel: "", at: at, rules: rules).order
        case 6: return try order.split([line], id: OrderID(9), number: "9", at: at).new.order
        default: return order.passTime(later)?.order
        }
    }

    @Test func `of merged orders count the postage once and lose nothing`() throws {
        let first = try Samples.paid()
        var second = Order(
            id: OrderID(2), number: "2", source: .qinke, buyer: first.buyer,
            buyerNick: first.buyerNick, state: .awaitingShipment, createdAt: Samples.at,
            receiver: first.receiver,
            lines: [
                OrderLine(
                    id: OrderLineID(21), number: "2", title: "帽子", price: Money(fen: 3_000),
                    quantity: 1, paid: Money(fen: 3_000), state: .awaitingShipment)
            ])
        second.goods = Money(fen: 3_000)
        second.freight = Money(fen: 500)
        second.payable = Money(fen: 3_500)
        second.paid = Money(fen: 3_500)
        #expect(second.addsUp)
        let (into, from) = try first.merge(second, at: Samples.at)
        #expect(into.order.addsUp && from.order.addsUp)
        #expect(into.order.freight == Money(fen: 800))
        // What came in is what stays and what went back.
        #expect(into.order.paid + Money(fen: 500) == first.paid + second.paid)
        #expect(into.order.lines.count == 3 && from.order.closeReason == .merged)
    }
}

@Suite struct `A reminder` {
    private func code(_ order: Order, _ earlier: [Instant], _ at: Instant) -> String? {
        do throws(Refusal) {
            try Reminder.check(
                order, earlier: earlier, at: at, zone: "Asia/Shanghai", rules: Samples.rules)
            return nil
        } catch { return error.code }
    }

    @Test func `is capped, spaced, silent at night, and ends with the payment`() throws {
        let order = try Samples.placed()
        let at = Samples.at
        #expect(code(order, [], at) == nil)
        #expect(code(order, [at - .hours(5)], at) == nil)
        #expect(code(order, [at - .hours(3)], at) == "order.remind.soon")
        #expect(code(order, [at - .hours(9), at - .hours(5)], at) == "order.remind.cap")
        // 22:00 in Shanghai.
        #expect(code(order, [], at + .hours(12)) == "order.remind.quiet")
        let paid = try Samples.paid()
        #expect(code(paid, [], at) == "order.remind.awaitingShipment")
        var stranger = order
        stranger.buyer = nil
        #expect(code(stranger, [], at) == "order.remind.noBuyer")
    }
}

@Suite struct `Signals of a fake order` {
    @Test func `are evidence in words, and one alone is rarely enough`() throws {
        var order = try Samples.placed()
        #expect(FakeOrderTraces().signals(of: order).isEmpty)
        var traces = FakeOrderTraces()
        traces.buyersWithMobile = 3
        #expect(!FakeOrderTraces.isSuspicious(traces.signals(of: order)))
        traces.buyersAtAddress = 4
        let signals = traces.signals(of: order)
        #expect(signals.map(\.kind) == [.sharedMobile, .sharedAddress])
        #expect(FakeOrderTraces.isSuspicious(signals))
        order.buyerMessage = "帮忙补单，空包就行"
        #expect(FakeOrderTraces.isSuspicious(FakeOrderTraces().signals(of: order)))
    }
}

@Suite struct `A purchase on behalf` {
    @Test(arguments: ProxyPurchase.State.allCases, ProxyPurchase.State.allCases)
    func `moves only forwards`(_ from: ProxyPurchase.State, _ to: ProxyPurchase.State) {
        let purchase = ProxyPurchase(
            id: ProxyPurchaseID(1), order: OrderID(1), upstreamShop: "上家", upstreamOrder: "9",
            price: .zero, state: from, note: "", updatedAt: Samples.at)
        let moved = try? purchase.moved(to: to, upstreamOrder: nil, note: nil, at: Samples.at)
        #expect((moved != nil) == (from == to || from.next.contains(to)))
        #expect(
            purchase.isStalled(at: Samples.at + .hours(48), rules: Samples.rules)
                == !from.next.isEmpty)
    }
}
