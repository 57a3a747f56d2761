import ArgumentParser

/// The one command.
@main struct Qinke: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "qinke",
        abstract: "亲客：网店自己的客服台 · The customer-service desk that an online shop runs itself.",
        version: version,
        subcommands: [
            ServeCommand.self, DemoCommand.self, ConfigCommand.self, VersionCommand.self,
            DoctorCommand.self,
            BackupCommand.self, RestoreCommand.self, MoveCommand.self, UploadsCommand.self,
            ReplayCommand.self, CarrierSimulatorCommand.self,
            ReconcileCommand.self,
            ImportCommand.self,
            StaffCommand.self, ImageWorker.self,
        ])
}
