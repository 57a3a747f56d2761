import Desk
import Foundation
import NIOCore
import NIOHTTP1
import Reconciliation
import Sockets

/// One buyer's window or agent's desk in a replay, keeping the rules of the real clients: a key for every act, sent again
/// until it is acknowledged; resuming after the last event seen; re-reading when numbers show a gap.
actor ReplayClient {
    enum Side: Sendable, Hashable {
        case buyer(token: String)
        case agent(cookie: String, staff: String)
    }

    private struct Pending {
        let key: String
        let frame: String
        /// What it says, when it is a message.
        let text: String?
        let at: ContinuousClock.Instant
        var sentAt: ContinuousClock.Instant?
        let answer: CheckedContinuation<WireFrame, any Error>
    }

    nonisolated let side: Side
    /// In the history: `buyer 3`.
    nonisolated let name: String
    private let notebook: Notebook?
    let http: PlainHTTP
    /// How long a server may stay away.
    let patience: Duration
    private let chaos: Double
    let clock = ContinuousClock()

    /// Between two commands of one client in the long run; the server takes thirty a second.
    private static let gap = Duration.milliseconds(36)
    private var nextSlot: ContinuousClock.Instant

    private(set) var link: SocketLink?
    /// The server said welcome: commands may be given.
    private var greeted = false
    /// The past was told: from here on, numbers rise with the log.
    private(set) var live = false
    private var after: Int64?
    private var pending: [Pending] = []
    private(set) var stopped = false
    private(set) var gone = false
    private var running: Task<Void, Never>?
    /// Conversations that are being read anew, and whether that is wanted once more.
    var reading: [String: Bool] = [:]
    private(set) var counts = Counts()
    /// What this window shows, by conversation and number.
    private(set) var timelines: [String: [Int: WireMessage]] = [:]
    /// When a message by somebody else was first seen, by its id.
    private(set) var seen: [String: ContinuousClock.Instant] = [:]
    /// Conversations that this agent owns.
    private(set) var owned: Set<String> = []
    /// Conversations that ended, and those in which a rating is asked for.
    private(set) var closed: Set<String> = []
    private(set) var invited: Set<String> = []

    /// - Parameters:
    ///   - chaos: the share of frames that are sent twice on purpose.
    ///   - after: up to which event this side has read already.
    init(
        _ side: Side, name: String = "", http: PlainHTTP, patience: Duration, chaos: Double = 0,
        after: Int64? = nil, notebook: Notebook? = nil
    ) {
        self.side = side
        self.after = after
        self.name = name
        self.notebook = notebook
        self.http = http
        self.patience = patience
        self.chaos = chaos
        nextSlot = clock.now
    }

    // MARK: - Connecting

    func start() {
        running = Task { await run() }
    }

    func stop() async {
        stopped = true
        link?.close()
        running?.cancel()
        await running?.value
        dropPending()
    }

    private func dropPending() {
        for one in pending {
            if one.text != nil { note(.unanswered) { $0.key = one.key } }
            one.answer.resume(throwing: GaveUp())
        }
        pending = []
    }

    nonisolated var kind: Actor.Kind { if case .buyer = side { .buyer } else { .agent } }

    /// Writes a line into the history.
    nonisolated func note(_ what: ClientNote.What, _ fill: (inout ClientNote) -> Void) {
        notebook?.write(what, by: name, kind, fill)
    }

    private var socket: SocketClient {
        let address = SocketClient.Address(host: http.host, port: http.port, path: "/v1/socket")
        switch side {
        case .buyer(let token):
            return SocketClient(
                address, headers: [("Origin", http.origin)],
                subprotocols: ["qinke.v1", "bearer.\(token)"])
        case .agent(let cookie, _):
            return SocketClient(
                address, headers: [("Origin", http.origin), ("Cookie", cookie)],
                subprotocols: ["qinke.v1"])
        }
    }

    private func run() async {
        var pause = Duration.milliseconds(50)
        var lostAt: ContinuousClock.Instant?
        while !stopped {
            do {
                let link = try await SocketLink.open(socket)
                self.link = link
                link.send(hello)
                while !stopped, let text = await next(of: link) {
                    if live { (pause, lostAt) = (.milliseconds(50), nil) }
                    handle(text, link)
                }
                link.close()
            } catch {
                // Refused, reset or not there: tried again below until patience ends.
            }
            link = nil
            greeted = false
            live = false
            if stopped { break }
            counts.reconnects += 1
            let since = lostAt ?? clock.now
            lostAt = since
            if clock.now - since > patience { break }
            try? await Task.sleep(for: pause * Double.random(in: 0.5...1.5))
            pause = min(pause * 2, .seconds(1))
        }
        gone = true
        dropPending()
    }

    private var hello: String {
        after.map { #"{"type":"hello","after":\#($0)}"# } ?? #"{"type":"hello"}"#
    }

    /// The next frame; nil when the link is over or has been silent for 40 seconds, a ping unanswered.
    private func next(of link: SocketLink) async -> ByteBuffer? {
        await withTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { await link.next() }
            group.addTask {
                try? await Task.sleep(for: .seconds(20))
                if Task.isCancelled { return nil }
                link.send(#"{"type":"ping"}"#)
                try? await Task.sleep(for: .seconds(20))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    // MARK: - What arrives

    private func handle(_ text: ByteBuffer, _ link: SocketLink) {
        guard
            let frame = try? JSONDecoder().decode(
                WireFrame.self, from: Data(text.readableBytesView))
        else { return }
        switch frame.type {
        case "welcome":
            greeted = true
            for index in pending.indices { transmit(index, link) }
        case "live":
            live = true
            if let event = frame.event { after = max(after ?? 0, event) }
        case "reset":
            live = true
            after = frame.event
            let known = Array(timelines.keys)
            for conversation in known { read(conversation) }
            if case .buyer = side, known.isEmpty { read("") }
            if case .agent = side { readInbox() }
        case "event":
            note(.got) { note in
                (note.event, note.kind, note.conversation) = (
                    frame.event, frame.kind, frame.conversation
                )
                guard let message = frame.body?.message else { return }
                (note.number, note.id, note.text) = (message.number, message.id, message.text)
            }
            guard let number = frame.event, number > after ?? -1 else { return }
            after = number
            happened(frame)
        case "ack":
            // Before `live` the past is still on its way, so an answer's number must not be resumed after.
            if live, let event = frame.event { after = max(after ?? 0, event) }
            answer(frame)
        case "refusal":
            refuse(frame, link)
        default:
            break
        }
    }

    private func happened(_ frame: WireFrame) {
        guard let conversation = frame.conversation else { return }
        switch frame.kind {
        case "message.sent":
            guard let message = frame.body?.message else { return }
            take(message, in: conversation, by: .event)
        case "conversation.assigned":
            guard case .agent(_, let staff) = side else { return }
            if frame.body?.owner?.id == staff {
                owned.insert(conversation)
                read(conversation)
            } else {
                owned.remove(conversation)
            }
        case "conversation.closed":
            owned.remove(conversation)
            closed.insert(conversation)
        case "conversation.ratingInvited":
            invited.insert(conversation)
        case "conversation.queued", "conversation.returned":
            owned.remove(conversation)
        case "conversation.reopened":
            closed.remove(conversation)
        default:
            break
        }
    }

    /// The agent learns by reading that a conversation is theirs.
    func adopt(_ conversation: String) {
        guard owned.insert(conversation).inserted else { return }
        read(conversation)
    }

    /// How a message reached this window.
    enum Way {
        /// By itself: its place is a promise of the server's.
        case event
        /// As the answer to what this window said, after the events of the same act.
        case ack
        case reading
    }

    func take(_ message: WireMessage, in conversation: String, by way: Way) {
        let known = timelines[conversation] ?? [:]
        if let old = known[message.number] {
            if old.id != message.id { counts.doubled += 1 }
            return
        }
        // Before `live` the past may come after the answer to something newer.
        if way == .event, live, let newest = known.keys.max(), message.number < newest {
            counts.disordered += 1
        }
        if way != .reading {
            let before =
                if case .buyer = side {
                    known.values.filter { $0.audience == "all" }.map(\.number).max() ?? 0
                } else { known.keys.max() ?? 0 }
            let expected = if case .buyer = side { message.follows } else { message.number - 1 }
            if expected > before {
                if !known.isEmpty { counts.gaps += 1 }
                read(conversation)
            }
        }
        timelines[conversation, default: [:]][message.number] = message
        if seen[message.id] == nil { seen[message.id] = clock.now }
    }

    // MARK: - Asking

    /// Gives a command and waits for its answer, through any number of connections.
    @discardableResult
    func command(_ fields: [String: String], key: String) async throws -> WireFrame {
        if gone || stopped { throw GaveUp() }
        let slot = max(clock.now, nextSlot)
        nextSlot = max(nextSlot, clock.now - Self.gap * 50) + Self.gap
        if slot - clock.now > Self.gap { try await Task.sleep(until: slot, clock: clock) }
        return try await send(Self.json(fields), key: key, text: fields["text"])
    }

    @discardableResult
    func send(_ frame: String, key: String, text: String?) async throws -> WireFrame {
        return try await withCheckedThrowingContinuation { continuation in
            pending.append(
                Pending(
                    key: key, frame: frame, text: text, at: clock.now,
                    answer: continuation))
            if let link, greeted { transmit(pending.count - 1, link) }
            let limit = patience * 2
            Task {
                try? await Task.sleep(for: limit)
                giveUp(key)
            }
        }
    }

    static func json(_ fields: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(fields), as: UTF8.self)
    }

    private func transmit(_ index: Int, _ link: SocketLink) {
        if pending[index].sentAt != nil { counts.resent += 1 }
        pending[index].sentAt = clock.now
        link.send(pending[index].frame)
        if chaos > 0, Double.random(in: 0..<1) < chaos {
            counts.resent += 1
            link.send(pending[index].frame)
        }
    }

    /// A server that is there and never answers is as bad as one that is not there.
    private func giveUp(_ key: String) {
        guard let index = pending.firstIndex(where: { $0.key == key }) else { return }
        let one = pending.remove(at: index)
        if one.text != nil { note(.unanswered) { $0.key = key } }
        one.answer.resume(throwing: GaveUp())
    }

    private func answer(_ frame: WireFrame) {
        guard let key = frame.key, let index = pending.firstIndex(where: { $0.key == key }) else {
            return
        }
        let one = pending.remove(at: index)
        // The window that said it gets the answer instead of its own event.
        if let text = one.text, let id = frame.id, let number = frame.number,
            let conversation = frame.conversation
        {
            note(.acked) {
                ($0.key, $0.conversation, $0.number, $0.id, $0.event) = (
                    key, conversation, number, id, frame.event
                )
            }
            let message = WireMessage(
                id: id, number: number, follows: frame.follows ?? number - 1, key: key,
                author: .init(kind: kind.rawValue, id: nil, name: ""), kind: "text", text: text,
                audience: "all")
            take(message, in: conversation, by: .ack)
        }
        one.answer.resume(returning: frame)
    }

    private func refuse(_ frame: WireFrame, _ link: SocketLink) {
        guard let key = frame.key, let error = frame.error,
            let index = pending.firstIndex(where: { $0.key == key })
        else { return }
        if error.retry {
            Task {
                try? await Task.sleep(for: .milliseconds(200))
                if let again = pending.firstIndex(where: { $0.key == key }), greeted,
                    let link = self.link
                {
                    transmit(again, link)
                }
            }
        } else {
            let one = pending.remove(at: index)
            if one.text != nil {
                note(.refused) {
                    ($0.key, $0.conversation, $0.text) = (key, frame.conversation, error.code)
                }
            }
            one.answer.resume(throwing: Refused(code: error.code, message: error.message))
        }
    }
}
