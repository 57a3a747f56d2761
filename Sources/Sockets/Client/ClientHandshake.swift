import NIOCore

/// Why a server's socket could not be opened.
package enum SocketClientError: Error, Equatable {
    /// The server answered with something else than 101; what came of its body, at most 16 KiB with the head.
    case refused(status: Int, body: String)
    /// The answer is no HTTP, or its proof is wrong.
    case notAWebSocket(String)
    /// The connection ended before the answer.
    case connectionLost
}

/// Sends a request to upgrade and judges the answer (RFC 6455 §4.1), then gives its place to the socket.
final class ClientHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Head and body of an answer, in bytes.
    private static let limit = 16 * 1024

    private let request: ByteBuffer
    private let key: String
    private var answer = ByteBuffer()
    private var outcome: EventLoopPromise<SocketHandle>?
    private let settings: SocketSettings
    private let open: @Sendable (SocketHandle, _ subprotocol: String?) -> any SocketSession

    init(
        request: ByteBuffer, key: String, settings: SocketSettings,
        outcome: EventLoopPromise<SocketHandle>,
        open: @escaping @Sendable (SocketHandle, String?) -> any SocketSession
    ) {
        self.request = request
        self.key = key
        self.settings = settings
        self.outcome = outcome
        self.open = open
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        let view = answer.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if view.count > Self.limit { fail(context, .notAWebSocket("the head never ends")) }
            return
        }
        let head = String(decoding: view[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status, lines.first?.hasPrefix("HTTP/1.1 ") == true else {
            fail(context, .notAWebSocket("no HTTP answer"))
            return
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first, let value = parts.dropFirst().first else { continue }
            fields[name.lowercased()] = value.trimmed
        }
        guard status == 101 else {
            let body = view[end.upperBound...]
            let length = fields["content-length"].flatMap { Int($0) } ?? Int.max
            guard body.count >= length || body.count > Self.limit else { return }
            fail(context, .refused(status: status, body: String(decoding: body, as: UTF8.self)))
            return
        }
        guard fields["sec-websocket-accept"] == Handshake.accept(key) else {
            fail(context, .notAWebSocket("wrong Sec-WebSocket-Accept"))
            return
        }
        answer.moveReaderIndex(to: end.upperBound)
        turn(context, subprotocol: fields["sec-websocket-protocol"])
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // An answer without a length ends with its connection.
        let parts = String(buffer: answer).split(separator: " ", maxSplits: 2)
        if parts.count > 1, let status = Int(parts[1]), status != 101 {
            fail(context, .refused(status: status, body: ""))
        } else {
            fail(context, .connectionLost)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, .connectionLost)
    }

    private func fail(_ context: ChannelHandlerContext, _ error: SocketClientError) {
        outcome?.fail(error)
        outcome = nil
        context.close(promise: nil)
    }

    private func turn(_ context: ChannelHandlerContext, subprotocol: String?) {
        let handle = SocketHandle(eventLoop: context.eventLoop, settings: settings)
        let rounds = settings.pingEvery.map {
            SocketRoundsByLoop(pingEvery: $0).of(context.eventLoop)
        }
        let socket = SocketChannelHandler(handle: handle, side: .client, rounds: rounds)
        do {
            try context.pipeline.syncOperations.addHandler(socket, position: .after(self))
        } catch {
            fail(context, .connectionLost)
            return
        }
        let early = answer
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        let session = open(handle, subprotocol)
        outcome?.succeed(handle)
        outcome = nil
        socket.start(session, received: early)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
