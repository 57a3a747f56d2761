import Desk
import Foundation
import Keeping
import SQL
import SQLOnSQLite
import Storage
import TestSupport
import Testing

/// A store as an older program left it: the schema's steps 1 to 5, with synthetic data, as text.
enum OldStore {
    static let steps = 5
    static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "old-store.sqlite.sql")

    /// Opens a store made from the committed text, in a folder of its own.
    static func open() async throws -> (path: String, folder: URL) {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "qinke-old-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "qinke.sqlite").plainPath
        let text = try String(contentsOf: page, encoding: .utf8)
        let database = try SQLiteDatabase(path: path) { _, _ in }
        _ = try await database.write { try $0.script(text) }
        try database.close()
        return (path, folder)
    }

    /// The text of a store.
    static func text(of transaction: Transaction) throws -> String {
        let schema = try transaction.rows(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name"
        ).map { try $0.get(0, as: String.self) + ";\n" }
        let catalogue = try Catalogue(of: transaction)
        let order = catalogue.inOrderOfReference ?? []
        let rows = try order.flatMap { table in
            try transaction.rows(table.page(after: nil, limit: 1_000_000)).map { row in
                let values = row.values.map(literal).joined(separator: ", ")
                let names = table.columns.map(\.name).joined(separator: ", ")
                return "INSERT INTO \(table.name) (\(names)) VALUES (\(values));\n"
            }
        }
        return (schema + rows).joined()
    }

    private static func literal(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .int(let number): number == .min ? "-9223372036854775807 - 1" : "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): "CAST(x'\(hexadecimal(Array(text.utf8)))' AS TEXT)"
        case .blob(let bytes): "x'\(hexadecimal(bytes))'"
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

@Suite struct UpgradeTests {
    private static func upgrade(_ migrator: Migrator = .qinke) -> Upgrade {
        Upgrade(migrator, program: "test", now: Instant(milliseconds: 1_795_312_800_000))
    }

    @Sendable private static func bring(_ path: String, _ upgrade: Upgrade) async throws -> (
        any Database, Upgrade.Report
    ) {
        try await upgrade.bring(
            open: { try SQLiteDatabase(path: path, beforeCommit: EventLog.writeCounters) },
            file: URL(filePath: path), place: URL(filePath: path))
    }

    private static func digests(_ path: String) async throws -> Digests {
        let database = try SQLiteDatabase(path: path) { _, _ in }
        defer { try? database.close() }
        return try await database.read { try Digests(of: $0) }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["QINKE_WRITE_OLD_STORE"] != nil))
    func `the older store is written anew`() async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "qinke-old-\(UUID().uuidString).sqlite").plainPath
        let database = try SQLiteDatabase(path: path, beforeCommit: EventLog.writeCounters)
        _ = try await Migrator(allMigrations.filter { $0.number <= OldStore.steps })
            .migrate(database, at: 1_795_000_000_000)
        let store = TestStore(
            place: .sqlite(path), database: database, folder: URL(filePath: path + ".d"),
            clock: TestClock())
        try await Sample.fill(try await store.withShop(), seed: 5, messages: 80, search: false)
        try await database.read { try OldStore.text(of: $0) }
            .write(to: OldStore.page, atomically: true, encoding: .utf8)
    }

    @Test func `an older store is backed up, brought up to date, and keeps every row`() async throws
    {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = try await Self.digests(path)
        let older = try SQLiteDatabase.read(file: path) { try Catalogue(of: $0) }
        #expect(before.rows > 200)
        let (database, report) = try await Self.bring(path, Self.upgrade())
        #expect(report.steps == allMigrations.filter { $0.number > OldStore.steps }.map(\.name))
        #expect(try await Migrator.qinke.standing(database) == .missing(0))
        let after = try await database.read { try Digests(of: $0) }
        // A step that gave a table a column changes its digest, never its number of rows.
        let now = try await database.read { try Catalogue(of: $0) }
        for name in after.differing(from: before) where name != "migration" {
            #expect(now.table(name) != older.table(name), "\(name)")
        }
        for table in before.tables where table.table != "migration" {
            #expect(after.tables.first { $0.table == table.table }?.rows == table.rows)
        }
        // The schema is that of a new store.
        let fresh = try await Engine.sqlite.store()
        let made = try await fresh.database.read { try Catalogue(of: $0) }
        #expect(try await database.read { try Catalogue(of: $0) } == made)
        // The backup holds the store as it was, for the older program.
        let backup = Backup(folder: try #require(report.backup))
        #expect(try backup.prove().digests == before)
        // And the upgraded store works: search finds what was said under the older program.
        let follower = SearchFollower()
        for shop in try await database.read({ try SearchFollower.shops(in: $0) }) {
            while try await follower.catchUp(shop, in: database) == 500 {}
        }
        try database.close()
        // A second start has nothing to do and makes no backup.
        let (again, second) = try await Self.bring(path, Self.upgrade())
        #expect(second.steps.isEmpty && second.backup == nil)
        try again.close()
    }

    @Test(arguments: [
        "CREATE TABLE shop (id INTEGER)", "INSERT INTO nowhere VALUES (1)",
        "DELETE FROM shop",
    ])
    func `a step that fails leaves every row as it was`(statement: String) async throws {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = try await Self.digests(path)
        let migrator = Migrator(
            allMigrations + [
                Migration(1_000, "fails") { _ in
                    ["CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT", statement]
                }
            ])
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(path, Self.upgrade(migrator))
        }
        #expect(failure?.message.zh.contains("逐行相同") == true, "\(failure?.message.zh ?? "")")
        #expect(try await Self.digests(path) == before)
    }

    @Test func `a step that changes a table it does not name is undone`() async throws {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = try await Self.digests(path)
        // A trigger is the only way to do so.
        let database = try SQLiteDatabase(path: path) { _, _ in }
        _ = try await database.write {
            try $0.script(
                """
                CREATE TRIGGER odd AFTER INSERT ON migration BEGIN
                    UPDATE presence SET last_assigned = 1; END
                """)
        }
        try database.close()
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(path, Self.upgrade())
        }
        #expect(failure?.message.zh.contains("presence") == true)
        #expect(try await Self.digests(path) == before)
    }

    @Test func `what fails after the commit is answered by the backup in its place`() async throws {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = try await Self.digests(path)
        var upgrade = Self.upgrade()
        upgrade.afterwards = { _ in throw SQLError.corrupt("a disk that lies") }
        let failing = upgrade
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(path, failing)
        }
        #expect(failure?.message.en.contains("a disk that lies") == true)
        #expect(failure?.message.zh.contains("换回升级前的备份") == true)
        #expect(try await Self.digests(path) == before)
        // What failed is kept for whoever looks into it, and the next try starts from the older store.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.plainPath)
        #expect(names.contains { $0.contains(".failed-upgrade-") && $0.hasPrefix("qinke.sqlite") })
        var again = Upgrade(.qinke, program: "test", now: Instant(milliseconds: 1_795_312_900_000))
        again.afterwards = { _ in }
        let (database, report) = try await Self.bring(path, again)
        #expect(!report.steps.isEmpty)
        try database.close()
    }

    @Test func `without room for the backup nothing is upgraded`() async throws {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = try await Self.digests(path)
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.upgrade().bring(
                open: { try SQLiteDatabase(path: path, beforeCommit: EventLog.writeCounters) },
                file: URL(filePath: path), place: URL(filePath: "/proc/nowhere/qinke.sqlite"))
        }
        #expect(failure?.message.zh.contains("没有升级") == true)
        #expect(try await Self.digests(path) == before)
    }

    @Test func `a newer store is refused before anything is made`() async throws {
        let (path, folder) = try await OldStore.open()
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(path: path) { _, _ in }
        _ = try await database.write {
            try $0.run(
                "INSERT INTO migration (number, name, digest, at) VALUES (9999, 'later', 1, 1)")
        }
        try database.close()
        let before = try await Self.digests(path)
        await #expect(throws: Migrator.Failure.self) {
            _ = try await Self.bring(path, Self.upgrade())
        }
        #expect(try await Self.digests(path) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.plainPath)
                .allSatisfy { !$0.contains("before-upgrade") })
    }
}
