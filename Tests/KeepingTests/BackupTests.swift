import Desk
import Foundation
import Keeping
import Logging
import SQL
import SQLOnSQLite
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct BackupTests {
    private static func files(_ store: TestStore) throws -> URL {
        let root = store.folder.appending(path: "files", directoryHint: .isDirectory)
        let blobs = try BlobFolder(root)
        for number in 0..<5 { _ = try blobs.keep(Array("file \(number)".utf8)) }
        return root
    }

    @Test(arguments: Engine.allCases)
    func `a backup of any engine is one file of rows with the same digests`(_ engine: Engine)
        async throws
    {
        let store = try await Sample.store(engine, seed: 31)
        let now = try await store.database.read { try Digests(of: $0) }
        let (backup, manifest) = try await Backup.make(
            ofAny: store.database, at: store.folder.appending(path: "backup"),
            Backup.Order(program: "test", now: store.clock.now, files: try Self.files(store)))
        #expect(manifest.digests.portable == now.portable)
        #expect(manifest.files.count == 5)
        #expect(try backup.prove() == manifest)
        let names = try FileManager.default.contentsOfDirectory(atPath: backup.folder.plainPath)
        #expect(Set(names) == ["qinke.sqlite", "files", "manifest.json"])
    }

    @Test func `a drill restores, opens and proves, and leaves nothing behind`() async throws {
        let store = try await Sample.store(.sqlite, seed: 32)
        let (backup, manifest) = try await Backup.make(
            ofAny: store.database, at: store.folder.appending(path: "backup"),
            Backup.Order(program: "test", now: store.clock.now, files: try Self.files(store)))
        let scratch = store.folder.appending(path: "drill", directoryHint: .isDirectory)
        let opened = Mutex(false)
        let report = try await Drill(backup).run(in: scratch, now: store.clock.now) { path in
            let database = try SQLiteDatabase(path: path) { _, _ in }
            #expect(try await database.read { try Digests(of: $0) } == manifest.digests)
            try database.close()
            opened.withLock { $0 = true }
        }
        #expect(report.manifest == manifest)
        #expect(opened.withLock { $0 })
        #expect(!FileManager.default.fileExists(atPath: scratch.plainPath))
        #expect(try backup.prove() == manifest)
    }

    @Test(arguments: [false, true])
    func `a backup that holds no uploads leaves those that are there`(_ held: Bool) async throws {
        let store = try await Sample.store(.sqlite, seed: 37)
        let files = try Self.files(store)
        let listed = try FileTree.list(files)
        let (backup, _) = try await Backup.make(
            ofAny: store.database, at: store.folder.appending(path: "backup"),
            Backup.Order(program: "test", now: store.clock.now, files: held ? files : nil))
        let data = store.folder.appending(path: "other.sqlite")
        try Data("other".utf8).write(to: files.appending(path: "later"))
        _ = try Restore(data: data, files: files, force: false, now: store.clock.now).put(backup)
        let found = try FileTree.list(files)
        #expect(Set(found).isSuperset(of: listed))
        #expect(found.contains { $0.path == "later" } == !held)
    }

    enum Damage: CaseIterable {
        case row, page, file, missingFile, extraFile, manifest, list
    }

    @Test(arguments: Damage.allCases)
    func `a damaged backup is refused in words`(_ damage: Damage) async throws {
        let store = try await Sample.store(.sqlite, seed: 33)
        let (backup, _) = try await Backup.make(
            ofAny: store.database, at: store.folder.appending(path: "backup"),
            Backup.Order(program: "test", now: store.clock.now, files: try Self.files(store)))
        let manager = FileManager.default
        let list = backup.folder.appending(path: "manifest.json")
        let files = try FileTree.list(backup.files)
        switch damage {
        case .row:
            let file = try SQLiteDatabase(path: backup.database.plainPath) { _, _ in }
            try await file.write { try $0.run("DELETE FROM message WHERE number = 2") }
            try file.close()
        case .page:
            var bytes = try Data(contentsOf: backup.database)
            for place in stride(from: 4_200, to: bytes.count, by: 509) { bytes[place] ^= 0x55 }
            try bytes.write(to: backup.database)
        case .file: try Data("other".utf8).write(to: backup.files.appending(path: files[0].path))
        case .missingFile: try manager.removeItem(at: backup.files.appending(path: files[1].path))
        case .extraFile: try Data("x".utf8).write(to: backup.files.appending(path: "extra"))
        case .manifest: try Data("{}".utf8).write(to: list)
        case .list:
            let text = try String(contentsOf: list, encoding: .utf8)
            try text.replacing(/"rows" : 1,/, with: "\"rows\" : 2,", maxReplacements: 1)
                .write(to: list, atomically: true, encoding: .utf8)
        }
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Drill(backup).run(
                in: store.folder.appending(path: "drill"), now: store.clock.now
            ) { _ in }
        }
        #expect(failure?.message.zh.isEmpty == false && failure?.message.en.isEmpty == false)
        #expect(!manager.fileExists(atPath: store.folder.appending(path: "drill").plainPath))
    }

    @Test func `a shelf keeps what it should, links equal files, and says when there is no room`()
        async throws
    {
        let store = try await Sample.store(.sqlite, seed: 34)
        let files = try Self.files(store)
        let shelf = Shelf(store.folder.appending(path: "shelf", directoryHint: .isDirectory))
        let retention = Retention(daily: 2, weekly: 0, monthly: 0)
        for day in 0..<4 {
            store.clock.advance(.days(1))
            let (manifest, removed) = try await shelf.add(
                of: store.database, size: 1 << 20,
                Backup.Order(program: "test", now: store.clock.now, files: files),
                keeping: retention)
            #expect(manifest.files.count == 5)
            #expect(removed == (day < 2 ? 0 : 1))
        }
        let backups = shelf.backups()
        #expect(backups.count == 2)
        for (_, backup) in backups { try backup.prove() }
        let path = try #require(try FileTree.list(backups[0].backup.files).first?.path)
        let facts = try FileManager.default.attributesOfItem(
            atPath: backups[0].backup.files.appending(path: path).plainPath)
        #expect(facts[.referenceCount] as? Int ?? 0 >= 2, "the same bytes stand for both")
        await #expect(throws: KeepingFailure.self) {
            _ = try await shelf.add(
                of: store.database, size: 1 << 60,
                Backup.Order(program: "test", now: store.clock.now, files: files),
                keeping: retention)
        }
        #expect(shelf.backups().count == 2)
    }

    @Test func `the service makes a backup when it is due, and says in words when it cannot`()
        async throws
    {
        let store = try await Sample.store(.sqlite, seed: 35)
        let clock = store.clock
        let place = store.folder.appending(path: "shelf", directoryHint: .isDirectory)
        let work = BackupService.Work(
            database: store.database, size: { 1 << 20 }, files: nil, shelf: Shelf(place),
            retention: Retention(daily: 7, weekly: 4, monthly: 12), program: "test")
        let service = BackupService(
            BackupPlan(every: .hours(24)), work, clock: { clock.now }, logger: Logger(label: "test")
        )
        await service.round()
        #expect(Shelf(place).backups().isEmpty && service.standing.ok && service.age == nil)
        clock.advance(.hours(1))
        await service.round()
        await service.round()
        #expect(Shelf(place).backups().count == 1)
        #expect(service.age == .seconds(0))
        // A file stands where the folder should be: told, and tried again later.
        try FileManager.default.moveItem(at: place, to: store.folder.appending(path: "away"))
        try Data().write(to: store.folder.appending(path: "shelf"))
        clock.advance(.hours(25))
        await service.round()
        #expect(!service.standing.ok)
        #expect(service.standing.message.zh.contains("失败"))
        try FileManager.default.removeItem(at: store.folder.appending(path: "shelf"))
        await service.round()
        #expect(!service.standing.ok, "not tried again at once")
        clock.advance(.minutes(11))
        await service.round()
        #expect(service.standing.ok)
        // A restart remembers what is on the shelf.
        let again = BackupService(
            BackupPlan(every: .hours(24)), work, clock: { clock.now }, logger: Logger(label: "test")
        )
        #expect(again.age == .seconds(0))
    }

    @Test func `backups of the first form are restored by their numbers of rows`() async throws {
        let store = try await Sample.store(.sqlite, seed: 36)
        let (backup, _) = try await Backup.make(
            ofAny: store.database, at: store.folder.appending(path: "backup"),
            Backup.Order(program: "test", now: store.clock.now, files: nil))
        let list = backup.folder.appending(path: "manifest.json")
        let text = try String(contentsOf: list, encoding: .utf8)
        let old = text.replacing("\"form\" : 2", with: "\"form\" : 1")
            .replacing(/"digest" : "[0-9a-f]{32}"/, with: "\"digest\" : \"abc\"")
        try old.write(to: list, atomically: true, encoding: .utf8)
        try backup.prove()
        try old.replacing(/"rows" : 5,/, with: "\"rows\" : 6,")
            .write(to: list, atomically: true, encoding: .utf8)
        #expect(throws: KeepingFailure.self) { try backup.prove() }
    }
}
