import ArgumentParser
import Foundation
import NIOHTTP1

struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Gives a server the agents that the load plays.")

    @Option(help: "The server's port on loopback.") var port = 8401
    @Option(help: "Who may add staff and read everything, login:password.") var owner: String
    @Option(help: "How many agents.") var agents = 20
    @Option(help: "Where to write their log-ins; the last line is the owner's.") var staff: String

    func run() async throws {
        let lines = try await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
            http.headers = [("Cookie", try await Entrance.logIn(http, owner))]
            let run = UInt32.random(in: .min ... .max)
            var lines: [String] = []
            for number in 1...agents {
                let login = "bench-\(run)-\(number)"
                let password = "\(UInt64.random(in: .min ... .max))-\(number)"
                _ = try await http.must(
                    .POST, "/v1/staff",
                    json: [
                        "login": login, "name": "压测\(number)", "password": password,
                        "role": "agent", "level": "senior", "department": "service",
                        "employment": "fullTime", "groups": [String](), "cap": 200,
                    ] as [String: Any])
                lines.append("\(login):\(password)")
            }
            return lines
        }
        try (lines + [owner]).joined(separator: "\n")
            .write(toFile: staff, atomically: true, encoding: .utf8)
    }
}
