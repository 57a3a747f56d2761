import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import Sockets

/// What sessions lived through, to be awaited.
final class Log<Entry: Sendable>: Sendable {
    private struct Box {
        var entries: [Entry] = []
        var waiting:
            [(ready: @Sendable ([Entry]) -> Bool, wake: CheckedContinuation<[Entry], Never>)] =
                []
    }
    private let box = Mutex(Box())

    var entries: [Entry] { box.withLock { $0.entries } }

    func add(_ entry: Entry) {
        let (all, woken) = box.withLock { box in
            box.entries.append(entry)
            let all = box.entries
            let woken = box.waiting.filter { $0.ready(all) }
            box.waiting.removeAll { $0.ready(all) }
            return (all, woken.map(\.wake))
        }
        for wake in woken { wake.resume(returning: all) }
    }

    /// The entries as soon as they satisfy `ready`.
    ///
    /// The test's own time limit ends a wait in vain.
    @discardableResult
    func wait(until ready: @escaping @Sendable ([Entry]) -> Bool) async -> [Entry] {
        await withCheckedContinuation { wake in
            let now: [Entry]? = box.withLock { box in
                if ready(box.entries) { return box.entries }
                box.waiting.append((ready, wake))
                return nil
            }
            if let now { wake.resume(returning: now) }
        }
    }
}

/// Sends every text back, and logs its life.
final class Echo: SocketSession {
    enum Entry: Equatable, Sendable {
        case received(String)
        case closed(SocketClose)

        var close: SocketClose? { if case .closed(let why) = self { why } else { nil } }
    }
    let handle: SocketHandle
    let log: Log<Entry>

    init(_ handle: SocketHandle, log: Log<Entry>) {
        self.handle = handle
        self.log = log
    }

    func received(_ text: ByteBuffer) {
        log.add(.received(String(buffer: text)))
        handle.send(SocketFrame(text: text))
    }

    func closed(_ why: SocketClose) {
        log.add(.closed(why))
    }
}

/// A server on a port of its own, with the socket at `/v1/socket` and a router behind it.
struct SocketServer: Sendable {
    let port: Int
    let upgrade: SocketUpgrade<String>
    let stop: @Sendable () async -> Void

    /// Runs `test` against a server.
    ///
    /// The gate lets everybody in but who asks with `?who=nobody`.
    static func run<Result: Sendable>(
        _ settings: SocketSettings = .brief,
        open: @escaping @Sendable (String, SocketHandle) -> any SocketSession,
        test: @Sendable (SocketServer) async throws -> Result
    ) async throws -> Result {
        let upgrade = SocketUpgrade<String>(
            path: "/v1/socket", settings: settings,
            gate: { request, address in
                guard address != nil, request.path?.hasSuffix("?who=nobody") == false else {
                    return .refuse
                }
                let offered = request.headerFields[.secWebSocketProtocol] ?? ""
                return .accept(
                    request.path ?? "", subprotocol: offered.contains("qinke.v1") ? "qinke.v1" : nil
                )
            },
            open: open)
        let router = Router()
        router.get("/v1/socket") { _, _ in
            Response(
                status: .unauthorized, body: .init(byteBuffer: ByteBuffer(string: "who are you")))
        }
        router.get("/page") { _, _ in "page" }
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let ports = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router,
            server: .http1(configuration: .init(additionalChannelHandlers: upgrade.handlers())),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { ports.continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger)
        let group = ServiceGroup(services: [application], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var port = 0
            for await first in ports.stream {
                port = first
                break
            }
            let server = SocketServer(
                port: port, upgrade: upgrade, stop: { await group.triggerGracefulShutdown() })
            let result: Result
            do {
                result = try await test(server)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }

    /// Runs `test` against a server that sends every text back.
    static func echo<Result: Sendable>(
        _ settings: SocketSettings = .brief,
        test: @Sendable (SocketServer, Log<Echo.Entry>) async throws -> Result
    ) async throws -> Result {
        let log = Log<Echo.Entry>()
        return try await run(settings) { _, handle in
            Echo(handle, log: log)
        } test: {
            try await test($0, log)
        }
    }

    func socket() async throws -> RawPeer { try await RawPeer.socket(port: port) }
}

extension SocketSettings {
    /// The defaults, but tests do not wait five seconds for a peer that does not answer a Close, and get no ping that they
    /// did not ask for.
    static var brief: SocketSettings {
        var settings = SocketSettings()
        settings.closeGrace = .milliseconds(500)
        settings.pingEvery = nil
        return settings
    }
}
