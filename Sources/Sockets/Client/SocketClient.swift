package import NIOCore
import NIOPosix

/// Opens sockets to a server, as a browser does.
package struct SocketClient: Sendable {
    /// Where to: the parts of `ws://host:port/path`.
    package struct Address: Sendable {
        package var host: String
        package var port: Int
        /// With the query, if any.
        package var path: String

        package init(host: String = "127.0.0.1", port: Int, path: String) {
            self.host = host
            self.port = port
            self.path = path
        }
    }

    package var address: Address
    /// Sent with the request, for instance `Cookie` or `Authorization`.
    ///
    /// Values may hold no line breaks.
    package var headers: [(name: String, value: String)]
    package var subprotocols: [String]
    package var settings: SocketSettings
    /// How long connecting may take.
    package var connectTimeout: TimeAmount = .seconds(10)

    /// A client does not ping by itself unless the settings say how often.
    package init(
        _ address: Address, headers: [(name: String, value: String)] = [],
        subprotocols: [String] = [], settings: SocketSettings? = nil
    ) {
        self.address = address
        self.headers = headers
        self.subprotocols = subprotocols
        var own = SocketSettings()
        own.pingEvery = nil
        own.messageLimit = 16 * 1024 * 1024
        self.settings = settings ?? own
    }

    /// Opens a socket; `open` makes its session on the event loop before anything is received.
    ///
    /// Fails with `SocketClientError`, or with NIO's connection error.
    package func connect(
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        open: @escaping @Sendable (SocketHandle, _ subprotocol: String?) -> any SocketSession
    ) -> EventLoopFuture<SocketHandle> {
        let loop = group.next()
        let key = Self.freshKey()
        let request = request(key: key)
        let settings = settings
        let outcome = loop.makePromise(of: SocketHandle.self)
        let connected = ClientBootstrap(group: loop)
            .connectTimeout(connectTimeout)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ClientHandshake(
                            request: request, key: key, settings: settings, outcome: outcome,
                            open: open))
                }
            }
            .connect(host: address.host, port: address.port)
        connected.whenFailure { outcome.fail($0) }
        return outcome.futureResult
    }

    private func request(key: String) -> ByteBuffer {
        var text =
            "GET \(address.path) HTTP/1.1\r\nHost: \(address.host):\(address.port)\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        if !subprotocols.isEmpty {
            text += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n"
        }
        for (name, value) in headers {
            text += "\(name): \(value)\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    /// §4.1: sixteen random bytes.
    private static func freshKey() -> String {
        Handshake.base64((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}

extension SocketHandle {
    /// Sends a text as a client does: masked with a fresh key.
    package func send(masked text: ByteBuffer) {
        send(SocketFrame(.text, payload: text, mask: UInt32.random(in: .min ... .max)))
    }

    /// Sends a text as a client does: masked with a fresh key.
    package func send(masked text: String) {
        send(masked: ByteBuffer(string: text))
    }
}
