package import Hummingbird
import Logging
package import NIOCore

/// One request while it is answered: its id, where it came from, how its body is read.
///
/// Routes that need to know who is calling narrow it to a child context.
package struct Visit: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer of the connection; nil in tests that have no connection.
    package let peer: SocketAddress?
    /// Where the request came from, as the log and the throttles name it; set by ``Entrance``.
    package var address: String

    package init(source: Source) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
        address = peer?.ipAddress ?? "local"
    }

    package var requestDecoder: StrictJSON { StrictJSON() }
    package var responseEncoder: WireJSON { WireJSON() }

    /// Bytes of a JSON body; uploads have their own bound.
    package var maxUploadSize: Int { WebLimits.body }
}

/// Bounds of every request, in bytes and seconds.
///
/// Requests past them are refused, never cut.
package enum WebLimits {
    /// Bytes of a JSON body.
    package static let body = 1 << 20
    /// How long a JSON body may take to arrive.
    package static let bodySeconds = 15
    /// Bytes of all headers of a request together.
    package static let headers = 32 << 10
    /// How long a connection may say nothing between and within requests.
    package static let idleSeconds = 75
}
