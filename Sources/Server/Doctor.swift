import Desk
import Foundation
import Glibc
import Keeping
import SQL
import SQLOnSQLite
import Storage

/// Looks at everything the server needs, and says how it is and what to do.
struct Doctor: Sendable {
    struct Finding: Sendable {
        let name: String
        let ok: Bool
        let message: Localized

        init(_ name: String, ok: Bool, zh: String, en: String) {
            self.name = name
            self.ok = ok
            message = Localized(zh: zh, en: en)
        }
    }

    let settings: Settings
    /// Whether the whole file is read.
    let deep: Bool

    func examine() async -> [Finding] {
        var findings = strangers() + [space(), descriptors(), clock()]
        let running =
            FileManager.default.fileExists(atPath: settings.data + ".lock")
            && FileLock(of: settings.data) == nil
        findings.append(port(running: running))
        if let certificate = certificate() { findings.append(certificate) }
        if !settings.text("database").isEmpty { return findings + [backup()] + (await postgres()) }
        guard FileManager.default.fileExists(atPath: settings.data) else {
            findings.append(
                Finding(
                    "data", ok: true, zh: "还没有数据文件 \(settings.data)，第一次启动时会新建",
                    en: "There is no file of data \(settings.data) yet; the first start makes it"))
            return findings
        }
        return findings + [mode(), log(), backup()] + (await data())
    }

    private func strangers() -> [Finding] {
        settings.strangers.map { name in
            Finding(
                "settings", ok: false, zh: "环境变量 \(name) 不是任何设置，检查拼写",
                en: "The environment's \(name) is no setting; check its spelling")
        }
    }

    private func space() -> Finding {
        guard let free = Health.freeSpace(at: settings.data) else {
            let folder = URL(filePath: settings.data).deletingLastPathComponent().plainPath
            return Finding(
                "disk", ok: true, zh: "文件夹 \(folder) 还不存在，第一次启动时会新建",
                en: "The folder \(folder) does not exist yet; the first start makes it")
        }
        let size = Int64(
            (try? FileManager.default.attributesOfItem(atPath: settings.data))?[.size] as? Int ?? 0)
        // A backup needs as much again.
        let wanted = max(Health.leastSpace, size)
        let ok = free >= wanted
        return Finding(
            "disk", ok: ok,
            zh: "磁盘剩余 \(free >> 20) MiB" + (ok ? "" : "，至少要有 \(wanted >> 20) MiB：请清理"),
            en: "\(free >> 20) MiB free on the disk"
                + (ok ? "" : "; at least \(wanted >> 20) MiB are needed: free some"))
    }

    private func descriptors() -> Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // The server takes all that the hard limit allows.
        let ok = limit.rlim_max >= 4096
        return Finding(
            "descriptors", ok: ok,
            zh: "最多能开 \(limit.rlim_max) 个连接和文件"
                + (ok ? "" : "，太少：启动前以 root 运行 ulimit -Hn 65536"),
            en: "\(limit.rlim_max) connections and files may be open"
                + (ok ? "" : ", which is few: run ulimit -Hn 65536 as root before the start"))
    }

    private func clock() -> Finding {
        // Before this program was written, or far after: certificates and reply times would be wrong.
        let now = House.clock()
        let ok = now.milliseconds > 1_760_000_000_000 && now.milliseconds < 4_102_444_800_000
        let text = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
            .formatted(.iso8601)
        return Finding(
            "clock", ok: ok, zh: "时钟 \(text)" + (ok ? "" : "，看来不对：请校准"),
            en: "The clock says \(text)" + (ok ? "" : ", which seems wrong: set it"))
    }

    private func port(running: Bool) -> Finding {
        if running {
            return Finding("port", ok: true, zh: "服务正在运行", en: "The server is running")
        }
        if settings.port == 0 {
            return Finding("port", ok: true, zh: "端口任选", en: "Any free port is taken")
        }
        let ok = Self.isFree(settings.port)
        return Finding(
            "port", ok: ok,
            zh: "端口 \(settings.port) " + (ok ? "空闲" : "被别的程序占用：换一个，例如 --port \(settings.port + 1)"),
            en: "Port \(settings.port) is "
                + (ok
                    ? "free"
                    : "taken by another program: choose another, such as --port \(settings.port + 1)")
        )
    }

    /// Whether something could listen there on loopback.
    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return bound == 0
    }

    private func mode() -> Finding {
        let mode =
            (try? FileManager.default.attributesOfItem(atPath: settings.data))?[.posixPermissions]
            as? Int ?? 0
        let ok = mode & 0o077 == 0
        return Finding(
            "data.mode", ok: ok,
            zh: ok ? "数据文件只有本账号能读" : "别的账号能读数据文件：运行 chmod 600 \(settings.data)",
            en: ok
                ? "Only this account can read the file of data"
                : "Other accounts can read the file of data: run chmod 600 \(settings.data)")
    }

    /// Nil when none is named.
    private func certificate() -> Finding? {
        let path = settings.text("certificate")
        guard !path.isEmpty else { return nil }
        let standing = Certificate.standing(of: path, now: House.clock())
        return Finding(
            "certificate", ok: standing.ok, zh: standing.message.zh, en: standing.message.en)
    }

    private func log() -> Finding {
        let size = Health.size(of: settings.data + "-wal")
        let ok = size < Health.longLog
        return Finding(
            "data.log", ok: ok,
            zh: "预写日志 \(size >> 20) MiB" + (ok ? "" : "，太长：有读取一直没有结束，重启服务会收回"),
            en: "The write-ahead log is \(size >> 20) MiB"
                + (ok ? "" : ", too long: a read does not end; a restart takes it back"))
    }

    private func backup() -> Finding {
        let hours = settings.number("backupEvery")
        let now = House.clock()
        let standing = BackupService.standing(
            BackupPlan(every: hours == 0 ? nil : .hours(hours)),
            last: settings.shelf.backups().first?.at, failure: nil, started: now, now: now)
        return Finding(
            "backup", ok: standing.ok, zh: standing.message.zh, en: standing.message.en)
    }

    private func data() async -> [Finding] {
        let database: SQLiteDatabase
        do { database = try House.openDatabase(settings) } catch {
            return [
                Finding(
                    "data", ok: false, zh: "打不开数据文件 \(settings.data)（\(error)）：请从备份恢复",
                    en:
                        "The file of data \(settings.data) cannot be opened (\(error)): restore a backup"
                )
            ]
        }
        defer { try? database.close() }
        return [await integrity(database), await synchronous(database), await migrations(database)]
    }

    private func integrity(_ database: SQLiteDatabase) async -> Finding {
        let check: Statement = deep ? "PRAGMA integrity_check" : "PRAGMA quick_check"
        let verdict: String
        do {
            verdict = try await database.read { try $0.first(check)?.get(0) } ?? "?"
        } catch { verdict = "\(error)" }
        let ok = verdict == "ok"
        return Finding(
            "data.integrity", ok: ok, zh: ok ? "数据完好" : "数据损坏（\(verdict)）：请从备份恢复",
            en: ok ? "The data is sound" : "The data is damaged (\(verdict)): restore a backup")
    }

    private func synchronous(_ database: SQLiteDatabase) async -> Finding {
        let level = try? await database.write {
            try $0.first("PRAGMA synchronous")?.get(0, as: Int.self)
        }
        let ok = level == 2
        return Finding(
            "data.durable", ok: ok, zh: ok ? "每次提交都落盘" : "提交没有落盘（synchronous=\(level ?? -1)）",
            en: ok
                ? "Every commit reaches the disk"
                : "Commits do not reach the disk (synchronous=\(level ?? -1))")
    }

    func migrations(_ database: any Database) async -> Finding {
        switch try? await Migrator.qinke.standing(database) {
        case .missing(let steps):
            Finding(
                "data.schema", ok: true,
                zh: steps == 0 ? "数据结构是最新的" : "下次启动会升级数据结构（\(steps) 步）",
                en: steps == 0
                    ? "The data's structure is current"
                    : "The next start upgrades the data (\(steps) steps)")
        case .newer:
            Finding(
                "data.schema", ok: false, zh: "数据来自更新的版本：请升级程序",
                en: "The data is of a newer version: upgrade the program")
        case .edited(let step):
            Finding(
                "data.schema", ok: false, zh: "数据的结构（\(step)）和程序不符：请用匹配的版本",
                en:
                    "The data's structure (\(step)) is not this program's: use the version that fits"
            )
        case nil:
            Finding(
                "data.schema", ok: false, zh: "看不到数据结构：请从备份恢复",
                en: "The data's structure cannot be read: restore a backup")
        }
    }
}
