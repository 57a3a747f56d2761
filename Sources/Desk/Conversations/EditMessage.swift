extension Conversation {
    /// Changes one's own words, for a short time.
    ///
    /// The earlier text stays in the history.
    package func edit(
        _ message: Message, to text: String, by who: Participant, at: Instant,
        rules: ConversationRules
    ) throws(Refusal) -> [ConversationEvent] {
        try checkOwn(
            message, who, at, within: rules.editWithin, verb: Localized(zh: "修改", en: "edit"))
        guard message.kind == .text || message.kind == .note else {
            throw Refusal(
                .conflict, "message.notText", zh: "只能修改文字消息", en: "Only text can be edited")
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "message.empty", zh: "消息是空的", en: "The message is empty",
                instead: Localized(zh: "可以撤回这条消息", en: "You may withdraw it"), field: "text")
        }
        guard text.unicodeScalars.count <= rules.messageLength else {
            throw Refusal(
                .tooLarge, "message.tooLong", zh: "消息太长", en: "The message is too long",
                field: "text")
        }
        return text == message.text
            ? [] : [.edited(number: message.number, text: text, at: at, audience: message.audience)]
    }

    /// Takes one's own message back, for a short time.
    ///
    /// Its place stays, its text goes to the history.
    package func withdraw(
        _ message: Message, by who: Participant, at: Instant, rules: ConversationRules
    ) throws(Refusal) -> [ConversationEvent] {
        if message.withdrawn, message.author == who.actor { return [] }
        try checkOwn(
            message, who, at, within: rules.withdrawWithin,
            verb: Localized(zh: "撤回", en: "withdraw"))
        return [.withdrawn(number: message.number, audience: message.audience)]
    }

    private func checkOwn(
        _ message: Message, _ who: Participant, _ at: Instant, within: Span, verb: Localized
    ) throws(Refusal) {
        // What stands here is a copy now; changing it would leave the words where people read them.
        if let into = mergedInto { throw .merged(into) }
        guard message.author.kind == who.actor.kind, message.author.id == who.actor.id,
            message.kind != .system
        else {
            throw Refusal(
                .forbidden, "message.notYours", zh: "只能\(verb.zh)自己的消息",
                en: "You can \(verb.en) only your own messages")
        }
        guard !message.withdrawn else {
            throw Refusal(
                .conflict, "message.withdrawn", zh: "消息已撤回", en: "The message was withdrawn")
        }
        guard at - message.at <= within else {
            throw Refusal(
                .conflict, "message.tooLate", zh: "超过 \(within.seconds / 60) 分钟，不能\(verb.zh)了",
                en: "Too late to \(verb.en): the limit is \(within.seconds / 60) minutes",
                instead: Localized(zh: "可以再发一条更正", en: "Send a correction instead"))
        }
    }
}
