import DequeModule
import NIOCore
import Synchronization

/// One socket in its channel's pipeline: reads bytes into messages, drains the outbox, pings, and closes by the book.
///
/// Confined to the channel's event loop. It closes with its own context's `close`, never through the channel: behind it
/// in the pipeline stands the parked HTTP connection, whose wishes are stopped by `UpgradeHandler`.
final class SocketChannelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// The session was told. Our Close goes out when what was sent before it has; then the peer's is awaited.
        case closing
        /// Our Close is out. Frames are still read for the peer's answer.
        case awaitingAnswer
        /// Nothing is read as frames any more: only the end of the connection is awaited.
        case ending
    }

    let handle: SocketHandle
    private let rounds: SocketRounds?
    private var session: (any SocketSession)?
    private var context: ChannelHandlerContext?
    private var reader: FrameReader
    /// Received bytes that finish no frame yet, or wait for `resume`.
    private var inbound: ByteBuffer?
    /// Frames taken from the handle's line that the channel could not take yet.
    private var outgoing: Deque<SocketFrame> = []
    private var phase = Phase.open
    private var paused = false
    private var reading = false
    private var writing = false
    private var owesFlush = false
    private var grace: Scheduled<Void>?
    /// Something came since the last ping.
    private var heard = true
    private var pingAt = NIODeadline.distantFuture
    /// Where `rounds` keeps this socket.
    var place = -1

    /// - Precondition: on the handle's event loop.
    init(handle: SocketHandle, side: SocketSide, rounds: SocketRounds?) {
        self.handle = handle
        self.rounds = rounds
        reader = FrameReader(side: side, limit: handle.settings.messageLimit)
    }

    /// Opens the socket with what was received already.
    ///
    /// Called once, when the handler stands in the pipeline.
    func start(_ session: any SocketSession, received early: ByteBuffer? = nil) {
        self.session = session
        if let every = handle.settings.pingEvery, let rounds {
            pingAt = .now() + every
            rounds.join(self)
        }
        if let early, early.readableBytes > 0 { inbound = early }
        readMessages()
        askForMore()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        handle.seat.value = self
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gone()
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        cut(context, SocketClose(.lost, reason: "\(error)", by: .lost))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            // Half closure is allowed on the server's connections: without this a FIN would leave the socket for ever.
            cut(context, SocketClose(.lost, reason: "the peer left without a Close", by: .lost))
        case is ChannelShouldQuiesceEvent:
            handle.close(.goingAway, reason: "the server stops")
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        heard = true
        if case .ending = phase { return }
        if inbound == nil {
            inbound = bytes
        } else {
            inbound?.writeBuffer(&bytes)
        }
        readMessages()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if owesFlush {
            owesFlush = false
            context.flush()
        }
        askForMore()
    }

    func pause() {
        paused = true
    }

    func resume() {
        guard paused else { return }
        paused = false
        readMessages()
        askForMore()
    }

    /// Reading is by request: the next bytes are asked for only when these are used and the peer takes what it is sent.
    private func askForMore() {
        guard let context else { return }
        if case .open = phase {
            guard !paused, context.channel.isWritable else { return }
        }
        context.read()
    }

    private func readMessages() {
        guard !reading, let context, var bytes = inbound else { return }
        reading = true
        inbound = nil
        defer { reading = false }
        do throws(SocketFault) {
            while isReading, let event = try reader.next(&bytes) {
                take(event, context)
            }
        } catch {
            fail(context, error)
        }
        if case .ending = phase { return }
        if bytes.readableBytes > 0 { inbound = kept(bytes) }
    }

    /// Whether the next message may be handed over.
    private var isReading: Bool {
        switch phase {
        case .open: !paused
        case .closing, .awaitingAnswer: true
        case .ending: false
        }
    }

    /// The beginning of a frame in a buffer of the frame's size, not in the large one that it came in.
    private func kept(_ rest: ByteBuffer) -> ByteBuffer {
        if paused { return rest }
        let size = max(reader.wanted(rest) ?? 0, rest.readableBytes, 256)
        var fresh = ByteBufferAllocator().buffer(capacity: size)
        fresh.writeImmutableBuffer(rest)
        return fresh
    }

    private func take(_ event: FrameReader.Event, _ context: ChannelHandlerContext) {
        switch event {
        case .text(let text):
            if case .open = phase { session?.received(text) }
        case .ping(let payload):
            guard case .open = phase else { return }
            write(SocketFrame(.pong, payload: payload, mask: freshMask()), context)
            owesFlush = true
        case .pong:
            break
        case .close(let code, let reason):
            peerCloses(context, SocketClose(code, reason: reason, by: .there))
        }
    }

    private func freshMask() -> UInt32? {
        reader.side == .client ? UInt32.random(in: .min ... .max) : nil
    }

    // MARK: Writing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            drain()
            readMessages()
            askForMore()
        }
        context.fireChannelWritabilityChanged()
    }

    private func write(_ frame: SocketFrame, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(frame.bytes), promise: nil)
    }

    /// Writes what waits as far as the channel takes it, then flushes once.
    func drain() {
        if case .ending = phase { return }
        guard !writing, let context else { return }
        writing = true
        defer { writing = false }
        while true {
            var bytes = 0
            var frames = 0
            while context.channel.isWritable {
                if outgoing.isEmpty { outgoing.append(contentsOf: taken()) }
                guard let frame = outgoing.popFirst() else { break }
                write(frame, context)
                bytes += frame.size
                frames += 1
            }
            if frames > 0 { context.flush() }
            switch settle(bytes: bytes, frames: frames) {
            case .more where context.channel.isWritable: continue
            case .more, .idle: return
            case .ended(let why, let dry):
                end(context, why, dry: dry)
                return
            }
        }
    }

    private func taken() -> [SocketFrame] {
        handle.line.withLock { line in
            defer { line.pending = [] }
            return line.pending
        }
    }

    private enum Next {
        case more, idle
        case ended(SocketClose, dry: Bool)
    }

    /// Books what was written, and says what comes next.
    private func settle(bytes: Int, frames: Int) -> Next {
        let left = outgoing.isEmpty
        return handle.line.withLock { line in
            line.bytes -= bytes
            line.frames -= frames
            let dry = left && line.pending.isEmpty
            if let why = line.ended { return .ended(why, dry: dry) }
            if dry { line.draining = false }
            return dry ? .idle : .more
        }
    }

    // MARK: Closing

    /// The handle was closed, or the outbox ran over.
    private func end(_ context: ChannelHandlerContext, _ why: SocketClose, dry: Bool) {
        if case .open = phase {
            report(why)
            phase = .closing
            startGrace(context)
            if why.code == .tooSlow { outgoing = [] }
            context.read()
        }
        guard case .closing = phase, outgoing.isEmpty, dry || why.code == .tooSlow else { return }
        phase = .awaitingAnswer
        write(SocketFrame(close: why, mask: freshMask()), context)
        context.flush()
    }

    private func peerCloses(_ context: ChannelHandlerContext, _ why: SocketClose) {
        let answered = if case .awaitingAnswer = phase { true } else { false }
        report(why)
        stopReadingAndWriting()
        if answered {
            close(context)
        } else {
            // §5.5.1: the answer carries the code that came. §7.1.1: then the server closes the connection.
            sendLast(SocketClose(why.code, by: .here), context)
        }
    }

    /// §7.1.7: says why, then closes.
    private func fail(_ context: ChannelHandlerContext, _ fault: SocketFault) {
        let said = if case .awaitingAnswer = phase { true } else { false }
        let why = SocketClose(fault.code, reason: fault.reason, by: .here)
        report(why)
        stopReadingAndWriting()
        if said { close(context) } else { sendLast(why, context, lingering: true) }
    }

    /// Sends a Close after which nothing of the peer is wanted.
    ///
    /// Lingering: only the sending half is shut down, and what the peer still sends is thrown away until it ends too.
    /// To close at once with unread bytes would reset the connection, and the peer might never see the code.
    private func sendLast(
        _ why: SocketClose, _ context: ChannelHandlerContext, lingering: Bool = false
    ) {
        let frame = SocketFrame(close: why, mask: freshMask())
        startGrace(context)
        let out = context.eventLoop.makePromise(of: Void.self)
        out.futureResult.assumeIsolated().whenComplete { _ in
            guard let context = self.context else { return }
            if lingering {
                context.close(mode: .output, promise: nil)
                context.read()
            } else {
                self.close(context)
            }
        }
        context.writeAndFlush(wrapOutboundOut(frame.bytes), promise: out)
    }

    private func startGrace(_ context: ChannelHandlerContext) {
        guard grace == nil else { return }
        grace = context.eventLoop.assumeIsolated().scheduleTask(in: handle.settings.closeGrace) {
            if let context = self.context { self.close(context) }
        }
    }

    /// Ends the connection without a word.
    private func cut(_ context: ChannelHandlerContext, _ why: SocketClose) {
        report(why)
        stopReadingAndWriting()
        close(context)
    }

    private func stopReadingAndWriting() {
        phase = .ending
        inbound = nil
        outgoing = []
        handle.line.withLock { $0.pending = [] }
    }

    private func close(_ context: ChannelHandlerContext) {
        context.close(mode: .all, promise: nil)
    }

    /// Tells the session, once, and refuses what is sent from now on.
    private func report(_ why: SocketClose) {
        handle.line.withLock { line in
            if line.ended == nil { line.ended = why }
        }
        guard let session else { return }
        self.session = nil
        session.closed(why)
    }

    private func gone() {
        guard context != nil else { return }
        report(SocketClose(.lost, reason: "the connection ended", by: .lost))
        context = nil
        handle.seat.value = nil
        stopReadingAndWriting()
        handle.line.withLock { line in
            line.bytes = 0
            line.frames = 0
        }
        grace?.cancel()
        grace = nil
        rounds?.leave(self)
    }

    // MARK: The round

    /// Called by the round: pings when it is time, or gives up a peer that was silent since the last ping.
    func visit(now: NIODeadline) {
        guard now >= pingAt, let every = handle.settings.pingEvery, let context, case .open = phase
        else { return }
        // A peer that is not read from cannot be heard; its session will resume or close.
        guard heard || paused else {
            cut(context, SocketClose(.lost, reason: "the peer is silent", by: .lost))
            return
        }
        heard = false
        pingAt = now + every
        if context.channel.isWritable {
            write(SocketFrame(.ping, payload: ByteBuffer(), mask: freshMask()), context)
            context.flush()
        }
    }
}
