import Foundation
import SQLOnPostgres
import TestSupport
import Testing

/// The commands as a person at a terminal meets them.
@Suite struct CommandJourneys {
    @Test func `the page of settings is the program's own table`() async throws {
        let result = try await Program.run(["config", "--page"])
        let page = try String(
            contentsOf: Program.repository.appending(path: "Docs/settings.md"), encoding: .utf8)
        #expect(result.status == 0)
        #expect(result.output == page, "run: qinke config --page > Docs/settings.md")
    }

    @Test func `a flag wins over the environment, that over the file, that over the standard`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "qinke-config-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "port: 1111\nreaders: 5\ngroup: 7\n".write(
            to: folder.appending(path: "qinke.yaml"), atomically: true, encoding: .utf8)
        let result = try await Program.run(
            ["config", "--port", "3333"],
            environment: ["QINKE_PORT": "2222", "QINKE_READERS": "6", "QINKE_PROT": "1"], in: folder
        )
        func value(_ name: String) -> [Substring] {
            result.output.split(separator: "\n").map { $0.split(separator: " ") }
                .first { $0.first == name[...] } ?? []
        }
        #expect(value("port").dropFirst().first == "3333")
        #expect(value("port").last == "命令行")
        #expect(value("readers").dropFirst().first == "6")
        #expect(value("readers").last == "QINKE_READERS")
        #expect(value("group").dropFirst().first == "7")
        #expect(value("group").last == "qinke.yaml")
        #expect(value("host").last == "默认")
        #expect(result.errors.contains("QINKE_PROT"))
    }

    @Test func `the password of a database is never printed`() async throws {
        let secret = "hua-sheng-7-tang"
        for arguments in [
            ["config", "--database", "postgres://qinke:\(secret)@127.0.0.1:1/shop"],
            ["config", "--database", "postgres:/\(secret)"],
            ["serve", "--database", "postgres://qinke:\(secret)@127.0.0.1:1/shop"],
            ["serve", "--database", "postgres:/\(secret)"],
        ] {
            let result = try await Program.run(arguments)
            #expect(!result.output.contains(secret), "\(arguments[0])")
            #expect(!result.errors.contains(secret), "\(arguments[0])")
        }
    }

    @Test(arguments: [
        (["serve", "--port", "70000"], "port"), (["serve", "--log-level", "loud"], "logLevel"),
        (["config", "--config", "/nowhere.yaml"], "/nowhere.yaml"),
    ])
    func `a setting that cannot be is refused by its name`(arguments: [String], name: String)
        async throws
    {
        let result = try await Program.run(arguments)
        #expect(result.status != 0)
        #expect(result.errors.contains(name))
    }

    @Test(.timeLimit(.minutes(8)))
    func `a backup of a running server is proved, restored and refused when it was touched`()
        async throws
    {
        let shop = try await Shop(agents: ["apple"])
        try await shop.start()
        let backup = shop.folder.appending(path: "backup").path()
        let other = shop.folder.appending(path: "other/qinke.sqlite").path()
        let made = try await Program.run(["backup", backup, "--data", shop.data])
        #expect(made.status == 0, "\(made.errors)")
        let again = try await Program.run(["backup", backup, "--data", shop.data])
        #expect(again.status != 0)
        #expect(again.errors.contains("--force"))

        let inUse = try await Program.run(["restore", backup, "--force", "--data", shop.data])
        #expect(inUse.status != 0)
        #expect(inUse.errors.contains("正在使用"))

        let restored = try await Program.run(["restore", backup, "--data", other])
        #expect(restored.status == 0, "\(restored.errors)")
        let occupied = try await Program.run(["restore", backup, "--data", other])
        #expect(occupied.status != 0)
        let forced = try await Program.run(["restore", backup, "--force", "--data", other])
        #expect(forced.status == 0)
        #expect(forced.output.contains(".before-"))

        let doctor = try await Program.run(["doctor", "--deep", "--data", other, "--port", "0"])
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.output.contains("数据完好"))
        #expect(doctor.output.contains("每次提交都落盘"))

        // One byte of one row, so that the file still is a sound database.
        let file = URL(filePath: backup + "/qinke.sqlite")
        var bytes = try Data(contentsOf: file)
        let name = try #require(bytes.range(of: Data("apple".utf8)))
        bytes.replaceSubrange(name, with: Data("apply".utf8))
        try bytes.write(to: file)
        let touched = try await Program.run(["restore", backup, "--force", "--data", other])
        #expect(touched.status != 0)
        #expect(await shop.stop() == 0)
    }

    @Test(.timeLimit(.minutes(8)))
    func `a second server on the same data is refused`() async throws {
        let shop = try await Shop()
        try await shop.start()
        let second = try await Program.run(["serve", "--data", shop.data, "--port", "0"])
        #expect(second.status != 0)
        #expect(second.errors.contains("另一个 qinke"))
        #expect(await shop.stop() == 0)
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `past conversations come in once, faults are told by row, a preview keeps nothing`(
        _ engine: Engine
    ) async throws {
        let shop = try await Shop(agents: ["apple"], on: engine)
        let good =
            #"{"id":"a1","buyer":{"name":"云朵","contact":"c@example.com"},"agent":"apple","#
            + #""openedAt":1793539352032,"closedAt":1793540149752,"tags":["换货"],"rating":0,"#
            + #""messages":[{"from":"buyer","at":1793539352032,"text":"M小了"},"#
            + #"{"from":"agent","at":1793539369000,"text":"能换"}]}"#
        let faulty = good.replacing("a1", with: "a2").replacing("1793540149752", with: "1")
        let file = shop.folder.appending(path: "past.jsonl")
        try "\(good)\n\(faulty)\nnonsense\n".write(to: file, atomically: true, encoding: .utf8)
        func take(_ more: String...) async throws -> Program.Result {
            try await Program.run(["import", file.path()] + shop.place + more)
        }
        let refused = try await take()
        #expect(refused.status != 0)
        #expect(refused.errors.contains("第 2 行") && refused.errors.contains("第 3 行"))
        let preview = try await take("--dry-run")
        #expect(preview.output.contains("将导入 1 段会话、2 条消息，新买家 1 位"))
        let taken = try await take("--skip-faults")
        #expect(taken.output.contains("已导入 1 段会话、2 条消息，新买家 1 位"))
        let again = try await take("--skip-faults")
        #expect(again.output.contains("已导入 0 段会话、0 条消息，新买家 0 位；已有 1 段"))
    }

    @Test(.timeLimit(.minutes(8)), arguments: Engine.allCases)
    func `the demonstration opens with its addresses, the second time within five seconds`(
        _ engine: Engine
    ) async throws {
        let address = try engine == .postgres ? TestPostgres.database() : nil
        defer { address.map { TestPostgres.remove($0) } }
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "qinke-demo-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments =
            ["demo", "--port", "0", "--speed", "20", "--buyers", "2"]
            + (address.map { ["--database", $0.url] } ?? [])
        for time in 1...2 {
            let clock = ContinuousClock()
            let began = clock.now
            let demo = try Running(arguments, in: folder)
            #expect(await demo.says("┘"), "\(demo.errors)")
            if time == 2 { #expect(clock.now - began < .seconds(5)) }
            for page in ["/demo/shop", "/desk", "/wall"] { #expect(demo.output.contains(page)) }
            #expect(demo.output.contains("xiaocheng"))
            demo.signal(SIGTERM)
            #expect(await demo.ended() == 0, "\(demo.errors)")
        }
        let open = try await Program.run(["demo", "--host", "0.0.0.0"], in: folder)
        #expect(open.status != 0)
    }
}
