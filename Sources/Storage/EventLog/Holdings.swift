package import Desk
package import SQL

/// What a store holds of one shop, for whoever compares it with what clients saw.
///
/// Parts that nobody could read are nil, and nothing is concluded from them.
package struct Holdings: Sendable {
    package struct Entry: Sendable, Hashable {
        package var conversation: ConversationID
        package var id: MessageID
        package var number: Int
        package var follows: Int
        package var key: String
        package var author: Actor.Kind
        package var kind: Message.Kind
        package var isPublic: Bool
        package var text: String
        /// Whether its words were changed or taken back.
        package var isTouched: Bool

        package init(
            conversation: ConversationID, id: MessageID, number: Int, follows: Int, key: String,
            author: Actor.Kind, kind: Message.Kind, isPublic: Bool, text: String, isTouched: Bool
        ) {
            self.conversation = conversation
            self.id = id
            self.number = number
            self.follows = follows
            self.key = key
            self.author = author
            self.kind = kind
            self.isPublic = isPublic
            self.text = text
            self.isTouched = isTouched
        }
    }

    /// Ascending in each conversation.
    package var entries: [Entry]
    /// Whether `entries` holds the notes and the system's lines too, so that numbers have no gaps.
    package var isComplete: Bool
    package var log: [Event]?
    /// The number of the last event, by the shop's counter.
    package var counter: Int64?
    package var owners: [ConversationID: StaffID]?
    package var lastNumbers: [ConversationID: Int]?
    /// How many conversations each agent may have at once.
    package var caps: [StaffID: Int]?
    /// How far each follower has read.
    package var followers: [String: Int64]?

    package init(entries: [Entry], isComplete: Bool) {
        self.entries = entries
        self.isComplete = isComplete
    }
}

extension Holdings {
    /// Everything that the store holds of a shop, in one snapshot.
    ///
    /// For tests and drills: all of it is in memory at once.
    package init(of shop: ShopID, policy: PolicySet, in transaction: Transaction) throws {
        let rows = try transaction.rows(
            """
            SELECT conversation, id, number, follows, key, author_kind, kind, audience, text, edited_at, withdrawn
            FROM message WHERE shop = \(shop) ORDER BY conversation, number
            """)
        self.init(
            entries: try rows.map { row in
                let (author, kind, audience): (String, String, String) = (
                    try row.get(5), try row.get(6), try row.get(7)
                )
                let edited: Int64? = try row.maybe(9)
                let withdrawn: Bool = try row.get(10)
                return Entry(
                    conversation: try row.get(0), id: try row.get(1), number: try row.get(2),
                    follows: try row.get(3), key: try row.get(4),
                    author: Actor.Kind(rawValue: author) ?? .system,
                    kind: Message.Kind(rawValue: kind) ?? .system, isPublic: audience == "all",
                    text: try row.get(8), isTouched: edited != nil || withdrawn)
            }, isComplete: true)
        log = try EventLog.events(of: shop, after: 0, limit: Int.max, in: transaction)
        counter = try EventLog.last(of: shop, in: transaction)
        owners = [:]
        lastNumbers = [:]
        for row in try transaction.rows(
            "SELECT id, owner, last_number, state FROM conversation WHERE shop = \(shop)")
        {
            let id: ConversationID = try row.get(0)
            lastNumbers?[id] = try row.get(2)
            let state: String = try row.get(3)
            if state != "closed", let owner: StaffID = try row.maybe(1) { owners?[id] = owner }
        }
        caps = [:]
        for row in try transaction.rows("SELECT id, level, cap FROM staff WHERE shop = \(shop)") {
            let level: String = try row.get(1)
            caps?[try row.get(0)] =
                try row.maybe(2) ?? policy.cap(of: StaffLevel(rawValue: level) ?? .trainee)
        }
        followers = [:]
        for row in try transaction.rows("SELECT name, number FROM follower WHERE shop = \(shop)") {
            followers?[try row.get(0)] = try row.get(1)
        }
    }
}
