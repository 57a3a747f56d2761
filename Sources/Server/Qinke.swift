import ArgumentParser

@main struct Qinke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qinke", abstract: "亲客客服台 · The customer-service desk",
        subcommands: [ImageWorker.self])
}
