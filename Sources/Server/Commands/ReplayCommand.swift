import ArgumentParser
import Desk
import Foundation

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract:
            "用公开协议重放对话，最后和存储对账 · Play dialogues through the public protocol, then audit the store.",
        discussion: """
            每段对话是一个独立的买家；客服用 --login 登录。结束时对账：发出、确认、保存、送达、丢失、重复、乱序和延迟。
            有丢失、重复、乱序、拒绝或没有回执时，退出码不是 0。服务中途被杀掉再启动，客户端会一直重连到 --patience 秒。

            Every dialogue is a buyer of its own; agents log in with --login. It ends with an audit: sent, acknowledged, \
            stored, delivered, lost, duplicated, out of order, and latency. It exits non-zero when anything is lost, \
            doubled, out of order, refused or unanswered. Clients keep reconnecting for --patience seconds.
            """)

    @Argument(help: "对话文件，每行一个 JSON · The dialogues, one JSON object a line")
    var file: String
    @Option(help: "服务的地址，多个节点就给多次 · The server's address; once for each node")
    var against = ["http://127.0.0.1:8484"]
    @Option(help: "同时有多少个买家 · Buyers at the same time")
    var buyers = 20
    @Option(help: "比真人快多少倍，0 = 不停顿 · Times faster than people; 0 = without pauses")
    var speed = 20.0
    @Option(help: "只放前几段 · Only the first so many dialogues")
    var limit: Int?
    @Flag(help: "在中间断开、拖慢和重复连接 · Cut, delay and double connections on the way")
    var chaos = false
    @Option(
        help: ArgumentHelp(
            "捣乱的种类：\(ChaosProxy.Mood.names)；给了就等于 --chaos · What goes wrong; implies --chaos"))
    var mood: String?
    @Flag(help: "同一方连着说的话不等回执就发 · Send what one side says in a row without waiting for answers")
    var pipelined = false
    @Flag(help: "时不时转接或退回会话 · Hand conversations on and give them back now and then")
    var passesOn = false
    @Option(help: "捣乱的种子 · The seed of the chaos")
    var seed: UInt64 = 1
    @Option(help: "客服的登录名，可以给多个 · An agent's log-in; may be given more than once")
    var login: [String] = []
    @Option(help: "对应的密码；省略时用 QINKE_PASSWORD · Their passwords; QINKE_PASSWORD when absent")
    var password: [String] = []
    @Option(help: "店铺代号；省略时用客服的店 · The shop's slug; the agents' shop when absent")
    var shop: String?
    @Option(help: "服务最多离开几秒 · Seconds that the server may stay away")
    var patience = 90
    @Option(
        help: "把每个客户端看到的写进文件，给 qinke reconcile · Write what every client saw, for qinke reconcile")
    var history: String?
    @Option(help: "把报告写成 JSON 文件 · Write the report as JSON")
    var record: String?

    func run() async throws {
        let nodes = against.compactMap { PlainHTTP(url: $0) }
        guard !nodes.isEmpty, nodes.count == against.count else {
            throw ValidationError("--against http://HOST:PORT")
        }
        guard let wrong = ChaosProxy.Mood(rawValue: mood ?? "everything") else {
            throw ValidationError("--mood \(ChaosProxy.Mood.names)")
        }
        guard !login.isEmpty else { throw ValidationError("--login") }
        let common = ProcessInfo.processInfo.environment["QINKE_PASSWORD"]
        var plan = Replay.Plan()
        plan.logins = try login.enumerated().map { index, name in
            guard let word = index < password.count ? password[index] : password.last ?? common
            else {
                throw ValidationError("--password / QINKE_PASSWORD")
            }
            return (name, word)
        }
        plan.buyers = buyers
        plan.speed = speed
        plan.chaos = chaos || mood != nil
        plan.mood = wrong
        plan.pipelined = pipelined
        plan.passesOn = passesOn
        plan.seed = seed
        plan.patience = .seconds(patience)
        plan.shop = shop
        let all = try Dialogue.read(file)
        let dialogues = limit.map { Array(all.prefix($0)) } ?? all
        Say.aside(
            zh:
                "重放 \(dialogues.count) 段对话，同时 \(buyers) 个买家，\(against.joined(separator: " "))\(plan.chaos ? "，捣乱种子 \(seed)" : "")",
            en:
                "playing \(dialogues.count) dialogues, \(buyers) buyers at a time, \(against.joined(separator: " "))\(plan.chaos ? ", chaos seed \(seed)" : "")"
        )
        let notebook = try Notebook(path: history)
        let report = try await Replay(plan: plan, nodes: nodes, notebook: notebook) {
            Say.aside($0)
        }.run(dialogues)
        for line in report.lines { Say.line(line) }
        if let record {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try encoder.encode(report).write(to: URL(filePath: record))
        }
        guard report.isClean else {
            Say.aside(zh: "对账不通过", en: "the audit failed")
            throw ExitCode(1)
        }
        Say.line(
            zh: "对账通过：没有丢失、重复或乱序", en: "The audit is clean: nothing lost, doubled or out of order")
    }
}
