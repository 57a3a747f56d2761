import Crypto
import CryptoExtras
import Desk
import Foundation

/// Turns passwords into scrypt hashes and checks them, on threads of its own.
///
/// Hashing is made to be slow and large, so at most two run at once and the rest wait in a bounded line: a flood of log-ins can neither hold Swift's
/// cooperative pool nor fill the memory.
package final class PasswordHasher: Sendable {
    /// The work that one guess costs; stored with each hash, so that it can be raised later.
    package struct Cost: Hashable, Sendable {
        /// Base-2 logarithm of N.
        package let logN: Int
        package let blockSize: Int
        package let parallelism: Int

        package init(logN: Int, blockSize: Int, parallelism: Int) {
            self.logN = logN
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// N = 2^15, r = 8, p = 3: 32 MiB and about 0.2 s (OWASP's equivalent of N = 2^17, p = 1).
        package static let standard = Cost(logN: 15, blockSize: 8, parallelism: 3)
    }

    package enum Verdict: Hashable, Sendable {
        case wrong
        /// `outdated` = hash it anew with today's cost.
        case right(outdated: Bool)
    }

    /// Hashes that may wait; one more is refused with ``Refusal/busy``.
    private static let waiting = 64
    private let cost: Cost
    private let line = Line()
    /// Stands for people who do not exist, so that their log-in takes as long.
    private let nobody: String

    package init(cost: Cost = .standard, threads: Int = 2) {
        self.cost = cost
        let salt = String(repeating: "A", count: 22)
        let key = String(repeating: "A", count: 43)
        nobody = "scrypt$\(cost.logN)$\(cost.blockSize)$\(cost.parallelism)$\(salt)$\(key)"
        for number in 1...max(1, threads) {
            let line = line
            let thread = Thread { while let job = line.next() { job() } }
            thread.name = "qinke.scrypt.\(number)"
            thread.start()
        }
    }

    deinit { line.stop() }

    /// - Throws: ``Refusal/busy`` when too many wait.
    package func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await run { try Self.make(password, cost) }
    }

    /// - Parameter hash: nil = there is no such person; takes as long and answers ``Verdict/wrong``.
    package func check(_ password: String, against hash: String?) async throws -> Verdict {
        let (cost, stored) = (cost, hash ?? nobody)
        let verdict = try await run { try Self.check(password, stored, today: cost) }
        return hash == nil ? .wrong : verdict
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let full = !line.add(atMost: Self.waiting) {
                continuation.resume(with: Result { try body() })
            }
            if full { continuation.resume(throwing: Refusal.busy) }
        }
    }

    private static func make(_ password: String, _ cost: Cost) throws -> String {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        let key = try derive(password, salt, cost).withUnsafeBytes { Data($0) }
        return
            "scrypt$\(cost.logN)$\(cost.blockSize)$\(cost.parallelism)$\(Base64URL.text(salt))$\(Base64URL.text(key))"
    }

    private static func check(
        _ password: String, _ stored: String, today: Cost
    ) throws -> Verdict {
        let parts = stored.split(separator: "$")
        guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]),
            let r = Int(parts[2]),
            let p = Int(parts[3]), (1...20).contains(logN), (1...32).contains(r),
            (1...16).contains(p), let salt = Base64URL.data(parts[4]),
            let key = Base64URL.data(parts[5])
        else { return .wrong }
        let cost = Cost(logN: logN, blockSize: r, parallelism: p)
        // Keys compare in constant time.
        guard try derive(password, salt, cost) == SymmetricKey(data: key) else { return .wrong }
        return .right(outdated: cost != today)
    }

    /// Unicode's compatibility form, so that a password typed on another keyboard or system is the same.
    private static func derive(
        _ password: String, _ salt: Data, _ cost: Cost
    ) throws -> SymmetricKey {
        let bytes = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << cost.logN,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
    }
}

/// What waits for the hashing threads; outlives the hasher until they have ended.
private final class Line: Sendable {
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var jobs: [@Sendable () -> Void] = []
    nonisolated(unsafe) private var stopping = false

    /// - Returns: false when it is full.
    func add(atMost limit: Int, _ job: @escaping @Sendable () -> Void) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !stopping, jobs.count < limit else { return false }
        jobs.append(job)
        condition.signal()
        return true
    }

    /// Waits for a job; nil = it is over.
    func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty && !stopping { condition.wait() }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }

    func stop() {
        condition.lock()
        stopping = true
        condition.broadcast()
        condition.unlock()
    }
}
