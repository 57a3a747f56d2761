import ArgumentParser
import Desk
import Foundation
import Glibc
import Keeping
import SQL
import SQLOnSQLite
import Storage

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract:
            "备份（服务可以不停），并逐行核对；或核对、列出备份 · Back up, also while the server runs; verify or list backups.",
        subcommands: [BackupMake.self, BackupVerify.self, BackupList.self],
        defaultSubcommand: BackupMake.self)
}

struct BackupMake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "备份到一个文件夹，并逐行核对 · Back up to a folder, and prove it row by row.")

    @Argument(help: "放备份的文件夹 · The folder to make")
    var folder: String
    @Flag(help: "覆盖已有的备份 · Replace a backup that is there")
    var force = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        let database = try Engine.openExisting(settings)
        defer { try? database.close() }
        var order = Backup.Order(
            program: Qinke.version, now: House.clock(),
            files: URL(filePath: settings.files, directoryHint: .isDirectory))
        order.force = force
        let (backup, manifest) = try await Backup.make(
            ofAny: database, at: URL(filePath: folder), order)
        Say.line(
            zh: "备份完成：\(backup.folder.plainPath)，\(manifest.tables.count) 张表 \(manifest.rows) 行，"
                + "\(manifest.files.count) 个文件，已逐行核对",
            en:
                "Backed up to \(backup.folder.plainPath): \(manifest.tables.count) tables, \(manifest.rows) rows, "
                + "\(manifest.files.count) files, every row compared")
    }
}

struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "演练恢复：放到临时地方、打开、逐行核对，再删掉 · A restore drill: restore to a scratch place, open, compare every row, remove."
    )

    @Argument(help: "备份的文件夹；不写就核对最近一次自动备份 · The backup; the newest automatic one when absent")
    var folder: String?
    @Option(help: "临时地方；默认在系统的临时文件夹 · The scratch place; a temporary folder by default")
    var scratch: String?
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        let place = folder.map { URL(filePath: $0, directoryHint: .isDirectory) }
        guard let chosen = place ?? settings.shelf.backups().first?.backup.folder else {
            throw KeepingFailure(
                zh: "\(settings.backupFolder) 里没有备份",
                en: "there is no backup in \(settings.backupFolder)")
        }
        let space =
            scratch.map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? FileManager.default.temporaryDirectory
        let report = try await Drill(Backup(folder: chosen)).run(
            in: space.appending(path: "qinke-drill-\(getpid())", directoryHint: .isDirectory),
            now: House.clock()
        ) { try await Self.open($0, settings) }
        let manifest = report.manifest
        let at = Date(timeIntervalSince1970: Double(manifest.at) / 1000).formatted(.iso8601)
        Say.line(
            zh:
                "✓ \(chosen.plainPath)：\(at) 由 \(manifest.program) 备份，能恢复：\(manifest.tables.count) 张表 \(manifest.rows) 行、"
                + "\(manifest.files.count) 个文件与清单一致，数据完好，用时 \(report.milliseconds) 毫秒",
            en:
                "✓ \(chosen.plainPath): made at \(at) by \(manifest.program), can be restored: \(manifest.tables.count) tables, "
                + "\(manifest.rows) rows and \(manifest.files.count) files are as listed, the data is sound; took \(report.milliseconds) ms"
        )
    }

    /// Opens restored data as the server would, and looks whether this program may use it.
    private static func open(_ data: String, _ settings: Settings) async throws {
        let database = try House.openFile(data, settings)
        defer { try? database.close() }
        switch try await Migrator.qinke.standing(database) {
        case .missing: return
        case .newer, .edited:
            throw KeepingFailure(
                zh: "备份完好，但来自别的版本：请用当时的版本恢复",
                en:
                    "the backup is sound but of another version: restore it with the version that made it"
            )
        }
    }
}

struct BackupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "列出自动备份 · List the automatic backups.")

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        let backups = settings.shelf.backups()
        if backups.isEmpty {
            return Say.line(
                zh: "\(settings.backupFolder) 里没有备份",
                en: "there is no backup in \(settings.backupFolder)")
        }
        for (at, backup) in backups {
            let manifest = try backup.manifest()
            let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
            let bytes = try FileTree.size(backup.folder) >> 20
            Say.line(
                zh:
                    "\(date.formatted(.iso8601))  \(manifest.rows) 行  \(manifest.files.count) 个文件  \(bytes) MiB  \(backup.folder.plainPath)",
                en:
                    "\(date.formatted(.iso8601))  \(manifest.rows) rows  \(manifest.files.count) files  \(bytes) MiB  \(backup.folder.plainPath)"
            )
        }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "把备份放回来（先停服务） · Put a backup back; stop the server first.")

    @Argument(
        help:
            "qinke backup 做的文件夹；写了 --at 就是 continuousFolder · A backup's folder; with --at the continuousFolder"
    )
    var folder: String
    @Option(
        help:
            "恢复到这一刻，例如 2026-11-22T10:00:00+08:00 · The moment to go back to, with a continuousFolder"
    )
    var at: String?
    @Flag(help: "换掉现有数据（旧的留在旁边） · Replace the present data (kept beside it)")
    var force = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        if try settings.postgres != nil { return try await putOnPostgres(settings) }
        let data = URL(filePath: settings.data)
        try FileManager.default.createDirectory(
            at: data.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let lock = FileLock(of: settings.data) else {
            throw KeepingFailure(
                zh: "数据正在使用：请先停止服务", en: "the data is in use: stop the server first")
        }
        let restore = Restore(
            data: data, files: URL(filePath: settings.files, directoryHint: .isDirectory),
            force: force, now: House.clock())
        defer { withExtendedLifetime(lock) {} }
        if let at { return try goBack(to: at, restore) }
        let (manifest, old) = try restore.put(Backup(folder: URL(filePath: folder)))
        Say.line(
            zh: "已恢复 \(manifest.rows) 行、\(manifest.files.count) 个文件到 \(settings.data)",
            en:
                "Restored \(manifest.rows) rows and \(manifest.files.count) files to \(settings.data)"
        )
        if let old {
            Say.line(zh: "原来的数据在 \(old.plainPath)", en: "What was there is now \(old.plainPath)")
        }
    }

    private func goBack(to text: String, _ restore: Restore) throws {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw KeepingFailure(
                zh: "看不懂时刻“\(text)”，要写成 2026-11-22T10:00:00+08:00",
                en: "\"\(text)\" is no moment; write it as 2026-11-22T10:00:00+08:00")
        }
        // A whole second means all of it.
        let moment = Instant(milliseconds: Int64(date.timeIntervalSince1970) * 1000 + 999)
        let found = try Continuum(URL(filePath: folder, directoryHint: .isDirectory))
            .restore(at: moment, restore)
        let last = Date(
            timeIntervalSince1970: Double((found.mark ?? found.base).milliseconds) / 1000
        )
        .formatted(.iso8601)
        Say.line(
            zh: "已恢复到 \(text) 的样子：之前最后一次抄到的事务在 \(last)（完整副本加 \(found.records) 段），数据完好",
            en:
                "Restored as it was at \(text): the last transactions copied by then are of \(last) "
                + "(a whole copy and \(found.records) records); the data is sound")
        if let old = found.old {
            Say.line(zh: "原来的数据在 \(old.plainPath)", en: "What was there is now \(old.plainPath)")
        }
    }

    /// Into an empty database, since nobody can put another one's old data aside.
    private func putOnPostgres(_ settings: Settings) async throws {
        guard at == nil else {
            throw KeepingFailure(
                zh: "PostgreSQL 的任意时刻恢复用它自己的工具：见 Docs/operating.md",
                en: "on PostgreSQL a moment is restored with its own tools: see Docs/operating.md")
        }
        let backup = Backup(folder: URL(filePath: folder, directoryHint: .isDirectory))
        let manifest = try backup.prove()
        let source = try House.openFile(backup.database.plainPath, settings, readOnly: true)
        defer { try? source.close() }
        let target = try Engine.open(settings)
        defer { try? target.close() }
        let report = try await Mover(from: source, to: target, now: House.clock()).run { _ in }
        let files = try FileTree.copy(
            backup.files, to: URL(filePath: settings.files, directoryHint: .isDirectory))
        guard manifest.form == 1 || report.digests == manifest.digests.portable else {
            throw KeepingFailure(zh: "恢复出来的和备份不一致", en: "what was restored is not the backup")
        }
        Say.line(
            zh: "已恢复 \(report.digests.rows) 行、\(files.count) 个文件到 \(settings.place)，逐行核对过",
            en:
                "Restored \(report.digests.rows) rows and \(files.count) files to \(settings.place), every row compared"
        )
    }
}
