/// Why a store that another program keeps cannot be worked with now.
package struct StoreAway: Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Nobody answers there, or the name is unknown.
        case unreachable
        /// The link that work was done on was cut.
        case lost
        /// The account or its password is refused.
        case password
        case noSuchDatabase
        case tooManyConnections
        /// It starts, stops, or recovers.
        case starting
        case tls
        /// It answers, but what it is cannot be used: too old, or another encoding.
        case unfit
    }

    package let reason: Reason
    /// The server's or the system's own words, for the log; never a password.
    package let message: String

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
