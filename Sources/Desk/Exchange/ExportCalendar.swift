import Foundation

/// Writes instants by a shop's clock: `2024-01-02 03:04:05`.
package struct ExportCalendar: Sendable {
    private let calendar: Calendar

    package init(zone: String) { calendar = CalendarDay.calendar(of: zone) }

    package func text(_ at: Instant) -> String {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1_000)
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String {
            let number = number ?? 0
            return number < 10 ? "0\(number)" : String(number)
        }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day)) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    }
}
