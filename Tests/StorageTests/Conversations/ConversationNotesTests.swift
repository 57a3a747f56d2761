import Desk
import Foundation
import SQL
import SQLOnSQLite
import Storage
import TestSupport
import Testing

/// What the writer has in mind equals what is stored.
@Suite struct ConversationNotesTests {
    private static let buyers = (1...3).map {
        Participant.buyer(BuyerID(500 + Int64($0)), name: "买家\($0)")
    }

    /// A conversation, and a buyer's newest one, as the writer knows them and as they are read.
    private func agree(_ store: TestStore, _ id: ConversationID?, _ buyer: BuyerID) async throws
        -> Bool
    {
        let shop = store.shop
        let look: @Sendable (Transaction) throws -> [Conversation?] = { transaction in
            [
                try id.flatMap { try ConversationStore.load($0, of: shop, in: transaction) },
                try ConversationStore.newest(of: buyer, in: shop, transaction),
            ]
        }
        let noted = try await store.database.write(look)
        return try await store.database.read(look) == noted
    }

    @Test(arguments: Engine.allCases.flatMap { engine in (1...6).map { (engine, UInt64($0)) } })
    func `whatever is done, tried or refused, the writer knows what is stored`(
        engine: Engine, seed: UInt64
    ) async throws {
        let store = try await engine.store().withShop()
        var random = SeededRandom(seed)
        let agents = [
            try await store.agent(11, "小橙", rights: [.answer, .manageAll]),
            try await store.agent(12, "小蓝", cap: 1),
        ]
        var known: [ConversationID] = []
        var keys: [String] = []
        for step in 0..<60 {
            store.clock.advance(.seconds(Int.random(in: 0...40_000, using: &random)))
            let buyer = Self.buyers[Int.random(in: 0..<Self.buyers.count, using: &random)]
            let agent = agents[Int.random(in: 0..<agents.count, using: &random)]
            let old = Int.random(in: 0..<4, using: &random) == 0 ? keys.last : nil
            let key = old ?? "k\(step)"
            keys.append(key)
            let place = known.isEmpty ? nil : known[Int.random(in: 0..<known.count, using: &random)]
            let say = ConversationCommand.say(
                Saying(key: key, text: Bool.random(using: &random) ? "在吗" : "你好"), upload: nil)
            do {
                let choice = place == nil ? 0 : Int.random(in: 0...8, using: &random)
                let answer =
                    switch choice {
                    case 0...3: try await store.perform(say, key: key, by: buyer)
                    case 4: try await store.perform(say, key: key, in: place, by: agent)
                    case 5:
                        try await store.perform(
                            .close(reason: "", inviteRating: false), in: place, by: agent)
                    case 6:
                        try await store.perform(.tag(add: ["退款"], remove: []), in: place, by: agent)
                    case 7:
                        try await store.perform(.merge(into: known[0]), in: place, by: agent)
                    default: try await store.perform(.reopen, in: place, by: agent)
                    }
                if !known.contains(answer.conversation) { known.append(answer.conversation) }
            } catch is Refusal {
                // What is refused must leave the writer as it was.
            }
            guard case .buyer(let id, _) = buyer else { continue }
            #expect(try await agree(store, place ?? known.last, id), "seed \(seed), step \(step)")
        }
    }

    @Test func `what another program writes is seen`() async throws {
        let store = try await Engine.sqlite.store().withShop()
        let id = try await store.say("在吗", by: Self.buyers[0]).conversation
        let other = try SQLiteDatabase(
            path: store.folder.appending(path: "qinke.sqlite").path(percentEncoded: false),
            beforeCommit: EventLog.writeCounters)
        try await other.write { transaction in
            try transaction.run("UPDATE conversation SET buyer_name = '改名' WHERE id = \(id)")
            try transaction.run("UPDATE shop_counter SET event = event + 100")
        }
        try other.close()
        let shop = store.shop
        let noted = try await store.database.write {
            try ConversationStore.load(id, of: shop, in: $0)
        }
        #expect(noted?.buyerName == "改名")
        let next = try await store.say("还在吗", by: Self.buyers[0])
        #expect(try #require(next.event) > 100)
    }
}
