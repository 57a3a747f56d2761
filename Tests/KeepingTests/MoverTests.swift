import Desk
import Foundation
import Keeping
import SQL
import SQLOnSQLite
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct MoverTests {
    private struct Interrupted: Error {}

    @Test(arguments: Engine.allCases, Engine.allCases)
    func `a store moved there and back is the same row by row`(_ one: Engine, _ other: Engine)
        async throws
    {
        let origin = try await Sample.store(one, seed: 11, messages: 150)
        let before = try await origin.database.read { try Digests(of: $0) }
        let there = try await other.store()
        let report = try await Mover(
            from: origin.database, to: there.database, now: origin.clock.now
        ).run { _ in }
        #expect(report.digests == before.portable)
        #expect(report.copied == before.portable.rows)
        let back = try await one.store()
        _ = try await Mover(from: there.database, to: back.database, now: origin.clock.now).run {
            _ in
        }
        #expect(try await back.database.read { try Digests(of: $0) }.portable == before.portable)
        // The source was only read.
        #expect(try await origin.database.read { try Digests(of: $0) } == before)
        // Nothing of the mover stays behind, and the next write goes on where the last one ended.
        #expect(
            try await back.database.read { try Catalogue(of: $0).table("move_progress") } == nil)
        let last = try await back.database.read { try EventLog.last(of: back.shop, in: $0) }
        try await back.say("搬完了", by: .buyer(BuyerID(500), name: "张0"))
        #expect(try await back.database.read { try EventLog.last(of: back.shop, in: $0) } > last)
        // Search finds in the target what it found before.
        #expect(
            try await there.database.read { try SearchFollower.behind(there.shop, in: $0) } == 0)
    }

    @Test(arguments: Engine.allCases, 0..<12 as Range<UInt64>)
    func `a move that was interrupted anywhere goes on from there`(_ engine: Engine, seed: UInt64)
        async throws
    {
        let origin = try await Sample.store(.sqlite, seed: seed, messages: 120)
        let target = try await engine.store()
        let mover = Mover(from: origin.database, to: target.database, now: origin.clock.now)
        let random = Mutex(SeededRandom(seed))
        var copied = 0
        var stops = 0
        while true {
            let left = Mutex(random.withLock { Int.random(in: 1...12, using: &$0) })
            let rows = Mutex((first: -1, last: 0))
            do {
                let report = try await mover.run { step in
                    if case .counted(_, let there) = step { rows.withLock { $0 = (there, there) } }
                    if case .copying(_, let pace) = step { rows.withLock { $0.last = pace.rows } }
                    let stop = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                    if stop { throw Interrupted() }
                }
                copied += report.copied
                break
            } catch is Interrupted {
                stops += 1
                copied += rows.withLock { $0.last - max(0, $0.first) }
            }
        }
        #expect(stops > 0, "the seed never interrupted anything")
        let (theirs, ours) = (
            try await origin.database.read { try Digests(of: $0) }.portable,
            try await target.database.read { try Digests(of: $0) }.portable
        )
        #expect(ours == theirs)
        #expect(copied == theirs.rows, "no row twice: \(stops) stops")
    }

    @Test(arguments: Engine.allCases)
    func `a target that holds other data is refused and left alone`(_ engine: Engine) async throws {
        let origin = try await Sample.store(.sqlite, seed: 21)
        let target = try await engine.store().withShop("other")
        let before = try await target.database.read { try Digests(of: $0) }
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Mover(from: origin.database, to: target.database, now: origin.clock.now)
                .run { _ in }
        }
        #expect(failure?.message.zh.contains("已经有数据") == true)
        #expect(try await target.database.read { try Digests(of: $0) } == before)
    }

    @Test func `an unfinished move of one shop does not take in another's`() async throws {
        let one = try await Sample.store(.sqlite, seed: 22)
        let other = try await Engine.sqlite.store().withShop("another")
        let target = try await Engine.sqlite.store()
        await #expect(throws: Interrupted.self) {
            _ = try await Mover(from: one.database, to: target.database, now: one.clock.now)
                .run { if case .copying = $0 { throw Interrupted() } }
        }
        await #expect(throws: KeepingFailure.self) {
            _ = try await Mover(from: other.database, to: target.database, now: one.clock.now)
                .run { _ in }
        }
    }

    @Test func `a source that changes under the move is noticed`() async throws {
        let origin = try await Sample.store(.sqlite, seed: 23)
        let target = try await Engine.sqlite.store()
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Mover(from: origin.database, to: target.database, now: origin.clock.now)
                .run { step in
                    guard case .copying("message", _) = step else { return }
                    let done = DispatchSemaphore(value: 0)
                    try origin.database.submit(
                        { try $0.run("UPDATE message SET text = '改了' WHERE number = 1") },
                        done: { _ in done.signal() })
                    done.wait()
                }
        }
        #expect(failure?.message.zh.contains("message") == true)
    }

    @Test func `a file that is only read refuses writes and stays as it is`() async throws {
        let origin = try await Sample.store(.sqlite, seed: 24)
        let path = try #require((origin.database as? SQLiteDatabase)?.path)
        try origin.database.close()
        let bytes = try Data(contentsOf: URL(filePath: path))
        var settings = SQLiteDatabase.Settings()
        settings.readOnly = true
        let read = try SQLiteDatabase(path: path, settings: settings) { _, _ in }
        let target = try await Engine.sqlite.store()
        _ = try await Mover(from: read, to: target.database, now: origin.clock.now).run { _ in }
        await #expect(throws: SQLError.readOnly) {
            try await read.write { try $0.run("DELETE FROM message") }
        }
        try read.close()
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    @Test func `pace tells rate and remaining time`() {
        var pace = MovePace(total: 1_000)
        #expect(pace.rate == nil && pace.secondsLeft == nil && pace.percent == 0)
        pace.add(100, at: 0)
        pace.add(100, at: 1_000)
        #expect(pace.rate == 100 && pace.secondsLeft == 8 && pace.percent == 20)
        pace.add(300, at: 2_000)
        #expect(pace.rate == 200 && pace.secondsLeft == 3)
        pace.add(500, at: 3_000)
        #expect(pace.secondsLeft == 0 && pace.percent == 100)
        #expect(MovePace(total: 0).percent == 100)
        // What is long past does not count.
        var slow = MovePace(total: 1_000_000)
        slow.add(500_000, at: 0)
        for second in stride(from: 1_000, through: 30_000, by: 1_000) { slow.add(10, at: second) }
        #expect(slow.rate == 10)
    }

    @Test(
        arguments: [
            [.int(.min), .text("Ä \u{0} 'x'"), .blob([0, 255]), .null, .double(-1.5)], [.text("")],
            [.blob([])],
            [.int(0)],
        ] as [[SQLValue]])
    func `keys come back from their text`(key: [SQLValue]) {
        #expect(MoveKey.read(MoveKey.text(key)) == key)
    }

    @Test(arguments: ["", "x", "i", "ix", "tz", "t0", "i1 q"])
    func `no key is read from a foreign text`(text: String) {
        #expect(MoveKey.read(text) == nil)
    }
}
