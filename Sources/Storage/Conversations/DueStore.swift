package import Desk
package import SQL

/// What the clock has to do in a shop, found without writing, so that an idle shop costs a read.
package struct DueWork: Sendable {
    /// A snooze has ended.
    package let snoozed: Bool
    /// Somebody's browser is gone.
    package let lost: Bool
    /// Somebody waits, and somebody is there.
    package let queued: Bool

    package init(of shop: ShopID, at: Instant, in transaction: Transaction) throws {
        func exists(_ query: Statement) throws -> Bool { try transaction.first(query) != nil }
        snoozed = try exists(
            """
            SELECT 1 FROM conversation WHERE snoozed_until <= \(at) AND state = 'snoozed' LIMIT 1
            """)
        lost = try exists(
            """
            SELECT 1 FROM presence WHERE shop = \(shop) AND connected = 0 AND state <> 'offline'
            AND lost_at IS NOT NULL LIMIT 1
            """)
        let waits = try exists(
            """
            SELECT 1 FROM conversation WHERE shop = \(shop) AND queued_since IS NOT NULL LIMIT 1
            """)
        queued = try waits && QueueOrder.someoneIsThere(in: shop, transaction)
    }
}

/// The shop's queue in its order.
package enum QueueOrder {
    /// Those who wait, the first in front.
    package static func waiting(
        of shop: ShopID, limit: Int, in transaction: Transaction
    ) throws -> [(conversation: ConversationID, buyer: BuyerID)] {
        try transaction.rows(
            """
            SELECT id, buyer FROM conversation WHERE shop = \(shop) AND queued_since IS NOT NULL
            ORDER BY queued_since, id LIMIT \(limit)
            """
        ).map { (try $0.get(0), try $0.get(1)) }
    }
}

extension QueueOrder {
    /// Whether as many wait as the shop allows (policy `queueLimit`).
    package static func isFull(
        in shop: ShopID, policy: PolicySet, _ transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM conversation WHERE shop = \(shop) AND queued_since IS NOT NULL
            LIMIT 1 OFFSET \(policy.queueLimit - 1)
            """) != nil
    }

    /// Whether anybody takes new conversations now.
    package static func someoneIsThere(
        in shop: ShopID, _ transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM presence WHERE shop = \(shop) AND connected = 1 AND state = 'online'
            LIMIT 1
            """) != nil
    }
}

/// All shops of the store.
package enum Shops {
    package static func all(in transaction: Transaction) throws -> [ShopID] {
        try transaction.rows("SELECT id FROM shop ORDER BY id").map { try $0.get(0) }
    }
}
