import Desk
import Foundation
import Keeping
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Storage

/// Which engine the settings choose, and how it is opened.
enum Engine {
    /// For commands that make no store where there is none.
    static func openExisting(_ settings: Settings) throws -> any Database {
        guard try settings.postgres != nil || FileManager.default.fileExists(atPath: settings.data)
        else {
            throw KeepingFailure(
                zh: "没有数据文件 \(settings.data)", en: "there is no file of data \(settings.data)")
        }
        return try open(settings)
    }

    /// - Throws: in words, when the server is away or refuses.
    static func open(
        _ settings: Settings, telling: @escaping GroupCommit.Telling = { $0() }
    ) throws -> any Database {
        guard let address = try settings.postgres else {
            return try House.openDatabase(settings, telling: telling)
        }
        var sizes = PostgresDatabase.Settings()
        sizes.readers = settings.number("readers")
        sizes.connectTimeout = settings.number("connectTimeout")
        sizes.statementTimeout = settings.number("statementTimeout")
        sizes.lockTimeout = settings.number("lockTimeout")
        sizes.patience = settings.number("storePatience")
        sizes.group.waiting = settings.number("waiting")
        sizes.group.group = settings.number("group")
        do {
            return try PostgresDatabase(
                address, settings: sizes, telling: telling, beforeCommit: EventLog.writeCounters)
        } catch SQLError.away(let away) {
            throw House.Failure(message: away.words(address))
        }
    }
}

extension StoreAway {
    /// What is wrong and what to do, for whoever runs the program.
    func words(_ address: PostgresAddress) -> Localized {
        switch reason {
        case .unreachable, .lost:
            Localized(
                zh: "连不上 \(address)：请检查地址、网络，以及 PostgreSQL 是否在运行（\(message)）",
                en:
                    "cannot reach \(address): check the address, the network, and that PostgreSQL runs (\(message))"
            )
        case .password:
            Localized(
                zh: "\(address) 不接受这个账号或密码：请检查地址里的账号、密码和服务器的 pg_hba.conf（\(message)）",
                en:
                    "\(address) refuses this account or password: check both, and the server's pg_hba.conf (\(message))"
            )
        case .noSuchDatabase:
            Localized(
                zh:
                    "\(address) 那里没有这个数据库：请先建好，例如 createdb -E UTF8 -T template0 \(address.database)",
                en:
                    "there is no such database at \(address): make it first, as with createdb -E UTF8 -T template0 \(address.database)"
            )
        case .tooManyConnections:
            Localized(
                zh: "\(address) 的连接已满：请调大 max_connections，或减少节点数和 readers",
                en:
                    "\(address) has no connection left: raise max_connections, or have fewer nodes or readers"
            )
        case .starting:
            Localized(
                zh: "\(address) 正在启动、停止或恢复，请稍候再试（\(message)）",
                en: "\(address) starts, stops or recovers; try again in a moment (\(message))")
        case .tls:
            Localized(
                zh: "和 \(address) 的加密连接没有建成：请检查 sslmode、sslrootcert 和服务器的证书（\(message)）",
                en:
                    "no encrypted link to \(address): check sslmode, sslrootcert and the server's certificate (\(message))"
            )
        case .unfit:
            Localized(
                zh: "\(address) 不能用：\(message)；需要 PostgreSQL 14 以上、编码 UTF8 的数据库",
                en:
                    "\(address) cannot be used: \(message); it takes PostgreSQL 14 or later and a database in UTF8"
            )
        }
    }
}

extension Settings {
    /// Nil when the data is a file.
    /// - Throws: when the setting is no address; it is not repeated, since a password may stand in it.
    var postgres: PostgresAddress? {
        get throws {
            let text = text("database")
            guard !text.isEmpty else { return nil }
            do { return try PostgresAddress(text) } catch {
                throw House.Failure(
                    message: Localized(
                        zh: "设置 database 要写成 postgres://用户@主机:端口/库名",
                        en: "the setting database must be postgres://user@host:port/name"))
            }
        }
    }

    /// Where the data is, as people may read it: without a password.
    var place: String {
        if let address = try? postgres { return address.description }
        return data
    }

    /// A setting's value as people may read it.
    func shown(_ name: String) -> String {
        guard name == "database", !text(name).isEmpty else { return text(name) }
        return (try? postgres)?.description ?? "***"
    }
}
