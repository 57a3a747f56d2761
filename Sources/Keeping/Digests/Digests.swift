package import SQL
import Storage

/// One table's content in short: how many rows it holds and a digest of all of them, the same on every engine.
package struct TableDigest: Codable, Hashable, Sendable {
    package let table: String
    package let rows: Int
    /// ``RowSum``'s text.
    package let digest: String

    package init(table: String, rows: Int, digest: String) {
        self.table = table
        self.rows = rows
        self.digest = digest
    }
}

/// The digests of a store's tables, found in the store itself.
package struct Digests: Codable, Hashable, Sendable {
    /// By table; rebuildable ones are left out, see ``Rebuildable``.
    package let tables: [TableDigest]

    package init(tables: [TableDigest]) { self.tables = tables }

    /// Reads every row once; all within the transaction's one instant.
    ///
    /// - Parameters:
    ///   - names: tables that are not read.
    ///   - progress: called now and then with a table and the rows of it read so far.
    package init(
        of transaction: Transaction, leavingOut names: Set<String> = [],
        progress: (String, Int) -> Void = { _, _ in }
    ) throws {
        let kept = try Catalogue(of: transaction).kept.filter { !names.contains($0.name) }
        tables = try kept.map { table in
            var sum = RowSum(heading: [table.name] + table.columns.map(\.name))
            try table.forEachPage(in: transaction) { rows in
                for row in rows { sum.add(row.values) }
                progress(table.name, sum.rows)
            }
            return TableDigest(table: table.name, rows: sum.rows, digest: sum.text)
        }
    }

    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }

    /// Without what describes the engine's own schema: the steps' texts differ between engines.
    package var portable: Digests { Digests(tables: tables.filter { $0.table != "migration" }) }

    /// The tables that are not the same in both, by name.
    package func differing(from other: Digests) -> [String] {
        Set(Set(tables).symmetricDifference(other.tables).map(\.table)).sorted()
    }
}

extension Catalogue {
    /// The tables that say something by themselves.
    package var kept: [Table] {
        tables.filter { !Rebuildable.isPart($0.name) && !Mover.isOwn($0.name) }
    }
}

extension Catalogue.Table {
    /// Bytes that one page should hold about.
    private static let pageBytes = 4 << 20

    /// Reads the table from its beginning to its end, in pages of a few MiB.
    func forEachPage(
        in transaction: Transaction, after first: [SQLValue]? = nil,
        _ body: ([Row]) throws -> Void
    ) throws {
        guard !key.isEmpty else {
            throw KeepingFailure(
                zh: "表 \(name) 没有主键，不能逐行核对", en: "the table \(name) has no key to walk along")
        }
        let condition = Rebuildable.condition(of: name)
        var after = first
        var limit = 256
        while true {
            let rows = try transaction.rows(page(after: after, limit: limit, where: condition))
            guard let last = rows.last else { return }
            try body(rows)
            guard rows.count == limit else { return }
            after = key(of: last)
            let each = max(1, rows.reduce(0) { $0 + $1.size } / rows.count)
            limit = min(4_096, max(1, Self.pageBytes / each))
        }
    }
}

extension Row {
    /// Bytes of its values, about.
    var size: Int {
        values.reduce(0) { sum, value in
            switch value {
            case .null: sum + 1
            case .int, .double: sum + 8
            case .text(let text): sum + text.utf8.count
            case .blob(let blob): sum + blob.count
            }
        }
    }
}
