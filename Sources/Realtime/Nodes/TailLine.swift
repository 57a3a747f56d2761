package import Storage

/// One shop's events on one of several nodes, put into the order of their numbers.
///
/// What this node committed comes from memory; what others committed is read from the log when it is next. A plain value:
/// ``EventTail`` holds it under a lock and does what it says.
package struct TailLine: Sendable {
    package enum Step: Sendable {
        /// Announce these, then call `told`.
        case announce([Event], told: (@Sendable () -> Void)?)
        /// Read the log after a number and hand over what was found with ``read(_:)``.
        case read(after: Int64)
        /// Nothing to do; the turn is given back.
        case rest
    }

    /// Own events that wait in memory at most; what is beyond is read from the log.
    package static let most = 20_000

    /// The number up to which everything was announced.
    package private(set) var last: Int64
    /// The highest number that is known to exist.
    private var known: Int64
    private var waiting: [Int64: Event] = [:]
    /// Own events that the log shows before the store has told this node of its commit.
    private var early: [Int64: Event] = [:]
    /// The number for which patience has ended.
    private var impatientFor: Int64?
    private var stuckAt: Int64?
    private var tellings: [Int64: @Sendable () -> Void] = [:]
    private var taken = false

    package init(last: Int64) {
        self.last = last
        known = last
    }

    /// Events of one act of this node, in order; `told` is called after they were announced.
    /// - Returns: `told` when it must be called at once.
    package mutating func committed(
        _ events: [Event], told: @escaping @Sendable () -> Void
    ) -> (@Sendable () -> Void)? {
        guard let final = events.last else { return told }
        known = max(known, final.number)
        if waiting.count < Self.most {
            for event in events where event.number > last { waiting[event.number] = event }
        }
        return reach(final.number, told: told)
    }

    /// `told` is called once everything up to that number was announced.
    /// - Returns: `told` when it must be called at once.
    package mutating func reach(
        _ number: Int64, told: @escaping @Sendable () -> Void
    ) -> (@Sendable () -> Void)? {
        guard number > last else { return told }
        known = max(known, number)
        if let earlier = tellings[number] {
            tellings[number] = {
                earlier()
                told()
            }
        } else {
            tellings[number] = told
        }
        return nil
    }

    /// Somebody says that a number exists.
    package mutating func heard(_ number: Int64) { known = max(known, number) }

    /// The log's next events after ``last``.
    package mutating func read(_ events: [(event: Event, own: Bool)]) {
        var expected = last + 1
        for (event, own) in events where event.number >= expected {
            // Numbers have no gaps; what comes after one is not trusted but read again.
            guard event.number == expected else { return }
            if waiting[expected] == nil {
                if own { early[expected] = event } else { waiting[expected] = event }
            }
            known = max(known, expected)
            expected += 1
        }
    }

    /// Called at a steady pace: an own event whose commit was never told to this node is waited for through one whole
    /// pause, not longer.
    package mutating func tick() {
        guard early[last + 1] != nil, waiting[last + 1] == nil else {
            stuckAt = nil
            return
        }
        if stuckAt == last + 1 { impatientFor = last + 1 }
        stuckAt = last + 1
    }

    /// Only one at a time does the steps.
    package mutating func takeTurn() -> Bool {
        guard !taken else { return false }
        taken = true
        return true
    }

    /// Gives the turn back after a reading that failed.
    package mutating func giveUp() { taken = false }

    /// Everything that waits to be told, when nothing will be announced any more.
    package mutating func end() -> [@Sendable () -> Void] {
        defer { tellings = [:] }
        return tellings.sorted { $0.key < $1.key }.map(\.value)
    }

    package mutating func next() -> Step {
        var run: [Event] = []
        while let event = take(last + 1) {
            last += 1
            run.append(event)
            // Its sender is answered before anybody hears of what is later.
            if let told = tellings.removeValue(forKey: last) {
                return .announce(run, told: told)
            }
        }
        if !run.isEmpty { return .announce(run, told: nil) }
        if known > last && early[last + 1] == nil { return .read(after: last) }
        taken = false
        return .rest
    }

    private mutating func take(_ number: Int64) -> Event? {
        if let event = waiting.removeValue(forKey: number) {
            early[number] = nil
            return event
        }
        guard impatientFor == number else { return nil }
        return early.removeValue(forKey: number)
    }
}
