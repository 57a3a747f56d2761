package import Desk
package import SQL

/// Lists of conversations.
package enum InboxStore {
    /// Conversations of one page.
    package static let pageSize = 50

    package enum View: String, Sendable, CaseIterable {
        case mine, queue, snoozed, closed, all, mentions
    }

    package struct Page: Sendable {
        package var conversations: [Conversation]
        /// Those whose buyer the shop's own site has vouched for.
        package var verified: Set<ConversationID> = []
        /// Place in the queue, for those that wait.
        package var places: [ConversationID: Int] = [:]
        package var next: String?
        package let asOf: Int64
    }

    /// - Parameter cursor: from the page before; malformed ones start anew.
    package static func page(
        _ view: View, for staff: StaffID, groups: Set<GroupID>, rights: AgentRights,
        of shop: ShopID,
        cursor: String?, in transaction: Transaction
    ) throws -> Page {
        let offset = cursor.flatMap { Int($0) } ?? 0
        let (condition, order) = clause(view, staff, groups, rights, shop)
        let found = try transaction.rows(
            """
            SELECT \(ConversationRow.columns),
                (SELECT b.verified FROM buyer b WHERE b.shop = c.shop AND b.id = c.buyer)
            FROM conversation c WHERE c.shop = \(shop) AND \(condition)
            ORDER BY \(order) LIMIT \(pageSize + 1) OFFSET \(offset)
            """)
        var page = Page(conversations: [], asOf: try EventLog.last(of: shop, in: transaction))
        if found.count > pageSize { page.next = String(offset + pageSize) }
        page.conversations.reserveCapacity(found.count)
        for row in found.prefix(pageSize) {
            let conversation = try ConversationRow.decode(row)
            if try row.maybe(ConversationRow.count) == true {
                page.verified.insert(conversation.id)
            }
            page.conversations.append(conversation)
        }
        if view == .queue {
            for (index, conversation) in page.conversations.enumerated() {
                page.places[conversation.id] = offset + index + 1
            }
        }
        return page
    }

    private static func clause(
        _ view: View, _ staff: StaffID, _ groups: Set<GroupID>, _ rights: AgentRights,
        _ shop: ShopID
    ) -> (Statement, Statement) {
        // By time left: who waits first, then the latest words.
        let byDeadline: Statement =
            "c.waiting_since IS NULL, c.waiting_since, c.preview_at DESC, c.id DESC"
        switch view {
        case .mine:
            return ("c.state = 'open' AND c.owner = \(staff)", byDeadline)
        case .snoozed:
            return ("c.state = 'snoozed' AND c.owner = \(staff)", "c.snoozed_until, c.id")
        case .queue:
            let mine: Statement =
                rights.contains(.readAll)
                ? "c.queued_since IS NOT NULL"
                : "c.queued_since IS NOT NULL AND (c.group_id IS NULL OR c.group_id IN \(list: Array(groups)))"
            return (mine, "c.queued_since, c.id")
        case .closed:
            let whose: Statement = rights.contains(.readAll) ? "" : " AND c.owner = \(staff)"
            return ("c.closed_at IS NOT NULL AND c.state = 'closed'\(whose)", "c.closed_at DESC")
        case .all:
            let whose: Statement = rights.contains(.readAll) ? "" : " AND c.owner = \(staff)"
            return ("c.state IN ('open', 'queued', 'snoozed')\(whose)", byDeadline)
        case .mentions:
            return (
                """
                c.id IN (SELECT conversation FROM mention WHERE shop = \(shop) AND staff = \(staff)
                    ORDER BY message DESC LIMIT 200)
                """, "c.preview_at DESC, c.id DESC"
            )
        }
    }

    /// Where a conversation stands in the queue, from 1.
    package static func place(
        of conversation: Conversation, in shop: ShopID, _ transaction: Transaction
    ) throws -> Int? {
        guard let since = conversation.queuedSince else { return nil }
        let before: Int =
            try transaction.first(
                """
                SELECT count(*) FROM conversation WHERE shop = \(shop) AND queued_since IS NOT NULL
                AND (queued_since < \(since) OR (queued_since = \(since) AND id < \(conversation.id)))
                """)?.get(0) ?? 0
        return before + 1
    }
}
