import Desk
import Foundation
import Hummingbird
import NIOCore
package import Realtime
import Storage
import Synchronization

/// The outbox of a long poll: frames wait here for the client's next request.
final class PollOutlet: Outlet {
    private struct State {
        var frames: [String] = []
        var bytes = 0
        var closed = false
        var waiter: CheckedContinuation<Void, Never>?
        var seen: Instant
    }

    /// Bytes that may wait; beyond, the session ends and the client resumes by number.
    private static let limit = 1 << 20
    private let state: Mutex<State>

    init(at: Instant) { state = Mutex(State(seen: at)) }

    func add(_ text: String) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.closed else { return nil }
            state.frames.append(text)
            state.bytes += text.utf8.count
            if state.bytes > Self.limit {
                state.closed = true
                state.frames = []
            }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func close(_ code: UInt16, reason: String) {
        let waiter = state.withLock { state in
            state.closed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    var isClosed: Bool { state.withLock { $0.closed } }
    var seen: Instant { state.withLock { $0.seen } }

    /// What waits, or the first thing that comes within the time.
    func take(within seconds: Int, at: Instant) async -> [String] {
        state.withLock { $0.seen = at }
        let deadline = Task { [self] in
            try? await Task.sleep(for: .seconds(seconds))
            giveUp()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (resume, former) = state.withLock {
                    state -> (Bool, CheckedContinuation<Void, Never>?) in
                    // Only the newest request of a client waits.
                    let former = state.waiter
                    state.waiter = nil
                    guard state.frames.isEmpty && !state.closed && !Task.isCancelled else {
                        return (true, former)
                    }
                    state.waiter = continuation
                    return (false, former)
                }
                former?.resume()
                if resume { continuation.resume() }
            }
        } onCancel: {
            giveUp()
        }
        deadline.cancel()
        return state.withLock { state in
            defer {
                state.frames = []
                state.bytes = 0
            }
            return state.frames
        }
    }

    private func giveUp() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}

/// The open long polls of this node, by an id that cannot be guessed.
package final class LongPolls: Sendable {
    private struct Poll {
        let link: Link
        let outlet: PollOutlet
    }

    /// Polls that may be open; one more is refused as busy.
    private static let limit = 20_000
    private let desk: ConversationDesk
    private let polls = Mutex<[String: Poll]>([:])

    package init(desk: ConversationDesk) { self.desk = desk }

    private struct Body: Decodable {
        let frames: [RawFrame]?
    }

    /// A frame inside the body, kept as JSON.
    private struct RawFrame: Decodable {
        let frame: ClientFrame?
        let unusable: ClientFrame.Unusable?

        init(from decoder: any Decoder) throws {
            let value = try AnyJSON(from: decoder)
            let bytes = ByteBuffer(bytes: try JSON.data(value))
            do throws(ClientFrame.Unusable) {
                frame = try ClientFrame(bytes)
                unusable = nil
            } catch {
                frame = nil
                unusable = error
            }
        }
    }

    package var routes: [Route] {
        [
            .either(.post, "/v1/poll", nil) { request, visit, caller in
                let body = try await visit.requestDecoder.decode(
                    Body.self, from: request, context: visit)
                self.sweep()
                guard self.polls.withLock({ $0.count }) < Self.limit else { throw Refusal.busy }
                let outlet = PollOutlet(at: self.desk.clock())
                let poll = Poll(link: self.desk.open(caller, outlet: outlet), outlet: outlet)
                let id = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
                    .joined()
                self.polls.withLock { $0[id] = poll }
                self.hand(body, to: poll)
                return self.answer(await outlet.take(within: 2, at: self.desk.clock()), id)
            },
            .either(.post, "/v1/poll/{id}", nil) { request, visit, caller in
                let id = try visit.parameters.require("id")
                let body = try await visit.requestDecoder.decode(
                    Body.self, from: request, context: visit)
                guard let poll = self.polls.withLock({ $0[id] }),
                    poll.link.session.caller.isSame(as: caller),
                    !poll.outlet.isClosed
                else {
                    self.end(id)
                    throw Refusal(
                        .unknown, "poll.unknown", zh: "连接已失效，请重新连接",
                        en: "This poll is over; open a new one", retry: true)
                }
                self.hand(body, to: poll)
                let frames = await poll.outlet.take(
                    within: self.desk.settings.pollSeconds, at: self.desk.clock())
                return self.answer(frames, id)
            },
        ]
    }

    private func hand(_ body: Body, to poll: Poll) {
        for frame in body.frames ?? [] {
            if let usable = frame.frame {
                poll.link.received(usable)
            } else if let unusable = frame.unusable {
                desk.hub.answer(Frames.refusal(unusable.key, unusable.refusal), poll.link.session)
            }
        }
    }

    private func answer(_ frames: [String], _ id: String) -> Response {
        .json(
            bytes: ByteBuffer(
                string: #"{"frames":["# + frames.joined(separator: ",") + #"],"poll":"\#(id)"}"#))
    }

    private func end(_ id: String) {
        polls.withLock { $0.removeValue(forKey: id) }?.link.closed()
    }

    /// The server stops: every poll is answered with what there is, and its client opens a new one, on whatever node.
    package func endAll() {
        let ids = polls.withLock { Array($0.keys) }
        for id in ids {
            polls.withLock { $0[id] }?.outlet.close(1001, reason: "server stops")
            end(id)
        }
    }

    /// Ends the polls that did not come back.
    package func sweep() {
        let idle = Span.seconds(desk.settings.pollIdleSeconds + desk.settings.pollSeconds)
        let at = desk.clock()
        let gone = polls.withLock { polls in
            polls.filter { at - $0.value.outlet.seen > idle || $0.value.outlet.isClosed }.map(\.key)
        }
        for id in gone { end(id) }
    }
}

extension Principal {
    fileprivate func isSame(as other: Principal) -> Bool {
        switch (self, other) {
        case (.staff(let a), .staff(let b)): a.id == b.id
        case (.buyer(let a), .buyer(let b)): a.id == b.id
        default: false
        }
    }
}

/// Any JSON, to pass a part of a body on.
private enum AnyJSON: Codable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([AnyJSON])
    case object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let int = try? value.decode(Int64.self) {
            self = .int(int)
        } else if let double = try? value.decode(Double.self) {
            self = .double(double)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([AnyJSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: AnyJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
