package import Desk
package import SQL

/// Finds parcels in trouble by the clock alone: those that nothing is heard of.
package enum ParcelWatch {
    /// Rows read at once.
    private static let page = 10_000

    private struct Look {
        let id: ParcelID
        let carrier: String
        let standing: ParcelStanding
        let problem: ParcelProblem?
        let since: Instant?
        let promise: PromiseStanding
        let watchAt: Instant?
    }

    /// Looks at parcels whose time has come, or at all unfinished ones, and keeps what changed.
    /// - Parameter all: after the rules changed.
    /// - Returns: how many were looked at, and how many have a new problem.
    @discardableResult
    package static func round(
        all: Bool = false, limit: Int = 200_000, in act: Act
    ) throws -> (looked: Int, found: Int) {
        let policy = try PolicyStore.inForce(act.shop, at: act.at, in: act.transaction)
        let standard = ParcelThresholds(policy)
        let limits = try CarrierStore.byCode(of: act.shop, in: act.transaction)
            .mapValues { standard.with($0) }
        var (looked, found) = (0, 0)
        var after = ParcelID(0)
        while looked < limit {
            let which: Statement =
                all
                ? "unfinished = 1 AND id > \(after)"
                : "watch_at <= \(act.at) AND id > \(after)"
            let rows = try act.transaction.rows(
                """
                SELECT id, carrier, state, created_at, paid_at, promised_at, delivered_at,
                    last_event_at, failed_attempts, went_away, last_province, to_province, route,
                    claimed_at, request, problem, problem_since, promise, watch_at
                FROM parcel WHERE shop = \(act.shop) AND \(which) ORDER BY id LIMIT \(page)
                """)
            guard let last = rows.last else { break }
            after = try last.get(0)
            looked += rows.count
            for row in rows {
                let look = try decode(row)
                let finding = look.standing.find(
                    at: act.at, limits[look.carrier] ?? standard)
                if try keep(finding, of: look, in: act) { found += 1 }
            }
            if rows.count < page { break }
        }
        return (looked, found)
    }

    private static func decode(_ row: Row) throws -> Look {
        Look(
            id: try row.get(0), carrier: try row.get(1),
            standing: ParcelStanding(
                status: try ParcelRow.word(row, 2) ?? .inTransit, createdAt: try row.get(3),
                paidAt: try row.maybe(4), promisedAt: try row.maybe(5),
                deliveredAt: try row.maybe(6), lastEventAt: try row.maybe(7),
                failedAttempts: try row.get(8), wentAway: try row.get(9), last: try row.maybe(10),
                to: try row.maybe(11), route: try ParcelRow.word(row, 12) ?? .between,
                claimedAt: try row.maybe(13), request: try ParcelRow.word(row, 14)),
            problem: try ParcelRow.word(row, 15), since: try row.maybe(16),
            promise: try ParcelRow.word(row, 17) ?? .none, watchAt: try row.maybe(18))
    }

    /// - Returns: whether a problem is new.
    private static func keep(
        _ finding: ParcelFinding, of look: Look, in act: Act
    ) throws -> Bool {
        if finding.problem == look.problem, finding.since == look.since,
            finding.promise == look.promise, finding.lookAgain == look.watchAt
        {
            return false
        }
        try act.transaction.run(
            """
            UPDATE parcel SET problem = \(finding.problem?.rawValue),
                problem_since = \(finding.since), promise = \(finding.promise.rawValue),
                watch_at = \(finding.lookAgain)
            WHERE shop = \(act.shop) AND id = \(look.id)
            """)
        guard let problem = finding.problem, problem != look.problem else { return false }
        let row = try act.transaction.first(
            """
            SELECT order_number, waybill FROM parcel WHERE shop = \(act.shop) AND id = \(look.id)
            """)
        if let row {
            try ParcelStore.tell(problem, of: look.id, try row.get(0), try row.get(1), in: act)
        }
        return true
    }

    /// Whether a round would find something to look at.
    package static func isDue(
        _ shop: ShopID, at now: Instant, in transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            "SELECT 1 FROM parcel WHERE shop = \(shop) AND watch_at <= \(now) LIMIT 1") != nil
    }
}
