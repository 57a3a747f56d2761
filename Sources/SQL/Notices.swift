import Foundation

/// Small news between the nodes that share a store: "something changed, look there".
///
/// What must not be lost is in the store; a notice only says that reading again is worth while. So the promise is small:
/// - A notice reaches every subscriber of its channel on every node, the publisher's own node included.
/// - Notices of one node arrive in the order in which that node published them.
/// - None comes twice, but some may be missing after the link was away; then every subscriber hears ``News/gap`` and reads
///   what it follows from its own checkpoint.
package protocol Notices: Sendable {
    /// Hands a notice over and returns at once; it may be called on any thread.
    ///
    /// - Parameter channel: lower-case letters, digits and `_`, at most 40 (``NoticeRules``).
    /// - Throws: ``NoticeFailure``. A link that is away is no failure here: the notice is dropped and the others hear of a gap.
    func publish(_ channel: String, _ payload: String) throws

    /// Calls `body` for every later notice of a channel until the subscription is ended or let go.
    ///
    /// `body` runs on a thread of the notices, one call after another, and must return soon.
    func subscribe(
        _ channel: String, _ body: @escaping @Sendable (News) -> Void
    ) throws -> NoticeSubscription

    /// Ends the link and all subscriptions.
    func close()
}

/// What a subscriber hears.
package enum News: Hashable, Sendable {
    case notice(String)
    /// The link was away and is back: anything may have been missed meanwhile.
    case gap
}

package enum NoticeFailure: Error, Hashable, Sendable {
    case channelName(String)
    /// Longer than ``NoticeRules/longest`` bytes.
    case tooLong(bytes: Int)
    /// More wait to be sent than ``NoticeRules/waiting``.
    case busy
    case closed
}

package enum NoticeRules {
    /// Bytes of UTF-8 in one payload.
    ///
    /// PostgreSQL takes 7,999; the rest is kept for what a driver puts around it.
    package static let longest = 7_900
    /// Notices that may wait to be sent.
    package static let waiting = 10_000

    package static func check(_ channel: String, _ payload: String = "") throws {
        let plain = channel.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
        }
        guard plain, (1...40).contains(channel.utf8.count) else {
            throw NoticeFailure.channelName(channel)
        }
        guard payload.utf8.count <= longest, !payload.utf8.contains(0) else {
            throw NoticeFailure.tooLong(bytes: payload.utf8.count)
        }
    }
}

/// Keeps one subscriber listening as long as it is held.
package final class NoticeSubscription: Sendable {
    private let stop: @Sendable () -> Void

    package init(_ stop: @escaping @Sendable () -> Void) { self.stop = stop }

    /// No call begins after this returns; one that is under way may still finish.
    package func end() { stop() }

    deinit { stop() }
}

/// Who listens to which channel: the part that every kind of ``Notices`` shares.
package final class NoticeBoard: Sendable {
    package typealias Listener = @Sendable (News) -> Void

    private struct State {
        var listeners: [String: [Int: Listener]] = [:]
        var next = 0
    }

    private let lock = NSLock()
    // Only touched while `lock` is held.
    nonisolated(unsafe) private var state = State()

    package init() {}

    /// The channels that somebody listens to.
    package var channels: [String] {
        lock.lock()
        defer { lock.unlock() }
        return state.listeners.keys.sorted()
    }

    package func add(_ channel: String, _ body: @escaping Listener) -> NoticeSubscription {
        lock.lock()
        defer { lock.unlock() }
        let number = state.next
        state.next += 1
        state.listeners[channel, default: [:]][number] = body
        return NoticeSubscription { [weak self] in self?.remove(channel, number) }
    }

    private func remove(_ channel: String, _ number: Int) {
        lock.lock()
        defer { lock.unlock() }
        state.listeners[channel]?[number] = nil
        if state.listeners[channel]?.isEmpty == true { state.listeners[channel] = nil }
    }

    package func tell(_ channel: String, _ news: News) {
        for listener in listeners(of: channel) { listener(news) }
    }

    package func tellAll(_ news: News) {
        for channel in channels { tell(channel, news) }
    }

    private func listeners(of channel: String) -> [Listener] {
        lock.lock()
        defer { lock.unlock() }
        return (state.listeners[channel] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Notices of a store that only one process uses: told to the subscribers of this process, on a thread of their own.
package final class InProcessNotices: Notices {
    private struct State {
        var waiting: [(channel: String, payload: String)] = []
        var closed = false
    }

    private let board = NoticeBoard()
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var state = State()

    package init() {
        let thread = Thread { [self] in work() }
        thread.name = "qinke.notices"
        thread.start()
    }

    package func publish(_ channel: String, _ payload: String) throws {
        try NoticeRules.check(channel, payload)
        condition.lock()
        defer { condition.unlock() }
        guard !state.closed else { throw NoticeFailure.closed }
        guard state.waiting.count < NoticeRules.waiting else { throw NoticeFailure.busy }
        state.waiting.append((channel, payload))
        condition.signal()
    }

    package func subscribe(
        _ channel: String, _ body: @escaping @Sendable (News) -> Void
    ) throws -> NoticeSubscription {
        try NoticeRules.check(channel)
        return board.add(channel, body)
    }

    package func close() {
        condition.lock()
        state.closed = true
        condition.signal()
        condition.unlock()
    }

    private func work() {
        while true {
            condition.lock()
            while state.waiting.isEmpty && !state.closed { condition.wait() }
            let batch = state.waiting
            state.waiting = []
            let closed = state.closed
            condition.unlock()
            for notice in batch { board.tell(notice.channel, .notice(notice.payload)) }
            if closed && batch.isEmpty { return }
        }
    }
}
