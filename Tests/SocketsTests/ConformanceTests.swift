import NIOCore
import Testing

@testable import Sockets

/// RFC 6455 §5–7, over real connections, with frames made by hand.
@Suite(.timeLimit(.minutes(8)))
struct ConformanceTests {
    struct Breach: Sendable, CustomTestStringConvertible {
        var name: String
        var sent: [[UInt8]]
        var code: UInt16
        var testDescription: String { name }

        init(_ name: String, _ code: UInt16, _ sent: [UInt8]...) {
            self.name = name
            self.code = code
            self.sent = sent
        }
    }

    static let hello = Array("Hello".utf8)

    static let framing: [Breach] = [
        Breach("no mask", 1002, RawPeer.frame(1, hello, mask: nil)),
        Breach("RSV1", 1002, RawPeer.frame(1, hello, reserved: 4)),
        Breach("RSV2", 1002, RawPeer.frame(1, hello, reserved: 2)),
        Breach("RSV3", 1002, RawPeer.frame(9, hello, reserved: 1)),
        Breach("a ping in fragments", 1002, RawPeer.frame(9, hello, final: false)),
        Breach("a ping of 126 bytes", 1002, RawPeer.frame(9, [UInt8](repeating: 1, count: 126))),
        Breach("a continuation of nothing", 1002, RawPeer.frame(0, hello)),
        Breach(
            "a continuation after the end", 1002, RawPeer.frame(1, hello, final: false),
            RawPeer.frame(0, hello), RawPeer.frame(0, hello)),
        Breach(
            "text inside a text", 1002, RawPeer.frame(1, hello, final: false),
            RawPeer.frame(1, hello)),
        Breach("five in two bytes", 1002, RawPeer.frame(1, hello, announced: [126, 0, 5])),
        Breach(
            "five in eight bytes", 1002,
            RawPeer.frame(1, hello, announced: [127, 0, 0, 0, 0, 0, 0, 0, 5])),
        Breach(
            "a length with its top bit", 1002,
            RawPeer.frame(1, hello, announced: [127, 0x80, 0, 0, 0, 0, 0, 0, 5])),
        Breach("binary", 1003, RawPeer.frame(2, hello)),
        Breach(
            "65,537 bytes announced, none sent", 1009,
            RawPeer.frame(1, [], announced: [127, 0, 0, 0, 0, 0, 1, 0, 1])),
        Breach(
            "fragments that sum to 65,537", 1009,
            RawPeer.frame(1, [UInt8](repeating: 97, count: 40_000), final: false),
            RawPeer.frame(0, [UInt8](repeating: 97, count: 25_537))),
        Breach("close with half a code", 1002, RawPeer.frame(8, [3])),
        Breach("close reason not UTF-8", 1007, RawPeer.frame(8, [3, 0xE8, 0xC3, 0x28])),
    ]

    static let opcodes: [Breach] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map {
        Breach("opcode \($0)", 1002, RawPeer.frame($0, hello))
    }

    static let closeCodes: [Breach] = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map
    {
        Breach("close \($0)", 1002, RawPeer.frame(8, RawPeer.Frame.close($0).payload))
    }

    static let encodings: [Breach] =
        [
            ("lone continuation", [0x80]), ("missing continuation", [0xC3, 0x28]),
            ("overlong /", [0xC0, 0xAF]), ("overlong NUL", [0xE0, 0x80, 0x80]),
            ("overlong of four", [0xF0, 0x80, 0x80, 0x80]), ("surrogate", [0xED, 0xA0, 0x80]),
            ("past U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
            ("five-byte form", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            ("cut at the end", Array("客".utf8.dropLast())), ("0xFF", [0x61, 0xFF]),
            ("after nine ASCII bytes", Array("abcdefghi".utf8) + [0xC2]),
            ("GBK", [0xC7, 0xD7, 0xBF, 0xCD]),
        ].map { Breach($0, 1007, RawPeer.frame(1, $1)) }
        + [
            Breach(
                "cut over fragments", 1007, RawPeer.frame(1, [0xE5, 0xAE], final: false),
                RawPeer.frame(0, [0x61]))
        ]

    @Test(arguments: framing + opcodes + closeCodes + encodings)
    func `a breach closes the socket with its code and is never handed over`(_ breach: Breach)
        async throws
    {
        try await SocketServer.echo { server, log in
            let peer = try await server.socket()
            for bytes in breach.sent { try await peer.send(bytes) }
            // A text that was whole before the breach may be answered first.
            var frame = try await peer.frame()
            while frame.opcode == 1 { frame = try await peer.frame() }
            #expect(frame.code == breach.code)
            #expect(try await peer.end() == [])
            let entries = await log.wait { $0.contains { $0.close != nil } }
            #expect(entries.last?.close?.code.rawValue == breach.code)
            #expect(entries.last?.close?.by == .here)
            try await peer.channel.close()
        }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 4096, 65_535, 65_536])
    func `a text of any length up to the limit comes back equal`(length: Int) async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            let text = (0..<length).map { UInt8(97 + $0 % 26) }
            try await peer.send(RawPeer.frame(1, text))
            #expect(try await peer.frame() == RawPeer.Frame(opcode: 1, final: true, payload: text))
        }
    }

    @Test func `bytes may arrive one by one`() async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            for byte in RawPeer.frame(1, Array("亲,在吗".utf8)) { try await peer.send([byte]) }
            #expect(try await peer.frame() == .text("亲,在吗"))
        }
    }

    @Test func `many frames may arrive in one piece, and the rest of a frame later`() async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            let all = (0..<300).flatMap { RawPeer.frame(1, Array("第\($0)句".utf8)) }
            try await peer.send(Array(all.dropLast(5)))
            for number in 0..<299 { #expect(try await peer.frame() == .text("第\(number)句")) }
            try await peer.send(Array(all.suffix(5)))
            #expect(try await peer.frame() == .text("第299句"))
        }
    }

    @Test
    func `fragments are joined, a character may be cut between them, a ping may come between`()
        async throws
    {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            let text = Array("您好👋客官".utf8)
            try await peer.send(RawPeer.frame(1, Array(text[..<7]), final: false))
            try await peer.send(RawPeer.frame(9, [1, 2, 3]))
            #expect(
                try await peer.frame()
                    == RawPeer.Frame(opcode: 10, final: true, payload: [1, 2, 3]))
            try await peer.send(RawPeer.frame(0, [], final: false))
            try await peer.send(RawPeer.frame(0, Array(text[7...])))
            #expect(try await peer.frame() == .text("您好👋客官"))
        }
    }

    @Test(arguments: [0, 1, 125])
    func `a ping is answered with its own payload, a stray pong not at all`(length: Int)
        async throws
    {
        try await SocketServer.echo { server, _ in
            let peer = try await server.socket()
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            try await peer.send(RawPeer.frame(10, payload) + RawPeer.frame(9, payload))
            #expect(
                try await peer.frame() == RawPeer.Frame(opcode: 10, final: true, payload: payload))
        }
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1009, 3000, 4401, 4999])
    func `a close is answered with its code, then the server ends the connection`(code: UInt16)
        async throws
    {
        try await SocketServer.echo { server, log in
            let peer = try await server.socket()
            try await peer.send(
                RawPeer.frame(8, RawPeer.Frame.close(code, "再见").payload)
                    + RawPeer.frame(1, Self.hello))
            #expect(try await peer.frame() == .close(code))
            #expect(try await peer.end() == [])
            let entries = await log.wait { !$0.isEmpty }
            let why = SocketClose(SocketCode(rawValue: code), reason: "再见", by: .there)
            #expect(entries == [.closed(why)])
        }
    }

    @Test func `a close without a code is answered without one`() async throws {
        try await SocketServer.echo { server, log in
            let peer = try await server.socket()
            try await peer.send(RawPeer.frame(8))
            #expect(try await peer.frame() == RawPeer.Frame(opcode: 8, final: true, payload: []))
            #expect(try await peer.end() == [])
            let entries = await log.wait { !$0.isEmpty }
            #expect(entries == [.closed(SocketClose(.none, by: .there))])
        }
    }

    @Test func `the server's own close waits for the answer, then the connection ends`()
        async throws
    {
        try await SocketServer.run { _, handle in
            let session = Echo(handle, log: Log())
            handle.send(SocketFrame(text: "bye"))
            handle.close(SocketCode(rawValue: 4401), reason: String(repeating: "客", count: 100))
            handle.send(SocketFrame(text: "too late"))
            return session
        } test: { server in
            let peer = try await server.socket()
            #expect(try await peer.frame() == .text("bye"))
            // 123 bytes hold 41 characters of three bytes.
            let reason = String(repeating: "客", count: 41)
            #expect(try await peer.frame() == .close(4401, reason))
            try await peer.send(RawPeer.frame(8, RawPeer.Frame.close(4401).payload))
            #expect(try await peer.end() == [])
        }
    }
}
