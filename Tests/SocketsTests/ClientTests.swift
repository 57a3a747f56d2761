import NIOCore
import Testing

@testable import Sockets

/// The client against the server.
@Suite(.timeLimit(.minutes(8)))
struct ClientTests {
    private func client(_ server: SocketServer, _ query: String = "") -> SocketClient {
        SocketClient(
            .init(port: server.port, path: "/v1/socket" + query), headers: [("X-Test", "1")],
            subprotocols: ["qinke.v1", "bearer.qb_x"])
    }

    @Test(arguments: [0, 125, 126, 65_536])
    func `what a client sends comes back`(length: Int) async throws {
        try await SocketServer.echo { server, _ in
            let link = try await SocketLink.open(client(server))
            #expect(link.subprotocol == "qinke.v1")
            let text = String(repeating: "x", count: length)
            link.send(text)
            #expect(await link.next() == ByteBuffer(string: text))
            link.close()
            #expect(await link.next() == nil)
            #expect(link.closed == SocketClose(.normal, by: .here))
        }
    }

    @Test func `a client that reads late gets everything in order`() async throws {
        try await SocketServer.echo { server, _ in
            let link = try await SocketLink.open(client(server))
            for number in 0..<3000 { link.send("\(number)") }
            for number in 0..<3000 { #expect(await link.next() == ByteBuffer(string: "\(number)")) }
            link.close()
        }
    }

    @Test func `a refusal says what the server answered`() async throws {
        try await SocketServer.echo { server, _ -> Void in
            await #expect(throws: SocketClientError.refused(status: 401, body: "who are you")) {
                _ = try await SocketLink.open(client(server, "?who=nobody"))
            }
        }
    }

    @Test func `a client hears why the server closes`() async throws {
        try await SocketServer.run { _, handle in
            handle.send(SocketFrame(text: "bye"))
            handle.close(SocketCode(rawValue: 4401), reason: "signed out")
            return Echo(handle, log: Log())
        } test: { server in
            let link = try await SocketLink.open(client(server))
            #expect(await link.next() == ByteBuffer(string: "bye"))
            #expect(await link.next() == nil)
            let why = SocketClose(SocketCode(rawValue: 4401), reason: "signed out", by: .there)
            #expect(link.closed == why)
        }
    }
}
