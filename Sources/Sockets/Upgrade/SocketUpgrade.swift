package import HTTPTypes
package import NIOCore
import Synchronization

/// Turns HTTP connections into sockets, on the HTTP server's own port.
///
/// Given to a stock Hummingbird server:
/// `.http1(configuration: .init(additionalChannelHandlers: upgrade.handlers(), idleTimeout: .seconds(60)))`.
/// Any request of a connection may upgrade, not only its first: proxies reuse connections.
package struct SocketUpgrade<Principal: Sendable>: Sendable {
    /// What the gate says of a request to upgrade.
    package enum Verdict: Sendable {
        /// Opens the socket; `subprotocol` is one that the client offered, or nil.
        case accept(Principal, subprotocol: String?)
        /// Lets the router answer the request: its route for the same path says 401, 403 or 426 with a body.
        case refuse
    }

    package typealias Gate = @Sendable (HTTPRequest, SocketAddress?) async -> Verdict
    package typealias Open = @Sendable (Principal, SocketHandle) -> any SocketSession

    let path: String
    let settings: SocketSettings
    let gate: Gate
    let open: Open
    let rounds: SocketRoundsByLoop
    private let census = Census()

    /// - Parameters:
    ///   - path: the only path that upgrades, without query.
    ///   - gate: who is asking, and may they; also asked about the `Origin`.
    ///   - open: makes the session of an accepted socket, on its event loop; it may send at once.
    package init(
        path: String, settings: SocketSettings = .init(), gate: @escaping Gate, open: @escaping Open
    ) {
        self.path = path
        self.settings = settings
        self.gate = gate
        self.open = open
        rounds = SocketRoundsByLoop(pingEvery: settings.pingEvery ?? .hours(1))
    }

    /// The handlers of one connection.
    package func handlers() -> [any RemovableChannelHandler] {
        [UpgradeHandler(self)]
    }

    /// How many sockets are open now.
    package var openSockets: Int { census.open.load(ordering: .relaxed) }

    func opened(_ channel: any Channel) {
        let census = census
        census.open.add(1, ordering: .relaxed)
        channel.closeFuture.whenComplete { _ in census.open.subtract(1, ordering: .relaxed) }
    }

    private final class Census: Sendable {
        let open = Atomic(0)
    }
}
