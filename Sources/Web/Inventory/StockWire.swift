import Desk
import Storage

/// What stands of one variant in one warehouse, as screens read it.
struct ShelfWire: Encodable {
    let sku: SKUID
    let title: String
    let variant: String
    let outerID: String
    let warehouse: WarehouseID
    let warehouseName: String
    let onHand: Int
    let reserved: Int
    let held: Int
    let available: Int
    let expired: Int
    let lowAt: Int?
    let isLow: Bool

    init(_ shelf: StockStore.Shelf) {
        let level = shelf.level
        sku = level.sku
        title = shelf.title
        variant = shelf.variant
        outerID = shelf.outerID
        warehouse = level.warehouse
        warehouseName = shelf.warehouse
        onHand = level.onHand
        reserved = level.reserved
        held = level.held
        available = level.available
        expired = level.expired
        lowAt = level.lowAt
        isLow = level.isLow
    }
}

struct VariantWire: Encodable {
    let sku: SKUID
    let title: String
    let name: String
    let outerID: String

    init(_ variant: StockStore.Variant) {
        sku = variant.sku
        title = variant.title
        name = variant.name
        outerID = variant.outerID
    }
}

struct LevelWire: Encodable {
    let sku: SKUID
    let warehouse: WarehouseID
    let onHand: Int
    let reserved: Int
    let held: Int
    let available: Int
    let expired: Int
    let lowAt: Int?

    init(_ level: StockLevel) {
        sku = level.sku
        warehouse = level.warehouse
        onHand = level.onHand
        reserved = level.reserved
        held = level.held
        available = level.available
        expired = level.expired
        lowAt = level.lowAt
    }
}

struct LotWire: Encodable {
    let id: LotID
    let warehouse: WarehouseID
    let code: String
    let madeOn: ShelfDate?
    let expiresOn: ShelfDate?
    let onHand: Int

    init(_ lot: Lot) {
        id = lot.id
        warehouse = lot.warehouse
        code = lot.code
        madeOn = lot.madeOn
        expiresOn = lot.expiresOn
        onHand = lot.onHand
    }
}

struct MovementWire: Encodable {
    let id: StockMovementID
    let sku: SKUID
    let warehouse: WarehouseID
    let lot: LotID?
    let kind: StockMovement.Kind
    let name: Localized
    let quantity: Int
    let onHandAfter: Int
    let reason: String
    let line: OrderLineID?
    let at: Instant
    let actor: String

    init(_ movement: StockMovement) {
        id = movement.id
        sku = movement.sku
        warehouse = movement.warehouse
        lot = movement.lot
        kind = movement.kind
        name = movement.kind.name
        quantity = movement.quantity
        onHandAfter = movement.onHandAfter
        reason = movement.reason
        line = movement.line
        at = movement.at
        actor = movement.actor
    }
}

struct WarehouseWire: Encodable {
    let id: WarehouseID
    let code: String
    let name: String
    let region: String
    let cutOff: Int?
    let active: Bool

    init(_ warehouse: Warehouse) {
        id = warehouse.id
        code = warehouse.code
        name = warehouse.name
        region = warehouse.region
        cutOff = warehouse.cutOff
        active = warehouse.isActive
    }
}

struct HoldWire: Encodable {
    let id: HoldID
    let sku: SKUID
    let name: String?
    let warehouse: WarehouseID
    let quantity: Int
    let conversation: ConversationID?
    let buyer: BuyerID?
    let until: Instant
    let by: StaffID?
    let state: Hold.State

    init(_ hold: Hold, name: String? = nil) {
        id = hold.id
        sku = hold.sku
        self.name = name
        warehouse = hold.warehouse
        quantity = hold.quantity
        conversation = hold.conversation
        buyer = hold.buyer
        until = hold.until
        by = hold.by
        state = hold.state
    }
}

/// What a screen sends to move goods.
struct MovementBody: Decodable {
    enum Kind: String, Decodable {
        case purchase, transfer, count, damage
    }

    let key: String
    let kind: Kind
    let sku: SKUID
    let warehouse: WarehouseID
    let quantity: Int
    let to: WarehouseID?
    let lot: LotID?
    let lotCode: String?
    let madeOn: ShelfDate?
    let expiresOn: ShelfDate?
    let reason: String?

    func draft() throws(Refusal) -> MovementDraft {
        try MovementDraft(sku: sku, warehouse: warehouse, act: act(), reason: reason ?? "")
    }

    private func act() throws(Refusal) -> MovementDraft.Act {
        switch kind {
        case .purchase: return .purchase(quantity: quantity, lot: try box())
        case .count: return .count(found: quantity, lot: lot)
        case .damage: return .damage(quantity: quantity, lot: lot)
        case .transfer:
            guard let to else {
                throw Refusal(
                    .invalid, "stock.toNeeded", zh: "请选择调入的仓库",
                    en: "Say which warehouse the goods go to", field: "to")
            }
            return .transfer(quantity: quantity, to: to)
        }
    }

    /// Goods with a date need a lot's code, so that they are found again.
    private func box() throws(Refusal) -> LotDraft? {
        let code = lotCode ?? ""
        if code.isEmpty, madeOn == nil, expiresOn == nil { return nil }
        return try LotDraft(code: code, madeOn: madeOn, expiresOn: expiresOn)
    }
}
