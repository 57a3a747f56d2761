import NIOCore
import NIOPosix

/// A peer that sends and receives plain bytes over loopback, so that nothing of what is tested helps to test it.
///
/// Every wait has a limit.
final class RawPeer: Sendable {
    enum Failure: Error, Equatable {
        /// The server ended the connection; what it had sent beyond what was taken.
        case ended(rest: [UInt8])
        case nothingCame
    }

    struct Frame: Equatable {
        var opcode: UInt8
        var final: Bool
        var payload: [UInt8]

        static func text(_ text: String) -> Frame {
            Frame(opcode: 1, final: true, payload: Array(text.utf8))
        }
        static func close(_ code: UInt16, _ reason: String = "") -> Frame {
            let number = [UInt8(code >> 8), UInt8(code & 0xFF)]
            return Frame(opcode: 8, final: true, payload: number + Array(reason.utf8))
        }
        /// The code of a Close frame.
        var code: UInt16? {
            opcode == 8 && payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil
        }
    }

    fileprivate final class Inbox: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var bytes = ByteBuffer()
        var ended = false
        var waiting: (() -> Void)?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var more = unwrapInboundIn(data)
            bytes.writeBuffer(&more)
            waiting?()
        }
        func channelInactive(context: ChannelHandlerContext) { end() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { end() }
        }
        private func end() {
            ended = true
            waiting?()
        }
    }

    let channel: any Channel
    private let inbox: NIOLoopBound<Inbox>

    private init(channel: any Channel, inbox: NIOLoopBound<Inbox>) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(port: Int) async throws -> RawPeer {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let inbox = Inbox()
                    try channel.pipeline.syncOperations.addHandler(inbox)
                    return RawPeer(
                        channel: channel,
                        inbox: NIOLoopBound(inbox, eventLoop: channel.eventLoop))
                }
            }
    }

    /// Connects and upgrades.
    static func socket(port: Int, path: String = "/v1/socket") async throws -> RawPeer {
        let peer = try await connect(port: port)
        try await peer.send(upgradeRequest(path))
        let head = try await peer.head()
        guard head.hasPrefix("HTTP/1.1 101 ") else { throw Failure.nothingCame }
        return peer
    }

    static func upgradeRequest(
        _ path: String = "/v1/socket", method: String = "GET", extra: [String] = [],
        without: String = "-"
    ) -> String {
        let lines = [
            "\(method) \(path) HTTP/1.1", "Host: shop.test", "Upgrade: websocket",
            "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        return (lines.filter { !$0.hasPrefix(without) } + extra).joined(separator: "\r\n")
            + "\r\n\r\n"
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// A frame as a client sends it; every rule may be broken.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], final: Bool = true, reserved: UInt8 = 0,
        mask: [UInt8]? = [0xA1, 0x02, 0x7F, 0x33], announced: [UInt8]? = nil
    ) -> [UInt8] {
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        var length: [UInt8]
        switch payload.count {
        case ...125: length = [UInt8(payload.count)]
        case ...65535: length = [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: length = [127] + (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 0xFF) }
        }
        if let announced { length = announced }
        length[0] |= maskBit
        let head = [opcode | reserved << 4 | (final ? 0x80 : 0)] + length
        guard let mask else { return head + payload }
        return head + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// An HTTP head, up to its empty line.
    func head() async throws -> String {
        try await take { bytes in
            let all = Array(bytes.readableBytesView)
            for end in all.indices where all[end...].starts(with: [13, 10, 13, 10]) {
                bytes.moveReaderIndex(forwardBy: end + 4)
                return String(decoding: all[..<end], as: UTF8.self)
            }
            return nil
        }
    }

    func bytes(_ count: Int) async throws -> [UInt8] {
        try await take { $0.readBytes(length: count) }
    }

    /// The next frame from the server, which must not mask.
    func frame() async throws -> Frame {
        try await take { bytes in
            var look = bytes
            guard let first = look.readInteger(as: UInt8.self),
                let short = look.readInteger(as: UInt8.self)
            else { return nil }
            var length = Int(short)
            if short == 126 {
                guard let long = look.readInteger(as: UInt16.self) else { return nil }
                length = Int(long)
            } else if short == 127 {
                guard let long = look.readInteger(as: UInt64.self) else { return nil }
                length = Int(long)
            }
            guard let payload = look.readBytes(length: length) else { return nil }
            bytes = look
            return Frame(opcode: first & 0x0F, final: first & 0x80 != 0, payload: payload)
        }
    }

    /// Waits until the server ends the connection; returns what it had still sent.
    @discardableResult
    func end() async throws -> [UInt8] {
        do {
            _ = try await take { _ in nil as Bool? }
            return []
        } catch Failure.ended(let rest) {
            return rest
        }
    }

    /// Waits until `attempt` finds what it looks for in the received bytes.
    func take<T: Sendable>(
        within limit: TimeAmount = .seconds(10),
        _ attempt: @escaping @Sendable (inout ByteBuffer) -> T?
    ) async throws -> T {
        let promise = channel.eventLoop.makePromise(of: T.self)
        channel.eventLoop.execute {
            let inbox = self.inbox.value
            let late = self.channel.eventLoop.scheduleTask(in: limit) {
                promise.fail(Failure.nothingCame)
            }
            inbox.waiting = {
                if let found = attempt(&inbox.bytes) {
                    promise.succeed(found)
                } else if inbox.ended {
                    promise.fail(Failure.ended(rest: Array(inbox.bytes.readableBytesView)))
                } else {
                    return
                }
                late.cancel()
                inbox.waiting = nil
            }
            inbox.waiting?()
        }
        return try await promise.futureResult.get()
    }
}
