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

    package static func set(
        _ follower: String, _ shop: ShopID, to number: Int64, in transaction: Transaction
    ) throws {
        try transaction.run(
            """
            INSERT INTO follower (name, shop, number) VALUES (\(follower), \(shop), \(number))
            ON CONFLICT (name, shop) DO UPDATE SET number = excluded.number
            """)
    }
}

extension Follower {
    /// Takes in the next batch of one shop's events.
    /// - Returns: how many were taken in; fewer than `limit` means that it is level with the log.
    package func catchUp(_ shop: ShopID, limit: Int = 500, in database: some Database) async throws
        -> Int
    {
        try await database.write { transaction in
            let place = try FollowerPlace.of(name, shop, in: transaction)
            let events = try EventLog.events(of: shop, after: place, limit: limit, in: transaction)
            guard let last = events.last else { return 0 }
            try follow(events, of: shop, in: transaction)
            try FollowerPlace.set(name, shop, to: last.number, in: transaction)
            return events.count
        }
    }

    /// Forgets a shop and starts from its first event; ``catchUp(_:limit:in:)`` then builds it anew.
    package func startOver(_ shop: ShopID, in database: some Database) async throws {
        try await database.write { transaction in
            try forget(shop, in: transaction)
            try FollowerPlace.set(name, shop, to: 0, in: transaction)
        }
    }
}
