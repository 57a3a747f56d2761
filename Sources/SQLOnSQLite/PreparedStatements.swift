import GRDB
import GRDBSQLite
import SQL
import Synchronization

/// The prepared statements of one SQLite connection, by their text, run with SQLite's own functions.
///
/// GRDB opens, configures, lends and closes the connections. Its own statements and rows are not used on the way of every
/// message: measured, they cost more than what SQLite does for it.
final class PreparedStatements {
    private let connection: OpaquePointer
    private var known: [String: OpaquePointer] = [:]
    /// Those of fixed texts; the texts live as long as the program.
    private var fixed: [ObjectIdentifier: OpaquePointer] = [:]
    /// The program's statements are far fewer; a list of changing length makes many texts of one statement.
    private static let limit = 500

    init(_ connection: OpaquePointer) { self.connection = connection }

    deinit { forget() }

    private func forget() {
        for statement in known.values { sqlite3_finalize(statement) }
        for statement in fixed.values { sqlite3_finalize(statement) }
        known = [:]
        fixed = [:]
    }

    /// Runs a statement and reads all its rows.
    func rows(_ sql: PortStatement) throws -> [PortRow] {
        let statement = try prepared(sql)
        defer { release(statement) }
        let columns = sqlite3_column_count(statement)
        var rows: [PortRow] = []
        while try step(statement) {
            let values = (0..<columns).map { Self.value(statement, $0) }
            rows.append(PortRow(values: values))
        }
        return rows
    }

    /// Runs a statement for its effect.
    /// - Returns: the number of rows changed.
    func run(_ sql: PortStatement) throws -> Int {
        let statement = try prepared(sql)
        defer { release(statement, keepingValues: sql.fixed != nil) }
        while try step(statement) {}
        return Int(sqlite3_changes(connection))
    }

    private func prepared(_ sql: PortStatement) throws -> OpaquePointer {
        let statement = try found(sql)
        for (index, value) in sql.values.enumerated() {
            let code = Self.bind(statement, Int32(index + 1), value)
            guard code == SQLITE_OK else {
                release(statement)
                throw failure(code)
            }
        }
        return statement
    }

    private func found(_ sql: PortStatement) throws -> OpaquePointer {
        if let text = sql.fixed {
            if let statement = fixed[ObjectIdentifier(text)] { return statement }
            let statement = try prepare(sql.text)
            fixed[ObjectIdentifier(text)] = statement
            return statement
        }
        if let statement = known[sql.text] { return statement }
        if known.count >= Self.limit { forget() }
        let statement = try prepare(sql.text)
        known[sql.text] = statement
        return statement
    }

    private func prepare(_ text: String) throws -> OpaquePointer {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code) }
        return statement
    }

    /// True when there is a row.
    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    /// - Parameter keepingValues: the next use binds all of them anew and can use their memory again.
    private func release(_ statement: OpaquePointer, keepingValues: Bool = false) {
        sqlite3_reset(statement)
        if !keepingValues { sqlite3_clear_bindings(statement) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    /// SQLite copies what is bound before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private static func bind(
        _ statement: OpaquePointer, _ index: Int32, _ value: SQLValue
    ) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .int(let number): return sqlite3_bind_int64(statement, index, number)
        case .double(let number): return sqlite3_bind_double(statement, index, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { bytes in
                    // An empty text has no address, which SQLite would take for null.
                    guard let base = bytes.baseAddress else {
                        return sqlite3_bind_text(statement, index, "", 0, transient)
                    }
                    return sqlite3_bind_text(
                        statement, index, base, Int32(clamping: bytes.count), transient)
                }
            }
        case .blob(let blob):
            return blob.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, bytes.count > 0 else {
                    return sqlite3_bind_zeroblob(statement, index, 0)
                }
                return sqlite3_bind_blob(
                    statement, index, base, Int32(clamping: bytes.count), transient)
            }
        }
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .double(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            guard let text = sqlite3_column_text(statement, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(
                String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let blob = sqlite3_column_blob(statement, column) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .blob([UInt8](UnsafeRawBufferPointer(start: blob, count: count)))
        default: return .null
        }
    }
}

/// The prepared statements of every connection of a pool.
final class StatementsByConnection: Sendable {
    private struct Entry {
        /// Told apart from another connection at the same address after this one was closed.
        weak var connection: GRDB.Database?
        let statements: PreparedStatements
    }

    // A connection, and so its statements, is lent to one thread at a time; only the table is shared, under the lock.
    private struct Table: @unchecked Sendable {
        var entries: [ObjectIdentifier: Entry] = [:]
    }

    private let table = Mutex(Table())

    func of(_ db: GRDB.Database) throws -> PreparedStatements {
        // Guarded as the table says.
        nonisolated(unsafe) let lent = db
        nonisolated(unsafe) let raw = db.sqliteConnection
        guard let raw else { throw SQLError.closed }
        // Set inside the lock below and read by this thread after it.
        nonisolated(unsafe) var found: PreparedStatements?
        table.withLock { table in
            if let entry = table.entries[ObjectIdentifier(lent)], entry.connection === lent {
                found = entry.statements
            } else {
                let made = PreparedStatements(raw)
                table.entries[ObjectIdentifier(lent)] = Entry(connection: lent, statements: made)
                found = made
            }
        }
        guard let found else { throw SQLError.closed }
        return found
    }

    /// Before the pool is closed, so that its connections end at once.
    func forgetAll() {
        table.withLock { $0.entries = [:] }
    }
}
