/// Slows down guessing: after a few free tries each further failure doubles the wait, per log-in and per address.
///
/// Nobody is locked out for good, since that would let a stranger lock the staff out.
package struct LoginThrottle: Hashable, Sendable {
    package struct Limits: Hashable, Sendable, Codable {
        /// Failures that cost nothing.
        package var free: Int
        /// The wait after the first failure beyond them; doubles with each more.
        package var firstWait: Span
        package var longestWait: Span
        /// Failures older than this are forgotten.
        package var forgetAfter: Span

        package init(free: Int, firstWait: Span, longestWait: Span, forgetAfter: Span) {
            self.free = free
            self.firstWait = firstWait
            self.longestWait = longestWait
            self.forgetAfter = forgetAfter
        }

        /// For one log-in name.
        package static let perLogin = Limits(
            free: 5, firstWait: .seconds(2), longestWait: .minutes(15), forgetAfter: .hours(24))

        /// For one network address, which a whole office may share.
        package static let perAddress = Limits(
            free: 30, firstWait: .seconds(2), longestWait: .minutes(15), forgetAfter: .hours(1))
    }

    /// What is remembered of one log-in or one address.
    package struct Failures: Hashable, Sendable {
        package var count: Int
        package var last: Instant

        package init(count: Int, last: Instant) {
            self.count = count
            self.last = last
        }
    }

    package let limits: Limits

    package init(_ limits: Limits) { self.limits = limits }

    /// How long one must still wait; nil = try now.
    package func wait(after failures: Failures?, at now: Instant) -> Span? {
        guard let failures, now - failures.last < limits.forgetAfter else { return nil }
        let beyond = failures.count - limits.free
        guard beyond > 0 else { return nil }
        var wait = limits.firstWait.milliseconds
        for _ in 1..<max(1, min(beyond, 40)) where wait < limits.longestWait.milliseconds {
            wait *= 2
        }
        let until = failures.last + Span(milliseconds: min(wait, limits.longestWait.milliseconds))
        return until > now ? until - now : nil
    }

    package func failed(_ failures: Failures?, at now: Instant) -> Failures {
        guard let failures, now - failures.last < limits.forgetAfter else {
            return Failures(count: 1, last: now)
        }
        return Failures(count: failures.count + 1, last: now)
    }
}
