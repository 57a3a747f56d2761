/// What somebody wants to say.
package struct Saying: Hashable, Sendable {
    package var key: String
    package var kind: Message.Kind
    package var text: String
    package var replyTo: Int?
    package var mentions: [StaffID]
    package var attachment: Attachment?
    package var card: Card?
    package var whisper: Bool
    /// Left for later: its sender does not wait, so it may go behind a queue that takes nobody else.
    package var left: Bool

    package init(
        key: String, kind: Message.Kind = .text, text: String = "", replyTo: Int? = nil,
        mentions: [StaffID] = [],
        attachment: Attachment? = nil, card: Card? = nil, whisper: Bool = false, left: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.text = text
        self.replyTo = replyTo
        self.mentions = mentions
        self.attachment = attachment
        self.card = card
        self.whisper = whisper
        self.left = left
    }
}

extension Conversation {
    /// The message that this saying becomes, or why it may not be said.
    package func say(
        _ saying: Saying, by who: Participant, id: MessageID, at: Instant, rules: ConversationRules
    ) throws(Refusal) -> Message {
        if let into = mergedInto { throw .merged(into) }
        try check(saying, rules)
        let audience = try audience(of: saying, by: who)
        if let replyTo = saying.replyTo, replyTo < 1 || replyTo > lastNumber {
            throw Refusal(
                .invalid, "message.replyUnknown", zh: "要回复的那条消息不存在",
                en: "The message to reply to does not exist",
                field: "replyTo")
        }
        return Message(
            id: id, number: lastNumber + 1, follows: lastPublic, at: at, key: saying.key,
            author: who.actor,
            kind: saying.kind, audience: audience, text: saying.text, replyTo: saying.replyTo,
            mentions: saying.mentions, attachment: saying.attachment, card: saying.card)
    }

    private func audience(of saying: Saying, by who: Participant) throws(Refusal)
        -> Message.Audience
    {
        switch who {
        case .buyer, .bot:
            guard saying.kind != .note, saying.kind != .system else {
                throw Refusal(
                    .forbidden, "message.kindForbidden", zh: "不能发送这种消息",
                    en: "This kind of message cannot be sent",
                    field: "kind")
            }
            return .all
        case .system:
            return .all
        case .agent:
            if saying.kind == .note {
                if saying.whisper && !who.has(.whisper) {
                    throw .notAllowed(
                        "message.whisperForbidden", zh: "没有密语提示的权限", en: "You may not whisper")
                }
                return saying.whisper ? .owner : .staff
            }
            guard isOwned(by: who) else {
                throw Refusal(
                    .conflict, "conversation.notYours",
                    zh: owner.map { "这个会话由\($0.name)接待" } ?? "这个会话还没有人接待",
                    en: owner.map { "\($0.name) serves this conversation" }
                        ?? "Nobody serves this conversation yet",
                    instead: Localized(
                        zh: "可以写内部备注，或先接入会话",
                        en: "Write an internal note, or claim the conversation first"))
            }
            guard state != .closed else {
                throw Refusal(
                    .conflict, "conversation.closed", zh: "会话已结束", en: "The conversation is closed",
                    instead: Localized(zh: "重新打开后再回复", en: "Reopen it and then reply"))
            }
            return .all
        }
    }

    private func check(_ saying: Saying, _ rules: ConversationRules) throws(Refusal) {
        guard ClientKey.isValid(saying.key) else { throw ClientKey.refusal }
        // Few bytes are few characters, without counting them.
        guard
            saying.text.utf8.count <= rules.messageLength
                || saying.text.unicodeScalars.count <= rules.messageLength
        else {
            throw Refusal(
                .tooLarge, "message.tooLong", zh: "消息太长，最多 \(rules.messageLength) 个字",
                en: "The message is too long; at most \(rules.messageLength) characters",
                instead: Localized(zh: "请分成几条发送", en: "Send it in several parts"), field: "text")
        }
        let complete =
            switch saying.kind {
            case .text, .note: !saying.text.allSatisfy(\.isWhitespace)
            case .image, .file: saying.attachment != nil
            case .card: saying.card != nil
            case .system: true
            }
        guard complete else {
            throw Refusal(
                .invalid, "message.empty", zh: "消息是空的", en: "The message is empty",
                field: saying.kind == .card ? "card" : saying.attachment == nil ? "text" : "upload")
        }
    }
}

/// The client's own id of one act.
package enum ClientKey {
    package static func isValid(_ key: String) -> Bool {
        let bytes = key.utf8
        return (1...64).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    package static let refusal = Refusal(
        .invalid, "key.malformed", zh: "key 须为 1–64 个字母、数字、_ 或 -",
        en: "key must be 1–64 letters, digits, _ or -", field: "key")

    package static let reused = Refusal(
        .conflict, "key.reused", zh: "同一个 key 已用于另一个内容", en: "This key was used for something else",
        instead: Localized(zh: "新的内容请用新的 key", en: "Use a new key for new content"), field: "key")
}

extension Refusal {
    package static func notAllowed(_ code: String, zh: String, en: String) -> Refusal {
        Refusal(
            .forbidden, code, zh: zh, en: en,
            instead: Localized(zh: "请联系主管", en: "Ask a supervisor"))
    }

    static func merged(_ into: ConversationID) -> Refusal {
        Refusal(
            .gone, "conversation.merged", zh: "会话已合并到另一个会话",
            en: "The conversation was merged into another",
            instead: Localized(zh: "请在合并后的会话里继续", en: "Go on in the other one"))
    }

    package static let conversationUnknown = Refusal.unknown(
        "conversation", zh: "会话", en: "conversation")
    package static let messageUnknown = Refusal.unknown("message", zh: "消息", en: "message")
}
