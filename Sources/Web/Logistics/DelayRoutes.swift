import Desk
import Hummingbird
import Storage

/// Delay batches, from the preview to the buyers' answers.
struct DelayRoutes: Sendable {
    let logistics: Logistics

    init(_ logistics: Logistics) { self.logistics = logistics }

    var routes: [Route] {
        [
            .staff(.get, "/v1/delays", .parcelRead, list),
            .staff(.post, "/v1/delays/preview", .delayNotify, preview),
            .staff(.post, "/v1/delays", .delayNotify, start),
            .staff(.get, "/v1/delays/{id}", .parcelRead, one),
            .staff(.post, "/v1/delays/{id}/stop", .delayNotify, stop),
            .staff(.post, "/v1/delays/{id}/done", .delayNotify, done),
        ]
    }

    private struct Body: Decodable {
        let problem: String?
        let promise: String?
        let carrier: String?
        let province: String?
        let parcels: [ParcelID]?
        let reason: String
        let date: Instant?
        let options: [DelayOption]?
        let language: DelayDraft.Tongue?
        let expected: Int?

        func choice() throws(Refusal) -> DelayStore.Choice {
            var choice = DelayStore.Choice()
            let values: [Substring: String?] = [
                "problem": problem, "promise": promise, "carrier": carrier, "province": province,
            ]
            choice.filter = try ParcelRoutes.filter { name in
                (values[name] ?? nil).flatMap { $0.isEmpty ? nil : $0 }
            }
            choice.only = parcels ?? []
            let named = [problem, promise, carrier, province].contains { !($0 ?? "").isEmpty }
            guard named || !choice.only.isEmpty else {
                throw Refusal(
                    .invalid, "delay.which", zh: "请说明是哪些包裹", en: "Say which parcels are meant",
                    instead: Localized(
                        zh: "按问题、快递或省份选，或勾选包裹",
                        en: "By problem, carrier or province, or tick them"), field: "parcels")
            }
            return choice
        }

        func draft(_ now: Instant) throws(Refusal) -> DelayDraft {
            try DelayDraft(
                reason: reason, date: date, options: options ?? DelayOption.allCases,
                tongue: language ?? .zh, now: now)
        }
    }

    private struct Affected: Encodable {
        let parcel: WireParcel
        let date: Instant
        let text: String
        let skip: DelaySkip?
    }

    private struct Preview: Encodable {
        let affected: [Affected]
        let told: Int
    }

    @Sendable
    private func preview(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Body.self, visit)
        let affected = try await logistics.delays.preview(
            try body.choice(), try body.draft(logistics.carryOut.clock()), for: staff)
        return try .json(
            Preview(
                affected: affected.map {
                    Affected(
                        parcel: WireParcel($0.parcel), date: $0.date, text: $0.text, skip: $0.skip)
                }, told: affected.count { $0.skip == nil }))
    }

    private struct Started: Encodable {
        let id: DelayBatchID
    }

    @Sendable
    private func start(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Body.self, visit)
        guard let expected = body.expected else {
            throw Refusal(
                .invalid, "delay.previewFirst", zh: "请先预览", en: "Look at the preview first",
                field: "expected")
        }
        let id = try await logistics.delays.start(
            try body.choice(), try body.draft(logistics.carryOut.clock()), expected: expected,
            by: staff)
        return try .json(Started(id: id), status: .created)
    }

    private struct List: Encodable {
        let batches: [WireBatch]
    }

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(
            List(batches: try await logistics.delays.batches(of: staff.shop).map(WireBatch.init)))
    }

    private struct One: Encodable {
        let batch: WireBatch
        let notices: [WireNotice]
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let (batch, notices) = try await logistics.delays.batch(
            try visit.id(or: .delayUnknown), of: staff.shop)
        return try .json(One(batch: WireBatch(batch), notices: notices.map(WireNotice.init)))
    }

    @Sendable
    private func stop(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await logistics.delays.stop(try visit.id(or: .delayUnknown), by: staff)
        return .nothing
    }

    private struct DoneBody: Decodable {
        let parcel: ParcelID?
        let choice: DelayOption?
    }

    @Sendable
    private func done(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: DelayBatchID = try visit.id(or: .delayUnknown)
        // What is not there is said before what is wrong with the body.
        _ = try await logistics.delays.batch(id, of: staff.shop)
        let body = try await request.json(DoneBody.self, visit)
        guard let parcel = body.parcel else { throw Refusal.parcelUnknown }
        try await logistics.delays.done(parcel, of: id, choice: body.choice, by: staff)
        return .nothing
    }
}
