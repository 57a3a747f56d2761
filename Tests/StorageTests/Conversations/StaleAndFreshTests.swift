import Desk
import Foundation
import SQL
import Storage
import TestSupport
import Testing

/// Stale state + events = fresh state, whatever was done in whatever order.
@Suite struct StaleAndFreshTests {
    /// The acts that a run draws from.
    private enum Move: CaseIterable {
        case buyerSays, agentSays, note, close, reopen, snooze, wake, tag, read, buyerRead,
            received, giveBack, claim,
            invite, rate, transfer, withdraw, edit, takeOver
    }

    @Test(arguments: Engine.allCases, [1, 2, 3, 4, 5, 6] as [UInt64])
    func `the rows equal the sum of the events after any acts`(engine: Engine, seed: UInt64)
        async throws
    {
        var random = SeededRandom(seed)
        let store = try await engine.store().withShop()
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        let agents = [
            try await store.agent(11, "小橙", rights: [.answer, .manageAll, .readAll, .takeOver]),
            try await store.agent(12, "小绿", rights: [.answer, .manageAll, .readAll, .takeOver]),
        ]
        let id = try await store.say("在吗", by: buyer).conversation
        let opened = try #require(try await store.conversation(id))
        // A state that somebody read long ago: everything after it must be told by events.
        let staleAt = try await store.database.read { [shop = store.shop] in
            try EventLog.last(of: shop, in: $0)
        }
        for step in 0..<120 {
            store.clock.advance(Span(milliseconds: Int64(random.next() % 40_000)))
            let agent = agents[Int(random.next() % 2)]
            let move = Move.allCases[Int(random.next() % UInt64(Move.allCases.count))]
            do {
                try await perform(move, step, store, id, buyer, agent)
            } catch is Refusal {
                // A refused act must leave no trace; the comparison below shows it.
            }
        }
        let events = try await store.database.read { [shop = store.shop] in
            try EventLog.events(of: shop, after: staleAt, subject: id.raw, limit: 10_000, in: $0)
        }
        var replayed = opened
        for event in events {
            if let change = try ConversationEvent(logged: event) {
                replayed.apply(change, at: event.at)
            }
        }
        let fresh = try #require(try await store.conversation(id))
        #expect(replayed == fresh)
        let messages = try await store.messages(id)
        #expect(messages.map(\.number) == Array(1...messages.count))
        #expect(fresh.lastNumber == messages.count)
        let numbers = store.announced.events.map(\.number)
        #expect(numbers == Array(1...Int64(numbers.count)))
    }

    private func perform(
        _ move: Move, _ step: Int, _ store: TestStore, _ id: ConversationID, _ buyer: Participant,
        _ agent: Participant
    ) async throws {
        let number = max(1, (try await store.conversation(id)?.lastNumber ?? 1) - 1)
        switch move {
        case .buyerSays: try await store.say("问题\(step)", in: id, by: buyer)
        case .agentSays: try await store.say("回答\(step)", in: id, by: agent)
        case .note: try await store.say("备注\(step)", in: id, by: agent, kind: .note)
        case .close:
            try await store.perform(.close(reason: "", inviteRating: true), in: id, by: agent)
        case .reopen: try await store.perform(.reopen, in: id, by: agent)
        case .snooze:
            try await store.perform(
                .snooze(until: store.clock.now + .hours(1), note: "等"), in: id, by: agent)
        case .wake: try await store.perform(.wake, in: id, by: agent)
        case .tag:
            try await store.perform(
                .tag(add: ["标签\(step % 5)"], remove: ["标签\(step % 3)"]), in: id, by: agent)
        case .read: try await store.perform(.read(upTo: number), in: id, by: agent)
        case .buyerRead: try await store.perform(.read(upTo: number), in: id, by: buyer)
        case .received: try await store.perform(.received(upTo: number), in: id, by: buyer)
        case .giveBack: try await store.perform(.giveBack(reason: "忙"), in: id, by: agent)
        case .claim: try await store.perform(.claim, in: id, by: agent)
        case .invite: try await store.perform(.inviteRating, in: id, by: agent)
        case .rate: try await store.perform(.rate(score: step % 5, comment: ""), in: id, by: buyer)
        case .transfer:
            let card = HandoverCard(promise: "", nextStep: "看看", deadline: nil, mood: .calm)
            let target = agent.staff == StaffID(11) ? StaffID(12) : StaffID(11)
            try await store.perform(
                .transfer(toAgent: target, toGroup: nil, card), in: id, by: agent)
        case .withdraw: try await store.perform(.withdraw(number: number), in: id, by: buyer)
        case .edit:
            try await store.perform(.edit(number: number, text: "改\(step)"), in: id, by: agent)
        case .takeOver: try await store.perform(.takeOver(reason: ""), in: id, by: agent)
        }
    }
}
