/// A buyer's order with its lines (domain §3.1): the parent trade and its sub-orders.
///
/// Its sums add up to the fen; see ``addsUp``.
package struct Order: Hashable, Sendable {
    package enum Source: String, Hashable, Sendable, Codable, CaseIterable {
        case qinke, taobao, tmall, shopify
        case file = "import"

        package var name: Localized {
            switch self {
            case .qinke: Localized(zh: "本店", en: "this shop")
            case .taobao: Localized(zh: "淘宝", en: "Taobao")
            case .tmall: Localized(zh: "天猫", en: "Tmall")
            case .shopify: Localized(zh: "Shopify", en: "Shopify")
            case .file: Localized(zh: "导入", en: "a file")
            }
        }
    }

    package let id: OrderID
    package let number: String
    package let source: Source
    package var buyer: BuyerID?
    package var buyerNick: String
    package var state: OrderState
    package var step: PresaleStep?
    package var closeReason: CloseReason?
    package let createdAt: Instant
    package var payBy: Instant?
    package var paidAt: Instant?
    package var shipBy: Instant?
    package var shippedAt: Instant?
    package var receiptBy: Instant?
    package var completedAt: Instant?
    package var closedAt: Instant?
    /// The list sum of all lines.
    package var goods = Money.zero
    package var freight = Money.zero
    package var discount = Money.zero
    package var payable = Money.zero
    package var paid = Money.zero
    package var refunded = Money.zero
    /// Of a presale.
    package var deposit: Money?
    package var receiver: Receiver
    package var buyerMessage = ""
    package var memo = ""
    package var flag = 0
    /// Who sees to it.
    package var owner: StaffID?
    package var outcome: String?
    package var suspicious = false
    package var evidence: [FakeOrderSignal] = []
    package var sourceUpdatedAt: Instant?
    package var version = 1
    package var lines: [OrderLine]

    package init(
        id: OrderID, number: String, source: Source, buyer: BuyerID?, buyerNick: String,
        state: OrderState = .awaitingPayment, createdAt: Instant, receiver: Receiver,
        lines: [OrderLine]
    ) {
        self.id = id
        self.number = number
        self.source = source
        self.buyer = buyer
        self.buyerNick = buyerNick
        self.state = state
        self.createdAt = createdAt
        self.receiver = receiver
        self.lines = lines
    }
}

/// One kind of goods in an order; all after-sale works on it.
package struct OrderLine: Hashable, Sendable {
    package let id: OrderLineID
    package let number: String
    package var item: ItemID?
    package var sku: SKUID?
    package var title: String
    package var skuName: String
    package var outerID: String
    /// Of one piece.
    package var price: Money
    package var quantity: Int
    /// This line's share of the order's discount.
    package var discount: Money
    /// This line's share of what was paid, without freight.
    package var paid: Money
    package var state: OrderState
    package var refundState = RefundState.none
    package var refunded = Money.zero

    package init(
        id: OrderLineID, number: String, item: ItemID? = nil, sku: SKUID? = nil, title: String,
        skuName: String = "", outerID: String = "", price: Money, quantity: Int,
        discount: Money = .zero, paid: Money = .zero, state: OrderState = .awaitingPayment
    ) {
        self.id = id
        self.number = number
        self.item = item
        self.sku = sku
        self.title = title
        self.skuName = skuName
        self.outerID = outerID
        self.price = price
        self.quantity = quantity
        self.discount = discount
        self.paid = paid
        self.state = state
    }

    package var gross: Money { price * quantity }
    /// What the buyer owes for it.
    package var due: Money { gross - discount }
    /// Closed before anything was paid for it.
    package var isDropped: Bool { state == .closed && paid == .zero }
}

extension Order {
    /// Whether the lines add up to the order to the fen.
    ///
    /// Goods and discount are those of all lines; what was paid and paid back is that of the lines and, once, the freight.
    package var addsUp: Bool {
        let freightPaid = paid - lines.reduce(.zero) { $0 + $1.paid }
        let freightBack = refunded - lines.reduce(.zero) { $0 + $1.refunded }
        return goods == lines.reduce(.zero) { $0 + $1.gross }
            && discount == lines.reduce(.zero) { $0 + $1.discount }
            && (state == .closed || payable == freight + owed)
            && (freightPaid == .zero || freightPaid == freight)
            && freightBack >= .zero && freightBack <= freightPaid
            && lines.allSatisfy { $0.refunded <= $0.paid && $0.paid <= $0.due }
    }

    /// What is owed for the lines that count.
    var owed: Money { lines.filter { !$0.isDropped }.reduce(.zero) { $0 + $1.due } }

    /// Sums of the order from its lines and its freight.
    mutating func total() {
        goods = lines.reduce(.zero) { $0 + $1.gross }
        discount = lines.reduce(.zero) { $0 + $1.discount }
        payable = freight + owed
    }

    /// What is still to be paid now.
    package var dueNow: Money {
        guard state == .awaitingPayment else { return .zero }
        return step == .depositDue ? deposit ?? payable : payable - paid
    }

    package func line(_ id: OrderLineID) -> OrderLine? { lines.first { $0.id == id } }

    var liveLines: [OrderLine] { lines.filter { $0.state != .closed } }
}
