/// A WebSocket close code (RFC 6455 §7.4).
///
/// The application's own are 4000–4999 and are named by whoever uses them.
package struct SocketCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The purpose is fulfilled.
    package static let normal = SocketCode(rawValue: 1000)
    /// The server stops, or the page was left.
    package static let goingAway = SocketCode(rawValue: 1001)
    /// The peer broke RFC 6455.
    package static let protocolError = SocketCode(rawValue: 1002)
    /// The peer sent binary data.
    package static let unacceptable = SocketCode(rawValue: 1003)
    /// The peer's Close frame had no code.
    ///
    /// Never sent.
    package static let none = SocketCode(rawValue: 1005)
    /// The connection ended without a Close frame.
    ///
    /// Never sent.
    package static let lost = SocketCode(rawValue: 1006)
    /// Text that is not UTF-8.
    package static let notUTF8 = SocketCode(rawValue: 1007)
    /// A message over the limit.
    package static let tooBig = SocketCode(rawValue: 1009)
    /// The reader fell behind its outbox's bound: it reconnects and resumes.
    package static let tooSlow = SocketCode(rawValue: 4408)

    /// Whether the code may stand in a Close frame (§7.4.1, §7.4.2).
    var mayTravel: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// Why and by whom a socket ended.
package struct SocketClose: Hashable, Sendable {
    /// Who ended it.
    package enum End: Sendable {
        /// The peer sent a Close frame.
        case there
        /// This side closed: asked to, for a breach of protocol, or for a slow reader.
        case here
        /// The connection broke, or the peer fell silent.
        case lost
    }

    package var code: SocketCode
    package var reason: String
    package var by: End

    package init(_ code: SocketCode, reason: String = "", by: End) {
        self.code = code
        self.reason = reason
        self.by = by
    }

    /// The reason as far as it fits a control frame: 123 bytes of UTF-8, cut between characters (§5.5).
    var travellingReason: String {
        var cut = reason
        while cut.utf8.count > 123 { cut.removeLast() }
        return cut
    }
}
