import ArgumentParser
import Foundation
import NIOHTTP1
import Sockets

/// How buyers and agents of the load get in: the relay takes anybody, the server wants sessions.
struct Entrance: ParsableArguments {
    @Option(help: "The server's port on loopback.") var port = 8401
    @Option(help: "Ports of further nodes; sockets are spread over all.")
    var others: [Int] = []
    @Flag(help: "The server is the bare relay.") var relay = false
    @Option(help: "The shop's slug (server only).") var shop = "demo"
    @Option(help: "A file of log-ins as prepare writes it (server only).")
    var staff: String?

    /// How to open one socket.
    struct Pass: Sendable {
        var headers: [(name: String, value: String)] = []
        var subprotocols: [String]
    }

    /// - Parameter number: which of many it is; they take the nodes in turn.
    func client(_ pass: Pass, number: Int = 0) -> SocketClient {
        let ports = [port] + others
        let own = ports[number % ports.count]
        // As a browser would say that has the page from this node.
        let headers = pass.headers + [(name: "Origin", value: "http://127.0.0.1:\(own)")]
        return SocketClient(
            .init(port: own, path: "/v1/socket"), headers: headers,
            subprotocols: pass.subprotocols)
    }

    /// Passes of so many buyers, each somebody of their own.
    func buyers(_ count: Int, agents: Int) async throws -> [Pass] {
        if relay {
            return (0..<count).map {
                Pass(subprotocols: ["qinke.v1", "bearer.buyer-\($0)-of-\(agents)"])
            }
        }
        return try await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
            var passes: [Pass] = []
            for number in 0..<count {
                let answer = try await http.must(
                    .POST, "/v1/buyer/sessions", json: ["shop": shop, "name": "买家\(number)"])
                guard let token = answer.json()?["token"] as? String else {
                    throw PlainHTTP.Failure(description: "a buyer's session without a token")
                }
                passes.append(Pass(subprotocols: ["qinke.v1", "bearer.\(token)"]))
            }
            return passes
        }
    }

    /// As many buyers as sockets are wanted, when this process may open that many.
    func crowd(_ sockets: Int) async throws -> [Pass] {
        let limit = FileLimit.raise()
        guard limit > sockets + 100 else {
            throw ValidationError("only \(limit) files may be open here (ulimit -n)")
        }
        return try await buyers(sockets, agents: 1)
    }

    /// Passes of so many agents.
    func agents(_ count: Int) async throws -> [Pass] {
        if relay {
            return (0..<count).map { Pass(subprotocols: ["qinke.v1", "bearer.agent-\($0)"]) }
        }
        let lines = try staffLines()
        guard lines.count >= count else {
            throw ValidationError("--staff has \(lines.count) lines for \(count) agents")
        }
        return try await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
            var passes: [Pass] = []
            for line in lines.prefix(count) {
                let cookie = try await Self.logIn(http, line)
                passes.append(
                    Pass(
                        headers: [(name: "Cookie", value: cookie)],
                        subprotocols: ["qinke.v1"]))
            }
            return passes
        }
    }

    /// The cookie of the last of the staff, who may read everything.
    func auditor() async throws -> String {
        guard let line = try staffLines().last else { throw ValidationError("--staff is empty") }
        return try await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
            try await Self.logIn(http, line)
        }
    }

    private func staffLines() throws -> [String] {
        guard let staff else { throw ValidationError("--staff FILE or --relay is needed") }
        return try String(contentsOfFile: staff, encoding: .utf8)
            .split(separator: "\n").map(String.init).filter { $0.contains(":") }
    }

    static func logIn(_ http: PlainHTTP.Asker, _ line: String) async throws -> String {
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        let answer = try await http.must(
            .POST, "/v1/session", json: ["login": parts[0], "password": parts[1]])
        guard
            let cookie = answer.headers["set-cookie"].first(where: {
                $0.hasPrefix("qinke_session=")
            })
        else { throw PlainHTTP.Failure(description: "\(parts[0]): no session cookie") }
        return String(cookie.prefix { $0 != ";" })
    }
}
