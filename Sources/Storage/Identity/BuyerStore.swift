package import Desk
import Foundation
import Language
package import SQL

/// Somebody who writes to a shop.
package struct Buyer: Hashable, Sendable {
    package let id: BuyerID
    package let shop: ShopID
    package let name: String
    package let contact: String
    /// The shop's own id of the customer, when its site signed them in.
    package let subject: String?
    package let attributes: [String: String]
    package let verified: Bool
    package let createdAt: Instant

    package init(
        id: BuyerID, shop: ShopID, name: String, contact: String = "", subject: String? = nil,
        attributes: [String: String] = [:], verified: Bool = false, createdAt: Instant
    ) {
        self.id = id
        self.shop = shop
        self.name = name
        self.contact = contact
        self.subject = subject
        self.attributes = attributes
        self.verified = verified
        self.createdAt = createdAt
    }

    package var principal: BuyerPrincipal {
        BuyerPrincipal(id: id, shop: shop, name: name, verified: verified)
    }
}

/// Buyers and the secrets by which they come back.
package struct BuyerStore: Sendable {
    private let carryOut: CarryOut
    private let policies: PolicyStore

    package init(_ carryOut: CarryOut, _ policies: PolicyStore) {
        self.carryOut = carryOut
        self.policies = policies
    }

    /// What a buyer's window shows when it opens.
    package struct Opening: Sendable {
        /// What they call themselves.
        package var name: String?
        /// The secret of an earlier visit.
        package var resume: String?
        /// What the shop's own site signed; see ``IdentityToken``.
        package var identity: String?

        package init(name: String? = nil, resume: String? = nil, identity: String? = nil) {
            self.name = name
            self.resume = resume
            self.identity = identity
        }
    }

    package struct Opened: Sendable {
        package let secret: String
        package let buyer: Buyer
        package let isNew: Bool
    }

    private struct Told: Encodable {
        let name: String
        let verified: Bool
    }

    /// Finds who this is, or makes a new buyer.
    ///
    /// A signed identity decides; the same subject is always the same buyer. Without one the secret of an earlier visit does. A secret that
    /// is unknown or too old is no error: the window then begins anew.
    package func open(_ opening: Opening, in shop: ShopID) async throws -> Opened {
        let policy = try await policies.inForce(shop)
        let now = carryOut.clock()
        let token = try await verified(opening.identity, in: shop, policy, at: now)
        let hash = opening.resume.flatMap { Secret.hash($0, .buyer) }
        // Coming back without news writes nothing but the time.
        if token == nil, let hash, let secret = opening.resume {
            let known = try await carryOut.database.read { transaction in
                try Self.one(hash: hash, since: now - policy.buyerTokenIdle, in: transaction)
            }
            if let known, known.shop == shop {
                return Opened(secret: secret, buyer: known, isNew: false)
            }
        }
        let name = try opening.name.flatMap { name in
            name.allSatisfy(\.isWhitespace) ? nil : try PersonName.check(name, field: "name")
        }
        let (fresh, resumed) = (Secret.make(.buyer), opening.resume)
        return try await carryOut(in: shop, as: .system) { act in
            let transaction = act.transaction
            let earlier = try hash.flatMap { hash in
                try Self.one(hash: hash, since: act.at - policy.buyerTokenIdle, in: transaction)
            }.flatMap { $0.shop == shop ? $0 : nil }
            let (buyer, isNew) = try Self.settle(token, earlier: earlier, name: name, in: act)
            if let resumed, let earlier, earlier.id == buyer.id {
                return Opened(secret: resumed, buyer: buyer, isNew: isNew)
            }
            try transaction.run(
                """
                INSERT INTO buyer_token (shop, hash, buyer, created_at, last_used)
                VALUES (\(shop), \(Secret.digest(fresh)), \(buyer.id), \(act.at), \(act.at))
                """)
            return Opened(secret: fresh, buyer: buyer, isNew: isNew)
        }
    }

    private func verified(
        _ identity: String?, in shop: ShopID, _ policy: PolicySet, at now: Instant
    ) async throws -> IdentityToken? {
        guard let identity, !identity.isEmpty else { return nil }
        let secret = try await carryOut.database.read { transaction in
            try ShopStore.identitySecret(of: shop, in: transaction)
        }
        guard let secret else {
            throw Refusal(
                .unauthenticated, "identity.notSetUp", zh: "店铺还没有设置买家身份签名密钥",
                en: "The shop has no secret for signed-in buyers yet",
                instead: Localized(
                    zh: "在“设置 → 聊天窗口”生成一个", en: "Make one in Settings → Chat window"),
                field: "identity")
        }
        return try IdentityToken(
            verifying: identity, secret: secret, longest: policy.identityTokenLife, at: now)
    }

    /// Who it is: the subject's buyer, else the earlier one (who becomes the subject's), else a new one.
    private static func settle(
        _ token: IdentityToken?, earlier: Buyer?, name: String?, in act: Act
    ) throws -> (buyer: Buyer, isNew: Bool) {
        guard let token else {
            if let earlier { return (earlier, false) }
            let id: BuyerID = act.newID()
            let buyer = Buyer(
                id: id, shop: act.shop, name: name ?? "访客\(id.raw % 10_000)", createdAt: act.at)
            try insert(buyer, in: act)
            return (buyer, true)
        }
        let owner = try act.transaction.first(
            columns + " WHERE b.shop = \(act.shop) AND b.external_subject = \(token.subject)"
        ).map(buyer)
        // A stranger's earlier secret is not taken over: it may belong to another customer.
        let base = owner ?? (earlier?.subject == nil ? earlier : nil)
        let id: BuyerID = base?.id ?? act.newID()
        let given = try? PersonName.check(token.name, field: "name")
        let buyer = Buyer(
            id: id, shop: act.shop, name: given ?? base?.name ?? "顾客\(id.raw % 10_000)",
            contact: token.contact ?? base?.contact ?? "", subject: token.subject,
            attributes: token.attributes, verified: true, createdAt: base?.createdAt ?? act.at)
        if base == nil {
            try insert(buyer, in: act)
        } else if base != buyer {
            try update(buyer, in: act)
        }
        return (buyer, base == nil)
    }

    // MARK: - Rows

    private static var columns: Statement {
        """
        SELECT b.shop, b.id, b.name, b.contact, b.external_subject, b.attributes, b.verified, b.created_at
        FROM buyer b
        """
    }

    private static func buyer(_ row: Row) throws -> Buyer {
        Buyer(
            id: try row.get(1), shop: try row.get(0), name: try row.get(2),
            contact: try row.get(3), subject: try row.maybe(4),
            attributes: try JSON.value(try row.get(5)), verified: try row.get(6),
            createdAt: try row.get(7))
    }

    /// Nil when there is none in this shop.
    package static func one(
        _ id: BuyerID, of shop: ShopID, in transaction: Transaction
    ) throws -> Buyer? {
        try transaction.first(columns + " WHERE b.shop = \(shop) AND b.id = \(id)").map(buyer)
    }

    /// - Throws: `buyer.unknown`.
    package func one(_ id: BuyerID, of shop: ShopID) async throws -> Buyer {
        let buyer = try await carryOut.database.read { try Self.one(id, of: shop, in: $0) }
        guard let buyer else { throw Refusal.unknown("buyer", zh: "买家", en: "buyer") }
        return buyer
    }

    static func one(
        hash: [UInt8], since: Instant, in transaction: Transaction
    ) throws -> Buyer? {
        try transaction.first(
            columns
                + """
                 JOIN buyer_token t ON t.shop = b.shop AND t.buyer = b.id
                WHERE t.hash = \(hash) AND t.last_used >= \(since)
                """
        ).map(buyer)
    }

    /// For importers and demos: a buyer as they were, without an event.
    package static func insert(_ buyer: Buyer, in transaction: Transaction) throws {
        let reading = Pinyin(name: buyer.name)
        try transaction.run(
            """
            INSERT INTO buyer (shop, id, name, name_pinyin, name_initials, contact, external_subject, attributes,
                verified, created_at)
            VALUES (\(buyer.shop), \(buyer.id), \(buyer.name), \(reading.full), \(reading.initials),
                \(buyer.contact), \(buyer.subject), \(try JSON.text(buyer.attributes)), \(buyer.verified),
                \(buyer.createdAt))
            """)
    }

    private static func insert(_ buyer: Buyer, in act: Act) throws {
        try insert(buyer, in: act.transaction)
        try act.record(
            "buyer.opened", about: buyer.id.raw,
            Told(name: buyer.name, verified: buyer.verified), by: buyer.principal.actor)
    }

    private static func update(_ buyer: Buyer, in act: Act) throws {
        let reading = Pinyin(name: buyer.name)
        try act.transaction.run(
            """
            UPDATE buyer SET name = \(buyer.name), name_pinyin = \(reading.full),
                name_initials = \(reading.initials), contact = \(buyer.contact),
                external_subject = \(buyer.subject), attributes = \(try JSON.text(buyer.attributes)),
                verified = \(buyer.verified)
            WHERE shop = \(buyer.shop) AND id = \(buyer.id)
            """)
        try act.record(
            "buyer.changed", about: buyer.id.raw,
            Told(name: buyer.name, verified: buyer.verified), by: buyer.principal.actor)
    }

    /// How a buyer can be reached, as they wrote it in the offline form.
    package static func setContact(
        _ contact: String, name: String?, of id: BuyerID, in act: Act
    ) throws {
        guard let old = try one(id, of: act.shop, in: act.transaction) else {
            throw Refusal.unknown("buyer", zh: "买家", en: "buyer")
        }
        let text = contact.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (3...200).contains(text.count) else {
            throw Refusal(
                .invalid, "contact.malformed", zh: "请留下手机号、邮箱或其他联系方式",
                en: "Leave a phone number, an address or another way to reach you", field: "contact"
            )
        }
        // What the shop's site signed is not overwritten by what was typed.
        let given = old.verified ? nil : name.flatMap { try? PersonName.check($0, field: "name") }
        try update(
            Buyer(
                id: id, shop: act.shop, name: given ?? old.name, contact: text,
                subject: old.subject, attributes: old.attributes, verified: old.verified,
                createdAt: old.createdAt), in: act)
    }
}
