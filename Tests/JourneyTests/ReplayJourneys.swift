import Foundation
import Synchronization
import TestSupport
import Testing

/// Dialogues through the whole program, while the way and the server itself fail.
@Suite(.serialized) struct ReplayJourneys {
    struct Report: Decodable {
        let sent: Int
        let acknowledged: Int
        let stored: Int
        let delivered: Int
        let lost: Int
        let duplicated: Int
        let outOfOrder: Int
        let unanswered: Int
        let refused: Int
        let reconnects: Int
    }

    private static let own = Program.repository.appending(path: "Demo/dialogues.zh.jsonl").path()
    /// Real dialogues, which stay outside the repository.
    static let real = ProcessInfo.processInfo.environment["QINKE_DIALOGUES"]

    /// Counts how far a replay is, and kills the server once when it is far enough.
    private final class Killer: Sendable {
        private let turns = Mutex(0)
        let reached: AsyncStream<Void>
        private let signal: AsyncStream<Void>.Continuation
        private let limit: Int

        init(after limit: Int) {
            self.limit = limit
            (reached, signal) = AsyncStream.makeStream(of: Void.self)
        }

        /// A line of progress: `3/40  51/477`.
        func see(_ line: String) {
            guard let part = line.split(separator: " ").last?.split(separator: "/"),
                part.count == 2,
                let done = Int(part[0])
            else { return }
            let before = turns.withLock { turns in
                defer { turns = max(turns, done) }
                return turns
            }
            if before < limit, done >= limit { signal.finish() }
        }
    }

    private func replay(
        _ file: String, buyers: Int, speed: String, limit: Int?, killAfter: Int?, on engine: Engine
    ) async throws -> (Report, Program.Result) {
        let agents = ["apple", "peach", "grape"]
        let shop = try await Shop(agents: agents, on: engine)
        try await shop.start()
        let record = shop.folder.appending(path: "report.json")
        var arguments = [
            "replay", file, "--against", shop.url, "--buyers", String(buyers), "--speed", speed,
            "--chaos",
            "--password", Shop.password, "--record", record.path(), "--patience", "60",
        ]
        for agent in agents { arguments += ["--login", agent] }
        if let limit { arguments += ["--limit", String(limit)] }
        let killer = Killer(after: killAfter ?? .max)
        let playing = Task { [arguments] in
            let result = try await Program.run(arguments) { killer.see($0) }
            // Whoever waits for a point that was never reached waits no more.
            killer.see("0/0  \(Int.max)/0")
            return result
        }
        if killAfter != nil {
            for await _ in killer.reached {}
            await shop.kill()
            try await shop.start()
        }
        let result = try await playing.value
        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: record))
        #expect(await shop.stop() == 0)
        return (report, result)
    }

    private func expectClean(_ report: Report, _ result: Program.Result) {
        #expect(result.status == 0, "\(result.output)\n\(result.errors.suffix(2_000))")
        #expect(report.sent > 0)
        #expect(report.acknowledged == report.sent)
        #expect(report.stored == report.sent)
        #expect(report.delivered == report.sent)
        #expect(report.lost == 0)
        #expect(report.duplicated == 0)
        #expect(report.outOfOrder == 0)
        #expect(report.unanswered == 0)
        #expect(report.refused == 0)
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `kill -9 in the middle of a replay over a bad way loses, doubles and disorders nothing`(
        _ engine: Engine
    ) async throws {
        let (report, result) = try await replay(
            Self.own, buyers: 20, speed: "30", limit: 40, killAfter: 120, on: engine)
        expectClean(report, result)
        // Everybody was thrown off by the kill, so a run without reconnects has not been through it.
        #expect(report.reconnects > 3)
    }

    @Test(
        .enabled(
            if: real != nil,
            "QINKE_DIALOGUES is not set: the real dialogues are absent, the project's own were played"
        ),
        .timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `the real dialogues with fifty buyers, a bad way and a kill in the middle`(
        _ engine: Engine
    ) async throws {
        let (report, result) = try await replay(
            try #require(Self.real), buyers: 50, speed: "60", limit: nil, killAfter: 900,
            on: engine)
        expectClean(report, result)
    }

    @Test(.timeLimit(.minutes(8)))
    func `a replay that cannot log in says so and fails`() async throws {
        let shop = try await Shop()
        try await shop.start()
        let result = try await Program.run([
            "replay", Self.own, "--against", shop.url, "--login", "nobody", "--password", "wrong",
        ])
        #expect(result.status != 0)
        #expect(result.errors.contains("login."))
    }
}
