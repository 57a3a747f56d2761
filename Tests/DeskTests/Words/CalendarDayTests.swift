import Desk
import Foundation
import Testing

@Suite struct `A day by the shop's clock` {
    /// An instant as people write it, with its distance from UTC.
    private func instant(_ text: String) throws -> Instant {
        let date = try Date(text, strategy: .iso8601)
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    @Test(arguments: [
        // No summer time: the last moment of a day and the first of the next.
        ("2026-11-22T23:59:59+08:00", "Asia/Shanghai", "2026-11-22T00:00:00+08:00"),
        ("2026-11-23T00:00:00+08:00", "Asia/Shanghai", "2026-11-23T00:00:00+08:00"),
        // The same instant is another day elsewhere.
        ("2026-11-23T00:00:00+08:00", "America/New_York", "2026-11-22T00:00:00-05:00"),
        // Berlin's clocks go forward on 2026-03-29 at 2:00: that day begins in winter time and has 23 hours.
        ("2026-03-29T12:00:00+02:00", "Europe/Berlin", "2026-03-29T00:00:00+01:00"),
        ("2026-03-29T23:59:59+02:00", "Europe/Berlin", "2026-03-29T00:00:00+01:00"),
        ("2026-03-30T00:00:00+02:00", "Europe/Berlin", "2026-03-30T00:00:00+02:00"),
        // Back on 2026-10-25 at 3:00: 25 hours.
        ("2026-10-25T23:30:00+01:00", "Europe/Berlin", "2026-10-25T00:00:00+02:00"),
        // Santiago skips midnight on 2026-09-06: the day begins at 1:00.
        ("2026-09-06T12:00:00-03:00", "America/Santiago", "2026-09-06T01:00:00-03:00"),
        // A zone that this machine does not know: the standard one.
        ("2026-11-22T23:59:59+08:00", "Nowhere/Land", "2026-11-22T00:00:00+08:00"),
    ])
    func `begins where its clock says so`(_ at: String, _ zone: String, _ start: String) throws {
        #expect(try CalendarDay.start(of: instant(at), in: zone) == instant(start))
    }

    @Test func `has each moment in exactly one day, whatever the zone`() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 1...UInt64.max, using: &generator)
        var random = Steps(state: seed)
        for zone in [
            "Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Pacific/Apia",
        ] {
            for _ in 0..<200 {
                let at = Instant(milliseconds: Int64(random.next() % 2_000_000_000_000))
                let start = CalendarDay.start(of: at, in: zone)
                #expect(start <= at, "seed \(seed), \(zone), \(at.milliseconds)")
                #expect(CalendarDay.start(of: start, in: zone) == start, "seed \(seed), \(zone)")
                #expect((at - start).seconds < 26 * 3600, "seed \(seed), \(zone)")
            }
        }
    }

    /// SplitMix64, so that a failure's seed repeats it.
    private struct Steps: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}
