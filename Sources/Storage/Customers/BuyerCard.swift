package import Desk
package import SQL

/// A buyer as staff see them beside the conversation.
package struct BuyerCard: Hashable, Sendable {
    package let id: BuyerID
    package let name: String
    package let contact: String
    package let verified: Bool
    package let since: Instant
    /// JSON, an object of strings.
    package let attributes: String

    package static func load(
        _ id: BuyerID, of shop: ShopID, in transaction: Transaction
    ) throws -> BuyerCard? {
        try transaction.first(
            """
            SELECT id, name, contact, verified, created_at, attributes FROM buyer
            WHERE shop = \(shop) AND id = \(id)
            """
        ).map { row in
            BuyerCard(
                id: try row.get(0), name: try row.get(1), contact: try row.get(2),
                verified: try row.get(3),
                since: try row.get(4), attributes: try row.get(5))
        }
    }
}

extension JSONWriter {
    /// - Parameter showsContact: otherwise the contact is masked.
    package mutating func buyer(_ card: BuyerCard, showsContact: Bool) {
        beginObject()
        field("id", card.id.description)
        field("name", card.name)
        field("contact", showsContact ? card.contact : String(card.contact.map { _ in "*" }))
        field("verified", bool: card.verified)
        field("since", card.since.milliseconds)
        key("attributes")
        raw(card.attributes)
        endObject()
    }
}

/// Which buyers the shop's own site vouches for.
package enum VerifiedBuyers {
    package static func among(
        _ buyers: [BuyerID], _ shop: ShopID, _ transaction: Transaction
    ) throws -> Set<BuyerID> {
        guard !buyers.isEmpty else { return [] }
        return Set(
            try transaction.rows(
                "SELECT id FROM buyer WHERE shop = \(shop) AND verified = 1 AND id IN \(list: Array(Set(buyers)))"
            ).map { try $0.get(0) as BuyerID })
    }
}

/// Agents go on reading what they once served: their own words are in it.
package enum PastOwners {
    package static func contains(
        _ staff: StaffID, _ conversation: ConversationID, _ transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM message WHERE conversation = \(conversation) AND author_kind = 'agent'
            AND author_id = \(staff) LIMIT 1
            """) != nil
    }
}

/// Who was named in a conversation was asked to look at it: they may read it and answer with a note.
package enum Named {
    package static func contains(
        _ staff: StaffID, _ conversation: ConversationID, in shop: ShopID,
        _ transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM mention WHERE shop = \(shop) AND staff = \(staff)
            AND conversation = \(conversation) LIMIT 1
            """) != nil
    }
}
