import Desk
import Foundation
import SQL
import SQLOnSQLite
import Storage
import TestSupport
import Testing

@Suite struct SchemaTests {
    /// The schema as committed, for people to read and for this test to compare.
    private static func page(_ engine: Engine) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "schema.\(engine.rawValue).sql")
    }

    @Test(arguments: Engine.allCases)
    func `the migrations end in the committed schema`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let found = try await store.database.read { transaction in
            switch engine {
            case .sqlite: try Self.sqlite(transaction)
            case .postgres: try Self.postgres(transaction)
            }
        }
        let page = Self.page(engine)
        if ProcessInfo.processInfo.environment["QINKE_WRITE_SCHEMA"] != nil {
            try found.write(to: page, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: page, encoding: .utf8)
        #expect(
            found == committed,
            "run the tests once with QINKE_WRITE_SCHEMA=1 and read the difference")
    }

    private static func sqlite(_ transaction: Transaction) throws -> String {
        try transaction.rows(
            """
            SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
            AND name NOT LIKE 'message_search_%' ORDER BY type DESC, name
            """
        ).map { try $0.get(0, as: String.self) + ";" }.joined(separator: "\n\n") + "\n"
    }

    private static func postgres(_ transaction: Transaction) throws -> String {
        let tables = try transaction.rows(
            """
            SELECT 'CREATE TABLE ' || c.relname || ' (' || chr(10) || '    ' || (
                SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                    || CASE WHEN l.collname = 'C' THEN ' COLLATE "C"' ELSE '' END
                    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                    || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), ',' || chr(10) || '    '
                    ORDER BY a.attnum)
                FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                LEFT JOIN pg_collation l ON l.oid = a.attcollation
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
            || coalesce((SELECT string_agg(',' || chr(10) || '    ' || pg_get_constraintdef(k.oid), ''
                ORDER BY pg_get_constraintdef(k.oid) COLLATE "C") FROM pg_constraint k WHERE k.conrelid = c.oid), '')
            || ');' FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            ORDER BY c.relname COLLATE "C"
            """)
        let indexes = try transaction.rows(
            """
            SELECT indexdef || ';' FROM pg_indexes WHERE schemaname = 'public'
            AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname COLLATE "C"
            """)
        return try (tables + indexes).map { try $0.get(0, as: String.self) }
            .joined(separator: "\n\n") + "\n"
    }

    @Test func `both engines have the same tables with the same columns`() async throws {
        let (file, server) = (try await Engine.sqlite.store(), try await Engine.postgres.store())
        let lite = try await file.database.read { transaction in
            try transaction.rows(
                """
                SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint'
                    WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytea' ELSE c.type END || ' ' || c."notnull"
                FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '%_search%'
                """
            ).map { try $0.get(0, as: String.self) }
        }
        let post = try await server.database.read { transaction in
            try transaction.rows(
                """
                SELECT table_name || '.' || column_name || ' ' || data_type || ' '
                    || CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END
                FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '%_search'
                """
            ).map { try $0.get(0, as: String.self) }
        }
        #expect(lite.count > 100)
        #expect(Set(lite).symmetricDifference(post).sorted() == [])
    }

    @Test(arguments: Engine.allCases)
    func `a second start has nothing to do`(_ engine: Engine) async throws {
        let store = try await engine.store()
        #expect(try await Migrator.qinke.migrate(store.database, at: 1).isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `a store of a newer program is refused and left alone`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let newest = allMigrations.map(\.number).max() ?? 0
        try await store.database.write { transaction in
            try transaction.run(
                "INSERT INTO migration (number, name, digest, at) VALUES (\(newest + 1), 'later', 1, 1)"
            )
        }
        await #expect(throws: Migrator.Failure.newerStore(its: newest + 1, ours: newest)) {
            try await Migrator.qinke.migrate(store.database, at: 2)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a released step that was edited is noticed`(_ engine: Engine) async throws {
        let store = try await engine.store()
        try await store.database.write {
            try $0.run("UPDATE migration SET digest = digest + 1 WHERE number = 3")
        }
        await #expect(throws: Migrator.Failure.edited(number: 3, name: "conversations")) {
            try await Migrator.qinke.migrate(store.database, at: 2)
        }
    }

    @Test func `numbers of steps are unique`() {
        #expect(Set(allMigrations.map(\.number)).count == allMigrations.count)
    }
}

@Suite struct FaultTests {
    @Test func `a full disk refuses, keeps what was acknowledged, and recovers by itself`()
        async throws
    {
        let store = try await Engine.sqlite.store().withShop()
        let buyer = Participant.buyer(BuyerID(501), name: "张三")
        let first = try await store.say("在磁盘满之前", key: "k0", by: buyer)
        let pages = try await store.database.write { transaction in
            let now: Int = try transaction.first("PRAGMA page_count")?.get(0) ?? 0
            _ = try transaction.first("PRAGMA max_page_count = 1")
            return now
        }
        #expect(pages > 1)
        let long = String(repeating: "满", count: 3_000)
        var refused = 0
        var kept: [String] = ["k0"]
        for number in 1...20 {
            do {
                try await store.say(long, key: "k\(number)", in: first.conversation, by: buyer)
                kept.append("k\(number)")
            } catch let error as SQLError {
                #expect(error == .full)
                refused += 1
            }
        }
        #expect(refused > 0)
        try await store.database.write { _ = try $0.first("PRAGMA max_page_count = 1000000") }
        // The same keys again: nothing doubled, nothing lost.
        for number in 1...20 {
            try await store.say(long, key: "k\(number)", in: first.conversation, by: buyer)
        }
        let messages = try await store.messages(first.conversation).filter {
            $0.author.kind == .buyer
        }
        #expect(Set(messages.map(\.key)) == Set((0...20).map { "k\($0)" }))
        #expect(messages.count == 21)
        #expect(try await store.messages(first.conversation).map(\.number) == Array(1...21))
    }

    @Test func `another process's lock is waited for, then named`() async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "qinke-lock-\(UUID().uuidString).sqlite").path(percentEncoded: false)
        defer {
            for end in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        var settings = SQLiteDatabase.Settings()
        settings.busyTimeout = 50
        let one = try SQLiteDatabase(path: path, settings: settings) { _, _ in }
        try await one.write { try $0.script("CREATE TABLE item (id INTEGER PRIMARY KEY) STRICT") }
        let other = try SQLiteDatabase(path: path, settings: settings) { _, _ in }
        let holds = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        try other.submit(
            { transaction in
                try transaction.run("INSERT INTO item (id) VALUES (1)")
                holds.signal()
                release.wait()
            }, done: { _ in })
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                holds.wait()
                continuation.resume()
            }
        }
        await #expect {
            try await one.write { try $0.run("INSERT INTO item (id) VALUES (2)") }
        } throws: { error in
            if case SQLError.retry = error { true } else { false }
        }
        release.signal()
        try other.close()
        try await one.write { try $0.run("INSERT INTO item (id) VALUES (2)") }
        #expect(try await one.read { try $0.rows("SELECT id FROM item").count } == 2)
        try one.close()
    }
}
