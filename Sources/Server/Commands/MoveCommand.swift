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

    /// Where a store of this engine keeps uploads unless somebody says otherwise.
    var usualUploads: UploadHome.Kind {
        switch self {
        case .sqlite: .folder
        case .postgres: .database
        }
    }

    /// The folder of uploads beside a file; a server has none.
    var usualFolder: String? {
        guard case .sqlite(let path) = self else { return nil }
        return URL(filePath: path).deletingLastPathComponent().appending(path: "files").plainPath
    }

    /// How a server is told to use it.
    var flag: String {
        switch self {
        case .sqlite(let path): "--data '\(path)'"
        case .postgres(let address): "--database '\(address)'"
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
            "把数据连同图片和文件搬到另一种数据库（先停服务），可续传，逐行核对，原来的不动 · Move the data and the uploads to another engine; stop the server first.",
        discussion:
            "qinke move --from sqlite:var/qinke.sqlite --to postgres://qinke@db.example.com/qinke")

    @Option(help: "从哪里搬：sqlite:文件 或 postgres://… · The source")
    var from: String
    @Option(help: "搬到哪里；要是空的，或者上次没搬完的 · The target: empty, or left by an interrupted move")
    var to: String
    @Option(
        help:
            "搬过去以后图片和文件存在哪里；不写时 SQLite 存文件夹，PostgreSQL 存数据库 · Where the target keeps uploads (SQLite: folder, PostgreSQL: database)"
    )
    var uploads: UploadHome.Kind?
    @Option(
        help:
            "图片和文件现在的文件夹；不写就是数据文件旁边的 files · The folder where uploads are now (`files` beside a file of data)"
    )
    var filesFrom: String?
    @Option(
        help:
            "图片和文件以后的文件夹；不写就是数据文件旁边的 files · The folder where uploads shall be (`files` beside a file of data)"
    )
    var filesTo: String?
    @Flag(help: "已经丢失的图片和文件就不要了 · Go without uploads that are lost already")
    var withoutMissing = false

    func run() async throws {
        umask(0o077)
        let (source, target) = (try StoreAddress(from), try StoreAddress(to))
        let locks = [try source.lock(), try target.lock()]
        defer { withExtendedLifetime(locks) {} }
        let old = try source.open(readOnly: true)
        defer { try? old.close() }
        let new = try target.open(readOnly: false)
        defer { try? new.close() }
        let incoming = UploadHome.scratch()
        defer { try? FileManager.default.removeItem(at: incoming) }
        let kind = uploads ?? target.usualUploads
        var mover = Mover(from: old, to: new, now: House.clock())
        if try await UploadHome.areNamed(in: old) {
            mover.uploads = UploadCarriage(
                from: try await homes(of: source, old, incoming),
                to: try home(of: target, new, kind, incoming))
            mover.uploads?.leavesOutMissing = withoutMissing
        }
        let teller = MoveTeller()
        let report = try await mover.run { teller.tell($0) }
        tell(report, source, target, kind)
    }

    /// Where the source's uploads may be: in itself, in its folder, or in both when its shop changed its mind.
    private func homes(
        of source: StoreAddress, _ database: any Database, _ incoming: URL
    ) async throws -> [UploadHome] {
        let folder = (filesFrom ?? source.usualFolder).map {
            UploadHome.folder(reading: URL(filePath: $0, directoryHint: .isDirectory))
        }
        let table =
            try await UploadHome.mayHold(database)
            ? try UploadHome.database(database, incoming: incoming) : nil
        return [table, folder].compactMap(\.self)
    }

    private func home(
        of target: StoreAddress, _ database: any Database, _ kind: UploadHome.Kind, _ incoming: URL
    ) throws -> UploadHome {
        switch kind {
        case .database:
            guard filesTo == nil else {
                throw KeepingFailure(
                    zh: "--files-to 只和 --uploads folder 一起用：现在图片和文件要存进数据库",
                    en:
                        "--files-to goes with --uploads folder: now the uploads go into the database"
                )
            }
            return try .database(database, incoming: incoming)
        case .folder:
            guard let folder = filesTo ?? target.usualFolder else {
                throw KeepingFailure(
                    zh: "请用 --files-to 写明图片和文件以后放在哪个文件夹",
                    en: "say by --files-to in which folder the uploads shall be")
            }
            return try .folder(URL(filePath: folder, directoryHint: .isDirectory))
        }
    }

    private func tell(
        _ report: Mover.Report, _ source: StoreAddress, _ target: StoreAddress,
        _ kind: UploadHome.Kind
    ) {
        Say.line(
            zh:
                "✓ 已从 \(source.text) 搬到 \(target.text)：\(report.digests.tables.count) 张表 \(report.digests.rows) 行逐行相同"
                + "（这次搬了 \(report.copied) 行）。原来的没有动，确认后再删",
            en:
                "✓ Moved from \(source.text) to \(target.text): \(report.digests.tables.count) tables, \(report.digests.rows) rows, "
                + "all equal (\(report.copied) in this run). The source was not changed; remove it when you are sure"
        )
        if let tally = report.uploads { tally.tell() }
        var command = "qinke serve " + target.flag + " --uploads \(kind.rawValue)"
        if kind == .folder, let filesTo { command += " --files '\(filesTo)'" }
        Say.line(zh: "现在这样启动：\(command)", en: "Now start it so: \(command)")
    }
}

extension UploadCarriage.Tally {
    /// Tells a person what became of the uploads.
    func tell() {
        Say.line(
            zh: "✓ 图片和文件 \(files) 个（含缩略图），逐个核对过内容，这次存进 \(carried) 个",
            en:
                "✓ \(files) files of uploads, thumbnails among them, each compared by its digest; \(carried) kept in this run"
        )
        guard !lost.isEmpty else { return }
        let names = lost.prefix(10).map { "\($0.name) (\($0.key.description.prefix(12))…)" }
            .joined(separator: ", ")
        Say.line(
            zh: "⚠ 其中 \(lost.count) 个早已丢失，没有带上：\(names)",
            en: "⚠ \(lost.count) of them were lost before and were left out: \(names)")
    }
}

extension UploadHome.Kind: ExpressibleByArgument {}

extension UploadHome {
    /// A place for files on their way into a store.
    static func scratch() -> URL {
        FileManager.default.temporaryDirectory
            .appending(path: "qinke-uploads-\(UUID().uuidString)", directoryHint: .isDirectory)
    }
}

/// Tells how a move goes, a line a second at most.
final class MoveTeller: Sendable {
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
        case .carrying(let pace, let bytes): tell(pace, bytes: bytes)
        }
    }

    /// How the uploads get on.
    func tell(_ pace: MovePace, bytes: Int) {
        guard isDue() else { return }
        let rate = pace.rate.map(String.init) ?? "?"
        let left = pace.secondsLeft.map(String.init) ?? "?"
        Say.aside(
            zh:
                "\(pace.percent)%  图片和文件 \(pace.rows)/\(pace.total)  \(bytes >> 20) MiB  \(rate) 个/秒  还要 \(left) 秒",
            en:
                "\(pace.percent)%  uploads \(pace.rows)/\(pace.total)  \(bytes >> 20) MiB  \(rate) files/s  \(left) s left"
        )
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
