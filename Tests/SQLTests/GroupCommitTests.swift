import Foundation
import SQL
import SQLOnSQLite
import Synchronization
import Testing

/// A database of one test, without the product's tables.
private final class Scratch: Sendable {
    let database: SQLiteDatabase
    let path: String

    init(_ settings: SQLiteDatabase.Settings = .init()) throws {
        path = FileManager.default.temporaryDirectory
            .appending(path: "qinke-sql-\(UUID().uuidString).sqlite").path(percentEncoded: false)
        database = try SQLiteDatabase(path: path, settings: settings) { transaction, group in
            for counter in group.drain() {
                try transaction.run(
                    "UPDATE counter SET value = \(counter.value) WHERE key = \(counter.key)")
            }
        }
    }

    deinit {
        try? database.close()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    }

    func prepared() async throws -> Scratch {
        try await database.write { transaction in
            try transaction.script(
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
            try transaction.script(
                "CREATE TABLE counter (key INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT")
            try transaction.run("INSERT INTO counter (key, value) VALUES (1, 0)")
        }
        return self
    }

    func names() async throws -> [String] {
        try await database.read {
            try $0.rows("SELECT name FROM item ORDER BY id").map { try $0.get(0) }
        }
    }
}

private struct Refused: Error {}

/// Holds the writer's thread until a test lets it go.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}

@Suite struct GroupCommitTests {
    @Test func `every commit is on the disk before it is told`() async throws {
        let scratch = try Scratch()
        let (synchronous, mode) = try await scratch.database.write { transaction in
            (
                try transaction.first("PRAGMA synchronous")?.get(0, as: Int.self),
                try transaction.first("PRAGMA journal_mode")?.get(0, as: String.self)
            )
        }
        #expect(synchronous == 2)
        #expect(mode == "wal")
    }

    @Test
    func `a unit that runs into a unique rule is undone and carried out once more, knowing it`()
        async throws
    {
        let scratch = try await Scratch().prepared()
        let runs = Mutex<[Bool]>([])
        let name = try await scratch.database.write { transaction in
            runs.withLock { $0.append(transaction.isSecondRun) }
            try transaction.run("INSERT INTO item (name) VALUES ('first')")
            guard transaction.isSecondRun else {
                try transaction.run("INSERT INTO item (name) VALUES ('first')")
                return ""
            }
            return "found"
        }
        #expect(name == "found")
        // In a group without savepoints, then in one with, and once more.
        #expect(runs.withLock { $0 } == [false, false, true])
        #expect(try await scratch.names() == ["first"])
        await #expect(throws: SQLError.unique(rule: "item.name")) {
            _ = try await scratch.database.write { transaction in
                runs.withLock { $0.append(transaction.isSecondRun) }
                return try transaction.run("INSERT INTO item (name) VALUES ('first')")
            }
        }
        #expect(runs.withLock { $0 } == [false, false, true, false, false, true])
    }

    @Test func `what waits is committed together, and a failing part takes nobody with it`()
        async throws
    {
        let scratch = try await Scratch().prepared()
        let gate = Gate()
        let before = scratch.database.figures.groups
        // The gate's group must have begun, or it would take the others along.
        await withCheckedContinuation { begun in
            do {
                try scratch.database.submit {
                    _ in
                    begun.resume()
                    gate.wait()
                } done: { _ in
                }
            } catch {
                Issue.record(error)
                begun.resume()
            }
        }
        let results = Mutex<[Int: Bool]>([:])
        await withCheckedContinuation { continuation in
            for number in 1...50 {
                do {
                    try scratch.database.submit { transaction in
                        try transaction.run(
                            "INSERT INTO item (id, name) VALUES (\(number), \("n\(number)"))")
                        if number % 7 == 0 { throw Refused() }
                    } done: { result in
                        let all = results.withLock { results in
                            if case .success = result {
                                results[number] = true
                            } else {
                                results[number] = false
                            }
                            return results.count
                        }
                        if all == 50 { continuation.resume() }
                    }
                } catch {
                    Issue.record(error)
                }
            }
            gate.open()
        }
        let failed = results.withLock { $0.filter { !$0.value }.keys.sorted() }
        #expect(failed == [7, 14, 21, 28, 35, 42, 49])
        #expect(try await scratch.names().count == 43)
        // The gate's own group, and one for all fifty.
        #expect(scratch.database.figures.groups == before + 2)
    }

    @Test func `results are told in the order of commit`() async throws {
        let scratch = try await Scratch().prepared()
        let told = Mutex<[Int]>([])
        await withCheckedContinuation { continuation in
            for number in 0..<500 {
                do {
                    try scratch.database.submit { transaction in
                        try transaction.run("INSERT INTO item (name) VALUES (\("n\(number)"))")
                    } done: { _ in
                        let all = told.withLock { told in
                            told.append(number)
                            return told.count
                        }
                        if all == 500 { continuation.resume() }
                    }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(told.withLock { $0 } == Array(0..<500))
    }

    @Test func `counters have no gaps, even past failures`() async throws {
        let scratch = try await Scratch().prepared()
        let database = scratch.database
        let taken = await withTaskGroup(of: Int64?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try? await database.write { transaction in
                        let value = try transaction.group.next(1) {
                            try transaction.first("SELECT value FROM counter WHERE key = 1")?.get(0)
                                ?? 0
                        }
                        if number % 3 == 0 { throw Refused() }
                        return value
                    }
                }
            }
            return await group.reduce(into: [Int64]()) { if let value = $1 { $0.append(value) } }
        }
        #expect(taken.sorted() == Array(1...66))
        let stored = try await scratch.database.read {
            try $0.first("SELECT value FROM counter WHERE key = 1")?.get(0, as: Int64.self)
        }
        #expect(stored == 66)
    }

    @Test func `a full queue refuses and does nothing`() async throws {
        var settings = SQLiteDatabase.Settings()
        settings.group.waiting = 3
        let scratch = try await Scratch(settings).prepared()
        let gate = Gate()
        let running = Gate()
        try scratch.database.submit(
            { _ in
                running.open()
                gate.wait()
            }, done: { _ in })
        running.wait()
        let told = Gate()
        for number in 1...3 {
            try scratch.database.submit(
                { try $0.run("INSERT INTO item (name) VALUES (\("n\(number)"))") },
                done: { _ in told.open() })
        }
        #expect(throws: SQLError.busy) {
            try scratch.database.submit(
                { try $0.run("INSERT INTO item (name) VALUES ('x')") }, done: { _ in })
        }
        gate.open()
        for _ in 1...3 { told.wait() }
        #expect(try await scratch.names() == ["n1", "n2", "n3"])
    }

    @Test func `closing loses nothing that was accepted`() async throws {
        let scratch = try await Scratch().prepared()
        let told = Mutex(0)
        for number in 0..<200 {
            try scratch.database.submit(
                { try $0.run("INSERT INTO item (name) VALUES (\("n\(number)"))") },
                done: { _ in told.withLock { $0 += 1 } })
        }
        try scratch.database.close()
        #expect(told.withLock { $0 } == 200)
        #expect(throws: SQLError.closed) { try scratch.database.submit({ _ in }, done: { _ in }) }
        let again = try SQLiteDatabase(path: scratch.path) { _, _ in }
        let count = try await again.read {
            try $0.first("SELECT count(*) FROM item")?.get(0, as: Int.self)
        }
        #expect(count == 200)
        try again.close()
    }

    @Test func `errors of the engine have the port's names`() async throws {
        let scratch = try await Scratch().prepared()
        try await scratch.database.write { try $0.run("INSERT INTO item (name) VALUES ('a')") }
        await #expect(throws: SQLError.unique(rule: "item.name")) {
            try await scratch.database.write { try $0.run("INSERT INTO item (name) VALUES ('a')") }
        }
        await #expect {
            try await scratch.database.write {
                try $0.run("INSERT INTO item (name) VALUES (\(nil as String?))")
            }
        } throws: { error in
            if case SQLError.check = error { true } else { false }
        }
    }

    @Test func `a backup taken during work is whole`() async throws {
        let scratch = try await Scratch().prepared()
        for number in 0..<300 {
            try scratch.database.submit(
                { try $0.run("INSERT INTO item (name) VALUES (\("n\(number)"))") }, done: { _ in })
        }
        let copy = scratch.path + ".copy"
        let seen = try scratch.database.copy(to: copy) {
            try $0.first("SELECT count(*) FROM item")?.get(0, as: Int.self)
        }
        let opened = try SQLiteDatabase(path: copy) { _, _ in }
        let names = try await opened.read { transaction in
            try transaction.rows("SELECT name FROM item ORDER BY id").map {
                try $0.get(0, as: String.self)
            }
        }
        // A prefix of the commits: nothing torn, nothing out of order.
        #expect(names == (0..<names.count).map { "n\($0)" })
        #expect(seen == names.count, "what is read beside the copy is what was copied")
        try opened.close()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) }
    }
}

@Suite struct StatementTests {
    @Test func `values travel beside the text, never in it`() {
        let name = "x'; DROP TABLE item; --"
        let statement: Statement =
            "SELECT * FROM item WHERE name = \(name) AND id IN \(list: [1, 2, 3])"
        #expect(statement.text == "SELECT * FROM item WHERE name = ? AND id IN (?,?,?)")
        #expect(statement.values == [.text(name), .int(1), .int(2), .int(3)])
    }

    @Test func `a part brings its own values`() {
        let condition: Statement = "id > \(5)"
        let statement: Statement = "SELECT 1 WHERE \(condition) AND \(true)"
        #expect(statement.text == "SELECT 1 WHERE id > ? AND ?")
        #expect(statement.values == [.int(5), .int(1)])
    }
}
