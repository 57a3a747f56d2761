import Desk
import Foundation
import SQL
import Storage

/// What the doctor looks at when the data is on PostgreSQL.
extension Doctor {
    func postgres() async -> [Finding] {
        let database: any Database
        do { database = try Engine.open(settings) } catch {
            let words = (error as? House.Failure)?.message
            return [
                Finding(
                    "data", ok: false, zh: words?.zh ?? "\(error)", en: words?.en ?? "\(error)")
            ]
        }
        defer { try? database.close() }
        do {
            let isNew = try await database.read {
                try Catalogue(of: $0).table("migration") == nil
            }
            if isNew {
                return [
                    Finding(
                        "data", ok: true, zh: "\(settings.place) 是空的，第一次启动时会建表",
                        en: "\(settings.place) is empty; the first start makes the tables")
                ]
            }
            return [
                Finding(
                    "data", ok: true, zh: "连得上 \(settings.place)", en: "\(settings.place) answers"),
                try await durability(database), try await skew(database),
                await migrations(database),
            ]
        } catch {
            return [
                Finding(
                    "data", ok: false, zh: "读不了 \(settings.place)（\(error)）",
                    en: "\(settings.place) cannot be read (\(error))")
            ]
        }
    }

    private func durability(_ database: any Database) async throws -> Finding {
        let (commit, sync, standby) = try await database.read { transaction in
            func show(_ name: String) throws -> String {
                try transaction.first("SELECT current_setting(\(name))")?.get(0) ?? "?"
            }
            let standby: Int =
                try transaction.first("SELECT pg_is_in_recovery()::int::bigint")?.get(0) ?? 0
            return (try show("synchronous_commit"), try show("fsync"), standby == 1)
        }
        if standby {
            return Finding(
                "data.durable", ok: false, zh: "这是只读的备机：地址要指向主机",
                en: "This is a standby that only reads: the address must be the primary's")
        }
        let ok = commit != "off" && sync == "on"
        return Finding(
            "data.durable", ok: ok,
            zh: ok
                ? "每次提交都落盘" : "提交没有落盘（synchronous_commit=\(commit)，fsync=\(sync)）：断电会丢已确认的消息",
            en: ok
                ? "Every commit reaches the disk"
                : "Commits do not reach the disk (synchronous_commit=\(commit), fsync=\(sync)): a power cut loses confirmed messages"
        )
    }

    /// Largest difference of two clocks that does no harm, in milliseconds.
    private static let mostSkew: Int64 = 2_000

    private func skew(_ database: any Database) async throws -> Finding {
        let before = House.clock()
        let theirs = try await database.read { try StoreClock.now($0).milliseconds }
        // In the middle of the question and its answer.
        let ours = (before.milliseconds + House.clock().milliseconds) / 2
        let difference = abs(theirs - ours)
        let ok = difference < Self.mostSkew
        return Finding(
            "clock.skew", ok: ok,
            zh: "本机时钟和数据库相差 \(difference) 毫秒" + (ok ? "" : "：请在两边开启 NTP"),
            en: "This clock and the database's differ by \(difference) ms"
                + (ok ? "" : ": keep both by NTP"))
    }
}
