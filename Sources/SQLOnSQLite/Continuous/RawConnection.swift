import GRDB
import GRDBSQLite
import SQL

/// A connection of the log's keeper, which holds locks over many calls; used by one thread at a time.
final class RawConnection {
    private let connection: OpaquePointer

    /// - Parameter patience: how long a statement waits for a lock, in milliseconds.
    init(_ path: String, patience: Int32) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(
            path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw SQLError(DatabaseError(resultCode: ResultCode(rawValue: code)))
        }
        connection = opened
        sqlite3_busy_timeout(connection, patience)
    }

    deinit { sqlite3_close_v2(connection) }

    func run(_ sql: String) throws {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// Begins a read that sees the store as it is now, and keeps the log from being begun anew.
    func beginReading() throws {
        try run("BEGIN")
        try run("SELECT count(*) FROM sqlite_schema")
    }

    /// Copies what may be copied from the log into the file, without waiting for anybody.
    ///
    /// - Returns: how many frames the log holds and how many of them are in the file.
    func checkpoint() throws -> (frames: Int, inFile: Int) {
        var frames: Int32 = 0
        var inFile: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(
            connection, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &inFile)
        guard code == SQLITE_OK || code == SQLITE_BUSY else { throw failure(code) }
        return (Int(frames), Int(inFile))
    }

    private func failure(_ code: Int32) -> SQLError {
        SQLError(
            DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(connection))))
    }
}
