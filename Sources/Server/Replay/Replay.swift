import Desk
import Foundation
import NIOHTTP1
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
        var agents: [ReplayDesk.Agent] = []
    }

    let plan: Plan
    let http: PlainHTTP
    let progress: @Sendable (String) -> Void

    func run(_ dialogues: [Dialogue]) async throws -> ReplayReport {
        let clock = ContinuousClock()
        let began = clock.now
        let proxy =
            plan.chaos
            ? try await ChaosProxy.open(to: http.host, http.port, seed: plan.seed) : nil
        let way = proxy.map { PlainHTTP(host: "127.0.0.1", port: $0.port) } ?? http
        let desk = try await ReplayDesk(
            logins: plan.logins, http: http, way: way, patience: plan.patience,
            chaos: plan.chaos ? 0.1 : 0)
        let shop = plan.shop ?? desk.shop
        var report = ReplayReport()
        var spans: (ack: [Duration], delivery: [Duration]) = ([], [])
        let total = dialogues.reduce(0) { $0 + $1.turns.count }
        let done = Tally()
        try await withThrowingTaskGroup(of: Played.self) { group in
            var next = dialogues.makeIterator()
            for _ in 0..<max(1, plan.buyers) {
                guard let dialogue = next.next() else { break }
                group.addTask { try await play(dialogue, shop, desk, way, done) }
            }
            var finished = 0
            for try await played in group {
                finished += 1
                await audit(played, desk, &report, &spans)
                progress("\(finished)/\(dialogues.count)  \(done.value)/\(total)")
                if let dialogue = next.next() {
                    group.addTask { try await play(dialogue, shop, desk, way, done) }
                }
            }
        }
        for agent in desk.agents { Self.add(await agent.client.counts, to: &report) }
        await desk.stop()
        await proxy?.close()
        report.proxy = proxy?.figures
        report.dialogues = dialogues.count
        report.seconds = (clock.now - began) / .seconds(1)
        report.ack = .init(spans.ack)
        report.delivery = .init(spans.delivery)
        return report
    }

    private static func add(_ counts: ReplayClient.Counts, to report: inout ReplayReport) {
        report.reconnects += counts.reconnects
        report.resent += counts.resent
        report.gapsRepaired += counts.gaps
        report.duplicated += counts.doubled
        report.outOfOrder += counts.disordered
    }

    // MARK: - Playing

    private func play(
        _ dialogue: Dialogue, _ shop: String, _ desk: ReplayDesk, _ way: PlainHTTP, _ done: Tally
    ) async throws -> Played {
        var played = Played(dialogue: dialogue)
        let buyer = try await ReplayBuyer.open(
            shop: shop, name: dialogue.id, http: http, way: way, patience: plan.patience,
            chaos: plan.chaos ? 0.1 : 0)
        played.buyer = buyer
        var owner: ReplayDesk.Agent?
        turns: for turn in dialogue.turns {
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
                    try await say(turn, by: buyer, to: &played)
                case .agent:
                    guard let conversation = played.conversation else { continue }
                    let agent = try await desk.owner(of: conversation, patience: plan.patience)
                    owner = agent
                    if !played.agents.contains(where: { $0.staff == agent.staff }) {
                        played.agents.append(agent)
                    }
                    try await say(turn, by: agent.client, to: &played)
                }
            } catch let refusal as ReplayClient.Refused {
                played.refused.append(refusal.description)
            } catch is ReplayClient.GaveUp {
                played.unanswered += 1
                break turns
            }
            done.add()
        }
        await finish(&played, desk)
        return played
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
        if !played.agents.contains(where: { $0.staff == agent.staff }) {
            played.agents.append(agent)
        }
        await wait { await agent.client.showsOrGone(last, of: conversation) }
        let key = ReplayKey.fresh()
        try? await agent.client.command(
            ["type": "close", "conversation": conversation, "reason": "replayed", "key": key],
            key: key)
    }

    // MARK: - Auditing

    private func audit(
        _ played: Played, _ desk: ReplayDesk, _ report: inout ReplayReport,
        _ spans: inout (ack: [Duration], delivery: [Duration])
    ) async {
        let id = played.dialogue.id
        report.sent += played.said.count
        report.unanswered += played.unanswered
        report.refused += played.refused.count
        spans.ack += played.acks
        let acknowledged = played.said.filter { $0.number != nil }
        report.acknowledged += acknowledged.count
        for text in played.refused { report.find("refused", id, played.conversation, text) }
        if played.unanswered > 0 { report.find("unanswered", id, played.conversation, "") }
        if let buyer = played.buyer { Self.add(await buyer.counts, to: &report) }
        defer { report.dialogues += 1 }
        guard let conversation = played.conversation else {
            await played.buyer?.stop()
            return
        }
        guard let stored = await stored(conversation, desk) else {
            report.lost += acknowledged.count
            report.find("lost", id, conversation, "the store could not be read")
            await played.buyer?.stop()
            return
        }
        let said = stored.filter(\.isSaid)
        compare(played, said, conversation, &report)
        await compareWindows(played, said, conversation, &report, &spans)
        await played.buyer?.stop()
    }

    /// What the store holds, read past the proxy; tried for as long as a server may be away.
    private func stored(_ conversation: String, _ desk: ReplayDesk) async -> [WireMessage]? {
        guard let cookie = desk.agents.first?.cookie else { return nil }
        var found: [WireMessage]?
        await wait {
            found = try? await ReplayClient.all(of: conversation, cookie: cookie, http: http)
            return found != nil
        }
        return found
    }

    private func compare(
        _ played: Played, _ stored: [WireMessage], _ conversation: String,
        _ report: inout ReplayReport
    ) {
        let id = played.dialogue.id
        let byKey = Dictionary(grouping: stored, by: \.key)
        var newest = 0
        for said in played.said {
            let copies = byKey[said.key] ?? []
            if let first = copies.first {
                report.stored += 1
                if first.text != said.text || (said.number.map { $0 != first.number } ?? false) {
                    report.lost += 1
                    report.find(
                        "lost", id, conversation, "№\(first.number) is not what was acknowledged")
                }
                if first.number <= newest {
                    report.outOfOrder += 1
                    report.find(
                        "out of order", id, conversation, "№\(first.number) after №\(newest)")
                }
                newest = max(newest, first.number)
            } else if said.number != nil {
                report.lost += 1
                report.find(
                    "lost", id, conversation,
                    "№\(said.number ?? 0) was acknowledged and is not stored")
            }
            if copies.count > 1 {
                report.duplicated += copies.count - 1
                report.find("duplicated", id, conversation, "key \(said.key)")
            }
        }
        let keys = Set(played.said.map(\.key))
        for stranger in stored where !keys.contains(stranger.key) {
            report.duplicated += 1
            report.find(
                "duplicated", id, conversation, "№\(stranger.number) was said by nobody here")
        }
        if Set(stored.map(\.number)).count != stored.count {
            report.duplicated += 1
            report.find("duplicated", id, conversation, "one number twice")
        }
    }

    /// Both windows must show what the store holds, in its order.
    private func compareWindows(
        _ played: Played, _ stored: [WireMessage], _ conversation: String,
        _ report: inout ReplayReport,
        _ spans: inout (ack: [Duration], delivery: [Duration])
    ) async {
        let began = Dictionary(
            played.said.map { ($0.key, $0.began) }, uniquingKeysWith: { first, _ in first })
        let windows: [(Dialogue.Side, ReplayClient)] =
            (played.buyer.map { [(.buyer, $0)] } ?? [])
            + (played.agents.last.map { [(.agent, $0.client)] } ?? [])
        for (side, window) in windows {
            let others = stored.filter { ($0.author.kind == "buyer") != (side == .buyer) }
            await wait(atMost: .seconds(10)) {
                let shown = Set(await window.said(in: conversation).map(\.id))
                return others.allSatisfy { shown.contains($0.id) }
            }
            let shown = await window.said(in: conversation)
            let byID = Dictionary(
                shown.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let seen = await window.seen
            for message in others {
                if let copy = byID[message.id], copy.number == message.number,
                    copy.text == message.text
                {
                    report.delivered += 1
                    if let began = began[message.key], let at = seen[message.id] {
                        spans.delivery.append(at - began)
                    }
                } else {
                    report.lost += 1
                    report.find(
                        "lost", played.dialogue.id, conversation,
                        "№\(message.number) never reached the \(side.rawValue)")
                }
            }
        }
    }

    private func wait(atMost time: Duration, _ condition: () async -> Bool) async {
        let clock = ContinuousClock()
        let began = clock.now
        while clock.now - began < time {
            if await condition() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
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
    private struct Session: Decodable { let token: String }

    /// Begins a buyer's session and opens their window.
    static func open(
        shop: String, name: String, http: PlainHTTP, way: PlainHTTP, patience: Duration,
        chaos: Double
    ) async throws -> ReplayClient {
        let body = String(
            decoding: try JSONEncoder().encode(["shop": shop, "name": name]), as: UTF8.self)
        let clock = ContinuousClock()
        let began = clock.now
        while true {
            do {
                let session: Session = try await http.ask(.POST, "/v1/buyer/sessions", body: body)
                    .decode()
                let client = ReplayClient(
                    .buyer(token: session.token), http: way, patience: patience, chaos: chaos)
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
