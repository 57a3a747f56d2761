import Connectors
import Desk
import Foundation
import Yams

/// The values in force and where each came from: flag, then environment, then file, then standard.
struct Settings: Sendable {
    enum Origin: Hashable, Sendable {
        case flag
        case environment(String)
        case file(String)
        case standard

        var name: Localized {
            switch self {
            case .flag: Localized(zh: "命令行", en: "flag")
            case .environment(let name): Localized(zh: "环境变量 \(name)", en: "environment \(name)")
            case .file(let path): Localized(zh: "文件 \(path)", en: "file \(path)")
            case .standard: Localized(zh: "默认", en: "default")
            }
        }
    }

    struct Failure: Error, Hashable, CustomStringConvertible {
        let message: Localized
        var description: String { Say.text(message) }
    }

    private(set) var values: [String: (value: String, origin: Origin)] = [:]
    /// Things that look like settings and are none.
    private(set) var strangers: [String] = []

    /// - Parameters:
    ///   - flags: by name, those that were given.
    ///   - file: a YAML file that must exist; nil takes `QINKE_CONFIG`, or `qinke.yaml` when it is there.
    init(
        flags: [String: String] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment, file: String? = nil,
        standards: [String: String] = [:]
    ) throws {
        let named = file ?? environment["QINKE_CONFIG"]
        let path = named ?? "qinke.yaml"
        let written = try Self.read(path, mustExist: named != nil)
        for setting in Setting.all {
            let found: (String, Origin) =
                if let value = flags[setting.name] {
                    (value, .flag)
                } else if let value = environment[setting.environment] {
                    (value, .environment(setting.environment))
                } else if let value = written[setting.name] {
                    (value, .file(path))
                } else {
                    (standards[setting.name] ?? setting.standard, .standard)
                }
            if let complaint = setting.complaint(found.0) {
                let origin = found.1.name
                throw Failure(
                    message: Localized(
                        zh: "设置 \(setting.name)（\(origin.zh)）\(complaint.zh)",
                        en: "setting \(setting.name) (\(origin.en)) \(complaint.en)"))
            }
            values[setting.name] = found
        }
        let known = Set(Setting.all.map(\.environment) + Self.otherNames)
        strangers = environment.keys.filter { $0.hasPrefix("QINKE_") && !known.contains($0) }
            .sorted()
    }

    /// Names in the environment that are ours without being settings.
    private static let otherNames = ["QINKE_CONFIG", "QINKE_PASSWORD", "QINKE_DIALOGUES"]

    private static func read(_ path: String, mustExist: Bool) throws -> [String: String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            guard mustExist else { return [:] }
            throw Failure(
                message: Localized(
                    zh: "读不到设置文件 \(path)", en: "cannot read the settings file \(path)"))
        }
        let node: Yams.Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw Failure(
                message: Localized(
                    zh: "设置文件 \(path) 不是正确的 YAML：\(error)",
                    en: "the settings file \(path) is not YAML: \(error)"))
        }
        guard let node, node.null == nil else { return [:] }
        guard let mapping = node.mapping else {
            throw Failure(
                message: Localized(
                    zh: "设置文件 \(path) 要写成“名字: 值”",
                    en: "the settings file \(path) must hold `name: value` lines"))
        }
        var values: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.string, Setting.byName[name] != nil, let text = value.string else {
                let name = key.string ?? "?"
                let near = nearest(name)
                throw Failure(
                    message: Localized(
                        zh: "设置文件 \(path) 里没有“\(name)”这个设置，是不是想写 \(near)？",
                        en: "\(path): there is no setting \"\(name)\"; did you mean \(near)?"))
            }
            values[name] = text
        }
        return values
    }

    /// The known name that shares most letters with a wrong one.
    private static func nearest(_ name: String) -> String {
        let letters = Set(name.lowercased())
        let best = Setting.all.max { a, b in
            let (x, y) = (Set(a.name.lowercased()), Set(b.name.lowercased()))
            return letters.intersection(x).count - letters.symmetricDifference(x).count
                < letters.intersection(y).count - letters.symmetricDifference(y).count
        }
        return best?.name ?? "port"
    }

    func text(_ name: String) -> String {
        guard let found = values[name] else { preconditionFailure("no setting is called \(name)") }
        return found.value
    }

    /// Checked when the settings were read.
    func number(_ name: String) -> Int { Int(text(name)) ?? 0 }
}

extension Settings {
    var host: String { text("host") }
    var port: Int { number("port") }
    var data: String { text("data") }
    var files: String {
        let given = text("files")
        guard given.isEmpty else { return given }
        return URL(filePath: data).deletingLastPathComponent().appending(path: "files")
            .path(percentEncoded: false)
    }
    var backupFolder: String {
        let given = text("backupFolder")
        guard given.isEmpty else { return given }
        return URL(filePath: data).deletingLastPathComponent().appending(path: "backups")
            .path(percentEncoded: false)
    }
    var webRoot: String? {
        let path = text("webRoot")
        return path.isEmpty ? nil : path
    }
    /// Nil: nobody is asked for tracks.
    var tracking: TrackingClient.Account? {
        let address = text("trackingAddress")
        guard !address.isEmpty else { return nil }
        return TrackingClient.Account(
            address: address, customer: text("trackingCustomer"), key: text("trackingKey"))
    }
    /// Nil = what the request says.
    var url: String? {
        let text = text("url")
        return text.isEmpty ? nil : text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
