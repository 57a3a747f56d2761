package import Desk
package import SQL

/// Who is at work, and how much each has.
package enum PresenceStore {
    package static func load(
        _ staff: StaffID, of shop: ShopID, in transaction: Transaction
    ) throws -> Presence? {
        try transaction.first(
            """
            SELECT staff, state, reason, since, connected, lost_at, last_assigned FROM presence
            WHERE shop = \(shop) AND staff = \(staff)
            """
        ).map(decode)
    }

    package static func all(of shop: ShopID, in transaction: Transaction) throws -> [Presence] {
        try transaction.rows(
            "SELECT staff, state, reason, since, connected, lost_at, last_assigned FROM presence WHERE shop = \(shop)"
        ).map(decode)
    }

    package static func save(_ presence: Presence, of shop: ShopID, in transaction: Transaction)
        throws
    {
        try transaction.run(
            """
            INSERT INTO presence (shop, staff, state, reason, since, connected, lost_at, last_assigned)
            VALUES (\(shop), \(presence.staff), \(presence.state.rawValue), \(presence.reason), \(presence.since),
                \(presence.connected), \(presence.lostAt), \(presence.lastAssigned))
            ON CONFLICT (shop, staff) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                since = excluded.since, connected = excluded.connected, lost_at = excluded.lost_at
            """)
    }

    /// After a start nobody is connected yet: everybody's grace runs from now.
    package static func disconnectAll(at: Instant, in transaction: Transaction) throws {
        try transaction.run(
            "UPDATE presence SET connected = 0, lost_at = \(at) WHERE connected = 1")
    }

    /// Conversations owned now, by agent.
    package static func loads(of shop: ShopID, in transaction: Transaction) throws -> [StaffID: Int]
    {
        var loads: [StaffID: Int] = [:]
        for row in try transaction.rows(
            """
            SELECT owner, count(*) FROM conversation WHERE shop = \(shop) AND state = 'open' AND owner IS NOT NULL
            GROUP BY owner
            """)
        {
            loads[try row.get(0)] = try row.get(1)
        }
        return loads
    }

    /// Everybody to whom routing may give a conversation now.
    package static func candidates(
        of shop: ShopID, policy: PolicySet, at: Instant, in transaction: Transaction
    ) throws -> [Candidate] {
        let loads = try loads(of: shop, in: transaction)
        let groups = try memberships(of: shop, in: transaction)
        return try transaction.rows(
            """
            SELECT s.id, CASE WHEN s.nickname = '' THEN s.name ELSE s.nickname END, s.level, s.cap, p.last_assigned
            FROM presence p JOIN staff s ON s.shop = p.shop AND s.id = p.staff
            WHERE p.shop = \(shop) AND p.state = 'online' AND p.connected = 1 AND s.suspended = 0
            """
        ).map { row in
            let staff: StaffID = try row.get(0)
            let level: String = try row.get(2)
            return Candidate(
                staff: staff, name: try row.get(1), groups: groups[staff] ?? [],
                load: loads[staff] ?? 0,
                cap: try row.maybe(3) ?? policy.cap(of: StaffLevel(rawValue: level) ?? .trainee),
                lastAssigned: try row.maybe(4))
        }
    }

    private static func memberships(
        of shop: ShopID, in transaction: Transaction
    ) throws -> [StaffID: Set<GroupID>] {
        var groups: [StaffID: Set<GroupID>] = [:]
        for row in try transaction.rows(
            "SELECT staff, staff_group FROM staff_group_member WHERE shop = \(shop)")
        {
            groups[try row.get(0), default: []].insert(try row.get(1))
        }
        return groups
    }

    private static func decode(_ row: Row) throws -> Presence {
        let state: String = try row.get(1)
        return Presence(
            staff: try row.get(0), state: PresenceState(rawValue: state) ?? .offline,
            reason: try row.get(2),
            since: try row.get(3), connected: try row.get(4), lostAt: try row.maybe(5),
            lastAssigned: try row.maybe(6))
    }
}

extension PresenceStore {
    package static func cap(of staff: StaffID, _ policy: PolicySet, _ act: Act) throws -> Int {
        guard
            let row = try act.transaction.first(
                "SELECT level, cap FROM staff WHERE shop = \(act.shop) AND id = \(staff)")
        else { return 0 }
        let level: String = try row.get(0)
        return try row.maybe(1) ?? policy.cap(of: StaffLevel(rawValue: level) ?? .trainee)
    }

    /// The name that others see.
    package static func name(of staff: StaffID, _ act: Act) throws -> String {
        try act.transaction.first(
            """
            SELECT CASE WHEN nickname = '' THEN name ELSE nickname END FROM staff
            WHERE shop = \(act.shop) AND id = \(staff)
            """
        )?.get(0) ?? ""
    }
}
