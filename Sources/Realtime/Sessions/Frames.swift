package import Desk
package import Storage

/// The server's frames of `Docs/api.md` §2, as text.
package enum Frames {
    /// - Parameter body: as the receiver may see it; nil for the whole.
    package static func event(_ event: Event, body: String? = nil) -> String {
        var json = JSONWriter(capacity: 192 + event.body.utf8.count)
        json.beginObject()
        json.field("type", "event")
        json.field("event", event.number)
        json.field("kind", event.kind)
        if event.isOfConversation {
            json.field("conversation", quoted: event.subject)
        } else {
            json.field("subject", quoted: event.subject)
        }
        json.field("at", event.at.milliseconds)
        json.key("actor")
        json.actor(event.actor)
        json.key("body")
        json.raw(body ?? event.body)
        json.endObject()
        return json.text
    }

    package static func ack(_ key: String, _ answer: Converse.Answer) -> String {
        var json = JSONWriter(capacity: 192)
        json.beginObject()
        json.field("type", "ack")
        json.field("key", key)
        json.field("event", answer.event)
        json.field("conversation", quoted: answer.conversation.raw)
        if let id = answer.id { json.field("id", quoted: id.raw) }
        if let number = answer.number { json.field("number", number) }
        if let follows = answer.follows { json.field("follows", follows) }
        if let at = answer.at { json.field("at", at.milliseconds) }
        if let tags = answer.tags {
            json.key("tags")
            json.strings(tags)
        }
        if let note = answer.note { json.field("note", note.description) }
        json.endObject()
        return json.text
    }

    package static func ack(_ key: String, event: Int64) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "ack")
        json.field("key", key)
        json.field("event", event)
        json.endObject()
        return json.text
    }

    package static func refusal(_ key: String?, _ refusal: Refusal) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "refusal")
        json.field("key", key)
        json.key("error")
        json.refusal(refusal)
        json.endObject()
        return json.text
    }

    static func welcome(_ session: UInt64, event: Int64, now: Instant) -> String {
        #"{"type":"welcome","session":"\#(session)","event":\#(event),"now":\#(now.milliseconds)}"#
    }

    static func live(_ event: Int64) -> String { #"{"type":"live","event":\#(event)}"# }
    static func reset(_ event: Int64) -> String { #"{"type":"reset","event":\#(event)}"# }
    package static func pong(_ now: Instant) -> String {
        #"{"type":"pong","now":\#(now.milliseconds)}"#
    }

    static func typing(_ conversation: ConversationID, _ who: Actor, text: String?, on: Bool)
        -> String
    {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "typing")
        json.field("conversation", conversation.description)
        json.key("who")
        json.actor(who)
        if let text { json.field("text", text) }
        json.field("on", bool: on)
        json.endObject()
        return json.text
    }

    static func draft(_ conversation: ConversationID, _ text: String) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "draft")
        json.field("conversation", conversation.description)
        json.field("text", text)
        json.endObject()
        return json.text
    }

    static func queue(_ conversation: ConversationID, place: Int, waitSeconds: Int?) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "queue")
        json.field("conversation", conversation.description)
        json.field("place", place)
        json.field("waitSeconds", waitSeconds)
        json.endObject()
        return json.text
    }

    static func health(ok: Bool, code: String, _ message: Localized) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "health")
        json.field("ok", bool: ok)
        json.field("code", code)
        json.key("message")
        json.localized(message)
        json.endObject()
        return json.text
    }

    package static func bye(_ code: String, _ message: Localized, by: String?) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("type", "bye")
        json.field("code", code)
        json.key("message")
        json.localized(message)
        json.field("by", by)
        json.endObject()
        return json.text
    }

    static func wall(_ body: String) -> String { #"{"type":"wall","wall":"# + body + "}" }
}

extension JSONWriter {
    package mutating func refusal(_ refusal: Refusal) {
        beginObject()
        field("code", refusal.code)
        key("message")
        localized(refusal.message)
        if let instead = refusal.instead {
            key("instead")
            localized(instead)
        }
        field("retry", bool: refusal.retry)
        if let field = refusal.field { self.field("field", field) }
        endObject()
    }
}

extension Event {
    /// Whether `subject` is a conversation.
    package var isOfConversation: Bool {
        kind.hasPrefix("message.") || kind.hasPrefix("conversation.") || kind.hasPrefix("note.")
    }
}
