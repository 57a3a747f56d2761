import Foundation
import GRDB
package import SQL

/// SQLite behind the port: one writer with group commit, several readers, WAL, every commit on the disk before it is told.
package final class SQLiteDatabase: PortDatabase {
    /// Bounds and sizes of one database.
    package struct Settings: Sendable {
        /// Threads that read, each with its own connection.
        package var readers = 3
        /// How long a statement waits for another process's lock, in milliseconds.
        package var busyTimeout = 5_000
        /// Page cache of each connection, in KiB.
        package var cache = 8_192
        package var group = GroupCommit.Limits()
        /// Opens without changing anything; every write is refused with ``SQLError/readOnly``.
        package var readOnly = false

        package init() {}
    }

    package let dialect = Dialect.sqlite
    package let path: String
    /// One process uses the file, so its news stay in it.
    package let notices: any Notices = InProcessNotices()
    let pool: DatabasePool
    private let commits: GroupCommit
    private let readers: ReadingThreads
    private let folding: Folding
    private let statements = StatementsByConnection()

    /// Opens or creates the file.
    /// - Parameters:
    ///   - telling: runs what tells the callers of a commit.
    ///   - beforeCommit: runs inside every group's transaction, last.
    package init(
        path: String, settings: Settings = Settings(),
        telling: @escaping GroupCommit.Telling = { $0() },
        beforeCommit: @escaping @Sendable (Transaction, GroupMemory) throws -> Void
    ) throws {
        self.path = path
        var configuration = Configuration()
        configuration.label = "qinke"
        configuration.maximumReaderCount = settings.readers + 1
        configuration.readonly = settings.readOnly
        configuration.busyMode = .timeout(Double(settings.busyTimeout) / 1000)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -\(settings.cache)")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA mmap_size = 268435456")
        }
        let pool = try translating { try DatabasePool(path: path, configuration: configuration) }
        self.pool = pool
        commits = GroupCommit(
            limits: settings.group,
            writer: settings.readOnly ? NoWriter() : try PoolWriter(pool, statements),
            telling: telling,
            beforeCommit: beforeCommit)
        readers = ReadingThreads(count: settings.readers)
        folding = Folding(path: path) { [commits] in commits.figures.committed }
    }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let (pool, statements) = (pool, statements)
        return try await readers.run {
            try translating {
                try pool.read { db in
                    try body(Transaction(on: GRDBConnection(db, statements.of(db))))
                }
            }
        }
    }

    package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await commits.write(body)
    }

    package func submit<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T,
        done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) throws {
        try commits.submit(body, done: done)
    }

    package var slowCommitSeconds: Double { commits.slowCommitSeconds }

    package var figures: (waiting: Int, groups: Int, committed: Int) { commits.figures }

    package func close() throws {
        readers.stop()
        commits.close()
        folding.stop()
        notices.close()
        statements.forgetAll()
        try translating { try pool.close() }
    }
}

/// The pool's writing connection, used by the group commit's thread alone.
private final class PoolWriter: GroupCommit.Writer {
    private let pool: DatabasePool
    private let statements: StatementsByConnection
    /// What failed is told by nobody before the commit, so all may run again.
    let reruns = true

    init(_ pool: DatabasePool, _ statements: StatementsByConnection) throws {
        self.pool = pool
        self.statements = statements
        try translating {
            try pool.writeWithoutTransaction { db in
                // DatabasePool resets this to NORMAL when it opens; without FULL an acknowledged
                // message can be lost in a power cut.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 16000")
            }
        }
    }

    /// SQLite's own word for "another connection has written", as this one saw it last.
    private var version: Int64?

    func transaction(_ body: (any Connection, _ earlier: GroupMemory.Trust) throws -> Void) throws {
        try translating {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    let connection = GRDBConnection(db, try statements.of(db))
                    let version: Int64? = try connection.rows(Self.dataVersion).first?.get(0)
                    defer { self.version = version }
                    try body(connection, version == self.version ? .everything : .nothing)
                    return .commit
                }
            }
        }
    }

    private static let dataVersion = PortStatement(FixedText("PRAGMA data_version"))
}

/// Of a store that is only read.
private final class NoWriter: GroupCommit.Writer {
    let reruns = false

    func transaction(_ body: (any Connection, _ earlier: GroupMemory.Trust) throws -> Void) throws {
        throw SQLError.readOnly
    }
}
