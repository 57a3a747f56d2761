package import Desk
package import SQL

/// The log of everything that happened, in the order in which it was committed.
package enum EventLog {
    package static func append(_ event: Event, in transaction: Transaction) throws {
        try transaction.run(Statement(insert, values(of: event)))
        try AuditStore.note(event, in: transaction)
    }

    private static let insert = FixedText(addingTo: "event", columns)

    static let columns = "shop, number, at, actor_kind, actor_id, actor_name, kind, subject, body"

    /// In the order of ``columns``.
    static func values(of event: Event) -> [SQLValue] {
        [
            event.shop.sqlValue, event.number.sqlValue, event.at.sqlValue,
            event.actor.kind.rawValue.sqlValue, .maybe(event.actor.id), event.actor.name.sqlValue,
            event.kind.sqlValue, .maybe(event.subject), event.body.sqlValue,
        ]
    }

    /// The number for the next event of `shop`, taken once for the whole group of transactions.
    /// - Throws: ``SQLError/foreignKey`` when there is no such shop.
    package static func nextNumber(of shop: ShopID, in transaction: Transaction) throws -> Int64 {
        try transaction.group.next(shop.raw) {
            guard
                let row = try transaction.first(
                    "SELECT event FROM shop_counter WHERE shop = \(shop)\(transaction.dialect.forUpdate)"
                )
            else { throw SQLError.foreignKey }
            return try row.get(0)
        }
    }

    /// Makes other nodes' acts in a shop wait until this transaction has ended, so that what is decided on is still so
    /// when it is written.
    ///
    /// SQLite has one writer anyway.
    static func lock(_ shop: ShopID, in transaction: Transaction) throws {
        guard transaction.dialect == .postgres else { return }
        try transaction.group.know(shop.raw) {
            try transaction.first(
                "SELECT event FROM shop_counter WHERE shop = \(shop)\(transaction.dialect.forUpdate)"
            )?.get(0)
        }
    }

    /// Writes the counters that the group raised.
    ///
    /// Every database is opened with this as its `beforeCommit`.
    @Sendable
    package static func writeCounters(_ transaction: Transaction, _ group: GroupMemory) throws {
        for counter in group.drain() {
            try transaction.run(
                "UPDATE shop_counter SET event = \(counter.value) WHERE shop = \(counter.key)")
        }
    }

    /// The number of the last event that this snapshot of the store contains.
    package static func last(of shop: ShopID, in transaction: Transaction) throws -> Int64 {
        try transaction.first("SELECT event FROM shop_counter WHERE shop = \(shop)")?.get(0) ?? 0
    }

    /// The number of the last event that exists when this act is committed: as ``last(of:in:)``, and what acts before it
    /// in its group have added.
    static func reached(_ shop: ShopID, in transaction: Transaction) throws -> Int64 {
        try transaction.group.counters[shop.raw] ?? last(of: shop, in: transaction)
    }

    /// Events after a number, ascending; of one subject when given.
    package static func events(
        of shop: ShopID, after number: Int64, subject: Int64? = nil, limit: Int,
        in transaction: Transaction
    ) throws -> [Event] {
        let rows =
            if let subject {
                try transaction.rows(
                    """
                    SELECT number, at, actor_kind, actor_id, actor_name, kind, subject, body FROM event
                    WHERE shop = \(shop) AND subject = \(subject) AND number > \(number) ORDER BY number LIMIT \(limit)
                    """)
            } else {
                try transaction.rows(
                    """
                    SELECT number, at, actor_kind, actor_id, actor_name, kind, subject, body FROM event
                    WHERE shop = \(shop) AND number > \(number) ORDER BY number LIMIT \(limit)
                    """)
            }
        return try rows.map { try decode($0, of: shop) }
    }

    package static func decode(_ row: Row, of shop: ShopID) throws -> Event {
        let kind: String = try row.get(2)
        return Event(
            shop: shop, number: try row.get(0), at: try row.get(1),
            actor: Actor(
                kind: Actor.Kind(rawValue: kind) ?? .system, id: try row.maybe(3),
                name: try row.get(4)),
            kind: try row.get(5), subject: try row.maybe(6), body: try row.get(7))
    }
}
