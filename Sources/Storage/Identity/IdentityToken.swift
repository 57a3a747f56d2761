import Crypto
package import Desk
import Foundation

/// Who a buyer is, as the shop's own site signed it: a JSON Web Token, HS256, `Docs/api.md` §5.
package struct IdentityToken: Hashable, Sendable {
    package let subject: String
    package let name: String
    package let contact: String?
    package let attributes: [String: String]

    /// Clocks of two servers differ a little.
    private static let leeway = Span.seconds(60)

    private struct Header: Decodable {
        let alg: String
        let typ: String?
        let crit: [String]?
    }

    private struct Claims: Decodable {
        let sub: String
        let name: String?
        let contact: String?
        let attributes: [String: String]?
        let iat: Double
        let exp: Double
        let nbf: Double?
    }

    /// Checks signature and times.
    /// - Parameter longest: how far `exp` may lie ahead.
    /// - Throws: a ``Refusal`` that tells the integrator what is wrong, and a stranger nothing they could use.
    package init(
        verifying text: String, secret: String, longest: Span, at now: Instant
    ) throws(Refusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 8_192, parts.count == 3, let head = Base64URL.data(parts[0]),
            let body = Base64URL.data(parts[1]), let signature = Base64URL.data(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: head)
        else {
            throw .identity("malformed", "身份令牌格式不对", "The identity token is no JSON Web Token")
        }
        // The algorithm is ours to say, never the token's.
        guard header.alg == "HS256", header.crit == nil else {
            throw .identity(
                "algorithm", "身份令牌必须用 HS256 签名", "The identity token must be signed with HS256")
        }
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        let key = SymmetricKey(data: Data(secret.utf8))
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key)
        else {
            throw .identity(
                "signature", "身份令牌的签名不对", "The identity token's signature is wrong")
        }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: body) else {
            throw .identity(
                "claims", "身份令牌缺少 sub、iat 或 exp", "The identity token lacks sub, iat or exp")
        }
        try Self.check(claims, longest: longest, at: now)
        let attributes = claims.attributes ?? [:]
        let fits = attributes.allSatisfy { $0.key.count <= 40 && $0.value.count <= 200 }
        guard (1...200).contains(claims.sub.utf8.count), attributes.count <= 20, fits,
            (claims.contact?.count ?? 0) <= 200
        else {
            throw .identity(
                "tooLarge", "身份令牌里的内容太长", "The identity token's claims are too long")
        }
        subject = claims.sub
        name = String((claims.name ?? "").prefix(40))
        contact = claims.contact
        self.attributes = attributes
    }

    private static func check(
        _ claims: Claims, longest: Span, at now: Instant
    ) throws(Refusal) {
        let times = [claims.iat, claims.exp, claims.nbf ?? claims.iat]
        guard times.allSatisfy({ $0.isFinite && (0...1e11).contains($0) }) else {
            throw .identity("times", "身份令牌的时间不对", "The identity token's times make no sense")
        }
        let issued = Instant(milliseconds: Int64(claims.iat * 1000))
        let expires = Instant(milliseconds: Int64(claims.exp * 1000))
        let valid = Instant(milliseconds: Int64((claims.nbf ?? claims.iat) * 1000))
        guard issued - leeway <= now, valid - leeway <= now else {
            throw .identity(
                "notYet", "身份令牌的签发时间在未来，请校准时钟",
                "The identity token is from the future; set the site's clock")
        }
        guard now < expires + leeway else {
            throw .identity(
                "expired", "身份令牌已过期，请刷新页面", "The identity token has expired; reload the page")
        }
        guard expires - issued <= longest else {
            throw .identity(
                "tooLong", "身份令牌最多有效 \(longest.seconds / 60) 分钟",
                "An identity token may be valid for \(longest.seconds / 60) minutes at most")
        }
    }
}

extension Refusal {
    fileprivate static func identity(_ code: String, _ zh: String, _ en: String) -> Refusal {
        Refusal(.unauthenticated, "identity.\(code)", zh: zh, en: en, field: "identity")
    }
}
