/// Pieces kept for a buyer while they make up their mind; it ends by itself.
package struct Hold: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case held, used, expired, released
    }

    package let id: HoldID
    package let sku: SKUID
    package let warehouse: WarehouseID
    package let quantity: Int
    package let conversation: ConversationID?
    package let buyer: BuyerID?
    package let until: Instant
    package let by: StaffID?
    package let state: State

    package init(
        id: HoldID, sku: SKUID, warehouse: WarehouseID, quantity: Int,
        conversation: ConversationID?, buyer: BuyerID?, until: Instant, by: StaffID?, state: State
    ) {
        self.id = id
        self.sku = sku
        self.warehouse = warehouse
        self.quantity = quantity
        self.conversation = conversation
        self.buyer = buyer
        self.until = until
        self.by = by
        self.state = state
    }

    /// - Throws: `hold.over` when nothing is kept any more.
    package func requireHeld(at: Instant) throws(Refusal) {
        guard state == .held, at < until else {
            throw Refusal(
                .conflict, "hold.over", zh: "这个预留已经结束", en: "This hold is over",
                instead: Localized(
                    zh: "看看还剩多少，再预留或直接下单",
                    en: "See what is left, then hold again or order directly"))
        }
    }

    /// - Parameter minutes: as asked; nil is the shop's usual time.
    /// - Throws: when it is longer than the shop allows.
    package static func end(
        from at: Instant, minutes: Int?, usual: Int, most: Int
    ) throws(Refusal) -> Instant {
        let minutes = minutes ?? min(usual, most)
        guard (1...most).contains(minutes) else {
            throw Refusal(
                .invalid, "hold.minutes", zh: "预留时间用 1 到 \(most) 分钟",
                en: "A hold lasts 1 to \(most) minutes", field: "minutes")
        }
        return at + .minutes(minutes)
    }
}

/// What a line of an order has taken from a warehouse.
package struct Reservation: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case reserved, committed, released
    }

    package let line: OrderLineID
    package let sku: SKUID
    package let warehouse: WarehouseID
    package let quantity: Int
    package let state: State

    package init(
        line: OrderLineID, sku: SKUID, warehouse: WarehouseID, quantity: Int, state: State
    ) {
        self.line = line
        self.sku = sku
        self.warehouse = warehouse
        self.quantity = quantity
        self.state = state
    }

    package func with(_ state: State, quantity: Int? = nil) -> Reservation {
        Reservation(
            line: line, sku: sku, warehouse: warehouse, quantity: quantity ?? self.quantity,
            state: state)
    }

    package static let left = Refusal(
        .conflict, "stock.left", zh: "这件商品已经出库", en: "These goods have left already",
        instead: Localized(zh: "要退货请走退货入库", en: "Take them back as a return"))

    /// What may still come back.
    package static func requireBack(
        _ quantity: Int, sold: Int, returned: Int
    ) throws(Refusal) {
        try Quantity.check(quantity)
        guard returned + quantity <= sold else {
            throw Refusal(
                .conflict, "stock.returnedTooMuch",
                zh: "这一行出库 \(sold) 件，已退 \(returned) 件，最多再退 \(sold - returned) 件",
                en:
                    "Of this line \(sold) left and \(returned) came back; \(sold - returned) may still",
                instead: Localized(zh: "请核对退货数量", en: "Check how many came back"),
                field: "quantity")
        }
    }
}
