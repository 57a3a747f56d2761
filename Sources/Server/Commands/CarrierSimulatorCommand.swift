import ArgumentParser
import Desk
import Foundation
import Hummingbird
import Logging

/// `qinke carrier-simulator`: a tracking service for trials, on loopback only.
struct CarrierSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "carrier-simulator",
        abstract: "模拟一家物流查询服务，只在本机 · Play a tracking service, on loopback only.",
        discussion: """
            在设置里写 trackingAddress: http://127.0.0.1:8490/poll/query.do 和同样的 customer、key。
            运行中用 POST /moods {"late":…,"wrong":…,"doubled":…,"mixed":…,"down":…} 换一种捣乱。

            Set trackingAddress to http://127.0.0.1:8490/poll/query.do with the same customer and key. While it runs, \
            POST /moods changes what goes wrong.
            """)

    @Option(help: "监听的端口 · The port to listen on")
    var port = 8490
    @Option(help: "客户编号 · The customer's number")
    var customer = "SIMULATED"
    @Option(help: "密钥 · The key")
    var key = "simulated-key"
    @Option(help: "一秒里过几个小时 · Simulated hours in one second")
    var speed = 1.0
    @Flag(help: "停在半路 · Parcels stand still half way")
    var late = false
    @Flag(help: "走错方向 · Parcels go the wrong way")
    var wrong = false
    @Flag(help: "每条说两遍 · Every step is told twice")
    var doubled = false
    @Flag(help: "次序打乱 · Steps in no order")
    var mixed = false
    @Flag(help: "连不上 · No answer but an error")
    var down = false

    func run() async throws {
        guard (0.001...1_000).contains(speed) else {
            throw ValidationError("--speed 0.001…1000")
        }
        let simulator = CarrierSimulator(
            customer: customer, key: key, hoursPerSecond: speed,
            moods: .init(late: late, wrong: wrong, doubled: doubled, mixed: mixed, down: down),
            clock: House.clock)
        let app = Application(
            router: simulator.router(),
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                // Written at once, also into a pipe.
                let address = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/poll/query.do\n"
                FileHandle.standardOutput.write(Data(address.utf8))
            }, logger: Logger(label: "carrier-simulator"))
        try await app.runService()
    }
}
