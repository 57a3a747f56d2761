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
