import Desk
import Foundation
import Keeping
import Logging
import SQL
import SQLOnSQLite
import Storage
import TestSupport
import Testing

@Suite struct ContinuousTests {
    /// A store with a keeper, and what was true at each mark.
    private final class Scene {
        let store: TestStore
        let database: SQLiteDatabase
        let continuum: Continuum
        let service: ContinuousService
        var truths: [(at: Instant, digests: Digests)] = []

        init(_ seed: UInt64, turn: Int, base: Span = .hours(24), most: Int = 262_144) async throws {
            store = try await Sample.store(.sqlite, seed: seed, messages: 30)
            guard let database = store.database as? SQLiteDatabase else {
                throw SQLError.corrupt("no file")
            }
            self.database = database
            continuum = Continuum(
                store.folder.appending(path: "continuous", directoryHint: .isDirectory))
            var plan = ContinuousService.Plan(every: .seconds(1), base: base, keep: .days(7))
            plan.keeper.turn = turn
            plan.keeper.record = 64 << 10
            plan.most = most
            let clock = store.clock
            service = ContinuousService(
                of: database, files: store.folder.appending(path: "files"), to: continuum, plan,
                program: "test", clock: { clock.now }, logger: Logger(label: "test"))
        }

        func write(_ random: inout SeededRandom, _ number: Int) async throws {
            let size = Int.random(in: 1...30, using: &random)
            let text = String(
                repeating: "字\(number)", count: Int.random(in: 1...200, using: &random))
            let clock = store.clock.now
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let kind = Int.random(in: 0..<4, using: &random)
                let id = Int.random(in: 1...Int.max, using: &random)
                try await database.write { transaction in
                    for row in 0..<size {
                        switch kind {
                        case 0:
                            try transaction.run(
                                "DELETE FROM login_attempt WHERE name = \("n\(row)")")
                        default:
                            try transaction.run(
                                """
                                INSERT INTO login_attempt (kind, name, failures, last_at)
                                VALUES ('login', \("n\((id &+ row) % 500) \(text)"), \(number), \(clock))
                                ON CONFLICT (kind, name) DO UPDATE SET failures = excluded.failures
                                """)
                        }
                    }
                }
            }
        }

        /// Copies, and remembers what is true now.
        func mark() async throws {
            store.clock.advance(.seconds(1))
            await service.round()
            truths.append((store.clock.now, try await database.read { try Digests(of: $0) }))
        }

        func restored(at moment: Instant) async throws -> (Digests, Continuum.Restored) {
            let place = store.folder.appending(path: "restored-\(UUID().uuidString)/qinke.sqlite")
            defer { try? FileManager.default.removeItem(at: place.deletingLastPathComponent()) }
            let restored = try continuum.restore(
                at: moment,
                Restore(
                    data: place,
                    files: place.deletingLastPathComponent().appending(
                        path: "files", directoryHint: .isDirectory), force: false, now: moment))
            return (
                try SQLiteDatabase.read(file: place.plainPath) { try Digests(of: $0) }, restored
            )
        }
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func `any marked moment comes back exactly, across turns of the log`(seed: UInt64) async throws
    {
        var random = SeededRandom(seed)
        let turn = [1, 5, 60, 400, 4_000][Int(seed) % 5]
        let scene = try await Scene(seed, turn: turn)
        try await scene.mark()
        await scene.service.baseDone()
        scene.truths = []
        try await scene.mark()
        for number in 0..<40 {
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                try await scene.write(&random, number)
            }
            try await scene.mark()
        }
        #expect(scene.service.standing.ok, "\(scene.service.standing.message.zh)")
        #expect(scene.continuum.log.chains().count == 1, "no break")
        for place in Set(
            (0..<6).map { _ in Int.random(in: 0..<scene.truths.count, using: &random) })
        {
            let (at, digests) = scene.truths[place]
            #expect(try await scene.restored(at: at).0 == digests, "mark \(place) of turn \(turn)")
        }
        let last = try #require(scene.truths.last)
        #expect(try await scene.restored(at: last.at + .days(1)).0 == last.digests)
    }

    @Test(arguments: 0..<2 as Range<UInt64>)
    func `a reader that stays and a second program that writes do no harm`(seed: UInt64)
        async throws
    {
        var random = SeededRandom(seed)
        let scene = try await Scene(seed, turn: 20)
        try await scene.mark()
        await scene.service.baseDone()
        scene.truths = []
        let (holds, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let database = scene.database
        let reading = Task {
            try await database.read { transaction in
                _ = try transaction.rows("SELECT count(*) FROM message")
                holds.signal()
                release.wait()
            }
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                holds.wait()
                continuation.resume()
            }
        }
        for number in 0..<20 {
            try await scene.write(&random, number)
            if number == 10 { release.signal() }
            if number % 4 == 0 {
                // As `qinke staff add` does beside a server.
                let other = try SQLiteDatabase(path: database.path, beforeCommit: { _, _ in })
                _ = try await other.write {
                    try $0.run(
                        "INSERT INTO login_attempt (kind, name, failures, last_at) VALUES ('address', \("o\(number)"), 1, 1)"
                    )
                }
                try other.close()
            }
            try await scene.mark()
        }
        try await reading.value
        #expect(scene.continuum.log.chains().count == 1)
        for (at, digests) in scene.truths.suffix(6) {
            #expect(try await scene.restored(at: at).0 == digests)
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `a record that was cut off is not used, and all before it are`(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        let scene = try await Scene(seed, turn: 50)
        try await scene.mark()
        await scene.service.baseDone()
        scene.truths = []
        for number in 0..<10 {
            try await scene.write(&random, number)
            try await scene.mark()
        }
        // As a power cut in the middle of an append leaves it.
        let folder = scene.continuum.log.folder
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.plainPath).first)
        let file = folder.appending(path: name)
        let bytes = try Data(contentsOf: file)
        let cut = Int.random(in: (bytes.count / 2)..<bytes.count, using: &random)
        try bytes.prefix(cut).write(to: file)
        let (digests, restored) = try await scene.restored(
            at: scene.truths.last?.at ?? scene.store.clock.now)
        let mark = try #require(restored.mark)
        #expect(mark < scene.store.clock.now)
        // Some records share a mark; the cut may be within them, then the moment before is the whole one.
        let whole = scene.truths.first { $0.at == mark }?.digests == digests
        let before = scene.truths.last { $0.at < mark }
        if !whole, let before {
            #expect(try await scene.restored(at: before.at).0 == before.digests)
        }
        // A changed byte is as good as a cut.
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        try changed.write(to: file)
        let after = try await scene.restored(at: scene.truths.last?.at ?? scene.store.clock.now).1
        #expect(
            after.records < restored.records + 1_000
                && after.mark ?? after.base < scene.store.clock.now)
    }

    @Test func `a keeper that ended begins a chain and a base of its own`() async throws {
        var random = SeededRandom(5)
        let scene = try await Scene(5, turn: 50)
        try await scene.mark()
        await scene.service.baseDone()
        try await scene.write(&random, 1)
        try await scene.mark()
        let first = try #require(scene.truths.last)
        await scene.service.round(last: true)
        // Written while nobody copies.
        try await scene.write(&random, 2)
        scene.store.clock.advance(.minutes(1))
        try await scene.mark()
        await scene.service.baseDone()
        try await scene.write(&random, 3)
        try await scene.mark()
        let second = try #require(scene.truths.last)
        #expect(scene.continuum.bases().count == 2)
        #expect(try await scene.restored(at: first.at).0 == first.digests)
        #expect(try await scene.restored(at: first.at + .seconds(5)).0 == first.digests)
        #expect(try await scene.restored(at: second.at).0 == second.digests)
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await scene.restored(at: Instant(milliseconds: 1_000))
        }
        #expect(failure?.message.zh.contains("最早") == true)
    }

    @Test func `what is older than the keep goes, and every later moment still comes back`()
        async throws
    {
        var random = SeededRandom(6)
        let scene = try await Scene(6, turn: 30, base: .hours(24))
        for day in 0..<12 {
            try await scene.write(&random, day)
            try await scene.mark()
            await scene.service.baseDone()
            try await scene.write(&random, day + 100)
            try await scene.mark()
            scene.store.clock.advance(.hours(24))
        }
        let bases = scene.continuum.bases()
        #expect(bases.count < 11 && bases.count > 6, "\(bases.count)")
        let oldest = try #require(bases.last).position.ready
        for (at, digests) in scene.truths where at.milliseconds > oldest {
            #expect(try await scene.restored(at: at).0 == digests)
        }
    }

    @Test func `when the copy's disk is in the way it is said, and begun anew when it is back`()
        async throws
    {
        var random = SeededRandom(7)
        let scene = try await Scene(7, turn: 30, most: 50)
        try await scene.mark()
        await scene.service.baseDone()
        let folder = scene.continuum.log.folder
        try await scene.write(&random, 1)
        try await scene.mark()
        try FileManager.default.moveItem(at: folder, to: scene.store.folder.appending(path: "away"))
        try Data().write(to: URL(filePath: folder.plainPath.trimmedSlash))
        for number in 0..<30 { try await scene.write(&random, number) }
        try await scene.mark()
        #expect(!scene.service.standing.ok)
        try FileManager.default.removeItem(atPath: folder.plainPath.trimmedSlash)
        scene.store.clock.advance(.minutes(1))
        try await scene.mark()
        await scene.service.baseDone()
        try await scene.write(&random, 99)
        try await scene.mark()
        let last = try #require(scene.truths.last)
        #expect(scene.service.standing.ok, "\(scene.service.standing.message.zh)")
        #expect(try await scene.restored(at: last.at).0 == last.digests)
    }

    @Test func `uploads come back with the moment`() async throws {
        let scene = try await Scene(8, turn: 30)
        let blobs = try BlobFolder(
            scene.store.folder.appending(path: "files", directoryHint: .isDirectory))
        _ = try blobs.keep(Array("one".utf8))
        try await scene.mark()
        await scene.service.baseDone()
        _ = try blobs.keep(Array("two".utf8))
        var random = SeededRandom(8)
        try await scene.write(&random, 1)
        try await scene.mark()
        let place = scene.store.folder.appending(path: "again/qinke.sqlite")
        let files = scene.store.folder.appending(path: "again/files", directoryHint: .isDirectory)
        _ = try scene.continuum.restore(
            at: scene.store.clock.now,
            Restore(data: place, files: files, force: false, now: scene.store.clock.now))
        #expect(try FileTree.list(files).map(\.size) == [3, 3])
    }
}
