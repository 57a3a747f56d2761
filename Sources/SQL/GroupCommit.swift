import DequeModule
import Foundation

/// One writer thread that runs the transactions waiting one after another and commits them together, so that one fsync
/// serves many.
///
/// When one fails after it wrote, the group is undone and runs again, each transaction in its own savepoint.
///
/// Every caller learns its own result only after the commit.
///
/// Results are told by a second thread, in commit order, so that the next group's work overlaps with telling this one's.
package final class GroupCommit: Sendable {
    /// Bounds of the queue and of one group.
    package struct Limits: Sendable {
        /// Transactions that may wait; one more is refused with ``SQLError/busy``.
        package var waiting = 20_000
        /// Transactions in one commit.
        ///
        /// More make a longer lock, not more speed.
        package var group = 2_048

        package init() {}
    }

    /// The driver's writing connection.
    package protocol Writer: AnyObject {
        /// Whether a group may be run again from its beginning.
        ///
        /// Then it is first run without savepoints and without waiting for what is only sent, and only when something of it
        /// fails once more with both; and again when the engine asks for it (``SQLError/retry(_:)``).
        var reruns: Bool { get }

        /// Begins a transaction, runs `body`, commits.
        ///
        /// When `body` or the commit throws, nothing is kept.
        func transaction(_ body: (any Connection, _ earlier: GroupMemory.Trust) throws -> Void)
            throws
    }

    /// One transaction that waits, and what became of it.
    ///
    /// Handed on from its caller to the writer to the announcer, and never touched by two at once.
    private class Unit {
        /// Carries it out.
        /// - Returns: what it threw.
        func run(in transaction: Transaction) -> (any Error)? { nil }
        /// It did not succeed after all.
        func fail(with error: any Error) {}
        /// It is going to be carried out again, or never.
        func forget() {}
        /// Tells the caller what became of it; a failed commit is everybody's failure who had not failed before.
        func tell(_ commitFailure: (any Error)?) {}
    }

    private final class UnitOf<T: Sendable>: Unit {
        private let body: @Sendable (Transaction) throws -> T
        private let done: @Sendable (Result<T, any Error>) -> Void
        private var result: Result<T, any Error>?

        init(
            _ body: @escaping @Sendable (Transaction) throws -> T,
            _ done: @escaping @Sendable (Result<T, any Error>) -> Void
        ) {
            self.body = body
            self.done = done
        }

        override func run(in transaction: Transaction) -> (any Error)? {
            do {
                result = .success(try body(transaction))
                return nil
            } catch {
                result = .failure(error)
                return error
            }
        }

        override func fail(with error: any Error) { result = .failure(error) }

        override func forget() { result = nil }

        override func tell(_ commitFailure: (any Error)?) {
            switch result {
            case .failure?: break
            case .success?, nil: if let commitFailure { result = .failure(commitFailure) }
            }
            if let result { done(result) }
        }
    }

    /// A group whose commit is over.
    private struct Told {
        let units: Deque<Unit>
        let failure: (any Error)?
    }

    private struct State {
        var units: Deque<Unit> = []
        var telling: [Told] = []
        /// Units whose callers have not been told.
        var untold = 0
        var closing = false
        var writerEnded = false
        var spans = CommitSpans()
        var groups = 0
        var committed = 0
    }

    /// Guards `state` and wakes the threads; a condition, since the writer waits for work.
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var state = State()
    private let limits: Limits
    /// Writes the group's counters; set by the store that owns them.
    private let beforeCommit: @Sendable (Transaction, GroupMemory) throws -> Void
    private let telling: Telling

    /// Runs what tells the callers of one or more commits; who sends in reaction to that can gather what it sends.
    package typealias Telling = @Sendable (_ tellAll: () -> Void) -> Void

    package init(
        limits: Limits = Limits(), writer: sending any Writer,
        telling: @escaping Telling = { $0() },
        beforeCommit: @escaping @Sendable (Transaction, GroupMemory) throws -> Void
    ) {
        self.limits = limits
        self.telling = telling
        self.beforeCommit = beforeCommit
        // The writer belongs to its thread from here on.
        nonisolated(unsafe) let owned = writer
        start("qinke.writer") { self.write(with: owned) }
        start("qinke.announcer") { self.announce() }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Seconds that 95 of 100 of the last commits took at most; 0 before the first.
    package var slowCommitSeconds: Double {
        condition.lock()
        let spans = state.spans
        condition.unlock()
        return spans.slow
    }

    /// Transactions waiting now, groups and transactions committed since the start.
    package var figures: (waiting: Int, groups: Int, committed: Int) {
        condition.lock()
        defer { condition.unlock() }
        return (state.units.count, state.groups, state.committed)
    }

    package func submit<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T,
        done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) throws {
        let unit = UnitOf(body, done)
        condition.lock()
        defer { condition.unlock() }
        guard !state.closing else { throw SQLError.closed }
        guard state.units.count < limits.waiting else { throw SQLError.busy }
        state.units.append(unit)
        if state.units.count == 1 { condition.broadcast() }
    }

    package func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try submit(body) { continuation.resume(with: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Takes no more, and waits until everything accepted is committed and told.
    package func close() {
        condition.lock()
        state.closing = true
        condition.broadcast()
        while !(state.writerEnded && state.untold == 0) {
            condition.wait()
        }
        condition.unlock()
    }

    // MARK: - The writer's thread

    private func write(with writer: any Writer) {
        // What the last group left in mind; nil after a failure, when nothing is sure.
        var memory: GroupMemory?
        while let units = nextGroup() {
            let began = DispatchTime.now().uptimeNanoseconds
            let failure = commit(units, with: writer, &memory)
            let took = DispatchTime.now().uptimeNanoseconds - began
            condition.lock()
            state.spans.add(took)
            state.telling.append(Told(units: units, failure: failure))
            state.untold += units.count
            state.groups += 1
            state.committed += units.count
            condition.broadcast()
            condition.unlock()
        }
        condition.lock()
        state.writerEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func nextGroup() -> Deque<Unit>? {
        condition.lock()
        defer { condition.unlock() }
        // A slow announcer holds the writer back, which holds the callers back.
        while state.units.isEmpty || state.untold > limits.waiting {
            if state.units.isEmpty && state.closing { return nil }
            condition.wait()
        }
        var units = Deque<Unit>()
        if state.units.count <= limits.group {
            swap(&units, &state.units)
        } else {
            units.append(contentsOf: state.units.prefix(limits.group))
            state.units.removeFirst(limits.group)
        }
        return units
    }

    /// A unit failed after it wrote something, or the engine told a failure that may be an earlier unit's.
    private struct NeedsCare: Error {}

    /// Times a group is run again because the engine asks for it.
    private static let mostRetries = 3

    /// - Returns: why nothing of the group was kept; nil when it was.
    private func commit(
        _ units: Deque<Unit>, with writer: any Writer, _ memory: inout GroupMemory?
    ) -> (any Error)? {
        var careful = !writer.reruns
        var retries = 0
        while true {
            // What is in mind is sure again only after a commit.
            let earlier = memory
            var used: GroupMemory?
            memory = nil
            do {
                try writer.transaction { connection, trust in
                    let group = earlier?.next(trust) ?? GroupMemory(isShared: true)
                    let transaction = Transaction(on: connection, group: group)
                    for unit in units {
                        group.unitBegins()
                        if careful {
                            try runApart(unit, in: transaction, reruns: writer.reruns)
                        } else {
                            try runPlain(unit, in: transaction)
                        }
                    }
                    try beforeCommit(transaction, group)
                    try transaction.carryOutPostponed()
                    used = group
                }
                memory = used
                return nil
            } catch is NeedsCare {
                careful = true
            } catch SQLError.retry where writer.reruns && retries < Self.mostRetries {
                retries += 1
            } catch let error as SQLError where !careful && error.isOfOneUnit {
                careful = true
            } catch {
                return error
            }
            for unit in units { unit.forget() }
        }
    }

    /// Without a savepoint: right as long as no unit fails after it wrote.
    private func runPlain(_ unit: Unit, in transaction: Transaction) throws {
        transaction.wrote = false
        guard let failure = unit.run(in: transaction) else { return }
        if case let error as SQLError = failure {
            throw error.isOfOneUnit ? NeedsCare() : failure
        }
        if transaction.wrote { throw NeedsCare() }
        transaction.group.unitFailed()
    }

    /// In a savepoint; what runs into a unique rule is undone and carried out once more, knowing that.
    private func runApart(_ unit: Unit, in transaction: Transaction, reruns: Bool) throws {
        try transaction.script("SAVEPOINT unit")
        let failure = try attempt(unit, in: transaction, reruns: reruns)
        if case .unique? = failure as? SQLError {
            transaction.isSecondRun = true
            defer { transaction.isSecondRun = false }
            _ = try attempt(unit, in: transaction, reruns: reruns)
        }
        try transaction.script("RELEASE SAVEPOINT unit")
    }

    /// Carries a unit out; when it fails, all that it did is undone.
    /// - Returns: why it failed.
    private func attempt(_ unit: Unit, in transaction: Transaction, reruns: Bool) throws
        -> (any Error)?
    {
        var failure = unit.run(in: transaction)
        if failure == nil {
            do { try transaction.settle() } catch {
                // Something that the unit only sent, or whose failure it passed over.
                unit.fail(with: error)
                failure = error
            }
        }
        guard let failure else { return nil }
        if reruns, let error = failure as? SQLError, !error.isOfOneUnit { throw error }
        transaction.group.unitFailed()
        do {
            try transaction.rollBack(to: "unit")
        } catch {
            // A full or failing disk makes the engine undo the whole transaction by itself: then nobody of this
            // group is committed, and the cause is the unit's error, not the missing savepoint.
            throw failure
        }
        return failure
    }

    // MARK: - The announcer's thread

    private func announce() {
        while true {
            condition.lock()
            while state.telling.isEmpty {
                if state.writerEnded {
                    condition.unlock()
                    return
                }
                condition.wait()
            }
            let batch = state.telling
            state.telling = []
            condition.unlock()
            telling {
                for told in batch { for unit in told.units { unit.tell(told.failure) } }
            }
            condition.lock()
            for told in batch { state.untold -= told.units.count }
            condition.broadcast()
            condition.unlock()
        }
    }
}

extension SQLError {
    /// Whether it can be one unit's doing; otherwise it is everybody's.
    fileprivate var isOfOneUnit: Bool {
        switch self {
        case .retry, .away, .uncertain, .closed, .full, .readOnly, .corrupt: false
        case .unique, .foreignKey, .check, .timedOut, .busy, .unexpected, .other: true
        }
    }
}
