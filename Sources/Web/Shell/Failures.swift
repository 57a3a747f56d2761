import Desk
import Hummingbird
import Logging

/// Turns whatever a route throws into the protocol's one shape of failure, or a page for people.
///
/// Unexpected errors are logged whole with the request's id and told without internals.
struct Failures: RouterMiddleware {
    typealias Context = Visit

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return try answer(error, to: request, context)
        }
    }

    private func answer(_ error: any Error, to request: Request, _ visit: Visit) throws -> Response
    {
        let refusal: Refusal
        if let known = Refusal.of(error) {
            refusal = known
            if known.kind == .busy || known.kind == .full {
                visit.logger.warning("refused", metadata: ["code": "\(known.code)"])
            }
        } else {
            refusal = .unexpected(visit.id)
            visit.logger.error(
                "a request failed",
                metadata: [
                    "route": "\(visit.endpointPath ?? "-")", "method": "\(request.method)",
                    "error": "\(String(reflecting: error))",
                ])
        }
        let extra = error as? RefusedWith
        if refusal.kind == .unknown, request.wantsPage {
            return NotFoundPage.response
        }
        var headers = extra?.headers ?? [:]
        if refusal.kind == .busy, headers[.retryAfter] == nil { headers[.retryAfter] = "1" }
        return try .json(
            WireFailure(error: WireError(refusal, extra: extra?.extra ?? [:])),
            status: .init(code: refusal.kind.status), headers: headers)
    }
}

extension Request {
    /// A person's browser asking for a page, not a program asking the protocol.
    var wantsPage: Bool {
        (method == .get || method == .head) && !uri.path.hasPrefix("/v1/")
            && (headers[.accept] ?? "").contains("text/html")
    }
}
