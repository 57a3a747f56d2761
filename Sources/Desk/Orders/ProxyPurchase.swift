/// Something bought elsewhere on a buyer's behalf (代购, domain A11).
package struct ProxyPurchase: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case toBuy, bought, shipped, arrived, cancelled

        package var name: Localized {
            switch self {
            case .toBuy: Localized(zh: "待代拍", en: "to be bought")
            case .bought: Localized(zh: "已代拍", en: "bought")
            case .shipped: Localized(zh: "上家已发货", en: "shipped by the source")
            case .arrived: Localized(zh: "已到手", en: "arrived")
            case .cancelled: Localized(zh: "已取消", en: "cancelled")
            }
        }

        /// What may come next.
        package var next: [State] {
            switch self {
            case .toBuy: [.bought, .cancelled]
            case .bought: [.shipped, .arrived, .cancelled]
            case .shipped: [.arrived, .cancelled]
            case .arrived, .cancelled: []
            }
        }
    }

    package let id: ProxyPurchaseID
    package let order: OrderID
    package var upstreamShop: String
    package var upstreamOrder: String
    package var price: Money
    package var state: State
    package var note: String
    package var updatedAt: Instant

    package init(
        id: ProxyPurchaseID, order: OrderID, upstreamShop: String, upstreamOrder: String,
        price: Money, state: State, note: String, updatedAt: Instant
    ) {
        self.id = id
        self.order = order
        self.upstreamShop = upstreamShop
        self.upstreamOrder = upstreamOrder
        self.price = price
        self.state = state
        self.note = note
        self.updatedAt = updatedAt
    }

    /// Nothing moved for too long, so somebody should ask.
    package func isStalled(at: Instant, rules: OrderRules) -> Bool {
        !state.next.isEmpty && at - updatedAt >= rules.stalledAfter
    }

    package func moved(
        to new: State, upstreamOrder: String?, note: String?, at: Instant
    ) throws(Refusal) -> ProxyPurchase {
        guard new == state || state.next.contains(new) else {
            throw Refusal(
                .conflict, "proxy.\(new.rawValue).\(state.rawValue)",
                zh: "代购\(state.name.zh)，不能改成\(new.name.zh)",
                en: "The purchase is \(state.name.en) and cannot become \(new.name.en)",
                instead: Localized(
                    zh: state.next.isEmpty
                        ? "这笔代购已经结束，可以另记一笔"
                        : "可以改成：" + state.next.map(\.name.zh).joined(separator: "、"),
                    en: state.next.isEmpty
                        ? "It has ended; add another"
                        : "It may become: " + state.next.map(\.name.en).joined(separator: ", ")),
                field: "state")
        }
        var next = self
        next.state = new
        if let upstreamOrder { next.upstreamOrder = String(upstreamOrder.prefix(60)) }
        if let note { next.note = String(note.prefix(500)) }
        guard new != .bought || !next.upstreamOrder.isEmpty else {
            throw Refusal(
                .invalid, "proxy.upstreamOrder", zh: "请填写上家的订单号",
                en: "Say the order's number at the source", field: "upstreamOrder")
        }
        next.updatedAt = at
        return next
    }
}
