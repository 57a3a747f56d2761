import Foundation
import SQL
import Synchronization
import TestSupport
import Testing

@testable import SQLOnPostgres

@Suite struct FailureNamesTests {
    @Test(arguments: [
        ("23505", SQLError.unique(rule: "r")), ("23503", .foreignKey), ("23514", .check(rule: "r")),
        ("40001", .retry("m")), ("40P01", .retry("m")), ("55P03", .retry("m")),
        ("57014", .timedOut), ("53100", .full), ("25006", .readOnly),
        ("53300", .away(StoreAway(.tooManyConnections, "m"))),
        ("57P01", .away(StoreAway(.lost, "m"))), ("57P03", .away(StoreAway(.starting, "m"))),
        ("08006", .away(StoreAway(.lost, "m"))), ("XX001", .corrupt("m")),
    ])
    func `each state of PostgreSQL has the port's name`(state: String, error: SQLError) {
        #expect(SQLError(state: state, message: "m", rule: "r") == error)
    }

    @Test func `the value that was wrong is not in the message`() {
        let error = SQLError(
            state: "22P02", message: "invalid input syntax for type bigint: \"13912345678\"")
        #expect(!"\(error)".contains("139"))
    }

    @Test func `an address is shown without its password`() throws {
        let address = try PostgresAddress(
            "postgres://shop:s3cr%40t@db.example:6432/desk?sslmode=verify-full")
        #expect("\(address)" == "postgres://shop@db.example:6432/desk?sslmode=verify-full")
        #expect(!String(reflecting: address).contains("s3cr"))
        #expect(throws: PostgresAddress.Failure.unreadable) {
            try PostgresAddress("postgres://shop:s3cr%zzt@db.example/desk")
        }
        #expect(throws: PostgresAddress.Failure.unreadable) { try PostgresAddress("mysql://a/b") }
    }
}

/// A PostgreSQL of its own, which a test may stop.
private final class OwnServer: Sendable {
    let folder = "/tmp/qinke-postgres-\(UUID().uuidString.prefix(8))"
    let address: PostgresAddress

    init() throws {
        address = try PostgresAddress(
            try TestPostgres.start(
                in: folder, until: ProcessInfo.processInfo.processIdentifier,
                environment: ["QINKE_TEST_POSTGRES_DURABLE": "1"]))
    }

    deinit { _ = try? TestPostgres.script(["stop", folder]) }

    func crash() throws { try TestPostgres.script(["crash", folder]) }
    func resume() throws { try TestPostgres.script(["resume", folder]) }

    func run(_ statements: String...) throws { try PostgresServer.run(statements, at: address) }
}

@Suite(.serialized, .timeLimit(.minutes(8))) struct AwayTests {
    private static let server = Result { try OwnServer() }

    private func reason(_ address: PostgresAddress) -> StoreAway.Reason? {
        do {
            try Scratch.open(address).close()
            return nil
        } catch SQLError.away(let away) {
            #expect(!away.message.contains("s3cret"))
            return away.reason
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test func `what keeps a program out is named`() throws {
        let server = try Self.server.get()
        let port = server.address.port
        try server.run(
            "CREATE ROLE guest LOGIN PASSWORD 's3cret-right'",
            "CREATE ROLE narrow LOGIN CONNECTION LIMIT 1",
            "CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0")
        let rules = URL(filePath: server.folder + "/data/pg_hba.conf")
        let before = try String(contentsOf: rules, encoding: .utf8)
        let strict = "host all guest 127.0.0.1/32 scram-sha-256\n" + before
        try strict.write(to: rules, atomically: false, encoding: .utf8)
        try server.run("SELECT pg_reload_conf()")
        func address(_ who: String, _ end: String = "/qinke") throws -> PostgresAddress {
            try PostgresAddress("postgres://\(who)@127.0.0.1:\(port)\(end)")
        }
        #expect(reason(try address("guest:s3cret-wrong")) == .password)
        #expect(reason(try address("guest")) == .password)
        #expect(reason(try address("nobody_known")) == .password)
        #expect(reason(try address("guest:s3cret-right")) == nil)
        #expect(reason(try address("qinke", "/nowhere")) == .noSuchDatabase)
        #expect(reason(try address("qinke", "/old")) == .unfit)
        #expect(reason(try address("qinke", "/qinke?sslmode=require")) == .tls)
        #expect(reason(try PostgresAddress("postgres://qinke@127.0.0.1:1/qinke")) == .unreachable)
        #expect(
            reason(try PostgresAddress("postgres://qinke@no-such-host.invalid/qinke"))
                == .unreachable)
        let one = try Link(to: try address("narrow"), Link.Limits(), purpose: "test")
        #expect(reason(try address("narrow")) == .tooManyConnections)
        one.close()
    }

    @Test func `a database that only reads says so, and is left for one that writes`() async throws
    {
        let server = try Self.server.get()
        try server.run("CREATE DATABASE standing")
        let database = try Scratch.open(try server.address.naming("standing"))
        try await database.write { try $0.script("CREATE TABLE item (name text)") }
        try server.run(
            "ALTER DATABASE standing SET default_transaction_read_only = on",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'standing'")
        await #expect(throws: SQLError.readOnly) {
            try await database.write { try $0.run("INSERT INTO item (name) VALUES ('a')") }
        }
        try server.run("ALTER DATABASE standing SET default_transaction_read_only = off")
        try await database.write { try $0.run("INSERT INTO item (name) VALUES ('b')") }
        let names = try await database.read { try $0.rows("SELECT name FROM item").count }
        #expect(names == 1)
        try database.close()
    }

    @Test func `a link that the server ends is made anew, and nobody notices`() async throws {
        let server = try Self.server.get()
        try server.run("CREATE DATABASE cut")
        let database = try Scratch.open(try server.address.naming("cut"))
        try await database.write { try $0.script("CREATE TABLE item (name text UNIQUE)") }
        for round in 0..<5 {
            try server.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'")
            let told = await Scratch.submit(0..<20, to: database) { number, transaction in
                try transaction.run("INSERT INTO item (name) VALUES (\("\(round) \(number)"))")
            }
            for result in told.values { #expect(throws: Never.self) { try result.get() } }
            let count = try await database.read { try $0.rows("SELECT name FROM item").count }
            #expect(count == (round + 1) * 20)
        }
        try database.close()
    }

    @Test
    func `through a crash of the server nothing acknowledged is lost, and work goes on by itself`()
        async throws
    {
        let server = try Self.server.get()
        try server.run("CREATE DATABASE crashing")
        let database = try Scratch.open(try server.address.naming("crashing")) {
            $0.patience = 300
        }
        try await database.write { try $0.script("CREATE TABLE item (name text UNIQUE)") }
        let tally = Tally()
        let writers = (0..<8).map { writer in
            Task {
                var number = 0
                while !tally.isOver {
                    let name = "\(writer) \(number)"
                    number += 1
                    do {
                        try await database.write {
                            try $0.run("INSERT INTO item (name) VALUES (\(name))")
                        }
                        tally.keep(name)
                    } catch let error as SQLError {
                        switch error {
                        case .away, .retry, .uncertain: tally.refuse(name)
                        default: Issue.record(error)
                        }
                    }
                }
            }
        }
        for _ in 1...2 {
            await tally.wait(kept: 50)
            try server.crash()
            await tally.wait(refused: 8)
            try server.resume()
            await tally.wait(kept: 50)
        }
        tally.end()
        for writer in writers { try await writer.value }
        let stored = try await database.read {
            Set(try $0.rows("SELECT name FROM item").map { try $0.get(0, as: String.self) })
        }
        let (acknowledged, refused) = tally.told
        #expect(acknowledged.subtracting(stored).isEmpty)
        // What is there without having been acknowledged was told to be uncertain.
        #expect(stored.subtracting(acknowledged).isSubset(of: refused))
        try database.close()
    }
}

/// What the writers of one test were told.
private final class Tally: Sendable {
    private struct State {
        var kept: Set<String> = []
        var refused: Set<String> = []
        var over = false
        /// Who waits, and until how many are kept and refused.
        var waiting: (kept: Int, refused: Int, go: CheckedContinuation<Void, Never>)?

        mutating func wake() -> CheckedContinuation<Void, Never>? {
            guard let (some, others, go) = waiting, kept.count >= some, refused.count >= others
            else { return nil }
            waiting = nil
            return go
        }
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock(\.over) }
    var told: (kept: Set<String>, refused: Set<String>) {
        state.withLock { ($0.kept, $0.refused) }
    }

    func keep(_ name: String) { note { $0.kept.insert(name) } }
    func refuse(_ name: String) { note { $0.refused.insert(name) } }
    func end() { state.withLock { $0.over = true } }

    /// Until so many more were kept and refused than now.
    func wait(kept: Int = 0, refused: Int = 0) async {
        await withCheckedContinuation { go in
            state.withLock {
                $0.waiting = ($0.kept.count + kept, $0.refused.count + refused, go)
            }
        }
    }

    private func note(_ body: (inout State) -> Void) {
        let go = state.withLock { state in
            body(&state)
            return state.wake()
        }
        go?.resume()
    }
}

@Suite(.timeLimit(.minutes(8))) struct PostgresNoticesTests {
    @Test func `every node hears every node's notices, in the order of each`() async throws {
        let scratch = try await Scratch()
        let other = try Scratch.open(scratch.address)
        let (here, one) = try listen(scratch.database)
        let (there, two) = try listen(other)
        #expect(await here.take(1) == [.gap])
        #expect(await there.take(1) == [.gap])
        for number in 0..<150 { try scratch.database.notices.publish("tail", "a\(number)") }
        for number in 0..<150 { try other.notices.publish("tail", "b\(number) 退款") }
        let wanted = (0..<150).map { News.notice("a\($0)") }
        let others = (0..<150).map { News.notice("b\($0) 退款") }
        for ear in [here, there] {
            let heard = await ear.take(300)
            #expect(heard.filter { wanted.contains($0) } == wanted)
            #expect(heard.filter { others.contains($0) } == others)
        }
        withExtendedLifetime([one, two]) {}
        try other.close()
    }

    @Test func `after its link was cut a subscriber hears of a gap, and then again everything`()
        async throws
    {
        let scratch = try await Scratch()
        let (ear, subscription) = try listen(scratch.database)
        #expect(await ear.take(1) == [.gap])
        try scratch.database.notices.publish("tail", "before")
        #expect(await ear.take(1) == [.notice("before")])
        try PostgresServer.run(
            [
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(scratch.address.database)' AND application_name = 'qinke notices'
                """
            ], at: try TestPostgres.address())
        #expect(await ear.take(1) == [.gap])
        try scratch.database.notices.publish("tail", "after")
        #expect(await ear.take(1) == [.notice("after")])
        withExtendedLifetime(subscription) {}
    }

    private func listen(_ database: PostgresDatabase) throws -> (Ear, NoticeSubscription) {
        let ear = Ear()
        return (ear, try database.notices.subscribe("tail") { ear.hear($0) })
    }

    /// Keeps what a subscriber was told.
    private final class Ear: Sendable {
        private let stream: AsyncStream<News>
        private let continuation: AsyncStream<News>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func hear(_ news: News) { continuation.yield(news) }

        func take(_ count: Int) async -> [News] {
            var taken: [News] = []
            for await news in stream {
                taken.append(news)
                if taken.count == count { break }
            }
            return taken
        }
    }
}
