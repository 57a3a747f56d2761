import Desk
import Foundation
import HTTPTypes
import Hummingbird
import Realtime
import SQL
import Storage

/// A buyer's own window: opening it, reading on, and leaving a message when nobody is there.
struct BuyerRoutes: Sendable {
    let identity: Identity
    let conversations: ConversationService
    private let openings = OpeningBudget()

    init(identity: Identity, conversations: ConversationService) {
        self.identity = identity
        self.conversations = conversations
    }

    var routes: [Route] {
        [
            .open(.post, "/v1/buyer/sessions", open),
            .buyer(.get, "/v1/buyer/conversation", conversation),
            .buyer(.post, "/v1/buyer/offline", offline),
        ]
    }

    private struct Opening: Decodable {
        let shop: String
        let name: String?
        let resume: String?
        let identity: String?
    }

    @Sendable
    private func open(_ request: Request, _ visit: Visit) async throws -> Response {
        let body = try await request.json(Opening.self, visit)
        let shop = try await identity.shops.one(slug: String(body.shop.prefix(40)))
        try Self.refuse(otherSites: shop.origins, request)
        let now = identity.carryOut.clock()
        guard openings.take(visit.address, at: now) else {
            throw RefusedWith(
                Refusal(
                    .tooMany, "buyer.tooMany", zh: "打开得太频繁，请稍后再试",
                    en: "Too many windows; try again soon",
                    retry: true), headers: [.retryAfter: "5"])
        }
        let opened = try await identity.buyers.open(
            .init(name: body.name, resume: body.resume, identity: body.identity), in: shop.id)
        return try await window(
            of: opened.buyer.principal, token: opened.secret,
            status: opened.isNew ? .created : .ok)
    }

    /// The sites that may carry the window; our own pages always may.
    private static func refuse(otherSites allowed: [String], _ request: Request) throws(Refusal) {
        guard !allowed.isEmpty, let origin = request.headers[.origin], !request.isFromOurOrigin,
            !allowed.contains(origin.lowercased())
        else { return }
        throw Refusal(
            .forbidden, "origin.notAllowed", zh: "这个网站没有获准使用聊天窗口",
            en: "This site may not carry the chat window",
            instead: Localized(
                zh: "店主可以在“设置 → 聊天窗口”里加上它", en: "The owner can add it in Settings → Chat window"))
    }

    @Sendable
    private func conversation(
        _ request: Request, _ visit: Visit, _ buyer: BuyerPrincipal
    ) async throws -> Response { try await window(of: buyer, token: nil, status: .ok) }

    /// Everything that the window shows, read at one moment.
    private func window(
        of buyer: BuyerPrincipal, token: String?, status: HTTPResponse.Status
    ) async throws -> Response {
        let policy = try await identity.policies.inForce(buyer.shop)
        let now = identity.carryOut.clock()
        let written = try await identity.carryOut.database.read { transaction in
            let shop = try ShopStore.one(buyer.shop, in: transaction)
            let asOf = try EventLog.last(of: buyer.shop, in: transaction)
            let conversation = try ConversationStore.newest(
                of: buyer.id, in: buyer.shop, transaction)
            let staffed = try QueueOrder.someoneIsThere(in: buyer.shop, transaction)
            var json = JSONWriter()
            json.beginObject()
            if let token { json.field("token", token) }
            json.key("buyer")
            json.beginObject()
            json.field("id", buyer.id.description)
            json.field("name", buyer.name)
            json.field("verified", bool: buyer.verified)
            json.endObject()
            json.key("shop")
            json.beginObject()
            json.field("name", shop.name)
            json.field("slug", shop.slug)
            json.field("online", bool: staffed || shop.hours.isOpen(at: now))
            // A form is offered in place of a place in a queue that is too long to be honest.
            let turnedAway = conversation.map { $0.state == .closed } ?? true
            json.field(
                "full",
                bool: try turnedAway
                    && QueueOrder.isFull(in: buyer.shop, policy: policy, transaction))
            json.key("texts")
            json.raw(try JSON.text(shop.texts))
            json.key("hours")
            json.raw(try JSON.text(shop.hours))
            json.key("colours")
            json.raw(try JSON.text(shop.colours))
            json.endObject()
            json.key("conversation")
            if let conversation {
                let place = try InboxStore.place(of: conversation, in: buyer.shop, transaction)
                json.buyerSummary(
                    conversation, verified: buyer.verified, replyWithin: policy.replyWithin,
                    place: place, asOf: asOf)
            } else {
                json.null()
            }
            json.key("messages")
            json.beginArray()
            if let conversation {
                let page = try MessageStore.page(
                    of: conversation.id, limit: 50, forBuyers: true, in: transaction)
                for message in page { json.message(message) }
            }
            json.endArray()
            json.field("asOf", asOf)
            json.endObject()
            return json.bytes
        }
        return .json(bytes: .init(bytes: written), status: status)
    }

    private struct Offline: Decodable {
        let name: String?
        let contact: String
        let text: String
        let key: String
    }

    private struct Left: Encodable {
        let conversation: ConversationID
        let number: Int?
        let event: Int64?
    }

    @Sendable
    private func offline(
        _ request: Request, _ visit: Visit, _ buyer: BuyerPrincipal
    ) async throws -> Response {
        let body = try await request.json(Offline.self, visit)
        try await identity.carryOut(in: buyer.shop, as: buyer.actor) { act in
            try BuyerStore.setContact(body.contact, name: body.name, of: buyer.id, in: act)
        }
        let known = try await identity.buyers.one(buyer.id, of: buyer.shop)
        let answer = try await conversations.perform(
            .say(Saying(key: body.key, text: body.text, left: true), upload: nil), key: body.key,
            in: nil,
            by: .buyer(known.principal))
        return try .json(
            Left(conversation: answer.conversation, number: answer.number, event: answer.event))
    }
}

extension JSONWriter {
    /// A conversation as its buyer may see it: nothing of tags, notes, reasons or who waits for what inside the shop.
    fileprivate mutating func buyerSummary(
        _ conversation: Conversation, verified: Bool, replyWithin: Span, place: Int?, asOf: Int64
    ) {
        beginObject()
        field("id", conversation.id.description)
        field("channel", conversation.channel)
        // That it was put off is the shop's business.
        let state = conversation.state == .snoozed ? .open : conversation.state
        field("state", state.rawValue)
        key("buyer")
        beginObject()
        field("id", conversation.buyer.description)
        field("name", conversation.buyerName)
        field("verified", bool: verified)
        endObject()
        key("owner")
        owner(conversation.owner)
        field("lastNumber", conversation.lastPublic)
        field("lastPublic", conversation.lastPublic)
        field("waitingSince", conversation.waitingSince?.milliseconds)
        field("deadline", conversation.waitingSince.map { ($0 + replyWithin).milliseconds })
        field("readByAgent", conversation.readByAgent)
        field("readByBuyer", conversation.readByBuyer)
        field("deliveredToBuyer", conversation.deliveredToBuyer)
        field("unread", 0)
        key("tags")
        strings([])
        key("rating")
        beginObject()
        field("invited", bool: conversation.rating.invited)
        field("score", conversation.rating.score)
        field("comment", conversation.rating.comment)
        endObject()
        field("openedAt", conversation.openedAt.milliseconds)
        field("closedAt", conversation.closedAt?.milliseconds)
        field("place", place)
        field("asOf", asOf)
        endObject()
    }
}
