package import Desk
import Foundation
import Hummingbird
import NIOCore
import Realtime
import SQL
import Storage

/// Reading conversations over HTTP, and commands one at a time.
package struct ConversationRoutes: Sendable {
    private let desk: ConversationDesk
    private let policy: @Sendable (ShopID) -> PolicySet
    private var database: any Database { desk.conversations.carryOut.database }

    package init(desk: ConversationDesk, policy: @escaping @Sendable (ShopID) -> PolicySet) {
        self.desk = desk
        self.policy = policy
    }

    package var routes: [Route] {
        [
            .staff(.get, "/v1/inbox", nil, inbox),
            .staff(.get, "/v1/conversations/{id}", nil, conversation),
            .staff(.get, "/v1/conversations/{id}/messages", nil, messages),
            .staff(.get, "/v1/conversations/{id}/history", .messageHistory, history),
            .staff(.get, "/v1/buyers/{id}", .buyerRead, buyer),
            .staff(.get, "/v1/wall", .wallRead, wall),
            .either(.post, "/v1/commands", nil, command),
            .buyer(.get, "/v1/buyer/messages", buyerMessages),
            .open(.get, "/v1/socket") { _, _ in
                throw Refusal(
                    .unauthenticated, "socket.refused", zh: "需要登录后以 WebSocket 连接",
                    en: "Connect by WebSocket, with a proof of who you are")
            },
        ]
    }

    // MARK: - Staff

    @Sendable
    private func inbox(_ request: Request, _ visit: Visit, _ staff: StaffPrincipal) async throws
        -> Response
    {
        let query = request.uri.queryParameters
        guard let view = InboxStore.View(rawValue: query["view"].map(String.init) ?? "mine") else {
            throw Refusal(
                .invalid, "inbox.view", zh: "没有这个列表", en: "There is no such list", field: "view")
        }
        let cursor = query["cursor"].map(String.init)
        let replyWithin = policy(staff.shop).replyWithin
        let page = try await database.read { transaction in
            let found = try InboxStore.page(
                view, for: staff.id, groups: staff.groups, rights: staff.agentRights,
                of: staff.shop,
                cursor: cursor, in: transaction)
            let names =
                try found.conversations.contains { $0.group != nil }
                ? GroupNames.of(staff.shop, in: transaction) : [:]
            let drafts =
                view == .mine || view == .snoozed
                ? try DraftStore.conversations(of: staff.id, shop: staff.shop, transaction) : []
            var json = JSONWriter(capacity: 700 * found.conversations.count + 64)
            json.beginObject()
            json.key("conversations")
            json.beginArray()
            for conversation in found.conversations {
                json.summary(
                    conversation, groupName: conversation.group.flatMap { names[$0] },
                    verified: found.verified.contains(conversation.id), replyWithin: replyWithin,
                    place: found.places[conversation.id], asOf: found.asOf)
            }
            json.endArray()
            json.key("drafts")
            json.strings(drafts.map(\.description).sorted())
            json.field("next", found.next)
            json.field("asOf", found.asOf)
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    /// The conversation of the path, if the caller may see it.
    private static func visible(
        _ id: ConversationID, to staff: StaffPrincipal, _ transaction: Transaction
    ) throws -> Conversation {
        guard let conversation = try ConversationStore.load(id, of: staff.shop, in: transaction),
            try conversation.isVisible(to: Principal.staff(staff).participant, groups: staff.groups)
                || PastOwners.contains(staff.id, id, transaction)
                || Named.contains(staff.id, id, in: staff.shop, transaction)
        else { throw Refusal.conversationUnknown }
        return conversation
    }

    private static func id(_ visit: Visit) throws -> ConversationID {
        guard let id = ConversationID(try visit.parameters.require("id")) else {
            throw Refusal.conversationUnknown
        }
        return id
    }

    @Sendable
    private func conversation(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id = try Self.id(visit)
        let replyWithin = policy(staff.shop).replyWithin
        let page = try await database.read { transaction in
            let conversation = try Self.visible(id, to: staff, transaction)
            let asOf = try EventLog.last(of: staff.shop, in: transaction)
            let messages = try MessageStore.page(
                of: id, limit: 50, forBuyers: false, in: transaction)
            var json = JSONWriter(capacity: 400 * messages.count + 1024)
            json.beginObject()
            json.key("conversation")
            try Self.write(conversation, staff.shop, replyWithin, asOf, &json, transaction)
            json.key("messages")
            Self.write(messages, for: staff, of: conversation, &json)
            json.key("drafts")
            json.beginObject()
            json.field(
                "text", try DraftStore.text(of: staff.id, in: id, shop: staff.shop, transaction))
            json.endObject()
            json.key("notes")
            json.beginArray()
            for note in try PinnedNoteStore.notes(
                of: conversation.buyer, seenBy: staff.id, in: staff.shop, transaction)
            {
                json.note(note)
            }
            json.endArray()
            json.field("asOf", asOf)
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    static func write(
        _ conversation: Conversation, _ shop: ShopID, _ replyWithin: Span, _ asOf: Int64,
        _ json: inout JSONWriter,
        _ transaction: Transaction
    ) throws {
        json.summary(
            conversation,
            groupName: try conversation.group.flatMap {
                try GroupNames.of(shop, in: transaction)[$0]
            },
            verified: !(try VerifiedBuyers.among([conversation.buyer], shop, transaction)).isEmpty,
            replyWithin: replyWithin,
            place: try InboxStore.place(of: conversation, in: shop, transaction),
            asOf: asOf)
    }

    /// Whispers are for the owner and whoever may whisper.
    private static func write(
        _ messages: [Message], for staff: StaffPrincipal, of conversation: Conversation,
        _ json: inout JSONWriter
    ) {
        json.beginArray()
        for message in messages {
            if message.audience == .owner, conversation.owner?.id != staff.id,
                !staff.may(.conversationWhisper)
            {
                continue
            }
            json.message(message)
        }
        json.endArray()
    }

    @Sendable
    private func messages(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id = try Self.id(visit)
        let (before, after, limit) = Self.range(request)
        let page = try await database.read { transaction in
            let conversation = try Self.visible(id, to: staff, transaction)
            let messages = try MessageStore.page(
                of: id, before: before, after: after, limit: limit, forBuyers: false,
                in: transaction)
            var json = JSONWriter(capacity: 400 * messages.count + 64)
            json.beginObject()
            json.key("messages")
            Self.write(messages, for: staff, of: conversation, &json)
            json.field("asOf", try EventLog.last(of: staff.shop, in: transaction))
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    private static func range(_ request: Request) -> (before: Int?, after: Int?, limit: Int) {
        let query = request.uri.queryParameters
        return (
            query["before"].flatMap { Int($0) }, query["after"].flatMap { Int($0) },
            min(max(query["limit"].flatMap { Int($0) } ?? 50, 1), 500)
        )
    }

    @Sendable
    private func history(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id = try Self.id(visit)
        guard let number = request.uri.queryParameters["number"].flatMap({ Int($0) }) else {
            throw Refusal.messageUnknown
        }
        let page = try await database.read { transaction in
            _ = try Self.visible(id, to: staff, transaction)
            guard let message = try MessageStore.load(id, number: number, in: transaction) else {
                throw Refusal.messageUnknown
            }
            var json = JSONWriter()
            json.beginObject()
            json.key("versions")
            json.beginArray()
            for version in try MessageStore.history(id, number: number, in: transaction) {
                json.beginObject()
                json.field("text", version.text)
                json.field("until", version.until.milliseconds)
                json.endObject()
            }
            json.endArray()
            json.field("withdrawn", bool: message.withdrawn)
            json.endObject()
            return json.bytes
        }
        try await desk.conversations.carryOut(in: staff.shop, as: staff.actor) { act in
            try act.record("message.historyRead", about: id.raw, ["number": String(number)])
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    @Sendable
    private func buyer(_ request: Request, _ visit: Visit, _ staff: StaffPrincipal) async throws
        -> Response
    {
        guard let id = BuyerID(try visit.parameters.require("id")) else {
            throw Refusal.buyerUnknown
        }
        let replyWithin = policy(staff.shop).replyWithin
        let page = try await database.read { transaction in
            guard
                let card = try BuyerCard.load(id, of: staff.shop, in: transaction)
            else { throw Refusal.buyerUnknown }
            let conversations = try ConversationStore.all(
                of: id, in: staff.shop, limit: 50, transaction)
            let who = Principal.staff(staff).participant
            guard
                conversations.contains(where: { $0.isVisible(to: who, groups: staff.groups) })
                    || staff.may(.conversationReadAll)
            else { throw Refusal.buyerUnknown }
            let asOf = try EventLog.last(of: staff.shop, in: transaction)
            var json = JSONWriter(capacity: 2048)
            json.beginObject()
            json.key("buyer")
            json.buyer(card, showsContact: staff.may(.buyerContact))
            json.key("conversations")
            json.beginArray()
            for conversation in conversations {
                try Self.write(conversation, staff.shop, replyWithin, asOf, &json, transaction)
            }
            json.endArray()
            json.key("notes")
            json.beginArray()
            for note in try PinnedNoteStore.notes(
                of: id, seenBy: staff.id, in: staff.shop, transaction)
            {
                json.note(note)
            }
            json.endArray()
            json.field("asOf", asOf)
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    @Sendable
    private func wall(_ request: Request, _ visit: Visit, _ staff: StaffPrincipal) async throws
        -> Response
    {
        let (policy, at) = (policy(staff.shop), desk.clock())
        let text = try await database.read { transaction in
            try WallStore.json(of: staff.shop, policy: policy, at: at, in: transaction)
        }
        return .json(bytes: ByteBuffer(string: text))
    }

    // MARK: - Everybody

    @Sendable
    private func command(_ request: Request, _ visit: Visit, _ caller: Principal) async throws
        -> Response
    {
        let bytes = try await request.collect(
            upTo: 64 << 10, within: .seconds(WebLimits.bodySeconds))
        let frame: ClientFrame
        do throws(ClientFrame.Unusable) {
            frame = try ClientFrame(bytes)
        } catch {
            throw error.refusal
        }
        switch frame {
        case .command(let command, let key, let conversation):
            let answer = try await desk.conversations.perform(
                command, key: key, in: conversation, by: caller)
            return .json(bytes: ByteBuffer(string: Frames.ack(key, answer)))
        case .presence(let state, let reason, let key):
            guard case .staff(let staff) = caller else { throw Refusal.conversationUnknown }
            let event = try await desk.presence.set(state, reason: reason, by: staff)
            return .json(bytes: ByteBuffer(string: Frames.ack(key, event: event)))
        default:
            throw Refusal(
                .invalid, "command.socketOnly", zh: "这个命令只能在实时连接里使用",
                en: "This command needs a live connection",
                field: "type")
        }
    }

    // MARK: - Buyers

    @Sendable
    private func buyerMessages(
        _ request: Request, _ visit: Visit, _ buyer: BuyerPrincipal
    ) async throws -> Response {
        let (before, after, limit) = Self.range(request)
        let wanted = request.uri.queryParameters["conversation"].flatMap {
            ConversationID(String($0))
        }
        let page = try await database.read { transaction in
            let conversation =
                if let wanted {
                    try ConversationStore.load(wanted, of: buyer.shop, in: transaction)
                } else {
                    try ConversationStore.newest(of: buyer.id, in: buyer.shop, transaction)
                }
            var json = JSONWriter(capacity: 4096)
            json.beginObject()
            json.key("messages")
            json.beginArray()
            if let conversation {
                guard conversation.buyer == buyer.id else { throw Refusal.conversationUnknown }
                for message in try MessageStore.page(
                    of: conversation.id, before: before, after: after, limit: limit,
                    forBuyers: true,
                    in: transaction)
                {
                    json.message(message)
                }
            }
            json.endArray()
            json.field("asOf", try EventLog.last(of: buyer.shop, in: transaction))
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }
}

extension Refusal {
    package static let buyerUnknown = Refusal.unknown("buyer", zh: "买家", en: "buyer")
}
