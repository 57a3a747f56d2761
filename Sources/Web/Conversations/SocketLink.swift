package import Desk
package import HTTPTypes
import NIOCore
package import Realtime
package import Sockets
import Synchronization

/// A socket as an outlet.
final class SocketOutlet: Outlet {
    let handle: SocketHandle

    init(_ handle: SocketHandle) { self.handle = handle }

    func close(_ code: UInt16, reason: String) {
        handle.close(SocketCode(rawValue: code), reason: reason)
    }
}

/// A socket's session: hands text to its link.
private final class SocketLink: SocketSession {
    private let link: Link

    init(_ link: Link) { self.link = link }

    func received(_ text: ByteBuffer) { link.received(text) }
    func closed(_ why: SocketClose) { link.closed() }
}

/// Hands frames to sockets and long polls, in order.
///
/// Each text becomes one frame, whoever gets it. What is sent while the callers of a commit are told leaves together,
/// so that each event loop is woken once and each socket written once per commit, not per message.
package final class Postbag: Sendable {
    private struct Held {
        var gathering = false
        var deliveries: [Delivery] = []
    }

    private let held = Mutex(Held())

    package init() {}

    /// Sends now, or with the rest of the commit that is being told.
    package func deliver(_ deliveries: [Delivery]) {
        held.withLock { held in
            if held.gathering {
                held.deliveries += deliveries
            } else {
                Self.send(deliveries)
            }
        }
    }

    /// Holds back what is delivered meanwhile, by whatever thread, and sends it afterwards.
    package func gather(_ body: () -> Void) {
        held.withLock { $0.gathering = true }
        body()
        held.withLock { held in
            // Under the lock, so that nothing delivered later comes first.
            Self.send(held.deliveries)
            held = Held()
        }
    }

    private static func send(_ deliveries: [Delivery]) {
        var batch = SocketBatch()
        for delivery in deliveries {
            let frame = SocketFrame(text: delivery.text)
            for outlet in delivery.outlets {
                if let socket = outlet as? SocketOutlet {
                    batch.add(frame, to: socket.handle)
                } else if let poll = outlet as? PollOutlet {
                    poll.add(delivery.text)
                }
            }
        }
        batch.deliver()
        for delivery in deliveries {
            guard let closing = delivery.closing else { continue }
            for outlet in delivery.outlets { outlet.close(closing.code, reason: closing.reason) }
        }
    }
}

/// The proof that a socket's request shows.
package protocol SocketCallers: Sendable {
    /// - Parameter bearer: from the `Authorization` header or the second sub-protocol.
    /// - Returns: nil when there is no proof, it does not hold, or a cookie came from another site.
    func caller(ofSocket request: HTTPRequest, bearer: String?) async -> Principal?
}

/// `GET /v1/socket`.
package func socketUpgrade(
    desk: ConversationDesk, callers: any SocketCallers, settings: SocketSettings = .init()
) -> SocketUpgrade<Principal> {
    SocketUpgrade(path: "/v1/socket", settings: settings) { request, _ in
        let offered = (request.headerFields[.secWebSocketProtocol] ?? "").split(separator: ",").map
        {
            $0.trimmingPrefix(while: \.isWhitespace).prefix { !$0.isWhitespace }
        }
        let bearer =
            request.headerFields[.authorization].flatMap { value -> String? in
                value.hasPrefix("Bearer ") ? String(value.dropFirst("Bearer ".count)) : nil
            }
            ?? offered.first { $0.hasPrefix("bearer.") }.map {
                String($0.dropFirst("bearer.".count))
            }
        guard let caller = await callers.caller(ofSocket: request, bearer: bearer) else {
            return .refuse
        }
        return .accept(caller, subprotocol: offered.contains("qinke.v1") ? "qinke.v1" : nil)
    } open: { caller, handle in
        SocketLink(desk.open(caller, outlet: SocketOutlet(handle)))
    }
}
