import SQL

/// The index in SQLite's FTS5: no copy of the text, no positions, only which ids stand under a token.
///
/// A row is made of the tokens that `Language` found, with spaces between, so the tokenizer has nothing
/// to decide. FTS5 walks ids downwards as fast as upwards, which makes "newest first" free.
struct FTS5Index: SearchIndex {
    static let schema: [String] = SearchTable.allCases.map { table in
        """
        CREATE VIRTUAL TABLE \(table.rawValue) USING fts5(
            tokens, content='', columnsize=0, detail='none', tokenize="ascii tokenchars '_'")
        """
    }

    func add(
        _ id: Int64, _ tokens: TokenText, to table: SearchTable, in transaction: Transaction
    ) throws {
        let text = tokens.text
        guard !text.isEmpty else { return }
        switch table {
        case .messages:
            try transaction.run(
                "INSERT INTO message_search (rowid, tokens) VALUES (\(id), \(text))")
        case .buyers:
            try transaction.run("INSERT INTO buyer_search (rowid, tokens) VALUES (\(id), \(text))")
        }
    }

    func remove(
        _ id: Int64, _ tokens: TokenText, from table: SearchTable, in transaction: Transaction
    ) throws {
        let text = tokens.text
        guard !text.isEmpty else { return }
        switch table {
        case .messages:
            try transaction.run(
                """
                INSERT INTO message_search (message_search, rowid, tokens)
                VALUES ('delete', \(id), \(text))
                """)
        case .buyers:
            try transaction.run(
                """
                INSERT INTO buyer_search (buyer_search, rowid, tokens)
                VALUES ('delete', \(id), \(text))
                """)
        }
    }

    func candidates(
        _ query: TokenQuery, in table: SearchTable, from: Int64, before: Int64, limit: Int,
        _ transaction: Transaction
    ) throws -> [Int64] {
        let expression = Self.expression(query)
        let rows =
            switch table {
            case .messages:
                try transaction.rows(
                    """
                    SELECT rowid FROM message_search WHERE message_search MATCH \(expression)
                    AND rowid >= \(from) AND rowid < \(before) ORDER BY rowid DESC LIMIT \(limit)
                    """)
            case .buyers:
                try transaction.rows(
                    """
                    SELECT rowid FROM buyer_search WHERE buyer_search MATCH \(expression)
                    AND rowid >= \(from) AND rowid < \(before) ORDER BY rowid DESC LIMIT \(limit)
                    """)
            }
        return try rows.map { try $0.get(0) }
    }

    func clear(in transaction: Transaction) throws {
        try transaction.run("INSERT INTO message_search (message_search) VALUES ('delete-all')")
        try transaction.run("INSERT INTO buyer_search (buyer_search) VALUES ('delete-all')")
    }

    /// `("s_退款" AND ("s__m680" OR "s__m681")) NOT ("s__m682")`; tokens hold no quotation marks.
    private static func expression(_ query: TokenQuery) -> String {
        func quoted(_ token: String) -> String { "\"\(token)\"" }
        let groups = query.any.map { "(" + $0.map(quoted).joined(separator: " OR ") + ")" }
        let wanted = (query.all.map(quoted) + groups).joined(separator: " AND ")
        guard !query.none.isEmpty else { return wanted }
        return "(\(wanted)) NOT (\(query.none.map(quoted).joined(separator: " OR ")))"
    }
}
