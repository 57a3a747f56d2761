/// How long the last commits took.
struct CommitSpans {
    /// Commits that are remembered.
    private static let count = 256

    private var nanoseconds: [UInt64] = []
    private var next = 0

    mutating func add(_ span: UInt64) {
        if nanoseconds.count < Self.count {
            nanoseconds.append(span)
        } else {
            nanoseconds[next] = span
            next = (next + 1) % Self.count
        }
    }

    /// Seconds that 95 of 100 took at most; 0 when there are none.
    var slow: Double {
        guard !nanoseconds.isEmpty else { return 0 }
        let place = (nanoseconds.count * 95 + 99) / 100 - 1
        return Double(nanoseconds.sorted()[place]) / 1e9
    }
}
