import DequeModule
import NIOCore
import NIOPosix
import Synchronization

/// A way between clients and a server that loses, delays and cuts connections, the same way for the same seed.
final class ChaosProxy: Sendable {
    struct Figures: Sendable, Codable {
        var connections = 0
        var refused = 0
        var cut = 0
        var delayed = 0
    }

    /// What is wrong with the way.
    enum Mood: String, Sendable, CaseIterable {
        /// Nothing: it only spreads connections over nodes.
        case nothing
        /// A mixture of refusing, cutting, truncating and delaying.
        case everything
        case drop, delay, truncate
        /// Frames of sockets arrive twice, both ways.
        case double
        /// Two frames of a client in a row change places.
        case reorder
    }

    /// What happens to one connection.
    struct Fate: Sendable, Equatable {
        var refuse = false
        /// Cut this long after its beginning.
        var cutAfter: TimeAmount?
        /// Cut when so many bytes went either way, in the middle of whatever they belong to.
        var cutAtBytes: Int?
        var delay: TimeAmount?
        /// One frame in so many is doubled, or changes places with the next.
        var doubled: Int?
        var reordered: Int?

        init(_ mood: Mood, _ random: inout some RandomNumberGenerator) {
            switch mood {
            case .nothing: break
            case .everything: mix(&random)
            case .drop:
                refuse = Int.random(in: 0..<5, using: &random) == 0
                cutAfter = .milliseconds(.random(in: 100...3_000, using: &random))
            case .delay: delay = .milliseconds(.random(in: 20...400, using: &random))
            case .truncate: cutAtBytes = .random(in: 300...12_000, using: &random)
            case .double: doubled = 3
            case .reorder: reordered = 2
            }
        }

        private mutating func mix(_ random: inout some RandomNumberGenerator) {
            switch Int.random(in: 0..<100, using: &random) {
            case ..<8: refuse = true
            case ..<38: cutAfter = .milliseconds(.random(in: 100...5_000, using: &random))
            case ..<58: cutAtBytes = .random(in: 300...20_000, using: &random)
            case ..<80: delay = .milliseconds(.random(in: 5...150, using: &random))
            default: break
            }
        }
    }

    let port: Int
    private let channel: any Channel
    private let mood: Mood
    /// Tried in turn; one that is away is passed over.
    private let nodes: [PlainHTTP]
    private let state: Mutex<(figures: Figures, random: SplitMix)>

    private init(channel: any Channel, nodes: [PlainHTTP], mood: Mood, seed: UInt64) {
        self.channel = channel
        self.nodes = nodes
        self.mood = mood
        port = channel.localAddress?.port ?? 0
        state = Mutex((Figures(), SplitMix(seed)))
    }

    var figures: Figures { state.withLock { $0.figures } }

    static func open(to nodes: [PlainHTTP], mood: Mood, seed: UInt64) async throws -> ChaosProxy {
        let made = Mutex<ChaosProxy?>(nil)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let proxy = made.withLock({ $0 }) else { return channel.close() }
                return proxy.join(channel)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = ChaosProxy(channel: channel, nodes: nodes, mood: mood, seed: seed)
        made.withLock { $0 = proxy }
        return proxy
    }

    func close() async { try? await channel.close() }

    private func join(_ client: any Channel) -> EventLoopFuture<Void> {
        let (fate, first, seed) = state.withLock { state in
            let fate = Fate(mood, &state.random)
            state.figures.connections += 1
            if fate.refuse { state.figures.refused += 1 }
            if fate.cutAfter != nil || fate.cutAtBytes != nil { state.figures.cut += 1 }
            if fate.delay != nil { state.figures.delayed += 1 }
            return (fate, state.figures.connections, state.random.next())
        }
        if fate.refuse { return client.close() }
        return connect(client, first, nodes.count)
            .flatMapThrowing { server in
                let budget = ByteBudget(fate.cutAtBytes)
                var (to, from) = (FrameTricks(seed: seed), FrameTricks(seed: seed &+ 1))
                (to.doubled, to.reordered) = (fate.doubled, fate.reordered)
                // What the server says is never reordered: no connection does that, and clients may rely on it.
                from.doubled = fate.doubled
                try client.pipeline.syncOperations.addHandler(
                    Pipe(to: server, delay: fate.delay, budget, to))
                try server.pipeline.syncOperations.addHandler(
                    Pipe(to: client, delay: fate.delay, budget, from))
                if let time = fate.cutAfter {
                    client.eventLoop.scheduleTask(in: time) { client.close(promise: nil) }
                }
                // The client's side begins to read by itself when this is done.
                try server.syncOptions?.setOption(.autoRead, value: true)
            }
            .flatMapError { _ in client.close() }
    }

    /// Connects to the next node that is there.
    private func connect(_ client: any Channel, _ turn: Int, _ tries: Int)
        -> EventLoopFuture<any Channel>
    {
        let node = nodes[turn % nodes.count]
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(2))
            .connect(host: node.host, port: node.port)
            .flatMapError { error in
                tries > 1
                    ? self.connect(client, turn + 1, tries - 1)
                    : client.eventLoop.makeFailedFuture(error)
            }
    }
}

/// Bytes that a connection may still carry; both directions share it, on one event loop.
private final class ByteBudget {
    private var left: Int?
    init(_ left: Int?) { self.left = left }

    /// How many of so many bytes may pass.
    func take(_ count: Int) -> Int {
        guard let left else { return count }
        let passed = min(left, count)
        self.left = left - passed
        return passed
    }
}

/// One direction of a connection.
private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let delay: TimeAmount?
    private let budget: ByteBudget
    private var tricks: FrameTricks
    private var waiting: Deque<ByteBuffer> = []

    init(to peer: any Channel, delay: TimeAmount?, _ budget: ByteBudget, _ tricks: FrameTricks) {
        self.peer = peer
        self.delay = delay
        self.budget = budget
        self.tricks = tricks
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let passed = budget.take(bytes.readableBytes)
        let cut = passed < bytes.readableBytes
        guard let part = bytes.readSlice(length: passed) else { return }
        if let delay {
            waiting.append(part)
            let pipe = NIOLoopBound(self, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: delay) { pipe.value.forwardFirst() }
        } else {
            let out = tricks.pass(part)
            if out.readableBytes > 0 { peer.writeAndFlush(out, promise: nil) }
            if tricks.holds {
                let pipe = NIOLoopBound(self, eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(in: .milliseconds(60)) { pipe.value.release() }
            }
        }
        if cut {
            let channel = context.channel
            peer.flush()
            peer.close(promise: nil)
            channel.close(promise: nil)
            return
        }
        if !peer.isWritable { try? context.channel.syncOptions?.setOption(.autoRead, value: false) }
    }

    /// Nothing came after the frame that was held back.
    private func release() {
        let held = tricks.release()
        if held.readableBytes > 0 { peer.writeAndFlush(held, promise: nil) }
    }

    private func forwardFirst() {
        if let part = waiting.popFirst() { peer.writeAndFlush(part, promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        try? peer.syncOptions?.setOption(.autoRead, value: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // The end comes after what is still on its way.
        guard let delay else { return peer.close(promise: nil) }
        let peer = peer
        context.eventLoop.scheduleTask(in: delay) { peer.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

extension ChaosProxy.Mood {
    static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
