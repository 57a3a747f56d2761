import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

/// Fails until it is healed.
private final class LameFollower: Follower {
    private struct Lame: Error {}
    private let well = Mutex(false)
    let name = "lame"

    func heal() { well.withLock { $0 = true } }
    func follow(_ events: [Event], of shop: ShopID, in transaction: Transaction) throws {
        guard well.withLock({ $0 }) else { throw Lame() }
    }
    func forget(_ shop: ShopID, in transaction: Transaction) {}
}

struct FollowerServiceTests {
    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `What is said is found soon, whether before the start or after`(_ engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        for number in 1...250 { _ = try await store.say("第\(number)条旧消息", by: buyer) }
        let service = FollowerService(
            [SearchFollower()], in: store.database, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await level(store)
            _ = try await store.say("一条新消息", by: buyer)
            service.wake(store.shop)
            try await level(store)
            group.cancelAll()
        }
        var question = MessageSearch.Question()
        question.words = "消息"
        question.limit = 300
        let asker = MessageSearch.Asker(
            who: .agent(StaffID(1), name: "主管", rights: [.readAll]), groups: [], searchesAll: true)
        let search = try MessageSearch(question, by: asker, in: store.shop, now: store.clock.now)
        let page = try await store.database.read { try search.page(in: $0) }
        #expect(page.hits.count == 251)
        let report = try await service.report()
        #expect(report.map(\.standing) == [FollowerStanding(name: "search", behind: 0, since: nil)])
        #expect(report.map(\.failing) == [false])
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func
        `A follower that fails is named with how far behind and since when, and comes back by itself`(
            engine: Engine
        ) async throws
    {
        let store = try await engine.store().withShop()
        let began = store.clock.now
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        _ = try await store.say("在吗", by: buyer)
        let lame = LameFollower()
        var pace = FollowerService.Pace()
        pace.again = .milliseconds(10)
        let service = FollowerService(
            [lame], in: store.database, logger: Logger(label: "test"), pace: pace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await until("it fails") { try await service.report().first?.failing == true }
            let standing = try #require(try await service.report().first?.standing)
            let shop = store.shop
            let last = try await store.database.read { try EventLog.last(of: shop, in: $0) }
            #expect(standing == FollowerStanding(name: "lame", behind: last, since: began))
            lame.heal()
            try await until("it is level") {
                try await service.report().first?.standing.behind == 0
            }
            #expect(try await service.report().first?.failing == false)
            group.cancelAll()
        }
    }

    /// Waits until the index has read everything.
    private func level(_ store: TestStore) async throws {
        let shop = store.shop
        try await until("the index is level") {
            try await store.database.read { try SearchFollower.behind(shop, in: $0) } == 0
        }
    }
}
