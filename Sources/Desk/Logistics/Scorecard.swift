/// How a carrier did over some days, for talks with it (domain F05).
package struct CarrierScore: Hashable, Sendable {
    package let carrier: String
    package var parcels = 0
    /// Of those that had to be collected by now: all, and those in time.
    package var collectDue = 0
    package var collectedInTime = 0
    package var delivered = 0
    package var promised = 0
    package var promiseKept = 0
    package var lost = 0
    package var failed = 0
    package var returned = 0
    /// Delivered parcels by whole hours between collection and signature.
    package var hours: [Int: Int] = [:]
    package var tickets = 0
    /// Of tickets that were answered or whose deadline is past: all, and those answered in time.
    package var answersDue = 0
    package var answeredInTime = 0
    package var claimed = Money.zero
    package var paid = Money.zero

    package init(carrier: String) { self.carrier = carrier }

    /// The hours within which a share of the delivered parcels arrived; nil when none was.
    package func hours(share: Double) -> Int? {
        let all = hours.values.reduce(0, +)
        guard all > 0 else { return nil }
        let wanted = max(1, Int((Double(all) * share).rounded(.up)))
        var seen = 0
        for (hour, count) in hours.sorted(by: { $0.key < $1.key }) {
            seen += count
            if seen >= wanted { return hour }
        }
        return nil
    }
}
