/// A file that somebody sent and that is said, or is about to be said, in a conversation.
package struct Upload: Hashable, Sendable {
    package let id: UploadID
    package let uploader: Actor
    package let at: Instant
    /// Cleaned; see ``FileName``.
    package let name: String
    package let kind: FileKind
    /// Bytes as given out.
    package let size: Int
    /// Pixels; nil for what is no image.
    package let width: Int?
    package let height: Int?
    package let hasThumbnail: Bool
    /// The conversation it was said in; nil until then.
    package var conversation: ConversationID?

    package init(
        id: UploadID, uploader: Actor, at: Instant, name: String, kind: FileKind, size: Int,
        width: Int?, height: Int?, hasThumbnail: Bool, conversation: ConversationID? = nil
    ) {
        self.id = id
        self.uploader = uploader
        self.at = at
        self.name = name
        self.kind = kind
        self.size = size
        self.width = width
        self.height = height
        self.hasThumbnail = hasThumbnail
        self.conversation = conversation
    }

    /// As a message carries it.
    package var attachment: Attachment {
        Attachment(
            upload: id, name: name, type: kind.mediaType, size: size, width: width, height: height)
    }

    package func isBy(_ actor: Actor) -> Bool {
        uploader.kind == actor.kind && uploader.id == actor.id && actor.id != nil
    }

    /// Says the upload in a conversation: only who sent it may, and only once.
    /// - Throws: ``Refusal/uploadUnknown``, so that nobody learns which ids exist.
    package func claimed(
        for conversation: ConversationID, by actor: Actor
    ) throws(Refusal) -> Upload {
        guard isBy(actor), self.conversation == nil || self.conversation == conversation else {
            throw .uploadUnknown
        }
        var claimed = self
        claimed.conversation = conversation
        return claimed
    }
}

/// One message that carries an upload.
package struct UploadPlace: Hashable, Sendable {
    package let conversation: Conversation
    package let audience: Message.Audience
    package let withdrawn: Bool
    /// Whether the reader once answered in the conversation: they go on reading it.
    package let answered: Bool

    package init(
        conversation: Conversation, audience: Message.Audience, withdrawn: Bool, answered: Bool
    ) {
        self.conversation = conversation
        self.audience = audience
        self.withdrawn = withdrawn
        self.answered = answered
    }

    fileprivate func isSeen(by who: Participant, groups: Set<GroupID>) -> Bool {
        guard answered || conversation.isVisible(to: who, groups: groups) else { return false }
        if withdrawn { return who.has(.readHistory) }
        switch audience {
        case .all: return true
        case .staff: return who.staff != nil
        case .owner: return conversation.isOwned(by: who) || who.has(.whisper)
        }
    }
}

extension Upload {
    /// Before it is said only who sent it may open it; afterwards whoever sees a message with it.
    package func isOpen(
        to who: Participant, groups: Set<GroupID>, places: [UploadPlace]
    ) -> Bool {
        if conversation == nil { return isBy(who.actor) }
        return places.contains { $0.isSeen(by: who, groups: groups) }
    }
}

/// How much one person may have sent without saying it, and within an hour.
package struct UploadQuota: Hashable, Sendable {
    /// Uploads of the person that are not said yet.
    package let unclaimed: Int
    /// Uploads of the person within the last hour.
    package let lastHour: Int

    package init(unclaimed: Int, lastHour: Int) {
        self.unclaimed = unclaimed
        self.lastHour = lastHour
    }

    /// - Parameter perHour: the bound for buyers; staff pass nil.
    package func admitOneMore(limits: UploadLimits, perHour: Int?) throws(Refusal) {
        if unclaimed >= limits.unclaimedEach { throw .uploadTooMany }
        if let perHour, lastHour >= perHour { throw .uploadTooOften }
    }
}
