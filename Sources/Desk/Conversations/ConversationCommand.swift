/// What somebody asks of a conversation: the commands of `Docs/api.md` §2.
package enum ConversationCommand: Hashable, Sendable {
    /// An attachment is named by its upload until the store has claimed it.
    case say(Saying, upload: UploadID?)
    case edit(number: Int, text: String)
    case withdraw(number: Int)
    case read(upTo: Int)
    case received(upTo: Int)
    case claim
    case transfer(toAgent: StaffID?, toGroup: GroupID?, HandoverCard)
    case giveBack(reason: String)
    case takeOver(reason: String)
    case close(reason: String, inviteRating: Bool)
    case reopen
    case snooze(until: Instant, note: String)
    case wake
    case tag(add: [String], remove: [String])
    case merge(into: ConversationID)
    case inviteRating
    case rate(score: Int, comment: String)
    case pin(text: String, number: Int?, scope: PinnedNote.Scope)
    case unpin(PinnedNoteID)
}

/// Something about a buyer that should survive the conversation (A15).
package struct PinnedNote: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable, Codable {
        /// Seen by everybody who serves this buyer.
        case customer
        /// Seen by its author alone.
        case own = "self"
    }

    package let id: PinnedNoteID
    package let scope: Scope
    package let buyer: BuyerID
    package let conversation: ConversationID
    /// The message that was pinned, if any.
    package let number: Int?
    package let author: Conversation.Owner
    package let text: String
    package let at: Instant

    package init(
        id: PinnedNoteID, scope: Scope, buyer: BuyerID, conversation: ConversationID, number: Int?,
        author: Conversation.Owner, text: String, at: Instant
    ) {
        self.id = id
        self.scope = scope
        self.buyer = buyer
        self.conversation = conversation
        self.number = number
        self.author = author
        self.text = text
        self.at = at
    }
}
