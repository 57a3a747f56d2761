import Connectors
import Desk
import Foundation
import Keeping
import Realtime
import SQL
import SQLOnSQLite
import Storage
import Web

/// What `/health` says about the things that the server needs.
struct Health: Sendable {
    let database: any Database
    let data: String
    let timers: TimerService
    let parcels: ParcelService
    let tracking: TrackingService?
    let followers: FollowerService
    let keeper: UploadKeeper
    let nodes: NodeService?
    let backups: BackupService
    let continuous: ContinuousService?
    let watch: StallWatch
    /// A PEM file; empty = none is looked at.
    let certificate: String

    /// Free space below which the server says that it is unwell, in bytes.
    static let leastSpace: Int64 = 256 << 20

    func lines() async -> [HealthLine] {
        [await store(), space(), queue(), clockwork(), watching()] + (await following())
            + [keeping(), backingUp(), speed()]
            + [copying(), log(), tls(), asking()].compactMap { $0 }
            + workers() + (await neighbours())
    }

    private func store() async -> HealthLine {
        do {
            _ = try await database.read { try Shops.all(in: $0) }
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

    private func watching() -> HealthLine {
        let ok = !parcels.isUnhealthy
        return HealthLine(
            "parcels", ok: ok, zh: ok ? "包裹跟踪正常" : "包裹跟踪失败：请看日志",
            en: ok ? "Parcels are watched" : "The watch over parcels fails: see the log")
    }

    private func asking() -> HealthLine? {
        guard let tracking else { return nil }
        if let failure = tracking.failure {
            return HealthLine("tracking", ok: false, warning: true, failure)
        }
        return HealthLine(
            "tracking", ok: true, warning: true, zh: "物流查询正常，已问 \(tracking.asked) 次",
            en: "The tracking service answers; asked \(tracking.asked) times")
    }

    /// A follower that is behind for longer is unwell, in seconds.
    static let longestBehind: Int64 = 300

    /// A line for each follower: how far behind, and since when.
    private func following() async -> [HealthLine] {
        guard let report = try? await followers.report() else {
            return [
                HealthLine(
                    "followers", ok: false, zh: "看不到后台跟进的进度",
                    en: "The followers' places are not known")
            ]
        }
        let now = House.clock()
        return report.map { standing, failing in
            let code = "follower.\(standing.name)"
            let seconds = standing.since.map { max(0, (now - $0).milliseconds / 1000) } ?? 0
            if failing {
                return HealthLine(
                    code, ok: false, zh: "后台跟进 \(standing.name) 出错，落后 \(standing.behind) 条：请看日志",
                    en:
                        "The follower \(standing.name) fails, \(standing.behind) events behind: see the log"
                )
            }
            guard standing.behind > 0 else {
                return HealthLine(
                    code, ok: true, zh: "后台跟进 \(standing.name) 没有落后",
                    en: "The follower \(standing.name) is level")
            }
            return HealthLine(
                code, ok: seconds < Self.longestBehind,
                zh: "后台跟进 \(standing.name) 落后 \(standing.behind) 条，最早的是 \(seconds) 秒前",
                en:
                    "The follower \(standing.name) is \(standing.behind) events behind, the oldest \(seconds) s old"
            )
        }
    }

    /// Which nodes share the store; none when this program is alone.
    private func neighbours() async -> [HealthLine] {
        guard let nodes else { return [] }
        guard let peers = try? await nodes.peers(), !nodes.isUnhealthy, nodes.seat != nil else {
            return [
                HealthLine(
                    "nodes", ok: false, zh: "节点 \(nodes.name) 没能续约：请看日志",
                    en: "The node \(nodes.name) could not renew its lease: see the log")
            ]
        }
        let names = peers.map(\.name).joined(separator: ", ")
        return [
            HealthLine(
                "nodes", ok: true, zh: "\(peers.count) 个节点：\(names)；这是 \(nodes.name)",
                en: "\(peers.count) nodes: \(names); this is \(nodes.name)")
        ]
    }

    private func keeping() -> HealthLine {
        let ok = !keeper.isUnhealthy
        return HealthLine(
            "uploads", ok: ok, zh: ok ? "文件清理正常" : "文件清理失败：请看日志",
            en: ok ? "Uploads are cleared up" : "Uploads cannot be cleared up: see the log")
    }

    private func backingUp() -> HealthLine {
        let standing = backups.standing
        return HealthLine("backup.age", ok: standing.ok, warning: true, standing.message)
    }

    private func copying() -> HealthLine? {
        guard let standing = continuous?.standing else { return nil }
        return HealthLine("backup.continuous", ok: standing.ok, warning: true, standing.message)
    }

    /// A commit that takes longer than this, in seconds, is felt by people.
    static let slowCommit = 0.5

    /// Bytes of the write-ahead log from which on something keeps it from being begun anew.
    static let longLog: Int64 = 512 << 20

    private func speed() -> HealthLine {
        let seconds = database.slowCommitSeconds
        let ok = seconds < Self.slowCommit
        let milliseconds = Int(seconds * 1000)
        return HealthLine(
            "store.speed", ok: ok, warning: true,
            zh: "提交耗时 p95 \(milliseconds) 毫秒" + (ok ? "" : "，太慢：看看磁盘是否繁忙"),
            en: "Commits take \(milliseconds) ms (p95)"
                + (ok ? "" : ", which is slow: see whether the disk is busy"))
    }

    private func log() -> HealthLine? {
        guard let file = database as? SQLiteDatabase else { return nil }
        let size = Self.size(of: file.path + "-wal")
        let ok = size < Self.longLog
        return HealthLine(
            "store.log", ok: ok, warning: true,
            zh: "预写日志 \(size >> 20) MiB" + (ok ? "" : "，太长：有读取一直没有结束，或连续备份停了"),
            en: "The write-ahead log is \(size >> 20) MiB"
                + (ok ? "" : ", too long: a read does not end, or continuous copying stands still"))
    }

    private func tls() -> HealthLine? {
        guard !certificate.isEmpty else { return nil }
        let standing = Certificate.standing(of: certificate, now: House.clock())
        return HealthLine("certificate", ok: standing.ok, warning: true, standing.message)
    }

    private func workers() -> [HealthLine] {
        let stalled = watch.stalled()
        guard !stalled.isEmpty else {
            return [HealthLine("workers", ok: true, zh: "后台任务都在走", en: "Every worker moves")]
        }
        return stalled.map { pulse, seconds in
            HealthLine(
                "worker.\(pulse.code)", ok: false,
                zh: "后台的\(pulse.name.zh) \(seconds) 秒没有动静：请看日志，不行就重启",
                en:
                    "\(pulse.name.en) did not move for \(seconds) s: see the log, restart if it stays so"
            )
        }
    }

    /// Bytes of a file; 0 when there is none.
    static func size(of path: String) -> Int64 {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return Int64(facts?[.size] as? Int ?? 0)
    }

    /// Bytes free for the folder that holds a file.
    static func freeSpace(at path: String) -> Int64? {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let facts = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (facts?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
