/// What can happen to a conversation.
///
/// Its state is the sum of its events.
package enum ConversationEvent: Hashable, Sendable {
    case opened(buyerName: String, channel: String)
    case said(Message)
    case edited(number: Int, text: String, at: Instant, audience: Message.Audience)
    case withdrawn(number: Int, audience: Message.Audience)
    case queued(group: GroupID?, reason: QueueReason)
    case assigned(to: Conversation.Owner, Assignment, from: Conversation.Owner?)
    case transferred(
        from: Conversation.Owner?, toAgent: Conversation.Owner?, toGroup: GroupID?, HandoverCard)
    case returned(from: Conversation.Owner, reason: String)
    case closed(reason: String)
    case reopened
    case snoozed(until: Instant, note: String)
    case woken
    case tagged([String])
    case merged(into: ConversationID)
    case readByAgent(upTo: Int, unread: Int)
    case readByBuyer(upTo: Int)
    case delivered(upTo: Int)
    case ratingInvited
    case rated(score: Int, comment: String)

    package enum QueueReason: String, Hashable, Sendable, Codable {
        case nobodyFree, nobodyOnline, transferred, returned, unanswered, ownerGone
    }

    /// The stable name on the wire and in the log.
    package var kind: String {
        switch self {
        case .opened: "conversation.opened"
        case .said: "message.sent"
        case .edited: "message.edited"
        case .withdrawn: "message.withdrawn"
        case .queued: "conversation.queued"
        case .assigned: "conversation.assigned"
        case .transferred: "conversation.transferred"
        case .returned: "conversation.returned"
        case .closed: "conversation.closed"
        case .reopened: "conversation.reopened"
        case .snoozed: "conversation.snoozed"
        case .woken: "conversation.woken"
        case .tagged: "conversation.tagged"
        case .merged: "conversation.merged"
        case .readByAgent, .readByBuyer: "conversation.read"
        case .delivered: "conversation.delivered"
        case .ratingInvited: "conversation.ratingInvited"
        case .rated: "conversation.rated"
        }
    }
}

extension Conversation {
    /// The state after an event.
    ///
    /// The only place where a conversation changes.
    package mutating func apply(_ event: ConversationEvent, at: Instant) {
        switch event {
        case .opened:
            break
        case .said(let message):
            apply(message)
        case .edited(let number, let text, _, _):
            if number == preview?.number { preview?.show(text) }
        case .withdrawn(let number, _):
            if number == preview?.number { preview?.show("") }
        case .queued(let group, _):
            state = .queued
            owner = nil
            assignment = nil
            self.group = group
            queuedSince = at
        case .assigned(let owner, let assignment, _):
            state = .open
            self.owner = owner
            self.assignment = assignment
            queuedSince = nil
            snoozedUntil = nil
            snoozeNote = nil
        case .transferred(_, _, let group, _):
            if let group { self.group = group }
        case .returned:
            owner = nil
            assignment = nil
        case .closed:
            state = .closed
            closedAt = at
            waitingSince = nil
            queuedSince = nil
            snoozedUntil = nil
            snoozeNote = nil
        case .reopened:
            // Whoever served it may be away by now; routing or the one who reopens it finds the owner.
            state = .queued
            owner = nil
            assignment = nil
            closedAt = nil
            rating = Rating()
        case .snoozed(let until, let note):
            state = .snoozed
            snoozedUntil = until
            snoozeNote = note
        case .woken:
            state = .open
            snoozedUntil = nil
        case .tagged(let tags):
            self.tags = tags
        case .merged(let into):
            mergedInto = into
        case .readByAgent(let upTo, let unread):
            readByAgent = max(readByAgent, upTo)
            self.unread = unread
        case .readByBuyer(let upTo):
            readByBuyer = max(readByBuyer, upTo)
            deliveredToBuyer = max(deliveredToBuyer, upTo)
        case .delivered(let upTo):
            deliveredToBuyer = max(deliveredToBuyer, upTo)
        case .ratingInvited:
            rating.invited = true
        case .rated(let score, let comment):
            rating = Rating(invited: true, score: score, comment: comment.isEmpty ? nil : comment)
        }
    }

    private mutating func apply(_ message: Message) {
        lastNumber = message.number
        guard message.audience == .all else { return }
        lastPublic = message.number
        if message.kind != .system {
            preview = Preview(
                number: message.number, text: message.text, kind: message.kind,
                from: message.author.kind, at: message.at)
        }
        switch message.author.kind {
        case .buyer:
            if waitingSince == nil { waitingSince = message.at }
            unread += 1
            readByBuyer = message.number
            deliveredToBuyer = message.number
        case .agent:
            waitingSince = nil
            readByAgent = message.number
            unread = 0
        case .bot, .system:
            break
        }
    }
}
