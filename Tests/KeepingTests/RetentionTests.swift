import Desk
import Foundation
import Keeping
import Testing

@Suite struct RetentionTests {
    private static func instant(_ text: String) throws -> Instant {
        Instant(
            milliseconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970 * 1000))
    }

    @Test(arguments: [
        // One of each of the last days stays.
        (3, 0, 0, ["2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19"], ["2026-11-19"]),
        // Days without a backup do not count.
        (2, 0, 0, ["2026-11-22", "2026-11-10", "2026-11-01"], ["2026-11-01"]),
        // Weeks begin on Monday: the 22nd is a Sunday, the 16th its Monday.
        (
            1, 2, 0, ["2026-11-22", "2026-11-16", "2026-11-15", "2026-11-08"],
            ["2026-11-16", "2026-11-08"]
        ),
        (
            0, 0, 2, ["2026-11-22", "2026-11-01", "2026-10-31", "2026-09-30"],
            ["2026-11-01", "2026-09-30"]
        ),
        // A leap day, and the turn of a year.
        (0, 0, 3, ["2028-03-01", "2028-02-29", "2028-02-01", "2028-01-31"], ["2028-02-01"]),
        (0, 0, 2, ["2027-01-01", "2026-12-31", "2026-12-01"], ["2026-12-01"]),
        // The newest stays whatever is said.
        (0, 0, 0, ["2026-11-22", "2026-11-21"], ["2026-11-21"]),
    ])
    func `the newest of each day, week and month stays`(
        daily: Int, weekly: Int, monthly: Int, days: [String], gone: [String]
    ) throws {
        let retention = Retention(daily: daily, weekly: weekly, monthly: monthly)
        let backups = try days.map { try Self.instant($0 + "T04:00:00Z") }
        #expect(
            retention.superfluous(backups.shuffled())
                == Set(try gone.map { try Self.instant($0 + "T04:00:00Z") }))
    }

    @Test func `the shop's day decides, not that of UTC`() throws {
        let evening = try Self.instant("2026-11-21T15:59:00Z")
        let night = try Self.instant("2026-11-21T16:01:00Z")
        #expect(Retention(daily: 2, weekly: 0, monthly: 0).superfluous([evening, night]) == [])
        #expect(
            Retention(daily: 2, weekly: 0, monthly: 0, zone: 0).superfluous([evening, night])
                == [evening])
    }

    @Test func `two years of hourly backups become as many as were asked for`() throws {
        let start = try Self.instant("2026-01-01T00:00:00Z")
        var shelf: [Instant] = []
        let retention = Retention(daily: 7, weekly: 4, monthly: 12)
        for hour in 0..<(730 * 24 / 6) {
            shelf.append(start + .hours(hour * 6))
            let gone = retention.superfluous(shelf)
            shelf.removeAll { gone.contains($0) }
        }
        #expect(shelf.count >= 18 && shelf.count <= 23, "\(shelf.count)")
        #expect(retention.superfluous(shelf).isEmpty)
    }

    @Test func `the name of a backup's folder says its second`() throws {
        let at = try Self.instant("2026-11-22T02:03:04Z")
        #expect(Shelf.name(at: at) == "qinke-20261122T020304Z")
        #expect(Shelf.instant(of: "qinke-20261122T020304Z") == at)
        for name in [
            "qinke-20261122T020304Z.partial", "qinke-2026", "other", "qinke-20261399T990304Z",
        ] {
            #expect(Shelf.instant(of: name) == nil)
        }
    }

    @Test(
        arguments: [
            // last, started, now: minutes; due, late
            (nil, 0, 59, false, false), (nil, 0, 60, true, false), (0, 1440, 1444, false, false),
            (0, 1440, 1445, true, false), (0, 0, 1439, false, false), (0, 0, 1440, true, false),
            (0, 0, 2880, true, false), (0, 0, 2881, true, true), (nil, 0, 2881, true, true),
            // Just started after a week off: not late yet, the next one comes soon.
            (0, 10_000, 10_010, true, false),
        ] as [(Int?, Int, Int, Bool, Bool)])
    func `a backup a day is due in its time`(
        last: Int?, started: Int, now: Int, due: Bool, late: Bool
    ) {
        let base = Instant(milliseconds: 1_795_312_800_000)
        func at(_ minutes: Int) -> Instant { base + .minutes(minutes) }
        let plan = BackupPlan(every: .minutes(1440))
        #expect(plan.isDue(last: last.map(at), started: at(started), now: at(now)) == due)
        #expect(plan.isLate(last: last.map(at), started: at(started), now: at(now)) == late)
        let standing = BackupService.standing(
            plan, last: last.map(at), failure: nil, started: at(started), now: at(now))
        #expect(standing.ok == !late)
        let off = BackupPlan(every: nil)
        #expect(!off.isDue(last: last.map(at), started: at(started), now: at(now)))
    }
}
