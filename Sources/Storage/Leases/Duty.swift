package import SQL

/// Whether a piece of work is this program's now.
package enum Duty: Hashable, Sendable {
    /// No other program works on the store.
    case alone
    case held(Lease)
    /// Another node's, or nobody's yet.
    case elsewhere

    /// What a follower's place is kept under.
    package var fence: Int64? {
        if case .held(let lease) = self { lease.fence } else { nil }
    }

    /// Makes sure inside a transaction that the work is still this program's until the transaction ends.
    /// - Throws: ``LeaseLost``
    package func hold(in transaction: Transaction) throws {
        switch self {
        case .alone: break
        case .held(let lease): try LeaseStore.hold(lease, in: transaction)
        case .elsewhere: throw LeaseLost(name: "")
        }
    }
}
