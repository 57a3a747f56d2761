import Desk
import Storage

/// An order as its readers see it.
struct OrderWire: Encodable {
    struct Line: Encodable {
        let id: OrderLineID
        let number: String
        let item: ItemID?
        let sku: SKUID?
        let title: String
        let skuName: String
        let outerID: String
        let price: Money
        let quantity: Int
        let discount: Money
        let due: Money
        let paid: Money
        let state: OrderState
        let refundState: RefundState
        let refunded: Money
    }

    struct Status: Encodable {
        let now: Localized
        let next: Localized
        let by: Instant?
    }

    /// One act, and why it may not be done now.
    struct Act: Encodable {
        let act: OrderAct
        let name: Localized
        let code: String?
        let why: Localized?
        let instead: Localized?
    }

    let id: OrderID
    let number: String
    let source: Order.Source
    let buyer: BuyerID?
    let buyerNick: String
    let state: OrderState
    let stateName: Localized
    let step: PresaleStep?
    let stepName: Localized?
    let closeReason: CloseReason?
    let createdAt: Instant
    let payBy: Instant?
    let paidAt: Instant?
    let shipBy: Instant?
    let shippedAt: Instant?
    let receiptBy: Instant?
    let completedAt: Instant?
    let closedAt: Instant?
    let goods: Money
    let freight: Money
    let discount: Money
    let payable: Money
    let paid: Money
    let refunded: Money
    let deposit: Money?
    let dueNow: Money
    /// Always masked; in full by its own route, with a purpose.
    let receiver: Receiver
    let buyerMessage: String
    let memo: String
    let flag: Int
    let owner: StaffID?
    let outcome: String?
    let suspicious: Bool
    let evidence: [FakeOrderSignal]
    let version: Int
    let lines: [Line]
    let status: Status
    let acts: [Act]

    init(_ order: Order, for staff: StaffPrincipal) {
        id = order.id
        number = order.number
        source = order.source
        buyer = order.buyer
        buyerNick = order.buyerNick
        state = order.state
        stateName = order.state.name
        step = order.step
        stepName = order.step?.name
        closeReason = order.closeReason
        createdAt = order.createdAt
        payBy = order.payBy
        paidAt = order.paidAt
        shipBy = order.shipBy
        shippedAt = order.shippedAt
        receiptBy = order.receiptBy
        completedAt = order.completedAt
        closedAt = order.closedAt
        goods = order.goods
        freight = order.freight
        discount = order.discount
        payable = order.payable
        paid = order.paid
        refunded = order.refunded
        deposit = order.deposit
        dueNow = order.dueNow
        receiver = order.receiver.masked
        buyerMessage = order.buyerMessage
        memo = order.memo
        flag = order.flag
        owner = order.owner
        outcome = order.outcome
        suspicious = order.suspicious
        evidence = order.evidence
        version = order.version
        lines = order.lines.map { line in
            Line(
                id: line.id, number: line.number, item: line.item, sku: line.sku,
                title: line.title, skuName: line.skuName, outerID: line.outerID,
                price: line.price, quantity: line.quantity, discount: line.discount,
                due: line.due, paid: line.paid, state: line.state,
                refundState: line.refundState, refunded: line.refunded)
        }
        let words = OrderStatusWords(order)
        status = Status(now: words.now, next: words.next, by: words.by)
        acts = Self.acts(order, for: staff)
    }

    private static func acts(_ order: Order, for staff: StaffPrincipal) -> [Act] {
        OrderAct.allCases.filter { staff.may(permission(for: $0)) }.map { act in
            let refusal = act.refusal(in: order.state)
            return Act(
                act: act, name: act.name, code: refusal?.code, why: refusal?.message,
                instead: refusal?.instead)
        }
    }

    static func permission(for act: OrderAct) -> Permission {
        switch act {
        case .pay, .refund: .orderPay
        case .changePrice: .orderPrice
        case .close, .closeLine: .orderClose
        case .ship: .orderShip
        default: .orderEdit
        }
    }
}

/// Money that came or went, on the wire.
struct PaymentWire: Encodable {
    let id: PaymentID
    let order: OrderID
    let number: String
    let buyerNick: String
    let at: Instant
    let kind: PaymentEntry.Kind
    let kindName: Localized
    let amount: Money
    let channel: String
    let reference: String
    let simulated: Bool

    init(_ row: PaymentRow) {
        id = row.id
        order = row.order
        number = row.number
        buyerNick = row.nick
        at = row.at
        kind = row.entry.kind
        kindName = row.entry.kind.name
        amount = row.entry.amount
        channel = row.entry.channel
        reference = row.entry.reference
        simulated = row.entry.simulated
    }
}

/// A purchase on behalf, on the wire.
struct PurchaseWire: Encodable {
    let id: ProxyPurchaseID
    let order: OrderID
    let upstreamShop: String
    let upstreamOrder: String
    let price: Money
    let state: ProxyPurchase.State
    let stateName: Localized
    let next: [ProxyPurchase.State]
    let note: String
    let updatedAt: Instant
    let stalled: Bool

    init(_ purchase: ProxyPurchase, at: Instant, rules: OrderRules) {
        id = purchase.id
        order = purchase.order
        upstreamShop = purchase.upstreamShop
        upstreamOrder = purchase.upstreamOrder
        price = purchase.price
        state = purchase.state
        stateName = purchase.state.name
        next = purchase.state.next
        note = purchase.note
        updatedAt = purchase.updatedAt
        stalled = purchase.isStalled(at: at, rules: rules)
    }
}
