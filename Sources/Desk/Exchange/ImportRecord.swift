/// An order as a file tells it; nil is what the file does not tell.
package struct ImportedOrder: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case awaitingPayment, awaitingShipment, partlyShipped, shipped, completed, closed

        /// How far along its way an order is.
        package var rank: Int {
            switch self {
            case .awaitingPayment: 0
            case .awaitingShipment: 1
            case .partlyShipped: 2
            case .shipped: 3
            case .completed, .closed: 4
            }
        }
    }

    package var number = ""
    package var buyerNick: String?
    package var state: State?
    package var createdAt: Instant?
    package var paidAt: Instant?
    package var shippedAt: Instant?
    package var completedAt: Instant?
    package var closedAt: Instant?
    package var updatedAt: Instant?
    package var goods: Money?
    package var freight: Money?
    package var discount: Money?
    package var payable: Money?
    package var paid: Money?
    package var refunded: Money?
    package var receiverName: String?
    package var receiverMobile: String?
    package var receiverRegion: String?
    package var receiverCity: String?
    package var receiverDistrict: String?
    package var receiverDetail: String?
    package var receiverZip: String?
    package var buyerMessage: String?
    package var memo: String?
    package var flag: Int?
    package var closeReason: String?
    package var carrier: String?
    package var waybill: String?

    package init() {}

    /// How far the order is, as far as its times tell.
    package var stateByTimes: State {
        if closedAt != nil { return .closed }
        if completedAt != nil { return .completed }
        if shippedAt != nil { return .shipped }
        return paidAt == nil ? .awaitingPayment : .awaitingShipment
    }

    /// The latest moment that the file knows of the order: which of two tellings is the newer one.
    package var knownUntil: Instant? {
        [updatedAt, closedAt, completedAt, shippedAt, paidAt, createdAt].compactMap { $0 }.max()
    }
}

/// A line of an order, as a file tells it.
package struct ImportedLine: Hashable, Sendable, Codable {
    package var order = ""
    /// The platform's own; made of the order's number where it gives none.
    package var number = ""
    package var title: String?
    package var itemNumber: String?
    package var outerID: String?
    package var skuName: String?
    package var price: Money?
    package var quantity: Int?
    package var discount: Money?
    package var paid: Money?
    package var state: ImportedOrder.State?
    package var refundState: RefundState?
    package var refunded: Money?

    package enum RefundState: String, Hashable, Sendable, Codable, CaseIterable {
        case none, asked, done, closed
    }

    package init() {}
}

/// A thing for sale, or one variant of it, as a file tells it.
package struct ImportedItem: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case onShelf, offShelf, soldOut
    }

    package var number = ""
    package var articleNumber: String?
    package var outerID: String?
    package var title: String?
    package var category: String?
    package var state: State?
    package var sellingPoints: String?
    package var skuName: String?
    package var skuOuterID: String?
    package var price: Money?
    package var listPrice: Money?
    package var barcode: String?
    package var stock: Int?

    package init() {}
}

/// One row of a file, understood.
package struct ImportRow: Hashable, Sendable {
    package let number: Int
    package var order: ImportedOrder?
    package var line: ImportedLine?
    package var item: ImportedItem?

    package init(
        number: Int, order: ImportedOrder? = nil, line: ImportedLine? = nil,
        item: ImportedItem? = nil
    ) {
        self.number = number
        self.order = order
        self.line = line
        self.item = item
    }
}

/// What is wrong with a row, for whoever mends the file.
package struct RowFault: Hashable, Sendable {
    /// The row's number, as a spreadsheet shows it.
    package let row: Int
    /// The header over the cell; empty when the row as a whole is at fault.
    package let column: String
    /// Stable: `exchange.date`.
    package let code: String
    package let message: Localized
    /// What stood there, shortened; empty for personal data.
    package let value: String

    package init(row: Int, column: String, code: String, message: Localized, value: String) {
        self.row = row
        self.column = column
        self.code = code
        self.message = message
        self.value = value
    }
}
