import SQL

/// The words of messages and the names of buyers; see ``SearchIndex``.
///
/// Rebuildable from the tables.
let search = Migration(6, "search") { dialect in
    switch dialect {
    case .sqlite: FTS5Index.schema
    case .postgres: TextVectorIndex.schema
    }
}
