import Foundation

/// A day on a label: made on, best before.
///
/// A number like 20261128, so that days are ordered as they follow each other; it belongs to no zone.
package struct ShelfDate: Hashable, Comparable, Sendable {
    package let raw: Int

    package init(raw: Int) { self.raw = raw }

    /// - Parameter text: `2026-11-28`.
    /// - Returns: nil for anything else, also for days that there are not.
    package init?(_ text: String) {
        guard let parts = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/),
            let year = Int(parts.1), let month = Int(parts.2), let day = Int(parts.3),
            (1900...2_200).contains(year), (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return nil }
        raw = year * 10_000 + month * 100 + day
    }

    /// The day that an instant falls on by the shop's clock.
    package init(of at: Instant, in zone: String) {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
        let parts = CalendarDay.calendar(of: zone).dateComponents(
            [.year, .month, .day], from: date)
        raw = (parts.year ?? 0) * 10_000 + (parts.month ?? 0) * 100 + (parts.day ?? 0)
    }

    package static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

extension ShelfDate: CustomStringConvertible {
    package var description: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(raw / 10_000, 4))-\(padded(raw / 100 % 100, 2))-\(padded(raw % 100, 2))"
    }
}

extension ShelfDate: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a day: \(text)"))
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
