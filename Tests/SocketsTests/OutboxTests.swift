import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Sockets

/// What many sends cost, and that their order holds.
@Suite(.timeLimit(.minutes(8)))
struct OutboxTests {
    final class FlushCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var flushes = 0
        func flush(context: ChannelHandlerContext) {
            flushes += 1
            context.flush()
        }
    }

    final class Nothing: SocketSession {
        func received(_ text: ByteBuffer) {}
        func closed(_ why: SocketClose) {}
    }

    private func socket(_ channel: EmbeddedChannel) throws -> SocketHandle {
        let handle = SocketHandle(eventLoop: channel.eventLoop, settings: .init())
        let handler = SocketChannelHandler(handle: handle, side: .server, rounds: nil)
        try channel.pipeline.syncOperations.addHandler(handler)
        handler.start(Nothing())
        return handle
    }

    /// Where a buffer's bytes lie in memory.
    private func storage(_ buffer: ByteBuffer) -> Int {
        buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test func `a thousand sends are one flush, in order, and nothing is copied`() throws {
        let channel = EmbeddedChannel()
        let counter = FlushCounter()
        try channel.pipeline.syncOperations.addHandler(counter)
        try channel.connect(to: .init(ipAddress: "127.0.0.1", port: 1)).wait()
        let handle = try socket(channel)
        let frames = (0..<1000).map { SocketFrame(text: "\($0)") }
        for frame in frames { handle.send(frame) }
        #expect(counter.flushes == 0)
        channel.embeddedEventLoop.run()
        #expect(counter.flushes == 1)
        for frame in frames {
            let written = try channel.readOutbound(as: ByteBuffer.self)
            #expect(written.map(storage) == storage(frame.bytes))
        }
        #expect(handle.waiting == (0, 0))
    }

    @Test func `a batch reaches all its sockets`() throws {
        let channels = [EmbeddedChannel(), EmbeddedChannel()]
        var handles: [SocketHandle] = []
        for channel in channels {
            try channel.connect(to: .init(ipAddress: "127.0.0.1", port: 1)).wait()
            handles.append(try socket(channel))
        }
        let frame = SocketFrame(text: "亲")
        SocketBatch.deliver([(handles[0], frame), (handles[1], frame), (handles[0], frame)])
        for channel in channels { channel.embeddedEventLoop.run() }
        #expect(try channels[0].readOutbound(as: ByteBuffer.self) == frame.bytes)
        #expect(try channels[0].readOutbound(as: ByteBuffer.self) == frame.bytes)
        #expect(try channels[1].readOutbound(as: ByteBuffer.self) == frame.bytes)
        #expect(try channels[1].readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test func `what several threads send arrives whole, each thread's in its order`() async throws
    {
        let handles = Log<SocketHandle>()
        try await SocketServer.run { _, handle in
            handles.add(handle)
            return Nothing()
        } test: { server in
            let peer = try await server.socket()
            let handle = await handles.wait { !$0.isEmpty }[0]
            await withTaskGroup(of: Void.self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        for number in 0..<900 {
                            handle.send(SocketFrame(text: "\(sender):\(number)"))
                        }
                    }
                }
            }
            var next = [0, 0, 0, 0]
            for _ in 0..<3600 {
                let text = String(decoding: try await peer.frame().payload, as: UTF8.self)
                let parts = text.split(separator: ":").compactMap { Int($0) }
                #expect(parts.count == 2 && parts[1] == next[parts[0]])
                next[parts[0]] += 1
            }
            try await peer.channel.close()
        }
    }
}
