import ArgumentParser
import Desk
import Foundation
import Glibc
import Keeping
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Storage
import Synchronization

/// Where a store is, as a person writes it: `sqlite:PATH` or `postgres://…`.
enum StoreAddress: Sendable {
    case sqlite(String)
    case postgres(PostgresAddress)

    init(_ text: String) throws {
        if PostgresAddress.isOne(text) {
            do { self = .postgres(try PostgresAddress(text)) } catch {
                throw KeepingFailure(
                    zh: "读不懂 PostgreSQL 的地址（不重复它，里面可能有密码）",
                    en:
                        "the address of PostgreSQL cannot be read (not repeated: it may hold a password)"
                )
            }
        } else if text.hasPrefix("sqlite:"), text.count > 7 {
            self = .sqlite(String(text.dropFirst(7)))
        } else {
            throw KeepingFailure(
                zh: "地址要写成 sqlite:文件 或 postgres://用户:密码@主机/库，不是“\(text)”",
                en:
                    "an address is sqlite:FILE or postgres://user:password@host/database, not \"\(text)\""
            )
        }
    }

    var text: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): "\(address)"
        }
    }

    /// - Parameter readOnly: opens without the right to change anything, where the engine knows that.
    func open(readOnly: Bool) throws -> any Database {
        switch self {
        case .sqlite(let path):
            if readOnly {
                guard FileManager.default.fileExists(atPath: path) else {
                    throw KeepingFailure(
                        zh: "没有数据文件 \(path)", en: "there is no file of data \(path)")
                }
            } else {
                let folder = URL(filePath: path).deletingLastPathComponent()
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
            }
            var settings = SQLiteDatabase.Settings()
            settings.readOnly = readOnly
            return try SQLiteDatabase(
                path: path, settings: settings, beforeCommit: EventLog.writeCounters)
        case .postgres(let address):
            var settings = PostgresDatabase.Settings()
            // Counting and indexing a large table take their time.
            settings.statementTimeout = 3_600_000
            return try PostgresDatabase(
                address, settings: settings, beforeCommit: EventLog.writeCounters)
        }
    }

    /// Keeps servers away; nil where the engine is for several.
    func lock() throws -> FileLock? {
        guard case .sqlite(let path) = self else { return nil }
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let lock = FileLock(of: path) else {
            throw KeepingFailure(
                zh: "\(path) 正在使用：请先停止服务", en: "\(path) is in use: stop the server first")
        }
        return lock
    }
}

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract:
            "把数据搬到另一种数据库（先停服务），可续传，逐行核对，原来的不动 · Move the data to another engine; stop the server first.",
        discussion:
            "qinke move --from sqlite:var/qinke.sqlite --to postgres://qinke@db.example.com/qinke")

    @Option(help: "从哪里搬：sqlite:文件 或 postgres://… · The source")
    var from: String
    @Option(help: "搬到哪里；要是空的，或者上次没搬完的 · The target: empty, or left by an interrupted move")
    var to: String
    @Option(help: "图片和文件现在在哪个文件夹；要搬才写 · The folder of uploads, when it shall be copied too")
    var filesFrom: String?
    @Option(help: "图片和文件搬到哪个文件夹 · The folder to copy the uploads to")
    var filesTo: String?

    func run() async throws {
        umask(0o077)
        let (source, target) = (try StoreAddress(from), try StoreAddress(to))
        guard (filesFrom == nil) == (filesTo == nil) else {
            throw KeepingFailure(
                zh: "--files-from 和 --files-to 要一起写", en: "--files-from and --files-to go together")
        }
        let locks = [try source.lock(), try target.lock()]
        defer { withExtendedLifetime(locks) {} }
        let old = try source.open(readOnly: true)
        defer { try? old.close() }
        let new = try target.open(readOnly: false)
        defer { try? new.close() }
        let teller = MoveTeller()
        let report = try await Mover(from: old, to: new, now: House.clock()).run { teller.tell($0) }
        var uploads = 0
        if let filesFrom, let filesTo {
            uploads = try FileTree.copy(
                URL(filePath: filesFrom, directoryHint: .isDirectory),
                to: URL(filePath: filesTo, directoryHint: .isDirectory)
            ).count
        }
        Say.line(
            zh:
                "✓ 已从 \(source.text) 搬到 \(target.text)：\(report.digests.tables.count) 张表 \(report.digests.rows) 行逐行相同"
                + "（这次搬了 \(report.copied) 行），\(uploads) 个文件。原来的没有动，确认后再删",
            en:
                "✓ Moved from \(source.text) to \(target.text): \(report.digests.tables.count) tables, \(report.digests.rows) rows, "
                + "all equal (\(report.copied) in this run), \(uploads) files. The source was not changed; remove it when you are sure"
        )
    }
}

/// Tells how a move goes, a line a second at most.
private final class MoveTeller: Sendable {
    private let last = Mutex(ContinuousClock.now - .seconds(60))

    func tell(_ step: Mover.Step) {
        switch step {
        case .counted(let rows, let there):
            Say.aside(
                zh: "一共 \(rows) 行" + (there > 0 ? "，上次已经搬了 \(there) 行" : ""),
                en: "\(rows) rows" + (there > 0 ? ", \(there) are there from an earlier run" : ""))
        case .copying(let table, let pace):
            guard isDue() else { return }
            let rate = pace.rate.map(String.init) ?? "?"
            let left = pace.secondsLeft.map(String.init) ?? "?"
            Say.aside(
                zh:
                    "\(pace.percent)%  \(pace.rows)/\(pace.total) 行  \(table)  \(rate) 行/秒  还要 \(left) 秒",
                en:
                    "\(pace.percent)%  \(pace.rows)/\(pace.total) rows  \(table)  \(rate) rows/s  \(left) s left"
            )
        case .comparing(_, let rows):
            Say.aside(zh: "逐行核对 \(rows) 行", en: "comparing \(rows) rows")
        case .indexing(let events):
            guard isDue() else { return }
            Say.aside(zh: "建立搜索索引：\(events) 个事件", en: "making the search index: \(events) events")
        }
    }

    private func isDue() -> Bool {
        last.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= .seconds(1) else { return false }
            last = now
            return true
        }
    }
}
