import ArgumentParser
import Logging
import Storage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "启动服务 · Run the server.")

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let settings = try flags.settings()
        Log.start(settings)
        FileLimit.raise()
        let house = try await House.open(settings)
        let isNew = try await house.identity.shops.isEmpty()
        try await house.run { port in
            let address = settings.url ?? "http://\(settings.host):\(port)"
            Say.line(
                zh: "亲客 \(Qinke.version) 已启动：\(address)/  数据：\(settings.place)",
                en: "Qinke \(Qinke.version) is up: \(address)/  data: \(settings.place)")
            if isNew {
                let code = house.identity.setUp.code
                Say.line(
                    zh: "还没有店铺：请打开 \(address)/setup ，设置码 \(code)",
                    en: "There is no shop yet: open \(address)/setup with the code \(code)")
            }
        }
    }
}
