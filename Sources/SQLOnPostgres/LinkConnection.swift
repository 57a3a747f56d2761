import SQL

/// A link in the port's words, inside one transaction.
final class LinkConnection: Connection {
    let dialect = Dialect.postgres
    let link: Link

    init(_ link: Link) { self.link = link }

    func rows(_ sql: Statement) throws -> [Row] { try link.ask(sql).rows }

    func run(_ sql: Statement) throws -> Int { try link.ask(sql).changed }

    func send(_ sql: Statement) throws { try link.send(sql) }

    /// Many rows in one statement; a few sizes only, so that few statements are prepared.
    func add(_ text: FixedText, _ rows: [[SQLValue]]) throws {
        var left = rows[...]
        while !left.isEmpty {
            let count = Self.sizes.first { $0 <= left.count } ?? 1
            try link.send(
                Statement(link.text(text, rows: count), left.prefix(count).flatMap(\.self)))
            left = left.dropFirst(count)
        }
    }

    private static let sizes = [64, 16, 4, 1]

    func settle() throws { try link.settle() }

    func script(_ text: String) throws {
        if text.hasPrefix("ROLLBACK TO") {
            // What failed is undone by this; what was queued behind the failure was skipped by the server.
            if !link.isAlive { try link.settle() }
            try? link.settle()
            link.forgetFailure()
        }
        try link.script(text)
    }
}
