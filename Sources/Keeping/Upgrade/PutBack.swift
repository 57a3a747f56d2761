import SQL
import SQLOnSQLite
import Storage

/// Makes a store on a server what it was before an upgrade, in the same database and in one transaction.
///
/// A file is exchanged for its backup; the rows of a server are not ours alone to set aside, so its tables are made and filled
/// anew. Whoever looks meanwhile waits; whatever fails, nothing is changed.
struct PutBack: Sendable {
    struct WrittenSince: Error {}
    struct Differs: Error {}

    /// The store's steps before, as its own list has them.
    let list: [Row]
    let migrator: Migrator
    let backup: Backup
    /// What the store was, and must be.
    let before: Digests
    /// What the upgrade made of it: if it is something else by now, somebody has written.
    let upgraded: Digests

    /// The list of a store's steps, to be put back as it is.
    static func list(of transaction: Transaction) throws -> [Row] {
        try transaction.rows("SELECT number, name, digest, at FROM migration ORDER BY number")
    }

    /// - Throws: ``WrittenSince`` when rows would be lost, ``Differs`` when the result is not what it was.
    func run(on database: any Database) async throws {
        try await database.write { transaction in
            _ = try transaction.rows("SELECT pg_advisory_xact_lock(\(Migrator.lock))")
            let file = backup.database.plainPath
            let tables = try SQLiteDatabase.read(file: file) { try Catalogue(of: $0) }
            try clear(transaction, alsoOf: tables)
            try make(transaction)
            try SQLiteDatabase.read(file: file) { try fill(transaction, from: $0, tables) }
            guard try Digests(of: transaction) == before else { throw Differs() }
        }
    }

    /// Removes the tables of the store, and no others that may lie beside them.
    private func clear(_ transaction: Transaction, alsoOf older: Catalogue) throws {
        let texts = migrator.migrations.flatMap { $0.statements(transaction.dialect) }
        let made = Set(texts.compactMap(Self.tableMade))
        let names = try Catalogue(of: transaction).tables.map(\.name).filter {
            $0 == "migration" || made.contains($0) || older.table($0) != nil
        }.map(\.quotedName).joined(separator: ", ")
        try transaction.script("LOCK TABLE \(names) IN ACCESS EXCLUSIVE MODE")
        guard try Digests(of: transaction) == upgraded else { throw WrittenSince() }
        try transaction.script("DROP TABLE \(names) CASCADE")
    }

    /// The table that a statement of a step makes; nil when it does something else.
    private static func tableMade(_ statement: String) -> String? {
        let words = statement.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
        guard words.starts(with: ["CREATE", "TABLE"]) else { return nil }
        return words.dropFirst(2).first { !["IF", "NOT", "EXISTS"].contains($0) }
    }

    private func make(_ transaction: Transaction) throws {
        let numbers = try list.map { try $0.get(0, as: Int.self) }
        try transaction.script(Migrator.list(transaction.dialect))
        for step in migrator.migrations where numbers.contains(step.number) {
            for statement in step.statements(transaction.dialect) {
                try transaction.script(statement)
            }
        }
        for row in list {
            try transaction.run(
                "INSERT INTO migration (number, name, digest, at) VALUES \(list: row.values)")
        }
    }

    private func fill(
        _ transaction: Transaction, from source: Transaction, _ catalogue: Catalogue
    ) throws {
        let kept = Set(catalogue.kept.map(\.name))
        for table in catalogue.inOrderOfReference ?? []
        where kept.contains(table.name) && table.name != "migration" {
            try table.forEachPage(in: source) { try Mover.insert($0, into: table, transaction) }
        }
    }
}
