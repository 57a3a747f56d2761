package import Desk
package import SQL

/// The leases in the store.
///
/// Time is the store's: nodes whose clocks differ still agree on who has what.
package struct LeaseStore: Sendable {
    package let database: any Database
    private let clock: @Sendable (Transaction) throws -> Instant

    /// - Parameter clock: the store's own unless a test has another.
    package init(
        _ database: any Database,
        clock: @escaping @Sendable (Transaction) throws -> Instant = StoreClock.now
    ) {
        self.database = database
        self.clock = clock
    }

    /// Takes or keeps leases, each as ``Lease/decide(_:name:asker:at:span:)`` says, in one transaction.
    package func ask(
        _ names: [String], as owner: String, for span: Span
    ) async throws -> [Lease.Answer] {
        try await database.write { [clock] transaction in
            let now = try clock(transaction)
            // In one order everywhere, so that two nodes never wait for each other.
            var answers: [String: Lease.Answer] = [:]
            for name in names.sorted() {
                answers[name] = try Self.ask(name, as: owner, for: span, at: now, in: transaction)
            }
            return names.compactMap { answers[$0] }
        }
    }

    /// A transaction with the store's time.
    package func transaction<T: Sendable>(
        _ body: @escaping @Sendable (_ now: Instant, Transaction) throws -> T
    ) async throws -> T {
        try await database.write { [clock] transaction in
            try body(try clock(transaction), transaction)
        }
    }

    /// One lease, inside a transaction.
    package static func ask(
        _ name: String, as owner: String, for span: Span, at now: Instant,
        in transaction: Transaction
    ) throws -> Lease.Answer {
        let known = try find(name, in: transaction)
        let answer = Lease.decide(known, name: name, asker: owner, at: now, span: span)
        guard case .granted(let lease) = answer else { return answer }
        let changed =
            if let known {
                try transaction.change(
                    """
                    UPDATE lease SET owner = \(lease.owner), fence = \(lease.fence), taken_at = \(lease.taken),
                        expires_at = \(lease.expires)
                    WHERE name = \(name) AND owner = \(known.owner) AND fence = \(known.fence)
                        AND expires_at = \(known.expires)
                    """)
            } else {
                try transaction.change(
                    """
                    INSERT INTO lease (name, owner, fence, taken_at, expires_at)
                    VALUES (\(name), \(lease.owner), \(lease.fence), \(lease.taken), \(lease.expires))
                    ON CONFLICT (name) DO NOTHING
                    """)
            }
        if changed == 1 { return answer }
        // Another node was quicker between the reading and the writing.
        guard let now = try find(name, in: transaction) else { throw LeaseLost(name: name) }
        return .held(now)
    }

    /// Lets go at once, so that another need not wait for the end of the time.
    ///
    /// Nothing happens when it is lost already.
    package func release(_ leases: [Lease]) async throws {
        guard !leases.isEmpty else { return }
        try await database.write { [clock] transaction in
            let now = try clock(transaction)
            for lease in leases.sorted(by: { $0.name < $1.name }) {
                try transaction.run(
                    """
                    UPDATE lease SET expires_at = \(now)
                    WHERE name = \(lease.name) AND owner = \(lease.owner) AND fence = \(lease.fence)
                        AND expires_at > \(now)
                    """)
            }
        }
    }

    /// Makes sure, inside a transaction that writes under a lease, that nobody has got it since, and that nobody gets it
    /// before the transaction's end.
    /// - Throws: ``LeaseLost``.
    package static func hold(_ lease: Lease, in transaction: Transaction) throws {
        let held = try transaction.change(
            """
            UPDATE lease SET fence = fence
            WHERE name = \(lease.name) AND owner = \(lease.owner) AND fence = \(lease.fence)
            """)
        guard held == 1 else { throw LeaseLost(name: lease.name) }
    }

    package static func find(_ name: String, in transaction: Transaction) throws -> Lease? {
        try transaction.first("SELECT \(Self.columns) FROM lease WHERE name = \(name)").map(decode)
    }

    /// The seats of the nodes that live, by name; none when one program is alone.
    package static func seats(at now: Instant, in transaction: Transaction) throws -> [Lease] {
        try transaction.rows(
            """
            SELECT \(columns) FROM lease WHERE name LIKE 'node.%' AND expires_at > \(now)
            ORDER BY owner, name
            """
        ).map(decode)
    }

    /// As ``seats(at:in:)`` says, with the store's time.
    package func seats() async throws -> [Lease] {
        try await database.read { [clock] in try Self.seats(at: try clock($0), in: $0) }
    }

    private static let columns: Statement = "name, owner, fence, taken_at, expires_at"

    private static func decode(_ row: Row) throws -> Lease {
        Lease(
            name: try row.get(0), owner: try row.get(1), fence: try row.get(2),
            taken: try row.get(3), expires: try row.get(4))
    }
}

/// The time of the engine, not of this program's machine.
package enum StoreClock {
    @Sendable
    package static func now(_ transaction: Transaction) throws -> Instant {
        let row =
            switch transaction.dialect {
            case .sqlite:
                try transaction.first(
                    "SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)")
            case .postgres:
                try transaction.first(
                    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
            }
        guard let row else { throw SQLError.unexpected(column: 0, value: "no time") }
        return try row.get(0)
    }
}
