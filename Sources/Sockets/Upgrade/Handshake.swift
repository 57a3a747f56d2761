import Crypto
import Foundation
import HTTPTypes
import NIOCore

/// The opening handshake of RFC 6455 §4.
enum Handshake {
    /// What a request asks for, as far as upgrading goes.
    enum Wish: Equatable {
        /// Plain HTTP.
        case nothing
        /// A WebSocket by the book, with its key.
        case socket(key: String)
        /// Some other protocol, or a handshake with a fault.
        case other
    }

    static func wish(of request: HTTPRequest) -> Wish {
        let fields = request.headerFields
        guard let upgrade = fields[.upgrade] else { return .nothing }
        guard
            request.method == .get,
            names(upgrade).contains("websocket"),
            names(fields[.connection] ?? "").contains("upgrade"),
            fields[.secWebSocketVersion] == "13",
            let key = fields[.secWebSocketKey],
            Data(base64Encoded: key)?.count == 16
        else { return .other }
        return .socket(key: key)
    }

    /// The comma-separated names of a header, in lower case.
    static func names(_ header: String) -> [String] {
        header.split(separator: ",").map { name in
            name.drop { $0 == " " || $0 == "\t" }.lowercased()
                .split(separator: " ").first.map(String.init) ?? ""
        }
    }

    /// The proof that the key was read: §4.2.2 item 5.4.
    static func accept(_ key: String) -> String {
        // The constant is §1.3's.
        let proof = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        let digest = Insecure.SHA1.hash(data: Data(proof.utf8))
        return base64(Array(digest))
    }

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    /// The server's answer that makes the connection a socket.
    static func switching(key: String, subprotocol: String?) -> ByteBuffer {
        var answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(accept(key))\r\n"
        if let subprotocol { answer += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return ByteBuffer(string: answer + "\r\n")
    }
}
