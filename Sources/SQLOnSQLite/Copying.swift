import Foundation
import GRDB
package import SQL

extension SQLiteDatabase {
    /// A consistent copy of one instant while work goes on, as a single file without a write-ahead log.
    ///
    /// - Parameter body: reads the instant that was copied.
    /// - Returns: what `body` found.
    package func copy<T>(to path: String, reading body: (Transaction) throws -> T) throws -> T {
        try translating {
            let copy = try DatabaseQueue(path: path)
            // Both run in one reading transaction, so that they see one instant of the store.
            let found = try pool.read { db in
                // The instant is that of the first read; the copy alone would begin and end one of its own.
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
                try copy.writeWithoutTransaction { try db.backup(to: $0) }
                return try Self.reading(db, body)
            }
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            return found
        }
    }

    /// Reads a file that nobody else uses, without changing it.
    package static func read<T>(file path: String, _ body: (Transaction) throws -> T) throws -> T {
        try translating {
            var configuration = Configuration()
            configuration.readonly = true
            let file = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? file.close() }
            return try file.read { try reading($0, body) }
        }
    }

    /// SQLite's own check of a whole file.
    ///
    /// - Throws: ``SQLError/corrupt(_:)`` naming what is wrong.
    package static func check(_ path: String) throws {
        try read(file: path) { transaction in
            let verdict: String? = try transaction.first("PRAGMA integrity_check")?.get(0)
            if verdict != "ok" { throw SQLError.corrupt(verdict ?? "no answer") }
            if let row = try transaction.first("PRAGMA foreign_key_check") {
                let table: String = try row.get(0)
                throw SQLError.corrupt("a row of \(table) refers to nothing")
            }
        }
    }

    private static func reading<T>(
        _ db: GRDB.Database, _ body: (Transaction) throws -> T
    ) throws -> T {
        guard let raw = db.sqliteConnection else { throw SQLError.closed }
        return try body(Transaction(on: GRDBConnection(db, PreparedStatements(raw))))
    }
}

extension SQLiteDatabase {
    /// FTS5's own check of every index in a file that nobody else uses.
    ///
    /// - Throws: ``SQLError/corrupt(_:)``.
    package static func checkSearch(_ path: String) throws {
        try translating {
            let file = try DatabaseQueue(path: path)
            defer { try? file.close() }
            try file.write { db in
                let tables = try String.fetchAll(
                    db, sql: "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%fts5%'")
                for table in tables {
                    let name = table.quotedName
                    try db.execute(sql: "INSERT INTO \(name) (\(name)) VALUES ('integrity-check')")
                }
            }
        }
    }
}

extension SQLiteDatabase {
    /// Makes a file that nobody else uses a single one, without a write-ahead log beside it.
    package static func settle(_ path: String) throws {
        try translating {
            let file = try DatabaseQueue(path: path)
            defer { try? file.close() }
            try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        }
    }
}
