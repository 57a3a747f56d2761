import Desk
import Foundation
import Hummingbird
import SQL
import Storage

/// The shop's settings, API tokens and the audit log.
struct ShopRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .staff(.get, "/v1/shop", .shopEdit, shop), .staff(.put, "/v1/shop", .shopEdit, change),
            .staff(.post, "/v1/shop/identity", .identityRotate, rotate),
            .staff(.get, "/v1/tokens", .tokensManage, tokens),
            .staff(.post, "/v1/tokens", .tokensManage, issue),
            .staff(.delete, "/v1/tokens/{id}", .tokensManage, revoke),
            .staff(.get, "/v1/audit", .auditRead, audit),
        ]
    }

    // MARK: - The shop

    private struct Whole: Encodable {
        let shop: WireShop
        /// Tells a later change from what was read; 0 = never changed.
        let version: Int64
        /// The latest first.
        let history: [Version]
        let identity: Secret
        /// Where the chat window stands as a whole page, for links and QR codes.
        let chat: String

        struct Secret: Encodable {
            let set: Bool
            let rotatedAt: Instant?
        }

        struct Version: Encodable {
            let version: Int64
            let at: Instant
            let by: NamedID
            let fields: [String]
            let look: ShopStore.Look?
        }
    }

    private func whole(_ id: ShopID, _ request: Request) async throws -> Response {
        let (shop, history) = try await identity.carryOut.database.read { transaction in
            (
                try ShopStore.one(id, in: transaction),
                try ShopStore.history(of: id, in: transaction)
            )
        }
        let scheme = request.headers[.origin]?.hasPrefix("https://") == true ? "https" : "http"
        let site = request.head.authority.map { "\(scheme)://\($0)" } ?? ""
        return try .json(
            Whole(
                shop: WireShop(shop), version: history.first?.number ?? 0,
                history: history.map { version in
                    .init(
                        version: version.number, at: version.at,
                        by: NamedID(
                            id: version.by.id.map(String.init) ?? "", name: version.by.name),
                        fields: version.fields, look: version.look)
                },
                identity: .init(
                    set: shop.identityRotatedAt != nil, rotatedAt: shop.identityRotatedAt),
                chat: "\(site)/chat/\(shop.slug)"))
    }

    @Sendable
    private func shop(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response { try await whole(staff.shop, request) }

    private struct Change: Decodable {
        let name: String?
        let texts: [String: Localized]?
        let hours: OpeningHours?
        let origins: [String]?
        let colours: [String: String]?
        /// What was read; when given, a change that came in between refuses this one.
        let version: Int64?
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(Change.self, visit)
        var change = ShopChange()
        change.name = body.name
        change.texts = body.texts
        change.hours = body.hours
        change.origins = body.origins
        change.colours = body.colours
        _ = try await identity.shops.change(change, readAs: body.version, by: staff)
        return try await whole(staff.shop, request)
    }

    private struct Told: Encodable {
        let secret: String
    }

    @Sendable
    private func rotate(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(Told(secret: try await identity.shops.rotateIdentity(by: staff)))
    }

    // MARK: - Tokens

    private struct Tokens: Encodable {
        let tokens: [WireToken]
        let scopes: [Word]
    }

    private struct NewToken: Decodable {
        let name: String
        let scopes: [String]
        let expiresAt: Instant?
    }

    private struct Issued: Encodable {
        let token: WireToken
        let secret: String
    }

    @Sendable
    private func tokens(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let found = try await identity.tokens.all(of: staff.shop)
        return try .json(
            Tokens(
                tokens: found.map(WireToken.init),
                scopes: Permission.allCases.filter(staff.may).map { Word($0) }))
    }

    @Sendable
    private func issue(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let body = try await request.json(NewToken.self, visit)
        let issued = try await identity.tokens.issue(
            name: body.name, scopes: body.scopes, expiresAt: body.expiresAt, by: staff)
        return try .json(
            Issued(token: WireToken(issued.token), secret: issued.secret), status: .created)
    }

    @Sendable
    private func revoke(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let unknown = Refusal.unknown("token", zh: "令牌", en: "token")
        try await identity.tokens.revoke(try visit.id(or: unknown), by: staff)
        return .nothing
    }

    // MARK: - Audit

    private struct Audit: Encodable {
        let entries: [Entry]
        let next: String?
        let kinds: [Kind]

        struct Kind: Encodable {
            let code: String
            let sentence: Localized
        }

        struct Entry: Encodable {
            let id: String
            let at: Instant
            let kind: String
            let actor: Actor
            let subject: Subject?
            let args: WireJSONText
            let address: String?
        }

        struct Subject: Encodable {
            let kind: String
            let id: String
            let name: String?
        }
    }

    /// What every audited event may say of itself.
    private struct Body: Decodable {
        let name: String?
        let address: String?
    }

    @Sendable
    private func audit(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        var query = AuditStore.Query()
        if let kind = request.query("kind") {
            guard let known = AuditedKind(rawValue: kind) else { throw Self.badQuery("kind") }
            query.kind = known
        }
        if let actor = request.query("actor") {
            guard let id = StaffID(actor) else { throw Self.badQuery("actor") }
            query.actor = id
        }
        query.from = try Self.number(request, "from").map { Instant(milliseconds: $0) }
        query.to = try Self.number(request, "to").map { Instant(milliseconds: $0) }
        query.before = try Self.number(request, "before")
        if let limit = try Self.number(request, "limit") { query.limit = Int(clamping: limit) }
        query.limit = min(max(query.limit, 1), 200)
        let found = try await identity.audit.entries(of: staff.shop, query)
        let entries = try found.map { entry in
            let event = entry.event
            let body = try JSON.value(event.body, as: Body.self)
            return Audit.Entry(
                id: String(event.number), at: event.at, kind: event.kind, actor: event.actor,
                subject: event.subject.map {
                    .init(kind: entry.kind.subject, id: String($0), name: body.name)
                }, args: try JSON.value(event.body), address: body.address)
        }
        let more = found.count == query.limit
        return try .json(
            Audit(
                entries: entries, next: more ? entries.last?.id : nil,
                kinds: AuditedKind.allCases.map { .init(code: $0.rawValue, sentence: $0.sentence) })
        )
    }

    private static func number(_ request: Request, _ name: String) throws(Refusal) -> Int64? {
        guard let text = request.query(name) else { return nil }
        guard let number = Int64(text) else { throw badQuery(name) }
        return number
    }

    private static func badQuery(_ name: String) -> Refusal {
        Refusal(
            .invalid, "query.malformed", zh: "“\(name)”看不懂", en: "\"\(name)\" cannot be read",
            field: name)
    }
}

/// JSON of an event's body, passed on as it is.
enum WireJSONText: Codable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([WireJSONText])
    case object([String: WireJSONText])
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([WireJSONText].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: WireJSONText].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int64(exactly: value) {
                try container.encode(whole)
            } else {
                try container.encode(value)
            }
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}
