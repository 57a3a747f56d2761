import Synchronization

/// Carries a failure from one thread to another.
final class Failing: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func set(_ error: any Error) { self.error.withLock { $0 = error } }

    func rethrow() throws { if let error = error.withLock({ $0 }) { throw error } }
}
