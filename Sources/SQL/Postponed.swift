/// Writes of one group that wait until somebody could see the difference, so that they can be carried out together.
///
/// Rows that are only added go to the engine in one statement where that is cheaper; of several writes that set the same columns of
/// one row only the last is carried out. Everything else that is asked in the group comes after them; see
/// ``Transaction/carryOutPostponed()``.
struct Postponed {
    private var late: [ObjectIdentifier: any LateRow] = [:]
    private struct Place: Hashable {
        let text: ObjectIdentifier
        let row: SQLValue
    }

    private var added: [(text: FixedText, rows: [[SQLValue]])] = []
    private var set: [Statement] = []
    private var places: [Place: Int] = [:]
    /// What went wrong when they were carried out, until it is rolled back: whoever's turn it was may have passed it over.
    private var failure: (any Error)?

    var isEmpty: Bool { added.isEmpty && set.isEmpty && late.isEmpty && failure == nil }

    mutating func add(_ text: FixedText, _ values: [SQLValue]) {
        if let index = added.firstIndex(where: { $0.text === text }) {
            added[index].rows.append(values)
        } else {
            added.append((text, [values]))
        }
    }

    mutating func set(_ row: any LateRow) { late[ObjectIdentifier(row)] = row }

    mutating func set(_ text: FixedText, _ statement: Statement) {
        let place = Place(text: ObjectIdentifier(text), row: statement.values.last ?? .null)
        if let index = places[place] {
            set[index] = statement
        } else {
            places[place] = set.count
            set.append(statement)
        }
    }

    /// After what they belong to was rolled back.
    mutating func discard() {
        failure = nil
        forget()
    }

    private mutating func forget() {
        added.removeAll(keepingCapacity: true)
        set.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        late.removeAll(keepingCapacity: true)
    }

    mutating func carryOut(on connection: any Connection) throws {
        if let failure { throw failure }
        defer { forget() }
        do {
            for (text, rows) in added { try connection.add(text, rows) }
            for statement in set { try connection.send(statement) }
            for row in late.values { try connection.send(row.statement) }
        } catch {
            failure = error
            throw error
        }
    }
}

/// A row that is held in mind and written as it then is, at the latest before somebody could see the difference.
package protocol LateRow: AnyObject {
    /// Sets columns of the row, which is there.
    var statement: Statement { get }
}
