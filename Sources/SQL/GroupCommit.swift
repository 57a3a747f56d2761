import DequeModule
import Foundation

/// One writer thread that runs the transactions waiting one after another, each in its own savepoint, and commits them
/// together, so that one fsync serves many.
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
        package var group = 512

        package init() {}
    }

    /// The driver's writing connection.
    package protocol Writer: AnyObject {
        /// Begins a transaction, runs `body`, commits. When `body` or the commit throws, nothing is kept.
        func transaction(_ body: (any Connection) throws -> Void) throws
    }

    private struct Unit: Sendable {
        let run: @Sendable (Transaction) -> Outcome
        /// Tells the caller that nothing was done.
        let refuse: @Sendable (any Error) -> Void
    }

    /// What a unit left behind: `tell` is called with the commit's failure, or nil.
    private struct Outcome: Sendable {
        /// What the unit threw.
        let failure: (any Error)?
        let tell: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var units: Deque<Unit> = []
        var telling: Deque<@Sendable () -> Void> = []
        var closing = false
        var writerEnded = false
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

    package init(
        limits: Limits = Limits(), writer: sending any Writer,
        beforeCommit: @escaping @Sendable (Transaction, GroupMemory) throws -> Void
    ) {
        self.limits = limits
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
        let run: @Sendable (Transaction) -> Outcome = { transaction in
            let result = Result { try body(transaction) }
            var failure: (any Error)?
            if case .failure(let error) = result { failure = error }
            return Outcome(failure: failure) { commitError in
                if let commitError, case .success = result {
                    done(.failure(commitError))
                } else {
                    done(result)
                }
            }
        }
        let unit = Unit(run: run, refuse: { done(.failure($0)) })
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
        while !(state.writerEnded && state.telling.isEmpty) { condition.wait() }
        condition.unlock()
    }

    // MARK: - The writer's thread

    private func write(with writer: any Writer) {
        while let units = nextGroup() {
            let tellings = commit(units, with: writer)
            condition.lock()
            state.telling.append(contentsOf: tellings)
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

    private func nextGroup() -> [Unit]? {
        condition.lock()
        defer { condition.unlock() }
        // A slow announcer holds the writer back, which holds the callers back.
        while state.units.isEmpty || state.telling.count > limits.waiting {
            if state.units.isEmpty && state.closing { return nil }
            condition.wait()
        }
        let count = min(state.units.count, limits.group)
        let units = Array(state.units.prefix(count))
        state.units.removeFirst(count)
        return units
    }

    private func commit(_ units: [Unit], with writer: any Writer) -> [@Sendable () -> Void] {
        let memory = GroupMemory()
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(units.count)
        var commitError: (any Error)?
        do {
            try writer.transaction { connection in
                let transaction = Transaction(on: connection, group: memory)
                for unit in units { outcomes.append(try run(unit, in: transaction)) }
                try beforeCommit(transaction, memory)
            }
        } catch {
            commitError = error
        }
        let failure = commitError
        var tellings: [@Sendable () -> Void] = outcomes.map { outcome in { outcome.tell(failure) } }
        if let failure {
            // Units that never ran share the group's failure.
            tellings += units.dropFirst(outcomes.count).map { unit in { unit.refuse(failure) } }
        }
        return tellings
    }

    private func run(_ unit: Unit, in transaction: Transaction) throws -> Outcome {
        let before = transaction.group.counters
        try transaction.script("SAVEPOINT unit")
        let outcome = unit.run(transaction)
        if let failure = outcome.failure {
            transaction.group.restore(before)
            do {
                try transaction.script("ROLLBACK TO SAVEPOINT unit")
            } catch {
                // A full or failing disk makes the engine undo the whole transaction by itself: then nobody of this
                // group is committed, and the cause is the unit's error, not the missing savepoint.
                throw failure
            }
        }
        try transaction.script("RELEASE SAVEPOINT unit")
        return outcome
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
            condition.unlock()
            for tell in batch { tell() }
            condition.lock()
            state.telling.removeFirst(batch.count)
            condition.broadcast()
            condition.unlock()
        }
    }
}
