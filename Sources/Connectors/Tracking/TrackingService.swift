package import Desk
package import Logging
package import ServiceLifecycle
package import Storage
import Synchronization

/// Asks the tracking service for the parcels whose time has come, a few at a time.
package final class TrackingService: Service, Sendable {
    private struct State {
        var failure: Localized?
        var failures = 0
        var asked = 0
        /// Nobody is asked before it, after the service failed.
        var notBefore = Instant(milliseconds: 0)
    }

    private let logistics: Logistics
    private let client: TrackingClient
    private let logger: Logger
    private let every: Duration
    private let duty: @Sendable () -> Duty
    private let state = Mutex(State())
    /// Parcels of one round.
    private static let perRound = 20
    private static let longestRest = Span.minutes(30)

    package init(
        _ logistics: Logistics, _ client: TrackingClient, logger: Logger,
        every: Duration = .seconds(2), duty: @escaping @Sendable () -> Duty = { .alone }
    ) {
        self.logistics = logistics
        self.client = client
        self.logger = logger
        self.every = every
        self.duty = duty
    }

    /// Nil while the service answers.
    package var failure: Localized? { state.withLock { $0.failure } }
    /// Questions that were answered since the start.
    package var asked: Int { state.withLock { $0.asked } }

    package func run() async throws {
        while !Task.isShuttingDownGracefully {
            await cancelWhenGracefulShutdown { [self] in
                await round()
                try? await Task.sleep(for: every)
            }
        }
    }

    /// One round over all shops.
    package func round() async {
        let duty = duty()
        guard duty != .elsewhere else { return }
        let now = logistics.carryOut.clock()
        guard state.withLock({ !(now < $0.notBefore) }) else { return }
        do {
            for (shop, parcel) in try await logistics.parcelsToAsk(limit: Self.perRound) {
                guard !Task.isCancelled else { return }
                try await ask(parcel, of: shop, under: duty)
            }
        } catch let failure as TrackingClient.Failure {
            rest(failure.message)
        } catch is CancellationError {
            return
        } catch {
            logger.error("parcels could not be asked for", metadata: ["error": "\(error)"])
        }
    }

    private func ask(_ parcel: Parcel, of shop: ShopID, under duty: Duty) async throws {
        do {
            let reply = try await client.ask(carrier: parcel.carrier, waybill: parcel.waybill)
            try await logistics.take(reply.events, for: parcel.id, in: shop) {
                try duty.hold(in: $0)
            }
        } catch TrackingClient.Failure.refused(let why) {
            // About this parcel, not about the service: it is asked for again later.
            if !why.isNothingYet {
                logger.warning(
                    "a parcel was refused",
                    metadata: ["parcel": "\(parcel.id)", "code": "\(why.code)"])
            }
            try await logistics.take([], for: parcel.id, in: shop) { try duty.hold(in: $0) }
        }
        state.withLock { state in
            state.failure = nil
            state.failures = 0
            state.asked += 1
        }
    }

    /// The longer the service is away, the more rarely it is asked.
    private func rest(_ failure: Localized) {
        let now = logistics.carryOut.clock()
        let isNew = state.withLock { state in
            defer {
                state.failure = failure
                state.failures += 1
                let seconds = min(5 << min(state.failures, 9), Self.longestRest.seconds)
                state.notBefore = now + .seconds(seconds)
            }
            return state.failure == nil
        }
        if isNew { logger.warning("\(failure.en)") }
    }
}
