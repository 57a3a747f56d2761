import NIOCore
import Synchronization

/// Visits every socket of an event loop in turn: one timer per loop instead of one per socket.
///
/// Confined to its event loop.
final class SocketRounds {
    private var members: [SocketChannelHandler] = []
    private var timer: RepeatedTask?
    private let eventLoop: any EventLoop
    private let every: TimeAmount

    init(eventLoop: any EventLoop, every: TimeAmount) {
        self.eventLoop = eventLoop
        self.every = every
    }

    func join(_ socket: SocketChannelHandler) {
        socket.place = members.count
        members.append(socket)
        guard timer == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleRepeatedTask(initialDelay: every, delay: every) { _ in
            bound.value.visit()
        }
    }

    func leave(_ socket: SocketChannelHandler) {
        let place = socket.place
        guard place >= 0, let last = members.popLast() else { return }
        socket.place = -1
        if last !== socket {
            members[place] = last
            last.place = place
        }
        if members.isEmpty {
            timer?.cancel()
            timer = nil
        }
    }

    private func visit() {
        let now = NIODeadline.now()
        // From behind: a visit may make the visited one leave, which moves only sockets already visited.
        var at = members.count - 1
        while at >= 0 {
            if at < members.count { members[at].visit(now: now) }
            at -= 1
        }
    }
}

/// The rounds of all event loops.
final class SocketRoundsByLoop: Sendable {
    private let every: TimeAmount
    private let rounds = Mutex<[ObjectIdentifier: NIOLoopBound<SocketRounds>]>([:])

    /// - Parameter pingEvery: a round goes ten times as often, so that a ping is at most a tenth late.
    init(pingEvery: TimeAmount) {
        every = .nanoseconds(max(pingEvery.nanoseconds / 10, 1_000_000))
    }

    /// - Precondition: on `eventLoop`.
    func of(_ eventLoop: any EventLoop) -> SocketRounds {
        let bound = rounds.withLock { rounds in
            if let known = rounds[ObjectIdentifier(eventLoop)] { return known }
            let new = NIOLoopBound(
                SocketRounds(eventLoop: eventLoop, every: every), eventLoop: eventLoop)
            rounds[ObjectIdentifier(eventLoop)] = new
            return new
        }
        return bound.value
    }
}
