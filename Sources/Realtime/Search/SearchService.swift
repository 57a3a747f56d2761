package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// Keeps the search index level with the event log without getting into anybody's way.
///
/// Indexing a message costs the writer more than storing it. So batches are small, and when the writer
/// is busy (a batch waits) the index falls behind rather than the messages; `behind` in every answer
/// says by how much. When the writer is idle it catches up at full speed.
package final class SearchService: Service, Sendable {
    /// How the service yields to those who write messages.
    package struct Pace: Sendable {
        /// Events of one transaction.
        package var batch = 100
        /// A batch that took longer than this met a busy writer.
        package var busyAfter = Duration.milliseconds(40)
        /// How long it then stands back.
        package var rest = Duration.milliseconds(250)

        package init() {}
    }

    private struct State {
        var behind: Set<ShopID> = []
        var wake: CheckedContinuation<Void, Never>?
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
                if clock.now - began > pace.busyAfter { try? await Task.sleep(for: pace.rest) }
            }
            state.withLock { $0.failing = false }
        } catch {
            state.withLock { $0.failing = true }
            logger.error("the search index fell behind", metadata: ["error": "\(error)"])
        }
    }
}
