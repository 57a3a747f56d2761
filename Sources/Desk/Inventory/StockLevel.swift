/// What stands of one variant in one warehouse, and what of it is promised (domain B13).
///
/// Every change is a function to a new level or a refusal; none ends below nothing or promises what is not there.
package struct StockLevel: Hashable, Sendable {
    package let sku: SKUID
    package let warehouse: WarehouseID
    package var onHand: Int
    /// Promised to lines of orders.
    package var reserved: Int
    /// Kept for buyers for a while.
    package var held: Int
    /// Of what is on hand, past its date: it is there, and cannot be sold.
    package var expired: Int
    /// From here down the shop wants to know; nil is never.
    package var lowAt: Int?

    package init(
        sku: SKUID, warehouse: WarehouseID, onHand: Int = 0, reserved: Int = 0, held: Int = 0,
        expired: Int = 0, lowAt: Int? = nil
    ) {
        self.sku = sku
        self.warehouse = warehouse
        self.onHand = onHand
        self.reserved = reserved
        self.held = held
        self.expired = expired
        self.lowAt = lowAt
    }

    /// Not promised to anybody.
    package var available: Int { onHand - reserved - held }

    /// What can be promised now.
    package var sellable: Int { max(0, available - expired) }

    package var isLow: Bool { lowAt.map { available <= $0 } ?? false }

    /// Whether the rules of the ledger hold.
    package var isSound: Bool {
        onHand >= 0 && reserved >= 0 && held >= 0 && reserved + held <= onHand
    }

    // MARK: - Promises

    /// Promises pieces to an order.
    package func reserving(_ quantity: Int) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        guard sellable >= quantity else { throw .stockShort(left: sellable) }
        var level = self
        level.reserved += quantity
        return level
    }

    /// Takes a promise back.
    package func releasing(_ quantity: Int) -> StockLevel {
        var level = self
        level.reserved = max(0, reserved - quantity)
        return level
    }

    /// Promised pieces leave.
    package func committing(_ quantity: Int) -> StockLevel {
        var level = self
        level.reserved -= quantity
        level.onHand -= quantity
        return level
    }

    /// Keeps pieces for a buyer.
    package func holding(_ quantity: Int) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        guard sellable >= quantity else { throw .stockShort(left: sellable) }
        var level = self
        level.held += quantity
        return level
    }

    /// What was kept is kept no longer.
    package func lettingGo(_ quantity: Int) -> StockLevel {
        var level = self
        level.held = max(0, held - quantity)
        return level
    }

    /// What was kept for a buyer is promised to their order; more than that only if it is there.
    package func using(hold: Int, for quantity: Int) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        var level = lettingGo(hold)
        guard quantity > hold else {
            level.reserved += quantity
            return level
        }
        guard level.sellable >= quantity else { throw .stockShort(left: level.sellable) }
        level.reserved += quantity
        return level
    }

    // MARK: - Goods that come and go

    /// Goods come in.
    package func receiving(_ quantity: Int) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        guard onHand + quantity <= Quantity.most else { throw .stockTooMuch }
        var level = self
        level.onHand += quantity
        return level
    }

    /// Goods that nobody was promised go: to another warehouse, or to the bin.
    package func giving(_ quantity: Int) throws(Refusal) -> StockLevel {
        try Quantity.check(quantity)
        guard available >= quantity else { throw .stockPromised(self) }
        var level = self
        level.onHand -= quantity
        return level
    }

    /// Somebody counted what is there.
    package func counted(_ found: Int) throws(Refusal) -> StockLevel {
        guard (0...Quantity.most).contains(found) else { throw .stockTooMuch }
        guard found >= reserved + held else { throw .stockPromised(self) }
        var level = self
        level.onHand = found
        return level
    }
}

/// How many pieces an act may be about.
package enum Quantity {
    package static let most = 10_000_000

    package static func check(_ quantity: Int) throws(Refusal) {
        guard (1...most).contains(quantity) else {
            throw Refusal(
                .invalid, "stock.quantity", zh: "数量用 1 到 \(most) 的整数",
                en: "A quantity is a whole number from 1 to \(most)", field: "quantity")
        }
    }
}

extension Refusal {
    /// - Parameter left: what one warehouse can still promise.
    package static func stockShort(left: Int) -> Refusal {
        Refusal(
            .conflict, "stock.short",
            zh: left > 0 ? "库存不够，还剩 \(left) 件" : "没有库存了",
            en: left > 0 ? "Not enough in stock: \(left) left" : "Nothing is left in stock",
            instead: left > 0
                ? Localized(
                    zh: "可以把数量改成 \(left) 件以内，或换一个规格",
                    en: "Take \(left) or fewer, or another variant")
                : Localized(
                    zh: "可以换一个规格，或等到货后再下单",
                    en: "Take another variant, or wait until goods have come in"),
            field: "quantity")
    }

    package static func stockPromised(_ level: StockLevel) -> Refusal {
        let promised = level.reserved + level.held
        return Refusal(
            .conflict, "stock.promised",
            zh: "在手 \(level.onHand) 件，其中 \(promised) 件已答应给买家，能动的只有 \(level.available) 件",
            en:
                "Of \(level.onHand) on hand \(promised) are promised; \(level.available) are free to go",
            instead: Localized(
                zh: "先取消订单占用或释放预留，再做这一步",
                en: "Release reservations or holds first"),
            field: "quantity")
    }

    package static let stockTooMuch = Refusal(
        .invalid, "stock.tooMuch", zh: "库存数量超出范围", en: "That is more than a ledger holds",
        field: "quantity")
}
