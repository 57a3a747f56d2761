import NIOCore
import Synchronization
import Testing

@testable import Sockets

/// How sockets live and end: slow and silent peers, half closed ones, back-pressure, shutdown.
@Suite(.timeLimit(.minutes(8)))
struct LifeTests {
    @Test func `a peer that leaves without a Close does not leave a socket behind`() async throws {
        try await SocketServer.echo { server, log in
            let peer = try await server.socket()
            try await peer.channel.close(mode: .output)
            let entries = await log.wait { !$0.isEmpty }
            #expect(entries.first?.close?.code == .lost)
            #expect(entries.first?.close?.by == .lost)
            #expect(try await peer.end() == [])
            while server.upgrade.openSockets != 0 { await Task.yield() }
        }
    }

    @Test func `a reader that falls behind is closed with 4408 and what waits for it is dropped`()
        async throws
    {
        let log = Log<Echo.Entry>()
        let handles = Log<SocketHandle>()
        try await SocketServer.run { _, handle in
            handles.add(handle)
            return Echo(handle, log: log)
        } test: { server in
            let peer = try await server.socket()
            try await peer.channel.setOption(.autoRead, value: false).get()
            let handle = await handles.wait { !$0.isEmpty }[0]
            let frame = SocketFrame(text: String(repeating: "慢", count: 10_000))
            // Far more than the kernel's buffers take; the outbox never holds more than its bound.
            var sent = 0
            while handle.isOpen, sent < 100_000 {
                handle.send(frame)
                sent += 1
                #expect(handle.waiting.bytes <= 1024 * 1024)
                #expect(handle.waiting.frames <= 4096)
            }
            let entries = await log.wait { !$0.isEmpty }
            #expect(entries.first?.close?.code == .tooSlow)
            // What the kernel had taken arrives, then perhaps the Close, and certainly the end.
            try await peer.channel.setOption(.autoRead, value: true).get()
            try await peer.end()
            #expect(handle.waiting == (0, 0))
        }
    }

    @Test func `the bound counts frames too`() async throws {
        let log = Log<Echo.Entry>()
        var settings = SocketSettings.brief
        settings.outboxFrames = 10
        try await SocketServer.run(settings) { _, handle in
            // On the event loop nothing leaves before this returns.
            for _ in 0..<11 { handle.send(SocketFrame(text: "a")) }
            #expect(!handle.isOpen)
            return Echo(handle, log: log)
        } test: { server in
            let peer = try await server.socket()
            #expect(try await peer.frame().code == 4408)
            let entries = await log.wait { !$0.isEmpty }
            #expect(entries.first?.close?.code == .tooSlow)
            try await peer.channel.close()
        }
    }

    @Test func `who sends without reading is not read from, and nothing is lost`() async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            try await peer.channel.setOption(.autoRead, value: false).get()
            let text = [UInt8](repeating: 98, count: 60_000)
            let frame = ByteBuffer(bytes: RawPeer.frame(1, text))
            // 60 MB are more than both kernels' buffers: a server that went on reading would hold them.
            let writes = (0..<1000).map { _ in peer.channel.writeAndFlush(frame) }
            try await peer.channel.setOption(.autoRead, value: true).get()
            for _ in 0..<1000 {
                let answer = try await peer.frame()
                #expect(answer.opcode == 1)
                #expect(answer.payload.count == 60_000)
            }
            for write in writes { try await write.get() }
            try await peer.channel.close()
        }
    }

    @Test func `a paused session is handed nothing until it resumes, then everything in order`()
        async throws
    {
        let log = Log<Echo.Entry>()
        let handles = Log<SocketHandle>()
        final class Pausing: SocketSession {
            let handle: SocketHandle
            let log: Log<Echo.Entry>
            init(_ handle: SocketHandle, _ log: Log<Echo.Entry>) {
                self.handle = handle
                self.log = log
            }
            func received(_ text: ByteBuffer) {
                log.add(.received(String(buffer: text)))
                handle.pauseReading()
            }
            func closed(_ why: SocketClose) {}
        }
        try await SocketServer.run { _, handle in
            handles.add(handle)
            return Pausing(handle, log)
        } test: { server in
            let peer = try await server.socket()
            try await peer.send((0..<20).flatMap { RawPeer.frame(1, Array("\($0)".utf8)) })
            let handle = await handles.wait { !$0.isEmpty }[0]
            for count in 1...20 {
                let entries = await log.wait { $0.count >= count }
                #expect(entries == (0..<count).map { .received("\($0)") })
                // A task on the loop behind all that was due: still nothing more.
                try await handle.eventLoop.submit {}.get()
                #expect(log.entries.count == count)
                handle.resumeReading()
            }
            try await peer.channel.close()
        }
    }

    @Test func `a stopping server says 1001 and ends when the peer has answered`() async throws {
        try await SocketServer.echo { server, log in
            let peer = try await server.socket()
            try await peer.send(RawPeer.frame(1, [97]))
            _ = try await peer.frame()
            await server.stop()
            #expect(try await peer.frame() == .close(1001, "the server stops"))
            try await peer.send(RawPeer.frame(8, RawPeer.Frame.close(1001).payload))
            #expect(try await peer.end() == [])
            let entries = await log.wait { $0.contains { $0.close != nil } }
            #expect(entries.last?.close?.by == .here)
        }
    }

    @Test func `a peer that does not answer the stopping server is cut after the grace time`()
        async throws
    {
        var settings = SocketSettings()
        settings.closeGrace = .milliseconds(200)
        try await SocketServer.echo(settings) { server, _ in
            let peer = try await server.socket()
            let start = NIODeadline.now()
            await server.stop()
            #expect(try await peer.frame().code == 1001)
            #expect(try await peer.end() == [])
            #expect(NIODeadline.now() - start >= .milliseconds(190))
        }
    }

    @Test func `a peer that answers pings stays, one that is silent is dead`() async throws {
        var settings = SocketSettings.brief
        settings.pingEvery = .seconds(3)
        try await SocketServer.echo(settings) { server, log in
            let living = try await server.socket()
            for _ in 0..<3 {
                let ping = try await living.frame()
                #expect(ping == RawPeer.Frame(opcode: 9, final: true, payload: []))
                #expect(log.entries == [])
                try await living.send(RawPeer.frame(10))
            }
            // Now it is silent: one more ping, then the end.
            #expect(try await living.frame().opcode == 9)
            #expect(try await living.end() == [])
            let entries = await log.wait { !$0.isEmpty }
            #expect(
                entries == [.closed(SocketClose(.lost, reason: "the peer is silent", by: .lost))])
        }
    }
}
