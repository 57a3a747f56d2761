import ArgumentParser
import Desk

/// The settings as flags; their meanings stand in ``Setting/all``, and a test holds both to each other.
struct SettingFlags: ParsableArguments {
    @Option(name: .long, help: help("host")) var host: String?
    @Option(name: .long, help: help("port")) var port: String?
    @Option(name: .long, help: help("data")) var data: String?
    @Option(name: .long, help: help("database")) var database: String?
    @Option(name: .long, help: help("node")) var node: String?
    @Option(name: .long, help: help("lease")) var lease: String?
    @Option(name: .long, help: help("uploads")) var uploads: String?
    @Option(name: .long, help: help("files")) var files: String?
    @Option(name: .long, help: help("url")) var url: String?
    @Option(name: .long, help: help("proxies")) var proxies: String?
    @Option(name: .long, help: help("webRoot")) var webRoot: String?
    @Option(name: .long, help: help("logLevel")) var logLevel: String?
    @Option(name: .long, help: help("logForm")) var logForm: String?
    @Option(name: .long, help: help("readers")) var readers: String?
    @Option(name: .long, help: help("cache")) var cache: String?
    @Option(name: .long, help: help("busyTimeout")) var busyTimeout: String?
    @Option(name: .long, help: help("connectTimeout")) var connectTimeout: String?
    @Option(name: .long, help: help("statementTimeout")) var statementTimeout: String?
    @Option(name: .long, help: help("lockTimeout")) var lockTimeout: String?
    @Option(name: .long, help: help("storePatience")) var storePatience: String?
    @Option(name: .long, help: help("waiting")) var waiting: String?
    @Option(name: .long, help: help("group")) var group: String?
    @Option(name: .long, help: help("commands")) var commands: String?
    @Option(name: .long, help: help("commandBurst")) var commandBurst: String?
    @Option(name: .long, help: help("idle")) var idle: String?
    @Option(name: .long, help: help("grace")) var grace: String?
    @Option(name: .long, help: help("continuousFolder")) var continuousFolder: String?
    @Option(name: .long, help: help("continuousEvery")) var continuousEvery: String?
    @Option(name: .long, help: help("continuousBase")) var continuousBase: String?
    @Option(name: .long, help: help("continuousKeep")) var continuousKeep: String?
    @Option(name: .long, help: help("certificate")) var certificate: String?
    @Option(name: .long, help: help("backupEvery")) var backupEvery: String?
    @Option(name: .long, help: help("backupFolder")) var backupFolder: String?
    @Option(name: .long, help: help("keepDaily")) var keepDaily: String?
    @Option(name: .long, help: help("keepWeekly")) var keepWeekly: String?
    @Option(name: .long, help: help("keepMonthly")) var keepMonthly: String?
    @Option(name: .long, help: "设置文件（YAML） · The file of settings (YAML)")
    var config: String?

    private static func help(_ name: String) -> ArgumentHelp {
        guard let setting = Setting.byName[name] else { return "" }
        let unit = setting.unit.isEmpty ? "" : " [\(setting.unit)]"
        let standard = setting.standard.isEmpty ? "" : " (\(setting.standard))"
        return ArgumentHelp("\(setting.meaning.zh) · \(setting.meaning.en)\(unit)\(standard)")
    }

    /// Those that were given, by setting.
    var given: [String: String] {
        let all: [String: String?] = [
            "host": host, "port": port, "data": data, "database": database, "node": node,
            "lease": lease, "uploads": uploads, "files": files, "url": url,
            "proxies": proxies, "webRoot": webRoot, "logLevel": logLevel, "logForm": logForm,
            "readers": readers, "cache": cache, "busyTimeout": busyTimeout,
            "connectTimeout": connectTimeout, "statementTimeout": statementTimeout,
            "lockTimeout": lockTimeout, "storePatience": storePatience, "waiting": waiting,
            "group": group, "commands": commands,
            "commandBurst": commandBurst, "idle": idle, "grace": grace,
            "continuousFolder": continuousFolder, "continuousEvery": continuousEvery,
            "continuousBase": continuousBase, "continuousKeep": continuousKeep,
            "certificate": certificate, "backupEvery": backupEvery, "backupFolder": backupFolder,
            "keepDaily": keepDaily,
            "keepWeekly": keepWeekly, "keepMonthly": keepMonthly,
        ]
        return all.compactMapValues { $0 }
    }

    /// - Parameter standards: in the place of some settings' own.
    func settings(standards: [String: String] = [:]) throws -> Settings {
        try Settings(flags: given, file: config, standards: standards)
    }
}
