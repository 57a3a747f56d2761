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

    /// What happens to one connection.
    struct Fate: Sendable, Equatable {
        var refuse = false
        /// Cut this long after its beginning.
        var cutAfter: TimeAmount?
        /// Cut when so many bytes went either way, in the middle of whatever they belong to.
        var cutAtBytes: Int?
        var delay: TimeAmount?

        init(_ random: inout some RandomNumberGenerator) {
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
    private let state: Mutex<(figures: Figures, random: SplitMix)>

    private init(channel: any Channel, seed: UInt64) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        state = Mutex((Figures(), SplitMix(seed)))
    }

    var figures: Figures { state.withLock { $0.figures } }

    static func open(to host: String, _ port: Int, seed: UInt64) async throws -> ChaosProxy {
        let made = Mutex<ChaosProxy?>(nil)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let proxy = made.withLock({ $0 }) else { return channel.close() }
                return proxy.join(channel, to: host, port)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = ChaosProxy(channel: channel, seed: seed)
        made.withLock { $0 = proxy }
        return proxy
    }

    func close() async { try? await channel.close() }

    private func join(_ client: any Channel, to host: String, _ port: Int) -> EventLoopFuture<Void>
    {
        let fate = state.withLock { state in
            let fate = Fate(&state.random)
            state.figures.connections += 1
            if fate.refuse { state.figures.refused += 1 }
            if fate.cutAfter != nil || fate.cutAtBytes != nil { state.figures.cut += 1 }
            if fate.delay != nil { state.figures.delayed += 1 }
            return fate
        }
        if fate.refuse { return client.close() }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
            .flatMapThrowing { server in
                let budget = ByteBudget(fate.cutAtBytes)
                try client.pipeline.syncOperations.addHandler(
                    Pipe(to: server, delay: fate.delay, budget))
                try server.pipeline.syncOperations.addHandler(
                    Pipe(to: client, delay: fate.delay, budget))
                if let time = fate.cutAfter {
                    client.eventLoop.scheduleTask(in: time) { client.close(promise: nil) }
                }
                // The client's side begins to read by itself when this is done.
                try server.syncOptions?.setOption(.autoRead, value: true)
            }
            .flatMapError { _ in client.close() }
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
    private var waiting: Deque<ByteBuffer> = []

    init(to peer: any Channel, delay: TimeAmount?, _ budget: ByteBudget) {
        self.peer = peer
        self.delay = delay
        self.budget = budget
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
            peer.writeAndFlush(part, promise: nil)
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

    private func forwardFirst() {
        if let part = waiting.popFirst() { peer.writeAndFlush(part, promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        try? peer.syncOptions?.setOption(.autoRead, value: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
