import Desk
import Synchronization

/// How many windows one network address may open: a whole office may, a flood may not.
final class OpeningBudget: Sendable {
    private struct Left {
        var tokens: Double
        var at: Instant
    }

    /// Windows at once, and more per second after that.
    private let burst: Double
    private let perSecond: Double
    private let left = Mutex<[String: Left]>([:])
    /// Addresses remembered; a full memory starts anew.
    private static let most = 20_000

    init(burst: Int = 300, perSecond: Int = 10) {
        self.burst = Double(burst)
        self.perSecond = Double(perSecond)
    }

    /// False when this one is too many.
    ///
    /// The machine itself is not counted: replays and load tests come from it.
    func take(_ address: String, at now: Instant) -> Bool {
        if ["127.0.0.1", "::1", "::ffff:127.0.0.1"].contains(address) { return true }
        return left.withLock { all in
            if all.count >= Self.most { all = [:] }
            var mine = all[address] ?? Left(tokens: burst, at: now)
            let passed = max(0, Double((now - mine.at).milliseconds)) / 1000
            mine.tokens = min(burst, mine.tokens + passed * perSecond)
            mine.at = max(now, mine.at)
            let fits = mine.tokens >= 1
            if fits { mine.tokens -= 1 }
            all[address] = mine
            return fits
        }
    }
}
