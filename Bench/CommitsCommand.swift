import ArgumentParser
import Foundation
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Synchronization

struct CommitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commits",
        abstract:
            "Many small durable writes through the group commit, beside the engine's own bulk rate.",
        discussion: """
            Each write is one row of about 100 bytes. The ceiling writes the same rows through the same driver in \
            transactions of a thousand, so it pays for one sync where the group commit decides by itself.
            """)

    @Option(help: "A new SQLite file, or the postgres:// address of an empty database.")
    var store: String
    @Option(help: "Seconds of each measurement.") var seconds = 5
    @Option(help: "Writers that wait for their own commit before the next write.") var writers = 200

    struct Report: Codable {
        var engine: String
        /// Rows a second: one alone, all writers together, and in transactions of a thousand.
        var single: Int
        var grouped: Int
        var bulk: Int
        /// Writes per commit, of all writers together.
        var perCommit: Double
        /// Rows that were found afterwards, and that were told to be durable.
        var stored: Int
        var told: Int
        var load: String
    }

    func run() async throws {
        let (database, figures) = try open()
        try await database.write { transaction in
            try transaction.script(
                "CREATE TABLE line (id \(transaction.dialect.number) NOT NULL PRIMARY KEY, text TEXT NOT NULL)"
            )
        }
        let told = Atomic(0)
        let single = try await rate(1, database, told)
        let before = figures()
        let grouped = try await rate(writers, database, told)
        let after = figures()
        let bulk = try await bulkRate(database, told)
        let stored = try await database.read { transaction in
            try transaction.first("SELECT count(*) FROM line")?.get(0, as: Int.self) ?? 0
        }
        try database.close()
        let report = Report(
            engine: "\(database.dialect)", single: single, grouped: grouped, bulk: bulk,
            perCommit: Double(after.committed - before.committed)
                / Double(max(1, after.groups - before.groups)),
            stored: stored, told: told.load(ordering: .relaxed), load: ProcessFigures.load)
        try report.print()
        guard report.stored == report.told else { throw ExitCode.failure }
    }

    private func open() throws -> (any Database, @Sendable () -> (groups: Int, committed: Int)) {
        if store.hasPrefix("postgres") {
            let database = try PostgresDatabase(PostgresAddress(store)) { _, _ in }
            return (database, { (database.figures.groups, database.figures.committed) })
        }
        let database = try SQLiteDatabase(path: store) { _, _ in }
        return (database, { (database.figures.groups, database.figures.committed) })
    }

    private static let insert = FixedText("INSERT INTO line (id, text) VALUES (?, ?)")
    private static let text = String(repeating: "一百字节左右的一行", count: 4)
    private static let lastID = Atomic<Int64>(0)

    private static func write(_ transaction: Transaction) throws {
        let id = lastID.add(1, ordering: .relaxed).newValue
        try transaction.run(Statement(insert, [.int(id), .text(text)]))
    }

    /// Rows a second of writers that each wait for their own commit.
    private func rate(_ writers: Int, _ database: any Database, _ told: borrowing Atomic<Int>)
        async throws -> Int
    {
        let end = ContinuousClock.now + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        try await database.write { try Self.write($0) }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        told.add(count, ordering: .relaxed)
        return count / max(1, seconds)
    }

    /// Rows a second in transactions of a thousand.
    private func bulkRate(_ database: any Database, _ told: borrowing Atomic<Int>) async throws
        -> Int
    {
        let begun = ContinuousClock.now
        var count = 0
        while ContinuousClock.now < begun + .seconds(seconds) {
            try await database.write { transaction in
                for _ in 0..<1_000 { try Self.write(transaction) }
            }
            count += 1_000
        }
        told.add(count, ordering: .relaxed)
        return Int(Double(count) / ((ContinuousClock.now - begun) / .seconds(1)))
    }
}
