package import Realtime
import Synchronization

/// An outlet that remembers what it was told, as a socket would have sent it.
package final class Ear: Outlet {
    private let state = Mutex<(texts: [String], closed: UInt16?)>(([], nil))

    package init() {}

    package var texts: [String] { state.withLock { $0.texts } }
    /// The code with which it was closed.
    package var closed: UInt16? { state.withLock { $0.closed } }

    package func close(_ code: UInt16, reason: String) { state.withLock { $0.closed = code } }

    /// Hands frames to ears; the last word first, then the close.
    @Sendable
    package static func deliver(_ deliveries: [Delivery]) {
        for delivery in deliveries {
            for outlet in delivery.outlets {
                (outlet as? Ear)?.hear(delivery.text)
                if let closing = delivery.closing {
                    outlet.close(closing.code, reason: closing.reason)
                }
            }
        }
    }

    private func hear(_ text: String) {
        state.withLock { state in
            // What is sent after the close reaches nobody.
            if state.closed == nil { state.texts.append(text) }
        }
    }

    /// The numbers of the events heard, in order.
    package var events: [Int64] {
        texts.filter { $0.contains(#""type":"event""#) }
            .compactMap { Self.field(#""event":"#, of: $0).flatMap { Int64($0) } }
    }

    /// The codes of troubles heard, in order.
    package var troubles: [String] {
        texts.filter { $0.contains(#""type":"health""#) }
            .compactMap { Self.field(#""code":""#, of: $0) }
    }

    /// What follows a field's name, up to the next mark.
    private static func field(_ name: String, of text: String) -> String? {
        text.ranges(of: name).first.map {
            String(text[$0.upperBound...].prefix { $0 != "\"" && $0 != "," && $0 != "}" })
        }
    }
}
