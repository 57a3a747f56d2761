package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// Announces on this node what all nodes commit: each shop's events in the order of their numbers, none left out, none twice.
///
/// Woken by its own commits and by ``Notices`` from the others; a slow look at the store finds what no notice told.
package final class EventTail: Service, Sendable {
    /// The channel on which nodes say what they committed: "shop number".
    package static let channel = "events"

    private struct State {
        var lines: [ShopID: TailLine] = [:]
        /// What the others must be told of, the newest number of each shop.
        var unpublished: [ShopID: Int64] = [:]
        var ended = false
    }

    private let database: any Database
    private let run: Int64
    private let announce: @Sendable ([Event]) -> Void
    private let logger: Logger
    private let every: Duration
    private let state = Mutex(State())
    /// Events of one reading.
    private static let batch = 500
    /// How long a node's commits are gathered into one notice.
    private static let gather = Duration.milliseconds(2)
    /// Pause after a reading that failed.
    private static let again = Duration.milliseconds(250)

    /// - Parameters:
    ///   - run: as in ``SharedStore``.
    ///   - every: between two looks that nobody asked for.
    ///   - announce: called for one shop's events at a time, on any thread.
    package init(
        _ database: any Database, run: Int64, logger: Logger, every: Duration = .seconds(1),
        announce: @escaping @Sendable ([Event]) -> Void
    ) {
        self.database = database
        self.run = run
        self.announce = announce
        self.logger = logger
        self.every = every
    }

    /// What ``CarryOut`` is given.
    package var sharedStore: SharedStore {
        SharedStore(run: run) { [self] events, told in
            committed(events, told: told)
        } reach: { [self] shop, number, told in
            reach(shop, number, told: told)
        }
    }

    /// Before anything is served: what happened until now is for those who read it.
    package func prepare() async throws {
        let ends = try await database.read { try EventLog.ends(in: $0) }
        state.withLock { $0.lines = ends.mapValues { TailLine(last: $0) } }
    }

    // MARK: - Being told

    /// An act of this node, told by the store's announcing thread in commit order.
    package func committed(_ events: [Event], told: @escaping @Sendable () -> Void) {
        guard let final = events.last else { return told() }
        let shop = final.shop
        let (now, publish) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
            guard !state.ended else { return (told, false) }
            let first = state.unpublished.isEmpty
            state.unpublished[shop] = max(state.unpublished[shop] ?? 0, final.number)
            return (
                state.lines[shop, default: TailLine(last: 0)].committed(events, told: told), first
            )
        }
        if publish { tellOthers() }
        now?()
        work(shop)
    }

    /// An act of this node that added nothing but tells of a number: whoever resumes after it must have been told what
    /// is below it.
    package func reach(_ shop: ShopID, _ number: Int64, told: @escaping @Sendable () -> Void) {
        let now = state.withLock { state in
            state.ended
                ? told : state.lines[shop, default: TailLine(last: 0)].reach(number, told: told)
        }
        guard let now else { return work(shop) }
        now()
    }

    /// A number of a shop exists, wherever it was committed.
    package func heard(_ shop: ShopID, _ number: Int64) {
        let behind = state.withLock { state in
            state.lines[shop, default: TailLine(last: 0)].heard(number)
            return state.lines[shop]?.last ?? 0 < number
        }
        if behind { work(shop) }
    }

    private func tellOthers() {
        Task { [self] in
            try? await Task.sleep(for: Self.gather)
            let news = state.withLock { state in
                defer { state.unpublished = [:] }
                return state.unpublished
            }
            for (shop, number) in news {
                do {
                    try database.notices.publish(Self.channel, "\(shop) \(number)")
                } catch {
                    // The others' slow look finds it.
                    logger.debug("a notice was not sent", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    // MARK: - The turn

    private func work(_ shop: ShopID) {
        let mine = state.withLock { state in
            !state.ended && state.lines[shop]?.takeTurn() == true
        }
        if mine { go(on: shop) }
    }

    /// Whoever has the turn announces until the line is at its end or must read.
    private func go(on shop: ShopID) {
        while true {
            let step = state.withLock { $0.lines[shop]?.next() ?? .rest }
            switch step {
            case .announce(let events, let told):
                announce(events)
                told?()
            case .read(let after):
                Task { [self] in await read(shop, after) }
                return
            case .rest: return
            }
        }
    }

    private func read(_ shop: ShopID, _ after: Int64) async {
        do {
            let run = run
            let events = try await database.read { transaction in
                try EventLog.announcements(
                    of: shop, after: after, limit: Self.batch, run: run, in: transaction)
            }
            if events.first?.event.number != after + 1 {
                // Committed by one who told of it before this reading's server shows it.
                try await Task.sleep(for: Self.again)
            }
            state.withLock { $0.lines[shop]?.read(events) }
        } catch {
            logger.error("the event tail cannot read", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: Self.again)
            if Task.isCancelled || state.withLock({ $0.ended }) { return }
        }
        go(on: shop)
    }

    // MARK: - Life

    package func run() async throws {
        let heard = try database.notices.subscribe(Self.channel) { [weak self] news in
            self?.hear(news)
        }
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            await look()
        }
        heard.end()
    }

    /// After everything that commits has stopped: whoever still waits for an answer gets it.
    package func close() {
        let tellings = state.withLock { state in
            state.ended = true
            return state.lines.keys.flatMap { state.lines[$0]?.end() ?? [] }
        }
        for told in tellings { told() }
    }

    private func hear(_ news: News) {
        switch news {
        case .gap: Task { [self] in await look() }
        case .notice(let text):
            let parts = text.split(separator: " ").compactMap { Int64($0) }
            if parts.count == 2 { heard(ShopID(parts[0]), parts[1]) }
        }
    }

    /// Looks at the ends of all logs.
    package func look() async {
        do {
            let ends = try await database.read { try EventLog.ends(in: $0) }
            for (shop, number) in ends { heard(shop, number) }
        } catch {
            logger.warning("the event tail cannot look", metadata: ["error": "\(error)"])
        }
        let shops = state.withLock { state in
            for shop in state.lines.keys { state.lines[shop]?.tick() }
            return Array(state.lines.keys)
        }
        for shop in shops { work(shop) }
    }
}
