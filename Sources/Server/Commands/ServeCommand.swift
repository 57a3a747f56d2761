import ArgumentParser
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "启动服务 · Run the server.")

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        Log.start(settings)
        let house = try await House.open(settings)
        try await house.run { port in
            let address = settings.url ?? "http://\(settings.host):\(port)"
            Say.line(
                zh: "亲客 \(Qinke.version) 已启动：\(address)/  数据：\(settings.data)",
                en: "Qinke \(Qinke.version) is up: \(address)/  data: \(settings.data)")
        }
    }
}
