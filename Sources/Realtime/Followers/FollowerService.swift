package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// Keeps followers level with the event log without getting into anybody's way.
///
/// Indexing a message costs the writer more than storing it. So what happened is gathered for a moment, batches are
/// small, and while much is said the followers take only a tenth of the writer's time and fall behind rather than the
/// messages; `behind` in every answer says by how much. When little is said they catch up at full speed.
package final class FollowerService: Service, Sendable {
    /// How the followers yield to those who write messages.
    package struct Pace: Sendable {
        /// Events of one transaction.
        package var batch = 100
        /// How long what happens is gathered before it is followed.
        package var gather = Duration.milliseconds(200)
        /// More acts than this since the last batch mean that much is being said.
        package var busyActs = 20
        /// How many times as long as a batch took the followers then stand back.
        package var rest = 9
        package var longestRest = Duration.seconds(1)
        /// Pause before a follower that failed is tried again, unless something happens earlier.
        package var again = Duration.seconds(5)

        package init() {}
    }

    private struct State {
        var behind: Set<ShopID> = []
        var wake: CheckedContinuation<Void, Never>?
        /// Acts announced since the last batch.
        var acts = 0
        var stopping = false
        var failing: Set<String> = []
    }

    private let followers: [any Follower]
    package let pulse = Pulse(
        "followers", Localized(zh: "跟进（搜索等）", en: "The followers (search and others)"),
        limit: .seconds(120))
    private let database: any Database
    private let pace: Pace
    private let logger: Logger
    /// Whether a follower is this program's to run.
    private let duty: @Sendable (_ follower: String) -> Duty
    private let state = Mutex(State())

    package init(
        _ followers: [any Follower], in database: any Database, logger: Logger,
        pace: Pace = Pace(),
        duty: @escaping @Sendable (_ follower: String) -> Duty = { _ in .alone }
    ) {
        self.duty = duty
        self.followers = followers
        self.database = database
        self.pace = pace
        self.logger = logger
    }

    /// Something happened in a shop.
    ///
    /// Cheap; called by the store's announcing thread.
    package func wake(_ shop: ShopID) {
        if followers.isEmpty { return }
        let continuation = state.withLock { state in
            state.behind.insert(shop)
            state.acts += 1
            defer { state.wake = nil }
            return state.wake
        }
        continuation?.resume()
    }

    /// Each follower's place, read from the store, and whether its last batch here failed.
    package func report() async throws -> [(standing: FollowerStanding, failing: Bool)] {
        let names = followers.map(\.name)
        let standings = try await database.read { transaction in
            try names.map { try FollowerPlace.standing(of: $0, in: transaction) }
        }
        let failing = state.withLock { $0.failing }
        return standings.map { ($0, failing.contains($0.name)) }
    }

    package func run() async throws {
        await wakeAll()
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await follow()
            } onCancel: {
                stop()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Looks at every shop: at the start, and when a follower has become this program's to run.
    package func wakeAll() async {
        do {
            let shops = try await database.read { try Shops.all(in: $0) }
            let continuation = state.withLock { state in
                state.behind.formUnion(shops)
                defer { state.wake = nil }
                return state.wake
            }
            continuation?.resume()
        } catch {
            logger.error("the followers see no shops", metadata: ["error": "\(error)"])
        }
    }

    private func stop() {
        let continuation = state.withLock { state in
            state.stopping = true
            defer { state.wake = nil }
            return state.wake
        }
        continuation?.resume()
    }

    private var stopping: Bool { state.withLock { $0.stopping } }

    private func follow() async {
        while !stopping {
            let shops = state.withLock { state in
                defer { state.behind = [] }
                return state.behind
            }
            var failed: Set<ShopID> = []
            for shop in shops {
                for follower in followers where await !catchUp(follower, shop) {
                    failed.insert(shop)
                }
            }
            let again = comeBack(to: failed)
            pulse.rest()
            await withCheckedContinuation { continuation in
                let resume = state.withLock { state in
                    guard state.behind.isEmpty && !state.stopping else { return true }
                    state.wake = continuation
                    return false
                }
                if resume { continuation.resume() }
            }
            again?.cancel()
            if !stopping { try? await Task.sleep(for: pace.gather) }
        }
    }

    /// A shop that failed is looked at again after a while, even when nothing happens there.
    private func comeBack(to shops: Set<ShopID>) -> Task<Void, Never>? {
        guard !shops.isEmpty else { return nil }
        return Task { [self] in
            try? await Task.sleep(for: pace.again)
            for shop in shops { wake(shop) }
        }
    }

    /// Reads until the shop's log is at its end.
    /// - Returns: false when it failed, which is logged and told by ``report()``.
    private func catchUp(_ follower: any Follower, _ shop: ShopID) async -> Bool {
        let clock = ContinuousClock()
        do {
            while !stopping {
                let began = clock.now
                pulse.beat()
                let duty = duty(follower.name)
                if duty == .elsewhere { return true }
                let count = try await follower.catchUp(
                    shop, limit: pace.batch, fence: duty.fence, in: database)
                if count < pace.batch { break }
                let acts = state.withLock { state in
                    defer { state.acts = 0 }
                    return state.acts
                }
                if acts > pace.busyActs {
                    let rest = (clock.now - began) * pace.rest
                    try? await Task.sleep(for: min(rest, pace.longestRest))
                }
            }
            _ = state.withLock { $0.failing.remove(follower.name) }
            return true
        } catch is LeaseLost {
            // Another node moved the place; what this batch did is undone. Whoever has the lease goes on.
            return false
        } catch {
            _ = state.withLock { $0.failing.insert(follower.name) }
            logger.error(
                "a follower fell behind",
                metadata: ["follower": "\(follower.name)", "error": "\(error)"])
            return false
        }
    }
}
