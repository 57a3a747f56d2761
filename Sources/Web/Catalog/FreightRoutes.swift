import Desk
import Hummingbird
import Storage

/// What sending costs, and which of the goods suit a buyer.
struct FreightRoutes: Sendable {
    let freight: FreightStore
    let catalog: CatalogStore

    var routes: [Route] {
        [
            .staff(.get, "/v1/freight-templates", .catalogRead, all),
            .staff(.post, "/v1/freight-templates", .catalogEdit, add),
            .staff(.put, "/v1/freight-templates/{id}", .catalogEdit, change),
            .staff(.get, "/v1/items/{id}/freight", .catalogRead, quote),
        ]
    }

    private struct Wire: Encodable {
        let id: FreightTemplateID
        let name: String
        let measure: FreightTemplate.Measure
        let zones: [FreightTemplate.Zone]
        let freeFrom: Money?

        init(_ template: FreightTemplate) {
            id = template.id
            name = template.name
            measure = template.measure
            zones = template.zones
            freeFrom = template.freeFrom
        }
    }

    private struct All: Encodable {
        let templates: [Wire]
    }

    private struct One: Encodable {
        let template: Wire
    }

    private struct Body: Decodable {
        let name: String
        let measure: FreightTemplate.Measure?
        let zones: [FreightTemplate.Zone]
        let freeFrom: Money?

        func draft() throws(Refusal) -> FreightDraft {
            try FreightDraft(
                name: name, measure: measure ?? .pieces, zones: zones, freeFrom: freeFrom)
        }
    }

    @Sendable
    private func all(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(All(templates: try await freight.all(of: staff.shop).map(Wire.init)))
    }

    @Sendable
    private func add(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let draft = try await request.json(Body.self, visit).draft()
        let template = try await freight.save(draft, as: nil, by: staff)
        return try .json(One(template: Wire(template)), status: .created)
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: FreightTemplateID = try visit.id(
            or: .unknown("freight", zh: "运费模板", en: "freight template"))
        let draft = try await request.json(Body.self, visit).draft()
        return try .json(One(template: Wire(try await freight.save(draft, as: id, by: staff))))
    }

    // MARK: - What it costs to a place

    private struct Quote: Encodable {
        let fee: Money
        let reason: FreightTemplate.Reason
        let toFree: Money?
    }

    /// A whole number of the query.
    private static func number(_ request: Request, _ name: String) throws(Refusal) -> Int64? {
        guard let text = request.query(name) else { return nil }
        guard let number = Int64(text), number >= 0, number <= 1_000_000_000_000_000 else {
            throw Refusal(
                .invalid, "freight.query", zh: "参数 \(name) 不对",
                en: "The parameter \(name) does not fit", field: name)
        }
        return number
    }

    @Sendable
    private func quote(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ItemID = try visit.id(or: .unknown("item", zh: "商品", en: "item"))
        let amount = try Self.number(request, "amount") ?? 1
        let value = try Self.number(request, "value") ?? 0
        let charge = try await freight.quote(
            id, to: request.query("region") ?? "", amount: Int(min(amount, 10_000_000)),
            value: Money(fen: value), of: staff.shop)
        return try .json(Quote(fee: charge.fee, reason: charge.reason, toFree: charge.toFree))
    }
}
