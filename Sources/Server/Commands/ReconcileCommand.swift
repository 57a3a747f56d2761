import ArgumentParser
import Desk
import Foundation
import Reconciliation
import SQL
import Storage

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract:
            "把客户端看到的和存储里有的逐条对账 · Compare what clients saw with what the store holds.",
        discussion: """
            读取 qinke replay --history 写的文件和数据库：每条确认过的消息正好一条、各方顺序相同、编号不跳不重、没有两人同时接待、\
            没有超出接待上限、没有落后的跟随者、确认之后没有读到旧数据。有一条不符，退出码就不是 0。

            Reads what qinke replay --history wrote and the store itself: every acknowledged message exactly once, the same order for \
            everybody, no number skipped or reused, nobody served by two, no limit exceeded, no follower behind, nothing old read \
            after an answer. Exits non-zero when anything is found.
            """)

    @Argument(help: "qinke replay --history 写的文件 · The files that qinke replay --history wrote")
    var histories: [String] = []
    @Option(help: "店铺代号；只有一家店时可省略 · The shop's slug; not needed when there is one shop")
    var shop: String?
    @Option(help: "最多列出几条 · Findings to list")
    var most = 20
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        var notes: [ClientNote] = []
        for path in histories {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw House.Failure(
                    message: Localized(zh: "读不到 \(path)", en: "cannot read \(path)"))
            }
            notes += try ClientNote.read(text)
        }
        let house = try await House.open(try flags.settings(), alone: false)
        let id = try await house.shop(shop)
        let policy = house.identity.policies.now(id)
        let database: any Database = house.database
        let holdings = try await database.read {
            try Holdings(of: id, policy: policy, in: $0)
        }
        try house.close()
        let findings = Reconciliation.findings(notes, holdings)
        let (acked, reads) = (
            notes.count { $0.what == .acked }, notes.count { $0.what == .read }
        )
        Say.line(
            zh:
                "记录 \(notes.count) 条（确认 \(acked)，读取 \(reads)），消息 \(holdings.entries.count) 条，事件 \(holdings.log?.count ?? 0) 条",
            en:
                "\(notes.count) notes (\(acked) answers, \(reads) readings), \(holdings.entries.count) messages, "
                + "\(holdings.log?.count ?? 0) events")
        for finding in findings.prefix(most) { Say.line("✗ \(finding)") }
        guard findings.isEmpty else {
            Say.aside(
                zh: "对账不通过：\(findings.count) 条不符",
                en: "\(findings.count) findings: the store and the clients disagree")
            throw ExitCode(1)
        }
        Say.line(zh: "对账通过", en: "Everything agrees")
    }
}
