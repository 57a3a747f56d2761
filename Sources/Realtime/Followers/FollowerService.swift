package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage
import Synchronization

/// Keeps followers level with the event log: woken by announcements, batch after batch, each with its place stored.
package final class FollowerService: Service, Sendable {
    private struct State {
        var behind: Set<ShopID> = []
        var wake: CheckedContinuation<Void, Never>?
        var stopping = false
        var failing: String?
    }

    private let followers: [any Follower]
    private let database: any Database
    private let logger: Logger
    private let state = Mutex(State())

    package init(_ followers: [any Follower], in database: any Database, logger: Logger) {
        self.followers = followers
        self.database = database
        self.logger = logger
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

    /// What is wrong, in a word; nil when all followers keep up.
    package var failing: String? { state.withLock { $0.failing } }

    package func run() async throws {
        let shops = try await database.read { try Shops.all(in: $0) }
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

    private func follow() async {
        while true {
            let shops = state.withLock { state in
                defer { state.behind = [] }
                return state.behind
            }
            for shop in shops { await catchUp(shop) }
            if state.withLock({ $0.stopping }) { return }
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

    /// Every follower gets the shop's next events, until all are level or one fails; a failure is tried again at the
    /// shop's next event.
    private func catchUp(_ shop: ShopID) async {
        for follower in followers {
            do {
                while try await follower.catchUp(shop, in: database) == 500 {
                    if state.withLock({ $0.stopping }) { return }
                }
                state.withLock { state in
                    if state.failing == follower.name { state.failing = nil }
                }
            } catch {
                state.withLock { $0.failing = follower.name }
                logger.error(
                    "a follower fell behind",
                    metadata: ["follower": "\(follower.name)", "error": "\(error)"])
            }
        }
    }
}
