package import Desk
import SQL

enum WarehouseRows {
    static func all(of shop: ShopID, in transaction: Transaction) throws -> [Warehouse] {
        try transaction.rows(
            """
            SELECT id, code, name, region, cut_off, active FROM warehouse
            WHERE shop = \(shop) ORDER BY code
            """
        ).map { row in
            Warehouse(
                id: try row.get(0), code: try row.get(1), name: try row.get(2),
                region: try row.get(3), cutOff: try row.maybe(4), isActive: try row.get(5))
        }
    }

    static func one(_ id: WarehouseID, in act: Act) throws -> Warehouse {
        let found = try all(of: act.shop, in: act.transaction).first { $0.id == id }
        guard let found else { throw Refusal.unknown("warehouse", zh: "仓库", en: "warehouse") }
        return found
    }
}

extension StockStore {
    private static let mostWarehouses = 200

    private struct Named: Encodable {
        let name: String
    }

    package func warehouses(of shop: ShopID) async throws -> [Warehouse] {
        try await carryOut.database.read { try WarehouseRows.all(of: shop, in: $0) }
    }

    package func add(
        _ draft: WarehouseDraft, by actor: StaffPrincipal
    ) async throws -> Warehouse {
        try actor.require(.stockMove)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let count = try WarehouseRows.all(of: act.shop, in: act.transaction).count
            guard count < Self.mostWarehouses else {
                throw Refusal(
                    .conflict, "warehouse.tooMany", zh: "仓库最多 \(Self.mostWarehouses) 个",
                    en: "There are \(Self.mostWarehouses) warehouses already")
            }
            let id: WarehouseID = act.newID()
            try Self.naming {
                try act.transaction.change(
                    """
                    INSERT INTO warehouse (shop, id, code, name, region, cut_off, active)
                    VALUES (\(act.shop), \(id), \(draft.code), \(draft.name), \(draft.region),
                        \(draft.cutOff), \(draft.isActive))
                    """)
            }
            try act.record("warehouse.added", about: id.raw, Named(name: draft.name))
            return try WarehouseRows.one(id, in: act)
        }
    }

    package func change(
        _ id: WarehouseID, _ draft: WarehouseDraft, by actor: StaffPrincipal
    ) async throws -> Warehouse {
        try actor.require(.stockMove)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let old = try WarehouseRows.one(id, in: act)
            if old.isActive, !draft.isActive { try Self.requireNoPromises(at: id, in: act) }
            try Self.naming {
                try act.transaction.change(
                    """
                    UPDATE warehouse SET code = \(draft.code), name = \(draft.name),
                        region = \(draft.region), cut_off = \(draft.cutOff),
                        active = \(draft.isActive)
                    WHERE shop = \(act.shop) AND id = \(id)
                    """)
            }
            try act.record("warehouse.changed", about: id.raw, Named(name: draft.name))
            return try WarehouseRows.one(id, in: act)
        }
    }

    /// A warehouse that still owes pieces stays open.
    private static func requireNoPromises(at id: WarehouseID, in act: Act) throws {
        let owes = try act.transaction.first(
            """
            SELECT 1 FROM stock WHERE shop = \(act.shop) AND warehouse = \(id)
            AND reserved + held > 0 LIMIT 1
            """)
        guard owes == nil else {
            throw Refusal(
                .conflict, "warehouse.promised", zh: "这个仓库还有答应给买家的货，不能停用",
                en: "This warehouse still has goods that are promised to buyers",
                instead: Localized(
                    zh: "先发货、取消订单或释放预留", en: "Ship, close or release them first"))
        }
    }

    private static func naming(_ body: () throws -> Int) throws {
        do {
            _ = try body()
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "warehouse.codeTaken", zh: "这个编码已经用在另一个仓库上",
                en: "Another warehouse has this code", field: "code")
        }
    }
}
