import Desk
import Foundation
import Keeping
import SQL
import Storage
import TestSupport
import Testing

@Suite struct UpgradeTests {
    private static func upgrade(
        _ migrator: Migrator = .qinke, at milliseconds: Int64 = 1_795_312_800_000
    )
        -> Upgrade
    {
        Upgrade(migrator, program: "test", now: Instant(milliseconds: milliseconds))
    }

    /// What a program does at its start.
    @Sendable private static func bring(_ store: OldStore, _ upgrade: Upgrade) async throws -> (
        any Database, Upgrade.Report
    ) {
        try await upgrade.bring(
            open: { try store.open() }, file: store.file, place: store.beside)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["QINKE_WRITE_OLD_STORE"] != nil))
    func `the older stores are written anew`() async throws {
        let kept = FileManager.default.fileExists(atPath: OldStore.page(.sqlite).plainPath)
        let file = kept ? try await OldStore(.sqlite) : try OldStore(empty: .sqlite)
        if !kept { try await file.fill(from: nil) }
        let server = try OldStore(empty: .postgres)
        try await server.fill(from: file)
        try await file.text().write(to: OldStore.page(.sqlite), atomically: true, encoding: .utf8)
        try await server.text()
            .write(to: OldStore.page(.postgres), atomically: true, encoding: .utf8)
    }

    @Test func `both engines' older stores hold the same rows`() async throws {
        let (file, server) = (try await OldStore(.sqlite), try await OldStore(.postgres))
        let digests = try await file.digests()
        #expect(try await server.digests().portable == digests.portable)
        #expect(digests.rows > 200)
    }

    @Test(arguments: Engine.allCases)
    func `an older store is backed up, brought up to date, and keeps every row`(_ engine: Engine)
        async throws
    {
        let store = try await OldStore(engine)
        let before = try await store.digests()
        let older = try await store.read { try Catalogue(of: $0) }
        #expect(before.rows > 200)
        let (database, report) = try await Self.bring(store, Self.upgrade())
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
        let fresh = try await engine.store()
        let made = try await fresh.database.read { try Catalogue(of: $0) }
        #expect(try await database.read { try Catalogue(of: $0) } == made)
        // The backup holds the store as it was, for the older program.
        let backup = Backup(folder: try #require(report.backup))
        #expect(try backup.prove().digests.portable == before.portable)
        // And the upgraded store works: search finds what was said under the older program.
        let follower = SearchFollower()
        for shop in try await database.read({ try SearchFollower.shops(in: $0) }) {
            while try await follower.catchUp(shop, in: database) == 500 {}
        }
        try database.close()
        // A second start has nothing to do and makes no backup.
        let (again, second) = try await Self.bring(store, Self.upgrade())
        #expect(second.steps.isEmpty && second.backup == nil)
        try again.close()
    }

    @Test(
        arguments: Engine.allCases,
        ["CREATE TABLE shop (id INTEGER)", "INSERT INTO nowhere VALUES (1)", "DELETE FROM shop"])
    func `a step that fails leaves every row as it was`(_ engine: Engine, statement: String)
        async throws
    {
        let store = try await OldStore(engine)
        let before = try await store.digests()
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(store, Self.upgrade(Self.failing(statement)))
        }
        #expect(failure?.message.zh.contains("逐行相同") == true, "\(failure?.message.zh ?? "")")
        #expect(try await store.digests() == before)
        // The older program goes on.
        let (database, report) = try await Self.bring(store, Self.upgrade(OldStore.program))
        #expect(report.steps.isEmpty)
        try database.close()
    }

    /// This program with a last step that goes wrong.
    private static func failing(_ statement: String) -> Migrator {
        Migrator(
            allMigrations + [
                Migration(1_000, "fails") { dialect in
                    ["CREATE TABLE extra (id INTEGER PRIMARY KEY)\(dialect.strict)", statement]
                }
            ])
    }

    @Test(arguments: Engine.allCases)
    func `a step that changes a table it does not name is undone`(_ engine: Engine) async throws {
        let store = try await OldStore(engine)
        // A trigger is the only way to do so.
        try await store.write { transaction in
            switch transaction.dialect {
            case .sqlite:
                try transaction.script(
                    """
                    CREATE TRIGGER odd AFTER INSERT ON migration BEGIN
                        UPDATE presence SET last_assigned = 1; END
                    """)
            case .postgres:
                try transaction.script(
                    """
                    CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN UPDATE presence SET last_assigned = 1; RETURN NULL; END';
                    CREATE TRIGGER odd AFTER INSERT ON migration EXECUTE FUNCTION odd()
                    """)
            }
        }
        let before = try await store.digests()
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(store, Self.upgrade())
        }
        #expect(failure?.message.zh.contains("presence") == true)
        #expect(try await store.digests() == before)
    }

    @Test(arguments: Engine.allCases)
    func `what fails after the commit is answered by the backup in its place`(_ engine: Engine)
        async throws
    {
        let store = try await OldStore(engine)
        let before = try await store.digests()
        let older = try await store.read { try Catalogue(of: $0) }
        var upgrade = Self.upgrade()
        upgrade.afterwards = { _ in throw SQLError.corrupt("a disk that lies") }
        let failing = upgrade
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(store, failing)
        }
        #expect(failure?.message.en.contains("a disk that lies") == true)
        #expect(
            failure?.message.zh.contains("换回升级前的备份，逐行核对过") == true,
            "\(failure?.message.zh ?? "")")
        #expect(try await store.digests() == before)
        #expect(try await store.read { try Catalogue(of: $0) } == older)
        // What failed is kept for whoever looks into it.
        if engine == .sqlite {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: store.folder.plainPath)
            #expect(
                names.contains { $0.contains(".failed-upgrade-") && $0.hasPrefix("qinke.sqlite") })
        }
        // The older program goes on, and the next try starts from its store.
        let (old, nothing) = try await Self.bring(store, Self.upgrade(OldStore.program))
        #expect(nothing.steps.isEmpty)
        try old.close()
        let (database, report) = try await Self.bring(store, Self.upgrade(at: 1_795_312_900_000))
        #expect(!report.steps.isEmpty)
        let fresh = try await engine.store()
        let made = try await fresh.database.read { try Catalogue(of: $0) }
        #expect(try await database.read { try Catalogue(of: $0) } == made)
        try database.close()
    }

    @Test func `what somebody wrote after the commit is never taken back by itself`() async throws {
        let store = try await OldStore(.postgres)
        var upgrade = Self.upgrade()
        upgrade.afterwards = { database in
            try await database.write { try $0.run("UPDATE shop SET name = '别的节点写的'") }
            throw SQLError.corrupt("a disk that lies")
        }
        let failing = upgrade
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(store, failing)
        }
        #expect(failure?.message.zh.contains("已经有人写过") == true, "\(failure?.message.zh ?? "")")
        #expect(failure?.message.en.contains("before-upgrade") == true)
        let name: String? = try await store.read { try $0.first("SELECT name FROM shop")?.get(0) }
        #expect(name == "别的节点写的")
    }

    @Test func `another node that writes meanwhile is named, and nothing is upgraded`() async throws
    {
        let store = try await OldStore(.postgres)
        let list = try await store.digests().tables.first { $0.table == "migration" }
        let other = try store.open()
        defer { try? other.close() }
        // The backup is made when the steps begin; the other node writes between the two.
        let migrator = Migrator(
            allMigrations + [
                Migration(1_000, "slow") { _ in
                    let done = DispatchSemaphore(value: 0)
                    try? other.submit({ try $0.run("UPDATE presence SET last_assigned = 7") }) {
                        _ in
                        done.signal()
                    }
                    done.wait()
                    return []
                }
            ])
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.bring(store, Self.upgrade(migrator))
        }
        #expect(failure?.message.zh.contains("有别的节点在写") == true, "\(failure?.message.zh ?? "")")
        #expect(try await store.digests().tables.first { $0.table == "migration" } == list)
    }

    @Test(arguments: Engine.allCases)
    func `without room for the backup nothing is upgraded`(_ engine: Engine) async throws {
        let store = try await OldStore(engine)
        let before = try await store.digests()
        let failure = await #expect(throws: KeepingFailure.self) {
            _ = try await Self.upgrade().bring(
                open: { try store.open() }, file: store.file,
                place: URL(filePath: "/proc/nowhere/qinke.sqlite"))
        }
        #expect(failure?.message.zh.contains("没有升级") == true)
        #expect(try await store.digests() == before)
    }

    @Test(arguments: Engine.allCases)
    func `the older program refuses the upgraded store before anything is made`(_ engine: Engine)
        async throws
    {
        let store = try await OldStore(engine)
        try await Self.bring(store, Self.upgrade()).0.close()
        let before = try await store.digests()
        let beside = try FileManager.default.contentsOfDirectory(atPath: store.folder.plainPath)
        let newest = try #require(allMigrations.map(\.number).max())
        await #expect(throws: Migrator.Failure.newerStore(its: newest, ours: OldStore.steps)) {
            _ = try await Self.bring(store, Self.upgrade(OldStore.program, at: 1_795_312_900_000))
        }
        #expect(try await store.digests() == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: store.folder.plainPath)
                .filter { !beside.contains($0) && $0.contains("upgrade") }.isEmpty)
    }
}
