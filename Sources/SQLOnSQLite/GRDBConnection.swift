import Foundation
import GRDB
import SQL

/// GRDB's connection in the port's words. Lives as long as the access it was made for.
final class GRDBConnection: Connection {
    let dialect = Dialect.sqlite
    private let db: GRDB.Database

    init(_ db: GRDB.Database) { self.db = db }

    func rows(_ sql: PortStatement) throws -> [PortRow] {
        try translating {
            let cursor = try GRDB.Row.fetchCursor(try prepared(sql))
            var rows: [PortRow] = []
            while let row = try cursor.next() {
                var values: [SQLValue] = []
                values.reserveCapacity(row.count)
                for index in 0..<row.count { values.append(value(row, index)) }
                rows.append(PortRow(values: values))
            }
            return rows
        }
    }

    func run(_ sql: PortStatement) throws -> Int {
        try translating {
            try prepared(sql).execute()
            return db.changesCount
        }
    }

    func script(_ text: String) throws {
        try translating {
            if text.contains(";") {
                try db.execute(sql: text)
            } else {
                try db.cachedStatement(sql: text).execute()
            }
        }
    }

    private func prepared(_ sql: PortStatement) throws -> GRDB.Statement {
        let statement = try db.cachedStatement(sql: sql.text)
        if !sql.values.isEmpty {
            try statement.setArguments(StatementArguments(sql.values.map(databaseValue)))
        }
        return statement
    }

    private func databaseValue(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .int(let number): number.databaseValue
        case .double(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    private func value(_ row: GRDB.Row, _ index: Int) -> SQLValue {
        let value: DatabaseValue = row[index]
        return switch value.storage {
        case .null: .null
        case .int64(let number): .int(number)
        case .double(let number): .double(number)
        case .string(let text): .text(text)
        case .blob(let data): .blob([UInt8](data))
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
