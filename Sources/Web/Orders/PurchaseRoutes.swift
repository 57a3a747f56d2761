import Desk
import Hummingbird
import Storage

/// Purchases on a buyer's behalf.
struct PurchaseRoutes: Sendable {
    let orders: OrderStore

    var routes: [Route] {
        [
            .staff(.post, "/v1/orders/{id}/purchases", .orderEdit, addPurchase),
            .staff(.put, "/v1/purchases/{id}", .orderEdit, movePurchase),
        ]
    }

    private struct Purchase: Decodable {
        let upstreamShop: String
        let upstreamOrder: String?
        let price: Money
        let note: String?
    }

    private struct Bought: Encodable { let purchase: PurchaseWire }

    private func bought(
        _ purchase: ProxyPurchase, _ staff: StaffPrincipal, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try .json(
            Bought(
                purchase: PurchaseWire(
                    purchase, at: orders.carryOut.clock(),
                    rules: orders.policy(staff.shop).orderRules)), status: status)
    }

    @Sendable
    private func addPurchase(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Purchase.self, visit)
        let purchase = try await orders.addPurchase(
            for: try visit.id(or: .orderUnknown), shop: body.upstreamShop,
            order: body.upstreamOrder ?? "", price: body.price, note: body.note ?? "", by: staff)
        return try bought(purchase, staff, status: .created)
    }

    private struct Move: Decodable {
        let state: ProxyPurchase.State
        let upstreamOrder: String?
        let note: String?
    }

    @Sendable
    private func movePurchase(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Move.self, visit)
        let purchase = try await orders.movePurchase(
            try visit.id(or: Refusal.unknown("proxy", zh: "代购", en: "purchase on behalf")),
            to: body.state, order: body.upstreamOrder, note: body.note, by: staff)
        return try bought(purchase, staff)
    }
}
