/// What came of an act: the order as it is now, and what else follows from it.
package struct OrderChange: Hashable, Sendable {
    package var order: Order
    package var events: [OrderEvent] = []
    /// What happens to the stock, in the same transaction.
    package var stock: [StockStep] = []
    package var payments: [PaymentEntry] = []

    init(_ order: Order) { self.order = order }

    /// An order of which only its hand-over changes: owner, outcome.
    package init(assigning order: Order) {
        self.order = order
        events = [OrderEvent(.assigned)]
    }
}

/// What an order asks of the stock.
package enum StockStep: Hashable, Sendable {
    /// The pieces of a line are promised to it.
    case reserve(OrderLineID, SKUID, Int)
    /// They leave the house.
    case commit(OrderLineID)
    /// The promise ends; they may be sold to others.
    case release(OrderLineID)
}

/// Money that came or went, as the ledger keeps it.
package struct PaymentEntry: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case pay, deposit, balance, refund

        package var name: Localized {
            switch self {
            case .pay: Localized(zh: "付款", en: "payment")
            case .deposit: Localized(zh: "定金", en: "deposit")
            case .balance: Localized(zh: "尾款", en: "balance")
            case .refund: Localized(zh: "退款", en: "refund")
            }
        }
    }

    package let kind: Kind
    /// Above zero; the kind tells the way.
    package let amount: Money
    package let channel: String
    package let reference: String
    /// Recorded by hand: no bank said so.
    package let simulated: Bool

    package init(
        _ kind: Kind, _ amount: Money, channel: String, reference: String = "", simulated: Bool
    ) {
        self.kind = kind
        self.amount = amount
        self.channel = channel
        self.reference = reference
        self.simulated = simulated
    }
}

/// Something that happened to an order, for the event log, the audit and the conversation's timeline.
package struct OrderEvent: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case added = "order.added"
        case paid = "order.paid"
        case addressChanged = "order.addressChanged"
        case variantChanged = "order.variantChanged"
        case priceChanged = "order.priceChanged"
        case noted = "order.noted"
        case closed = "order.closed"
        case lineClosed = "order.lineClosed"
        case refunded = "order.refunded"
        case shipped = "order.shipped"
        case extended = "order.extended"
        case completed = "order.completed"
        case merged = "order.merged"
        case split = "order.split"
        case assigned = "order.assigned"
        case reminded = "order.reminded"
        case flagged = "order.flagged"
        case forfeited = "order.forfeited"
    }

    package let kind: Kind
    /// What it says beyond the order's number, never a receiver in clear.
    package let what: Localized

    package init(_ kind: Kind, zh: String = "", en: String = "") {
        self.kind = kind
        what = Localized(zh: zh, en: en)
    }

    /// The line of the timeline.
    package func sentence(_ number: String) -> Localized {
        let (zh, en) =
            switch kind {
            case .added: ("已下单", "was placed")
            case .paid: ("已付款", "was paid")
            case .addressChanged: ("改了收货地址", "has a new address")
            case .variantChanged: ("改了规格", "has another variant")
            case .priceChanged: ("改了价格", "has a new price")
            case .noted: ("改了备注", "has a new memo")
            case .closed: ("已关闭", "was closed")
            case .lineClosed: ("关闭了一件商品", "lost a line")
            case .refunded: ("已退款", "was refunded")
            case .shipped: ("已发货", "was shipped")
            case .extended: ("延长了收货时间", "may be received later")
            case .completed: ("交易成功", "is complete")
            case .merged: ("已合并", "was merged")
            case .split: ("已拆单", "was split")
            case .assigned: ("换了负责人", "has another owner")
            case .reminded: ("已催付", "was reminded of")
            case .flagged: ("疑似虚假订单", "looks fake")
            case .forfeited: ("尾款超时，定金不退", "missed its balance")
            }
        return Localized(
            zh: "订单 \(number) \(zh)" + (what.zh.isEmpty ? "" : "：\(what.zh)"),
            en: "Order \(number) \(en)" + (what.en.isEmpty ? "" : ": \(what.en)"))
    }
}

/// The shop's rules that orders obey; values come from the policy in force.
package struct OrderRules: Hashable, Sendable {
    package var payWithin = Span.hours(24)
    package var shipWithin = Span.hours(48)
    package var receiptWithin = Span.days(10)
    package var balanceWithin = Span.days(7)
    package var closeNotBefore = Span.seconds(10)
    package var remindersMost = 2
    package var remindersApart = Span.hours(4)
    /// Hours of the day, in the shop's zone.
    package var quietFrom = 22
    package var quietTo = 8
    package var stalledAfter = Span.hours(48)

    package init() {}
}

extension PolicySet {
    package var orderRules: OrderRules {
        var rules = OrderRules()
        rules.payWithin = span(.orderPayWithin)
        rules.shipWithin = span(.orderShipWithin)
        rules.receiptWithin = span(.orderReceiptWithin)
        rules.balanceWithin = span(.orderBalanceWithin)
        rules.closeNotBefore = span(.orderCloseNotBefore)
        rules.remindersMost = self[.orderReminders]
        rules.remindersApart = span(.orderRemindersApart)
        rules.quietFrom = self[.orderQuietFrom]
        rules.quietTo = self[.orderQuietTo]
        rules.stalledAfter = span(.proxyStalledAfter)
        return rules
    }
}
