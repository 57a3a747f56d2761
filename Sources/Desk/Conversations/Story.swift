/// A conversation while an act is decided: each event is applied at once, so that the next decision sees it.
///
/// Pure: ids come from `newID`, the time is given.
package struct Story {
    package private(set) var conversation: Conversation
    package private(set) var events: [ConversationEvent] = []
    package let at: Instant
    package let rules: ConversationRules
    private let newID: () -> MessageID

    package init(
        _ conversation: Conversation, at: Instant, rules: ConversationRules,
        newID: @escaping () -> MessageID
    ) {
        self.conversation = conversation
        self.at = at
        self.rules = rules
        self.newID = newID
    }

    package mutating func happen(_ event: ConversationEvent) {
        conversation.apply(event, at: at)
        events.append(event)
    }

    /// Adds what somebody says.
    @discardableResult
    package mutating func say(_ saying: Saying, by who: Participant) throws(Refusal) -> Message {
        let message = try conversation.say(saying, by: who, id: newID(), at: at, rules: rules)
        happen(.said(message))
        return message
    }

    /// Adds a line by the system, in the timeline's own words.
    package mutating func line(
        _ code: SystemLine.Code, _ args: [String: String] = [:], audience: Message.Audience = .all,
        card: Card? = nil
    ) {
        let id = newID()
        happen(
            .said(
                Message(
                    id: id, number: conversation.lastNumber + 1, follows: conversation.lastPublic,
                    at: at,
                    key: "system-\(id)", author: .system, kind: .system, audience: audience,
                    text: "", card: card,
                    system: SystemLine(code, args))))
    }
}
