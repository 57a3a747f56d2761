package import Desk
package import SQL

/// A node's place among those that share a store.
package struct NodeSeat: Hashable, Sendable {
    /// 1…63, part of every id that the node makes.
    package let number: Int
    /// Of the seat's lease; another run of a program on the same number has another.
    package let fence: Int64

    package init(number: Int, fence: Int64) {
        self.number = number
        self.fence = fence
    }
}

/// On which nodes agents have a window open.
///
/// A row counts while its node's seat does, so a node that died takes its agents' windows with it: they go through the same
/// grace as after the loss of a browser.
package enum PresenceWindows {
    /// Keeps whether a seat has a window of somebody.
    /// - Returns: whether any node has one.
    package static func note(
        _ staff: StaffID, of shop: ShopID, here: Bool, at seat: NodeSeat,
        in transaction: Transaction
    ) throws -> Bool {
        if here {
            try transaction.run(
                """
                INSERT INTO presence_window (shop, staff, node, fence)
                VALUES (\(shop), \(staff), \(seat.number), \(seat.fence)) ON CONFLICT DO NOTHING
                """)
            return true
        }
        try transaction.run(
            """
            DELETE FROM presence_window WHERE shop = \(shop) AND staff = \(staff)
            AND node = \(seat.number) AND fence = \(seat.fence)
            """)
        let now = try StoreClock.now(transaction)
        return try transaction.first(
            """
            SELECT 1 FROM presence_window w WHERE w.shop = \(shop) AND w.staff = \(staff)
            AND \(isAlive(at: now)) LIMIT 1
            """) != nil
    }

    /// Agents who count as connected while no living node has a window of theirs.
    package static func orphans(
        of shop: ShopID, at now: Instant, in transaction: Transaction
    ) throws -> [StaffID] {
        try transaction.rows(
            """
            SELECT p.staff FROM presence p WHERE p.shop = \(shop) AND p.connected = 1 AND NOT EXISTS
                (SELECT 1 FROM presence_window w WHERE w.shop = p.shop AND w.staff = p.staff
                    AND \(isAlive(at: now)))
            ORDER BY p.staff
            """
        ).map { try $0.get(0) }
    }

    /// Forgets the windows of seats that are over.
    package static func forgetDead(
        of shop: ShopID, at now: Instant, in transaction: Transaction
    ) throws {
        try transaction.run(
            """
            DELETE FROM presence_window WHERE shop = \(shop) AND NOT EXISTS
                (SELECT 1 FROM lease l WHERE l.name = 'node.' || presence_window.node
                    AND l.fence = presence_window.fence AND l.expires_at > \(now))
            """)
    }

    /// One program alone knows its windows itself.
    package static func forgetAll(in transaction: Transaction) throws {
        try transaction.run("DELETE FROM presence_window")
    }

    private static func isAlive(at now: Instant) -> Statement {
        """
        EXISTS (SELECT 1 FROM lease l WHERE l.name = 'node.' || w.node AND l.fence = w.fence
            AND l.expires_at > \(now))
        """
    }
}
