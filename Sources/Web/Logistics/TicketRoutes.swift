import Desk
import Hummingbird
import Storage

/// Tickets with carriers.
struct TicketRoutes: Sendable {
    let logistics: Logistics

    init(_ logistics: Logistics) { self.logistics = logistics }

    var routes: [Route] {
        [
            .staff(.get, "/v1/tickets", .parcelRead, list),
            .staff(.post, "/v1/parcels/{id}/tickets", .parcelEdit, open),
            .staff(.post, "/v1/tickets/{id}/answer", .parcelEdit, answer),
            .staff(.post, "/v1/tickets/{id}/settle", .parcelEdit, settle),
            .staff(.post, "/v1/tickets/{id}/close", .parcelEdit, close),
        ]
    }

    private static let unknown = Refusal.unknown("ticket", zh: "工单", en: "ticket")

    private struct List: Encodable {
        let tickets: [WireTicket]
    }

    private struct One: Encodable {
        let ticket: WireTicket
    }

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let over = ParcelRoutes.query(request)("over") == "1"
        let listed = try await logistics.tickets.list(over: over, of: staff.shop)
        return try .json(
            List(
                tickets: listed.map {
                    WireTicket($0.ticket, waybill: $0.waybill, orderNumber: $0.orderNumber)
                }))
    }

    private struct OpenBody: Decodable {
        let kind: CarrierTicket.Kind
        let note: String
        let reference: String?
        let claim: Money?
    }

    @Sendable
    private func open(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ParcelID = try visit.id(or: .parcelUnknown)
        _ = try await logistics.parcels.sheet(id, of: staff.shop)
        let body = try await request.json(OpenBody.self, visit)
        let ticket = try await logistics.tickets.open(
            body.kind, of: id, note: body.note, reference: body.reference ?? "",
            claim: body.claim ?? .zero, by: staff)
        return try .json(One(ticket: WireTicket(ticket)), status: .created)
    }

    private struct AnswerBody: Decodable {
        let answer: String?
        let reference: String?
    }

    @Sendable
    private func answer(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: CarrierTicketID = try visit.id(or: Self.unknown)
        let body = try await request.json(AnswerBody.self, visit)
        let ticket = try await logistics.tickets.answer(
            id, body.answer ?? "", reference: body.reference, by: staff)
        return try .json(One(ticket: WireTicket(ticket)))
    }

    private struct SettleBody: Decodable {
        let paid: Money?
    }

    @Sendable
    private func settle(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: CarrierTicketID = try visit.id(or: Self.unknown)
        let body = try await request.json(SettleBody.self, visit)
        let ticket = try await logistics.tickets.settle(id, body.paid ?? .zero, by: staff)
        return try .json(One(ticket: WireTicket(ticket)))
    }

    @Sendable
    private func close(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let ticket = try await logistics.tickets.close(try visit.id(or: Self.unknown), by: staff)
        return try .json(One(ticket: WireTicket(ticket)))
    }
}
