import Foundation
import SQL

/// The link that the group commit's thread writes on.
final class WritingLink: GroupCommit.Writer {
    /// No unit of a group has been told anything before its commit, so all may run again.
    let reruns = true
    private let links: Reconnecting
    /// How long a group waits for a server that is away before its callers are told.
    private let patience: Duration

    init(_ links: Reconnecting, patience: Duration) {
        self.links = links
        self.patience = patience
    }

    func transaction(_ body: (any Connection, _ earlier: GroupMemory.Trust) throws -> Void) throws {
        let link = try connected()
        var commit: Commit?
        do {
            try link.begin()
            // Other nodes write to the same store; each of their acts raises its shop's counter.
            try body(LinkConnection(link), .ifCounterStands)
            // Everything has been answered, and the transaction's number is known, before the commit is sent.
            if link.hasPending { try link.settle() }
            if let failure = link.failure { throw failure }
            commit = Commit(number: link.transactionNumber, history: link.history)
            // A transaction in which something failed answers COMMIT with ROLLBACK.
            let tag = try link.ask(plain: "COMMIT").tag
            guard tag == "COMMIT" else {
                throw SQLError.other(code: 0, message: "the commit became a \(tag)")
            }
        } catch {
            guard link.isAlive else {
                links.drop()
                if let commit { return try settle(commit) }
                // Nothing can have been kept, so the same group may be run on a new link.
                if case SQLError.away(let away) = error { throw SQLError.retry(away.message) }
                throw error
            }
            try undo(link, after: error)
        }
    }

    private func undo(_ link: Link, after error: any Error) throws -> Never {
        // A server that became a standby is left, so that the next attempt can find its successor.
        if case SQLError.readOnly = error {
            links.drop()
            throw error
        }
        try? link.settle()
        link.forgetFailure()
        do {
            _ = try link.ask(plain: "ROLLBACK")
            link.forgetFailure()
        } catch {
            links.drop()
        }
        throw error
    }

    /// A commit that was sent and not answered.
    private struct Commit {
        let number: String?
        let history: String?
    }

    /// Finds out what became of a commit whose answer was lost, as far as the same server can tell.
    /// - Throws: ``SQLError/retry(_:)`` when it was not kept, ``SQLError/uncertain`` when nobody can tell within the patience.
    private func settle(_ commit: Commit) throws {
        guard let number = commit.number, let history = commit.history, !history.isEmpty else {
            throw SQLError.uncertain
        }
        let end = ContinuousClock.now + patience
        repeat {
            do {
                let link = try connected(until: end)
                // A server that took over may have lost the end of the log and given the number anew.
                guard link.history == history else { throw SQLError.uncertain }
                let answer = try link.ask("SELECT pg_xact_status(CAST(\(number) AS xid8))")
                switch try answer.rows.first?.maybe(0, as: String.self) {
                case "committed": return
                case "aborted": throw SQLError.retry("the link was cut before the commit")
                // The server has not noticed yet that nobody listens.
                default: Thread.sleep(forTimeInterval: 0.01)
                }
            } catch let error as SQLError {
                if case .retry = error { throw error }
                guard case .away = error else { throw SQLError.uncertain }
            }
        } while ContinuousClock.now < end
        throw SQLError.uncertain
    }

    private func connected(until end: ContinuousClock.Instant? = nil) throws -> Link {
        let end = end ?? .now + patience
        while true {
            do {
                let link = try links.get()
                if link.history == nil { link.readHistory() }
                return link
            } catch SQLError.away(let away) where away.reason.mayPass && .now < end {
                // The writer's own thread; nobody else waits on it but those whom this is for.
                Thread.sleep(forTimeInterval: max(0.01, min(links.pause, end - .now) / .seconds(1)))
            }
        }
    }
}

extension StoreAway.Reason {
    /// Whether waiting a moment can help.
    var mayPass: Bool {
        switch self {
        case .unreachable, .lost, .starting, .tooManyConnections: true
        case .password, .noSuchDatabase, .tls, .unfit: false
        }
    }
}
