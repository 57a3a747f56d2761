package import SQL

/// Where a move stands, kept in the target in the same transactions as the rows themselves.
///
/// So whenever it is interrupted, what the place says is what is there.
package struct MovePlace: Sendable {
    /// Table → the last key that is in the target, and whether the table is whole.
    package private(set) var tables: [String: (after: [SQLValue]?, rows: Int, done: Bool)] = [:]

    static let table = "move_progress"
    /// The row that says whose data it is.
    private static let origin = ""

    /// Makes the place in an empty target, or finds it.
    ///
    /// - Parameter origin: a name of the data that is moved.
    /// - Throws: ``KeepingFailure`` when the target holds other data.
    init(in target: Transaction, origin: String) throws {
        let dialect = target.dialect
        let catalogue = try Catalogue(of: target)
        if catalogue.table(Self.table) == nil {
            for table in catalogue.kept where table.name != "migration" {
                guard try target.rows(table.page(after: nil, limit: 1)).isEmpty else {
                    throw KeepingFailure(
                        zh: "目的地已经有数据（表 \(table.name)）：请给一个空的库，原来的不会动",
                        en:
                            "the target holds data already (table \(table.name)): give an empty one; nothing was changed"
                    )
                }
            }
            try target.script(
                """
                CREATE TABLE \(Self.table) (
                    name TEXT NOT NULL PRIMARY KEY, after TEXT NOT NULL,
                    rows \(dialect.number) NOT NULL, done \(dialect.number) NOT NULL)\(dialect.strict)
                """)
            try target.run(
                "INSERT INTO move_progress (name, after, rows, done) VALUES (\(Self.origin), \(origin), 0, 0)"
            )
            return
        }
        for row in try target.rows("SELECT name, after, rows, done FROM move_progress") {
            let (name, after): (String, String) = (try row.get(0), try row.get(1))
            if name == Self.origin {
                guard after == origin else {
                    throw KeepingFailure(
                        zh: "目的地里是另一次没搬完的数据：请给一个空的库",
                        en: "the target holds an unfinished move of other data: give an empty one")
                }
            } else {
                tables[name] = (MoveKey.read(after), try row.get(2), try row.get(3))
            }
        }
    }

    static func save(
        _ name: String, after: [SQLValue], rows: Int, done: Bool, in target: Transaction
    ) throws {
        try target.run(
            """
            INSERT INTO move_progress (name, after, rows, done)
            VALUES (\(name), \(MoveKey.text(after)), \(rows), \(done))
            ON CONFLICT (name) DO UPDATE SET after = excluded.after,
                rows = move_progress.rows + excluded.rows, done = excluded.done
            """)
    }

    static func remove(in target: Transaction) throws {
        try target.script("DROP TABLE \(table)")
    }
}

/// A key as text.
///
/// A list of values, each with a letter for its kind: `i12 t=abc b00ff`; texts are in hexadecimal of their UTF-8 too.
package enum MoveKey {
    package static func text(_ key: [SQLValue]) -> String {
        key.map { value in
            switch value {
            case .null: "n"
            case .int(let number): "i\(number)"
            case .double(let number): "d\(number.bitPattern)"
            case .text(let text): "t" + hexadecimal(Array(text.utf8))
            case .blob(let bytes): "b" + hexadecimal(bytes)
            }
        }.joined(separator: " ")
    }

    /// Nil of an empty or foreign text.
    package static func read(_ text: String) -> [SQLValue]? {
        var key: [SQLValue] = []
        for word in text.split(separator: " ") {
            let rest = word.dropFirst()
            switch word.first {
            case "n": key.append(.null)
            case "i":
                guard let number = Int64(rest) else { return nil }
                key.append(.int(number))
            case "d":
                guard let bits = UInt64(rest) else { return nil }
                key.append(.double(Double(bitPattern: bits)))
            case "t":
                guard let bytes = bytes(rest) else { return nil }
                key.append(.text(String(decoding: bytes, as: UTF8.self)))
            case "b":
                guard let bytes = bytes(rest) else { return nil }
                key.append(.blob(bytes))
            default: return nil
            }
        }
        return key.isEmpty ? nil : key
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let utf8 = Array(digits.utf8)
        guard utf8.count % 2 == 0 else { return nil }
        return try? stride(from: 0, to: utf8.count, by: 2).map { place in
            let pair = String(decoding: utf8[place...place + 1], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { throw SQLError.corrupt(pair) }
            return byte
        }
    }
}
