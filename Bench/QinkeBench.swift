import ArgumentParser

/// The measuring tools: each prints one JSON report on standard output, and fails when an answer was wrong.
@main
struct QinkeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qinke-bench",
        abstract: "Measures Qinke beside its ceilings. Scripts/bench runs all of it.",
        subcommands: [
            RelayCommand.self, LoadCommand.self, IdleCommand.self, HTTPCommand.self,
            StartUpCommand.self, PrepareCommand.self, HistoryCommand.self, CommitsCommand.self,
            ReconnectCommand.self, ParcelsCommand.self,
        ])
}
