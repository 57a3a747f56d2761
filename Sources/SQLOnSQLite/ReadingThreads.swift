import DequeModule
import Foundation
import SQL

/// A few threads that read, so that a loop of reads never holds Swift's cooperative pool.
final class ReadingThreads: Sendable {
    private struct State {
        var jobs: Deque<@Sendable () -> Void> = []
        var stopping = false
    }

    /// Reads that may wait; one more is refused with ``SQLError/busy``.
    private let limit = 10_000
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var state = State()

    init(count: Int) {
        for number in 1...max(1, count) {
            let thread = Thread { [self] in work() }
            thread.name = "qinke.reader.\(number)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            condition.lock()
            let refusal: SQLError? =
                state.stopping ? .closed : state.jobs.count >= limit ? .busy : nil
            if refusal == nil {
                state.jobs.append { continuation.resume(with: Result { try body() }) }
                condition.signal()
            }
            condition.unlock()
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Takes no more; what was taken is still done.
    func stop() {
        condition.lock()
        state.stopping = true
        condition.broadcast()
        condition.unlock()
    }

    private func work() {
        while true {
            condition.lock()
            while state.jobs.isEmpty && !state.stopping { condition.wait() }
            let job = state.jobs.popFirst()
            condition.unlock()
            guard let job else { return }
            job()
        }
    }
}
