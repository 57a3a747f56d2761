import Foundation

/// What can be said before a purchase: whether a carrier goes there, and when it would arrive.
package struct DeliveryQuote: Hashable, Sendable {
    package let carrier: String
    package let carrierName: String
    package let route: Place.Route
    package let serves: Bool
    /// The first and the last day on which it would be there.
    package let earliest: Instant
    package let latest: Instant

    /// - Parameters:
    ///   - cutOff: minutes of the shop's day until which an order leaves on the same day.
    ///   - hours: what half and nine in ten of the carrier's parcels took on the way; nil when too few are known.
    package init(
        _ carrier: Carrier, from: Place?, to: Place, at now: Instant, cutOff: Int, zone: String,
        hours: (half: Int, most: Int)?
    ) {
        self.carrier = carrier.code
        carrierName = carrier.name
        route = Place.route(from: from, to: to)
        serves = carrier.serves(to)
        let midnight = CalendarDay.start(of: now, in: zone)
        let isLate = now - midnight > .minutes(cutOff)
        let leaves = isLate ? midnight + .days(1) + .minutes(cutOff) : midnight + .minutes(cutOff)
        // What was measured over all ways says little of a far one.
        let usual = route.usualHours
        let half = max(hours?.half ?? usual * 2 / 3, usual / 2)
        let most = max(hours?.most ?? usual, usual, half)
        earliest = leaves + .hours(half)
        latest = leaves + .hours(most)
    }

    /// In words for the buyer.
    package func sentence(to place: String, zone: String) -> Localized {
        guard serves else {
            return Localized(
                zh: "\(carrierName)不送\(place)", en: "\(carrierName) does not deliver to \(place)")
        }
        let (first, last) = (Self.day(earliest, zone), Self.day(latest, zone))
        if first == last {
            return Localized(
                zh: "现在下单，\(carrierName)预计 \(first.month) 月 \(first.day) 日送到\(place)",
                en:
                    "Ordered now, \(carrierName) should bring it to \(place) on \(first.day) \(Self.months[first.month - 1])"
            )
        }
        return Localized(
            zh:
                "现在下单，\(carrierName)预计 \(first.month) 月 \(first.day) 日到 \(last.month) 月 \(last.day) 日送到\(place)",
            en:
                "Ordered now, \(carrierName) should bring it to \(place) between \(first.day) \(Self.months[first.month - 1]) and \(last.day) \(Self.months[last.month - 1])"
        )
    }

    private struct Day: Hashable {
        let month: Int
        let day: Int
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    private static func day(_ at: Instant, _ zone: String) -> Day {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1_000)
        let parts = CalendarDay.calendar(of: zone).dateComponents([.month, .day], from: date)
        return Day(month: min(max(parts.month ?? 1, 1), 12), day: parts.day ?? 1)
    }
}
