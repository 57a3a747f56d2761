import ArgumentParser
import Desk
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "检查机器、设置和数据，用话说明问题 · Look at the machine, the settings and the data, and say what is wrong."
    )

    @Flag(help: "把整个数据文件读一遍 · Read the whole file of data")
    var deep = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        let findings = await Doctor(settings: settings, deep: deep).examine()
        for finding in findings {
            Say.line("\(finding.ok ? "✓" : "✗") \(Say.text(finding.message))")
        }
        if findings.contains(where: { !$0.ok }) { throw ExitCode(1) }
    }
}
