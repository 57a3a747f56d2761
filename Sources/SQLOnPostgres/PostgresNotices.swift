import Foundation
import Glibc
import SQL

/// Notices by `LISTEN` and `NOTIFY`, on one link and one thread of their own.
final class PostgresNotices: Notices {
    private struct State {
        var waiting: [(channel: String, payload: String)] = []
        var closed = false
        var ended = false
    }

    private let board = NoticeBoard()
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var state = State()
    /// Written to when there is something to send or to listen to, so that the thread wakes.
    private let bell = Bell()

    /// Channels of this program, apart from whatever else uses the database.
    private static let prefix = "qinke_"
    /// Notices sent in one statement.
    private static let most = 50

    init(_ links: sending Reconnecting) {
        // The thread's own from here on.
        nonisolated(unsafe) let owned = links
        let thread = Thread { [self] in work(owned) }
        thread.name = "qinke.notices"
        thread.start()
    }

    func publish(_ channel: String, _ payload: String) throws {
        try NoticeRules.check(channel, payload)
        condition.lock()
        defer { condition.unlock() }
        guard !state.closed else { throw NoticeFailure.closed }
        guard state.waiting.count < NoticeRules.waiting else { throw NoticeFailure.busy }
        state.waiting.append((channel, payload))
        ring()
    }

    func subscribe(
        _ channel: String, _ body: @escaping @Sendable (News) -> Void
    ) throws -> NoticeSubscription {
        try NoticeRules.check(channel)
        let subscription = board.add(channel, body)
        ring()
        return subscription
    }

    func close() {
        condition.lock()
        state.closed = true
        ring()
        while !state.ended { condition.wait() }
        condition.unlock()
    }

    private func ring() { bell.ring() }

    // MARK: - The thread

    private func work(_ links: Reconnecting) {
        while let batch = next() {
            do {
                try serve(links, batch)
            } catch {
                links.drop()
                // What waited is not kept: it says only "look there", and the gap that follows says the same.
                rest(links.pause)
            }
        }
        links.drop()
        condition.lock()
        state.ended = true
        condition.broadcast()
        condition.unlock()
    }

    /// Nil when closed and everything is sent.
    private func next() -> [(channel: String, payload: String)]? {
        condition.lock()
        defer { condition.unlock() }
        let batch = state.waiting
        state.waiting = []
        return state.closed && batch.isEmpty ? nil : batch
    }

    /// Works on one link until it is cut or everything ends.
    private func serve(_ links: Reconnecting, _ first: [(channel: String, payload: String)]) throws
    {
        // Nothing is connected for a process that neither tells nor asks.
        if first.isEmpty, board.channels.isEmpty { return rest(.seconds(60)) }
        let link = try links.get()
        var listening: Set<String> = []
        var batch: [(channel: String, payload: String)]? = first
        while let notices = batch {
            try listen(link, &listening)
            try send(notices, on: link)
            tell(link.notices())
            try wait(link)
            tell(try link.receive())
            batch = next()
        }
        // The outer loop sees the same and ends.
    }

    /// Makes the server's list of channels ours; who begins to listen may have missed something before.
    private func listen(_ link: Link, _ listening: inout Set<String>) throws {
        let wanted = Set(board.channels)
        guard wanted != listening else { return }
        let new = wanted.subtracting(listening)
        // Names are plain by ``NoticeRules``.
        for channel in new { try link.send(plain: "LISTEN \(Self.prefix)\(channel)") }
        for channel in listening.subtracting(wanted) {
            try link.send(plain: "UNLISTEN \(Self.prefix)\(channel)")
        }
        try link.settle()
        listening = wanted
        for channel in new.sorted() { board.tell(channel, .gap) }
    }

    private func send(_ notices: [(channel: String, payload: String)], on link: Link) throws {
        var rest = notices[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.most)
            rest = rest.dropFirst(part.count)
            var statement: Statement = "SELECT 1"
            for notice in part {
                statement =
                    statement + ", pg_notify(\(Self.prefix + notice.channel), \(notice.payload))"
            }
            _ = try link.ask(statement)
        }
    }

    private func tell(_ notices: [(channel: String, payload: String)]) {
        for notice in notices where notice.channel.hasPrefix(Self.prefix) {
            board.tell(String(notice.channel.dropFirst(Self.prefix.count)), .notice(notice.payload))
        }
    }

    private func wait(_ link: Link) throws {
        var wanted = [
            pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // Now and then a question, so that a link that was cut without a word is noticed.
        if poll(&wanted, 2, 15_000) == 0 { _ = try link.ask("SELECT 1") }
        bell.silence()
    }

    /// Waits without a link.
    private func rest(_ time: Duration) {
        var wanted = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(
            &wanted, 1, Int32(clamping: Int64(max(.milliseconds(20), time) / .milliseconds(1))))
        bell.silence()
    }
}
