import Desk
import Foundation
import Keeping
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

/// Moves that carry uploads between the folder and the store.
@Suite struct UploadCarriageTests {
    private struct Interrupted: Error {}

    /// A store with one of each kind of upload, and what they hold.
    private struct Shop {
        let store: TestStore
        let home: UploadHome
        let bytes: [BlobKey: [UInt8]]

        var keys: [BlobKey] { bytes.keys.sorted { $0.description < $1.description } }
    }

    private static func home(
        _ kind: UploadHome.Kind, of store: TestStore
    ) throws -> UploadHome {
        switch kind {
        case .folder: try .folder(store.folder.appending(path: "files"))
        case .database:
            try .database(store.database, incoming: store.folder.appending(path: "incoming"))
        }
    }

    private static func off<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws
        -> T
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Sizes around the length of a part, equal content under two names, pictures with a thumbnail, some said and some not.
    private static func shop(
        _ engine: Engine, _ kind: UploadHome.Kind, seed: UInt64, uploads: Int = 24
    ) async throws -> Shop {
        let store = try await Sample.store(engine, seed: seed, messages: 30)
        let home = try home(kind, of: store)
        var random = SeededRandom(seed)
        let part = BlobTable.part
        let sizes = [1, 7, part - 1, part, part + 1, 2 * part + 5]
        var all: [BlobKey: [UInt8]] = [:]
        var last: [UInt8] = []
        func some(_ size: Int) -> [UInt8] {
            (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        for number in 0..<uploads {
            let bytes =
                number % 5 == 4 ? last : some(number < sizes.count ? sizes[number] : number + 1)
            let small = number % 2 == 0 ? some(40 + number) : nil
            last = bytes
            let (key, thumbnail) = try await off {
                (try home.blobs.keep(bytes), try small.map { try home.blobs.keep($0) })
            }
            all[key] = bytes
            if let thumbnail { all[thumbnail] = small }
            let stored = UploadStore.Stored(
                upload: Upload(
                    id: UploadID(Int64(number + 1)), uploader: .buyer(BuyerID(500), "张0"),
                    at: store.clock.now, name: "图\(number).png", kind: .png, size: bytes.count,
                    width: 3, height: 4, hasThumbnail: thumbnail != nil,
                    conversation: number % 3 == 0 ? nil : ConversationID(77)),
                blob: key, thumbnail: thumbnail)
            try await store.database.write { [shop = store.shop] in
                try UploadStore.add(stored, to: shop, in: $0)
            }
        }
        return Shop(store: store, home: home, bytes: all)
    }

    /// Every byte of every upload, read as a visitor's browser would.
    private static func expectAll(
        _ bytes: [BlobKey: [UInt8]], in home: UploadHome, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await off {
            var found: [BlobKey: [UInt8]] = [:]
            for key in bytes.keys {
                var all: [UInt8] = []
                while case let next = try home.blobs.read(key, from: all.count, count: 200_001),
                    !next.isEmpty
                { all += next }
                found[key] = all
            }
            return found
        }
        #expect(found == bytes, sourceLocation: place)
    }

    private static func mover(
        _ source: Shop, to target: TestStore, _ kind: UploadHome.Kind
    ) throws -> (Mover, UploadHome) {
        let home = try home(kind, of: target)
        var mover = Mover(
            from: source.store.database, to: target.database, now: source.store.clock.now)
        mover.uploads = UploadCarriage(from: [source.home], to: home)
        return (mover, home)
    }

    private static func withoutBytes(_ store: TestStore) async throws -> Digests {
        try await store.database.read {
            try Digests(of: $0, leavingOut: ["blob", "blob_part"])
        }.portable
    }

    @Test(
        arguments: [
            (Engine.sqlite, UploadHome.Kind.folder), (.sqlite, .database), (.postgres, .folder),
            (.postgres, .database),
        ],
        [
            (Engine.sqlite, UploadHome.Kind.folder), (.sqlite, .database), (.postgres, .folder),
            (.postgres, .database),
        ])
    func `uploads go along there and back, byte for byte`(
        _ one: (Engine, UploadHome.Kind), _ other: (Engine, UploadHome.Kind)
    ) async throws {
        let origin = try await Self.shop(one.0, one.1, seed: 31)
        let before = try await origin.store.database.read { try Digests(of: $0) }
        let listed = try FileTree.list(origin.store.folder.appending(path: "files"))
        let there = try await other.0.store()
        let (mover, home) = try Self.mover(origin, to: there, other.1)
        let tally = try #require(try await mover.run { _ in }.uploads)
        #expect(tally.files == origin.bytes.count && tally.carried == origin.bytes.count)
        #expect(tally.bytes == origin.bytes.values.reduce(0) { $0 + $1.count })
        try await Self.expectAll(origin.bytes, in: home)
        // Nothing lies in the place that the target does not use.
        let rows: Int? = try await there.database.read {
            try $0.first("SELECT count(*) FROM blob")?.get(0)
        }
        #expect(rows == (other.1 == .database ? origin.bytes.count : 0))

        let back = try await one.0.store()
        let (again, last) = try Self.mover(
            Shop(store: there, home: home, bytes: origin.bytes), to: back, one.1)
        _ = try await again.run { _ in }
        try await Self.expectAll(origin.bytes, in: last)
        #expect(try await Self.withoutBytes(back) == Self.withoutBytes(origin.store))
        // The original was only read.
        #expect(try await origin.store.database.read { try Digests(of: $0) } == before)
        #expect(try FileTree.list(origin.store.folder.appending(path: "files")) == listed)
        try await Self.expectAll(origin.bytes, in: origin.home)
    }

    @Test(
        arguments: [
            (UploadHome.Kind.folder, Engine.postgres, UploadHome.Kind.database),
            (.database, .sqlite, .folder),
        ],
        0..<8 as Range<UInt64>)
    func `a move interrupted anywhere brings every upload once`(
        _ way: (UploadHome.Kind, Engine, UploadHome.Kind), seed: UInt64
    ) async throws {
        let origin = try await Self.shop(.sqlite, way.0, seed: seed, uploads: 40)
        let target = try await way.1.store()
        let (mover, home) = try Self.mover(origin, to: target, way.2)
        let random = Mutex(SeededRandom(seed))
        var stops = 0
        var report: Mover.Report?
        while report == nil {
            // First somewhere among the rows, then among the uploads, at last to the end.
            let (rows, most) = (stops == 0, stops < 6 ? 30 : Int.max)
            let left = Mutex(random.withLock { Int.random(in: 1...most, using: &$0) })
            do {
                report = try await mover.run { step in
                    if case .carrying = step {} else if !rows { return }
                    let stop = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                    if stop { throw Interrupted() }
                }
            } catch is Interrupted {
                stops += 1
                // A crash in the middle of one leaves half of it, in either place.
                let half = try #require(
                    random.withLock { origin.keys.randomElement(using: &$0) })
                try await Self.breakOne(half, in: home, of: target, way.2)
            }
        }
        #expect(stops > 1, "the seed never interrupted the uploads")
        try await Self.expectAll(origin.bytes, in: home)
        #expect(try await Self.withoutBytes(target) == Self.withoutBytes(origin.store))
        #expect(
            try await target.database.read { try Catalogue(of: $0).table("move_progress") } == nil)
    }

    /// Leaves a blob as a crash might, or a disk that lies; one that was brought and proved before stays as it is.
    private static func breakOne(
        _ key: BlobKey, in home: UploadHome, of store: TestStore, _ kind: UploadHome.Kind
    ) async throws {
        guard try await off({ try UploadCarriage.prove(key, in: home.blobs) }) == nil else {
            return
        }
        switch kind {
        case .folder:
            let folder = store.folder.appending(path: "files/\(key.description.prefix(2))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data([1, 2, 3]).write(to: folder.appending(path: key.description))
        case .database:
            try await store.database.write { transaction in
                let name = key.description
                try transaction.run(
                    """
                    INSERT INTO blob (key, size, kept_at) VALUES (\(name), 3, 1)
                    ON CONFLICT (key) DO NOTHING
                    """)
                try transaction.run(
                    """
                    INSERT INTO blob_part (key, part, bytes) VALUES (\(name), 0, \([1, 2, 3] as [UInt8]))
                    ON CONFLICT DO NOTHING
                    """)
            }
        }
    }

    @Test(arguments: UploadHome.Kind.allCases, [false, true])
    func `a picture that is lost or damaged is named before anything is moved`(
        _ kind: UploadHome.Kind, _ damaged: Bool
    ) async throws {
        let origin = try await Self.shop(.sqlite, kind, seed: 41, uploads: 10)
        let victim = origin.keys[3]
        _ = try await Self.off {
            try origin.home.blobs.remove(victim, notKeptSince: .distantFuture)
        }
        if damaged { try await Self.breakOne(victim, in: origin.home, of: origin.store, kind) }
        let target = try await Engine.sqlite.store()
        var (mover, home) = try Self.mover(origin, to: target, .folder)
        let careful = mover
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await careful.run { _ in }
        }
        #expect(failure?.message.zh.contains("有 1 个图片或文件") == true)
        #expect(failure?.message.zh.contains(".png (\(victim.description.prefix(12))") == true)
        #expect(failure?.message.en.contains("--files-from") == true)
        if !damaged {
            #expect(
                try await target.database.read { try $0.rows("SELECT 1 FROM message") }.isEmpty)
        }
        // Mended, the same move goes on to its end.
        let bytes = try #require(origin.bytes[victim])
        if damaged {
            _ = try await Self.off {
                try origin.home.blobs.remove(victim, notKeptSince: .distantFuture)
            }
        }
        _ = try await Self.off { try origin.home.blobs.keep(bytes) }
        _ = try await careful.run { _ in }
        try await Self.expectAll(origin.bytes, in: home)
        // Or one goes without it.
        _ = try await Self.off {
            try origin.home.blobs.remove(victim, notKeptSince: .distantFuture)
        }
        let other = try await Engine.sqlite.store()
        (mover, home) = try Self.mover(origin, to: other, .folder)
        mover.uploads?.leavesOutMissing = true
        let tally = try await mover.run { _ in }.uploads
        #expect(tally?.lost.map(\.key) == [victim])
        try await Self.expectAll(origin.bytes.filter { $0.key != victim }, in: home)
    }

    @Test(arguments: Engine.allCases, UploadHome.Kind.allCases)
    func `one store changes where it keeps uploads, and misses none meanwhile`(
        _ engine: Engine, _ kind: UploadHome.Kind
    ) async throws {
        let shop = try await Self.shop(engine, kind, seed: 44)
        let other = try Self.home(kind == .folder ? .database : .folder, of: shop.store)
        let carriage = UploadCarriage(from: [shop.home], to: other)
        let rows = try await Self.withoutBytes(shop.store)
        // A server with the new setting finds everything from the first moment to the last.
        let server = BlobPlaces(other.blobs, alsoIn: shop.home.blobs)
        let first = try #require(shop.keys.first)
        let half = try await Self.off { try server.read(first, from: 1, count: 1 << 20) }
        #expect(half == Array((shop.bytes[first] ?? []).dropFirst()))
        await #expect(throws: Interrupted.self) {
            _ = try await carriage.run(of: shop.store.database) { pace, _ in
                if pace.rows == 7 { throw Interrupted() }
            }
        }
        let found = try await Self.off {
            try shop.keys.allSatisfy { try UploadCarriage.prove($0, in: server) != nil }
        }
        #expect(found)
        let tally = try await carriage.run(of: shop.store.database) { _, _ in }
        #expect(tally.carried <= shop.bytes.count - 7 && tally.files == shop.bytes.count)
        try await Self.expectAll(shop.bytes, in: other)
        try await Self.expectAll(shop.bytes, in: shop.home)
        #expect(try await carriage.clear(of: shop.store.database) == shop.bytes.count)
        try await Self.expectAll(shop.bytes, in: other)
        let left = try await Self.off {
            try shop.keys.filter { try UploadCarriage.prove($0, in: shop.home.blobs) != nil }
        }
        #expect(left.isEmpty)
        #expect(try await Self.withoutBytes(shop.store) == rows)
    }

    @Test func `uploads that lie in both places are all found`() async throws {
        let origin = try await Self.shop(.sqlite, .folder, seed: 42)
        let table = try Self.home(.database, of: origin.store)
        for key in origin.keys.prefix(5) {
            let bytes = try #require(origin.bytes[key])
            _ = try await Self.off {
                _ = try table.blobs.keep(bytes)
                return try origin.home.blobs.remove(key, notKeptSince: .distantFuture)
            }
        }
        let target = try await Engine.postgres.store()
        let home = try Self.home(.database, of: target)
        var mover = Mover(
            from: origin.store.database, to: target.database, now: origin.store.clock.now)
        mover.uploads = UploadCarriage(from: [table, origin.home], to: home)
        _ = try await mover.run { _ in }
        try await Self.expectAll(origin.bytes, in: home)
    }

    @Test func `a place that refuses is named, and the same move goes on when it is mended`()
        async throws
    {
        let origin = try await Self.shop(.sqlite, .folder, seed: 43)
        let target = try await Engine.sqlite.store()
        let (mover, home) = try Self.mover(origin, to: target, .folder)
        // Nobody may make a file where a folder of the first picture should be, not even the owner of everything.
        let first = try #require(origin.keys.first)
        let place = target.folder.appending(path: "files/\(first.description.prefix(2))")
        try Data([0]).write(to: place)
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await mover.run { _ in }
        }
        #expect(failure?.message.zh.contains("用同一条命令接着搬") == true)
        try FileManager.default.removeItem(at: place)
        _ = try await mover.run { _ in }
        try await Self.expectAll(origin.bytes, in: home)
    }
}
