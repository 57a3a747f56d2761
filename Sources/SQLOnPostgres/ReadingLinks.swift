import CPQ
import DequeModule
import Foundation
import SQL

/// A few threads that read, each on its own link, so that neither a slow read nor a server that is away holds Swift's
/// cooperative pool.
final class ReadingLinks: Sendable {
    private struct Job: Sendable {
        let ticket: Ticket
        let run: @Sendable (Reconnecting) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var jobs: Deque<Job> = []
        var stopping = false
        var threads = 0
    }

    /// Reads that may wait; one more is refused with ``SQLError/busy``.
    private let limit = 10_000
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var state = State()

    init(count: Int, _ address: PostgresAddress, _ limits: Link.Limits) {
        state.threads = max(1, count)
        for number in 1...max(1, count) {
            let thread = Thread { [self] in
                work(Reconnecting(address, limits, purpose: "reader \(number)"))
            }
            thread.name = "qinke.reader.\(number)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Runs `body` in a transaction that only reads and sees one snapshot.
    ///
    /// A task that is cancelled leaves the queue; when its statement runs already, the server is told to end it.
    func run<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        let ticket = Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(
                    Job(ticket: ticket) { links in
                        continuation.resume(with: Result { try Self.read(links, ticket, body) })
                    } refuse: {
                        continuation.resume(throwing: $0)
                    })
            }
        } onCancel: {
            ticket.cancel()
        }
    }

    /// Takes no more, and waits until what was taken is done.
    func stop() {
        condition.lock()
        state.stopping = true
        condition.broadcast()
        while state.threads > 0 { condition.wait() }
        condition.unlock()
    }

    private func add(_ job: Job) {
        condition.lock()
        let refusal: SQLError? = state.stopping ? .closed : state.jobs.count >= limit ? .busy : nil
        if refusal == nil {
            state.jobs.append(job)
            condition.signal()
        }
        condition.unlock()
        if let refusal { job.refuse(refusal) }
    }

    private func work(_ links: Reconnecting) {
        while true {
            condition.lock()
            while state.jobs.isEmpty && !state.stopping { condition.wait() }
            let job = state.jobs.popFirst()
            if job == nil {
                state.threads -= 1
                condition.broadcast()
            }
            condition.unlock()
            guard let job else {
                links.drop()
                return
            }
            job.run(links)
        }
    }

    private static func read<T>(
        _ links: Reconnecting, _ ticket: Ticket, _ body: (Transaction) throws -> T
    ) throws -> T {
        var attempts = 0
        while true {
            attempts += 1
            let link = try links.get()
            guard ticket.begin(link.cancelHandle()) else { throw CancellationError() }
            do {
                let value = try readOnce(link, body)
                if ticket.end() { links.drop() }
                return value
            } catch {
                if ticket.end() {
                    // The server may get to the cancelling late, so nothing else is done on this link.
                    links.drop()
                    throw CancellationError()
                }
                if link.isAlive { throw error }
                links.drop()
                // A link that was cut while it was idle is noticed only now; reading again does no harm.
                if attempts > 1 { throw error }
            }
        }
    }

    private static func readOnce<T>(_ link: Link, _ body: (Transaction) throws -> T) throws -> T {
        link.forgetFailure()
        try link.send(plain: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        do {
            let value = try body(Transaction(on: LinkConnection(link)))
            // Goes out at once; its answer is read by whoever uses the link next.
            try link.send(plain: "COMMIT")
            try link.dispatch()
            return value
        } catch {
            if link.isAlive {
                try? link.settle()
                link.forgetFailure()
                _ = try? link.ask(plain: "ROLLBACK")
            }
            throw error
        }
    }
}

/// One read's state between the task that may be cancelled and the thread that runs it.
final class Ticket: Sendable {
    private enum State {
        case waiting
        case running(OpaquePointer?)
        case cancelled
        case ended
    }

    private let lock = NSLock()
    // Only touched while `lock` is held.
    nonisolated(unsafe) private var state = State.waiting

    /// - Returns: false when the task was cancelled before.
    func begin(_ handle: OpaquePointer?) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        if case .cancelled = state {
            if let handle { PQfreeCancel(handle) }
            return false
        }
        if case .running(let earlier?) = state { PQfreeCancel(earlier) }
        state = .running(handle)
        return true
    }

    /// - Returns: whether it was cancelled while it ran.
    func end() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        switch state {
        case .running(let handle):
            if let handle { PQfreeCancel(handle) }
            // A second attempt may begin after this.
            state = .waiting
            return false
        case .cancelled:
            return true
        case .waiting, .ended:
            return false
        }
    }

    func cancel() {
        lock.lock()
        let earlier = state
        state = .cancelled
        lock.unlock()
        guard case .running(let handle?) = earlier else { return }
        // Cancelling makes a connection of its own, so it is not done on the canceller's thread.
        nonisolated(unsafe) let sent = handle
        Thread.detachNewThread {
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(sent, &message, 256)
            PQfreeCancel(sent)
        }
    }
}
