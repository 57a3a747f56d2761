import DequeModule
import Synchronization

/// One bounded mailbox per conversation: its acts are handed to the store one after another, in the order in which they came.
///
/// The store carries acts out in the order in which it takes them, so several of one lane may be on their way at once and
/// share a commit: without that, each sender would wait a whole commit for each message. Lanes keep one busy conversation
/// from filling the store's queue, and keep the order while others of the lane still wait.
package final class Lanes: Sendable {
    /// Hands one act over, in order, and calls back when its answer is known; returns without waiting for that.
    package typealias Act = @Sendable (_ done: @escaping @Sendable () -> Void) -> Void

    private struct Lane {
        var waiting: Deque<Act> = []
        /// Handed over, answer not known.
        var underway = 0
        /// Somebody is handing over; others leave theirs in `waiting`, so that none overtakes.
        var handing = false

        /// The next act to hand over, by the caller; nil when there is none or too many are underway.
        mutating func next(_ window: Int) -> Act? {
            guard underway < window, let act = waiting.popFirst() else {
                handing = false
                return nil
            }
            underway += 1
            handing = true
            return act
        }

        var isEmpty: Bool { underway == 0 && waiting.isEmpty && !handing }
    }

    /// Acts of one lane that are on their way at once.
    private let window: Int
    /// Acts that may wait in one lane besides; one more is refused.
    private let limit: Int
    private let lanes = Mutex<[Int64: Lane]>([:])

    package init(window: Int = 64, limit: Int = 256) {
        self.window = window
        self.limit = limit
    }

    /// - Returns: false when the lane is full; then nothing is done.
    package func offer(_ key: Int64, _ act: @escaping Act) -> Bool {
        let (taken, first) = lanes.withLock { lanes in
            func enter(_ lane: inout Lane) -> (Bool, Act?) {
                guard lane.waiting.count < limit else { return (false, nil) }
                lane.waiting.append(act)
                return (true, lane.handing ? nil : lane.next(window))
            }
            return enter(&lanes[key, default: Lane()])
        }
        if let first { handOver(first, key) }
        return taken
    }

    /// Hands over this act and those that may follow; one thread at a time does so for a lane.
    private func handOver(_ first: @escaping Act, _ key: Int64) {
        var act: Act? = first
        while let due = act {
            due { self.finished(key) }
            act = next(key)
        }
    }

    private func finished(_ key: Int64) {
        let due = lanes.withLock { lanes -> Act? in
            lanes[key]?.underway -= 1
            guard lanes[key]?.handing == false else { return nil }
            return Self.next(key, of: &lanes, window)
        }
        if let due { handOver(due, key) }
    }

    private func next(_ key: Int64) -> Act? {
        lanes.withLock { Self.next(key, of: &$0, window) }
    }

    private static func next(_ key: Int64, of lanes: inout [Int64: Lane], _ window: Int) -> Act? {
        let act = lanes[key]?.next(window)
        if lanes[key]?.isEmpty == true { lanes[key] = nil }
        return act
    }

    /// Lanes with something in them.
    package var busy: Int { lanes.withLock { $0.count } }
}
