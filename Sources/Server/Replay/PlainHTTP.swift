import Desk
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a server over HTTP/1.1, one connection for each question; enough for set-up and audits.
struct PlainHTTP: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: ByteBuffer

        func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
            guard (200..<300).contains(status) else { throw Failure(status: status, body: body) }
            return try JSONDecoder().decode(T.self, from: Data(body.readableBytesView))
        }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }
    }

    /// An answer that is no success.
    struct Failure: Error, CustomStringConvertible {
        let status: Int
        let code: String?
        private let text: Localized?

        init(status: Int, body: ByteBuffer) {
            struct Wire: Decodable {
                struct Inner: Decodable {
                    let code: String
                    let message: Localized
                }
                let error: Inner
            }
            let wire = try? JSONDecoder().decode(Wire.self, from: Data(body.readableBytesView))
            self.status = status
            code = wire?.error.code
            text = wire?.error.message
        }

        var description: String { "\(status) \(code ?? "") \(text.map(Say.text) ?? "")" }
    }

    let host: String
    let port: Int

    /// What a browser says of a page of the server's own.
    var origin: String { "http://\(host):\(port)" }

    /// - Parameter url: `http://host:port`.
    init?(url: String) {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host
        else { return nil }
        self.init(host: host, port: parts.port ?? 80)
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    func ask(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: String? = nil,
        timeout: TimeAmount = .seconds(30)
    ) async throws -> Answer {
        let group = MultiThreadedEventLoopGroup.singleton
        let outcome = group.next().makePromise(of: Answer.self)
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers = HTTPHeaders(
            [
                ("host", "\(host):\(port)"), ("connection", "close"),
                ("accept", "application/json"),
            ] + headers)
        if let body {
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: String(body.utf8.count))
        }
        let request = head
        ClientBootstrap(group: group)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        OneAnswer(request: request, body: body, outcome: outcome, timeout: timeout))
                }
            }
            .connect(host: host, port: port)
            .whenFailure { outcome.fail($0) }
        return try await outcome.futureResult.get()
    }
}

/// Sends one request and gathers its answer, at most 16 MiB of it.
private final class OneAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequestHead
    private let body: String?
    private let outcome: EventLoopPromise<PlainHTTP.Answer>
    private let timeout: TimeAmount
    private var head: HTTPResponseHead?
    private var received = ByteBuffer()
    private var timer: Scheduled<Void>?

    init(
        request: HTTPRequestHead, body: String?, outcome: EventLoopPromise<PlainHTTP.Answer>,
        timeout: TimeAmount
    ) {
        self.request = request
        self.body = body
        self.outcome = outcome
        self.timeout = timeout
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        let outcome = outcome
        timer = context.eventLoop.scheduleTask(in: timeout) {
            outcome.fail(ChannelError.connectTimeout(.seconds(0)))
            channel.close(promise: nil)
        }
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        if let body {
            context.write(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var part):
            received.writeBuffer(&part)
            if received.readableBytes > 16 << 20 { fail(ChannelError.inputClosed, context) }
        case .end:
            guard let head else { return }
            timer?.cancel()
            outcome.succeed(
                PlainHTTP.Answer(
                    status: Int(head.status.code),
                    headers: head.headers.map { ($0.name, $0.value) },
                    body: received))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { fail(ChannelError.eof, context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        timer?.cancel()
        outcome.fail(error)
        context.close(promise: nil)
    }
}
