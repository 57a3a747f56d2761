import ArgumentParser
import Desk
import Foundation
import Storage

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "导入以前的会话（格式见 Docs/import.md） · Bring past conversations in; the format is in Docs/import.md."
    )

    @Argument(help: "每行一段会话的 JSON 文件 · A file with one conversation a line")
    var file: String
    @Option(help: "店铺代号；只有一家店时可省略 · The shop's slug, unless there is only one")
    var shop: String?
    @Flag(help: "只预览，不保存 · Tell what would happen and keep nothing")
    var dryRun = false
    @Flag(help: "有错的行跳过，其余照常导入 · Leave faulty rows out and take the others in")
    var skipFaults = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        let (past, faults) = try HistoryFile.read(file)
        for fault in faults.prefix(20) {
            Say.aside(
                zh: "第 \(fault.row) 行：\(fault.message.zh)",
                en: "row \(fault.row): \(fault.message.en)")
        }
        if faults.count > 20 {
            Say.aside(
                zh: "还有 \(faults.count - 20) 行有错", en: "\(faults.count - 20) more rows are faulty")
        }
        guard faults.isEmpty || skipFaults || dryRun else {
            Say.aside(
                zh: "什么都没有导入；改正后再来，或加 --skip-faults",
                en: "nothing was imported; mend the rows or add --skip-faults")
            throw ExitCode(1)
        }
        let house = try await House.open(settings, alone: false)
        defer { try? house.close() }
        let shop = try await house.shop(shop)
        let outcome = try await HistoryFile.take(past, into: shop, preview: dryRun, house) { done in
            Say.aside("\(done)/\(past.count)")
        }
        let (zh, en) = dryRun ? ("将导入", "Would import") : ("已导入", "Imported")
        Say.line(
            zh:
                "\(zh) \(outcome.conversations) 段会话、\(outcome.messages) 条消息，新买家 \(outcome.buyers) 位；"
                + "已有 \(outcome.known) 段，有错 \(faults.count) 行",
            en: "\(en) \(outcome.conversations) conversations, \(outcome.messages) messages, "
                + "\(outcome.buyers) new buyers; \(outcome.known) were known, \(faults.count) rows faulty"
        )
        if !faults.isEmpty { throw ExitCode(dryRun ? 1 : 0) }
    }
}

/// A file of past conversations.
enum HistoryFile {
    /// Conversations of one transaction.
    private static let batch = 200

    static func read(_ path: String) throws -> ([PastConversation], [PastConversation.Fault]) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw House.Failure(message: Localized(zh: "读不到 \(path)", en: "cannot read \(path)"))
        }
        return parse(text)
    }

    static func parse(_ text: String) -> ([PastConversation], [PastConversation.Fault]) {
        var found: [PastConversation] = []
        var faults: [PastConversation.Fault] = []
        var seen: [String: Int] = [:]
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, row) in rows.enumerated() where !row.allSatisfy(\.isWhitespace) {
            do throws(PastConversation.Fault) {
                let past = try PastConversation.read(String(row), number: index + 1)
                if let first = seen[past.id] {
                    throw PastConversation.Fault(
                        row: index + 1,
                        message: Localized(
                            zh: "id 和第 \(first) 行相同", en: "has the id of row \(first)"))
                }
                seen[past.id] = index + 1
                found.append(past)
            } catch {
                faults.append(error)
            }
        }
        return (found, faults)
    }

    static func take(
        _ past: [PastConversation], into shop: ShopID, preview: Bool, _ house: House,
        progress: (Int) -> Void
    ) async throws -> HistoryImport.Outcome {
        let history = HistoryImport(house.carryOut)
        var outcome = HistoryImport.Outcome()
        var done = 0
        while done < past.count {
            let part = Array(past[done..<min(done + batch, past.count)])
            outcome.add(try await history.take(part, into: shop, preview: preview))
            done += part.count
            if past.count > batch { progress(done) }
        }
        return outcome
    }
}

extension House {
    /// The shop with a slug, or the only one.
    func shop(_ slug: String?) async throws -> ShopID {
        if let slug { return try await identity.shops.one(slug: slug).id }
        let all = try await identity.shops.all()
        guard let only = all.first, all.count == 1 else {
            throw Failure(
                message: all.isEmpty
                    ? Localized(
                        zh: "还没有店铺：先启动服务并完成设置",
                        en: "there is no shop yet: run the server and set it up")
                    : Localized(
                        zh: "有 \(all.count) 家店，请用 --shop 指明",
                        en: "there are \(all.count) shops; name one with --shop"))
        }
        return only.id
    }
}
