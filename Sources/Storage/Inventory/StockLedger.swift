package import Desk
import SQL

/// What staff do to the ledger: goods bought, moved, counted, lost.
extension StockStore {
    private struct Moved: Encodable {
        let name: String
        let warehouse: String
        let quantity: Int
        let reason: String
    }

    /// Carries out what somebody asks of the ledger.
    /// - Parameter key: made by who asks; the same key again changes nothing and answers what stands now.
    /// - Returns: the level in the warehouse that was named.
    package func move(
        _ draft: MovementDraft, key: String, by actor: StaffPrincipal
    ) async throws -> StockLevel {
        try actor.require(.stockMove)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let warehouse = try WarehouseRows.one(draft.warehouse, in: act)
            let name = try Self.name(of: draft.sku, in: act)
            guard try Self.isFirst(key, draft.sku, in: act) else {
                return try StockRows.one(draft.sku, at: draft.warehouse, in: act)
            }
            let old = try StockRows.one(draft.sku, at: draft.warehouse, in: act)
            try StockRows.open(old, in: act)
            let new = try Self.carry(draft, from: old, in: act)
            let (kind, quantity) = Self.told(draft.act, old, new)
            try act.record(
                kind, about: draft.sku.raw,
                Moved(
                    name: name, warehouse: warehouse.name, quantity: quantity,
                    reason: draft.reason))
            return new
        }
    }

    /// The words under which the audit finds it.
    private static func told(
        _ act: MovementDraft.Act, _ old: StockLevel, _ new: StockLevel
    ) -> (kind: String, quantity: Int) {
        switch act {
        case .purchase(let quantity, _): ("stock.purchased", quantity)
        case .transfer(let quantity, _): ("stock.transferred", quantity)
        case .count: ("stock.counted", new.onHand - old.onHand)
        case .damage(let quantity, _): ("stock.damaged", quantity)
        }
    }

    /// Notes a key; false when it was there.
    private static func isFirst(_ key: String, _ sku: SKUID, in act: Act) throws -> Bool {
        guard (1...64).contains(key.count) else {
            throw Refusal(
                .invalid, "stock.key", zh: "key 用 1 到 64 个字符", en: "A key has 1 to 64 characters",
                field: "key")
        }
        return try act.transaction.change(
            """
            INSERT INTO stock_act (shop, sku, act_key, at)
            VALUES (\(act.shop), \(sku), \(key), \(act.at)) ON CONFLICT DO NOTHING
            """) == 1
    }

    private static func carry(
        _ draft: MovementDraft, from old: StockLevel, in act: Act
    ) throws -> StockLevel {
        switch draft.act {
        case .purchase(let quantity, let box):
            let new = try old.receiving(quantity)
            let lot = try box.map {
                try StockRows.lot($0, of: draft.sku, at: draft.warehouse, in: act)
            }
            try StockRows.change(old, to: new, in: act)
            try StockRows.add(
                .purchase, quantity, after: new.onHand, of: old, lot: lot, reason: draft.reason,
                in: act)
        case .transfer(let quantity, let to):
            try transfer(draft, quantity, to: to, from: old, in: act)
        case .count(let found, let lot):
            try count(draft, found, lot, from: old, in: act)
        case .damage(let quantity, let lot):
            let new = try old.giving(quantity)
            let picked = try pick(quantity, lot, from: old, in: act)
            try StockRows.change(old, to: new, in: act)
            try StockRows.take(picked, .damage, from: old, reason: draft.reason, in: act)
        }
        return try StockRows.one(draft.sku, at: draft.warehouse, in: act)
    }

    /// Goods change places with their lots.
    private static func transfer(
        _ draft: MovementDraft, _ quantity: Int, to: WarehouseID, from old: StockLevel, in act: Act
    ) throws {
        let target = try WarehouseRows.one(to, in: act)
        guard target.isActive else {
            throw Refusal(
                .conflict, "warehouse.closed", zh: "调入的仓库已停用",
                en: "The warehouse to transfer to is not in use",
                instead: Localized(zh: "选一个在用的仓库", en: "Choose one that is in use"),
                field: "to")
        }
        let there = try StockRows.one(draft.sku, at: to, in: act)
        try StockRows.open(there, in: act)
        let (less, more) = (try old.giving(quantity), try there.receiving(quantity))
        let lots = try StockRows.lots(draft.sku, at: draft.warehouse, in: act)
        let picked = try Lots.pick(
            quantity, from: lots, onHand: old.onHand, today: StockRows.today(in: act), sale: false)
        try StockRows.change(old, to: less, in: act)
        try StockRows.take(picked, .transferOut, from: old, reason: draft.reason, in: act)
        try StockRows.change(there, to: more, in: act)
        var after = there.onHand
        for part in picked {
            after += part.quantity
            let source = lots.first { $0.id == part.lot }
            let lot = try source.map { source in
                try StockRows.lot(
                    LotDraft(
                        code: source.code, madeOn: source.madeOn, expiresOn: source.expiresOn),
                    of: draft.sku, at: to, in: act)
            }
            try StockRows.add(
                .transferIn, part.quantity, after: after, of: there, lot: lot,
                reason: draft.reason, in: act)
        }
        try act.record("stock.received", about: draft.sku.raw, Changed(more))
    }

    /// What was found instead of what was written; of one lot, or of everything.
    private static func count(
        _ draft: MovementDraft, _ found: Int, _ lot: LotID?, from old: StockLevel, in act: Act
    ) throws {
        var total = found
        if let lot {
            let known = try Self.known(lot, from: old, in: act)
            total = old.onHand - known.onHand + found
        }
        let new = try old.counted(total)
        let difference = new.onHand - old.onHand
        guard difference != 0 else { return }
        try StockRows.change(old, to: new, in: act)
        if difference > 0 {
            try StockRows.add(
                .count, difference, after: new.onHand, of: old, lot: lot, reason: draft.reason,
                in: act)
        } else {
            try StockRows.take(
                pick(-difference, lot, from: old, in: act), .count, from: old,
                reason: draft.reason, in: act)
        }
    }

    private static func known(_ lot: LotID, from level: StockLevel, in act: Act) throws -> Lot {
        let known = try StockRows.lots(level.sku, at: level.warehouse, in: act)
            .first { $0.id == lot }
        guard let known else { throw Refusal.unknown("lot", zh: "批次", en: "lot") }
        return known
    }

    private static func pick(
        _ quantity: Int, _ lot: LotID?, from level: StockLevel, in act: Act
    ) throws -> [Picked] {
        guard let lot else {
            return try Lots.pick(
                quantity, from: StockRows.lots(level.sku, at: level.warehouse, in: act),
                onHand: level.onHand, today: StockRows.today(in: act), sale: false)
        }
        let known = try Self.known(lot, from: level, in: act)
        guard known.onHand >= quantity else { throw Refusal.stockShort(left: known.onHand) }
        return [Picked(lot: lot, quantity: quantity)]
    }

    /// What the variant is called; goods that the shop does not sell have no stock.
    static func name(of sku: SKUID, in act: Act) throws -> String {
        guard let name = try title(of: sku, in: act) else {
            throw Refusal.unknown("sku", zh: "规格", en: "variant")
        }
        return name
    }

    static func title(of sku: SKUID, in act: Act) throws -> String? {
        try act.transaction.first(
            """
            SELECT i.title, s.name FROM sku s JOIN item i ON i.shop = s.shop AND i.id = s.item
            WHERE s.shop = \(act.shop) AND s.id = \(sku)
            """
        ).map { row in
            let (title, name): (String, String) = (try row.get(0), try row.get(1))
            return name.isEmpty ? title : "\(title) \(name)"
        }
    }

    /// From how many down the shop wants to know.
    package func warn(
        _ sku: SKUID, at warehouse: WarehouseID, from low: Int?, by actor: StaffPrincipal
    ) async throws -> StockLevel {
        try actor.require(.stockMove)
        if let low, !(0...Quantity.most).contains(low) { throw Refusal.stockTooMuch }
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            _ = try WarehouseRows.one(warehouse, in: act)
            let name = try Self.name(of: sku, in: act)
            try StockRows.open(StockLevel(sku: sku, warehouse: warehouse), in: act)
            try act.transaction.change(
                """
                UPDATE stock SET low_at = \(low)
                WHERE shop = \(act.shop) AND sku = \(sku) AND warehouse = \(warehouse)
                """)
            try act.record("stock.warned", about: sku.raw, Warned(name: name, low: low))
            return try StockRows.one(sku, at: warehouse, in: act)
        }
    }

    private struct Warned: Encodable {
        let name: String
        let low: Int?
    }
}
