import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Stands in an HTTP connection between the codec and Hummingbird, waits for a request to upgrade, and turns the
/// connection into a socket in place.
///
/// NIO's typed upgrader is not used: it swallows the requests it refuses, and only the first request of a connection can
/// upgrade. After the turn this handler stays as a plug, so that Hummingbird's parked connection neither sees socket bytes
/// nor closes the socket.
final class UpgradeHandler<Principal: Sendable>: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case http
        /// The gate is thinking; the request's parts wait.
        case gating([HTTPRequestPart])
        /// A request to upgrade went to the router. Its answer is the connection's last: NIO's decoder reads nothing
        /// after such a request (swift-nio pull request 2570).
        case refused
        /// Between the verdict and the socket; whether the server was told to stop meanwhile.
        case turning(quiesced: Bool)
        /// A socket. Nothing passes any more.
        case detached
    }

    private let upgrade: SocketUpgrade<Principal>
    private var state = State.http
    /// Requests read less responses written.
    private var unanswered = 0

    init(_ upgrade: SocketUpgrade<Principal>) {
        self.upgrade = upgrade
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch state {
        case .http:
            guard case .head(let head) = part else {
                context.fireChannelRead(data)
                return
            }
            begin(context, head)
        case .gating(let parts):
            // A GET by the book has no body; one with a long body does not get to fill memory here.
            if parts.count < 16 { state = .gating(parts + [part]) }
        case .refused:
            pass(context, part)
        case .turning, .detached:
            break
        }
    }

    private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequest) {
        defer { unanswered += 1 }
        switch Handshake.wish(of: head) {
        case .nothing:
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .socket(let key) where unanswered == 0 && head.path.map(isOurs) == true:
            state = .gating([.head(head)])
            let gate = upgrade.gate
            let address = context.remoteAddress
            context.eventLoop.makeFutureWithTask { await gate(head, address) }
                .assumeIsolated().whenSuccess { self.decide($0, context, head: head, key: key) }
        case .socket, .other:
            state = .refused
            pass(context, .head(head))
        }
    }

    private func isOurs(_ path: String) -> Bool {
        path == upgrade.path || path.hasPrefix(upgrade.path + "?")
    }

    private func decide(
        _ verdict: SocketUpgrade<Principal>.Verdict, _ context: ChannelHandlerContext,
        head: HTTPRequest, key: String
    ) {
        guard case .gating(let parts) = state, context.channel.isActive else { return }
        switch verdict {
        case .accept(let principal, let subprotocol):
            turn(context, principal, key: key, subprotocol: subprotocol)
        case .refuse:
            state = .refused
            for part in parts { pass(context, part) }
            context.fireChannelReadComplete()
        }
    }

    /// Hands a part of a refused request on, marked so that Hummingbird ends the connection after its answer.
    private func pass(_ context: ChannelHandlerContext, _ part: HTTPRequestPart) {
        guard case .head(var head) = part else {
            context.fireChannelRead(wrapInboundOut(part))
            return
        }
        head.headerFields[.connection] = "close"
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .detached = state { return }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch state {
        case .turning:
            switch event {
            case is ChannelShouldQuiesceEvent: state = .turning(quiesced: true)
            case ChannelEvent.inputClosed: context.close(mode: .all, promise: nil)
            default: break
            }
        case .detached:
            break
        case .http, .gating, .refused:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .detached = state { return }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .detached = state { return }
        context.fireErrorCaught(error)
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch state {
        case .turning, .detached:
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        case .http, .gating, .refused:
            break
        }
        let part = unwrapOutboundIn(data)
        if case .end = part { unanswered -= 1 }
        if case .refused = state, case .head(var head) = part, head.status.kind != .informational {
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        } else {
            context.write(data, promise: promise)
        }
    }

    func read(context: ChannelHandlerContext) {
        switch state {
        case .turning, .detached: break
        case .http, .gating, .refused: context.read()
        }
    }

    func flush(context: ChannelHandlerContext) {
        if case .detached = state { return }
        context.flush()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (state, mode) {
        case (.http, _), (.gating, _), (.refused, _):
            context.close(mode: mode, promise: promise)
        case (_, .output):
            promise?.succeed()
        case (_, .all):
            // Hummingbird is through with the connection; the socket is not.
            if let promise { context.channel.closeFuture.cascade(to: promise) }
        case (_, .input):
            // Hummingbird's task was cancelled: the server is being torn down.
            context.close(mode: .all, promise: promise)
        }
    }

    // MARK: The turn

    private func turn(
        _ context: ChannelHandlerContext, _ principal: Principal, key: String, subprotocol: String?
    ) {
        state = .turning(quiesced: false)
        let pipeline = context.pipeline.syncOperations
        do {
            // Reading is the socket handler's from here on: the parked connection would never ask for more.
            try context.channel.syncOptions?.setOption(.autoRead, value: false)
            // Its idle timer would close the socket.
            let timer = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            // Ends the loop that reads requests; it parks until the connection closes.
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            let removed = [
                pipeline.removeHandler(timer), pipeline.removeHandler(encoder),
                pipeline.removeHandler(codec), pipeline.removeHandler(decoder),
            ]
            EventLoopFuture.andAllSucceed(removed, on: context.eventLoop)
                .assumeIsolated().whenComplete { result in
                    switch result {
                    case .success:
                        self.install(context, principal, key: key, subprotocol: subprotocol)
                    case .failure:
                        context.close(mode: .all, promise: nil)
                    }
                }
        } catch {
            // Not Hummingbird's HTTP/1.1 pipeline, or one half torn down.
            context.close(mode: .all, promise: nil)
        }
    }

    private func install(
        _ context: ChannelHandlerContext, _ principal: Principal, key: String, subprotocol: String?
    ) {
        guard case .turning(let quiesced) = state, context.channel.isActive else { return }
        state = .detached
        let handle = SocketHandle(eventLoop: context.eventLoop, settings: upgrade.settings)
        let rounds = upgrade.settings.pingEvery.map { _ in upgrade.rounds.of(context.eventLoop) }
        let socket = SocketChannelHandler(handle: handle, side: .server, rounds: rounds)
        do {
            try context.pipeline.syncOperations.addHandler(socket, position: .before(self))
        } catch {
            context.close(mode: .all, promise: nil)
            return
        }
        upgrade.opened(context.channel)
        let answer = Handshake.switching(key: key, subprotocol: subprotocol)
        context.writeAndFlush(NIOAny(answer), promise: nil)
        socket.start(upgrade.open(principal, handle))
        if quiesced { handle.close(.goingAway, reason: "the server stops") }
    }
}
