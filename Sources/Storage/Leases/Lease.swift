package import Desk

/// A duty that one owner has until an instant of the store's clock.
///
/// The fence rises with every change of owner. Whoever writes under a lease writes its fence along, and the store
/// refuses a write whose fence is not the newest: an owner that was paused past its time does no harm when it wakes.
package struct Lease: Hashable, Sendable {
    package let name: String
    /// Unique to one run of one program.
    package let owner: String
    package let fence: Int64
    /// When this owner got it.
    package let taken: Instant
    package let expires: Instant

    package init(name: String, owner: String, fence: Int64, taken: Instant, expires: Instant) {
        self.name = name
        self.owner = owner
        self.fence = fence
        self.taken = taken
        self.expires = expires
    }

    /// What people call the owner: its name before the mark of the run.
    package var ownerName: String {
        owner.lastIndex(of: "#").map { String(owner[..<$0]) } ?? owner
    }

    package func isValid(at now: Instant) -> Bool { now < expires }
}

extension Lease {
    package enum Answer: Hashable, Sendable {
        case granted(Lease)
        /// Somebody else has it.
        case held(Lease)
    }

    /// What an asker gets.
    ///
    /// - Its own valid lease lasts longer, with the same fence; it never gets shorter.
    /// - A free or expired one is granted with a higher fence, also to its last owner: what it began before is over.
    /// - Somebody else's valid lease is held.
    package static func decide(
        _ known: Lease?, name: String, asker: String, at now: Instant, span: Span
    ) -> Answer {
        guard let known else {
            return .granted(
                Lease(name: name, owner: asker, fence: 1, taken: now, expires: now + span))
        }
        if known.isValid(at: now) {
            guard known.owner == asker else { return .held(known) }
            return .granted(
                Lease(
                    name: name, owner: asker, fence: known.fence, taken: known.taken,
                    expires: max(known.expires, now + span)))
        }
        return .granted(
            Lease(
                name: name, owner: asker, fence: known.fence + 1, taken: now, expires: now + span))
    }
}

/// The names of duties.
package enum LeaseName {
    package static let timers = "timers"
    package static let parcels = "parcels"
    package static let imports = "imports"

    package static func follower(_ name: String) -> String { "follower.\(name)" }

    /// The seat of a node: its number in ids, 1…63.
    package static func node(_ number: Int) -> String { "node.\(number)" }
}

/// A write came under a lease that somebody else has now; nothing of it was kept.
package struct LeaseLost: Error, Hashable, Sendable {
    package let name: String

    package init(name: String) { self.name = name }
}
