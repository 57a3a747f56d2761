package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// What happens by the clock: snoozes end, absent agents go offline, unanswered conversations go back, the queue moves,
/// buyers learn their place, the wall is refreshed, and a stalled store is said on every screen.
package final class TimerService: Service, Sendable {
    private struct State {
        /// The place last told to each waiting buyer.
        var places: [ConversationID: Int] = [:]
        var unhealthy = false
        var tick = 0
    }

    private let carryOut: CarryOut
    private let hub: Hub
    /// What is wrong, for every screen.
    package let troubles: Troubles
    package let pulse = Pulse(
        "timers", Localized(zh: "定时任务", en: "The clockwork"), limit: .seconds(30))
    private let presence: PresenceService
    private let policy: @Sendable (ShopID) -> PolicySet
    private let orders: OrderStore
    private let stock: StockStore
    private let logger: Logger
    private let state = Mutex(State())
    /// Between two rounds.
    private let every: Duration
    /// Whether what is written by the clock is this program's to write.
    private let duty: @Sendable () -> Duty

    package init(
        carryOut: CarryOut, hub: Hub, presence: PresenceService,
        policy: @escaping @Sendable (ShopID) -> PolicySet,
        logger: Logger, every: Duration = .seconds(1),
        duty: @escaping @Sendable () -> Duty = { .alone }
    ) {
        self.duty = duty
        self.carryOut = carryOut
        orders = OrderStore(carryOut, stock: .ledger, policy: policy)
        stock = StockStore(carryOut, policy: policy)
        self.hub = hub
        troubles = Troubles(hub)
        self.presence = presence
        self.policy = policy
        self.logger = logger
        self.every = every
    }

    /// Whether the last round failed.
    package var isUnhealthy: Bool { state.withLock { $0.unhealthy } }

    /// Before the first socket of a program alone: nobody is connected yet after a start; everybody's grace runs from now.
    ///
    /// Among several nodes a new one has no windows yet, and the others' stay.
    package func prepare() async throws {
        guard case .alone = duty() else { return }
        let at = carryOut.clock()
        try await carryOut.database.write { transaction in
            try PresenceWindows.forgetAll(in: transaction)
            try PresenceStore.disconnectAll(at: at, in: transaction)
        }
    }

    package func run() async throws {
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            await round()
        }
    }

    /// One round over all shops.
    ///
    /// A failing store is told to everybody, once, and so is its recovery.
    package func round() async {
        pulse.beat()
        let tick = state.withLock { state in
            state.tick += 1
            return state.tick
        }
        do {
            let shops = try await carryOut.database.read { try Shops.all(in: $0) }
            for shop in shops { try await round(shop, tick) }
            health(ok: true)
        } catch let lost as LeaseLost {
            // Another node does it now; nothing of the round's last act was kept.
            logger.info("the timers went to another node", metadata: ["lease": "\(lost.name)"])
        } catch {
            logger.error("the timers' round failed", metadata: ["error": "\(error)"])
            health(ok: false)
        }
    }

    private func round(_ shop: ShopID, _ tick: Int) async throws {
        let duty = duty()
        if duty != .elsewhere { try await work(shop, tick, under: duty) }
        try await tellPlaces(shop)
        try await tellWall(shop)
    }

    /// What one node does for all.
    private func work(_ shop: ShopID, _ tick: Int, under duty: Duty) async throws {
        if duty != .alone {
            _ = try await presence.loseWindowsOfDeadNodes(shop, under: duty)
        }
        let at = carryOut.clock()
        let due = try await carryOut.database.read { try DueWork(of: shop, at: at, in: $0) }
        if due.snoozed {
            let policy = policy(shop)
            try await carryOut(in: shop, as: .system) { act in
                try duty.hold(in: act.transaction)
                _ = try Route.wakeDue(limit: 200, policy: policy, act: act)
            }
        }
        if due.lost { _ = try await presence.dismissGone(shop, under: duty) }
        if tick % 5 == 0 { _ = try await presence.returnUnanswered(shop, under: duty) }
        if tick % 5 == 0 {
            try await passOrders(shop, tick, under: duty)
            try await endHolds(shop, under: duty)
        }
        if due.queued {
            let policy = policy(shop)
            try await carryOut(in: shop, as: .system) { act in
                try duty.hold(in: act.transaction)
                _ = try Route.drainQueue(limit: 50, policy: policy, act: act)
            }
        }
    }

    /// What was kept for a buyer too long goes back on the shelf.
    private func endHolds(_ shop: ShopID, under duty: Duty) async throws {
        let at = carryOut.clock()
        guard try await carryOut.database.read({ try StockStore.isDue(shop, at: at, in: $0) })
        else { return }
        try await stock.expire(in: shop, limit: 100) { try duty.hold(in: $0) }
    }

    /// Unpaid orders close, received ones complete; now and then new ones are looked at.
    private func passOrders(_ shop: ShopID, _ tick: Int, under duty: Duty) async throws {
        let at = carryOut.clock()
        if try await carryOut.database.read({ try OrderStore.isDue(shop, at: at, in: $0) }) {
            try await orders.passTime(in: shop, limit: 100) { try duty.hold(in: $0) }
        }
        if tick % 30 == 0 {
            try await orders.judge(in: shop, limit: 50) { try duty.hold(in: $0) }
        }
    }

    /// The span over which the queue's speed is measured.
    private static let speedWindow = Span.minutes(10)

    private func tellPlaces(_ shop: ShopID) async throws {
        let since = carryOut.clock() - Self.speedWindow
        let (waiting, assigned) = try await carryOut.database.read { transaction in
            let waiting = try QueueOrder.waiting(of: shop, limit: 500, in: transaction)
            return (
                waiting,
                waiting.isEmpty ? 0 : try QueueSpeed.assigned(since: since, of: shop, transaction)
            )
        }
        for (index, (id, buyer)) in waiting.enumerated() {
            let sessions = hub.sessions(of: buyer)
            guard !sessions.isEmpty else { continue }
            let place = index + 1
            let changed = state.withLock { state in
                defer { state.places[id] = place }
                return state.places[id] != place
            }
            guard changed else { continue }
            let seconds = QueueEstimate.waitSeconds(
                place: place, assignedRecently: assigned, window: Self.speedWindow)
            hub.tell(Frames.queue(id, place: place, waitSeconds: seconds), sessions)
        }
        let ids = Set(waiting.map(\.conversation))
        state.withLock { state in state.places = state.places.filter { ids.contains($0.key) } }
    }

    private func tellWall(_ shop: ShopID) async throws {
        let sessions = hub.wallSessions.filter { $0.caller.shop == shop }
        guard !sessions.isEmpty else { return }
        let policy = policy(shop)
        let at = carryOut.clock()
        let body = try await carryOut.database.read { transaction in
            try WallStore.json(of: shop, policy: policy, at: at, in: transaction)
        }
        hub.tell(Frames.wall(body), sessions)
    }

    private func health(ok: Bool) {
        let changed = state.withLock { state in
            defer { state.unhealthy = !ok }
            return state.unhealthy == ok
        }
        guard changed else { return }
        troubles.set(
            "store.failing",
            ok
                ? nil
                : Localized(
                    zh: "系统保存数据出现问题，未确认的消息会保留并重试",
                    en:
                        "The server has trouble saving; what is not confirmed is kept and tried again"
                ),
            forStaffOnly: false)
    }
}

/// Ticks at a steady pace.
enum AsyncTimerSequence {
    static func every(_ interval: Duration) -> AsyncStream<Void> {
        AsyncStream {
            do {
                try await Task.sleep(for: interval)
                return ()
            } catch {
                return nil
            }
        }
    }
}
