import Desk
import SQL
import Storage
import TestSupport
import Testing

/// The store's conversations against the model: keys, merging, routing, presence and the log included.
@Suite struct ModelTests {
    @Test(arguments: Engine.allCases)
    func `a store agrees with the model in hundreds of stories`(engine: Engine) async throws {
        let run = ModelRun<StoreDesk>(looksAlways: false) { try await StoreDesk(engine) }
        let difference = try await run.difference(seeds: engine == .sqlite ? 60 : 15, length: 90)
        #expect(difference == nil, "\(difference ?? "")")
    }
}

/// The real thing on a real store.
private struct StoreDesk: ModelSubject {
    static let isWhole = true

    private let store: TestStore
    private var talks: [ConversationID] = []

    init(_ engine: Engine) async throws {
        store = try await engine.store().withShop()
        for worker in ReferenceDesk(now: 0).workers {
            _ = try await store.agent(
                worker.id, worker.name, cap: worker.cap,
                groups: worker.inGroup ? [GroupID(ReferenceDesk.group)] : [])
        }
    }

    mutating func act(_ who: Who, talk: Int?, _ deed: Deed, key: String) async throws -> Outcome {
        var groups: Set<GroupID> = []
        if case .agent(let place) = who, ReferenceDesk(now: 0).workers[place].inGroup {
            groups = [GroupID(ReferenceDesk.group)]
        }
        let command = ConversationCommand(deed, key: key) { talks[$0] }
        do {
            let answer = try await store.perform(
                command, key: key, in: talk.map { talks[$0] }, by: Participant(who),
                groups: groups)
            if !talks.contains(answer.conversation) { talks.append(answer.conversation) }
            return .done(
                talk: talks.firstIndex(of: answer.conversation), number: answer.number)
        } catch let refusal as Refusal {
            return .refused(refusal.code)
        }
    }

    func presence(_ agent: Int, online: Bool) async throws {
        let staff = StaffID(ReferenceDesk(now: 0).workers[agent].id)
        try await store.carryOut(in: store.shop, as: .system) { act in
            let known = try PresenceStore.load(staff, of: act.shop, in: act.transaction)
            var presence = try #require(known)
            presence.state = online ? .online : .offline
            try PresenceStore.save(presence, of: act.shop, in: act.transaction)
            if online {
                _ = try Route.drainQueue(limit: 100, policy: .default, act: act)
            } else {
                _ = try Route.release(
                    from: staff, waitingSince: nil, because: .ownerGone, policy: .default, act: act)
            }
        }
    }

    func drain() async throws {
        try await store.carryOut(in: store.shop, as: .system) { act in
            _ = try Route.drainQueue(limit: 100, policy: .default, act: act)
        }
    }

    func wakeDue() async throws {
        try await store.carryOut(in: store.shop, as: .system) { act in
            _ = try Route.wakeDue(limit: 100, policy: .default, act: act)
        }
    }

    func pass(_ milliseconds: Int64) { store.clock.advance(Span(milliseconds: milliseconds)) }

    /// What the store holds, after the log was found whole.
    func pictures() async throws -> [TalkFace] {
        let numbers = store.announced.events.map(\.number)
        try #require(numbers == numbers.indices.map { Int64($0 + 1) })
        return try await store.database.read { [shop = store.shop, talks] transaction in
            try talks.map { id in
                let conversation = try #require(
                    try ConversationStore.load(id, of: shop, in: transaction))
                let messages = try MessageStore.page(
                    of: id, after: 0, limit: 10_000, forBuyers: false, in: transaction)
                try #require(messages.map(\.number) == Array(1...messages.count))
                return TalkFace(conversation, messages) { talks.firstIndex(of: $0) }
            }
        }
    }
}
