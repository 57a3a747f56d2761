import Desk
import Hummingbird

/// The addresses of pages and of the files they load.
struct Pages {
    let assets: Assets
    /// Whether the demo shop's page is shown.
    let showsDemo: Bool

    func add(to router: Router<Visit>) {
        router.get("/") { _, _ in
            Response(status: .seeOther, headers: [.location: "/desk", .cacheControl: "no-cache"])
        }
        for path in [
            "/desk", "/desk/**", "/orders", "/orders/**", "/goods", "/goods/**", "/stock",
            "/stock/**", "/parcels", "/parcels/**", "/exchange", "/exchange/**", "/wall",
            "/wall/**", "/settings", "/settings/**", "/login", "/setup",
        ] {
            router.get(.init(path)) { request, _ in try page("workspace/index.html", request) }
        }
        router.get("/chat/:slug") { request, _ in try page("widget/page.html", request) }
        if showsDemo {
            router.get("/demo/shop") { request, _ in
                try page("widget/demo.html", request, framed: "'self'")
            }
        }
        router.get("/widget.js") { request, _ in try file("widget/widget.js", request) }
        router.get("/favicon.ico") { request, _ in
            guard let icon = assets.file("design/favicon.ico") ?? assets.file("design/favicon.svg")
            else { throw Refusal.noRoute }
            return icon.response(to: request, versioned: false)
        }
        for folder in Assets.folders.keys.sorted() {
            router.get("/\(folder)/**") { request, _ in
                try file(String(request.uri.path.dropFirst()), request)
            }
        }
    }

    private func page(
        _ address: String, _ request: Request, framed: String = "'none'"
    ) throws -> Response {
        guard let page = assets.file(address) else { throw Refusal.noRoute }
        return page.response(
            to: request, versioned: false,
            policy: SafeHeaders.pagePolicy(scripts: page.scripts, framed: framed))
    }

    private func file(_ address: String, _ request: Request) throws -> Response {
        guard let file = assets.file(address) else { throw Refusal.noRoute }
        return file.response(
            to: request, versioned: request.uri.queryParameters["v"] != nil,
            policy: SafeHeaders.pagePolicy(scripts: file.scripts))
    }
}

/// What a person sees at an address where nothing is.
enum NotFoundPage {
    static var response: Response {
        Response(
            status: .notFound,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: SafeHeaders.pagePolicy(scripts: []),
            ], body: .init(byteBuffer: .init(string: text)))
    }

    private static let text = """
        <!doctype html>
        <html lang="zh-CN">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>404 · 亲客 Qinke</title>
        <link rel="stylesheet" href="/design/tokens.css">
        <link rel="stylesheet" href="/design/tokens-work.css">
        <link rel="stylesheet" href="/design/base.css">
        <main class="lost">
        <img src="/design/favicon.svg" width="48" height="48" alt="">
        <h1>没有这个页面</h1>
        <p>地址可能写错了，或者页面已经搬走。<br><a href="/desk">回到工作台</a></p>
        <p lang="en">There is no such page; the address may be wrong, or it has moved.<br><a href="/desk">Back to the desk</a></p>
        </main>
        </html>

        """
}
