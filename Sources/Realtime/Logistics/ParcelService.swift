package import Desk
package import Logging
import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// What happens to parcels by the clock: those in trouble are found, and the buyers of delay batches are told one by one.
package final class ParcelService: Service, Sendable {
    private struct State {
        var unhealthy = false
        /// The rules by which all parcels of a shop were looked at last.
        var rules: [ShopID: Int] = [:]
        var tick = 0
    }

    private let logistics: Logistics
    private let policy: @Sendable (ShopID) -> PolicySet
    private let logger: Logger
    private let state = Mutex(State())
    private let every: Duration
    private let duty: @Sendable () -> Duty
    package let pulse = Pulse(
        "parcels", Localized(zh: "包裹跟踪", en: "The watch over parcels"), limit: .seconds(120))
    /// Notices of one round: buyers are told steadily, and others' words go between.
    private static let noticesPerRound = 20
    /// Rounds between two looks at the parcels whose time has come.
    private static let watchEvery = 15

    package init(
        _ logistics: Logistics, policy: @escaping @Sendable (ShopID) -> PolicySet, logger: Logger,
        every: Duration = .seconds(1), duty: @escaping @Sendable () -> Duty = { .alone }
    ) {
        self.logistics = logistics
        self.policy = policy
        self.logger = logger
        self.every = every
        self.duty = duty
    }

    /// Whether the last round failed.
    package var isUnhealthy: Bool { state.withLock { $0.unhealthy } }

    package func run() async throws {
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            await round()
        }
    }

    /// One round over all shops.
    package func round() async {
        pulse.beat()
        defer { pulse.rest() }
        let duty = duty()
        guard duty != .elsewhere else { return }
        let tick = state.withLock { state in
            defer { state.tick += 1 }
            return state.tick
        }
        do {
            let database = logistics.carryOut.database
            for shop in try await database.read({ try Shops.all(in: $0) }) {
                if tick % Self.watchEvery == 0 { try await watch(shop, under: duty) }
                try await tell(shop, under: duty)
            }
            state.withLock { $0.unhealthy = false }
        } catch let lost as LeaseLost {
            logger.info("parcels went to another node", metadata: ["lease": "\(lost.name)"])
        } catch {
            state.withLock { $0.unhealthy = true }
            logger.error("the parcels' round failed", metadata: ["error": "\(error)"])
        }
    }

    private func watch(_ shop: ShopID, under duty: Duty) async throws {
        let version = policy(shop).version
        let isNew = state.withLock { $0.rules[shop] != version }
        let now = logistics.carryOut.clock()
        if !isNew {
            let due = try await logistics.carryOut.database.read {
                try ParcelWatch.isDue(shop, at: now, in: $0)
            }
            guard due else { return }
        }
        try await logistics.carryOut(in: shop, as: .system) { act in
            try duty.hold(in: act.transaction)
            try ParcelWatch.round(all: isNew, in: act)
        }
        state.withLock { $0.rules[shop] = version }
    }

    private func tell(_ shop: ShopID, under duty: Duty) async throws {
        let waiting = try await logistics.carryOut.database.read {
            try DelayStore.next(of: shop, limit: Self.noticesPerRound, in: $0)
        }
        for one in waiting {
            try await logistics.delays.tell(one, in: shop) { try duty.hold(in: $0) }
        }
    }
}
