import Desk
import Foundation
import NIOHTTP1
import Reconciliation
import Storage
import Synchronization

/// Keys that no other run makes.
enum ReplayKey {
    static func fresh() -> String { "r" + UUID().uuidString.filter { $0 != "-" } }
}

/// Plays dialogues through the public protocol and compares what both sides and the store hold in the end.
struct Replay: Sendable {
    struct Plan: Sendable {
        /// Dialogues played at the same time.
        var buyers = 20
        /// How many times faster than people; 0 = no pauses.
        var speed = 20.0
        var chaos = false
        var seed: UInt64 = 1
        /// How long the server may stay away.
        var patience = Duration.seconds(90)
        var logins: [(login: String, password: String)] = []
        var shop: String?
        /// What goes wrong on the way when `chaos` is set.
        var mood = ChaosProxy.Mood.everything
        /// What one side says in a row is sent without waiting for the answers between.
        var pipelined = false
        /// Conversations are handed on and given back now and then.
        var passesOn = false
    }

    /// One message that was said, as its sender knows it.
    struct Said: Sendable {
        let side: Dialogue.Side
        let key: String
        let text: String
        let began: ContinuousClock.Instant
        var number: Int?
    }

    /// One dialogue after it was played.
    struct Played: Sendable {
        let dialogue: Dialogue
        var conversation: String?
        var said: [Said] = []
        var acks: [Duration] = []
        var refused: [String] = []
        var unanswered = 0
        var buyer: ReplayClient?
        /// Whoever served it, the present owner last.
        var agents: [ReplayDesk.Agent] = []

        mutating func served(by agent: ReplayDesk.Agent) {
            agents.removeAll { $0.staff == agent.staff }
            agents.append(agent)
        }
    }

    let plan: Plan
    /// One server, or several nodes of one.
    let nodes: [PlainHTTP]
    let notebook: Notebook
    let progress: @Sendable (String) -> Void

    func run(_ dialogues: [Dialogue]) async throws -> ReplayReport {
        let clock = ContinuousClock()
        let began = clock.now
        // Questions over HTTP go to any node that is there; sockets go the bad way.
        let balancer =
            nodes.count > 1 ? try await ChaosProxy.open(to: nodes, mood: .nothing, seed: 0) : nil
        let http = balancer.map { PlainHTTP(host: "127.0.0.1", port: $0.port) } ?? nodes[0]
        let proxy =
            plan.chaos
            ? try await ChaosProxy.open(to: nodes, mood: plan.mood, seed: plan.seed) : nil
        let way = proxy.map { PlainHTTP(host: "127.0.0.1", port: $0.port) } ?? http
        let desk = try await ReplayDesk(
            logins: plan.logins, http: http, way: way, patience: plan.patience,
            chaos: plan.chaos ? 0.1 : 0, notebook: notebook)
        let round = Round(
            shop: plan.shop ?? desk.shop, desk: desk, http: http, way: way, done: Tally())
        let audit = ReplayAudit(notebook: notebook, desk: desk, http: http, patience: plan.patience)
        let total = dialogues.reduce(0) { $0 + $1.turns.count }
        try await withThrowingTaskGroup(of: Played.self) { group in
            var next = dialogues.makeIterator()
            for _ in 0..<max(1, plan.buyers) {
                guard let dialogue = next.next() else { break }
                group.addTask { try await play(dialogue, round) }
            }
            var finished = 0
            for try await played in group {
                finished += 1
                await audit.finish(played)
                progress("\(finished)/\(dialogues.count)  \(round.done.value)/\(total)")
                if let dialogue = next.next() { group.addTask { try await play(dialogue, round) } }
            }
        }
        for agent in desk.agents { await audit.add(agent.client.counts) }
        await desk.stop()
        await proxy?.close()
        await balancer?.close()
        notebook.close()
        var report = await audit.report()
        report.proxy = proxy?.figures
        report.dialogues = dialogues.count
        report.seconds = (clock.now - began) / .seconds(1)
        return report
    }

    /// What all dialogues of a run share.
    private struct Round: Sendable {
        let shop: String
        let desk: ReplayDesk
        let http: PlainHTTP
        let way: PlainHTTP
        let done: Tally
    }

    // MARK: - Playing

    private func play(_ dialogue: Dialogue, _ round: Round) async throws -> Played {
        let desk = round.desk
        var played = Played(dialogue: dialogue)
        let buyer = try await ReplayBuyer.open(
            shop: round.shop, name: dialogue.id, http: round.http, way: round.way,
            patience: plan.patience, chaos: plan.chaos ? 0.1 : 0, notebook: notebook)
        played.buyer = buyer
        var owner: ReplayDesk.Agent?
        var rest = dialogue.turns[...]
        turns: while let turn = rest.first {
            let row = row(of: rest, played)
            rest = rest.dropFirst(row.count)
            try await pause(for: turn.text)
            if let last = played.said.last?.number, let conversation = played.conversation {
                let listener = turn.side == .buyer ? buyer : owner?.client
                if let listener {
                    await wait { await listener.showsOrGone(last, of: conversation) }
                }
            }
            do {
                switch turn.side {
                case .buyer:
                    try await say(row, by: buyer, to: &played)
                case .agent:
                    guard let conversation = played.conversation else { continue }
                    let agent = try await desk.owner(of: conversation, patience: plan.patience)
                    owner = agent
                    played.served(by: agent)
                    try await say(row, by: agent.client, to: &played)
                    if plan.passesOn, Int.random(in: 0..<6) == 0 {
                        await desk.passOn(conversation, from: agent, toColleague: Bool.random())
                        owner = nil
                    }
                }
            } catch let refusal as ReplayClient.Refused {
                played.refused.append(refusal.description)
            } catch is ReplayClient.GaveUp {
                played.unanswered += 1
                break turns
            }
            for _ in row { round.done.add() }
        }
        await finish(&played, desk)
        return played
    }

    /// The next turn, with those of the same side after it when they go out together.
    private func row(of turns: ArraySlice<Dialogue.Turn>, _ played: Played) -> [Dialogue.Turn] {
        guard plan.pipelined, played.conversation != nil, let side = turns.first?.side else {
            return Array(turns.prefix(1))
        }
        return Array(turns.prefix { $0.side == side })
    }

    private func say(
        _ row: [Dialogue.Turn], by client: ReplayClient, to played: inout Played
    ) async throws {
        guard row.count > 1, let conversation = played.conversation else {
            for turn in row { try await say(turn, by: client, to: &played) }
            return
        }
        let began = ContinuousClock().now
        let keyed = row.map { ($0, ReplayKey.fresh()) }
        let first = played.said.count
        played.said += keyed.map {
            Said(side: $0.0.side, key: $0.1, text: $0.0.text, began: began)
        }
        try await withThrowingTaskGroup(of: (Int, ReplayClient.Ack).self) { group in
            for (place, (turn, key)) in keyed.enumerated() {
                group.addTask {
                    (place, try await client.say(turn.text, in: conversation, key: key))
                }
            }
            for try await (place, ack) in group {
                played.said[first + place].number = ack.number
                played.acks.append(ack.took)
            }
        }
        await client.look(at: conversation, by: notebook.newReading())
    }

    private func say(_ turn: Dialogue.Turn, by client: ReplayClient, to played: inout Played)
        async throws
    {
        let key = ReplayKey.fresh()
        let began = ContinuousClock().now
        played.said.append(Said(side: turn.side, key: key, text: turn.text, began: began))
        let ack = try await client.say(turn.text, in: played.conversation, key: key)
        played.said[played.said.count - 1].number = ack.number
        played.conversation = ack.conversation
        played.acks.append(ack.took)
        await client.look(at: ack.conversation, by: notebook.newReading())
    }

    /// As long as a person takes to read and type it, divided by the speed.
    private func pause(for text: String) async throws {
        guard plan.speed > 0 else { return }
        let seconds = min(12, 0.6 + 0.12 * Double(text.count)) / plan.speed
        try await Task.sleep(for: .seconds(seconds))
    }

    /// Looks every few milliseconds, for at most the patience.
    @discardableResult
    private func wait(_ condition: () async -> Bool) async -> Bool {
        let clock = ContinuousClock()
        let began = clock.now
        while clock.now - began < plan.patience {
            if await condition() { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return await condition()
    }

    /// Lets both sides see the end, then closes, so that the agent has room for the next buyer.
    private func finish(_ played: inout Played, _ desk: ReplayDesk) async {
        guard let conversation = played.conversation,
            let last = played.said.last(where: { $0.number != nil })?.number
        else { return }
        if let buyer = played.buyer {
            await wait { await buyer.showsOrGone(last, of: conversation) }
        }
        guard let agent = try? await desk.owner(of: conversation, patience: .seconds(20)) else {
            return
        }
        played.served(by: agent)
        await wait { await agent.client.showsOrGone(last, of: conversation) }
        let key = ReplayKey.fresh()
        try? await agent.client.command(
            ["type": "close", "conversation": conversation, "reason": "replayed", "key": key],
            key: key)
    }
}

/// How many turns were played so far.
private final class Tally: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}

/// Buyers of a replay.
enum ReplayBuyer {
    private struct Session: Decodable {
        let token: String
        let asOf: Int64
    }

    /// Begins a buyer's session and opens their window.
    static func open(
        shop: String, name: String, http: PlainHTTP, way: PlainHTTP, patience: Duration,
        chaos: Double, notebook: Notebook? = nil, identity: String? = nil
    ) async throws -> ReplayClient {
        var opening = ["shop": shop, "name": name]
        opening["identity"] = identity
        let body = String(decoding: try JSONEncoder().encode(opening), as: UTF8.self)
        let clock = ContinuousClock()
        let began = clock.now
        while true {
            do {
                let session: Session = try await http.ask(.POST, "/v1/buyer/sessions", body: body)
                    .decode()
                let client = ReplayClient(
                    .buyer(token: session.token), name: "buyer \(name)", http: way,
                    patience: patience, chaos: chaos, after: session.asOf, notebook: notebook)
                await client.start()
                return client
            } catch let failure as PlainHTTP.Failure
                where failure.status != 429 && failure.status < 500
            {
                throw failure
            } catch {
                if clock.now - began > patience { throw error }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }
}
