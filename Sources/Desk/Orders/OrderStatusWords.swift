/// Where an order stands, in plain words: what is, what comes next, and until when (domain B12).
package struct OrderStatusWords: Hashable, Sendable {
    package let now: Localized
    package let next: Localized
    /// When the next step is expected at the latest.
    package let by: Instant?

    package init(_ order: Order) {
        switch (order.state, order.step) {
        case (.awaitingPayment, .depositDue):
            now = Localized(zh: "等买家付定金", en: "Waiting for the deposit")
            next = Localized(zh: "到时未付会自动关闭", en: "Closes by itself if not paid by then")
            by = order.payBy
        case (.awaitingPayment, .balanceDue):
            now = Localized(zh: "定金已付，等买家付尾款", en: "Deposit paid, waiting for the balance")
            next = Localized(zh: "到时未付，定金不退", en: "The deposit is forfeited if not paid by then")
            by = order.payBy
        case (.awaitingPayment, _):
            now = Localized(zh: "等买家付款", en: "Waiting for the buyer to pay")
            next = Localized(zh: "到时未付会自动关闭", en: "Closes by itself if not paid by then")
            by = order.payBy
        case (.awaitingShipment, _):
            now = Localized(zh: "已付款，等发货", en: "Paid, waiting to be shipped")
            next = Localized(zh: "最晚发货时间", en: "To be shipped at the latest")
            by = order.shipBy
        case (.partlyShipped, _):
            now = Localized(zh: "发了一部分，其余等发货", en: "Part has left, the rest waits")
            next = Localized(zh: "其余最晚发货时间", en: "The rest is to be shipped at the latest")
            by = order.shipBy
        case (.shipped, _):
            now = Localized(zh: "全部发出，等买家收货", en: "All has left, waiting to be received")
            next = Localized(zh: "到时自动确认收货", en: "Receipt is confirmed by itself")
            by = order.receiptBy
        case (.completed, _):
            now = Localized(zh: "买家已收货，交易成功", en: "Received; the order is complete")
            next = Localized(zh: "有问题可以走售后", en: "After-sale care is open")
            by = nil
        case (.closed, _):
            let reason = order.closeReason?.name
            now = Localized(
                zh: "已关闭" + (reason.map { "：\($0.zh)" } ?? ""),
                en: "Closed" + (reason.map { ": \($0.en)" } ?? ""))
            next = Localized(zh: "需要的话可以重新下单", en: "It can be ordered anew")
            by = nil
        }
    }
}
