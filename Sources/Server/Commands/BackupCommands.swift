import ArgumentParser
import Desk
import Foundation
import Glibc
import SQLOnSQLite

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "备份（服务可以不停），并逐行核对 · Back up, also while the server runs, and prove it row by row."
    )

    @Argument(help: "放备份的文件夹 · The folder to make")
    var folder: String
    @Flag(help: "覆盖已有的备份 · Replace a backup that is there")
    var force = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        guard FileManager.default.fileExists(atPath: settings.data) else {
            throw Backup.Failure(
                zh: "没有数据文件 \(settings.data)", en: "there is no file of data \(settings.data)")
        }
        let database = try House.openDatabase(settings)
        defer { try? database.close() }
        let (backup, manifest) = try Backup.make(
            of: database, files: URL(filePath: settings.files), at: URL(filePath: folder),
            force: force, now: House.clock())
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        Say.line(
            zh: "备份完成：\(backup.folder.plainPath)，\(manifest.tables.count) 张表 \(rows) 行，"
                + "\(manifest.files.count) 个文件，已逐行核对",
            en:
                "Backed up to \(backup.folder.plainPath): \(manifest.tables.count) tables, \(rows) rows, "
                + "\(manifest.files.count) files, every row compared")
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "把备份放回来（先停服务） · Put a backup back; stop the server first.")

    @Argument(help: "qinke backup 做的文件夹 · A folder that qinke backup made")
    var folder: String
    @Flag(help: "换掉现有数据（旧的留在旁边） · Replace the present data (kept beside it)")
    var force = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        umask(0o077)
        let settings = try flags.settings()
        let data = URL(filePath: settings.data)
        try FileManager.default.createDirectory(
            at: data.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let lock = FileLock(of: settings.data) else {
            throw Backup.Failure(
                zh: "数据正在使用：请先停止服务", en: "the data is in use: stop the server first")
        }
        let (manifest, old) = try withExtendedLifetime(lock) {
            try Backup(folder: URL(filePath: folder)).restore(
                to: data, files: URL(filePath: settings.files), force: force, now: House.clock())
        }
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        Say.line(
            zh: "已恢复 \(rows) 行、\(manifest.files.count) 个文件到 \(settings.data)",
            en: "Restored \(rows) rows and \(manifest.files.count) files to \(settings.data)")
        if let old {
            Say.line(zh: "原来的数据在 \(old.plainPath)", en: "What was there is now \(old.plainPath)")
        }
    }
}
