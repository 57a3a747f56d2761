import ArgumentParser
import Foundation
import NIOCore
import NIOPosix
import Sockets

struct ReconnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconnect",
        abstract: "Cuts thousands of sockets and says how soon all of them are served again.")

    @OptionGroup var entrance: Entrance
    @Option(help: "How many sockets, each of a buyer of its own.") var sockets = 10_000
    @Option(help: "Connections that are being made at a time.") var atOnce = 1_000

    struct Report: Codable {
        var sockets: Int
        /// Milliseconds from the cut until every socket was live again, its past read and sent.
        var milliseconds: Double
        /// Of single sockets, from the beginning of their own attempt.
        var each: Latency
        var failed: Int
        var load: String
    }

    func run() async throws {
        let passes = try await entrance.crowd(sockets)
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let first = try await connect(passes, on: loop)
        guard first.failed == 0 else {
            throw PlainHTTP.Failure(description: "\(first.failed) sockets never became live")
        }
        for handle in first.handles { handle.close(.goingAway) }
        let begun = NIODeadline.now()
        let second = try await connect(passes, on: loop)
        let took = NIODeadline.now() - begun
        try Report(
            sockets: second.handles.count, milliseconds: Double(took.nanoseconds / 100_000) / 10,
            each: second.spread.report, failed: second.failed, load: ProcessFigures.load
        ).print()
        for handle in second.handles { handle.close(.goingAway) }
        guard second.failed == 0 else { throw ExitCode.failure }
    }

    private struct Connected {
        var handles: [SocketHandle] = []
        var spread = Histogram()
        var failed = 0
    }

    /// Connects everybody, so many at a time, and waits until each is live.
    private func connect(_ passes: [Entrance.Pass], on loop: any EventLoop) async throws
        -> Connected
    {
        let entrance = entrance
        return await withTaskGroup(of: (SocketHandle?, Int).self) { group in
            var connected = Connected()
            var rest = passes[...]
            func next() {
                guard let pass = rest.popFirst() else { return }
                group.addTask { await Self.connect(entrance.client(pass), on: loop) }
            }
            for _ in 0..<min(atOnce, passes.count) { next() }
            for await (handle, microseconds) in group {
                if let handle {
                    connected.handles.append(handle)
                    connected.spread.record(microseconds: microseconds)
                } else {
                    connected.failed += 1
                }
                next()
            }
            return connected
        }
    }

    private static func connect(_ client: SocketClient, on loop: any EventLoop) async
        -> (SocketHandle?, Int)
    {
        let begun = NIODeadline.now()
        let live = loop.makePromise(of: Void.self)
        do {
            let handle = try await client.connect(on: loop) { _, _ in IdleSession(live: live) }
                .get()
            handle.send(masked: #"{"type":"hello"}"#)
            try await live.futureResult.get()
            return (handle, Int((NIODeadline.now() - begun).nanoseconds / 1_000))
        } catch {
            live.fail(error)
            return (nil, 0)
        }
    }
}
