import Desk
import Foundation
import Realtime
import SQL
import SQLOnSQLite
import Web

/// What `/health` says about the things that the server needs.
struct Health: Sendable {
    let database: SQLiteDatabase
    let data: String
    let timers: TimerService
    let followers: FollowerService
    let search: SearchService
    let keeper: UploadKeeper

    /// Free space below which the server says that it is unwell, in bytes.
    static let leastSpace: Int64 = 256 << 20

    func lines() async -> [HealthLine] {
        [await store(), space(), queue(), clockwork(), following(), searching(), keeping()]
    }

    private func store() async -> HealthLine {
        do {
            _ = try await database.read { try $0.first("PRAGMA schema_version") }
            return HealthLine("store.readable", ok: true, zh: "数据可以读取", en: "The data can be read")
        } catch {
            return HealthLine(
                "store.readable", ok: false, zh: "数据读不出来：请运行 qinke doctor",
                en: "The data cannot be read: run qinke doctor")
        }
    }

    private func space() -> HealthLine {
        guard let free = Self.freeSpace(at: data) else {
            return HealthLine(
                "disk.space", ok: false, zh: "看不到磁盘空间", en: "The disk's space is not known")
        }
        let ok = free >= Self.leastSpace
        return HealthLine(
            "disk.space", ok: ok, zh: "磁盘剩余 \(free >> 20) MiB\(ok ? "" : "，请尽快清理")",
            en: "\(free >> 20) MiB free on the disk\(ok ? "" : "; free some soon")")
    }

    private func queue() -> HealthLine {
        let waiting = database.figures.waiting
        let ok = waiting < 10_000
        return HealthLine(
            "store.queue", ok: ok, zh: "等待写入 \(waiting) 条", en: "\(waiting) writes wait")
    }

    private func clockwork() -> HealthLine {
        let ok = !timers.isUnhealthy
        return HealthLine(
            "timers", ok: ok, zh: ok ? "定时任务正常" : "定时任务失败：请看日志",
            en: ok ? "Timers work" : "The timers fail: see the log")
    }

    private func following() -> HealthLine {
        guard let name = followers.failing else {
            return HealthLine("followers", ok: true, zh: "后台跟进正常", en: "Followers keep up")
        }
        return HealthLine(
            "followers", ok: false, zh: "后台任务 \(name) 落后：请看日志",
            en: "The follower \(name) fell behind: see the log")
    }

    private func searching() -> HealthLine {
        let ok = !search.isUnhealthy
        return HealthLine(
            "search", ok: ok, zh: ok ? "搜索索引正常" : "搜索索引更新失败：请看日志",
            en: ok ? "The search index keeps up" : "The search index fails: see the log")
    }

    private func keeping() -> HealthLine {
        let ok = !keeper.isUnhealthy
        return HealthLine(
            "uploads", ok: ok, zh: ok ? "文件清理正常" : "文件清理失败：请看日志",
            en: ok ? "Uploads are cleared up" : "Uploads cannot be cleared up: see the log")
    }

    /// Bytes free for the folder that holds a file.
    static func freeSpace(at path: String) -> Int64? {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let facts = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (facts?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
