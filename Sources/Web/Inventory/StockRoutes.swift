import Desk
import Hummingbird
package import Storage

/// Stock: what stands where, what came and went, warehouses, and what is kept for buyers.
package struct StockRoutes: Sendable {
    let stock: StockStore

    package init(_ stock: StockStore) { self.stock = stock }

    package var routes: [Route] {
        [
            .staff(.get, "/v1/stock", .stockRead, list),
            .staff(.get, "/v1/stock/movements", .stockRead, movements),
            .staff(.post, "/v1/stock/movements", .stockMove, move),
            .staff(.get, "/v1/stock/variants", .stockRead, variants),
            .staff(.get, "/v1/stock/{id}", .stockRead, one),
            .staff(.put, "/v1/stock/{id}", .stockMove, warn),
            .staff(.get, "/v1/warehouses", .stockRead, warehouses),
            .staff(.post, "/v1/warehouses", .stockMove, addWarehouse),
            .staff(.put, "/v1/warehouses/{id}", .stockMove, changeWarehouse),
            .staff(.get, "/v1/holds", .stockRead, holds),
            .staff(.post, "/v1/holds", .stockHold, hold),
            .staff(.delete, "/v1/holds/{id}", .stockHold, release),
        ]
    }

    private static let unknownSKU = Refusal.unknown("sku", zh: "规格", en: "variant")
    private static let unknownWarehouse = Refusal.unknown("warehouse", zh: "仓库", en: "warehouse")
    private static let unknownHold = Refusal.unknown("hold", zh: "预留", en: "hold")

    private static func limit(_ request: Request) -> Int {
        min(max(request.query("limit").flatMap { Int($0) } ?? 50, 1), 200)
    }

    private static func filterUnknown(_ field: String) -> Refusal {
        Refusal(
            .invalid, "stock.filter", zh: "没有这样的筛选值", en: "There is no such value to filter by",
            field: field)
    }

    private struct Page: Encodable {
        let stock: [ShelfWire]
        let next: String?
    }

    private struct One: Encodable {
        let stock: [ShelfWire]
        let lots: [LotWire]
    }

    private struct Variants: Encodable {
        let variants: [VariantWire]
    }

    private struct Level: Encodable {
        let level: LevelWire
    }

    private struct Movements: Encodable {
        let movements: [MovementWire]
        let next: String?
    }

    private struct Warehouses: Encodable {
        let warehouses: [WarehouseWire]
    }

    private struct OneWarehouse: Encodable {
        let warehouse: WarehouseWire
    }

    private struct Holds: Encodable {
        let holds: [HoldWire]
    }

    private struct OneHold: Encodable {
        let hold: HoldWire
    }

    // MARK: - What stands where

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        guard let which = StockStore.Which(rawValue: request.query("list") ?? "all") else {
            throw Self.filterUnknown("list")
        }
        var after: (SKUID, WarehouseID)?
        if let text = request.query("after") {
            let parts = text.split(separator: "-").map(String.init)
            guard parts.count == 2, let sku = SKUID(parts[0]), let place = WarehouseID(parts[1])
            else { throw Self.filterUnknown("after") }
            after = (sku, place)
        }
        let limit = Self.limit(request)
        let found = try await stock.shelves(
            which, text: request.query("q") ?? "", after: after, limit: limit, of: staff.shop)
        let next =
            found.count < limit
            ? nil : found.last.map { "\($0.level.sku)-\($0.level.warehouse)" }
        return try .json(Page(stock: found.map(ShelfWire.init), next: next))
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let found = try await stock.shelves(
            of: try visit.id(or: Self.unknownSKU), in: staff.shop)
        return try .json(
            One(stock: found.shelves.map(ShelfWire.init), lots: found.lots.map(LotWire.init)))
    }

    @Sendable
    private func variants(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let found = try await stock.variants(
            text: request.query("q") ?? "", limit: Self.limit(request), of: staff.shop)
        return try .json(Variants(variants: found.map(VariantWire.init)))
    }

    private struct WarnBody: Decodable {
        let warehouse: WarehouseID
        let lowAt: Int?
    }

    @Sendable
    private func warn(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let sku: SKUID = try visit.id(or: Self.unknownSKU)
        let body = try await request.json(WarnBody.self, visit)
        let level = try await stock.warn(sku, at: body.warehouse, from: body.lowAt, by: staff)
        return try .json(Level(level: LevelWire(level)))
    }

    // MARK: - The ledger

    @Sendable
    private func movements(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let limit = Self.limit(request)
        let found = try await stock.movements(
            of: request.query("sku").flatMap { SKUID($0) },
            before: request.query("before").flatMap { StockMovementID($0) }, limit: limit,
            in: staff.shop)
        return try .json(
            Movements(
                movements: found.map(MovementWire.init),
                next: found.count < limit ? nil : found.last?.id.description))
    }

    @Sendable
    private func move(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(MovementBody.self, visit)
        let level = try await stock.move(try body.draft(), key: body.key, by: staff)
        return try .json(Level(level: LevelWire(level)), status: .created)
    }

    // MARK: - Warehouses

    private struct WarehouseBody: Decodable {
        let code: String
        let name: String
        let region: String?
        let cutOff: Int?
        let active: Bool?

        func draft() throws(Refusal) -> WarehouseDraft {
            try WarehouseDraft(
                code: code, name: name, region: region ?? "", cutOff: cutOff,
                isActive: active ?? true)
        }
    }

    @Sendable
    private func warehouses(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let found = try await stock.warehouses(of: staff.shop)
        return try .json(Warehouses(warehouses: found.map(WarehouseWire.init)))
    }

    @Sendable
    private func addWarehouse(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let draft = try await request.json(WarehouseBody.self, visit).draft()
        let made = try await stock.add(draft, by: staff)
        return try .json(OneWarehouse(warehouse: WarehouseWire(made)), status: .created)
    }

    @Sendable
    private func changeWarehouse(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: WarehouseID = try visit.id(or: Self.unknownWarehouse)
        let draft = try await request.json(WarehouseBody.self, visit).draft()
        return try .json(
            OneWarehouse(
                warehouse: WarehouseWire(try await stock.change(id, draft, by: staff))))
    }

    // MARK: - Holds

    private struct HoldBody: Decodable {
        let sku: SKUID
        let quantity: Int
        let warehouse: WarehouseID?
        let conversation: ConversationID?
        let buyer: BuyerID?
        let minutes: Int?
    }

    @Sendable
    private func holds(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let found = try await stock.holds(
            of: request.query("conversation").flatMap { ConversationID($0) },
            limit: Self.limit(request), in: staff.shop)
        return try .json(Holds(holds: found.map { HoldWire($0.hold, name: $0.name) }))
    }

    @Sendable
    private func hold(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(HoldBody.self, visit)
        let hold = try await stock.hold(
            StockStore.Wish(
                sku: body.sku, quantity: body.quantity, warehouse: body.warehouse,
                conversation: body.conversation, buyer: body.buyer, minutes: body.minutes),
            by: staff)
        return try .json(OneHold(hold: HoldWire(hold)), status: .created)
    }

    @Sendable
    private func release(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let hold = try await stock.release(try visit.id(or: Self.unknownHold), by: staff)
        return try .json(OneHold(hold: HoldWire(hold)))
    }
}
