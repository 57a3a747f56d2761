import Desk
import SQL

/// The columns of a conversation, in one order for every query.
enum ConversationRow {
    static let columns: Statement = """
        c.id, c.buyer, c.buyer_name, c.channel, c.opened_at, c.state, c.owner, c.owner_name, c.group_id, c.assigned_reason,
        c.queued_since, c.last_number, c.last_public, c.waiting_since, c.preview_text, c.preview_kind, c.preview_from,
        c.preview_at, c.read_by_agent, c.read_by_buyer, c.delivered_to_buyer, c.unread, c.tags, c.snoozed_until,
        c.snooze_note, c.merged_into, c.rating_invited, c.rating_score, c.rating_comment, c.closed_at,
        c.assigned_zh, c.assigned_en, c.assigned_at, c.preview_number
        """
    /// How many ``columns`` are; what a query adds begins here.
    static let count = 34

    static func decode(_ row: Row) throws -> Conversation {
        let state: String = try row.get(5)
        var conversation = Conversation(
            id: try row.get(0), buyer: try row.get(1), buyerName: try row.get(2),
            channel: try row.get(3),
            openedAt: try row.get(4), state: Conversation.State(rawValue: state) ?? .closed)
        if let owner: StaffID = try row.maybe(6) {
            conversation.owner = .init(id: owner, name: try row.maybe(7) ?? "")
        }
        conversation.group = try row.maybe(8)
        if let reason: String = try row.maybe(9), let known = Assignment.Reason(rawValue: reason) {
            conversation.assignment = Assignment(
                reason: known, why: Localized(zh: try row.get(30), en: try row.get(31)),
                at: try row.get(32))
        }
        conversation.queuedSince = try row.maybe(10)
        conversation.lastNumber = try row.get(11)
        conversation.lastPublic = try row.get(12)
        conversation.waitingSince = try row.maybe(13)
        if let text: String = try row.maybe(14), let kind: String = try row.maybe(15),
            let from: String = try row.maybe(16)
        {
            conversation.preview = .init(
                number: try row.maybe(33) ?? 0, kept: text,
                kind: Message.Kind(rawValue: kind) ?? .text,
                from: Actor.Kind(rawValue: from) ?? .system, at: try row.get(17))
        }
        conversation.readByAgent = try row.get(18)
        conversation.readByBuyer = try row.get(19)
        conversation.deliveredToBuyer = try row.get(20)
        conversation.unread = try row.get(21)
        let tags: String = try row.get(22)
        conversation.tags = tags == "[]" ? [] : try JSON.value(tags)
        conversation.snoozedUntil = try row.maybe(23)
        conversation.snoozeNote = try row.maybe(24)
        conversation.mergedInto = try row.maybe(25)
        conversation.rating = .init(
            invited: try row.get(26), score: try row.maybe(27), comment: try row.maybe(28))
        conversation.closedAt = try row.maybe(29)
        return conversation
    }
}

/// The columns of a message, in one order for every query.
enum MessageRow {
    static let columns: Statement = """
        m.id, m.number, m.follows, m.at, m.key, m.author_kind, m.author_id, m.author_name, m.kind, m.audience, m.text,
        m.reply_to, m.extra, m.edited_at, m.withdrawn
        """

    /// What few messages have, in one column.
    struct Extra: Codable {
        var mentions: [StaffID]?
        var attachment: Attachment?
        var card: Card?
        var system: SystemLine?

        init?(_ message: Message) {
            guard
                !message.mentions.isEmpty || message.attachment != nil || message.card != nil
                    || message.system != nil
            else { return nil }
            mentions = message.mentions.isEmpty ? nil : message.mentions
            attachment = message.attachment
            card = message.card
            system = message.system
        }
    }

    static func decode(_ row: Row) throws -> Message {
        let (authorKind, kind, audience): (String, String, String) = (
            try row.get(5), try row.get(8), try row.get(9)
        )
        let extra: Extra? = try row.maybe(12, as: String.self).map { try JSON.value($0) }
        return Message(
            id: try row.get(0), number: try row.get(1), follows: try row.get(2), at: try row.get(3),
            key: try row.get(4),
            author: Actor(
                kind: Actor.Kind(rawValue: authorKind) ?? .system, id: try row.maybe(6),
                name: try row.get(7)),
            kind: Message.Kind(rawValue: kind) ?? .text,
            audience: Message.Audience(rawValue: audience) ?? .staff,
            text: try row.get(10), replyTo: try row.maybe(11), mentions: extra?.mentions ?? [],
            attachment: extra?.attachment, card: extra?.card, system: extra?.system,
            editedAt: try row.maybe(13), withdrawn: try row.get(14))
    }
}
