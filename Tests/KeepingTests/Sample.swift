import Desk
import Foundation
import SQL
import Storage
import TestSupport

/// Stores with something of everything in them, by a seed.
enum Sample {
    static let words = [
        "在吗", "这件 M 码还有吗？", "亲，有的呢", "What about a refund?", "🙂🙂", "订单 20261122", "'; DROP", "\"\\",
    ]

    static func store(_ engine: Engine, seed: UInt64, messages: Int = 60) async throws -> TestStore
    {
        let store = try await engine.store().withShop()
        try await fill(store, seed: seed, messages: messages)
        return store
    }

    static func fill(_ store: TestStore, seed: UInt64, messages: Int, search: Bool = true)
        async throws
    {
        var random = SeededRandom(seed)
        let agent = try await store.agent(9_001, "小橙", cap: 50)
        var open: [(Participant, ConversationID)] = []
        for number in 0..<messages {
            store.clock.advance(.seconds(Int.random(in: 1...900, using: &random)))
            let text = words.randomElement(using: &random) ?? ""
            if open.isEmpty || Int.random(in: 0..<5, using: &random) == 0 {
                let buyer = BuyerID(Int64(500 + open.count))
                try await addBuyer(buyer, store)
                let who = Participant.buyer(buyer, name: "张\(open.count)")
                let answer = try await store.say(text, key: "k\(number)", by: who)
                open.append((who, answer.conversation))
            } else if let (buyer, id) = open.randomElement(using: &random) {
                let conversation = try await store.conversation(id)
                let owned = conversation?.owner?.id == StaffID(9_001)
                let who = owned && Bool.random(using: &random) ? agent : buyer
                try await store.say("\(text) \(number)", key: "k\(number)", in: id, by: who)
            }
        }
        try await addBytes(store, &random)
        guard search else { return }
        while try await SearchFollower().catchUp(store.shop, in: store.database) == 500 {}
    }

    private static func addBuyer(_ buyer: BuyerID, _ store: TestStore) async throws {
        let (shop, at) = (store.shop, store.clock.now)
        try await store.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO buyer (shop, id, name, name_pinyin, name_initials, contact, external_subject,
                    attributes, verified, created_at)
                VALUES (\(shop), \(buyer), \("张\(buyer)"), 'zhang', 'z', '', \("s\(buyer)"), '{}', \(true), \(at))
                """)
        }
    }

    /// Bytes, nulls and texts that are hard for engines.
    private static func addBytes(_ store: TestStore, _ random: inout SeededRandom) async throws {
        let (shop, at) = (store.shop, store.clock.now)
        let hashes = (0..<5).map { _ in
            (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        try await store.database.write { transaction in
            for (number, hash) in hashes.enumerated() {
                try transaction.run(
                    """
                    INSERT INTO session (shop, id, staff, hash, started_at, seen_at, address, device, ended_at)
                    VALUES (\(shop), \(number + 1), 9001, \(hash), \(at), \(at), '127.0.0.1', \("\r\n\t'%_\\ 😀"),
                        \(number % 2 == 0 ? nil : at.milliseconds))
                    """)
                try transaction.run(
                    """
                    INSERT INTO login_attempt (kind, name, failures, last_at)
                    VALUES ('address', \("Ä\(number)z"), \(Int64.max - Int64(number)), \(Int64.min))
                    """)
            }
        }
    }
}
