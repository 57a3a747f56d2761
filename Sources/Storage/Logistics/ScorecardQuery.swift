package import Desk
package import SQL

/// Adds up how carriers did.
package enum ScorecardQuery {
    /// - Parameter from: parcels and tickets made from then on count.
    package static func scores(
        of shop: ShopID, from: Instant, at now: Instant, in transaction: Transaction
    ) throws -> [CarrierScore] {
        let policy = try PolicyStore.inForce(shop, at: now, in: transaction)
        let collect = policy.span(.parcelCollect).milliseconds
        var scores: [String: CarrierScore] = [:]
        let rows = try transaction.rows(
            """
            SELECT carrier, count(*),
                sum(CASE WHEN picked_up_at IS NOT NULL
                    OR coalesce(paid_at, created_at) + \(collect) <= \(now) THEN 1 ELSE 0 END),
                sum(CASE WHEN picked_up_at <= coalesce(paid_at, created_at) + \(collect)
                    THEN 1 ELSE 0 END),
                sum(CASE WHEN state = 'delivered' THEN 1 ELSE 0 END),
                sum(CASE WHEN promise IN ('kept', 'broken') THEN 1 ELSE 0 END),
                sum(CASE WHEN promise = 'kept' THEN 1 ELSE 0 END),
                sum(CASE WHEN state = 'lost' THEN 1 ELSE 0 END),
                sum(CASE WHEN failed_attempts > 0 THEN 1 ELSE 0 END),
                sum(CASE WHEN state IN ('returning', 'returned') THEN 1 ELSE 0 END)
            FROM parcel WHERE shop = \(shop) AND created_at >= \(from) AND state <> 'cancelled'
            GROUP BY carrier
            """)
        for row in rows {
            let code: String = try row.get(0)
            var score = CarrierScore(carrier: code)
            score.parcels = try row.get(1)
            score.collectDue = try row.get(2)
            score.collectedInTime = try row.get(3)
            score.delivered = try row.get(4)
            score.promised = try row.get(5)
            score.promiseKept = try row.get(6)
            score.lost = try row.get(7)
            score.failed = try row.get(8)
            score.returned = try row.get(9)
            scores[score.carrier] = score
        }
        for row in try transaction.rows(
            """
            SELECT carrier, (delivered_at - picked_up_at) / 3600000, count(*) FROM parcel
            WHERE shop = \(shop) AND created_at >= \(from) AND delivered_at >= picked_up_at
            GROUP BY carrier, (delivered_at - picked_up_at) / 3600000
            """)
        {
            let (code, hour, count): (String, Int, Int) = (
                try row.get(0), try row.get(1), try row.get(2)
            )
            scores[code, default: CarrierScore(carrier: code)].hours[hour] = count
        }
        try addTickets(to: &scores, of: shop, from: from, at: now, transaction)
        return scores.values.sorted { ($1.parcels, $0.carrier) < ($0.parcels, $1.carrier) }
    }

    private static func addTickets(
        to scores: inout [String: CarrierScore], of shop: ShopID, from: Instant, at now: Instant,
        _ transaction: Transaction
    ) throws {
        // Sums of whole numbers are of another kind on PostgreSQL.
        let whole: Statement = transaction.dialect == .sqlite ? "INTEGER" : "bigint"
        for row in try transaction.rows(
            """
            SELECT carrier, count(*),
                sum(CASE WHEN answered_at IS NOT NULL OR deadline < \(now) THEN 1 ELSE 0 END),
                sum(CASE WHEN answered_at <= deadline THEN 1 ELSE 0 END),
                CAST(sum(claim) AS \(whole)),
                CAST(sum(paid) AS \(whole))
            FROM carrier_ticket WHERE shop = \(shop) AND opened_at >= \(from) GROUP BY carrier
            """)
        {
            let code: String = try row.get(0)
            var score = scores[code] ?? CarrierScore(carrier: code)
            score.tickets = try row.get(1)
            score.answersDue = try row.get(2)
            score.answeredInTime = try row.get(3)
            score.claimed = Money(fen: try row.get(4))
            score.paid = Money(fen: try row.get(5))
            scores[code] = score
        }
    }
}
