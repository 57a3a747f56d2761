import Desk
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Storage

/// Which engine the settings choose, and how it is opened.
enum Engine {
    /// - Throws: in words, when the server is away or refuses.
    static func open(
        _ settings: Settings, telling: @escaping GroupCommit.Telling = { $0() }
    ) throws -> any Database {
        guard let address = try settings.postgres else {
            return try House.openDatabase(settings, telling: telling)
        }
        var sizes = PostgresDatabase.Settings()
        sizes.readers = settings.number("readers")
        sizes.group.waiting = settings.number("waiting")
        sizes.group.group = settings.number("group")
        do {
            return try PostgresDatabase(
                address, settings: sizes, telling: telling, beforeCommit: EventLog.writeCounters)
        } catch SQLError.away(let away) {
            throw House.Failure(
                message: Localized(
                    zh: "连不上 \(address)：\(away.message)",
                    en: "cannot connect to \(address): \(away.message)"))
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
