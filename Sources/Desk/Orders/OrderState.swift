/// How far along its way an order, or one line of it, is (domain §3.1).
///
/// The raw value is stable: the store, the protocol and files hold it.
package enum OrderState: String, Hashable, Sendable, Codable, CaseIterable {
    case awaitingPayment
    case awaitingShipment
    case partlyShipped
    case shipped
    case completed
    case closed

    package var name: Localized {
        switch self {
        case .awaitingPayment: Localized(zh: "待付款", en: "awaiting payment")
        case .awaitingShipment: Localized(zh: "待发货", en: "awaiting shipment")
        case .partlyShipped: Localized(zh: "部分发货", en: "partly shipped")
        case .shipped: Localized(zh: "已发货", en: "shipped")
        case .completed: Localized(zh: "交易成功", en: "completed")
        case .closed: Localized(zh: "已关闭", en: "closed")
        }
    }

    /// How far it is; the least of the live lines is the order's.
    package var progress: Int {
        switch self {
        case .awaitingPayment: 0
        case .awaitingShipment: 1
        case .partlyShipped: 2
        case .shipped: 3
        case .completed: 4
        case .closed: 5
        }
    }

    /// What moves an order on.
    package enum Move: String, Hashable, Sendable, CaseIterable {
        case pay, shipPart, shipAll, confirm, closeUnpaid, refundWhole
    }

    /// Every legal move; what is not here cannot happen.
    package func after(_ move: Move) -> OrderState? {
        switch (self, move) {
        case (.awaitingPayment, .pay): .awaitingShipment
        case (.awaitingPayment, .closeUnpaid): .closed
        case (.awaitingShipment, .shipPart), (.partlyShipped, .shipPart): .partlyShipped
        case (.awaitingShipment, .shipAll), (.partlyShipped, .shipAll): .shipped
        case (.shipped, .confirm): .completed
        case (.awaitingShipment, .refundWhole), (.partlyShipped, .refundWhole),
            (.shipped, .refundWhole):
            .closed
        default: nil
        }
    }

    /// The state of an order with lines in these states: the least advanced live one, or closed when none lives.
    ///
    /// Lines that left beside lines that did not make it partly shipped.
    package static func ofOrder(_ lines: [OrderState]) -> OrderState {
        let live = lines.filter { $0 != .closed }
        guard let least = live.min(by: { $0.progress < $1.progress }) else { return .closed }
        let left = live.contains { $0.progress >= OrderState.shipped.progress }
        return least == .awaitingShipment && left ? .partlyShipped : least
    }
}

/// Why an order was closed: the seven reasons that a seller may give (domain §3.1), and the shop's own.
package enum CloseReason: String, Hashable, Sendable, Codable, CaseIterable {
    case notPaidInTime
    case noLongerWanted
    case wrongInformation
    case maliciousBuyer
    case outOfStock
    case orderedByMistake
    case metInPerson
    /// The clock closed it.
    case timedOut
    case refunded
    /// A file said that it was closed.
    case imported
    /// Its lines went into another order.
    case merged

    /// What a person may choose.
    package static let sellers: [CloseReason] = [
        .notPaidInTime, .noLongerWanted, .wrongInformation, .maliciousBuyer, .outOfStock,
        .orderedByMistake, .metInPerson,
    ]

    package var name: Localized {
        switch self {
        case .notPaidInTime: Localized(zh: "买家未及时付款", en: "not paid in time")
        case .noLongerWanted: Localized(zh: "买家不想买了", en: "no longer wanted")
        case .wrongInformation:
            Localized(zh: "信息填写错误，重新拍", en: "wrong details, ordered again")
        case .maliciousBuyer: Localized(zh: "恶意买家或同行捣乱", en: "malicious buyer or competitor")
        case .outOfStock: Localized(zh: "缺货", en: "out of stock")
        case .orderedByMistake: Localized(zh: "买家拍错了", en: "ordered by mistake")
        case .metInPerson: Localized(zh: "同城见面交易", en: "met in person")
        case .timedOut: Localized(zh: "超时未付款", en: "not paid before the deadline")
        case .refunded: Localized(zh: "已全额退款", en: "refunded in full")
        case .imported: Localized(zh: "来源平台已关闭", en: "closed at its source")
        case .merged: Localized(zh: "已合并到另一订单", en: "merged into another order")
        }
    }
}

/// Where a presale stands; an ordinary order has none (domain §3.1).
package enum PresaleStep: String, Hashable, Sendable, Codable, CaseIterable {
    case depositDue
    case balanceDue
    case paid
    /// The balance did not come in time.
    case forfeited

    package var name: Localized {
        switch self {
        case .depositDue: Localized(zh: "待付定金", en: "deposit due")
        case .balanceDue: Localized(zh: "定金已付，待付尾款", en: "deposit paid, balance due")
        case .paid: Localized(zh: "尾款已付", en: "balance paid")
        case .forfeited: Localized(zh: "尾款超时，定金不退", en: "balance missed, deposit forfeited")
        }
    }
}

/// The money back of one line.
package enum RefundState: String, Hashable, Sendable, Codable, CaseIterable {
    case none, asked, done, closed
}
