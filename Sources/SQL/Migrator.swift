/// One step of the schema, append-only: once released, its text never changes.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    /// The statements for a dialect, in order.
    package let statements: @Sendable (Dialect) -> [String]

    package init(
        _ number: Int, _ name: String, _ statements: @escaping @Sendable (Dialect) -> [String]
    ) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    /// A fingerprint of the text, to notice that a released step was edited (FNV-1a, 64 bits).
    package func digest(_ dialect: Dialect) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in statements(dialect) {
            for byte in statement.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return Int64(bitPattern: hash)
    }
}

/// Brings a store to the schema of this program.
package struct Migrator: Sendable {
    package enum Failure: Error, Hashable {
        /// The store was written by a newer program.
        case newerStore(its: Int, ours: Int)
        /// A released step is not what it was.
        case edited(number: Int, name: String)
    }

    package let migrations: [Migration]
    /// The number of PostgreSQL's advisory lock under which a store is migrated: "qinke" in bytes.
    package static let lock: Int64 = 0x71_696e_6b65

    package init(_ migrations: [Migration]) {
        self.migrations = migrations.sorted { $0.number < $1.number }
    }

    /// How a store stands to this program, without changing it.
    package enum Standing: Hashable, Sendable {
        /// So many steps are missing; 0 = current.
        case missing(Int)
        case newer
        case edited(String)
    }

    package func standing(_ database: some Database) async throws -> Standing {
        try await database.read { transaction in
            var applied: [Int: Int64] = [:]
            for row in try transaction.rows("SELECT number, digest FROM migration") {
                applied[try row.get(0)] = try row.get(1)
            }
            if let newest = applied.keys.max(), newest > (migrations.last?.number ?? 0) {
                return .newer
            }
            for migration in migrations {
                guard let known = applied[migration.number] else { continue }
                if known != migration.digest(transaction.dialect) { return .edited(migration.name) }
            }
            return .missing(migrations.count - applied.count)
        }
    }

    /// Makes the list of the steps that a store has.
    package static func list(_ dialect: Dialect) -> String {
        """
        CREATE TABLE IF NOT EXISTS migration (
            number \(dialect.number) NOT NULL PRIMARY KEY, name \(dialect.text) NOT NULL,
            digest \(dialect.number) NOT NULL, at \(dialect.number) NOT NULL)\(dialect.strict)
        """
    }

    /// Applies what is missing, all in one transaction.
    /// - Parameter check: looks at the result with the names of the steps before it is committed; what it throws undoes them.
    /// - Returns: the names of the steps applied now.
    package func migrate(
        _ database: some Database, at milliseconds: Int64,
        check: @escaping @Sendable (Transaction, [String]) throws -> Void = { _, _ in }
    ) async throws -> [String] {
        let migrations = migrations
        return try await database.write { transaction in
            let dialect = transaction.dialect
            if dialect == .postgres {
                // Several nodes start at once; the first one migrates, the others find it done.
                _ = try transaction.rows("SELECT pg_advisory_xact_lock(\(Self.lock))")
            }
            try transaction.script(Self.list(dialect))
            var applied: [Int: Int64] = [:]
            for row in try transaction.rows("SELECT number, digest FROM migration") {
                applied[try row.get(0)] = try row.get(1)
            }
            if let newest = applied.keys.max(), newest > (migrations.last?.number ?? 0) {
                throw Failure.newerStore(its: newest, ours: migrations.last?.number ?? 0)
            }
            var names: [String] = []
            for migration in migrations {
                let digest = migration.digest(dialect)
                if let known = applied[migration.number] {
                    guard known == digest else {
                        throw Failure.edited(number: migration.number, name: migration.name)
                    }
                    continue
                }
                for statement in migration.statements(dialect) { try transaction.script(statement) }
                try transaction.run(
                    "INSERT INTO migration (number, name, digest, at) VALUES (\(migration.number), \(migration.name), \(digest), \(milliseconds))"
                )
                names.append(migration.name)
            }
            if !names.isEmpty { try check(transaction, names) }
            return names
        }
    }
}
