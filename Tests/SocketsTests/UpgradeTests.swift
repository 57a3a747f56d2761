import NIOCore
import Testing

@testable import Sockets

/// The turn from HTTP to a socket, and what is not turned.
@Suite(.timeLimit(.minutes(8)))
struct UpgradeTests {
    @Test func `the answer proves that the key was read`() async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await RawPeer.connect(port: server.port)
            try await peer.send(
                RawPeer.upgradeRequest(
                    extra: ["Sec-WebSocket-Protocol: qinke.v1, bearer.qb_1"]))
            let head = try await peer.head()
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            // The example of RFC 6455 §1.3.
            #expect(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(head.contains("Sec-WebSocket-Protocol: qinke.v1"))
        }
    }

    @Test func `a connection that has served pages can upgrade, as behind a proxy`() async throws {
        try await SocketServer.echo { server, _ in
            let peer = try await RawPeer.connect(port: server.port)
            for _ in 0..<3 {
                try await peer.send("GET /page HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                #expect(try await peer.head().hasPrefix("HTTP/1.1 200 "))
                #expect(try await peer.bytes(4) == Array("page".utf8))
            }
            try await peer.send(RawPeer.upgradeRequest())
            #expect(try await peer.head().hasPrefix("HTTP/1.1 101 "))
            try await peer.send(RawPeer.frame(1, Array("在".utf8)))
            #expect(try await peer.frame() == .text("在"))
        }
    }

    @Test func `whom the gate refuses, the router answers`() async throws {
        try await SocketServer.echo { server, log in
            let peer = try await RawPeer.connect(port: server.port)
            try await peer.send(RawPeer.upgradeRequest("/v1/socket?who=nobody"))
            let head = try await peer.head().lowercased()
            #expect(head.hasPrefix("http/1.1 401 "))
            #expect(head.contains("connection: close"))
            #expect(try await peer.end() == Array("who are you".utf8))
            #expect(log.entries == [])
            try await peer.channel.close()
        }
    }

    static let faults = [
        "Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "c2hvcnQ=", "Connection": "keep-alive",
        "Upgrade": "h2c",
    ]

    @Test(arguments: faults)
    func `a handshake with a fault, and another protocol, get the router's answer`(
        name: String, value: String
    ) async throws {
        try await SocketServer.echo { server, log in
            for extra in [[], ["\(name): \(value)"]] {
                // Without Upgrade it is a page like any other.
                let peer = try await RawPeer.connect(port: server.port)
                try await peer.send(RawPeer.upgradeRequest(extra: extra, without: name))
                #expect(try await peer.head().hasPrefix("HTTP/1.1 401 "))
                #expect(try await peer.bytes(11) == Array("who are you".utf8))
                try await peer.channel.close()
            }
            #expect(log.entries == [])
        }
    }

    @Test(arguments: [("/v1/socketeer", "GET", "404"), ("/v1/socket", "POST", "404")])
    func `another path or method does not upgrade`(path: String, method: String, status: String)
        async throws
    {
        try await SocketServer.echo { server, log in
            let peer = try await RawPeer.connect(port: server.port)
            try await peer.send(RawPeer.upgradeRequest(path, method: method))
            #expect(try await peer.head().hasPrefix("HTTP/1.1 \(status) "))
            #expect(log.entries == [])
            try await peer.channel.close()
        }
    }

    @Test func `sockets are counted while they are open`() async throws {
        try await SocketServer.echo { server, _ in
            let first = try await server.socket()
            let second = try await server.socket()
            try await second.send(RawPeer.frame(1, [97]))
            _ = try await second.frame()
            #expect(server.upgrade.openSockets == 2)
            try await first.send(RawPeer.frame(8))
            try await first.end()
            while server.upgrade.openSockets != 1 { await Task.yield() }
            try await second.channel.close()
        }
    }
}
