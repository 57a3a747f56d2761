import DequeModule
import Synchronization

/// One bounded mailbox per conversation: its acts are carried out one after another, in the order in which they came.
///
/// The store keeps its own order too; lanes keep one busy conversation from filling the store's queue, and give each
/// sender's words the order in which they were sent, on every engine.
package final class Lanes: Sendable {
    /// Carries out one act and calls back when its answer is known.
    package typealias Act = @Sendable (_ done: @escaping @Sendable () -> Void) -> Void

    private struct Lane {
        var waiting: Deque<Act> = []
    }

    /// Acts that may wait in one lane; one more is refused.
    private let limit: Int
    private let lanes = Mutex<[Int64: Lane]>([:])

    package init(limit: Int = 256) { self.limit = limit }

    /// - Returns: false when the lane is full; then nothing is done.
    package func offer(_ key: Int64, _ act: @escaping Act) -> Bool {
        enum Verdict { case start, waits, full }
        let verdict: Verdict = lanes.withLock { lanes in
            guard lanes[key] != nil else {
                lanes[key] = Lane()
                return .start
            }
            guard lanes[key, default: Lane()].waiting.count < limit else { return .full }
            lanes[key]?.waiting.append(act)
            return .waits
        }
        if verdict == .start { start(act, key) }
        return verdict != .full
    }

    private func start(_ act: @escaping Act, _ key: Int64) {
        act { self.finished(key) }
    }

    private func finished(_ key: Int64) {
        let next = lanes.withLock { lanes -> Act? in
            guard let next = lanes[key]?.waiting.popFirst() else {
                lanes[key] = nil
                return nil
            }
            return next
        }
        if let next { start(next, key) }
    }

    /// Lanes with something in them.
    package var busy: Int { lanes.withLock { $0.count } }
}
