package import NIOCore

/// Every bound of a socket, with its unit and default.
package struct SocketSettings: Sendable {
    /// The largest message that is taken, in bytes over all its fragments; beyond it the socket is closed with 1009.
    package var messageLimit = 64 * 1024
    /// What may wait for a slow reader, in bytes; beyond it the socket is closed with 4408 and the rest dropped.
    package var outboxBytes = 1024 * 1024
    /// What may wait for a slow reader, in frames; beyond it the socket is closed with 4408 and the rest dropped.
    package var outboxFrames = 4096
    /// How often a ping goes out.
    ///
    /// A peer of whom nothing came since the last ping is dead. nil: never.
    package var pingEvery: TimeAmount? = .seconds(25)
    /// How long a peer may take to answer our Close before the connection is cut.
    package var closeGrace: TimeAmount = .seconds(5)

    package init() {}
}
