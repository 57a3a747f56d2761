package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// Keeps the search index level with the event log without getting into anybody's way.
///
/// Indexing a message costs the writer more than storing it. So what was said is gathered for a moment,
/// batches are small, and while much is said the index takes only a tenth of the writer's time and
/// falls behind rather than the messages; `behind` in every answer says by how much. When little is
/// said it catches up at full speed.
package final class SearchService: Service, Sendable {
    /// How the service yields to those who write messages.
    package struct Pace: Sendable {
        /// Events of one transaction.
        package var batch = 100
        /// How long what happens is gathered before it is indexed.
        package var gather = Duration.milliseconds(200)
        /// More acts than this since the last batch mean that much is being said.
        package var busyActs = 20
        /// How many times as long as a batch took the service then stands back.
        package var rest = 9
        package var longestRest = Duration.seconds(1)

        package init() {}
    }

    private struct State {
        var behind: Set<ShopID> = []
        var wake: CheckedContinuation<Void, Never>?
        /// Acts announced since the last batch.
        var acts = 0
        var stopping = false
        var failing = false
    }

    private let database: any Database
    private let follower = SearchFollower()
    private let pace: Pace
    private let logger: Logger
    private let state = Mutex(State())

    package init(database: any Database, logger: Logger, pace: Pace = Pace()) {
        self.database = database
        self.logger = logger
        self.pace = pace
    }

    /// Something happened in a shop.
    ///
    /// Cheap; called by the store's announcing thread.
    package func wake(_ shop: ShopID) {
        let continuation = state.withLock { state in
            state.behind.insert(shop)
            state.acts += 1
            defer { state.wake = nil }
            return state.wake
        }
        continuation?.resume()
    }

    /// Whether the last round failed.
    package var isUnhealthy: Bool { state.withLock { $0.failing } }

    package func run() async throws {
        let shops = try await database.read { try SearchFollower.shops(in: $0) }
        state.withLock { $0.behind.formUnion(shops) }
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
            for shop in shops { await catchUp(shop) }
            await withCheckedContinuation { continuation in
                let resume = state.withLock { state in
                    guard state.behind.isEmpty && !state.stopping else { return true }
                    state.wake = continuation
                    return false
                }
                if resume { continuation.resume() }
            }
            if !stopping { try? await Task.sleep(for: pace.gather) }
        }
    }

    /// Reads until the shop's log is at its end.
    ///
    /// A failure is logged, told by ``isUnhealthy``, and tried
    /// again at the shop's next event.
    private func catchUp(_ shop: ShopID) async {
        let clock = ContinuousClock()
        do {
            while !stopping {
                let began = clock.now
                let count = try await follower.catchUp(shop, limit: pace.batch, in: database)
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
            state.withLock { $0.failing = false }
        } catch {
            state.withLock { $0.failing = true }
            logger.error("the search index fell behind", metadata: ["error": "\(error)"])
        }
    }
}
