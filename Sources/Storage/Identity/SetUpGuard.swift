import Crypto
package import Desk
import Foundation
import Synchronization

/// Guards the first-run page: only who reads the server's own output knows the code.
package final class SetUpGuard: Sendable {
    /// Printed by the server while it is not set up.
    ///
    /// New at every start.
    package let code: String
    private let throttle: LoginThrottle
    private let failures = Mutex<LoginThrottle.Failures?>(nil)

    package init(code: String? = nil, throttle: LoginThrottle = LoginThrottle(.perLogin)) {
        let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
        var generator = SystemRandomNumberGenerator()
        self.code =
            code
            ?? (0..<3).map { _ in
                String(
                    (0..<4).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)]
                    })
            }.joined(separator: "-")
        self.throttle = throttle
    }

    /// - Throws: ``LoginThrottled``, or `setup.codeWrong`.
    package func check(_ typed: String, at now: Instant) throws {
        let wait = failures.withLock { failures in
            let wait = throttle.wait(after: failures, at: now)
            // Counted before the comparison, so that many at once cannot slip through.
            if wait == nil { failures = throttle.failed(failures, at: now) }
            return wait
        }
        if let wait { throw LoginThrottled(wait: wait) }
        // Keys compare in constant time.
        guard Self.key(typed) == Self.key(code) else {
            throw Refusal(
                .forbidden, "setup.codeWrong", zh: "设置码不对，请看服务器启动时打印的那一行",
                en: "The code is wrong; it is in the server's own output", field: "code")
        }
        failures.withLock { $0 = nil }
    }

    private static func key(_ text: String) -> SymmetricKey {
        let plain = text.uppercased().filter { $0.isLetter || $0.isNumber }
        return SymmetricKey(data: Data(SHA256.hash(data: Data(plain.utf8))))
    }
}
