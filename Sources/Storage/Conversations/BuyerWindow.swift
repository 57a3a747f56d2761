package import Desk
package import SQL

/// What a buyer's window shows when it opens: the fields `conversation`, `messages`, `asOf` of `POST /v1/buyer/sessions`.
package enum BuyerWindow {
    package static func write(
        _ buyer: BuyerID, of shop: ShopID, into json: inout JSONWriter, _ transaction: Transaction
    ) throws {
        let conversation = try ConversationStore.newest(of: buyer, in: shop, transaction)
        json.key("conversation")
        if let conversation {
            try summary(conversation, shop, &json, transaction)
        } else {
            json.null()
        }
        json.key("messages")
        json.beginArray()
        if let conversation {
            for message in try MessageStore.page(
                of: conversation.id, limit: 50, forBuyers: true, in: transaction)
            {
                json.message(message)
            }
        }
        json.endArray()
        json.field("asOf", try EventLog.last(of: shop, in: transaction))
    }

    /// A summary without what is the shop's own business.
    private static func summary(
        _ conversation: Conversation, _ shop: ShopID, _ json: inout JSONWriter,
        _ transaction: Transaction
    ) throws {
        json.beginObject()
        json.field("id", conversation.id.description)
        json.field("state", conversation.state == .snoozed ? "open" : conversation.state.rawValue)
        json.key("owner")
        json.owner(conversation.owner)
        json.field("lastNumber", conversation.lastPublic)
        json.field("lastPublic", conversation.lastPublic)
        json.field("readByAgent", conversation.readByAgent)
        json.field("readByBuyer", conversation.readByBuyer)
        json.field("deliveredToBuyer", conversation.deliveredToBuyer)
        json.key("rating")
        json.beginObject()
        json.field("invited", bool: conversation.rating.invited)
        json.field("score", conversation.rating.score)
        json.field("comment", conversation.rating.comment)
        json.endObject()
        json.field("openedAt", conversation.openedAt.milliseconds)
        json.field("closedAt", conversation.closedAt?.milliseconds)
        json.field("place", try InboxStore.place(of: conversation, in: shop, transaction))
        json.field("asOf", try EventLog.last(of: shop, in: transaction))
        json.endObject()
    }
}
