/// The tables that a store really has, found in the store itself, so that no list has to be kept beside the schema.
package struct Catalogue: Hashable, Sendable {
    /// What a column holds, in the port's words.
    package enum Kind: String, Hashable, Sendable {
        case number, real, text, bytes
        /// A type that only one engine has, such as an index kept in a column; never copied and never compared.
        case own
    }

    package struct Column: Hashable, Sendable {
        package let name: String
        package let kind: Kind
    }

    package struct Table: Hashable, Sendable {
        package let name: String
        /// By name, those that are copied and compared.
        package let columns: [Column]
        /// The primary key in its order.
        package let key: [String]
        /// Tables that must be filled before this one.
        package let refersTo: Set<String>
    }

    /// By name.
    package let tables: [Table]

    /// Reads the catalogue of the transaction's store; views, virtual tables and what they are kept in are not listed.
    package init(of transaction: Transaction) throws {
        let dialect = transaction.dialect
        var columns: [String: [Column]] = [:]
        var keys: [String: [(place: Int, name: String)]] = [:]
        for row in try transaction.rows(dialect.columnsOfTables) {
            let (table, column): (String, String) = (try row.get(0), try row.get(1))
            let kind = dialect.kind(ofType: try row.get(2))
            if kind != .own { columns[table, default: []].append(.init(name: column, kind: kind)) }
            let place: Int = try row.get(3)
            if place > 0 { keys[table, default: []].append((place, column)) }
        }
        var references: [String: Set<String>] = [:]
        for row in try transaction.rows(dialect.referencesOfTables) {
            references[try row.get(0), default: []].insert(try row.get(1))
        }
        tables = columns.keys.sorted().map { name in
            Table(
                name: name, columns: (columns[name] ?? []).sorted { $0.name < $1.name },
                key: (keys[name] ?? []).sorted { $0.place < $1.place }.map(\.name),
                refersTo: references[name] ?? [])
        }
    }

    package func table(_ name: String) -> Table? { tables.first { $0.name == name } }

    /// The tables in an order in which each stands behind those that it refers to; nil when they refer in a circle.
    package var inOrderOfReference: [Table]? {
        var left = tables
        var placed: Set<String> = []
        var order: [Table] = []
        while !left.isEmpty {
            let ready = left.filter { $0.refersTo.subtracting([$0.name]).isSubset(of: placed) }
            guard !ready.isEmpty else { return nil }
            order += ready
            placed.formUnion(ready.map(\.name))
            left.removeAll { placed.contains($0.name) }
        }
        return order
    }
}

extension Catalogue.Table {
    /// The next rows after a key, in the order of the key; `after` nil begins.
    ///
    /// - Parameter condition: which rows count, all when nil.
    package func page(
        after: [SQLValue]?, limit: Int, where condition: Statement? = nil
    ) -> Statement {
        let names = columns.map(\.name.quotedName).joined(separator: ", ")
        let order = key.map(\.quotedName).joined(separator: ", ")
        var sql = Statement(stringLiteral: "SELECT \(names) FROM \(name.quotedName) WHERE 1 = 1")
        if let condition { sql = sql + " AND " + condition }
        if let after {
            sql = sql + Statement(stringLiteral: " AND (\(order)) > ") + "\(list: after)"
        }
        return sql + Statement(stringLiteral: " ORDER BY \(order) LIMIT ") + "\(limit)"
    }

    /// Puts rows of ``page(after:limit:where:)`` in; all in one statement.
    package func insert(_ rows: [Row]) -> Statement {
        let names = columns.map(\.name.quotedName).joined(separator: ", ")
        var sql = Statement(stringLiteral: "INSERT INTO \(name.quotedName) (\(names)) VALUES ")
        for (index, row) in rows.enumerated() {
            sql = sql + (index == 0 ? "" : ", ") + "\(list: row.values)"
        }
        return sql
    }

    /// The key's values in a row of ``page(after:limit:where:)``.
    package func key(of row: Row) -> [SQLValue] {
        key.compactMap { name in
            columns.firstIndex { $0.name == name }.map { row.values[$0] }
        }
    }
}

extension SQLValue: SQLBindable {
    package var sqlValue: SQLValue { self }
}

extension String {
    /// A name from the catalogue, which cannot be bound, as it stands in a statement.
    package var quotedName: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}

extension Dialect {
    /// Table, column, type, place in the primary key from 1 on (0 = not in it).
    var columnsOfTables: Statement {
        switch self {
        case .sqlite:
            """
            SELECT t.name, c.name, c.type, c.pk FROM pragma_table_list t, pragma_table_info(t.name) c
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
            """
        case .postgres:
            """
            SELECT t.relname::text, a.attname::text,
                CASE WHEN a.attgenerated <> '' THEN 'generated' ELSE format_type(a.atttypid, NULL) END,
                COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint
            FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
            LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
            WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
            AND NOT t.relispartition AND a.attnum > 0 AND NOT a.attisdropped
            """
        }
    }

    /// Table and the table that it refers to.
    var referencesOfTables: Statement {
        switch self {
        case .sqlite:
            """
            SELECT t.name, f."table" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
            WHERE t.schema = 'main' AND t.type = 'table'
            """
        case .postgres:
            """
            SELECT t.relname::text, r.relname::text FROM pg_constraint k
            JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
            WHERE k.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
            """
        }
    }

    func kind(ofType type: String) -> Catalogue.Kind {
        switch type.lowercased() {
        case "integer", "bigint", "smallint", "boolean": .number
        case "real", "double precision": .real
        case "text", "character varying": .text
        case "blob", "bytea": .bytes
        default: .own
        }
    }
}
