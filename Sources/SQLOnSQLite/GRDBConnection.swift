import Foundation
import GRDB
import SQL

/// GRDB's connection in the port's words.
///
/// Lives as long as the access it was made for.
final class GRDBConnection: Connection {
    let dialect = Dialect.sqlite
    private let db: GRDB.Database
    private let statements: PreparedStatements

    init(_ db: GRDB.Database, _ statements: PreparedStatements) {
        self.db = db
        self.statements = statements
    }

    func rows(_ sql: PortStatement) throws -> [PortRow] {
        try translating { try statements.rows(sql) }
    }

    func run(_ sql: PortStatement) throws -> Int {
        try translating { try statements.run(sql) }
    }

    func script(_ text: String) throws {
        try translating {
            if text.utf8.contains(UInt8(ascii: ";")) {
                try db.execute(sql: text)
            } else {
                _ = try statements.run(PortStatement(stringLiteral: text))
            }
        }
    }
}

/// Runs `body` and puts SQLite's errors into the port's words.
func translating<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw SQLError(error)
    }
}

extension SQLError {
    init(_ error: DatabaseError) {
        let message = error.message ?? ""
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            self = .unique(rule: message.replacing("UNIQUE constraint failed: ", with: ""))
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_CHECK, .SQLITE_CONSTRAINT_NOTNULL, .SQLITE_CONSTRAINT_DATATYPE:
            self = .check(rule: message)
        default:
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .retry(message)
            case .SQLITE_FULL: self = .full
            case .SQLITE_READONLY: self = .readOnly
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(message)
            default: self = .other(code: Int(error.resultCode.rawValue), message: message)
            }
        }
    }
}
