package import Desk
import SQL

extension YearImport {
    /// A parcel of the past with all that its carrier said.
    package struct PastParcel: Sendable {
        package let parcel: Parcel
        package let events: [ParcelEvent]
        package let lines: [Parcel.Line]

        package init(parcel: Parcel, events: [ParcelEvent], lines: [Parcel.Line]) {
            self.parcel = parcel
            self.events = events
            self.lines = lines
        }
    }

    /// Adds parcels, each as its events left it, with what is wrong with it now.
    package func add(_ parcels: [PastParcel], now: Instant, _ policy: PolicySet) async throws {
        let limits = ParcelThresholds(policy)
        var rows: [[Value]] = []
        var lines: [[Value]] = []
        var events: [[Value]] = []
        for past in parcels {
            var parcel = past.parcel
            let found = parcel.standing.find(at: now, limits)
            parcel.problem = found.problem
            parcel.problemSince = found.since
            parcel.promise = found.promise
            rows.append(Self.row(parcel, watchAt: found.lookAgain))
            for line in past.lines {
                lines.append([
                    .number(parcel.id.raw), .number(line.orderLine.raw),
                    .number(Int64(line.quantity)),
                ])
            }
            for event in past.events {
                events.append([
                    .number(parcel.id.raw), .number(event.digest), .number(event.at.milliseconds),
                    .text(event.status.rawValue), .text(event.text), .text(event.location),
                    .number(event.at.milliseconds),
                ])
            }
        }
        try await add(rows, to: .parcels)
        try await add(lines, to: .parcelLines)
        try await add(events, to: .parcelEvents)
    }

    /// Nobody asks a carrier for a waybill that never was: `ask_at` stays empty.
    private static func row(_ parcel: Parcel, watchAt: Instant?) -> [Value] {
        func maybe(_ at: Instant?) -> Value { at.map { .number($0.milliseconds) } ?? .none }
        func maybe(_ text: String?) -> Value { text.map(Value.text) ?? .none }
        return [
            .number(parcel.id.raw), parcel.order.map { .number($0.raw) } ?? .none,
            .text(parcel.orderNumber), parcel.buyer.map { .number($0.raw) } ?? .none,
            .text(parcel.buyerName), parcel.warehouse.map { .number($0.raw) } ?? .none,
            .text(parcel.carrier), .text(parcel.waybill.text), maybe(parcel.from?.province),
            .text(parcel.from?.city ?? ""), maybe(parcel.to?.province),
            .text(parcel.to?.city ?? ""), .text(parcel.route.rawValue),
            .number(parcel.createdAt.milliseconds), maybe(parcel.paidAt),
            maybe(parcel.promisedAt), .text(parcel.status.rawValue),
            .number(parcel.status.isFinal ? 0 : 1), maybe(parcel.pickedUpAt),
            maybe(parcel.deliveredAt), maybe(parcel.lastEventAt),
            .number(Int64(parcel.failedAttempts)), .number(parcel.wentAway ? 1 : 0),
            maybe(parcel.lastPlace?.province), .text(parcel.lastPlace?.city ?? ""),
            .text(parcel.requestNote), maybe(parcel.problem?.rawValue),
            maybe(parcel.problemSince), .text(parcel.promise.rawValue), maybe(watchAt),
        ]
    }
}

extension YearImport.Table {
    fileprivate static let parcels = Self(
        "parcel",
        """
        id, order_id, order_number, buyer, buyer_name, warehouse, carrier, waybill, from_province, from_city, \
        to_province, to_city, route, created_at, paid_at, promised_at, state, unfinished, picked_up_at, delivered_at, \
        last_event_at, failed_attempts, went_away, last_province, last_city, request_note, problem, problem_since, \
        promise, watch_at
        """)
    fileprivate static let parcelLines = Self("parcel_line", "parcel, order_line, quantity")
    fileprivate static let parcelEvents = Self(
        "parcel_event", "parcel, digest, at, status, text, location, received_at")
}
