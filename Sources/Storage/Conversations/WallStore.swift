package import Desk
package import SQL

/// How fast the queue moves.
package enum QueueSpeed {
    /// Conversations assigned since a time.
    package static func assigned(
        since: Instant, of shop: ShopID, _ transaction: Transaction
    ) throws -> Int {
        // The newest events are at the end; the count is bounded, since a place needs only a rough speed.
        let last = try EventLog.last(of: shop, in: transaction)
        return try transaction.first(
            """
            SELECT count(*) FROM event WHERE shop = \(shop) AND number > \(last - 20_000) AND at >= \(since)
            AND kind = 'conversation.assigned'
            """
        )?.get(0) ?? 0
    }
}

/// The supervisor's wall: who waits, who is there, who waits longest.
package enum WallStore {
    /// Conversations of each list.
    private static let limit = 100

    /// The body of `GET /v1/wall`.
    package static func json(
        of shop: ShopID, policy: PolicySet, at: Instant, in transaction: Transaction
    ) throws -> String {
        let asOf = try EventLog.last(of: shop, in: transaction)
        let queue = try conversations(
            "c.queued_since IS NOT NULL ORDER BY c.queued_since, c.id", shop, transaction)
        let waiting = try conversations(
            "c.state = 'open' AND c.waiting_since IS NOT NULL ORDER BY c.waiting_since, c.id", shop,
            transaction)
        let groups = try GroupNames.of(shop, in: transaction)
        let loads = try PresenceStore.loads(of: shop, in: transaction)
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.key("queue")
        json.beginArray()
        for (index, conversation) in queue.enumerated() {
            json.summary(
                conversation, groupName: conversation.group.flatMap { groups[$0] }, verified: false,
                replyWithin: policy.replyWithin, place: index + 1, asOf: asOf)
        }
        json.endArray()
        let present = try agents(into: &json, shop, policy, loads, waiting)
        json.key("waiting")
        json.beginArray()
        for conversation in waiting {
            json.summary(
                conversation, groupName: conversation.group.flatMap { groups[$0] }, verified: false,
                replyWithin: policy.replyWithin, place: nil, asOf: asOf)
        }
        json.endArray()
        // Counted in the store, not in the lists: those are cut, and a figure must not be.
        let late = at - policy.replyWithin
        let longest: Instant? = try transaction.first(
            """
            SELECT min(waiting_since) FROM conversation
            WHERE shop = \(shop) AND state IN ('open', 'queued') AND waiting_since IS NOT NULL
            """
        )?.maybe(0)
        let zone = try ShopStore.one(shop, in: transaction).hours.zone
        let today = CalendarDay.start(of: at, in: zone)
        json.key("counts")
        json.beginObject()
        json.field("queued", try count("queued_since IS NOT NULL", shop, transaction))
        json.field("open", try count("state = 'open'", shop, transaction))
        json.field(
            "waiting", try count("state = 'open' AND waiting_since IS NOT NULL", shop, transaction))
        json.field(
            "overdue",
            try count("state IN ('open', 'queued') AND waiting_since < \(late)", shop, transaction))
        json.field("online", present[.online] ?? 0)
        json.field("busy", present[.busy] ?? 0)
        json.field("away", (present[.break] ?? 0) + (present[.suspended] ?? 0))
        json.field("closedToday", try count("closed_at >= \(today)", shop, transaction))
        json.field("longestWaitSince", longest?.milliseconds)
        json.endObject()
        let nodes = try LeaseStore.seats(at: try StoreClock.now(transaction), in: transaction)
        if !nodes.isEmpty {
            json.key("nodes")
            json.strings(nodes.map(\.ownerName))
        }
        json.field("now", at.milliseconds)
        json.field("asOf", asOf)
        json.endObject()
        return json.text

        func agents(
            into json: inout JSONWriter, _ shop: ShopID, _ policy: PolicySet,
            _ loads: [StaffID: Int],
            _ waiting: [Conversation]
        ) throws -> [PresenceState: Int] {
            var present: [PresenceState: Int] = [:]
            json.key("agents")
            json.beginArray()
            for row in try transaction.rows(
                """
                SELECT s.id, CASE WHEN s.nickname = '' THEN s.name ELSE s.nickname END, s.level, s.cap,
                    p.state, p.reason, p.since, p.connected
                FROM presence p JOIN staff s ON s.shop = p.shop AND s.id = p.staff
                WHERE p.shop = \(shop) AND s.suspended = 0 ORDER BY s.id
                """)
            {
                let staff: StaffID = try row.get(0)
                let (level, state): (String, String) = (try row.get(2), try row.get(4))
                let connected: Bool = try row.get(7)
                let mine = waiting.filter { $0.owner?.id == staff }
                // Somebody whose browser is gone serves nobody, whatever they last said.
                if connected, let state = PresenceState(rawValue: state) {
                    present[state, default: 0] += 1
                }
                json.beginObject()
                json.key("staff")
                json.owner(.init(id: staff, name: try row.get(1)))
                json.field("state", state)
                json.field("reason", try row.get(5, as: String.self))
                json.field("since", try row.get(6, as: Int64.self))
                json.field("connected", bool: connected)
                json.field("load", loads[staff] ?? 0)
                json.field(
                    "cap",
                    try row.maybe(3) ?? policy.cap(of: StaffLevel(rawValue: level) ?? .trainee))
                json.field("waiting", mine.count)
                json.field("longestWait", mine.compactMap(\.waitingSince).min()?.milliseconds)
                json.endObject()
            }
            json.endArray()
            return present
        }
    }

    private static func conversations(
        _ condition: Statement, _ shop: ShopID, _ transaction: Transaction
    ) throws -> [Conversation] {
        try transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.shop = \(shop) AND \(condition)
            LIMIT \(limit)
            """
        ).map(ConversationRow.decode)
    }

    private static func count(
        _ condition: Statement, _ shop: ShopID, _ transaction: Transaction
    ) throws -> Int {
        try transaction.first(
            "SELECT count(*) FROM conversation WHERE shop = \(shop) AND \(condition)")?.get(0) ?? 0
    }
}

/// The names of a shop's groups.
package enum GroupNames {
    package static func of(_ shop: ShopID, in transaction: Transaction) throws -> [GroupID: String]
    {
        var names: [GroupID: String] = [:]
        for row in try transaction.rows("SELECT id, name FROM staff_group WHERE shop = \(shop)") {
            names[try row.get(0)] = try row.get(1)
        }
        return names
    }
}
