import ArgumentParser
import Desk

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "打印生效的设置和来处 · Print the settings in force and where each came from.")

    @OptionGroup var flags: SettingFlags
    @Flag(help: "生成 Docs/settings.md · Write the page of settings")
    var page = false

    func run() throws {
        if page { return Say.line(String(SettingsPage.text.dropLast())) }
        let settings = try flags.settings()
        let width = Setting.all.map(\.name.count).max() ?? 0
        for setting in Setting.all {
            guard let origin = settings.values[setting.name]?.origin else { continue }
            let value = settings.shown(setting.name)
            let name = setting.name.padding(to: width)
            let shown = value.isEmpty ? "-" : value
            let unit = setting.unit.isEmpty ? "" : " \(setting.unit)"
            Say.line("\(name)  \((shown + unit).padding(to: 28))  \(Say.text(origin.name))")
        }
        for stranger in settings.strangers {
            Say.aside(zh: "没有叫 \(stranger) 的设置", en: "there is no setting called \(stranger)")
        }
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "打印版本 · Print the version.")

    func run() throws { Say.line("qinke \(Qinke.version)") }
}

extension String {
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
