package import Desk

/// Reads what was logged of conversations back into the trade's own words: for followers, and for the proof that
/// stale state + events = fresh state.
extension ConversationEvent {
    /// - Returns: nil for an event that changes no conversation.
    /// - Throws: `DecodingError` when the body is not what this program writes.
    package init?(logged event: Event) throws {
        func body<T: Decodable>(_ type: T.Type = T.self) throws -> T { try JSON.value(event.body) }
        switch event.kind {
        case "message.sent": self = .said(try body())
        case "message.edited":
            let edited: Edited = try body()
            self = .edited(
                number: edited.number, text: edited.text, at: edited.editedAt,
                audience: edited.audience)
        case "message.withdrawn":
            let withdrawn: Withdrawn = try body()
            self = .withdrawn(number: withdrawn.number, audience: withdrawn.audience)
        case "conversation.opened":
            let opened: Opened = try body()
            self = .opened(buyerName: opened.buyerName, channel: opened.channel)
        case "conversation.queued":
            let queued: Queued = try body()
            self = .queued(group: queued.group, reason: queued.reason)
        case "conversation.assigned":
            let assigned: Assigned = try body()
            self = .assigned(
                to: assigned.owner,
                Assignment(reason: assigned.reason, why: assigned.why, at: assigned.at),
                from: assigned.from)
        case "conversation.transferred":
            let moved: Transferred = try body()
            self = .transferred(
                from: moved.from, toAgent: moved.toAgent, toGroup: moved.toGroup, moved.card)
        case "conversation.returned":
            let returned: Returned = try body()
            self = .returned(from: returned.from, reason: returned.reason)
        case "conversation.closed": self = .closed(reason: try body(Closed.self).reason)
        case "conversation.reopened": self = .reopened
        case "conversation.snoozed":
            let snoozed: Snoozed = try body()
            self = .snoozed(until: snoozed.until, note: snoozed.note)
        case "conversation.woken": self = .woken
        case "conversation.tagged": self = .tagged(try body(Tagged.self).tags)
        case "conversation.merged": self = .merged(into: try body(Merged.self).into)
        case "conversation.read":
            let read: Read = try body()
            self =
                read.side == "agent"
                ? .readByAgent(upTo: read.upTo, unread: read.unread ?? 0)
                : .readByBuyer(upTo: read.upTo)
        case "conversation.delivered": self = .delivered(upTo: try body(Delivered.self).upTo)
        case "conversation.ratingInvited": self = .ratingInvited
        case "conversation.rated":
            let rated: Rated = try body()
            self = .rated(score: rated.score, comment: rated.comment)
        default: return nil
        }
    }

    private struct Edited: Decodable {
        let number: Int
        let text: String
        let editedAt: Instant
        let audience: Message.Audience
    }
    private struct Withdrawn: Decodable {
        let number: Int
        let audience: Message.Audience
    }
    private struct Opened: Decodable {
        let buyerName: String
        let channel: String
    }
    private struct Queued: Decodable {
        let group: GroupID?
        let reason: QueueReason
    }
    private struct Assigned: Decodable {
        let owner: Conversation.Owner
        let reason: Assignment.Reason
        let why: Localized
        let at: Instant
        let from: Conversation.Owner?
    }
    private struct Transferred: Decodable {
        let from: Conversation.Owner?
        let toAgent: Conversation.Owner?
        let toGroup: GroupID?
        let card: HandoverCard
    }
    private struct Returned: Decodable {
        let from: Conversation.Owner
        let reason: String
    }
    private struct Closed: Decodable { let reason: String }
    private struct Snoozed: Decodable {
        let until: Instant
        let note: String
    }
    private struct Tagged: Decodable { let tags: [String] }
    private struct Merged: Decodable { let into: ConversationID }
    private struct Read: Decodable {
        let side: String
        let upTo: Int
        let unread: Int?
    }
    private struct Delivered: Decodable { let upTo: Int }
    private struct Rated: Decodable {
        let score: Int
        let comment: String
    }
}
