import ArgumentParser
import Desk
import Foundation
import Logging
import ServiceLifecycle
import Storage

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "演示店铺：历史会话、模拟买家，你来当客服 · A demonstration shop: a past, simulated buyers, and you as the agent.",
        discussion: """
            数据在 var/demo/，删掉这个文件夹就重新开始。只监听本机。
            Its data is in var/demo/; remove that folder to begin anew. It listens on this machine only.
            """)

    @Option(help: "模拟买家说的对话 · The dialogues that simulated buyers play")
    var dialogues: String?
    @Option(help: "同时有几个模拟买家 · Simulated buyers at the same time")
    var buyers = 6
    @Option(help: "比真人快多少倍 · Times faster than people")
    var speed = 1.0
    @Option(help: "等不到回答时，几秒后说下一句 · Seconds that a buyer waits for an answer before the next line")
    var patience = 90.0
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings(standards: [
            "data": "var/demo/qinke.sqlite", "port": freePort, "logLevel": "warning",
            // Its data is made anew at will.
            "backupEvery": "0",
        ])
        guard ["127.0.0.1", "localhost", "::1"].contains(settings.host) else {
            throw House.Failure(
                message: Localized(
                    zh: "演示的密码人人知道，只能监听本机",
                    en:
                        "everybody knows the demonstration's passwords; it listens on this machine only"
                ))
        }
        guard speed > 0 else { throw ValidationError("--speed") }
        Log.start(settings)
        let house = try await House.open(settings)
        Say.aside(zh: "准备演示店铺……", en: "Preparing the shop…")
        let shop = DemoShop(house: house)
        _ = try await shop.make()
        let identity = try await shop.identify()
        let lines =
            try dialogues.map { try Dialogue.read($0) }
            ?? Dialogue.parse(try DemoFiles.text("dialogues.zh.jsonl"), name: "dialogues.zh.jsonl")
        guard !lines.isEmpty else { throw ValidationError("--dialogues") }
        let (bound, port) = AsyncStream.makeStream(of: Int.self)
        let callers = LateBuyers(port: bound) { number in
            DemoBuyers(
                dialogues: lines, buyers: buyers, speed: speed, patience: patience,
                http: PlainHTTP(host: "127.0.0.1", port: number), identity: identity,
                logger: house.logger)
        }
        try await house.run(beside: [callers], showsDemo: true) { number in
            for line in DemoBox.lines(port: number, buyers: buyers) { Say.line(line) }
            port.yield(number)
            port.finish()
        }
    }

    /// 8484, or the next port that nobody uses.
    private var freePort: String {
        String((8_484...8_584).first { Doctor.isFree($0) } ?? 0)
    }
}

/// The simulated buyers, who come when the port is known.
private struct LateBuyers: Service {
    let port: AsyncStream<Int>
    let make: @Sendable (Int) -> DemoBuyers

    func run() async throws {
        for await number in port.cancelOnGracefulShutdown() {
            try await make(number).run()
            return
        }
    }
}

/// The three addresses, in a box that keeps its right side straight beside Chinese.
enum DemoBox {
    static func lines(port: Int, buyers: Int) -> [String] {
        let base = "http://127.0.0.1:\(port)"
        let (login, password) = (DemoShop.agent.login, DemoShop.password)
        let rows: [String] =
            Say.english
            ? [
                "Qinke's demonstration shop is open.", "",
                "Buyer's window   \(base)/demo/shop   no log-in: write as a buyer",
                "Agents' desk     \(base)/desk        \(login) / \(password)",
                "Supervisor's     \(base)/wall        \(DemoShop.supervisor.login) / \(password)",
                "",
                "\(buyers) simulated buyers write to you; answer them at the desk, as you like.",
                "The owner is \(DemoShop.owner), with the same password. Ctrl-C ends it.",
            ]
            : [
                "亲客演示店铺已开张", "",
                "买家窗口   \(base)/demo/shop   不用登录，当一回买家",
                "客服工作台 \(base)/desk        \(login) / \(password)",
                "主管大屏   \(base)/wall        \(DemoShop.supervisor.login) / \(password)", "",
                "\(buyers) 位模拟买家会陆续来问，请在工作台上线后用自己的话回答。",
                "店主是 \(DemoShop.owner)，密码相同。按 Ctrl-C 结束。",
            ]
        let width = rows.map(columns).max() ?? 0
        let bar = String(repeating: "─", count: width + 4)
        return ["┌\(bar)┐"]
            + rows.map { "│  \($0)\(String(repeating: " ", count: width - columns($0)))  │" }
            + ["└\(bar)┘"]
    }

    /// Columns of a terminal: ideographs and full-width signs take two.
    static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2e80 && $1.value < 0x1f000 ? 2 : 1) }
    }
}
