import ArgumentParser
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct StartUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "startup",
        abstract: "Starts a server, waits for its first answer, weighs it at rest and stops it.")

    @Option(help: "The server's port on loopback.") var port = 8401
    @Option(help: "A path that answers 200 when the server is up.") var path = "/health"
    @Option(help: "How many starts; the middle one is reported.") var times = 5
    @Argument(parsing: .postTerminator, help: "After --, the command and its arguments.")
    var command: [String]

    struct Report: Codable {
        /// Milliseconds from the start of the process to its first answer: all, and the middle one.
        var starts: [Double]
        var milliseconds: Double
        /// Resident memory in bytes two seconds after the first answer.
        var resident: Int
        /// Whether SIGTERM ended it with exit code 0, every time.
        var stopped: Bool
        var load: String
    }

    func run() async throws {
        guard let program = command.first else { throw ValidationError("-- COMMAND is needed") }
        var starts: [Double] = []
        var resident = 0
        var stopped = true
        for _ in 0..<max(1, times) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = Array(command.dropFirst())
            process.standardOutput = FileHandle.nullDevice
            let begun = ContinuousClock.now
            try process.run()
            guard await answers(within: .seconds(30)) else {
                process.terminate()
                throw PlainHTTP.Failure(description: "no answer within 30 s")
            }
            let took = (ContinuousClock.now - begun) / .milliseconds(1)
            starts.append((took * 10).rounded() / 10)
            try await Task.sleep(for: .seconds(2))
            resident = ProcessFigures.resident(pid: Int(process.processIdentifier)) ?? 0
            process.terminate()
            process.waitUntilExit()
            stopped =
                stopped && process.terminationReason == .exit && process.terminationStatus == 0
        }
        try Report(
            starts: starts, milliseconds: starts.sorted()[starts.count / 2], resident: resident,
            stopped: stopped, load: ProcessFigures.load
        ).print()
        guard stopped else { throw ExitCode.failure }
    }

    private func answers(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let status = try? await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
                try await http.get(path).status
            }
            if status == 200 { return true }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return false
    }
}
