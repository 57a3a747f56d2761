import Dispatch
import HTTPTypes
package import Hummingbird
import Logging
import Metrics
import NIOCore

/// The first thing a request meets: its id goes out with the answer, its time is measured, its end is logged.
///
/// Logs hold route patterns, never paths, queries or bodies, since those hold people's data.
struct Entrance: RouterMiddleware {
    typealias Context = Visit

    /// How many proxies stand before the server and write `X-Forwarded-For`; 0 = none is believed.
    let proxies: Int

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        var visit = context
        visit.address = request.address(peer: visit.address, behind: proxies)
        let started = DispatchTime.now().uptimeNanoseconds
        var response = try await next(request, visit)
        response.headers[.requestID] = visit.id
        let nanoseconds = DispatchTime.now().uptimeNanoseconds - started
        let route = visit.endpointPath ?? "none"
        RequestFigures.shared.record(
            route: route, method: request.method, status: response.status.code, nanoseconds)
        visit.logger.debug(
            "answered",
            metadata: [
                "route": "\(route)", "method": "\(request.method)",
                "status": "\(response.status.code)", "µs": "\(nanoseconds / 1000)",
            ])
        return response
    }
}

extension HTTPField.Name {
    // The name is a constant of ours and a legal token.
    static let requestID = name("x-request-id")
    static let forwardedFor = name("x-forwarded-for")
    static let forwarded = name("forwarded")
    static let permissionsPolicy = name("permissions-policy")
    static let referrerPolicy = name("referrer-policy")
    static let openerPolicy = name("cross-origin-opener-policy")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            preconditionFailure("no header name: \(text)")
        }
        return name
    }
}

extension Request {
    /// The caller's address: the connection's peer, or what the outermost believed proxy wrote.
    package func address(peer: String, behind proxies: Int) -> String {
        guard proxies > 0 else { return peer }
        let hops = headers[values: .forwardedFor].joined(separator: ",")
            .split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        guard hops.count >= proxies else { return peer }
        return String(hops[hops.count - proxies])
    }

    /// Whether a browser says that one of our own pages sent this; false when it does not say.
    package var isFromOurOrigin: Bool {
        guard let origin = headers[.origin], let host = head.authority else {
            return false
        }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }

    /// Whether the request came straight from this machine, not through a proxy on it.
    func isFromThisMachine(_ visit: Visit) -> Bool {
        guard headers[.forwardedFor] == nil, headers[.forwarded] == nil else { return false }
        guard let peer = visit.peer?.ipAddress else { return false }
        return peer == "127.0.0.1" || peer == "::1" || peer == "::ffff:127.0.0.1"
    }
}
