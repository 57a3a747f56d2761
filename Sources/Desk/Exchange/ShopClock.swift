import Foundation

/// Turns the dates of a shop's files into instants, by the shop's own zone.
///
/// It remembers how far each day stands from UTC: a file holds the same days a million times.
package struct ShopClock: Sendable {
    private let zone: TimeZone
    /// Seconds east of UTC of days on which nobody moves the clock.
    private var offsets: [Int64: Int64] = [:]

    /// - Parameter zone: an IANA name; the standard zone when there is no such.
    package init(zone: String) {
        self.zone =
            TimeZone(identifier: zone) ?? TimeZone(identifier: CalendarDay.standardZone) ?? .gmt
    }

    /// A date as people, exports and spreadsheets write it.
    ///
    /// `2016/5/23 22:02`, `2024-01-02 03:04:05`, `2024年1月2日`, `20240102030405`, ISO 8601 with a zone, or a
    /// spreadsheet's number of days.
    /// - Returns: nil for anything else, also for days that there are not.
    package mutating func instant(_ text: String) -> Instant? {
        let digits = Self.numbers(CellText.halfWidth(text))
        guard let digits else { return nil }
        if digits.isSerial { return serial(text) }
        var parts = digits.parts
        if parts.count == 1, let packed = Self.unpack(digits.text) { parts = packed }
        guard parts.count >= 3, (1900...2_200).contains(parts[0]) else { return nil }
        while parts.count < 6 { parts.append(0) }
        if digits.isAfternoon, parts[3] < 12 { parts[3] += 12 }
        if digits.isMorning, parts[3] == 12 { parts[3] = 0 }
        return instant(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
            second: parts[5], zone: digits.zone)
    }

    private mutating func instant(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64,
        zone: Int64?
    ) -> Instant? {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            (0...24).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let date = Self.day(year, month, day)
        let local = date * 86_400 + hour * 3_600 + minute * 60 + second
        let east = zone ?? offset(at: local, on: date)
        return Instant(milliseconds: (local - east) * 1_000)
    }

    /// Days since 1899-12-30, with the time as a fraction.
    private mutating func serial(_ text: String) -> Instant? {
        guard let days = Double(CellText.halfWidth(text)), (20_000..<110_000).contains(days) else {
            return nil
        }
        let seconds = Int64((days * 86_400).rounded()) - 25_569 * 86_400
        let date = seconds / 86_400
        return Instant(milliseconds: (seconds - offset(at: seconds, on: date)) * 1_000)
    }

    private mutating func offset(at local: Int64, on date: Int64) -> Int64 {
        if let known = offsets[date] { return known }
        let start = seconds(at: date * 86_400)
        let end = seconds(at: date * 86_400 + 86_399)
        if start == end {
            if offsets.count > 20_000 { offsets.removeAll() }
            offsets[date] = start
            return start
        }
        return seconds(at: local)
    }

    /// Seconds east of UTC at a local time.
    private func seconds(at local: Int64) -> Int64 {
        let guess = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local)))
        return Int64(
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local - Int64(guess)))))
    }

    // MARK: Reading

    private struct Numbers {
        var parts: [Int64] = []
        var text = ""
        /// Seconds east of UTC, when the text says so.
        var zone: Int64?
        var isMorning = false
        var isAfternoon = false
        /// Digits and one point: a spreadsheet's date.
        var isSerial = false
    }

    /// The numbers of a date; nil when something stands there that no date has.
    private static func numbers(_ text: String) -> Numbers? {
        var found = Numbers()
        var rest = text.unicodeScalars[...]
        guard rest.count <= 40 else { return nil }
        var points = 0
        var others = 0
        while let scalar = rest.first {
            if let digit = digit(scalar) {
                var value = digit
                var length = 1
                found.text.unicodeScalars.append(scalar)
                rest.removeFirst()
                while let next = rest.first, let digit = Self.digit(next) {
                    found.text.unicodeScalars.append(next)
                    length += 1
                    guard length <= 14 else { return nil }
                    value = value * 10 + digit
                    rest.removeFirst()
                }
                if found.parts.count < 7 { found.parts.append(value) }
                continue
            }
            rest.removeFirst()
            switch scalar {
            case ".": points += 1
            case "/", "-", ":", "年", "月", "日", "时", "分", "秒", ",", " ", "T", "t", "\u{3000}":
                others += 1
                // After the time, a minus begins the zone.
                if scalar == "-", found.parts.count >= 6 {
                    guard let zone = Self.zone(rest) else { return nil }
                    found.zone = -zone
                    rest.removeAll()
                }
            case "Z", "z":
                found.zone = 0
            case "+":
                guard let zone = zone(rest) else { return nil }
                found.zone = zone
                rest.removeAll()
            case "上":
                guard rest.popFirst() == "午" else { return nil }
                found.isMorning = true
            case "下":
                guard rest.popFirst() == "午" else { return nil }
                found.isAfternoon = true
            case "U":
                guard String(rest) == "TC" else { return nil }
                found.zone = 0
                rest.removeAll()
            default: return nil
            }
        }
        found.isSerial =
            points <= 1 && others == 0 && found.zone == nil && (1...2).contains(found.parts.count)
            && (20_000..<110_000).contains(found.parts[0])
        return found
    }

    /// `0800`, `08:00`, `8`, as seconds.
    private static func zone(_ text: Substring.UnicodeScalarView) -> Int64? {
        let digits = text.filter { $0 != ":" && $0 != " " }.compactMap(digit)
        switch digits.count {
        case 1: return digits[0] * 3_600
        case 2: return (digits[0] * 10 + digits[1]) * 3_600
        case 4:
            return (digits[0] * 10 + digits[1]) * 3_600 + (digits[2] * 10 + digits[3]) * 60
        default: return nil
        }
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int64? {
        (0x30...0x39).contains(scalar.value) ? Int64(scalar.value - 0x30) : nil
    }

    /// `20240102`, `202401020304`, `20240102030405`.
    private static func unpack(_ text: String) -> [Int64]? {
        let digits = Array(text.unicodeScalars.compactMap(digit))
        guard [8, 12, 14].contains(digits.count) else { return nil }
        var parts = [digits[0..<4].reduce(0) { $0 * 10 + $1 }]
        for start in stride(from: 4, to: digits.count, by: 2) {
            parts.append(digits[start] * 10 + digits[start + 1])
        }
        return parts
    }

    // MARK: The calendar

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01, by the calendar that Gregory reformed.
    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
