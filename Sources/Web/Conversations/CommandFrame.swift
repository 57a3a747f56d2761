package import Desk
import Foundation
package import NIOCore
import NIOFoundationCompat
package import Storage

/// A client's frame of `Docs/api.md` §2, decoded and checked.
package enum ClientFrame: Sendable {
    case hello(after: Int64?, wall: Bool)
    case ping
    case command(ConversationCommand, key: String, conversation: ConversationID?)
    case typing(ConversationID?, text: String?, on: Bool)
    case draft(ConversationID, text: String)
    case watch(ConversationID)
    case unwatch(ConversationID)
    case watchWall(Bool)
    case presence(PresenceState, reason: String, key: String)

    /// Every `type` that a client may send, for the comparison with the documentation.
    package static let types = [
        "hello", "ping", "say", "edit", "withdraw", "read", "received", "typing", "claim",
        "transfer", "return",
        "takeOver", "watch", "unwatch", "close", "reopen", "snooze", "wake", "tag", "merge",
        "inviteRating", "rate",
        "pin", "unpin", "draft", "presence",
    ]

    /// A frame that cannot be used, with its key when that could be read, so that the answer finds its command.
    package struct Unusable: Error {
        package let key: String?
        package let refusal: Refusal
    }

    package init(_ bytes: ByteBuffer) throws(Unusable) {
        if let say = bytes.withUnsafeReadableBytes({ UsualSay($0) }), let key = say.key {
            self = .command(
                .say(
                    Saying(key: key, text: say.text ?? "", replyTo: say.replyTo), upload: nil),
                key: key, conversation: say.conversation)
        } else {
            try self.init(decoding: bytes)
        }
    }

    /// By the general decoder.
    package init(decoding bytes: ByteBuffer) throws(Unusable) {
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: bytes)
        } catch let error as DecodingError {
            throw Unusable(key: Self.key(in: bytes), refusal: .malformed(error))
        } catch {
            throw Unusable(
                key: nil,
                refusal: Refusal(.invalid, "frame.malformed", zh: "看不懂这一帧", en: "Malformed frame"))
        }
        do {
            self = try wire.frame()
        } catch {
            throw Unusable(key: wire.key, refusal: error)
        }
    }

    private struct Key: Decodable { let key: String? }

    private static func key(in bytes: ByteBuffer) -> String? {
        // The frame is malformed already; its key is a courtesy.
        (try? JSONDecoder().decode(Key.self, from: bytes))?.key
    }
}

/// All fields of all frames.
private struct Wire: Decodable {
    let type: String
    let key: String?
    let conversation: ConversationID?
    let after: Int64?
    let wall: Bool?
    let kind: Message.Kind?
    let text: String?
    let upload: UploadID?
    let card: CardOrHandover?
    let replyTo: Int?
    let mentions: [StaffID]?
    let whisper: Bool?
    let number: Int?
    let upTo: Int?
    let on: Bool?
    let toAgent: StaffID?
    let toGroup: GroupID?
    let reason: String?
    let inviteRating: Bool?
    let until: Instant?
    let note: NoteOrText?
    let add: [String]?
    let remove: [String]?
    let into: ConversationID?
    let score: Int?
    let comment: String?
    let scope: String?
    let state: PresenceState?

    /// `card` is a product card of `say`, or the handover card of `transfer`.
    struct CardOrHandover: Decodable {
        let card: Card?
        let handover: HandoverCard?

        init(from decoder: any Decoder) throws {
            let handover = try? HandoverCard(from: decoder)
            self.handover = handover
            card = handover == nil ? try Card(from: decoder) : nil
        }
    }

    /// `note` is a text of `snooze`, or the id of `unpin`; both are strings.
    typealias NoteOrText = String

    func frame() throws(Refusal) -> ClientFrame {
        switch type {
        case "hello": return .hello(after: after, wall: wall ?? false)
        case "ping": return .ping
        case "typing": return .typing(conversation, text: text, on: on ?? true)
        case "draft": return .draft(try need(conversation, "conversation"), text: text ?? "")
        case "watch":
            if wall == true { return .watchWall(true) }
            return .watch(try need(conversation, "conversation"))
        case "unwatch":
            if wall == true { return .watchWall(false) }
            return .unwatch(try need(conversation, "conversation"))
        case "presence":
            return .presence(
                try need(state, "state"), reason: reason ?? "", key: try need(key, "key"))
        default:
            let command = try command()
            return .command(command, key: try need(key, "key"), conversation: conversation)
        }
    }

    private func command() throws(Refusal) -> ConversationCommand {
        switch type {
        case "say": return try saying()
        case "edit": return .edit(number: try need(number, "number"), text: try need(text, "text"))
        case "withdraw": return .withdraw(number: try need(number, "number"))
        case "read": return .read(upTo: try need(upTo, "upTo"))
        case "received": return .received(upTo: try need(upTo, "upTo"))
        case "claim": return .claim
        case "transfer":
            return .transfer(toAgent: toAgent, toGroup: toGroup, try need(card?.handover, "card"))
        case "return": return .giveBack(reason: reason ?? "")
        case "takeOver": return .takeOver(reason: reason ?? "")
        case "close": return .close(reason: reason ?? "", inviteRating: inviteRating ?? false)
        case "reopen": return .reopen
        case "snooze": return .snooze(until: try need(until, "until"), note: note ?? "")
        case "wake": return .wake
        case "tag": return .tag(add: add ?? [], remove: remove ?? [])
        case "merge": return .merge(into: try need(into, "into"))
        case "inviteRating": return .inviteRating
        case "rate": return .rate(score: try need(score, "score"), comment: comment ?? "")
        case "pin": return .pin(text: text ?? "", number: number, scope: try noteScope())
        case "unpin":
            guard let id = PinnedNoteID(try need(note, "note")) else { throw Self.lacks("note") }
            return .unpin(id)
        default:
            throw Refusal(
                .invalid, "frame.unknownType", zh: "不认识的类型：\(type.prefix(40))",
                en: "Unknown type: \(type.prefix(40))", field: "type")
        }
    }

    private func noteScope() throws(Refusal) -> PinnedNote.Scope {
        guard let scope else { return .customer }
        guard let known = PinnedNote.Scope(rawValue: scope) else { throw Self.lacks("scope") }
        return known
    }

    private func saying() throws(Refusal) -> ConversationCommand {
        guard kind != .system else {
            throw Refusal(
                .forbidden, "message.kindForbidden", zh: "不能发送这种消息",
                en: "This kind of message cannot be sent",
                field: "kind")
        }
        if let card = card?.card { try Self.check(card) }
        return .say(
            Saying(
                key: try need(key, "key"), kind: kind ?? .text, text: text ?? "", replyTo: replyTo,
                mentions: mentions ?? [], card: card?.card, whisper: whisper ?? false),
            upload: upload)
    }

    /// Cards come from outside: short, and with links that a browser may open.
    private static func check(_ card: Card) throws(Refusal) {
        let links = [card.image, card.url].compactMap { $0 }
        guard card.title.count <= 200, (card.lines ?? []).count <= 20,
            (card.lines ?? []).allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.count <= 200 } }),
            links.allSatisfy({
                $0.count <= 2_000
                    && ($0.hasPrefix("https://") || $0.hasPrefix("http://") || $0.hasPrefix("/"))
            })
        else {
            throw Refusal(
                .invalid, "card.malformed", zh: "卡片内容不符合要求", en: "The card is malformed",
                field: "card")
        }
    }

    private func need<T>(_ value: T?, _ name: String) throws(Refusal) -> T {
        guard let value else { throw Self.lacks(name) }
        return value
    }

    private static func lacks(_ name: String) -> Refusal {
        Refusal(
            .invalid, "frame.fieldMissing", zh: "缺少或不正确：\(name)", en: "Missing or wrong: \(name)",
            field: name)
    }
}
