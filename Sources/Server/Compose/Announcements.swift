import Storage
import Synchronization

/// Carries what was committed from the store to those who listen; they are made after it, and from it.
final class Announcements: Sendable {
    /// A struct, since a bare closure read through the generic lock would be wrapped anew at every reading, and called
    /// through all those wrappings.
    private struct Listener {
        let hear: @Sendable ([Event]) -> Void
    }

    private let listener = Mutex<Listener?>(nil)

    /// On the store's announcing thread, in commit order.
    @Sendable func tell(_ events: [Event]) {
        let listener = listener.withLock { $0 }
        listener?.hear(events)
    }

    /// Once, before anything is committed.
    func connect(_ listen: @escaping @Sendable ([Event]) -> Void) {
        listener.withLock { $0 = Listener(hear: listen) }
    }
}
