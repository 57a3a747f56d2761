import Desk
import SQL
import Storage
import TestSupport
import Testing

/// A shop with one variant and two warehouses, and its owner.
struct StockHouse: Sendable {
    let store: TestStore
    let stock: StockStore
    let owner: StaffPrincipal
    let sku = SKUID(7)
    let near: WarehouseID
    let far: WarehouseID

    static func open(_ engine: Engine) async throws -> StockHouse {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let id = shop.id
        try await store.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO item (shop, id, number, outer_id, title, state, selling_points, attributes, size_chart,
                    faq, image, found_by, updated_at, version)
                VALUES (\(id), 3, 'A-1', '', '酸奶', 'onShelf', '[]', '{}', '', '[]', '', '', 1, 1)
                """)
            try transaction.run(
                """
                INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, barcode, active, sort)
                VALUES (\(id), 7, 3, 'A-1-S', '原味', '{}', 1200, '', 1, 1)
                """)
        }
        let stock = identity.stock
        let near = try await stock.add(
            WarehouseDraft(code: "HZ", name: "杭州仓", region: "浙江省", cutOff: 960, isActive: true),
            by: owner)
        let far = try await stock.add(
            WarehouseDraft(code: "GZ", name: "广州仓", region: "广东省", cutOff: nil, isActive: true),
            by: owner)
        return StockHouse(
            store: store, stock: stock, owner: owner, near: near.id, far: far.id)
    }

    func move(
        _ act: MovementDraft.Act, at warehouse: WarehouseID? = nil, key: String,
        _ reason: String = "测试"
    ) async throws -> StockLevel {
        try await stock.move(
            MovementDraft(sku: sku, warehouse: warehouse ?? near, act: act, reason: reason),
            key: key, by: owner)
    }

    @discardableResult
    func act<T: Sendable>(_ body: @escaping @Sendable (Act) throws -> T) async throws -> T {
        try await store.carryOut(in: owner.shop, as: owner.actor, body)
    }

    func levels() async throws -> [StockLevel] {
        try await stock.shelves(of: sku, in: owner.shop).shelves.map(\.level)
    }

    /// What the ledger must hold at any time.
    func check() async throws {
        let (sku, shop) = (sku, owner.shop)
        let movements = try await stock.movements(of: sku, before: nil, limit: 100_000, in: shop)
        let found = try await stock.shelves(of: sku, in: shop)
        let (reserved, held) = try await store.database.read { transaction in
            (
                try Self.sums(transaction, "reservation", "reserved"),
                try Self.sums(transaction, "hold", "held")
            )
        }
        for shelf in found.shelves {
            let level = shelf.level
            #expect(level.isSound, "\(level)")
            #expect(level.available == level.onHand - level.reserved - level.held)
            let here = movements.filter { $0.warehouse == level.warehouse }
            #expect(level.onHand == here.reduce(0) { $0 + $1.quantity })
            #expect(level.onHand == here.first?.onHandAfter ?? 0)
            #expect(level.reserved == reserved[level.warehouse] ?? 0)
            #expect(level.held == held[level.warehouse] ?? 0)
            let lots = found.lots.filter { $0.warehouse == level.warehouse }
            #expect(lots.reduce(0) { $0 + $1.onHand } <= level.onHand)
            for lot in lots {
                let moved = here.filter { $0.lot == lot.id }
                #expect(lot.onHand == moved.reduce(0) { $0 + $1.quantity })
            }
        }
    }

    private static func sums(
        _ transaction: Transaction, _ table: StaticString, _ state: String
    ) throws -> [WarehouseID: Int] {
        let rows = try transaction.rows(
            """
            SELECT warehouse, CAST(sum(quantity) AS bigint) FROM \(raw: table)
            WHERE state = \(state) GROUP BY warehouse
            """)
        return Dictionary(
            uniqueKeysWithValues: try rows.map {
                (try $0.get(0) as WarehouseID, try $0.get(1) as Int)
            })
    }
}
