import Desk
import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import SQL
import Testing

@testable import Web

/// What every request meets, whatever its route.
struct ShellTests {
    private struct Thrower: RouteSet {
        let error: any Error
        func add(to router: Router<Visit>) {
            router.post("/v1/throw") { _, _ -> Response in throw error }
        }
    }

    private struct Order: Decodable {
        let name: String
        let lines: [Line]
        struct Line: Decodable { let count: Int }
    }

    private struct Reader: RouteSet {
        func add(to router: Router<Visit>) {
            router.post("/v1/read") { request, visit in
                let order = try await request.decode(as: Order.self, context: visit)
                return try Response.json(["name": order.name])
            }
        }
    }

    private struct Failure: Decodable {
        let error: Body
        struct Body: Decodable {
            let code: String
            let message: Localized
            let retry: Bool
            let field: String?
            let wait: Int?
        }
    }

    private func answer(
        _ routes: [any RouteSet], _ path: String, _ method: HTTPRequest.Method = .get,
        headers: HTTPFields = [:], body: String? = nil,
        change: (inout WebServices) -> Void = { _ in }
    ) async throws -> TestResponse {
        var services = WebServices(version: "test")
        services.routes = routes
        change(&services)
        let app = Application(router: makeRouter(services))
        return try await app.test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: headers,
                body: body.map { ByteBuffer(string: $0) })
        }
    }

    private func failure(_ response: TestResponse) throws -> Failure.Body {
        try JSONDecoder().decode(Failure.self, from: Data(response.body.readableBytesView)).error
    }

    @Test(arguments: [
        (SQLError.full, 507, "store.full", true), (.busy, 503, "busy", true),
        (.retry("locked"), 503, "busy", true), (.corrupt("secret"), 500, "server.failed", false),
    ])
    func `a failure of the store has its own answer`(
        error: SQLError, status: Int, code: String, retry: Bool
    ) async throws {
        let response = try await answer([Thrower(error: error)], "/v1/throw", .post)
        #expect(response.status.code == status)
        let body = try failure(response)
        #expect(body.code == code)
        #expect(body.retry == retry)
        #expect(!String(buffer: response.body).contains("secret"))
        if status == 503 { #expect(response.headers[.retryAfter] == "1") }
    }

    @Test func `an unexpected failure tells the request's number and nothing of the inside`()
        async throws
    {
        struct Inside: Error { let path = "/srv/secret" }
        let response = try await answer([Thrower(error: Inside())], "/v1/throw", .post)
        let id = try #require(response.headers[.requestID])
        #expect(try failure(response).message.en.contains(id))
        #expect(!String(buffer: response.body).contains("secret"))
    }

    @Test func `a refusal may carry more than its own fields`() async throws {
        let refusal = Refusal(.tooMany, "login.throttled", zh: "稍候", en: "Wait", retry: true)
        let error = RefusedWith(
            refusal, extra: ["wait": .number(30)], headers: [.retryAfter: "30"])
        let response = try await answer([Thrower(error: error)], "/v1/throw", .post)
        #expect(response.status == .tooManyRequests)
        #expect(response.headers[.retryAfter] == "30")
        #expect(try failure(response).wait == 30)
    }

    @Test(arguments: [
        ("{", String?.none), ("[]", nil), (#"{"lines":[]}"#, "name"),
        (#"{"name":null,"lines":[]}"#, "name"),
        (#"{"name":"a","lines":[{"count":1},{"count":"x"}]}"#, "lines[1].count"),
    ])
    func `malformed JSON names the field at fault`(body: String, field: String?) async throws {
        let response = try await answer([Reader()], "/v1/read", .post, body: body)
        #expect(response.status == .badRequest)
        let failure = try failure(response)
        #expect(failure.code == "body.malformed")
        #expect(failure.field == field)
    }

    @Test func `a body past the bound is refused`() async throws {
        let body = #"{"name":""# + String(repeating: "x", count: WebLimits.body) + #"","lines":[]}"#
        let response = try await answer([Reader()], "/v1/read", .post, body: body)
        #expect(response.status == .contentTooLarge)
        #expect(try failure(response).code == "body.tooLarge")
    }

    @Test func `an address where nothing is answers a program in JSON and a person with a page`()
        async throws
    {
        let program = try await answer([], "/v1/nothing")
        #expect(program.status == .notFound)
        #expect(try failure(program).code == "route.unknown")
        let person = try await answer([], "/nothing", headers: [.accept: "text/html"])
        #expect(person.status == .notFound)
        #expect(person.headers[.contentType] == "text/html; charset=utf-8")
        #expect(String(buffer: person.body).contains("没有这个页面"))
    }

    @Test(arguments: ["/", "/health", "/v1/version", "/nothing", "/design/tokens.css"])
    func `every answer carries the safe headers`(path: String) async throws {
        let response = try await answer([], path, headers: [.accept: "text/html"])
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.referrerPolicy] == "same-origin")
        #expect(response.headers[.permissionsPolicy] != nil)
        let policy = try #require(response.headers[.contentSecurityPolicy])
        #expect(!policy.contains("unsafe-"))
        #expect(policy.contains("frame-ancestors 'none'"))
    }

    @Test(arguments: [
        ("/v1/buyer/sessions", true), ("/widget.js", true), ("/design/tokens.css", true),
        ("/v1/session", false), ("/v1/staff", false), ("/workspace/index.html", false),
    ])
    func `only what the chat window needs is open to other sites, and never with cookies`(
        path: String, open: Bool
    ) async throws {
        let response = try await answer(
            [], path, headers: [.origin: "https://shop.example", .accept: "*/*"])
        #expect(response.headers[.accessControlAllowOrigin] == (open ? "*" : nil))
        #expect(response.headers[.accessControlAllowCredentials] == nil)
        let asked = try await answer(
            [], path, .options, headers: [.origin: "https://shop.example"])
        #expect((asked.status == .noContent) == open)
    }

    @Test func `a file is pressed, tagged and not sent twice`() async throws {
        let first = try await answer(
            [], "/design/tokens.css", headers: [.acceptEncoding: "br, gzip"])
        #expect(first.status == .ok)
        #expect(first.headers[.contentType] == "text/css; charset=utf-8")
        #expect(first.headers[.contentEncoding] == "gzip")
        #expect(Array(first.body.readableBytesView.prefix(2)) == [0x1f, 0x8b])
        #expect(first.headers[.cacheControl] == "no-cache")
        let tag = try #require(first.headers[.eTag])
        let again = try await answer([], "/design/tokens.css", headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified)
        #expect(again.body.readableBytes == 0)
        let plain = try await answer([], "/design/tokens.css?v=1")
        #expect(plain.headers[.contentEncoding] == nil)
        #expect(plain.headers[.cacheControl]?.contains("immutable") == true)
        #expect(plain.body.readableBytes > first.body.readableBytes)
    }

    @Test(arguments: [
        "/design/../Shell/WebApp.swift", "/design/.hidden", "/design/%2e%2e/Shell/WebApp.swift",
        "/design//tokens.css", "/server/Qinke.swift",
    ])
    func `nothing outside the front end's folders is a file`(path: String) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Web").standardizedFileURL.path()
        for webRoot in [nil, root] {
            let response = try await answer([], path) { $0.assets = Assets(webRoot: webRoot) }
            #expect(response.status == .notFound)
        }
    }

    @Test func `an import map inside a page is allowed by its digest, and other scripts are not`() {
        let page = #"<script type="importmap">{}</script><script src="/a.js"></script>"#
        // printf '{}' | openssl dgst -sha256 -binary | base64
        #expect(InlineScripts.digests(page) == ["RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="])
    }

    @Test func `only this machine reads the figures without permission`() async throws {
        let response = try await answer([], "/metrics")
        #expect(response.status == .forbidden)
        let allowed = try await answer([], "/metrics") { $0.mayReadMetrics = { _, _ in true } }
        #expect(allowed.status == .ok)
        #expect(String(buffer: allowed.body).contains("qinke_metrics_dropped_series"))
    }

    @Test func `health tells what is wrong in words and in its status`() async throws {
        let well = try await answer([], "/health")
        #expect(well.status == .ok)
        let ill = try await answer([], "/health") {
            $0.health = { [HealthLine("store", ok: false, zh: "磁盘满", en: "Disk full")] }
        }
        #expect(ill.status == .serviceUnavailable)
        #expect(String(buffer: ill.body).contains("磁盘满"))
    }
}
