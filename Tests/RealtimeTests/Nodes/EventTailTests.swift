import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

/// Several nodes over one store.
@Suite struct EventTailTests {
    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases, [11, 12, 13] as [UInt64])
    func
        `two windows of one conversation on different nodes see the same order, nothing lost or doubled`(
            engine: Engine, seed: UInt64
        ) async throws
    {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let nodes = try await TestNode.several(3, on: store)
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        let opened = try await nodes[0].say("在吗", by: buyer)
        let ears = try await nodes.asyncMap { node in
            (
                buyer: try await node.open(
                    .buyer(
                        BuyerPrincipal(
                            id: BuyerID(501), shop: store.shop, name: "张三", verified: false))),
                agent: try await node.open(.staff(testAgent(11, store.shop)))
            )
        }
        let messages = 40
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, node) in nodes.enumerated() {
                group.addTask {
                    var random = SeededRandom(seed &+ UInt64(index))
                    for number in 0..<messages {
                        let who = Bool.random(using: &random) ? buyer : agent
                        _ = try await node.say(
                            "\(index)-\(number)", in: opened.conversation, by: who)
                        for _ in 0..<Int.random(in: 0...5, using: &random) { await Task.yield() }
                    }
                }
            }
            try await group.waitForAll()
        }
        let shop = store.shop
        let last = try await store.database.read { try EventLog.last(of: shop, in: $0) }
        for node in nodes {
            try await node.level(last)
        }
        let stored = try await store.database.read { transaction in
            try EventLog.events(of: shop, after: 0, limit: 10_000, in: transaction)
        }
        let said = stored.filter { $0.kind == "message.sent" }.map(\.number)
        #expect(said.count >= 3 * messages)
        for (node, ear) in zip(nodes, ears) {
            #expect(node.heard.map(\.number) == node.heard.map(\.number).sorted())
            let atBuyers = ear.buyer.numbers.filter { said.contains($0) }
            let atAgents = ear.agent.numbers.filter { said.contains($0) }
            #expect(atBuyers == said.suffix(3 * messages), "seed \(seed)")
            #expect(atAgents == said.suffix(3 * messages), "seed \(seed)")
        }
        for node in nodes { await node.stop() }
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `without any notice the slow look finds what others committed`(engine: Engine) async throws
    {
        let store = try await engine.store().withShop()
        let heard = Mutex<[Int64]>([])
        let tail = EventTail(
            store.database, run: 7, logger: Logger(label: "test"), every: .milliseconds(10)
        ) { events in heard.withLock { $0 += events.map(\.number) } }
        try await tail.prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await tail.run() }
            // The store of the tests tells nobody.
            _ = try await store.say("在吗", by: .buyer(BuyerID(501), name: "张三"))
            let shop = store.shop
            let last = try await store.database.read { try EventLog.last(of: shop, in: $0) }
            try await until("all is heard") { heard.withLock { $0.last ?? 0 } >= last }
            #expect(heard.withLock { $0 } == Array(1...last))
            group.cancelAll()
        }
    }

    /// Clients resume after the number of an answer, so nothing below it may come later.
    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `an act that is repeated is answered after everything below the number that it is told`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let heard = Mutex<[Int64]>([])
        // It is not run, so no notice and no slow look tells it of what others commit.
        let tail = EventTail(
            store.database, run: 7, logger: Logger(label: "test")
        ) { events in heard.withLock { $0 += events.map(\.number) } }
        try await tail.prepare()
        let clock = store.clock
        let carryOut = CarryOut(
            database: store.database, ids: store.ids, clock: { clock.now },
            shared: tail.sharedStore)
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        let key = UUID().uuidString
        let first = try await carryOut.say("在吗", key: key, by: buyer, in: store.shop)
        for number in 1...3 {
            let other = BuyerID(Int64(600 + number))
            _ = try await store.say("你好", by: .buyer(other, name: "李四"))
        }
        #expect(heard.withLock { $0.last } == first.event)
        let again = try await carryOut.say("在吗", key: key, by: buyer, in: store.shop)
        #expect(again.id == first.id)
        let told = try #require(again.event)
        #expect(told > first.event ?? told)
        #expect(heard.withLock { $0 } == Array(1...told))
        tail.close()
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `the answer comes after the act's own events, and the asker is not told its own message`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let nodes = try await TestNode.several(2, on: store)
        let buyer = BuyerPrincipal(
            id: BuyerID(501), shop: store.shop, name: "张三", verified: false)
        let first = try await nodes[0].open(.buyer(buyer))
        let second = try await nodes[1].open(.buyer(buyer))
        let answer = try await nodes[0].say(
            "在吗", by: .buyer(BuyerID(501), name: "张三"), origin: first.session.number)
        let number = try #require(answer.event)
        #expect(nodes[0].heard.contains { $0.number == number })
        try await nodes[1].level(number)
        #expect(!first.ear.texts.contains { $0.contains("message.sent") && $0.contains("在吗") })
        #expect(second.ear.texts.contains { $0.contains("message.sent") && $0.contains("在吗") })
        for node in nodes { await node.stop() }
    }
}
