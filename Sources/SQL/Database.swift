/// One connection as a driver gives it.
///
/// Used by one thread at a time, never shared.
package protocol Connection: AnyObject {
    var dialect: Dialect { get }

    func rows(_ sql: Statement) throws -> [Row]

    /// Runs a statement for its effect.
    /// - Returns: the number of rows changed.
    func run(_ sql: Statement) throws -> Int

    /// Runs a statement for its effect at the latest with the next call that has an answer.
    ///
    /// Its failure may be thrown by any later call, or by the commit.
    func send(_ sql: Statement) throws

    /// Adds rows, as ``send(_:)`` does one after another.
    func add(_ text: FixedText, _ rows: [[SQLValue]]) throws

    /// Waits for what was sent.
    /// - Throws: the first failure since the transaction, or the savepoint that was rolled back to, began.
    func settle() throws

    /// Several statements without values, as in a migration.
    func script(_ text: String) throws
}

extension Connection {
    package func send(_ sql: Statement) throws { _ = try run(sql) }
    package func add(_ text: FixedText, _ rows: [[SQLValue]]) throws {
        for values in rows { try send(Statement(text, values)) }
    }
    package func settle() throws {}
}

/// What statements cannot say in one way on all engines.
///
/// Everything else is written once.
package enum Dialect: String, Sendable {
    case sqlite, postgres

    /// The end of a `CREATE TABLE` whose primary key is also its order on disk.
    package var clusteredByKey: String { self == .sqlite ? " WITHOUT ROWID, STRICT" : "" }

    /// The end of an ordinary `CREATE TABLE`.
    package var strict: String { self == .sqlite ? " STRICT" : "" }

    package var bytes: String { self == .sqlite ? "BLOB" : "bytea" }

    /// The type of 64-bit numbers, ids and instants.
    package var number: String { self == .sqlite ? "INTEGER" : "bigint" }

    /// The type of texts, ordered by code points whatever the database's own order is.
    package var text: String { self == .sqlite ? "TEXT" : "text COLLATE \"C\"" }

    /// The end of a `SELECT` of rows that this transaction is going to change, so that no other node changes them first.
    package var forUpdate: Statement { self == .sqlite ? "" : " FOR UPDATE" }
}

/// A store of data.
///
/// Reads see one consistent snapshot; writes are durable when they return.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Runs off the cooperative pool, on one of the driver's reading threads.
    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T

    /// Hands a transaction to the group commit and tells its result after the commit.
    /// - Throws: what `body` threw (its own writes are undone, others' stay), or the failure of the commit.
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T

    /// As ``write(_:)`` for work in the background, which may take long: on an engine with several writers it does not
    /// hold up the groups of those who wait for an answer, and its order with theirs is not known.
    func writeAside<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T

    /// As ``write(_:)`` for callers that are no tasks: `done` runs on the store's announcing thread, in commit order.
    /// - Throws: ``SQLError/busy`` when too many wait, ``SQLError/closed`` after ``close()``; then nothing is done.
    func submit<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T,
        done: @escaping @Sendable (Result<T, any Error>) -> Void) throws

    /// Transactions waiting now, groups and transactions committed since the start.
    var figures: (waiting: Int, groups: Int, committed: Int) { get }

    /// Seconds that 95 of 100 of the last grouped commits took at most; 0 before the first.
    var slowCommitSeconds: Double { get }

    /// Small news to and from the other nodes that use this store.
    var notices: any Notices { get }

    /// Waits for the transactions that were accepted, then closes.
    func close() throws
}

extension Database {
    package func writeAside<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await write(body)
    }
}

/// One transaction of one unit of work.
package final class Transaction {
    private let connection: any Connection
    package var dialect: Dialect { connection.dialect }

    /// What this group of transactions knows already, so that a shop's counter is read and written once for all of them.
    package let group: GroupMemory

    /// The unit ran into a unique rule, was undone, and is carried out once more.
    ///
    /// So a unit need not look for what is nearly never there: it relies on the rule, and looks when it is told so.
    package internal(set) var isSecondRun = false

    package init(on connection: any Connection, group: GroupMemory = GroupMemory()) {
        self.connection = connection
        self.group = group
    }

    /// Whether anything but reading was asked for since this was last made false.
    package var wrote = false

    package func rows(_ sql: Statement) throws -> [Row] {
        if !sql.text.utf8.starts(with: "SELECT".utf8) { wrote = true }
        try carryOutPostponed()
        return try connection.rows(sql)
    }

    package func first(_ sql: Statement) throws -> Row? { try rows(sql).first }

    /// Runs a statement for its effect.
    ///
    /// It may be carried out only before the next one that has an answer, or before the commit, so that many share one
    /// statement or one round trip. Then a failure is thrown by that one, or by the commit; it fails this unit all the same.
    /// Where a failure must be caught, or the rows counted, use ``change(_:)``.
    package func run(_ sql: Statement) throws {
        wrote = true
        if group.isShared, let fixed = sql.fixed {
            switch fixed.effect {
            case .adds: return group.postponed.add(fixed, sql.values)
            case .sets: return group.postponed.set(fixed, sql)
            case .any: break
            }
        }
        try carryOutPostponed()
        try connection.send(sql)
    }

    /// Writes a row once for all changes that it gets in this group.
    package func run(_ row: any LateRow) throws {
        guard group.isShared else { return try run(row.statement) }
        wrote = true
        group.postponed.set(row)
    }

    /// Runs a statement and waits for its answer.
    /// - Returns: the number of rows changed.
    @discardableResult
    package func change(_ sql: Statement) throws -> Int {
        wrote = true
        try carryOutPostponed()
        return try connection.run(sql)
    }

    package func script(_ text: String) throws {
        wrote = true
        try carryOutPostponed()
        try connection.script(text)
    }

    /// Waits for what was sent; see ``Connection/settle()``.
    package func settle() throws {
        try carryOutPostponed()
        try connection.settle()
    }

    /// Hands what waits to the engine.
    func carryOutPostponed() throws {
        guard !group.postponed.isEmpty else { return }
        try group.postponed.carryOut(on: connection)
    }

    /// Undoes everything since the savepoint, what still waits too.
    func rollBack(to savepoint: StaticString, release: Bool = false) throws {
        group.postponed.discard()
        try connection.script(
            "ROLLBACK TO SAVEPOINT \(savepoint)"
                + (release ? "; RELEASE SAVEPOINT \(savepoint)" : ""))
    }

    /// A part that may fail and be undone alone; what is caught outside of it would leave the transaction useless.
    package func savepoint<T>(_ name: StaticString = "part", _ body: () throws -> T) throws -> T {
        // What failed before this part is not this part's failure.
        try settle()
        try script("SAVEPOINT \(name)")
        do {
            let result = try body()
            try settle()
            try connection.script("RELEASE SAVEPOINT \(name)")
            return result
        } catch {
            try rollBack(to: name, release: true)
            group.forgetNotes()
            throw error
        }
    }
}
