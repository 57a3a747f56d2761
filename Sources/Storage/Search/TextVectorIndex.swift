import SQL

/// The index in PostgreSQL's `tsvector` without positions, under a GIN index: a set of tokens for each id.
///
/// The tokens are bound as they are and compared byte by byte, so no text search configuration of the server
/// has a say in what is found.
struct TextVectorIndex: SearchIndex {
    static let schema: [String] = SearchTable.allCases.flatMap { table in
        [
            "CREATE TABLE \(table.rawValue) (id bigint NOT NULL PRIMARY KEY, tokens tsvector NOT NULL)",
            "CREATE INDEX \(table.rawValue)_tokens ON \(table.rawValue) USING gin (tokens)",
        ]
    }

    func add(
        _ id: Int64, _ tokens: TokenText, to table: SearchTable, in transaction: Transaction
    ) throws {
        let text = tokens.text
        guard !text.isEmpty else { return }
        let name = Self.name(table)
        try transaction.run(
            """
            INSERT INTO \(name) AS known (id, tokens) VALUES (\(id), array_to_tsvector(\(Self.list(text))))
            ON CONFLICT (id) DO UPDATE SET tokens = known.tokens || excluded.tokens
            """)
    }

    func remove(
        _ id: Int64, _ tokens: TokenText, from table: SearchTable, in transaction: Transaction
    ) throws {
        let text = tokens.text
        guard !text.isEmpty else { return }
        let name = Self.name(table)
        try transaction.run(
            "UPDATE \(name) SET tokens = ts_delete(tokens, \(Self.list(text))) WHERE id = \(id)")
        try transaction.run("DELETE FROM \(name) WHERE id = \(id) AND length(tokens) = 0")
    }

    func candidates(
        _ query: TokenQuery, in table: SearchTable, from: Int64, before: Int64, limit: Int,
        _ transaction: Transaction
    ) throws -> [Int64] {
        try transaction.rows(
            """
            SELECT id FROM \(Self.name(table)) WHERE tokens @@ CAST(\(Self.expression(query)) AS tsquery)
            AND id >= \(from) AND id < \(before) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { try $0.get(0) }
    }

    func clear(in transaction: Transaction) throws {
        for table in SearchTable.allCases {
            try transaction.run("DELETE FROM \(Self.name(table))")
        }
    }

    private static func name(_ table: SearchTable) -> Statement {
        switch table {
        case .messages: "message_search"
        case .buyers: "buyer_search"
        }
    }

    /// Tokens with spaces between, as an array.
    private static func list(_ text: String) -> Statement {
        "array_remove(string_to_array(\(text), ' '), '')"
    }

    /// `'s_退款' & ('s__m680' | 's__m681') & !'s__m682'`; tokens hold no quotation marks and no backslashes.
    private static func expression(_ query: TokenQuery) -> String {
        func quoted(_ token: String) -> String { "'\(token)'" }
        let groups = query.any.map { "(" + $0.map(quoted).joined(separator: " | ") + ")" }
        let refused = query.none.map { "!" + quoted($0) }
        return (query.all.map(quoted) + groups + refused).joined(separator: " & ")
    }
}
