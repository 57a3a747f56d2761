package import Desk
package import SQL

/// Reading messages.
package enum MessageStore {
    package static func load(
        _ conversation: ConversationID, number: Int, in transaction: Transaction
    ) throws -> Message? {
        try transaction.first(
            "SELECT \(MessageRow.columns) FROM message m WHERE m.conversation = \(conversation) AND m.number = \(number)"
        ).map(MessageRow.decode)
    }

    /// What was said under a key, with the digest of its content.
    package static func said(
        _ key: String, by actor: Actor, in conversation: ConversationID, _ transaction: Transaction
    ) throws -> (message: Message, digest: Int64)? {
        guard
            let row = try transaction.first(
                """
                SELECT \(MessageRow.columns), m.digest FROM message m WHERE m.conversation = \(conversation)
                AND m.author_kind = \(actor.kind.rawValue) AND m.author_id = \(actor.id) AND m.key = \(key)
                """)
        else { return nil }
        return (try MessageRow.decode(row), try row.get(15))
    }

    /// A page, ascending.
    /// - Parameters:
    ///   - before: entries with a lower number, the nearest first to be taken.
    ///   - after: entries with a higher number; wins over `before`.
    ///   - audiences: nil for all.
    package static func page(
        of conversation: ConversationID, before: Int? = nil, after: Int? = nil, limit: Int,
        forBuyers: Bool,
        staff: StaffID? = nil, in transaction: Transaction
    ) throws -> [Message] {
        let seen: Statement = forBuyers ? " AND m.audience = 'all'" : ""
        if let after {
            return try transaction.rows(
                """
                SELECT \(MessageRow.columns) FROM message m WHERE m.conversation = \(conversation)
                AND m.number > \(after)\(seen) ORDER BY m.number LIMIT \(limit)
                """
            ).map(MessageRow.decode)
        }
        return try transaction.rows(
            """
            SELECT \(MessageRow.columns) FROM message m WHERE m.conversation = \(conversation)
            AND m.number < \(before ?? Int.max)\(seen) ORDER BY m.number DESC LIMIT \(limit)
            """
        ).map(MessageRow.decode).reversed()
    }

    /// Buyer messages after a number.
    package static func unread(
        _ conversation: ConversationID, after number: Int, in transaction: Transaction
    ) throws -> Int {
        try transaction.first(
            """
            SELECT count(*) FROM message WHERE conversation = \(conversation) AND number > \(number)
            AND author_kind = 'buyer'
            """
        )?.get(0) ?? 0
    }

    /// Every earlier text of a message, oldest first, with the time until which it stood.
    package static func history(
        _ conversation: ConversationID, number: Int, in transaction: Transaction
    ) throws -> [(text: String, until: Instant)] {
        try transaction.rows(
            """
            SELECT text, until FROM message_history WHERE conversation = \(conversation) AND number = \(number)
            ORDER BY version
            """
        ).map { (try $0.get(0), try $0.get(1)) }
    }
}
