import Desk
import SQL
import Storage
import TestSupport
import Testing

private let buyer = Participant.buyer(BuyerID(501), name: "张三")

@Suite struct MergeTests {
    @Test(arguments: Engine.allCases)
    func `two conversations of one buyer become one, nothing lost`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let first = try await store.say("第一个问题", by: buyer).conversation
        try await store.perform(.close(reason: "", inviteRating: false), in: first, by: agent)
        store.clock.advance(.days(4))
        let second = try await store.say("第二个问题", by: buyer).conversation
        #expect(first != second)
        try await store.perform(.merge(into: second), in: first, by: agent)
        let texts = try await store.messages(second).filter { $0.kind == .text }.map(\.text)
        #expect(texts.sorted() == ["第一个问题", "第二个问题"])
        #expect(try await store.conversation(first)?.mergedInto == second)
        // A window still on the first one goes on in the second.
        #expect(try await store.say("在吗", in: first, by: buyer).conversation == second)
    }

    @Test(arguments: Engine.allCases)
    func `nobody merges into a conversation that they may not see`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let other = try await store.agent(12, "小绿")
        let first = try await store.say("第一个问题", by: buyer).conversation
        let owner = try #require(try await store.conversation(first)?.owner?.id)
        let (giver, taker) = owner == agent.staff ? (agent, other) : (other, agent)
        try await store.perform(.close(reason: "", inviteRating: false), in: first, by: giver)
        store.clock.advance(.days(4))
        let second = try await store.say("第二个问题", by: buyer).conversation
        let card = HandoverCard(promise: "今天回电", nextStep: "查快递", deadline: nil, mood: .calm)
        try await store.perform(
            .transfer(toAgent: taker.staff, toGroup: nil, card), in: second, by: giver)
        try await store.perform(.reopen, in: first, by: giver)
        await #expect {
            try await store.perform(.merge(into: second), in: first, by: giver)
        } throws: {
            ($0 as? Refusal)?.code == "conversation.unknown"
        }
        #expect(try await store.conversation(first)?.mergedInto == nil)
    }
}
