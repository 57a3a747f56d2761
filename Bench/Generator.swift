import Foundation
import NIOCore
import NIOPosix
import Sockets

/// Sends at a fixed rate whatever the answers do (open loop), so that a slow server cannot make the load easier.
///
/// One event loop does all of it. Latency counts from when a message was due, not from when it was sent.
struct Generator: Sendable {
    let loop: any EventLoop
    private let state: NIOLoopBound<LoadState>

    struct Step: Codable, Sendable {
        var rate: Int
        var seconds: Int
        var sent: Int
        var acknowledged: Int
        var delivered: Int
        var refused: Int
        /// Acknowledged per second of the whole step, its settling included.
        var throughput: Double
        var ack: Latency
        var delivery: Latency
        /// How late the generator itself was, p99 and worst, in milliseconds.
        var generator: Latency
        /// Whether everything was answered within ten seconds after the last was due.
        var settled: Bool
        var invalid: Int
        var faults: [String]

        /// Holds the rate: everything right, nothing refused, p99 of both below the bound.
        func holds(p99 bound: Double) -> Bool {
            settled && invalid == 0 && refused == 0 && ack.p99 < bound && delivery.p99 < bound
        }
    }

    /// Connects everybody and waits until all are live and the agents online.
    static func connect(_ entrance: Entrance, buyers: Int, agents: Int) async throws -> Generator {
        let agentPasses = try await entrance.agents(agents)
        let buyerPasses = try await entrance.buyers(buyers, agents: agents)
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let run = UInt32.random(in: 1 ... .max)
        let state = try await loop.submit {
            NIOLoopBound(LoadState(run: run, buyers: buyers, agents: agents), eventLoop: loop)
        }.get()
        let generator = Generator(loop: loop, state: state)
        for (index, pass) in agentPasses.enumerated() {
            let handle = try await entrance.client(pass, number: index).connect(on: loop) { _, _ in
                LoadSession(state: state, who: .agent(index))
            }.get()
            handle.send(masked: #"{"type":"hello"}"#)
            if !entrance.relay {
                handle.send(
                    masked:
                        #"{"type":"presence","key":"on-\#(run)-\#(index)","state":"online"}"#)
            }
            try await loop.submit { state.value.agents[index].handle = handle }.get()
        }
        for (index, pass) in buyerPasses.enumerated() {
            let handle = try await entrance.client(pass, number: index).connect(on: loop) { _, _ in
                LoadSession(state: state, who: .buyer(index))
            }.get()
            handle.send(masked: #"{"type":"hello"}"#)
            try await loop.submit { state.value.buyers[index].handle = handle }.get()
        }
        let online = entrance.relay ? 0 : agents
        guard
            await generator.wait(
                seconds: 20, until: { $0.allLive && $0.present >= online })
        else { throw PlainHTTP.Failure(description: "not everybody became live within 20 s") }
        return generator
    }

    /// One message of each buyer, one after another, until each has an agent: assignment is not what is measured.
    func warmUp() async throws {
        let buyers = try await loop.submit { state.value.buyers.count }.get()
        for buyer in 0..<buyers {
            loop.execute {
                let now = NIODeadline.now()
                state.value.say(buyer, due: now, now: now)
            }
            if buyer % 20 == 19 { _ = await wait(seconds: 5, until: \.settled) }
        }
        guard await wait(seconds: 20, until: \.settled) else {
            let open = try await loop.submit {
                (
                    state.value.buyers.count { !$0.unacknowledged.isEmpty },
                    state.value.buyers.count { !$0.undelivered.isEmpty }, state.value.faults
                )
            }.get()
            throw PlainHTTP.Failure(
                description: "after the first messages \(open.0) buyers have no ack and "
                    + "\(open.1) no agent; \(open.2)")
        }
    }

    /// Sends `rate` messages a second for `seconds`, evenly, and waits for all answers.
    func step(rate: Int, seconds: Int) async throws -> Step {
        let total = rate * seconds
        let start = NIODeadline.now() + .milliseconds(50)
        let done = loop.makePromise(of: Void.self)
        loop.execute {
            state.value.beginStep()
            let progress = NIOLoopBoundBox(0, eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
                let now = NIODeadline.now()
                let state = state.value
                var next = progress.value
                while next < total {
                    let due = start + .nanoseconds(Int64(next) * 1_000_000_000 / Int64(rate))
                    guard due <= now else { break }
                    state.say(next % state.buyers.count, due: due, now: now)
                    next += 1
                }
                progress.value = next
                if next == total {
                    task.cancel()
                    done.succeed()
                }
            }
        }
        try await done.futureResult.get()
        let settled = await wait(seconds: 10, until: \.settled)
        return try await loop.submit {
            let state = state.value
            let took = Double((NIODeadline.now() - start).nanoseconds) / 1e9
            return Step(
                rate: rate, seconds: seconds, sent: state.sent, acknowledged: state.acked,
                delivered: state.delivered, refused: state.refused,
                throughput: (Double(state.acked) / took).rounded(), ack: state.acks.report,
                delivery: state.deliveries.report, generator: state.lateness.report,
                settled: settled, invalid: state.invalid, faults: state.faults)
        }.get()
    }

    /// Raises the rate until it no longer holds, then halves the gap; returns every step.
    func find(from first: Int, p99 bound: Double, seconds: Int) async throws -> [Step] {
        var steps: [Step] = []
        var good = 0
        var bad: Int?
        var rate = first
        while steps.count < 16 {
            let step = try await step(rate: rate, seconds: seconds)
            steps.append(step)
            guard step.invalid == 0 else { break }
            if step.holds(p99: bound) {
                good = max(good, rate)
            } else {
                bad = min(bad ?? rate, rate)
            }
            if !step.settled, !(await wait(seconds: 60, until: \.settled)) { break }
            if let bad {
                guard good > 0 || bad > 200 else { break }
                if Double(bad - good) < Double(bad) * 0.06 { break }
                rate = good == 0 ? bad / 2 : (good + bad) / 2
            } else {
                rate = rate * 3 / 2
            }
        }
        return steps
    }

    /// What the store must hold: per conversation, the numbers and texts that were acknowledged.
    func acknowledged() async throws -> [String: [(number: Int, text: String)]] {
        try await loop.submit {
            let state = state.value
            var all: [String: [(number: Int, text: String)]] = [:]
            for (index, buyer) in state.buyers.enumerated() {
                guard let conversation = buyer.conversation else { continue }
                for (count, number) in buyer.numbers.enumerated() where number > 0 {
                    let key = MessageKey(run: state.run, buyer: index, number: count)
                    all[conversation, default: []].append((Int(number), Words.text(key)))
                }
            }
            return all
        }.get()
    }

    func close() async {
        let handles = try? await loop.submit {
            state.value.buyers.compactMap(\.handle) + state.value.agents.compactMap(\.handle)
        }.get()
        for handle in handles ?? [] { handle.close(.normal) }
        _ = await wait(seconds: 5) { state in
            state.buyers.allSatisfy { $0.handle?.isOpen != true }
        }
    }

    /// Whether the state comes to be so within the time; looked at every 5 ms.
    private func wait(
        seconds: Int, until ready: @escaping @Sendable (LoadState) -> Bool
    ) async -> Bool {
        let end = NIODeadline.now() + .seconds(Int64(seconds))
        let promise = loop.makePromise(of: Bool.self)
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
            let yes = ready(state.value)
            guard yes || NIODeadline.now() >= end else { return }
            task.cancel()
            promise.succeed(yes)
        }
        return (try? await promise.futureResult.get()) ?? false
    }
}

/// One buyer's or agent's socket.
final class LoadSession: SocketSession {
    enum Who: Sendable {
        case buyer(Int)
        case agent(Int)
    }
    private let state: NIOLoopBound<LoadState>
    private let who: Who

    init(state: NIOLoopBound<LoadState>, who: Who) {
        self.state = state
        self.who = who
    }

    func received(_ text: ByteBuffer) {
        switch who {
        case .buyer(let index): state.value.buyer(index, got: text)
        case .agent(let index): state.value.agent(index, got: text)
        }
    }

    func closed(_ why: SocketClose) {
        if why.by != .here {
            state.value.fault("\(who) was closed: \(why.code.rawValue) \(why.reason)")
        }
    }
}
