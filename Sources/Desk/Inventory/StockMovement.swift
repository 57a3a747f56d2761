import Foundation

/// One line of the ledger: pieces came or went.
///
/// What is on hand is the sum of all lines.
package struct StockMovement: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case purchase
        case sale
        case giveBack = "return"
        case transferIn
        case transferOut
        case count
        case damage

        package var name: Localized {
            switch self {
            case .purchase: Localized(zh: "采购入库", en: "Purchase")
            case .sale: Localized(zh: "销售出库", en: "Sale")
            case .giveBack: Localized(zh: "退货入库", en: "Return")
            case .transferIn: Localized(zh: "调入", en: "Transfer in")
            case .transferOut: Localized(zh: "调出", en: "Transfer out")
            case .count: Localized(zh: "盘点", en: "Count")
            case .damage: Localized(zh: "报损", en: "Damage")
            }
        }
    }

    package let id: StockMovementID
    package let sku: SKUID
    package let warehouse: WarehouseID
    package let lot: LotID?
    package let kind: Kind
    /// Below zero when pieces went.
    package let quantity: Int
    package let onHandAfter: Int
    package let reason: String
    package let line: OrderLineID?
    package let at: Instant
    /// The name of who did it; empty is the clock or a buyer's order.
    package let actor: String

    package init(
        id: StockMovementID, sku: SKUID, warehouse: WarehouseID, lot: LotID?, kind: Kind,
        quantity: Int, onHandAfter: Int, reason: String, line: OrderLineID?, at: Instant,
        actor: String
    ) {
        self.id = id
        self.sku = sku
        self.warehouse = warehouse
        self.lot = lot
        self.kind = kind
        self.quantity = quantity
        self.onHandAfter = onHandAfter
        self.reason = reason
        self.line = line
        self.at = at
        self.actor = actor
    }
}

/// What somebody asks the ledger to do, checked.
package struct MovementDraft: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        /// - Parameter lot: nil for goods without one.
        case purchase(quantity: Int, lot: LotDraft?)
        case transfer(quantity: Int, to: WarehouseID)
        /// - Parameter lot: which lot was counted; nil is everything.
        case count(found: Int, lot: LotID?)
        /// - Parameter lot: nil takes what expires first.
        case damage(quantity: Int, lot: LotID?)
    }

    package let sku: SKUID
    package let warehouse: WarehouseID
    package let act: Act
    package let reason: String

    package init(
        sku: SKUID, warehouse: WarehouseID, act: Act, reason: String
    ) throws(Refusal) {
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard reason.count <= 200 else {
            throw Refusal(
                .invalid, "stock.reasonLength", zh: "原因最多 200 个字",
                en: "A reason has at most 200 characters", field: "reason")
        }
        switch act {
        case .purchase(let quantity, _): try Quantity.check(quantity)
        case .transfer(let quantity, let to):
            try Quantity.check(quantity)
            guard to != warehouse else {
                throw Refusal(
                    .invalid, "stock.sameWarehouse", zh: "调出和调入是同一个仓库",
                    en: "Goods cannot be transferred to where they are", field: "to")
            }
        case .count: try Self.needed(reason)
        case .damage(let quantity, _):
            try Quantity.check(quantity)
            try Self.needed(reason)
        }
        self.sku = sku
        self.warehouse = warehouse
        self.act = act
        self.reason = reason
    }

    private static func needed(_ reason: String) throws(Refusal) {
        guard !reason.isEmpty else {
            throw Refusal(
                .invalid, "stock.reasonNeeded", zh: "盘点和报损要写原因",
                en: "Counts and damage need a reason", field: "reason")
        }
    }
}

/// What is printed on a box that came in.
package struct LotDraft: Hashable, Sendable {
    package let code: String
    package let madeOn: ShelfDate?
    package let expiresOn: ShelfDate?

    package init(code: String, madeOn: ShelfDate?, expiresOn: ShelfDate?) throws(Refusal) {
        let code = code.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...60).contains(code.count) else {
            throw Refusal(
                .invalid, "lot.code", zh: "批号用 1 到 60 个字",
                en: "A lot's code has 1 to 60 characters", field: "lot")
        }
        if let madeOn, let expiresOn, expiresOn < madeOn {
            throw Refusal(
                .invalid, "lot.dates", zh: "到期日不能早于生产日期",
                en: "Goods cannot expire before they are made", field: "expiresOn")
        }
        self.code = code
        self.madeOn = madeOn
        self.expiresOn = expiresOn
    }
}
