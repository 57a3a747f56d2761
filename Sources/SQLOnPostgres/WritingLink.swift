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
        var committing = false
        do {
            try link.send(plain: "BEGIN")
            // Other nodes write to the same store; each of their acts raises its shop's counter.
            try body(LinkConnection(link), .ifCounterStands)
            if let failure = link.failure { throw failure }
            committing = true
            // A transaction in which something failed answers COMMIT with ROLLBACK.
            let tag = try link.ask(plain: "COMMIT").tag
            guard tag == "COMMIT" else {
                throw SQLError.other(code: 0, message: "the commit became a \(tag)")
            }
        } catch {
            try undo(link, after: error, committing: committing)
        }
    }

    /// - Throws: what the callers, or the group commit, must know.
    private func undo(_ link: Link, after error: any Error, committing: Bool) throws -> Never {
        guard link.isAlive else {
            links.drop()
            if committing { throw SQLError.uncertain }
            // Nothing can have been kept, so the same group may be run on a new link.
            if case SQLError.away(let away) = error { throw SQLError.retry(away.message) }
            throw error
        }
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

    private func connected() throws -> Link {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try links.get()
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
