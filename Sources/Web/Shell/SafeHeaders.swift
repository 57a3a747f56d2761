import Hummingbird

/// The headers that keep a browser from doing more than our pages need.
///
/// No policy holds an `unsafe-` word. Import maps must stand in the page; they are allowed by their digest.
struct SafeHeaders: RouterMiddleware {
    typealias Context = Visit

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        if request.method == .options, request.isOpenToOtherSites {
            return Response(status: .noContent, headers: Self.preflight)
        }
        var response = try await next(request, context)
        let open = request.isOpenToOtherSites
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = Self.permissions
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.crossOriginResourcePolicy] = open ? "cross-origin" : "same-origin"
        if response.headers[.contentSecurityPolicy] == nil {
            // What is no page of ours may load and run nothing, even when a browser is talked into showing it.
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; frame-ancestors 'none'; sandbox"
        }
        if open {
            response.headers[.accessControlAllowOrigin] = "*"
            response.headers[.accessControlExposeHeaders] = "retry-after, x-request-id"
        }
        return response
    }

    private static let permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

    private static let preflight: HTTPFields = [
        .accessControlAllowOrigin: "*",
        .accessControlAllowMethods: "GET, POST",
        .accessControlAllowHeaders: "authorization, content-type",
        .accessControlMaxAge: "7200",
    ]

    /// The policy of a page of ours.
    /// - Parameters:
    ///   - scripts: digests of the page's own import maps.
    ///   - framed: who may show the page inside theirs.
    static func pagePolicy(scripts: [String], framed: String = "'none'") -> String {
        let allowed = (["'self'"] + scripts.map { "'sha256-\($0)'" }).joined(separator: " ")
        return """
            default-src 'none'; script-src \(allowed); style-src 'self'; img-src 'self' data: blob:; \
            media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
            worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors \(framed)
            """
    }
}

extension Request {
    /// What the chat window needs on the shop's own pages.
    ///
    /// No cookie works there: a wildcard never allows credentials.
    var isOpenToOtherSites: Bool {
        let path = uri.path
        return path == "/widget.js"
            || [
                "/v1/buyer/", "/v1/poll", "/v1/commands", "/v1/uploads", "/widget/", "/protocol/",
                "/design/", "/Protocol/", "/Design/",
            ].contains { path.hasPrefix($0) }
    }
}
