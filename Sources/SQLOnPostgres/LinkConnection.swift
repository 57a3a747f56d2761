import SQL

/// A link in the port's words, inside one transaction.
final class LinkConnection: Connection {
    let dialect = Dialect.postgres
    let link: Link

    init(_ link: Link) { self.link = link }

    func rows(_ sql: Statement) throws -> [Row] { try link.ask(sql).rows }

    func run(_ sql: Statement) throws -> Int { try link.ask(sql).changed }

    func send(_ sql: Statement) throws { try link.send(sql) }

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
