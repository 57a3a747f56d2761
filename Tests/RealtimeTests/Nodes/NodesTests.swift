import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import TestSupport
import Testing

/// What several nodes must agree on.
@Suite(.timeLimit(.minutes(8))) struct NodesTests {
    private func node(_ name: String, run: Int64, _ leases: LeaseStore) -> NodeService {
        NodeService(
            name: name, run: run, leases: leases, duties: ["duty"], span: .seconds(12),
            logger: Logger(label: name))
    }

    @Test(arguments: Engine.allCases)
    func `seats differ, a restart comes back to its own with a higher fence, duties move`(
        engine: Engine
    ) async throws {
        let store = try await engine.store()
        let leases = LeaseStore(store.database, clock: { [clock = store.clock] _ in clock.now })
        let (a, b) = (node("a", run: 1, leases), node("b", run: 2, leases))
        let first = try await a.takeSeat()
        let second = try await b.takeSeat()
        #expect(first == NodeSeat(number: 1, fence: 1))
        #expect(second == NodeSeat(number: 2, fence: 1))
        await a.renew()
        await b.renew()
        #expect(a.duty("duty") != .elsewhere)
        #expect(b.duty("duty") == .elsewhere)
        #expect(try await a.peers().map(\.name) == ["a", "b"])
        await a.leave()
        #expect(a.duty("duty") == .elsewhere)
        #expect(try await b.peers().map(\.name) == ["b"])
        await b.renew()
        #expect(b.duty("duty") != .elsewhere)
        store.clock.advance(.seconds(1))
        let again = node("a", run: 3, leases)
        #expect(try await again.takeSeat() == NodeSeat(number: 1, fence: 2))
    }

    @Test(arguments: Engine.allCases)
    func `a node that was paused past its time gets another seat and no duty`(engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let leases = LeaseStore(store.database, clock: { [clock = store.clock] _ in clock.now })
        let (a, b) = (node("a", run: 1, leases), node("b", run: 2, leases))
        _ = try await a.takeSeat()
        await a.renew()
        store.clock.advance(.seconds(13))
        // Somebody of the same name starts meanwhile and takes the seat; b takes the duty.
        #expect(try await node("a", run: 9, leases).takeSeat().number == 1)
        _ = try await b.takeSeat()
        await b.renew()
        await a.renew()
        #expect(a.seat?.number == 3)
        #expect(a.duty("duty") == .elsewhere)
        #expect(b.duty("duty") != .elsewhere)
    }

    @Test(arguments: Engine.allCases)
    func `an agent is connected while any node has a window of theirs`(engine: Engine) async throws
    {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙", online: false)
        let nodes = try await TestNode.several(2, on: store)
        let agent = testAgent(11, store.shop)
        let first = try await nodes[0].open(.staff(agent))
        let second = try await nodes[1].open(.staff(agent))
        for node in nodes { node.presence.connectionChanged(agent) }
        try await presence(of: 11, in: store) { $0.connected }
        try await until("both windows are kept") { try await windows(store) == 2 }
        nodes[0].hub.close(first.session)
        nodes[0].presence.connectionChanged(agent)
        try await until("a window is gone") { try await windows(store) != 2 }
        #expect(try await load(11, store)?.connected == true)
        nodes[1].hub.close(second.session)
        nodes[1].presence.connectionChanged(agent)
        try await presence(of: 11, in: store) { !$0.connected && $0.lostAt != nil }
        for node in nodes { await node.stop() }
    }

    @Test(arguments: Engine.allCases)
    func `the agents of a dead node go through the same grace as those of a dead browser`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙", online: false)
        _ = try await store.agent(12, "小绿", online: false)
        let nodes = try await TestNode.several(2, on: store, span: Span(milliseconds: 1_500))
        let (orange, green) = (testAgent(11, store.shop), testAgent(12, store.shop))
        _ = try await nodes[0].open(.staff(orange))
        _ = try await nodes[1].open(.staff(green))
        _ = try await nodes[0].presence.set(.online, reason: "", by: orange)
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        let id = try await nodes[0].say("在吗", by: buyer).conversation
        #expect(try await store.conversation(id)?.owner?.id == StaffID(11))
        _ = try await nodes[1].presence.set(.online, reason: "", by: green)
        // Node 1 says nothing any more; node 2 does, and takes the timers when they are free.
        while try await load(11, store)?.connected == true {
            await nodes[1].node.renew()
            if case .held = nodes[1].node.duty(LeaseName.timers) { await nodes[1].timers.round() }
        }
        try await presence(of: 12, in: store) { $0.connected }
        #expect(try await store.conversation(id)?.owner?.id == StaffID(11))
        store.clock.advance(.minutes(2))
        while try await store.conversation(id)?.owner?.id == StaffID(11) {
            await nodes[1].node.renew()
            await nodes[1].timers.round()
        }
        #expect(try await store.conversation(id)?.owner?.id == StaffID(12))
        // The dead one wakes: what it does by the clock is refused.
        let stale = Duty.held(
            Lease(
                name: LeaseName.timers, owner: "node 1", fence: 1, taken: store.clock.now,
                expires: store.clock.now))
        await #expect(throws: LeaseLost.self) {
            try await nodes[0].presence.returnUnanswered(store.shop, under: stale)
        }
        for node in nodes { await node.stop() }
    }

    @Test(arguments: Engine.allCases)
    func `who is typing is seen on another node`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let nodes = try await TestNode.several(2, on: store)
        let buyer = BuyerPrincipal(
            id: BuyerID(501), shop: store.shop, name: "张三", verified: false)
        let id = try await nodes[0].say("在吗", by: .buyer(buyer.id, name: "张三")).conversation
        let window = try await nodes[0].open(.buyer(buyer))
        let desk = try await nodes[1].open(.staff(testAgent(11, store.shop)))
        try await until("the agent sees who is typing") {
            nodes[0].conversations.typing(id, text: "我想问", on: true, window.session)
            return desk.ear.texts.contains { $0.contains(#""type":"typing""#) }
        }
        #expect(desk.ear.texts.contains { $0.contains("我想问") })
        try await until("the buyer sees that somebody is typing") {
            nodes[1].conversations.typing(id, text: "不给看", on: true, desk.session)
            return window.ear.texts.contains { $0.contains(#""type":"typing""#) }
        }
        #expect(!window.ear.texts.contains { $0.contains("不给看") })
        for node in nodes { await node.stop() }
    }

    @Test(arguments: Engine.allCases)
    func `a log-in ended on one node closes its windows on all`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let nodes = try await TestNode.several(2, on: store)
        let desk = try await nodes[1].open(.staff(testAgent(11, store.shop, session: 77)))
        try await nodes[0].carryOut(in: store.shop, as: .system) { act in
            try act.record(
                "session.ended", about: 77, json: #"{"by":"王主管","reason":"设备丢失"}"#)
        }
        try await until("the window is closed") { desk.ear.closed != nil }
        #expect(desk.ear.closed == 4401)
        for node in nodes { await node.stop() }
    }

    /// Buyers come on all nodes at once while agents leave and return and dispatchers drain the queue everywhere.
    @Test(arguments: Engine.allCases, [21, 22] as [UInt64])
    func `no assignment exceeds a cap or goes to two agents, whatever node decides`(
        engine: Engine, seed: UInt64
    ) async throws {
        let store = try await engine.store().withShop()
        let cap = 3
        var agents: [Participant] = []
        for number in 0..<3 {
            agents.append(
                try await store.agent(11 + Int64(number), "客服\(number)", cap: cap))
        }
        let nodes = try await TestNode.several(3, on: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, node) in nodes.enumerated() {
                let agent = agents[index]
                let shop = store.shop
                group.addTask {
                    var random = SeededRandom(seed &+ UInt64(index))
                    var mine: [(ConversationID, Participant)] = []
                    for number in 0..<12 {
                        let buyer = Participant.buyer(
                            BuyerID(Int64(1_000 * (index + 1) + number)), name: "买家")
                        mine.append((try await node.say("在吗", by: buyer).conversation, buyer))
                        if Bool.random(using: &random), let (id, buyer) = mine.popLast() {
                            try? await node.close(
                                id, by: Bool.random(using: &random) ? buyer : agent)
                        }
                        try await node.carryOut(in: shop, as: .system) { act in
                            _ = try Route.drainQueue(limit: 5, policy: .default, act: act)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let shop = store.shop
        let events = try await store.database.read { transaction in
            try EventLog.events(of: shop, after: 0, limit: 10_000, in: transaction)
        }
        try audit(events, cap: cap)
        let loads = try await store.database.read {
            try PresenceStore.loads(of: shop, in: $0)
        }
        #expect(loads.values.allSatisfy { $0 <= cap })
        for node in nodes { await node.stop() }
    }

    /// Plays the log: who owns what, and how many each has, after every event.
    private func audit(_ events: [Event], cap: Int) throws {
        struct Assigned: Decodable {
            struct Owner: Decodable { let id: String }
            let owner: Owner
        }
        var owners: [Int64: String] = [:]
        var assigned = 0
        for event in events {
            guard let conversation = event.subject else { continue }
            switch event.kind {
            case "conversation.assigned":
                let owner = try JSON.value(event.body, as: Assigned.self).owner.id
                #expect(owners[conversation] == nil, "two agents for one conversation")
                owners[conversation] = owner
                assigned += 1
                #expect(owners.values.count { $0 == owner } <= cap, "№\(event.number)")
            case "conversation.closed", "conversation.returned", "conversation.queued":
                owners[conversation] = nil
            default: break
            }
        }
        #expect(assigned > cap)
    }

    // MARK: - Looking

    private func load(_ staff: Int64, _ store: TestStore) async throws -> Presence? {
        let shop = store.shop
        return try await store.database.read {
            try PresenceStore.load(StaffID(staff), of: shop, in: $0)
        }
    }

    private func presence(
        of staff: Int64, in store: TestStore, is right: (Presence) -> Bool
    ) async throws {
        try await until("the presence of \(staff)") {
            try await load(staff, store).map(right) ?? false
        }
    }

    private func windows(_ store: TestStore) async throws -> Int {
        try await store.database.read {
            try $0.first("SELECT count(*) FROM presence_window")?.get(0) ?? 0
        }
    }
}

extension TestNode {
    func close(_ id: ConversationID, by who: Participant) async throws {
        let converse = Converse { _, _, _, _ in throw Refusal.busy }
        try await carryOut(in: store.shop, as: who.actor) { act in
            _ = try converse(
                .close(reason: "", inviteRating: false), key: UUID().uuidString, in: id, by: who,
                groups: [], policy: .default, act: act)
        }
    }
}
