import Desk
import Foundation
import SQL
import SQLOnSQLite
import Storage
import TestSupport
import Testing

@Suite struct SchemaTests {
    /// The schema as committed, for people to read and for this test to compare.
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "schema.sqlite.sql")

    @Test func `the migrations end in the committed schema`() async throws {
        let store = try await Engine.sqlite.store()
        let found = try await store.database.read { transaction in
            try transaction.rows(
                """
                SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                AND name NOT LIKE 'message_search_%' ORDER BY type DESC, name
                """
            ).map { try $0.get(0, as: String.self) + ";" }.joined(separator: "\n\n") + "\n"
        }
        if ProcessInfo.processInfo.environment["QINKE_WRITE_SCHEMA"] != nil {
            try found.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(
            found == committed,
            "run the tests once with QINKE_WRITE_SCHEMA=1 and read the difference")
    }

    @Test func `a second start has nothing to do`() async throws {
        let store = try await Engine.sqlite.store()
        #expect(try await Migrator.qinke.migrate(store.database, at: 1).isEmpty)
    }

    @Test func `a store of a newer program is refused and left alone`() async throws {
        let store = try await Engine.sqlite.store()
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

    @Test func `a released step that was edited is noticed`() async throws {
        let store = try await Engine.sqlite.store()
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
