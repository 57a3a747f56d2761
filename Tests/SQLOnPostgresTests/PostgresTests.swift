import Foundation
import SQL
import TestSupport
import Testing

@testable import SQLOnPostgres

@Suite(.timeLimit(.minutes(8))) struct PostgresTests {
    @Test(
        arguments: [
            .null, .int(0), .int(.min), .int(.max), .int(-1), .double(0.1), .double(-1e300),
            .text(""), .text("退款 ＡＢＣ 👩‍🌾 'quoted' \\ ? $1"), .blob([]), .blob([0, 255, 0, 39, 92]),
        ] as [SQLValue])
    func `a value comes back as it was bound`(value: SQLValue) async throws {
        let scratch = try await Scratch()
        let kept = try await scratch.database.write { transaction in
            try transaction.script(
                "CREATE TABLE every (i bigint, d float8, t text, b bytea)")
            let column: Statement =
                switch value {
                case .null, .int: "i"
                case .double: "d"
                case .text: "t"
                case .blob: "b"
                }
            try transaction.run("INSERT INTO every (\(column)) VALUES (\(Bare(sqlValue: value)))")
            return try transaction.first("SELECT \(column) FROM every")?.values.first
        }
        #expect(kept == value)
    }

    private struct Bare: SQLBindable { let sqlValue: SQLValue }

    @Test func `answers of the server's own types are the port's values`() async throws {
        let scratch = try await Scratch()
        let row = try await scratch.database.read { transaction in
            try transaction.first(
                """
                SELECT count(*), sum(v), avg(v), max(v) > 2, CAST('100000000000000000000000' AS numeric),
                    CAST(-70000.5 AS numeric), CAST(0 AS numeric), CAST(-40000 AS numeric), CAST(7 AS int),
                    CAST(-7 AS smallint), pg_notify('qinke_x', ''), CAST('{"a":1}' AS jsonb), CAST(1.5 AS real)
                FROM unnest(ARRAY[1, 2, 3]::bigint[]) v
                """)
        }
        #expect(
            row?.values == [
                .int(3), .int(6), .int(2), .int(1), .double(1e23),
                .double(-70000.5), .int(0), .int(-40_000), .int(7), .int(-7), .null,
                .text("{\"a\": 1}"), .double(1.5),
            ])
    }

    @Test func `text that the server cannot keep is refused, not cut`() async throws {
        let scratch = try await Scratch()
        await #expect(throws: SQLError.check(rule: "text without U+0000")) {
            try await scratch.database.write {
                try $0.run("INSERT INTO item (name) VALUES (\("a\0b"))")
            }
        }
        #expect(try await scratch.names() == [])
    }

    @Test func `what is only sent goes out with the next question, in one round trip`() async throws
    {
        let scratch = try await Scratch()
        let link = try Link(to: scratch.address, Link.Limits(), purpose: "test")
        defer { link.close() }
        let before = link.trips
        try link.send(plain: "BEGIN")
        for number in 0..<20 {
            try link.send("INSERT INTO item (name) VALUES (\("n\(number)"))")
        }
        #expect(link.trips == before)
        #expect(try link.ask("SELECT count(*) FROM item").rows.first?.get(0) == 20)
        #expect(link.trips == before + 1)
        #expect(try link.ask(plain: "COMMIT").tag == "COMMIT")
        #expect(link.trips == before + 2)
    }

    @Test func `a failure of what was only sent is told to the unit that sent it`() async throws {
        let scratch = try await Scratch()
        let told = await Scratch.submit(0..<60, to: scratch.database) { number, transaction in
            try transaction.run("INSERT INTO item (name) VALUES (\("first \(number)"))")
            // Every seventh hits a name that is there; it is only sent, and the unit goes on.
            let name = number % 7 == 3 ? "first 0" : "second \(number)"
            try transaction.run("INSERT INTO item (name) VALUES (\(name))")
            if number % 5 == 0 { _ = try transaction.rows("SELECT 1") }
        }
        for (number, result) in told {
            switch result {
            case .success: #expect(number % 7 != 3)
            case .failure(let error):
                #expect(number % 7 == 3)
                #expect(error as? SQLError == .unique(rule: "item_name_key"))
            }
        }
        let kept = (0..<60).filter { $0 % 7 != 3 }
        #expect(
            try await scratch.names() == kept.flatMap { ["first \($0)", "second \($0)"] })
    }

    @Test func `a unit that throws after it wrote takes nobody with it`() async throws {
        let scratch = try await Scratch()
        let told = await Scratch.submit(0..<100, to: scratch.database) { number, transaction in
            if number % 10 == 1 { throw Refused() }
            try transaction.run("INSERT INTO item (name) VALUES (\("n\(number)"))")
            if number % 10 == 2 { throw Refused() }
        }
        let failed = told.filter { if case .failure = $0.value { true } else { false } }.keys
        #expect(failed.allSatisfy { [1, 2].contains($0 % 10) } && failed.count == 20)
        let kept = (0..<100).filter { ![1, 2].contains($0 % 10) }
        #expect(try await scratch.names() == kept.map { "n\($0)" })
    }

    @Test func `a unit that passes over a failure is not kept in part`() async throws {
        let scratch = try await Scratch()
        let told = await Scratch.submit(0..<3, to: scratch.database) { number, transaction in
            try transaction.run("INSERT INTO item (name) VALUES (\("n\(number)"))")
            if number == 1 { _ = try? transaction.rows("SELECT nonsense FROM item") }
        }
        #expect(throws: SQLError.self) { try told[1]?.get() }
        #expect(throws: Never.self) { try told[0]?.get() }
        #expect(throws: Never.self) { try told[2]?.get() }
        #expect(try await scratch.names() == ["n0", "n2"])
    }

    @Test func `a part is undone alone`() async throws {
        let scratch = try await Scratch()
        try await scratch.database.write { transaction in
            try transaction.run("INSERT INTO item (name) VALUES ('kept')")
            for _ in 0..<2 {
                do {
                    try transaction.savepoint {
                        try transaction.run("INSERT INTO item (name) VALUES ('gone')")
                        try transaction.run("INSERT INTO item (name) VALUES ('kept')")
                    }
                    Issue.record("a name was kept twice")
                } catch SQLError.unique(rule: "item_name_key") {}
            }
            try transaction.savepoint {
                try transaction.run("INSERT INTO item (name) VALUES ('also')")
            }
        }
        #expect(try await scratch.names() == ["kept", "also"])
    }

    @Test func `counters have no gaps, even past failures and other nodes`() async throws {
        let scratch = try await Scratch()
        let other = try Scratch.open(scratch.address)
        let both = [scratch.database, other]
        let taken = await withTaskGroup(of: Int64?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try? await both[number % 2].write { transaction in
                        let value = try transaction.group.next(1) {
                            try transaction.first(
                                "SELECT value FROM counter WHERE key = 1\(transaction.dialect.forUpdate)"
                            )?.get(0) ?? 0
                        }
                        try transaction.run("INSERT INTO item (name) VALUES (\("n\(value)"))")
                        if number % 3 == 0 { throw Refused() }
                        return value
                    }
                }
            }
            return await group.reduce(into: [Int64]()) { if let value = $1 { $0.append(value) } }
        }
        #expect(taken.sorted() == Array(1...133))
        try other.close()
    }

    @Test func `two nodes that wait for each other both succeed`() async throws {
        let scratch = try await Scratch { $0.lockTimeout = 5_000 }
        let other = try Scratch.open(scratch.address) { $0.lockTimeout = 5_000 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let database = number % 2 == 0 ? scratch.database : other
                let order: [Int64] = number % 2 == 0 ? [1, 2] : [2, 1]
                group.addTask {
                    try await database.write { transaction in
                        for key in order {
                            try transaction.run(
                                "UPDATE counter SET value = value + 1 WHERE key = \(key)")
                            // Makes the other's turn come between.
                            _ = try transaction.rows("SELECT pg_sleep(0.002)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let values = try await scratch.database.read {
            try $0.rows("SELECT value FROM counter ORDER BY key").map {
                try $0.get(0, as: Int.self)
            }
        }
        #expect(values == [40, 40])
        try other.close()
    }

    @Test func `a read sees one moment and changes nothing`() async throws {
        let scratch = try await Scratch()
        let database = scratch.database
        let (before, after) = try await database.read { transaction in
            let before = try transaction.rows("SELECT name FROM item").count
            let done = DispatchSemaphore(value: 0)
            try database.submit(
                { try $0.run("INSERT INTO item (name) VALUES ('later')") },
                done: { _ in done.signal() })
            done.wait()
            return (before, try transaction.rows("SELECT name FROM item").count)
        }
        #expect(before == 0 && after == 0)
        #expect(try await scratch.names() == ["later"])
        await #expect(throws: SQLError.readOnly) {
            try await database.read {
                try $0.run("INSERT INTO item (name) VALUES ('x')")
                try $0.settle()
            }
        }
        #expect(try await scratch.names() == ["later"])
    }

    @Test func `a cancelled read ends at the server, and the next one goes on`() async throws {
        let scratch = try await Scratch { $0.readers = 1 }
        let database = scratch.database
        let task = Task { try await database.read { _ = try $0.rows("SELECT pg_sleep(60)") } }
        let waiting = Task { try await database.read { _ = try $0.rows("SELECT pg_sleep(60)") } }
        try await running("pg_sleep", in: database)
        waiting.cancel()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(try await database.read { try $0.first("SELECT 7")?.get(0) } == 7)
    }

    @Test func `a statement that takes too long is ended and named`() async throws {
        let scratch = try await Scratch { $0.statementTimeout = 200 }
        await #expect(throws: SQLError.timedOut) {
            try await scratch.database.read { _ = try $0.rows("SELECT pg_sleep(30)") }
        }
        let told = await Scratch.submit(0..<3, to: scratch.database) { number, transaction in
            try transaction.run("INSERT INTO item (name) VALUES (\("n\(number)"))")
            if number == 1 { _ = try transaction.rows("SELECT pg_sleep(30)") }
        }
        #expect(throws: SQLError.timedOut) { try told[1]?.get() }
        #expect(try await scratch.names() == ["n0", "n2"])
    }

    @Test func `commits wait for the disk`() async throws {
        let scratch = try await Scratch()
        try PostgresServer.run(
            ["ALTER DATABASE \(scratch.address.database) SET synchronous_commit = off"],
            at: scratch.address)
        let again = try Scratch.open(scratch.address)
        let setting = try await again.write {
            try $0.first("SELECT current_setting('synchronous_commit')")?.get(0, as: String.self)
        }
        #expect(setting == "on")
        try again.close()
    }

    /// Waits until the writing link is free and a statement runs elsewhere.
    private func running(_ words: String, in database: PostgresDatabase) async throws {
        while true {
            let found = try await database.write { transaction in
                try transaction.first(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE query LIKE \("%\(words)%")
                    AND state = 'active' AND pid <> pg_backend_pid()
                    """)?.get(0, as: Int.self) ?? 0
            }
            if found > 0 { return }
        }
    }
}
