import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

struct HTTPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http",
        abstract:
            "Asks for pages over keep-alive connections, each as soon as the last is answered.")

    @OptionGroup var entrance: Entrance
    @Option(help: "A path; may be given again, then they are asked for in turn.")
    var path: [String] = []
    @Option(help: "A file with one path per line, instead of --path.") var paths: String?
    @Option(help: "Connections.") var connections = 32
    @Option(help: "Seconds.") var seconds = 5
    @Option(help: "Requests a second over all connections; 0 is as many as are answered.")
    var rate = 0
    @Option(help: "A text that every answer must hold.") var expect = "{"
    @Flag(help: "Ask without logging in.") var open = false

    struct Report: Codable {
        var paths: Int
        var connections: Int
        var answered: Int
        var perSecond: Double
        /// Milliseconds; from when the request was due if a rate was given.
        var latency: Latency
        var invalid: Int
        var faults: [String]
        var load: String
    }

    func run() async throws {
        FileLimit.raise()
        var all = path
        if let paths {
            all += try String(contentsOfFile: paths, encoding: .utf8).split(separator: "\n")
                .map(String.init)
        }
        guard !all.isEmpty else { throw ValidationError("--path or --paths is needed") }
        let cookie = open ? nil : try await entrance.auditor()
        let requests = all.map { path in
            ByteBuffer(
                string: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(entrance.port)\r\n"
                    + (cookie.map { "Cookie: \($0)\r\n" } ?? "") + "\r\n")
        }
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let start = NIODeadline.now() + .milliseconds(50)
        let end = start + .seconds(Int64(seconds))
        let tally = try await loop.submit {
            NIOLoopBound(
                PageTally(
                    requests: requests, expect: Array(expect.utf8), start: start, end: end,
                    rate: rate),
                eventLoop: loop)
        }.get()
        var ends: [EventLoopFuture<Void>] = []
        for _ in 0..<connections {
            let channel = try await ClientBootstrap(group: loop)
                .connect(host: "127.0.0.1", port: entrance.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(PageAsker(tally.value))
                        return channel
                    }
                }
            ends.append(channel.closeFuture)
        }
        for end in ends { try await end.get() }
        let report = try await loop.submit {
            let tally = tally.value
            return Report(
                paths: requests.count, connections: connections, answered: tally.answered,
                perSecond: (Double(tally.answered) / Double(seconds)).rounded(),
                latency: tally.latency.report, invalid: tally.invalid, faults: tally.faults,
                load: ProcessFigures.load)
        }.get()
        try report.print()
        guard report.invalid == 0, report.answered > 0 else { throw ExitCode.failure }
    }
}

/// What all connections together ask and get, on one event loop.
final class PageTally {
    let requests: [ByteBuffer]
    let expect: [UInt8]
    let start: NIODeadline
    let end: NIODeadline
    let rate: Int
    var asked = 0
    var answered = 0
    var latency = Histogram()
    var invalid = 0
    var faults: [String] = []

    init(requests: [ByteBuffer], expect: [UInt8], start: NIODeadline, end: NIODeadline, rate: Int) {
        self.requests = requests
        self.expect = expect
        self.start = start
        self.end = end
        self.rate = rate
    }

    /// The next request and when it is due; nil when the time is up.
    func next() -> (request: ByteBuffer, due: NIODeadline)? {
        let now = NIODeadline.now()
        let due =
            rate > 0
            ? start + .nanoseconds(Int64(asked) * 1_000_000_000 / Int64(rate)) : max(now, start)
        guard max(due, now) < end else { return nil }
        defer { asked += 1 }
        return (requests[asked % requests.count], due)
    }

    func fault(_ text: String) {
        invalid += 1
        if faults.count < 10 { faults.append(text) }
    }
}

/// One connection: a request, its answer, the next request.
final class PageAsker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let tally: PageTally
    private var due = NIODeadline.now()
    private var answer = ByteBuffer()
    /// Where the answer ends, once its head was read.
    private var length: Int?
    private var waiting = false

    init(_ tally: PageTally) {
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) { ask(context) }

    private func ask(_ context: ChannelHandlerContext) {
        guard let (request, due) = tally.next() else {
            context.close(promise: nil)
            return
        }
        self.due = due
        waiting = true
        answer.clear()
        length = nil
        if due > .now() {
            context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
                context.writeAndFlush(self.wrapOutboundOut(request), promise: nil)
            }
        } else {
            context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        guard waiting else {
            tally.fault("bytes nobody asked for")
            context.close(promise: nil)
            return
        }
        if length == nil { readHead(context) }
        guard let length, answer.readableBytes >= length else { return }
        waiting = false
        let text = answer.readableBytesView
        let right = text.dropFirst(9).prefix(3).elementsEqual("200".utf8)
        if !right || !Wire.read(answer, { $0.contains(tally.expect) }) {
            tally.fault("\(String(decoding: text.prefix(300), as: UTF8.self))")
        }
        tally.answered += 1
        tally.latency.record(microseconds: Int((.now() - due).nanoseconds / 1000))
        ask(context)
    }

    /// Pages have a length; one without cannot be told from a cut one, so it counts as wrong.
    private func readHead(_ context: ChannelHandlerContext) {
        let text = answer.readableBytesView
        guard let end = text.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: text[..<end.lowerBound], as: UTF8.self).lowercased()
        let lines = head.split(separator: "\r\n")
        let field = lines.first { $0.hasPrefix("content-length:") }?.dropFirst(15)
        guard let field, let body = Int(field.drop { $0 == " " }) else {
            tally.fault("no length: \(head)")
            waiting = false
            context.close(promise: nil)
            return
        }
        length = end.upperBound - text.startIndex + body
    }

    func channelInactive(context: ChannelHandlerContext) {
        if waiting { tally.fault("the connection ended before the answer") }
        waiting = false
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tally.fault("\(error)")
        waiting = false
        context.close(promise: nil)
    }
}
