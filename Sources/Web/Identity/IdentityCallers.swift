package import Desk
import Foundation
import HTTPTypes
package import Hummingbird
package import Realtime
package import Storage

/// The cookie that carries a session.
package enum SessionCookie {
    package static let name = "qinke_session"

    /// The secret that a request shows; nil when there is none.
    package static func secret(of request: Request) -> String? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                let name = parts.first?.trimmingPrefix(while: \.isWhitespace)
                if name == Self.name[...], parts.count == 2 { return String(parts[1]) }
            }
        }
        return nil
    }

    /// Read by no script, sent to no other site, and over TLS only where the page came by it.
    package static func set(_ secret: String, for request: Request, seconds: Int) -> String {
        let secure = request.headers[.origin]?.hasPrefix("https://") == true
        return "\(name)=\(secret); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            + (secure ? "; Secure" : "")
    }

    package static let removed = "\(name)=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
}

/// Tells who is calling.
///
/// A bearer token speaks for itself; a cookie only from our own pages.
package struct IdentityCallers: Callers {
    private let principals: Principals

    package init(_ principals: Principals) { self.principals = principals }

    package func caller(of request: Request, _ visit: Visit) async throws -> Principal? {
        if let bearer = Self.bearer(of: request) {
            return try await caller(bearer: bearer)
        }
        guard let secret = SessionCookie.secret(of: request) else { return nil }
        try Self.refuseOtherSites(request)
        do {
            return .staff(try await principals.staff(cookieToken: secret))
        } catch let ended as SessionEnded {
            throw RefusedWith(
                ended.refusal,
                extra: [
                    "by": .object(["name": .text(ended.by)]),
                    "reason": .text(ended.reason),
                ])
        }
    }

    /// By a token alone, as a socket's second sub-protocol carries it.
    package func caller(bearer: String) async throws -> Principal {
        if bearer.hasPrefix(Secret.Kind.buyer.rawValue) {
            return .buyer(try await principals.buyer(bearer))
        }
        return .staff(try await principals.apiToken(bearer))
    }

    package static func bearer(of request: Request) -> String? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }

    /// A browser sends our cookie also for pages of others, so a call by cookie must come from a page of ours.
    ///
    /// Unsafe methods need an `Origin` that is the server's own; a safe one may lack it, but not contradict it. Browsers that say more are believed.
    package static func refuseOtherSites(_ request: Request) throws(Refusal) {
        let safe = [.get, .head, .options].contains(request.method)
        let origin = request.headers[.origin]
        let site = request.headers[.fetchSite]
        let fits =
            (origin == nil ? safe : request.isFromOurOrigin)
            && (site == nil || site == "same-origin" || (safe && site == "none"))
        guard fits else {
            throw Refusal(
                .forbidden, "request.otherSite", zh: "这个请求不是从本系统的页面发出的",
                en: "This request did not come from a page of this server",
                instead: Localized(
                    zh: "程序请用接口令牌；若前面有反向代理，请让它保留 Host",
                    en: "Programs use an API token; a reverse proxy must keep the Host header"))
        }
    }
}

extension HTTPField.Name {
    /// A browser's word on which site a request came from.
    static let fetchSite: HTTPField.Name = {
        guard let name = HTTPField.Name("sec-fetch-site") else {
            preconditionFailure("a legal token")
        }
        return name
    }()
}

extension LoginThrottled {
    /// With the seconds to wait, in the error and as `Retry-After`.
    var onTheWire: RefusedWith {
        RefusedWith(
            refusal, extra: ["wait": .number(Int64(waitSeconds))],
            headers: [.retryAfter: String(waitSeconds)])
    }
}

/// Runs a part in which a throttle may speak.
func throttled<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as LoginThrottled {
        throw error.onTheWire
    }
}

extension Request {
    /// The body as JSON; the one form in which routes read it.
    func json<T: Decodable>(_ type: T.Type = T.self, _ visit: Visit) async throws -> T {
        try await decode(as: type, context: visit)
    }

    /// The same where a body may be absent.
    func optionalJSON<T: Decodable>(_ type: T.Type = T.self, _ visit: Visit) async throws -> T? {
        let bytes = try await collect(upTo: WebLimits.body, within: .seconds(WebLimits.bodySeconds))
        return bytes.readableBytes == 0 ? nil : try StrictJSON.value(bytes)
    }

    /// What a query says; nil when absent or empty.
    func query(_ name: String) -> String? {
        guard let value = uri.queryParameters[name[...]], !value.isEmpty else { return nil }
        return String(value)
    }
}

extension Visit {
    /// The id in the path.
    ///
    /// One that is no id is as unknown as one that is not there.
    func id<Of>(_ name: String = "id", or unknown: Refusal) throws(Refusal) -> ID<Of> {
        guard let text = parameters.get(name), let id = ID<Of>(text) else { throw unknown }
        return id
    }
}
