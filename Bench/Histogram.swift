/// Counts durations in buckets that are at most 1.6 % wide, from a microsecond to half an hour, in 8 kB.
struct Histogram {
    /// 64 buckets for every power of two.
    private static let fine = 6
    private var counts = [Int](repeating: 0, count: 32 << fine)
    private(set) var count = 0
    private(set) var max = 0

    mutating func record(microseconds: Int) {
        let value = Swift.max(0, microseconds)
        counts[Swift.min(Self.bucket(value), counts.count - 1)] += 1
        count += 1
        max = Swift.max(max, value)
    }

    /// The duration in microseconds that `share` of all do not exceed; 0 when there are none.
    func quantile(_ share: Double) -> Int {
        let rank = Int((share * Double(count)).rounded(.up))
        var seen = 0
        for (bucket, number) in counts.enumerated() where number > 0 {
            seen += number
            if seen >= rank { return Swift.min(Self.top(bucket), max) }
        }
        return max
    }

    private static func bucket(_ value: Int) -> Int {
        guard value >= 1 << fine else { return value }
        let power = Int.bitWidth - 1 - value.leadingZeroBitCount - fine
        return (power << fine) + (value >> power)
    }

    /// The largest value of a bucket.
    private static func top(_ bucket: Int) -> Int {
        guard bucket >= 2 << fine else { return bucket }
        let power = (bucket >> fine) - 1
        return ((bucket & ((1 << fine) - 1)) + (1 << fine) + 1) << power - 1
    }

    /// In milliseconds with three decimals.
    var report: Latency {
        func milliseconds(_ microseconds: Int) -> Double { Double(microseconds) / 1000 }
        return Latency(
            p50: milliseconds(quantile(0.5)), p90: milliseconds(quantile(0.9)),
            p99: milliseconds(quantile(0.99)), max: milliseconds(max))
    }
}

/// Milliseconds from when a message was due to be sent.
struct Latency: Codable, Sendable {
    var p50: Double
    var p90: Double
    var p99: Double
    var max: Double
}
