package import NIOCore

/// What a socket's user does with what arrives.
///
/// Both are called on the socket's event loop and must not block it: a session hands decoded commands on.
package protocol SocketSession: AnyObject, Sendable {
    /// A whole text message: joined from its fragments, valid UTF-8, at most `SocketSettings.messageLimit` bytes.
    func received(_ text: ByteBuffer)

    /// The socket is over. Called exactly once, as soon as it is certain that no further text will be handed over and
    /// nothing more can be sent; the closing handshake may still be under way.
    func closed(_ why: SocketClose)
}
