package import Desk
package import SQL

/// Too many wrong tries; `wait` says when another is looked at.
package struct LoginThrottled: Error, Hashable, Sendable {
    package let wait: Span

    package var refusal: Refusal {
        let seconds = waitSeconds
        return Refusal(
            .tooMany, "login.throttled", zh: "尝试太多次，请 \(seconds) 秒后再试",
            en: "Too many tries; try again in \(seconds) seconds", retry: true)
    }

    /// Rounded up.
    package var waitSeconds: Int { Int((wait.milliseconds + 999) / 1000) }
}

/// What is remembered of failed log-ins, so that guessing is slow, across restarts and nodes.
///
/// A try counts as failed from its beginning and is taken back when it was right, so that many at once cannot slip through.
package struct LoginAttempts: Sendable {
    private let database: any Database
    private let perLogin: LoginThrottle
    private let perAddress: LoginThrottle

    package init(
        _ database: any Database, perLogin: LoginThrottle = LoginThrottle(.perLogin),
        perAddress: LoginThrottle = LoginThrottle(.perAddress)
    ) {
        self.database = database
        self.perLogin = perLogin
        self.perAddress = perAddress
    }

    /// - Throws: ``LoginThrottled`` when it is too early; then the try is not counted.
    package func begin(login: String, address: String?, at now: Instant) async throws {
        let kinds = kinds(login, address)
        try await database.write { transaction in
            var known: [(kind: String, name: String, next: LoginThrottle.Failures)] = []
            for (kind, name, throttle) in kinds {
                let failures = try Self.failures(kind, name, in: transaction)
                if let wait = throttle.wait(after: failures, at: now) {
                    throw LoginThrottled(wait: wait)
                }
                known.append((kind, name, throttle.failed(failures, at: now)))
            }
            for (kind, name, next) in known {
                try transaction.run(
                    """
                    INSERT INTO login_attempt (kind, name, failures, last_at)
                    VALUES (\(kind), \(name), \(next.count), \(next.last))
                    ON CONFLICT (kind, name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
                    """)
            }
            let forgotten = now - LoginThrottle.Limits.perLogin.forgetAfter
            try transaction.run(
                """
                DELETE FROM login_attempt WHERE (kind, name) IN
                    (SELECT kind, name FROM login_attempt WHERE last_at < \(forgotten) LIMIT 20)
                """)
        }
    }

    /// The try was no guess: it was right, or right as far as it went.
    package func takeBack(login: String, address: String?) async throws {
        let kinds = kinds(login, address)
        try await database.write { transaction in
            for (kind, name, _) in kinds {
                try transaction.run(
                    """
                    UPDATE login_attempt SET failures = failures - 1
                    WHERE kind = \(kind) AND name = \(name) AND failures > 0
                    """)
            }
        }
    }

    /// Somebody got in: what was tried with their name before does not matter any more.
    static func succeeded(login: String, address: String, in transaction: Transaction) throws {
        let name = key(login)
        try transaction.run("DELETE FROM login_attempt WHERE kind = 'login' AND name = \(name)")
        try transaction.run(
            """
            UPDATE login_attempt SET failures = failures - 1
            WHERE kind = 'address' AND name = \(key(address)) AND failures > 0
            """)
    }

    private func kinds(_ login: String, _ address: String?) -> [(String, String, LoginThrottle)] {
        var kinds = [("login", Self.key(login), perLogin)]
        if let address { kinds.append(("address", Self.key(address), perAddress)) }
        return kinds
    }

    /// Of bounded length, and not readable: people type passwords into the wrong field.
    private static func key(_ name: String) -> String {
        Secret.digest("attempt:\(name.lowercased())").prefix(16)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func failures(
        _ kind: String, _ name: String, in transaction: Transaction
    ) throws -> LoginThrottle.Failures? {
        try transaction.first(
            "SELECT failures, last_at FROM login_attempt WHERE kind = \(kind) AND name = \(name)"
        ).map { LoginThrottle.Failures(count: try $0.get(0), last: try $0.get(1)) }
    }
}
