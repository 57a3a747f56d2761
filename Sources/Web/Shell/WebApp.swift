package import Desk
package import Hummingbird
import NIOCore

/// The routes of one feature.
package protocol RouteSet: Sendable {
    func add(to router: Router<Visit>)
}

/// One line of `/health`: something the server needs, and how it is.
package struct HealthLine: Encodable, Sendable {
    /// Stable, `thing.aspect`.
    package let name: String
    package let ok: Bool
    /// Whether the server can do its work all the same: then a load balancer need not turn away from it.
    package let warning: Bool
    package let message: Localized

    package init(_ name: String, ok: Bool, warning: Bool = false, zh: String, en: String) {
        self.init(name, ok: ok, warning: warning, Localized(zh: zh, en: en))
    }

    package init(_ name: String, ok: Bool, warning: Bool = false, _ message: Localized) {
        self.name = name
        self.ok = ok
        self.warning = warning
        self.message = message
    }
}

/// What the web needs from the rest of the program.
package struct WebServices: Sendable {
    package var version: String
    package var assets = Assets()
    /// The features, in any order; no two may claim one address.
    package var routes: [any RouteSet] = []
    /// Proxies before the server whose `X-Forwarded-For` is believed.
    package var proxies = 0
    /// Whether the demo shop's page is shown.
    package var showsDemo = false
    /// How the things are that the server needs.
    package var health: @Sendable () async -> [HealthLine] = { [] }
    /// Who may read the figures besides this machine; throws or answers false otherwise.
    package var mayReadMetrics: @Sendable (Request, Visit) async throws -> Bool = { _, _ in false }

    /// Brings the gauges up to date before they are read.
    package var measure: @Sendable () async -> Void = {}

    package init(version: String) { self.version = version }
}

/// Puts the web together: the shell around every request, the open routes, the pages, the features.
package func makeRouter(_ services: WebServices) -> Router<Visit> {
    let router = Router(context: Visit.self, options: .autoGenerateHeadEndpoints)
    router.addMiddleware {
        Entrance(proxies: services.proxies)
        SafeHeaders()
        Failures()
    }
    OpenRoutes(services: services).add(to: router)
    Pages(assets: services.assets, showsDemo: services.showsDemo).add(to: router)
    for set in services.routes { set.add(to: router) }
    return router
}

/// What everybody may ask.
private struct OpenRoutes {
    let services: WebServices

    private struct Health: Encodable {
        let ok: Bool
        let version: String
        let checks: [HealthLine]
    }

    private struct Version: Encodable {
        let name = "qinke"
        let version: String
        let `protocol` = "qinke.v1"
    }

    func add(to router: Router<Visit>) {
        router.get("/health") { _, _ in
            let lines = await services.health()
            return try Response.json(
                Health(
                    ok: lines.allSatisfy(\.ok), version: services.version, checks: lines),
                status: lines.allSatisfy { $0.ok || $0.warning } ? .ok : .serviceUnavailable)
        }
        router.get("/v1/version") { _, _ in
            try Response.json(Version(version: services.version))
        }
        router.get("/metrics") { request, visit in
            if !request.isFromThisMachine(visit) {
                guard try await services.mayReadMetrics(request, visit) else {
                    throw Refusal(
                        .forbidden, "metrics.forbidden", zh: "没有查看运行指标的权限",
                        en: "You may not read the figures")
                }
            }
            await services.measure()
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/plain; version=0.0.4; charset=utf-8",
                    .cacheControl: "no-store",
                ],
                body: .init(byteBuffer: ByteBuffer(string: Figures.shared.text())))
        }
    }
}
