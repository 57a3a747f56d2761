package import Desk

/// Which backups stay: the newest of each of the last days, weeks and months that have one, and always the newest of all.
package struct Retention: Hashable, Sendable {
    package var daily: Int
    package var weekly: Int
    package var monthly: Int
    /// Minutes by which the shop's days begin before UTC's.
    package var zone: Int

    package init(daily: Int, weekly: Int, monthly: Int, zone: Int = 8 * 60) {
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
        self.zone = zone
    }

    /// Those that may go.
    package func superfluous(_ backups: [Instant]) -> Set<Instant> {
        let newestFirst = Set(backups).sorted { $0 > $1 }
        var kept: Set<Instant> = Set(newestFirst.prefix(1))
        for (count, period) in [(daily, Period.day), (weekly, .week), (monthly, .month)] {
            var seen: Set<Int64> = []
            for backup in newestFirst where seen.count < count {
                if seen.insert(number(of: period, backup)).inserted { kept.insert(backup) }
            }
        }
        return Set(newestFirst).subtracting(kept)
    }

    private enum Period { case day, week, month }

    /// Rising numbers of the shop's days, of weeks from Monday on, and of months.
    private func number(of period: Period, _ instant: Instant) -> Int64 {
        let day = Self.floor(instant.milliseconds + Int64(zone) * 60_000, by: 86_400_000)
        switch period {
        case .day: return day
        // 1970-01-01 was a Thursday.
        case .week: return Self.floor(day + 3, by: 7)
        case .month: return Self.month(ofDay: day)
        }
    }

    private static func floor(_ number: Int64, by size: Int64) -> Int64 {
        number >= 0 ? number / size : -((-number + size - 1) / size)
    }

    /// Months since year 0, of a day since 1970-01-01 in the Gregorian calendar.
    ///
    /// Years are taken to begin in March, so that the odd day comes last.
    private static func month(ofDay day: Int64) -> Int64 {
        let shifted = day + 719_468
        let era = floor(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        return (era * 400 + yearOfEra) * 12 + monthFromMarch
    }
}
