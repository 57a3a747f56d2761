package import Desk

/// The wire's shapes of `Docs/api.md` §3, written by hand since every message passes here.
extension JSONWriter {
    package mutating func actor(_ actor: Actor) {
        beginObject()
        field("kind", actor.kind.rawValue)
        field("id", quoted: actor.id)
        field("name", actor.name)
        endObject()
    }

    package mutating func localized(_ text: Localized) {
        beginObject()
        field("zh", text.zh)
        field("en", text.en)
        endObject()
    }

    package mutating func owner(_ owner: Conversation.Owner?) {
        guard let owner else { return null() }
        beginObject()
        field("id", quoted: owner.id.raw)
        field("name", owner.name)
        endObject()
    }

    package mutating func message(_ message: Message) {
        beginObject()
        field("id", quoted: message.id.raw)
        field("number", message.number)
        field("follows", message.follows)
        field("at", message.at.milliseconds)
        field("key", message.key)
        key("author")
        actor(message.author)
        field("kind", message.kind.rawValue)
        field("audience", message.audience.rawValue)
        field("text", message.withdrawn ? "" : message.text)
        if let replyTo = message.replyTo { field("replyTo", replyTo) }
        if !message.withdrawn { extra(message) }
        if let editedAt = message.editedAt { field("editedAt", editedAt.milliseconds) }
        field("withdrawn", bool: message.withdrawn)
        endObject()
    }

    private mutating func extra(_ message: Message) {
        if !message.mentions.isEmpty {
            key("mentions")
            beginArray()
            for staff in message.mentions { string(staff.description) }
            endArray()
        }
        if let attachment = message.attachment {
            key("attachment")
            beginObject()
            field("upload", quoted: attachment.upload.raw)
            field("name", attachment.name)
            field("type", attachment.type)
            field("size", attachment.size)
            field("width", attachment.width)
            field("height", attachment.height)
            endObject()
        }
        if let card = message.card {
            key("card")
            self.card(card)
        }
        if let system = message.system {
            key("system")
            beginObject()
            field("code", system.code.rawValue)
            key("args")
            beginObject()
            for (name, value) in system.args.sorted(by: { $0.key < $1.key }) {
                key(quoting: name)
                string(value)
            }
            endObject()
            endObject()
        }
    }

    private mutating func card(_ card: Card) {
        beginObject()
        field("kind", card.kind.rawValue)
        field("title", card.title)
        field("price", card.price)
        field("image", card.image)
        field("url", card.url)
        key("lines")
        beginArray()
        for line in card.lines ?? [] {
            beginArray()
            for part in line { string(part) }
            endArray()
        }
        endArray()
        if let item = card.item { field("item", item.description) }
        if let sku = card.sku { field("sku", sku.description) }
        endObject()
    }

    /// - Parameters:
    ///   - groupName: of the conversation's group.
    ///   - replyWithin: the shop's promise, for `deadline`.
    ///   - place: in the queue, from 1.
    package mutating func summary(
        _ conversation: Conversation, groupName: String?, verified: Bool, replyWithin: Span,
        place: Int?, asOf: Int64
    ) {
        beginObject()
        field("id", quoted: conversation.id.raw)
        field("channel", conversation.channel)
        field("state", conversation.state.rawValue)
        key("buyer")
        beginObject()
        field("id", quoted: conversation.buyer.raw)
        field("name", conversation.buyerName)
        field("verified", bool: verified)
        endObject()
        key("owner")
        owner(conversation.owner)
        key("group")
        if let group = conversation.group {
            beginObject()
            field("id", quoted: group.raw)
            field("name", groupName ?? "")
            endObject()
        } else {
            null()
        }
        field("lastNumber", conversation.lastNumber)
        field("lastPublic", conversation.lastPublic)
        field("waitingSince", conversation.waitingSince?.milliseconds)
        field("deadline", conversation.waitingSince.map { ($0 + replyWithin).milliseconds })
        key("preview")
        if let preview = conversation.preview {
            beginObject()
            field("number", preview.number)
            field("text", preview.text)
            field("kind", preview.kind.rawValue)
            field("from", preview.from.rawValue)
            field("at", preview.at.milliseconds)
            endObject()
        } else {
            null()
        }
        field("readByAgent", conversation.readByAgent)
        field("readByBuyer", conversation.readByBuyer)
        field("deliveredToBuyer", conversation.deliveredToBuyer)
        field("unread", conversation.unread)
        key("tags")
        strings(conversation.tags)
        field("snoozedUntil", conversation.snoozedUntil?.milliseconds)
        field("snoozeNote", conversation.snoozeNote)
        field("mergedInto", quoted: conversation.mergedInto?.raw)
        key("assignment")
        if let assignment = conversation.assignment { self.assignment(assignment) } else { null() }
        key("rating")
        beginObject()
        field("invited", bool: conversation.rating.invited)
        field("score", conversation.rating.score)
        field("comment", conversation.rating.comment)
        endObject()
        field("openedAt", conversation.openedAt.milliseconds)
        field("closedAt", conversation.closedAt?.milliseconds)
        field("queuedSince", conversation.queuedSince?.milliseconds)
        field("place", place)
        field("asOf", asOf)
        endObject()
    }

    package mutating func strings(_ values: [String]) {
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    private mutating func assignment(_ assignment: Assignment) {
        beginObject()
        field("reason", assignment.reason.rawValue)
        key("why")
        localized(assignment.why)
        field("at", assignment.at.milliseconds)
        endObject()
    }
}

extension ConversationEvent {
    /// The event's body as it is logged and sent to staff.
    package var json: String {
        var json = JSONWriter()
        if case .said(let message) = self {
            json.message(message)
            return json.text
        }
        json.beginObject()
        writeFields(to: &json)
        json.endObject()
        return json.text
    }

    private func writeFields(to json: inout JSONWriter) {
        switch self {
        case .said, .reopened, .woken, .ratingInvited: break
        case .opened(let name, let channel):
            json.field("buyerName", name)
            json.field("channel", channel)
        case .edited(let number, let text, let at, let audience):
            json.field("number", number)
            json.field("audience", audience.rawValue)
            json.field("text", text)
            json.field("editedAt", at.milliseconds)
        case .withdrawn(let number, let audience):
            json.field("number", number)
            json.field("audience", audience.rawValue)
        case .queued(let group, let reason):
            json.field("group", group?.description)
            json.field("reason", reason.rawValue)
        case .assigned(let owner, let assignment, let from):
            json.key("owner")
            json.owner(owner)
            json.field("reason", assignment.reason.rawValue)
            json.key("why")
            json.localized(assignment.why)
            json.field("at", assignment.at.milliseconds)
            json.key("from")
            json.owner(from)
        case .transferred(let from, let agent, let group, let card):
            json.key("from")
            json.owner(from)
            json.key("toAgent")
            json.owner(agent)
            json.field("toGroup", group?.description)
            json.key("card")
            json.beginObject()
            json.field("promise", card.promise)
            json.field("nextStep", card.nextStep)
            json.field("deadline", card.deadline?.milliseconds)
            json.field("mood", card.mood.rawValue)
            json.endObject()
        case .returned(let from, let reason):
            json.key("from")
            json.owner(from)
            json.field("reason", reason)
        case .closed(let reason): json.field("reason", reason)
        case .snoozed(let until, let note):
            json.field("until", until.milliseconds)
            json.field("note", note)
        case .tagged(let tags):
            json.key("tags")
            json.strings(tags)
        case .merged(let into): json.field("into", into.description)
        case .readByAgent(let upTo, let unread):
            json.field("side", "agent")
            json.field("upTo", upTo)
            json.field("unread", unread)
        case .readByBuyer(let upTo):
            json.field("side", "buyer")
            json.field("upTo", upTo)
        case .delivered(let upTo): json.field("upTo", upTo)
        case .rated(let score, let comment):
            json.field("score", score)
            json.field("comment", comment)
        }
    }
}
