import Desk
package import Hummingbird
package import Storage

/// Parcels, their tracks, and carriers.
package struct ParcelRoutes: Sendable {
    let logistics: Logistics

    package init(_ logistics: Logistics) { self.logistics = logistics }

    package var routes: [Route] {
        [
            .staff(.get, "/v1/parcels", .parcelRead, list),
            .staff(.post, "/v1/parcels", .parcelEdit, ship),
            .staff(.get, "/v1/parcels/{id}", .parcelRead, one),
            .staff(.post, "/v1/parcels/{id}/events", .parcelEdit, addEvent),
            .staff(.post, "/v1/parcels/{id}/request", .parcelEdit, ask),
            .staff(.post, "/v1/parcels/{id}/answer", .parcelEdit, answer),
            .staff(.post, "/v1/parcels/{id}/claim", .parcelEdit, claim),
            .staff(.put, "/v1/parcels/{id}/waybill", .parcelEdit, rename),
            .staff(.get, "/v1/carriers", .parcelRead, carriers),
            .staff(.put, "/v1/carriers", .carrierManage, keepCarrier),
            .staff(.get, "/v1/carriers/scores", .parcelRead, scores),
            .staff(.get, "/v1/carriers/quotes", .parcelRead, quotes),
        ] + TicketRoutes(logistics).routes + DelayRoutes(logistics).routes
    }

    static func query(_ request: Request) -> @Sendable (Substring) -> String? {
        let query = request.uri.queryParameters
        var values: [Substring: String] = [:]
        for (name, value) in query where !value.isEmpty { values[name] = String(value) }
        return { [values] in values[$0] }
    }

    static func word<T: RawRepresentable<String>>(
        _ text: String?, _ field: String
    ) throws(Refusal) -> T? {
        guard let text else { return nil }
        guard let value = T(rawValue: text) else {
            throw Refusal(
                .invalid, "parcel.filter", zh: "筛选条件“\(field)”看不懂",
                en: "The filter \"\(field)\" cannot be read", field: field)
        }
        return value
    }

    static func filter(_ get: (Substring) -> String?) throws(Refusal) -> ParcelStore.Filter {
        var filter = ParcelStore.Filter()
        filter.problem = try word(get("problem") == "any" ? nil : get("problem"), "problem")
        filter.troubled = get("problem") == "any"
        filter.promise = try word(get("promise"), "promise")
        filter.status = try word(get("status"), "status")
        filter.carrier = get("carrier")
        filter.province = get("province").flatMap { Place(in: $0)?.province ?? $0 }
        filter.words = get("q")
        filter.order = get("order").flatMap { OrderID($0) }
        filter.before = get("before").flatMap { ParcelID($0) }
        filter.limit = min(get("limit").flatMap { Int($0) } ?? 50, 200)
        return filter
    }

    private struct List: Encodable {
        let parcels: [WireParcel]
        let next: ParcelID?
        let counts: Counts
    }

    private struct Counts: Encodable {
        let problems: [String: Int]
        let near: Int
        let broken: Int
        let unfinished: Int
    }

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let filter = try Self.filter(Self.query(request))
        let parcels = try await logistics.parcels.list(filter, of: staff.shop)
        let counts = try await logistics.parcels.counts(of: staff.shop)
        return try .json(
            List(
                parcels: parcels.map(WireParcel.init),
                next: parcels.count < filter.limit ? nil : parcels.last?.id,
                counts: Counts(
                    problems: counts.problems, near: counts.near, broken: counts.broken,
                    unfinished: counts.unfinished)))
    }

    private struct ShipBody: Decodable {
        let orderNumber: String
        let buyer: BuyerID?
        let buyerName: String?
        let from: String?
        let to: String?
        let paidAt: Instant?
        let promisedAt: Instant?
        let carrier: String?
        let waybill: String
    }

    private struct One: Encodable {
        let parcel: WireParcel
    }

    @Sendable
    private func ship(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(ShipBody.self, visit)
        let parcel = try await logistics.parcels.ship(
            ParcelStore.Sending(
                order: nil, orderNumber: body.orderNumber, buyer: body.buyer,
                buyerName: String((body.buyerName ?? "").prefix(60)), from: body.from ?? "",
                to: body.to ?? "", paidAt: body.paidAt, promisedAt: body.promisedAt,
                carrier: body.carrier ?? "", waybill: body.waybill), by: staff)
        return try .json(One(parcel: WireParcel(parcel)), status: .created)
    }

    private struct Sheet: Encodable {
        struct Line: Encodable {
            let orderLine: OrderLineID
            let quantity: Int
        }
        struct Step: Encodable {
            let at: Instant
            let status: ParcelStatus
            let text: String
            let location: String
        }
        let parcel: WireParcel
        let lines: [Line]
        let events: [Step]
        let tickets: [WireTicket]
        let conversation: ConversationID?
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let sheet = try await logistics.parcels.sheet(
            try visit.id(or: .parcelUnknown), of: staff.shop)
        return try .json(
            Sheet(
                parcel: WireParcel(sheet.parcel),
                lines: sheet.lines.map { .init(orderLine: $0.orderLine, quantity: $0.quantity) },
                events: sheet.events.map {
                    .init(at: $0.at, status: $0.status, text: $0.text, location: $0.location)
                },
                tickets: sheet.tickets.map { WireTicket($0) },
                conversation: staff.may(.conversationAnswer) ? sheet.conversation : nil))
    }

    private struct EventBody: Decodable {
        let at: Instant?
        let status: ParcelStatus
        let text: String
        let location: String?
    }

    private struct Added: Encodable {
        let added: Int
    }

    @Sendable
    private func addEvent(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ParcelID = try visit.id(or: .parcelUnknown)
        // What is not there is said before what is wrong with the body.
        _ = try await logistics.parcels.sheet(id, of: staff.shop)
        let body = try await request.json(EventBody.self, visit)
        let event = ParcelEvent(
            at: body.at ?? logistics.carryOut.clock(), status: body.status, text: body.text,
            location: body.location ?? "")
        return try .json(Added(added: try await logistics.parcels.add([event], to: id, by: staff)))
    }

    private struct AskBody: Decodable {
        let request: Parcel.Request
        let note: String?
    }

    @Sendable
    private func ask(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ParcelID = try visit.id(or: .parcelUnknown)
        _ = try await logistics.parcels.sheet(id, of: staff.shop)
        let body = try await request.json(AskBody.self, visit)
        let parcel = try await logistics.parcels.ask(
            body.request, note: body.note ?? "", of: id, by: staff)
        return try .json(One(parcel: WireParcel(parcel)))
    }

    private struct AnswerBody: Decodable {
        let done: Bool
    }

    @Sendable
    private func answer(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ParcelID = try visit.id(or: .parcelUnknown)
        _ = try await logistics.parcels.sheet(id, of: staff.shop)
        let body = try await request.json(AnswerBody.self, visit)
        let parcel = try await logistics.parcels.answer(done: body.done, of: id, by: staff)
        return try .json(One(parcel: WireParcel(parcel)))
    }

    @Sendable
    private func claim(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let parcel = try await logistics.parcels.claim(
            try visit.id(or: .parcelUnknown), by: staff)
        return try .json(One(parcel: WireParcel(parcel)))
    }

    private struct WaybillBody: Decodable {
        let waybill: String
        let carrier: String
    }

    @Sendable
    private func rename(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ParcelID = try visit.id(or: .parcelUnknown)
        _ = try await logistics.parcels.sheet(id, of: staff.shop)
        let body = try await request.json(WaybillBody.self, visit)
        let parcel = try await logistics.parcels.rename(
            id, waybill: body.waybill, carrier: body.carrier, by: staff)
        return try .json(One(parcel: WireParcel(parcel)))
    }

    // MARK: - Carriers

    private struct Carriers: Encodable {
        let carriers: [WireCarrier]
        let statuses: [Word]
        let problems: [Word]
        let routes: [Word]
        let ticketKinds: [Word]
        let options: [Word]
        let skips: [Word]
    }

    @Sendable
    private func carriers(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let carriers = try await logistics.carriers.all(of: staff.shop)
        return try .json(
            Carriers(
                carriers: carriers.map(WireCarrier.init),
                statuses: ParcelStatus.allCases.map { Word(code: $0.rawValue, $0.name) },
                problems: ParcelProblem.allCases.map { Word(code: $0.rawValue, $0.name) },
                routes: Place.Route.allCases.map { Word(code: $0.rawValue, $0.name) },
                ticketKinds: CarrierTicket.Kind.allCases.map { Word(code: $0.rawValue, $0.name) },
                options: DelayOption.allCases.map { Word(code: $0.rawValue, $0.name) },
                skips: DelaySkip.allCases.map { Word(code: $0.rawValue, $0.name) }))
    }

    private struct CarrierBody: Decodable {
        let code: String
        let name: String
        let phone: String?
        let needsPhone: Bool?
        let collectHours: Int?
        let stuckHours: Int?
        let notServed: [String]?
        let active: Bool?
    }

    private struct OneCarrier: Encodable {
        let carrier: WireCarrier
    }

    @Sendable
    private func keepCarrier(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(CarrierBody.self, visit)
        let carrier = Carrier(
            code: body.code, name: body.name, phone: String((body.phone ?? "").prefix(30)),
            needsPhone: body.needsPhone ?? false, collectHours: body.collectHours,
            stuckHours: body.stuckHours, notServed: body.notServed ?? [],
            active: body.active ?? true)
        let kept = try await logistics.carriers.keep(carrier, by: staff)
        return try .json(OneCarrier(carrier: WireCarrier(kept)))
    }

    private struct Quotes: Encodable {
        struct Quote: Encodable {
            let carrier: String
            let route: Place.Route
            let serves: Bool
            let earliest: Instant
            let latest: Instant
            let sentence: Localized
        }
        let to: Place
        let quotes: [Quote]
    }

    @Sendable
    private func quotes(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let get = Self.query(request)
        guard let to = get("to").flatMap({ Place(in: $0) }) else {
            throw Refusal(
                .invalid, "quote.to", zh: "看不出送到哪里", en: "It is not clear where to",
                instead: Localized(zh: "请写省份或城市，如 广东深圳", en: "Name a province or city in Chinese"),
                field: "to")
        }
        let from = get("from").flatMap { Place(in: $0) }
        let (quotes, zone) = try await logistics.quotes(from: from, to: to, of: staff.shop)
        return try .json(
            Quotes(
                to: to,
                quotes: quotes.map {
                    .init(
                        carrier: $0.carrier, route: $0.route, serves: $0.serves,
                        earliest: $0.earliest, latest: $0.latest,
                        sentence: $0.sentence(to: to.province + to.city, zone: zone))
                }))
    }

    private struct Scores: Encodable {
        let days: Int
        let scores: [WireScore]
    }

    @Sendable
    private func scores(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let days = min(max(Self.query(request)("days").flatMap { Int($0) } ?? 30, 1), 366)
        let scores = try await logistics.scores(
            of: staff.shop, from: logistics.carryOut.clock() - .days(days))
        return try .json(Scores(days: days, scores: scores.map(WireScore.init)))
    }
}
