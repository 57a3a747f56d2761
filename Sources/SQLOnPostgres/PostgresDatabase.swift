package import SQL

/// PostgreSQL behind the port: one writing link with group commit, several reading ones, one for notices.
package final class PostgresDatabase: Database {
    /// Bounds and sizes of one database.
    package struct Settings: Sendable {
        /// Threads that read, each with its own connection.
        package var readers = 4
        /// Time for making a connection, in seconds.
        package var connectTimeout = 5
        /// Longest time of one statement, in milliseconds.
        package var statementTimeout = 30_000
        /// Longest wait for a lock of another node, in milliseconds.
        package var lockTimeout = 10_000
        /// How long writes wait for a server that is away before they are refused, in milliseconds.
        package var patience = 2_000
        package var group = GroupCommit.Limits()

        package init() {}

        var link: Link.Limits {
            Link.Limits(
                connect: connectTimeout, statement: statementTimeout, lock: lockTimeout,
                idleInTransaction: max(1_000, statementTimeout))
        }
    }

    package let dialect = Dialect.postgres
    package let address: PostgresAddress
    package let notices: any Notices
    private let commits: GroupCommit
    /// For work in the background, which would hold up the others' commits: by measure, a follower's batch now and then
    /// waits for the search index to be put in order, a third of a second.
    private let asides: GroupCommit
    private let readers: ReadingLinks

    /// Connects once, so that a wrong address or password is known at once; afterwards a server that goes away is waited
    /// for and found again.
    /// - Parameters:
    ///   - telling: runs what tells the callers of a commit.
    ///   - beforeCommit: runs inside every group's transaction, last.
    /// - Throws: ``SQLError/away(_:)``
    package init(
        _ address: PostgresAddress, settings: Settings = Settings(),
        telling: @escaping GroupCommit.Telling = { $0() },
        beforeCommit: @escaping @Sendable (Transaction, GroupMemory) throws -> Void
    ) throws {
        self.address = address
        let links = Reconnecting(address, settings.link, purpose: "writer")
        _ = try links.get()
        let writer = WritingLink(links, patience: .milliseconds(settings.patience))
        commits = GroupCommit(
            limits: settings.group, writer: writer, telling: telling,
            beforeCommit: beforeCommit)
        asides = GroupCommit(
            limits: settings.group,
            writer: WritingLink(
                Reconnecting(address, settings.link, purpose: "background"),
                patience: .milliseconds(settings.patience)),
            beforeCommit: beforeCommit)
        readers = ReadingLinks(count: settings.readers, address, settings.link)
        notices = PostgresNotices(Reconnecting(address, settings.link, purpose: "notices"))
    }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await readers.run(body)
    }

    package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await commits.write(body)
    }

    package func writeAside<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await asides.write(body)
    }

    package func submit<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T,
        done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) throws {
        try commits.submit(body, done: done)
    }

    package var slowCommitSeconds: Double { commits.slowCommitSeconds }

    package var figures: (waiting: Int, groups: Int, committed: Int) { commits.figures }

    package func close() throws {
        asides.close()
        commits.close()
        readers.stop()
        notices.close()
    }
}

/// Making and removing whole databases, for tests and for moving; nothing of it is part of serving.
package enum PostgresServer {
    /// Runs statements outside of any transaction, each by itself, on a link of its own.
    package static func run(_ statements: [String], at address: PostgresAddress) throws {
        let link = try Link(to: address, Link.Limits(), purpose: "administration")
        defer { link.close() }
        for statement in statements { _ = try link.ask(plain: statement) }
    }

    /// One question, on a link of its own.
    package static func rows(_ question: String, at address: PostgresAddress) throws -> [Row] {
        let link = try Link(to: address, Link.Limits(), purpose: "administration")
        defer { link.close() }
        return try link.ask(plain: question).rows
    }
}
