package import Desk
package import SQL

/// What agents have begun to write, one text per agent and conversation.
package enum DraftStore {
    /// An empty text forgets the draft.
    ///
    /// Drafts are nobody else's business, so they are no events.
    package static func save(
        _ text: String, of staff: StaffID, in conversation: ConversationID, shop: ShopID,
        at: Instant,
        _ transaction: Transaction
    ) throws {
        if text.isEmpty {
            try transaction.run(
                "DELETE FROM draft WHERE shop = \(shop) AND staff = \(staff) AND conversation = \(conversation)"
            )
        } else {
            try transaction.run(
                """
                INSERT INTO draft (shop, staff, conversation, text, at)
                VALUES (\(shop), \(staff), \(conversation), \(text), \(at))
                ON CONFLICT (shop, staff, conversation) DO UPDATE SET text = excluded.text, at = excluded.at
                """)
        }
    }

    package static func text(
        of staff: StaffID, in conversation: ConversationID, shop: ShopID, _ transaction: Transaction
    ) throws -> String {
        try transaction.first(
            "SELECT text FROM draft WHERE shop = \(shop) AND staff = \(staff) AND conversation = \(conversation)"
        )?.get(0) ?? ""
    }

    /// The conversations in which an agent has a draft.
    package static func conversations(
        of staff: StaffID, shop: ShopID, _ transaction: Transaction
    ) throws -> Set<ConversationID> {
        Set(
            try transaction.rows(
                "SELECT conversation FROM draft WHERE shop = \(shop) AND staff = \(staff)"
            )
            .map { try $0.get(0, as: ConversationID.self) })
    }
}
