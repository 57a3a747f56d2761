import Desk
import Storage

/// What a buyer's window gets of an event.
///
/// One rule for what happens now and for what is read again.
enum BuyerView {
    /// - Returns: the body for the buyer; nil when the event is not for buyers.
    static func body(of event: Event) -> String? {
        switch event.kind {
        case "message.sent", "message.edited", "message.withdrawn":
            // Bodies are written by this program, and quotes inside texts are escaped, so this form is the field.
            return event.body.contains(#""audience":"all""#) ? event.body : nil
        case "conversation.assigned":
            guard let assigned = try? JSON.value(event.body, as: Assigned.self) else { return nil }
            var json = JSONWriter()
            json.beginObject()
            json.key("owner")
            json.owner(assigned.owner)
            json.endObject()
            return json.text
        case "conversation.queued", "conversation.closed", "conversation.reopened",
            "conversation.opened":
            return "{}"
        case "conversation.merged", "conversation.read", "conversation.delivered",
            "conversation.ratingInvited",
            "conversation.rated":
            return event.body
        default:
            return nil
        }
    }

    private struct Assigned: Decodable {
        let owner: Conversation.Owner
    }
}
