import Foundation

/// Whether a buyer may be reminded of a payment now (domain B19): capped, spaced, never at night, never once paid.
package enum Reminder {
    /// - Parameters:
    ///   - earlier: when the buyer was reminded of this order, in any order.
    ///   - zone: the shop's.
    package static func check(
        _ order: Order, earlier: [Instant], at: Instant, zone: String, rules: OrderRules
    ) throws(Refusal) {
        try OrderAct.remind.check(in: order.state)
        guard order.buyer != nil else {
            throw Refusal(
                .conflict, "order.remind.noBuyer", zh: "这个订单的买家没有在本店聊过天",
                en: "The order's buyer has never written here",
                instead: Localized(zh: "请到来源平台催付", en: "Remind them where the order came from"))
        }
        guard earlier.count < rules.remindersMost else {
            throw Refusal(
                .conflict, "order.remind.cap", zh: "这个订单已经催过 \(earlier.count) 次",
                en: "The buyer was reminded \(earlier.count) times already",
                instead: Localized(zh: "不再打扰，到时间会自动关闭", en: "Leave it; it closes by itself in time")
            )
        }
        if let last = earlier.max(), at - last < rules.remindersApart {
            throw Refusal(
                .conflict, "order.remind.soon", zh: "刚催过，请隔一阵再催",
                en: "The buyer was reminded a little while ago",
                instead: Localized(
                    zh: "两次之间至少隔 \(rules.remindersApart.seconds / 3600) 小时",
                    en: "Leave at least \(rules.remindersApart.seconds / 3600) hours between"))
        }
        guard !isQuiet(at, zone: zone, rules: rules) else {
            throw Refusal(
                .conflict, "order.remind.quiet",
                zh: "\(rules.quietFrom) 点到 \(rules.quietTo) 点不打扰买家",
                en: "Buyers are left in peace from \(rules.quietFrom) to \(rules.quietTo) o'clock",
                instead: Localized(
                    zh: "请 \(rules.quietTo) 点以后再催", en: "Remind them after \(rules.quietTo) o'clock"
                ))
        }
    }

    package static func isQuiet(_ at: Instant, zone: String, rules: OrderRules) -> Bool {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
        let hour = CalendarDay.calendar(of: zone).component(.hour, from: date)
        let (from, to) = (rules.quietFrom, rules.quietTo)
        if from == to { return false }
        return from < to ? (from..<to).contains(hour) : hour >= from || hour < to
    }

    /// What is said.
    package static func text(_ order: Order) -> Localized {
        let title = order.lines.first?.title ?? ""
        return Localized(
            zh:
                "亲，您的订单 \(order.number)（\(title)）还没有付款，应付 \(order.dueNow)。库存有限，需要的话请尽快付款哦；不需要可以不用理会。",
            en:
                "Your order \(order.number) (\(title)) awaits a payment of \(order.dueNow). Stock is limited; if you no longer want it, just ignore this."
        )
    }
}

/// What speaks for an order that was placed to fake sales (domain J18, §3.8): for a person to look at, never an act.
package struct FakeOrderSignal: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The buyer's words speak of commission or of empty parcels.
        case words
        /// Many orders of one buyer in a short time.
        case burst
        /// Several buyers, one mobile number.
        case sharedMobile
        /// Several buyers, one address.
        case sharedAddress
        /// Nothing was said before a first order, and many of that kind came at once.
        case silentCrowd
    }

    package let kind: Kind
    package let weight: Int
    package let why: Localized
}

/// What is known around an order, to judge whether it is fake.
package struct FakeOrderTraces: Hashable, Sendable {
    /// Of the same buyer within a day, this one included.
    package var ordersOfBuyer = 0
    /// Other buyers with this mobile number.
    package var buyersWithMobile = 0
    /// Other buyers with this very address.
    package var buyersAtAddress = 0
    /// First orders for the same item within the same hour by buyers who never wrote.
    package var silentFirstOrders = 0

    package init() {}

    /// From this weight on an order is flagged.
    package static let flagFrom = 3
    private static let words = [
        "刷单", "补单", "空包", "佣金", "返现", "代付佣金", "冲销量", "做任务", "empty parcel", "commission",
    ]

    package func signals(of order: Order) -> [FakeOrderSignal] {
        var found: [FakeOrderSignal] = []
        let said = (order.buyerMessage + " " + order.memo).lowercased()
        if let word = Self.words.first(where: said.contains) {
            found.append(
                FakeOrderSignal(
                    kind: .words, weight: 3,
                    why: Localized(zh: "留言或备注里有“\(word)”", en: "The words say “\(word)”")))
        }
        if ordersOfBuyer >= 5 {
            found.append(
                FakeOrderSignal(
                    kind: .burst, weight: 2,
                    why: Localized(
                        zh: "同一买家一天内下了 \(ordersOfBuyer) 单",
                        en: "\(ordersOfBuyer) orders of one buyer within a day")))
        }
        if buyersWithMobile >= 2 {
            found.append(
                FakeOrderSignal(
                    kind: .sharedMobile, weight: 2,
                    why: Localized(
                        zh: "另有 \(buyersWithMobile) 位买家用同一手机号",
                        en: "\(buyersWithMobile) other buyers have the same mobile number")))
        }
        if buyersAtAddress >= 3 {
            found.append(
                FakeOrderSignal(
                    kind: .sharedAddress, weight: 1,
                    why: Localized(
                        zh: "另有 \(buyersAtAddress) 位买家用同一地址",
                        en: "\(buyersAtAddress) other buyers have the same address")))
        }
        if silentFirstOrders >= 5 {
            found.append(
                FakeOrderSignal(
                    kind: .silentCrowd, weight: 2,
                    why: Localized(
                        zh: "一小时内 \(silentFirstOrders) 位没聊过天的新买家买了同一商品",
                        en: "\(silentFirstOrders) new silent buyers bought the same within an hour")
                ))
        }
        return found
    }

    package static func isSuspicious(_ signals: [FakeOrderSignal]) -> Bool {
        signals.reduce(0) { $0 + $1.weight } >= flagFrom
    }
}
