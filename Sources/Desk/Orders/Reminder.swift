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
