package import Desk
package import Logging
package import ServiceLifecycle
package import Storage
import Synchronization

/// This program among the nodes that share its store: its seat, and the duties that are its own now.
///
/// Seat and duties are leases, renewed together at a steady pace. What was not renewed in time counts as lost here even
/// before the store says so, by this machine's steady clock, which no correction moves.
package final class NodeService: Service, Sendable {
    package struct Failure: Error, Hashable {
        package let message: Localized
    }

    /// A node as the others see it.
    package struct Peer: Hashable, Sendable {
        package let name: String
        package let number: Int
        package let since: Instant
    }

    private struct State {
        var seat: Lease?
        var duties: [String: Lease] = [:]
        var renewed: ContinuousClock.Instant?
        var listen: @Sendable (News) -> Void = { _ in }
        var failing = false
    }

    /// What changed at this node.
    package enum News: Hashable, Sendable {
        /// It sits elsewhere than before: other numbers in ids, other rows for its windows.
        case seated(NodeSeat)
        case gained(String)
    }

    /// Seats of one store; the number is six bits of every id, and 0 is for a program alone.
    package static let seats = 1...63

    /// What people call this node.
    package let name: String
    private let owner: String
    private let leases: LeaseStore
    private let wanted: [String]
    private let span: Span
    private let every: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - run: unique to this run of the program.
    ///   - duties: names of leases that this node takes when nobody has them.
    ///   - span: how long a lease lasts without being renewed.
    package init(
        name: String, run: Int64, leases: LeaseStore, duties: [String], span: Span = .seconds(12),
        every: Duration = .seconds(3), logger: Logger
    ) {
        self.name = name
        owner = "\(name)#\(String(UInt64(bitPattern: run), radix: 36))"
        self.leases = leases
        wanted = duties
        self.span = span
        self.every = every
        self.logger = logger
    }

    /// Called with every change from now on; not for the first seat.
    package func onChange(_ listen: @escaping @Sendable (News) -> Void) {
        state.withLock { $0.listen = listen }
    }

    // MARK: - What is ours

    /// Nil when it is lost and no other was found yet.
    package var seat: NodeSeat? {
        state.withLock { state in state.seat.flatMap(Self.seat) }
    }

    package func duty(_ name: String) -> Duty {
        state.withLock { state in
            guard let lease = state.duties[name], let renewed = state.renewed,
                ContinuousClock.now - renewed < .milliseconds(span.milliseconds)
            else { return .elsewhere }
            return .held(lease)
        }
    }

    /// Whether the leases could not be renewed at the last try.
    package var isUnhealthy: Bool { state.withLock { $0.failing } }

    private static func seat(_ lease: Lease) -> NodeSeat? {
        Int(lease.name.split(separator: ".").last ?? "").map {
            NodeSeat(number: $0, fence: lease.fence)
        }
    }

    // MARK: - Taking and keeping

    /// Before anything is served, and before any id is made.
    /// - Throws: ``Failure`` when every seat is taken.
    package func takeSeat() async throws -> NodeSeat {
        let names = Self.seats.map { LeaseName.node($0) }
        let (owner, span, prefix) = (owner, span, "\(name)#")
        let taken = try await leases.transaction { now, transaction -> Lease? in
            let known = try names.map { ($0, try LeaseStore.find($0, in: transaction)) }
            // The seat of this node's last run first, then one that nobody had, then the one that is free for longest.
            let free = known.filter { $0.1?.isValid(at: now) != true }
            let order =
                free.filter { $0.1?.owner.hasPrefix(prefix) == true }
                + free.filter { $0.1 == nil }
                + free.filter { $0.1 != nil }.sorted {
                    ($0.1?.expires ?? now) < ($1.1?.expires ?? now)
                }
            for (name, _) in order {
                if case .granted(let lease) = try LeaseStore.ask(
                    name, as: owner, for: span, at: now, in: transaction)
                {
                    return lease
                }
            }
            return nil
        }
        guard let taken, let seat = Self.seat(taken) else {
            throw Failure(
                message: Localized(
                    zh: "已有 \(Self.seats.upperBound) 个节点在使用这个数据库",
                    en: "\(Self.seats.upperBound) nodes use this store already"))
        }
        state.withLock { $0.seat = taken }
        logger.info(
            "this node has a seat",
            metadata: ["node": "\(name)", "seat": "\(seat.number)", "fence": "\(seat.fence)"])
        return seat
    }

    /// Renews everything once.
    package func renew() async {
        do {
            guard let seat = state.withLock({ $0.seat }) else {
                let seat = try await takeSeat()
                state.withLock { $0.listen }(.seated(seat))
                return
            }
            let began = ContinuousClock.now
            let answers = try await leases.ask([seat.name] + wanted, as: owner, for: span)
            var news: [News] = []
            state.withLock { state in
                state.renewed = began
                state.failing = false
                if case .granted(let lease) = answers[0] {
                    state.seat = lease
                    if lease.fence != seat.fence, let moved = Self.seat(lease) {
                        news.append(.seated(moved))
                    }
                } else {
                    state.seat = nil
                }
                for (name, answer) in zip(wanted, answers.dropFirst()) {
                    guard case .granted(let lease) = answer else {
                        state.duties[name] = nil
                        continue
                    }
                    if state.duties[name]?.fence != lease.fence { news.append(.gained(name)) }
                    state.duties[name] = lease
                }
            }
            let listen = state.withLock { $0.listen }
            for change in news { listen(change) }
            if seat != state.withLock({ $0.seat }), state.withLock({ $0.seat }) == nil {
                logger.warning("this node's seat was taken while it was away")
                await renew()
            }
        } catch {
            state.withLock { $0.failing = true }
            logger.error("this node's leases were not renewed", metadata: ["error": "\(error)"])
        }
    }

    package func run() async throws {
        await renew()
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            await renew()
        }
    }

    /// Lets everything go, so that the others take over at once.
    package func leave() async {
        let held = state.withLock { state in
            defer {
                state.duties = [:]
                state.seat = nil
            }
            return Array(state.duties.values) + [state.seat].compactMap { $0 }
        }
        try? await leases.release(held)
    }

    /// The nodes that live, by name.
    package func peers() async throws -> [Peer] {
        try await leases.seats().compactMap { lease in
            Self.seat(lease).map {
                Peer(name: lease.ownerName, number: $0.number, since: lease.taken)
            }
        }
    }
}
