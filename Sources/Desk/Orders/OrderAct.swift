/// What somebody may ask of an order.
///
/// In every state each is legal, or refused with a code of its own: `order.changeAddress.shipped`.
package enum OrderAct: String, Hashable, Sendable, Codable, CaseIterable {
    case pay
    case remind
    case changeAddress
    case changeVariant
    case changePrice
    case note
    case close
    case closeLine
    case refund
    case ship
    case extendReceipt
    case confirm
    case merge
    case split

    package var name: Localized {
        switch self {
        case .pay: Localized(zh: "登记付款", en: "record a payment")
        case .remind: Localized(zh: "催付", en: "remind of the payment")
        case .changeAddress: Localized(zh: "改收货地址", en: "change the address")
        case .changeVariant: Localized(zh: "改规格", en: "change the variant")
        case .changePrice: Localized(zh: "改价或改邮费", en: "change price or postage")
        case .note: Localized(zh: "改备注和旗帜", en: "change memo and flag")
        case .close: Localized(zh: "取消订单", en: "cancel the order")
        case .closeLine: Localized(zh: "关闭一件商品", en: "close one line")
        case .refund: Localized(zh: "退款", en: "refund")
        case .ship: Localized(zh: "发货", en: "ship")
        case .extendReceipt: Localized(zh: "延长收货", en: "extend the time of receipt")
        case .confirm: Localized(zh: "确认收货", en: "confirm receipt")
        case .merge: Localized(zh: "合并订单", en: "merge orders")
        case .split: Localized(zh: "拆单", en: "split the order")
        }
    }

    /// The states in which it is legal at all; more may be asked of the order then (domain §3.1, §3.2).
    package var states: Set<OrderState> {
        switch self {
        case .pay, .remind, .changePrice, .close, .closeLine: [.awaitingPayment]
        case .changeAddress, .merge, .split: [.awaitingShipment]
        case .changeVariant: [.awaitingPayment, .awaitingShipment, .partlyShipped]
        case .note: Set(OrderState.allCases)
        case .refund: [.awaitingShipment, .partlyShipped, .shipped]
        case .ship: [.awaitingShipment, .partlyShipped]
        case .extendReceipt, .confirm: [.shipped]
        }
    }

    /// - Throws: why it cannot be in this state, and what can be done instead.
    package func check(in state: OrderState) throws(Refusal) {
        if let refusal = refusal(in: state) { throw refusal }
    }

    /// Nil where it is legal.
    package func refusal(in state: OrderState) -> Refusal? {
        guard !states.contains(state) else { return nil }
        return Refusal(
            .conflict, "order.\(rawValue).\(state.rawValue)",
            zh: "订单\(state.name.zh)，不能\(name.zh)",
            en: "The order is \(state.name.en): one cannot \(name.en)", instead: instead(in: state))
    }

    private func instead(in state: OrderState) -> Localized {
        switch (self, state) {
        case (.changeAddress, .awaitingPayment):
            Localized(
                zh: "付款后、发货前可以改；也可以关闭后按新地址重新下单",
                en:
                    "Change it after the payment and before shipping, or close the order and draft it anew"
            )
        case (.changeAddress, .partlyShipped), (.changeAddress, .shipped):
            Localized(
                zh: "可以请快递拦截或转寄", en: "Ask the carrier to intercept or redirect the parcel")
        case (.changeVariant, .shipped), (.changeVariant, .completed):
            Localized(zh: "可以走换货", en: "Offer an exchange")
        case (.changePrice, .awaitingShipment), (.changePrice, .partlyShipped),
            (.changePrice, .shipped), (.changePrice, .completed):
            Localized(zh: "付款后不能改价，可以退差价", en: "After the payment, pay the difference back")
        case (.close, .awaitingShipment), (.closeLine, .awaitingShipment),
            (.close, .partlyShipped), (.closeLine, .partlyShipped):
            Localized(zh: "已付款，请用退款", en: "It is paid: refund it")
        case (.close, .shipped), (.closeLine, .shipped):
            Localized(
                zh: "先请快递拦截，拦截成功再退款；拦不下就走退货",
                en:
                    "Intercept the parcel first, then refund; if that fails, take it back as a return"
            )
        case (.close, .completed), (.closeLine, .completed), (.refund, .completed):
            Localized(zh: "交易成功后请走售后", en: "After completion, open an after-sale case")
        case (.refund, .awaitingPayment):
            Localized(zh: "还没有付款，可以取消订单", en: "Nothing was paid: cancel the order")
        case (.pay, .closed), (.remind, .closed):
            Localized(zh: "请重新下单", en: "Draft the order anew")
        case (.pay, _), (.remind, _):
            Localized(zh: "已经付过款，无需再付", en: "It is paid already")
        case (.ship, .awaitingPayment):
            Localized(zh: "付款后才能发货，可以先催付", en: "Ship after the payment; remind the buyer first")
        case (.ship, .shipped), (.ship, .completed):
            Localized(zh: "已经全部发出，可以改运单号", en: "All has left; a waybill number can be corrected")
        case (.extendReceipt, .awaitingShipment), (.extendReceipt, .partlyShipped),
            (.confirm, .awaitingShipment), (.confirm, .partlyShipped):
            Localized(zh: "等全部发货后再做", en: "Do it when everything has left")
        case (.extendReceipt, .awaitingPayment), (.confirm, .awaitingPayment),
            (.merge, .awaitingPayment), (.split, .awaitingPayment):
            Localized(zh: "等买家付款后再做", en: "Do it after the payment")
        case (.merge, .partlyShipped), (.merge, .shipped), (.split, .partlyShipped),
            (.split, .shipped):
            Localized(zh: "已有包裹发出，只能按原单处理", en: "Parcels have left; go on with the order as it is")
        case (_, .completed):
            Localized(zh: "交易成功后请走售后", en: "After completion, open an after-sale case")
        case (_, .closed):
            Localized(zh: "关闭的订单不能再动，可以重新下单", en: "A closed order stays closed; draft it anew")
        default:
            Localized(zh: "请先查看订单状态", en: "Look at the state of the order first")
        }
    }
}
