package import Desk
package import SQL

/// Reading parcels: lists by problem, promise or state, one order's, and one with its track.
extension ParcelStore {
    /// What a list shows.
    package struct Filter: Sendable {
        package var problem: ParcelProblem?
        /// Any problem at all.
        package var troubled = false
        package var promise: PromiseStanding?
        package var status: ParcelStatus?
        package var carrier: String?
        package var province: String?
        /// An order's number or a waybill number.
        package var words: String?
        package var order: OrderID?
        package var before: ParcelID?
        package var limit = 50

        package init() {}
    }

    package func list(_ filter: Filter, of shop: ShopID) async throws -> [Parcel] {
        try await carryOut.database.read { try Self.list(filter, of: shop, in: $0) }
    }

    package static func list(
        _ filter: Filter, of shop: ShopID, in transaction: Transaction
    ) throws -> [Parcel] {
        var query: Statement = "SELECT \(ParcelRow.columns) FROM parcel p WHERE p.shop = \(shop)"
        if let problem = filter.problem { query = query + " AND p.problem = \(problem.rawValue)" }
        if filter.troubled { query = query + " AND p.problem IS NOT NULL" }
        if let promise = filter.promise {
            query = query + " AND p.promise = \(promise.rawValue)"
            if promise == .broken || promise == .near {
                // Written out, so that the index of watched promises serves.
                query = query + " AND p.promise IN ('near', 'broken') AND p.unfinished = 1"
            }
        }
        if let status = filter.status { query = query + " AND p.state = \(status.rawValue)" }
        if let carrier = filter.carrier { query = query + " AND p.carrier = \(carrier)" }
        if let province = filter.province { query = query + " AND p.to_province = \(province)" }
        if let words = filter.words {
            let waybill = WaybillNumber(words)?.text ?? words
            query = query + " AND (p.order_number = \(words) OR p.waybill = \(waybill))"
        }
        if let order = filter.order { query = query + " AND p.order_id = \(order)" }
        if let before = filter.before { query = query + " AND p.id < \(before)" }
        return try transaction.rows(
            query + " ORDER BY p.id DESC LIMIT \(min(max(filter.limit, 1), 5_000))"
        ).map(ParcelRow.decode)
    }

    /// How many unfinished or troubled parcels there are in each list.
    package struct Counts: Sendable {
        package var problems: [String: Int] = [:]
        package var near = 0
        package var broken = 0
        package var unfinished = 0
    }

    package func counts(of shop: ShopID) async throws -> Counts {
        try await carryOut.database.read { transaction in
            var counts = Counts()
            for row in try transaction.rows(
                """
                SELECT problem, count(*) FROM parcel WHERE shop = \(shop) AND problem IS NOT NULL
                GROUP BY problem
                """)
            {
                counts.problems[try row.get(0)] = try row.get(1)
            }
            for row in try transaction.rows(
                """
                SELECT promise, count(*) FROM parcel
                WHERE shop = \(shop) AND promise IN ('near', 'broken') AND unfinished = 1
                GROUP BY promise
                """)
            {
                if try row.get(0, as: String.self) == "near" {
                    counts.near = try row.get(1)
                } else {
                    counts.broken = try row.get(1)
                }
            }
            counts.unfinished =
                try transaction.first(
                    "SELECT count(*) FROM parcel WHERE shop = \(shop) AND unfinished = 1")?.get(0)
                ?? 0
            return counts
        }
    }

    /// One parcel with all that is known of it.
    package struct Sheet: Sendable {
        package let parcel: Parcel
        package let lines: [Parcel.Line]
        /// In order of time.
        package let events: [ParcelEvent]
        package let tickets: [CarrierTicket]
        /// The conversation in which its buyer is met.
        package let conversation: ConversationID?
    }

    package func sheet(_ id: ParcelID, of shop: ShopID) async throws -> Sheet {
        try await carryOut.database.read { transaction in
            guard let parcel = try Self.load(id, of: shop, in: transaction) else {
                throw Refusal.parcelUnknown
            }
            let lines = try transaction.rows(
                """
                SELECT order_line, quantity FROM parcel_line
                WHERE shop = \(shop) AND parcel = \(id) ORDER BY order_line
                """
            ).map { Parcel.Line(orderLine: try $0.get(0), quantity: try $0.get(1)) }
            let events = try ParcelRow.events(of: id, in: shop, transaction)
            let conversation = try parcel.buyer.flatMap {
                try ConversationStore.newest(of: $0, in: shop, transaction)?.id
            }
            return Sheet(
                parcel: parcel, lines: lines, events: ParcelTrack(events, to: parcel.to).events,
                tickets: try TicketStore.of(id, in: shop, transaction),
                conversation: conversation)
        }
    }

    package func of(orderNumber: String, in shop: ShopID) async throws -> [Parcel] {
        var filter = Filter()
        filter.words = orderNumber
        return try await list(filter, of: shop)
    }
}
