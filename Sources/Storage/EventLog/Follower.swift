package import Desk
package import SQL

/// Something that keeps itself up to date by reading the event log, and can be built anew from its beginning.
package protocol Follower: Sendable {
    /// Stable; its place in the log is kept under this name.
    var name: String { get }

    /// Takes in events in order, inside the transaction that also moves the place in the log.
    func follow(_ events: [Event], of shop: ShopID, in transaction: Transaction) throws

    /// Forgets everything of a shop, before it is built anew.
    func forget(_ shop: ShopID, in transaction: Transaction) throws
}

/// The followers' places in the log.
package enum FollowerPlace {
    package static func of(_ follower: String, _ shop: ShopID, in transaction: Transaction) throws
        -> Int64
    {
        try transaction.first(
            "SELECT number FROM follower WHERE name = \(follower) AND shop = \(shop)")?.get(0) ?? 0
    }

    /// Moves a follower's place, if it is still where it was read.
    /// - Parameter fence: of the lease under which the follower works; nil when only one process can.
    /// - Throws: ``LeaseLost`` when somebody else moved it, or works under a newer fence; then nothing of the batch may stay.
    package static func move(
        _ follower: String, _ shop: ShopID, from: Int64, to number: Int64, fence: Int64? = nil,
        in transaction: Transaction
    ) throws {
        let moved =
            if let fence {
                try transaction.change(
                    """
                    INSERT INTO follower (name, shop, number, fence)
                    VALUES (\(follower), \(shop), \(number), \(fence))
                    ON CONFLICT (name, shop) DO UPDATE SET number = excluded.number, fence = excluded.fence
                    WHERE follower.number = \(from) AND follower.fence <= \(fence)
                    """)
            } else {
                try transaction.change(
                    """
                    INSERT INTO follower (name, shop, number) VALUES (\(follower), \(shop), \(number))
                    ON CONFLICT (name, shop) DO UPDATE SET number = excluded.number
                    WHERE follower.number = \(from)
                    """)
            }
        guard moved == 1 else { throw LeaseLost(name: LeaseName.follower(follower)) }
    }

    /// Puts a follower back to the beginning of a shop's log.
    static func startOver(_ follower: String, _ shop: ShopID, in transaction: Transaction) throws {
        try transaction.run(
            "UPDATE follower SET number = 0 WHERE name = \(follower) AND shop = \(shop)")
    }

    /// How far a follower is behind in the whole store.
    package static func standing(of follower: String, in transaction: Transaction) throws
        -> FollowerStanding
    {
        let rows = try transaction.rows(
            """
            SELECT c.shop, c.event, coalesce(f.number, 0) FROM shop_counter c
            LEFT JOIN follower f ON f.name = \(follower) AND f.shop = c.shop
            WHERE c.event > coalesce(f.number, 0) ORDER BY c.shop
            """)
        var standing = FollowerStanding(name: follower, behind: 0, since: nil)
        for (index, row) in rows.enumerated() {
            let shop: ShopID = try row.get(0)
            let place: Int64 = try row.get(2)
            standing.behind += try row.get(1, as: Int64.self) - place
            // The oldest of the first shops says enough.
            guard index < 20,
                let first = try EventLog.events(of: shop, after: place, limit: 1, in: transaction)
                    .first
            else { continue }
            standing.since = min(standing.since ?? first.at, first.at)
        }
        return standing
    }
}

/// Where a follower stands.
package struct FollowerStanding: Hashable, Sendable {
    package let name: String
    /// Events that it has not taken in, in all shops.
    package var behind: Int64
    /// When the oldest of them happened; nil when it is level.
    package var since: Instant?

    package init(name: String, behind: Int64, since: Instant?) {
        self.name = name
        self.behind = behind
        self.since = since
    }
}

extension Follower {
    /// Takes in the next batch of one shop's events.
    /// - Parameter fence: see ``FollowerPlace/move(_:_:from:to:fence:in:)``.
    /// - Returns: how many were taken in; fewer than `limit` means that it is level with the log.
    package func catchUp(
        _ shop: ShopID, limit: Int = 500, fence: Int64? = nil, in database: some Database
    ) async throws -> Int {
        try await database.writeAside { transaction in
            let place = try FollowerPlace.of(name, shop, in: transaction)
            let events = try EventLog.events(of: shop, after: place, limit: limit, in: transaction)
            guard let last = events.last else { return 0 }
            try follow(events, of: shop, in: transaction)
            try FollowerPlace.move(
                name, shop, from: place, to: last.number, fence: fence, in: transaction)
            return events.count
        }
    }

    /// Forgets a shop and starts from its first event; ``catchUp(_:limit:in:)`` then builds it anew.
    package func startOver(_ shop: ShopID, in database: some Database) async throws {
        try await database.writeAside { transaction in
            try forget(shop, in: transaction)
            try FollowerPlace.startOver(name, shop, in: transaction)
        }
    }
}
