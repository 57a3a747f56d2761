import ArgumentParser
import Foundation
import NIOCore
import NIOPosix
import Sockets

struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle", abstract: "Opens sockets and says what one costs the server in memory."
    )

    @OptionGroup var entrance: Entrance
    @Option(help: "How many sockets, each of a buyer of its own.") var sockets = 10_000
    @Option(help: "The server's process id.") var pid: Int

    struct Report: Codable {
        var sockets: Int
        /// Resident memory of the server in bytes, before and with the sockets.
        var before: Int
        var after: Int
        var perSocket: Int
        var load: String
    }

    func run() async throws {
        let passes = try await entrance.crowd(sockets)
        guard let before = ProcessFigures.resident(pid: pid) else {
            throw ValidationError("no process \(pid)")
        }
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        var handles: [SocketHandle] = []
        for pass in passes {
            let live = loop.makePromise(of: Void.self)
            let handle = try await entrance.client(pass).connect(on: loop) { _, _ in
                IdleSession(live: live)
            }.get()
            handle.send(masked: #"{"type":"hello"}"#)
            try await live.futureResult.get()
            handles.append(handle)
        }
        guard let after = ProcessFigures.resident(pid: pid) else {
            throw PlainHTTP.Failure(description: "the server has ended")
        }
        let open = handles.count { $0.isOpen }
        try Report(
            sockets: open, before: before, after: after, perSocket: (after - before) / max(1, open),
            load: ProcessFigures.load
        ).print()
        guard open == sockets else { throw ExitCode.failure }
    }
}

/// Waits for `live`, then does nothing.
final class IdleSession: SocketSession {
    private let live: EventLoopPromise<Void>

    init(live: EventLoopPromise<Void>) {
        self.live = live
    }

    func received(_ text: ByteBuffer) {
        if Wire.read(text, { $0.has(#""type":"live""#) }) { live.succeed() }
    }

    func closed(_ why: SocketClose) {
        live.fail(PlainHTTP.Failure(description: "closed with \(why.code.rawValue) \(why.reason)"))
    }
}
