/// One conversation of a buyer with the shop, as far as decisions and lists need it.
///
/// Its messages are stored beside it.
package struct Conversation: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable {
        /// Waiting for somebody to own it.
        case queued
        /// Owned by an agent.
        case open
        /// Put aside by its owner until a time.
        case snoozed
        case closed
    }

    /// A staff member under the name that others see.
    package struct Owner: Hashable, Sendable, Codable {
        package let id: StaffID
        package let name: String

        package init(id: StaffID, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// The newest entry that everybody sees, for lists.
    package struct Preview: Hashable, Sendable {
        package let number: Int
        package private(set) var text: String
        package let kind: Message.Kind
        package let from: Actor.Kind
        package let at: Instant

        package init(number: Int, text: String, kind: Message.Kind, from: Actor.Kind, at: Instant) {
            self.number = number
            self.text = Self.short(text)
            self.kind = kind
            self.from = from
            self.at = at
        }

        /// As it was kept; making it short again would count the characters of every line of a list.
        package init(
            number: Int, kept text: String, kind: Message.Kind, from: Actor.Kind, at: Instant
        ) {
            self.number = number
            self.text = text
            self.kind = kind
            self.from = from
            self.at = at
        }

        package mutating func show(_ text: String) { self.text = Self.short(text) }

        /// What a line of a list can show.
        private static func short(_ text: String) -> String {
            text.utf8.count <= 80 ? text : String(text.prefix(80))
        }
    }

    package let id: ConversationID
    package let buyer: BuyerID
    package var buyerName: String
    package let channel: String
    package let openedAt: Instant
    package var state: State
    package var owner: Owner?
    package var group: GroupID?
    package var assignment: Assignment?
    package var queuedSince: Instant?
    package var lastNumber = 0
    package var lastPublic = 0
    /// The first buyer message that no human has answered.
    package var waitingSince: Instant?
    package var preview: Preview?
    package var readByAgent = 0
    package var readByBuyer = 0
    package var deliveredToBuyer = 0
    /// Buyer messages after `readByAgent`.
    package var unread = 0
    package var tags: [String] = []
    package var snoozedUntil: Instant?
    package var snoozeNote: String?
    package var mergedInto: ConversationID?
    package var rating = Rating()
    package var closedAt: Instant?

    package struct Rating: Hashable, Sendable {
        package var invited = false
        package var score: Int?
        package var comment: String?

        package init(invited: Bool = false, score: Int? = nil, comment: String? = nil) {
            self.invited = invited
            self.score = score
            self.comment = comment
        }
    }

    package init(
        id: ConversationID, buyer: BuyerID, buyerName: String, channel: String, openedAt: Instant,
        state: State
    ) {
        self.id = id
        self.buyer = buyer
        self.buyerName = buyerName
        self.channel = channel
        self.openedAt = openedAt
        self.state = state
    }
}

/// Why somebody owns a conversation; kept and shown.
package struct Assignment: Hashable, Sendable, Codable {
    package enum Reason: String, Hashable, Sendable, Codable {
        case knowsBuyer, leastLoaded, claimed, transferred, takenOver, reopened
    }

    package let reason: Reason
    package let why: Localized
    package let at: Instant

    package init(reason: Reason, why: Localized, at: Instant) {
        self.reason = reason
        self.why = why
        self.at = at
    }
}

/// The shop's rules that conversations obey.
///
/// Values come from the policy in force.
package struct ConversationRules: Hashable, Sendable {
    /// From a buyer's first unanswered message to the promised answer.
    package var replyWithin = Span.minutes(3)
    package var withdrawWithin = Span.minutes(2)
    package var editWithin = Span.minutes(2)
    /// A buyer who writes again within this time goes on in the closed conversation.
    package var reopenWithin = Span.hours(72)
    /// Characters of one message.
    package var messageLength = 4_000
    package var snoozeAtMost = Span.days(30)
    /// Tags of one conversation, and characters of one tag.
    package var tags = 20
    package var tagLength = 20

    package init() {}
}
