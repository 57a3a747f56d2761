import ArgumentParser
import Foundation
import NIOCore

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Buyers write, agents receive: open loop, every answer checked.",
        discussion: """
            Exits 1 when any answer was wrong, doubled, out of order or missing, or an acknowledged message is not \
            in the store exactly once.
            """)

    @OptionGroup var entrance: Entrance
    @Option(help: "Sockets of buyers.") var buyers = 200
    @Option(help: "Sockets of agents.") var agents = 20
    @Option(help: "Messages a second, all buyers together; where --find begins.") var rate = 1000
    @Option(help: "Seconds of each step.") var seconds = 10
    @Flag(help: "Look for the highest rate that holds the p99.") var find = false
    @Option(help: "The p99 of ack and delivery that must hold, in milliseconds.") var p99 = 200.0
    @Flag(inversion: .prefixedNo, help: "Read everything back over HTTP afterwards (server only).")
    var audit = true

    struct Report: Codable {
        var target: String
        var buyers: Int
        var agents: Int
        /// The highest rate that held, of --find; else the step's, if it held.
        var holds: Int
        var p99: Double
        var best: Generator.Step?
        var steps: [Generator.Step]
        var audit: Audit.Report?
        var load: String
    }

    func run() async throws {
        FileLimit.raise()
        let generator = try await Generator.connect(entrance, buyers: buyers, agents: agents)
        try await generator.warmUp()
        let steps =
            find
            ? try await generator.find(from: rate, p99: p99, seconds: seconds)
            : [try await generator.step(rate: rate, seconds: seconds)]
        let found =
            entrance.relay || !audit
            ? nil
            : try await Audit.run(
                port: entrance.port, cookie: entrance.auditor(),
                expected: generator.acknowledged())
        let best = steps.filter { $0.holds(p99: p99) }.max { $0.rate < $1.rate }
        await generator.close()
        try Report(
            target: entrance.relay ? "relay" : "server", buyers: buyers, agents: agents,
            holds: best?.rate ?? 0, p99: p99, best: best, steps: steps, audit: found,
            load: ProcessFigures.load
        ).print()
        // A step that --find pushed too far may be late, but never wrong.
        let right = steps.allSatisfy { $0.invalid == 0 && (find || $0.settled) }
        guard right, found?.clean != false else { throw ExitCode.failure }
    }
}

extension Encodable {
    /// One JSON object on standard output.
    func print() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        var data = try encoder.encode(self)
        data.append(UInt8(ascii: "\n"))
        FileHandle.standardOutput.write(data)
    }
}
