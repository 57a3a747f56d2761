import Desk
import SQL

/// A parcel's row, in the order of ``columns``.
enum ParcelRow {
    static let columns: Statement = """
        p.id, p.order_id, p.order_number, p.buyer, p.buyer_name, p.warehouse, p.carrier, p.waybill,
        p.from_province, p.from_city, p.to_province, p.to_city, p.created_at, p.paid_at,
        p.promised_at, p.state, p.picked_up_at, p.delivered_at, p.last_event_at,
        p.failed_attempts, p.went_away, p.last_province, p.last_city, p.claimed_at, p.request,
        p.answer, p.request_note, p.problem, p.problem_since, p.promise
        """

    static func decode(_ row: Row) throws -> Parcel {
        var parcel = Parcel(
            id: try row.get(0), order: try row.maybe(1), orderNumber: try row.get(2),
            buyer: try row.maybe(3), buyerName: try row.get(4), warehouse: try row.maybe(5),
            carrier: try row.get(6), waybill: WaybillNumber(kept: try row.get(7)),
            from: try place(row, 8), to: try place(row, 10), createdAt: try row.get(12),
            paidAt: try row.maybe(13), promisedAt: try row.maybe(14))
        parcel.status = try word(row, 15) ?? .created
        parcel.pickedUpAt = try row.maybe(16)
        parcel.deliveredAt = try row.maybe(17)
        parcel.lastEventAt = try row.maybe(18)
        parcel.failedAttempts = try row.get(19)
        parcel.wentAway = try row.get(20)
        parcel.lastPlace = try place(row, 21)
        parcel.claimedAt = try row.maybe(23)
        parcel.request = try word(row, 24)
        parcel.answer = try word(row, 25)
        parcel.requestNote = try row.get(26)
        parcel.problem = try word(row, 27)
        parcel.problemSince = try row.maybe(28)
        parcel.promise = try word(row, 29) ?? .none
        return parcel
    }

    static func word<T: RawRepresentable<String>>(_ row: Row, _ column: Int) throws -> T? {
        (try row.maybe(column) as String?).flatMap { T(rawValue: $0) }
    }

    private static func place(_ row: Row, _ column: Int) throws -> Place? {
        guard let province: String = try row.maybe(column) else { return nil }
        return Place(province: province, city: try row.get(column + 1))
    }

    static func insert(_ parcel: Parcel, lookAt: Instant?, askAt: Instant?, in act: Act) throws {
        try act.transaction.change(
            """
            INSERT INTO parcel (shop, id, order_id, order_number, buyer, buyer_name, warehouse,
                carrier, waybill, from_province, from_city, to_province, to_city, route,
                created_at, paid_at, promised_at, state, unfinished, picked_up_at, delivered_at,
                last_event_at, failed_attempts, went_away, last_province, last_city, claimed_at,
                request, answer, request_note, problem, problem_since, promise, watch_at, ask_at,
                told_at)
            VALUES (\(act.shop), \(parcel.id), \(parcel.order), \(parcel.orderNumber),
                \(parcel.buyer), \(parcel.buyerName), \(parcel.warehouse), \(parcel.carrier),
                \(parcel.waybill.text), \(parcel.from?.province), \(parcel.from?.city ?? ""),
                \(parcel.to?.province), \(parcel.to?.city ?? ""), \(parcel.route.rawValue),
                \(parcel.createdAt), \(parcel.paidAt), \(parcel.promisedAt),
                \(parcel.status.rawValue), \(parcel.status.isFinal ? 0 : 1), \(parcel.pickedUpAt),
                \(parcel.deliveredAt), \(parcel.lastEventAt), \(parcel.failedAttempts),
                \(parcel.wentAway), \(parcel.lastPlace?.province), \(parcel.lastPlace?.city ?? ""),
                \(parcel.claimedAt), \(parcel.request?.rawValue), \(parcel.answer?.rawValue),
                \(parcel.requestNote), \(parcel.problem?.rawValue), \(parcel.problemSince),
                \(parcel.promise.rawValue), \(lookAt), \(askAt), NULL)
            """)
    }

    /// Writes everything that changes after a parcel was made.
    static func save(_ parcel: Parcel, lookAt: Instant?, askAt: Instant?, in act: Act) throws {
        try act.transaction.change(
            """
            UPDATE parcel SET carrier = \(parcel.carrier), waybill = \(parcel.waybill.text),
                promised_at = \(parcel.promisedAt), state = \(parcel.status.rawValue),
                unfinished = \(parcel.status.isFinal ? 0 : 1), picked_up_at = \(parcel.pickedUpAt),
                delivered_at = \(parcel.deliveredAt), last_event_at = \(parcel.lastEventAt),
                failed_attempts = \(parcel.failedAttempts), went_away = \(parcel.wentAway),
                last_province = \(parcel.lastPlace?.province),
                last_city = \(parcel.lastPlace?.city ?? ""), claimed_at = \(parcel.claimedAt),
                request = \(parcel.request?.rawValue), answer = \(parcel.answer?.rawValue),
                request_note = \(parcel.requestNote), problem = \(parcel.problem?.rawValue),
                problem_since = \(parcel.problemSince), promise = \(parcel.promise.rawValue),
                watch_at = \(lookAt), ask_at = \(askAt)
            WHERE shop = \(act.shop) AND id = \(parcel.id)
            """)
    }

    static func events(
        of parcel: ParcelID, in shop: ShopID, _ transaction: Transaction
    ) throws -> [ParcelEvent] {
        try transaction.rows(
            """
            SELECT at, status, text, location FROM parcel_event
            WHERE shop = \(shop) AND parcel = \(parcel)
            """
        ).map { row in
            ParcelEvent(
                at: try row.get(0), status: try word(row, 1) ?? .inTransit, text: try row.get(2),
                location: try row.get(3))
        }
    }
}
