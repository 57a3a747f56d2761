/// One statement: its text and its bound values.
///
/// Values enter only by interpolation and always as parameters.
///
///     "SELECT text FROM message WHERE conversation = \(id) AND number > \(after)"
package struct Statement: ExpressibleByStringInterpolation, Sendable {
    package let text: String
    package let values: [SQLValue]
    /// Set when the text never changes: an engine may find its prepared form by this object, without reading the text.
    package let fixed: FixedText?

    package init(stringLiteral text: String) {
        self.text = text
        values = []
        fixed = nil
    }

    /// A statement of the path of every message.
    /// - Parameter values: one for each `?` of the text, in order.
    package init(_ fixed: FixedText, _ values: [SQLValue] = []) {
        text = fixed.text
        self.values = values
        self.fixed = fixed
    }

    package init(stringInterpolation parts: Parts) {
        text = parts.text
        values = parts.values
        fixed = nil
    }

    package static func + (a: Statement, b: Statement) -> Statement {
        Statement(text: a.text + b.text, values: a.values + b.values)
    }

    private init(text: String, values: [SQLValue]) {
        self.text = text
        self.values = values
        fixed = nil
    }

    package struct Parts: StringInterpolationProtocol {
        var text = ""
        var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            text += "?"
            values.append(value.sqlValue)
        }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            text += "?"
            values.append(value?.sqlValue ?? .null)
        }

        /// `IN \(list: ids)`; an empty list matches nothing.
        ///
        /// Not for `NOT IN`.
        package mutating func appendInterpolation(list: [some SQLBindable]) {
            if list.isEmpty {
                // Not all engines know a list without members.
                text += "(NULL)"
                return
            }
            text += "(" + Array(repeating: "?", count: list.count).joined(separator: ",") + ")"
            values += list.map(\.sqlValue)
        }

        /// Another statement's part, with its own values.
        package mutating func appendInterpolation(_ part: Statement) {
            text += part.text
            values += part.values
        }

        /// A constant of the program, never input.
        package mutating func appendInterpolation(raw: StaticString) { text += raw.description }
    }
}

/// The text of a statement that is made once for the whole run of the program.
package final class FixedText: Sendable {
    /// What it does, as far as the order among others depends on it.
    package enum Effect: Sendable {
        /// Anything.
        case any
        /// Adds one row, that nothing before the next question can see.
        case adds
        /// Sets columns of the row that the last value names, whatever they were; the row is there, and its unit knows.
        case sets
    }

    package let text: String
    package let effect: Effect

    package init(_ text: String, effect: Effect = .any) {
        self.text = text
        self.effect = effect
    }

    /// Adds rows to a table, one at a time or many; see ``rows(_:)``.
    /// - Parameter columns: their names, separated by commas.
    package convenience init(addingTo table: StaticString, _ columns: String) {
        let count = columns.split(separator: ",").count
        let row = "(" + Array(repeating: "?", count: count).joined(separator: ", ") + ")"
        self.init("INSERT INTO \(table) (\(columns)) VALUES " + row, effect: .adds)
    }

    /// The same for several rows at once; the values follow each other.
    package func rows(_ count: Int) -> FixedText {
        precondition(effect == .adds)
        guard let row = text.ranges(of: "VALUES ").last.map({ text[$0.upperBound...] }) else {
            return self
        }
        return FixedText(
            text + String(repeating: ", " + row, count: count - 1), effect: .adds)
    }
}

package enum SQLValue: Hashable, Sendable {
    case null
    case int(Int64)
    case double(Double)
    case text(String)
    case blob([UInt8])

    /// Null for nil.
    @inlinable package static func maybe(_ value: (some SQLBindable)?) -> SQLValue {
        value?.sqlValue ?? .null
    }
}

extension SQLValue {
    /// What it is, without what it holds: errors are logged, and rows hold people's data.
    package var kind: String {
        switch self {
        case .null: "null"
        case .int: "int"
        case .double: "double"
        case .text(let text): "text of \(text.utf8.count) bytes"
        case .blob(let bytes): "blob of \(bytes.count) bytes"
        }
    }
}

/// What can be bound in a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

/// What can be read from a column.
package protocol SQLReadable {
    init?(sqlValue: SQLValue)
}

extension Int64: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .int(self) }
    package init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Int: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .int(Int64(self)) }
    package init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self = Int(value)
    }
}

extension Bool: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .int(self ? 1 : 0) }
    package init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self = value != 0
    }
}

extension Double: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .double(self) }
    package init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .double(let value): self = value
        case .int(let value): self = Double(value)
        default: return nil
        }
    }
}

extension String: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .text(self) }
    package init?(sqlValue: SQLValue) {
        guard case .text(let value) = sqlValue else { return nil }
        self = value
    }
}

extension [UInt8]: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .blob(self) }
    package init?(sqlValue: SQLValue) {
        guard case .blob(let value) = sqlValue else { return nil }
        self = value
    }
}

/// One row of an answer, read by position.
package struct Row: Sendable {
    package let values: [SQLValue]

    package init(values: [SQLValue]) { self.values = values }

    /// Throws ``SQLError/unexpected(column:value:)`` when the column holds another type or null.
    @inlinable
    package func get<T: SQLReadable>(_ column: Int, as type: T.Type = T.self) throws -> T {
        guard let value = T(sqlValue: values[column]) else {
            throw SQLError.unexpected(column: column, value: values[column].kind)
        }
        return value
    }

    /// Nil when the column is null.
    @inlinable
    package func maybe<T: SQLReadable>(_ column: Int, as type: T.Type = T.self) throws -> T? {
        if case .null = values[column] { return nil }
        return try get(column, as: type)
    }

    // The usual types have ways of their own: generic ones are not specialised between targets, and a page of a list
    // reads thousands of columns.

    package func get(_ column: Int) throws -> Int64 {
        guard case .int(let value) = values[column] else { throw unexpected(column) }
        return value
    }

    package func get(_ column: Int) throws -> Int {
        guard case .int(let value) = values[column] else { throw unexpected(column) }
        return Int(value)
    }

    package func get(_ column: Int) throws -> Bool {
        guard case .int(let value) = values[column] else { throw unexpected(column) }
        return value != 0
    }

    package func get(_ column: Int) throws -> String {
        guard case .text(let value) = values[column] else { throw unexpected(column) }
        return value
    }

    package func maybe(_ column: Int) throws -> Int64? {
        if case .null = values[column] { return nil }
        return try get(column) as Int64
    }

    package func maybe(_ column: Int) throws -> Int? {
        if case .null = values[column] { return nil }
        return try get(column) as Int
    }

    package func maybe(_ column: Int) throws -> Bool? {
        if case .null = values[column] { return nil }
        return try get(column) as Bool
    }

    package func maybe(_ column: Int) throws -> String? {
        if case .null = values[column] { return nil }
        return try get(column) as String
    }

    private func unexpected(_ column: Int) -> SQLError {
        .unexpected(column: column, value: values[column].kind)
    }
}

/// What can go wrong in a store, in the words of every engine.
package enum SQLError: Error, Hashable, Sendable {
    /// A unique rule; `rule` names its columns or index.
    case unique(rule: String)
    case foreignKey
    case check(rule: String)
    /// Another writer was in the way; the same transaction may succeed when tried again.
    case retry(String)
    case full
    case readOnly
    /// The store cannot be reached; nothing was done. Trying again later may help.
    case away(StoreAway)
    /// The link was cut while committing: whether the work was kept is not known. Ask again under the same key.
    case uncertain
    /// A statement took longer than it may.
    case timedOut
    case corrupt(String)
    case closed
    /// Too many transactions wait; nothing was done.
    case busy
    case unexpected(column: Int, value: String)
    case other(code: Int, message: String)
}
