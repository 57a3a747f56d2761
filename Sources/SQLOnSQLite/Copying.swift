import Foundation
import GRDB
import SQL

/// One table's content in short: how many rows it holds and a digest of all of them.
package struct TableDigest: Codable, Hashable, Sendable {
    package let table: String
    package let rows: Int
    /// FNV-1a of every row's values in the table's own order, 64 bits in hexadecimal.
    package let digest: String
}

extension SQLiteDatabase {
    /// A consistent copy of one instant while work goes on, read back and compared row by row with that instant.
    ///
    /// The copy is a single file without a write-ahead log.
    /// - Throws: ``SQLError/corrupt(_:)`` when the copy is not what was copied, or fails SQLite's own check.
    package func copy(to path: String) throws -> [TableDigest] {
        let digests = try translating {
            let copy = try DatabaseQueue(path: path)
            // Both run in one reading transaction, so that they see one instant of the store.
            let digests = try pool.read { db in
                try copy.writeWithoutTransaction { try db.backup(to: $0) }
                return try Digests.of(db)
            }
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            return digests
        }
        try Self.verify(path, holds: digests)
        return digests
    }

    /// Reads a whole file: SQLite's integrity check, then every row.
    /// - Throws: ``SQLError/corrupt(_:)`` naming what differs.
    package static func verify(_ path: String, holds expected: [TableDigest]) throws {
        let found = try translating {
            var configuration = Configuration()
            configuration.readonly = true
            let file = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? file.close() }
            return try file.read { db in
                let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check")
                if verdict != "ok" { throw SQLError.corrupt(verdict ?? "no answer") }
                return try Digests.of(db)
            }
        }
        if found == expected { return }
        let wrong = Set(found).symmetricDifference(expected).map(\.table)
        throw SQLError.corrupt("differs in \(Set(wrong).sorted().joined(separator: ", "))")
    }
}

private enum Digests {
    /// Of every ordinary table, by name; virtual tables are covered by the tables that they are kept in.
    static func of(_ db: GRDB.Database) throws -> [TableDigest] {
        let tables = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                ORDER BY name
                """)
        return try tables.map { try digest($0, db) }
    }

    private static func digest(_ table: String, _ db: GRDB.Database) throws -> TableDigest {
        // The table's name comes from the schema itself; it is quoted, since a name cannot be bound.
        let quoted = "\"" + table.replacing("\"", with: "\"\"") + "\""
        let cursor = try Row.fetchCursor(db, sql: "SELECT * FROM \(quoted)")
        var rows = 0
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }
        while let row = try cursor.next() {
            rows += 1
            for index in 0..<row.count {
                try row.withUnsafeData(atIndex: index) { data in
                    switch (row[index] as DatabaseValue).storage {
                    case .null: add(UInt8(0))
                    case .int64(let value):
                        add(UInt8(1))
                        add(UInt64(bitPattern: value))
                    case .double(let value):
                        add(UInt8(2))
                        add(value.bitPattern)
                    case .string, .blob:
                        add(UInt8(3))
                        add(UInt64(data?.count ?? 0))
                        for byte in data ?? Data() { add(byte) }
                    }
                }
            }
        }
        return TableDigest(table: table, rows: rows, digest: String(hash, radix: 16))
    }
}
