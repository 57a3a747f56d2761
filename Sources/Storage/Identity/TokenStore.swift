package import Desk
import SQL

/// A token of a program that speaks for a member of staff.
package struct APIToken: Hashable, Sendable {
    package let id: TokenID
    package let name: String
    /// How the secret begins, to tell tokens apart.
    package let prefix: String
    package let scopes: [Permission]
    package let createdAt: Instant
    package let by: StaffID
    package let byName: String
    package let usedAt: Instant?
    package let expiresAt: Instant?
}

/// API tokens.
///
/// Each holds some of its maker's permissions and never more than the maker has at that moment.
package struct TokenStore: Sendable {
    /// Tokens of one shop that may exist at once.
    private static let most = 200
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// Latest first, without the revoked.
    package func all(of shop: ShopID) async throws -> [APIToken] {
        try await carryOut.database.read { transaction in
            let rows = try transaction.rows(
                """
                SELECT t.id, t.name, t.prefix, t.scopes, t.created_at, t.staff, s.name, t.used_at, t.expires_at
                FROM api_token t JOIN staff s ON s.shop = t.shop AND s.id = t.staff
                WHERE t.shop = \(shop) AND t.revoked_at IS NULL ORDER BY t.id DESC
                """)
            return try rows.map { row in
                APIToken(
                    id: try row.get(0), name: try row.get(1), prefix: try row.get(2),
                    scopes: Self.scopes(try row.get(3)), createdAt: try row.get(4),
                    by: try row.get(5), byName: try row.get(6), usedAt: try row.maybe(7),
                    expiresAt: try row.maybe(8))
            }
        }
    }

    private struct Issued: Encodable {
        let name: String
        let prefix: String
        let scopes: [String]
        let expiresAt: Instant?
    }

    /// - Returns: the token and its secret, which is told only now.
    package func issue(
        name: String, scopes: [String], expiresAt: Instant?, by actor: StaffPrincipal
    ) async throws -> (token: APIToken, secret: String) {
        try actor.require(.tokensManage)
        let name = try PersonName.check(name, field: "name")
        let granted = try TokenRules.check(scopes, by: actor).sorted { $0.rawValue < $1.rawValue }
        let secret = Secret.make(.token)
        let prefix = String(secret.prefix(7))
        let token = try await carryOut(in: actor.shop, as: actor.actor) { act in
            if let expiresAt, expiresAt < act.at {
                throw Refusal(
                    .invalid, "token.expired", zh: "到期时间已经过去", en: "The expiry has passed already",
                    field: "expiresAt")
            }
            let count: Int =
                try act.transaction.first(
                    "SELECT count(*) FROM api_token WHERE shop = \(act.shop) AND revoked_at IS NULL"
                )?.get(0) ?? 0
            guard count < Self.most else {
                throw Refusal(
                    .conflict, "token.tooMany", zh: "令牌最多 \(Self.most) 个",
                    en: "There are \(Self.most) tokens already",
                    instead: Localized(zh: "请先撤销不用的", en: "Revoke those that are not used"))
            }
            let id: TokenID = act.newID()
            let words = granted.map(\.rawValue)
            try act.transaction.run(
                """
                INSERT INTO api_token (shop, id, staff, name, prefix, hash, scopes, created_at, expires_at)
                VALUES (\(act.shop), \(id), \(actor.id), \(name), \(prefix), \(Secret.digest(secret)),
                    \(words.joined(separator: " ")), \(act.at), \(expiresAt))
                """)
            try act.record(
                "token.issued", about: id.raw,
                Issued(name: name, prefix: prefix, scopes: words, expiresAt: expiresAt))
            return APIToken(
                id: id, name: name, prefix: prefix, scopes: granted, createdAt: act.at,
                by: actor.id, byName: actor.name, usedAt: nil, expiresAt: expiresAt)
        }
        return (token, secret)
    }

    private struct Named: Encodable {
        let name: String
    }

    package func revoke(_ id: TokenID, by actor: StaffPrincipal) async throws {
        try actor.require(.tokensManage)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let row = try act.transaction.first(
                "SELECT name FROM api_token WHERE shop = \(act.shop) AND id = \(id) AND revoked_at IS NULL"
            )
            guard let row else { throw Refusal.unknown("token", zh: "令牌", en: "token") }
            try act.transaction.run(
                "UPDATE api_token SET revoked_at = \(act.at) WHERE shop = \(act.shop) AND id = \(id)"
            )
            try act.record("token.revoked", about: id.raw, Named(name: try row.get(0)))
        }
    }

    static func scopes(_ text: String) -> [Permission] {
        text.split(separator: " ").compactMap { Permission(rawValue: String($0)) }
    }
}
