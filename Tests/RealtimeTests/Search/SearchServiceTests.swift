import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import TestSupport
import Testing

struct SearchServiceTests {
    @Test(.timeLimit(.minutes(1)))
    func `What is said is found soon, whether before the start or after`() async throws {
        let store = try await Engine.sqlite.store().withShop()
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        for number in 1...250 { _ = try await store.say("第\(number)条旧消息", by: buyer) }
        let service = SearchService(database: store.database, logger: Logger(label: "test"))
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
        #expect(!service.isUnhealthy)
    }

    /// Waits until the index has read everything; the test's time limit ends a wait in vain.
    private func level(_ store: TestStore) async throws {
        let shop = store.shop
        while try await store.database.read({ try SearchFollower.behind(shop, in: $0) }) > 0 {
            await Task.yield()
        }
    }
}
