import Storage
import Synchronization

/// Carries what was committed from the store to those who listen; they are made after it, and from it.
final class Announcements: Sendable {
    private let listener = Mutex<(@Sendable ([Event]) -> Void)?>(nil)

    /// On the store's announcing thread, in commit order.
    @Sendable func tell(_ events: [Event]) {
        let listener = listener.withLock { $0 }
        listener?(events)
    }

    /// Once, before anything is committed.
    func connect(_ listen: @escaping @Sendable ([Event]) -> Void) {
        listener.withLock { $0 = listen }
    }
}
