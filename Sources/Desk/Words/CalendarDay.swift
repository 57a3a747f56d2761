import Foundation

/// Where days begin by a shop's own clock, also when its zone moves the clock.
package enum CalendarDay {
    /// The zone of a shop that names none, or one that this machine does not know (product.md: Asia/Shanghai).
    package static let standardZone = "Asia/Shanghai"

    /// The first instant of the day that holds an instant.
    ///
    /// That is midnight, or the first moment after it in zones whose clocks skip midnight.
    /// - Parameter zone: an IANA name.
    package static func start(of at: Instant, in zone: String) -> Instant {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
        let start = calendar(of: zone).startOfDay(for: date)
        return Instant(milliseconds: Int64((start.timeIntervalSince1970 * 1000).rounded()))
    }

    /// The calendar of a zone; the standard zone's when there is no such zone.
    static func calendar(of zone: String) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? TimeZone(identifier: standardZone) ?? .gmt
        return calendar
    }
}
