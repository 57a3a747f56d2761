import Desk
import Logging
import Realtime
import SQL
import Storage
import TestSupport
import Testing

/// What happens when an agent's browser dies, or an agent does not answer.
@Suite struct PresenceServiceTests {
    private let buyer = Participant.buyer(BuyerID(501), name: "张三")

    private func service(_ store: TestStore) -> PresenceService {
        PresenceService(
            carryOut: store.carryOut, hub: Hub { _ in }, policy: { _ in .default },
            logger: Logger(label: "test"))
    }

    private func loseWindow(_ staff: Int64, _ store: TestStore) async throws {
        let (shop, at) = (store.shop, store.clock.now)
        try await store.database.write { transaction in
            var presence = try #require(
                try PresenceStore.load(StaffID(staff), of: shop, in: transaction))
            presence.connected = false
            presence.lostAt = at
            try PresenceStore.save(presence, of: shop, in: transaction)
        }
    }

    @Test(arguments: Engine.allCases)
    func `within the grace nothing moves, after it others serve the buyer`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        _ = try await store.agent(12, "小绿")
        let service = service(store)
        try await loseWindow(11, store)
        store.clock.advance(.seconds(59))
        #expect(try await service.dismissGone(store.shop) == 0)
        #expect(try await store.conversation(id)?.owner?.id == StaffID(11))
        store.clock.advance(.seconds(2))
        #expect(try await service.dismissGone(store.shop) == 1)
        let conversation = try #require(try await store.conversation(id))
        #expect(conversation.owner?.id == StaffID(12))
        #expect(conversation.waitingSince != nil)
        #expect(try await store.messages(id).contains { $0.text == "在吗" })
        #expect(try await service.dismissGone(store.shop) == 0)
    }

    @Test(arguments: Engine.allCases)
    func `with nobody else the buyer waits in the queue`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        try await loseWindow(11, store)
        store.clock.advance(.minutes(2))
        #expect(try await service(store).dismissGone(store.shop) == 1)
        #expect(try await store.conversation(id)?.state == .queued)
    }

    @Test(arguments: Engine.allCases)
    func `what nobody answered goes to somebody else, what was answered stays`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let silent = try await store.say("在吗", by: buyer).conversation
        let served = try await store.say("你好", by: .buyer(BuyerID(502), name: "李四")).conversation
        _ = try await store.say("您好", in: served, by: agent)
        _ = try await store.agent(12, "小绿")
        store.clock.advance(.seconds(299))
        #expect(try await service(store).returnUnanswered(store.shop) == 0)
        store.clock.advance(.seconds(2))
        #expect(try await service(store).returnUnanswered(store.shop) == 1)
        #expect(try await store.conversation(silent)?.owner?.id == StaffID(12))
        #expect(try await store.conversation(served)?.owner?.id == StaffID(11))
    }
}
