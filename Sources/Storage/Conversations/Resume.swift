package import Desk
package import SQL

/// What a window missed.
package enum Resume {
    /// Events that are sent again at most; behind that, a client reads its state anew.
    package static let limit = 2_000

    package struct Past: Sendable {
        /// Nil when there are too many.
        package let events: [Event]?
        /// The last event of the shop that the reading contained.
        package let last: Int64
    }

    /// Everything of a buyer's conversations after an event.
    package static func buyer(
        _ buyer: BuyerID, of shop: ShopID, after: Int64?, in transaction: Transaction
    ) throws -> Past {
        let last = try EventLog.last(of: shop, in: transaction)
        guard let after, after < last else { return Past(events: [], last: last) }
        var events: [Event] = []
        for conversation in try ConversationStore.all(of: buyer, in: shop, limit: 5, transaction) {
            events += try EventLog.events(
                of: shop, after: after, subject: conversation.id.raw, limit: limit + 1,
                in: transaction)
        }
        guard events.count <= limit else { return Past(events: nil, last: last) }
        return Past(events: events.sorted { $0.number < $1.number }, last: last)
    }

    /// Everything after an event that concerns an agent: what they own, gave away or may take from the queue.
    package static func staff(
        _ staff: StaffID, groups: Set<GroupID>, rights: AgentRights, of shop: ShopID, after: Int64?,
        in transaction: Transaction
    ) throws -> Past {
        let last = try EventLog.last(of: shop, in: transaction)
        guard let after, after < last else { return Past(events: [], last: last) }
        guard last - after <= Int64(limit) else { return Past(events: nil, last: last) }
        let events = try EventLog.events(of: shop, after: after, limit: limit, in: transaction)
        var known: [Int64: Conversation?] = [:]
        let mine = try events.filter { event in
            if event.kind == "presence.changed" { return true }
            // Who looked in silently is for the audit log, not for those looked at.
            guard let subject = event.subject, Self.isOfConversation(event.kind),
                !AuditedKind.names.contains(event.kind)
            else { return false }
            if event.body.contains(#""id":"\#(staff)""#) { return true }
            let conversation =
                try known[subject]
                ?? {
                    let found = try ConversationStore.load(
                        ConversationID(subject), of: shop, in: transaction)
                    known[subject] = .some(found)
                    return found
                }()
            guard let conversation else { return false }
            if conversation.owner?.id == staff { return true }
            return conversation.state == .queued && rights.contains(.answer)
                && (conversation.group.map { groups.contains($0) } ?? true)
        }
        return Past(events: mine, last: last)
    }

    private static func isOfConversation(_ kind: String) -> Bool {
        kind.hasPrefix("conversation.") || kind.hasPrefix("message.") || kind.hasPrefix("note.")
    }
}
