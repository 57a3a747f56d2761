package import Desk
package import Logging
package import NIOPosix
package import ServiceLifecycle
package import Storage
import Synchronization

/// Removes uploads that nobody said, every ten minutes, and bytes that nobody names, once a day.
package final class UploadKeeper: Service, Sendable {
    private let cleaner: UploadCleaner
    private let clock: @Sendable () -> Instant
    private let threads: NIOThreadPool
    private let logger: Logger
    private let every: Duration
    /// Rounds between two sweeps of the whole folder.
    private let sweepEvery: Int
    private let failed = Mutex(false)
    package let pulse = Pulse(
        "uploads", Localized(zh: "文件清理", en: "The clearing of uploads"), limit: .seconds(1_800))

    package init(
        _ cleaner: UploadCleaner, clock: @escaping @Sendable () -> Instant, logger: Logger,
        threads: NIOThreadPool = .singleton, every: Duration = .seconds(600), sweepEvery: Int = 144
    ) {
        self.cleaner = cleaner
        self.clock = clock
        self.threads = threads
        self.logger = logger
        self.every = every
        self.sweepEvery = sweepEvery
    }

    /// Whether the last round failed.
    package var isUnhealthy: Bool { failed.withLock { $0 } }

    package func run() async throws {
        var rounds = 0
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            rounds += 1
            await round(sweep: rounds % sweepEvery == 0)
        }
    }

    /// One round; a failure is logged and tried again in the next.
    package func round(sweep: Bool) async {
        let threads = threads
        pulse.beat()
        defer { pulse.rest() }
        do {
            let tally = try await cleaner.clean(at: clock()) { try await threads.runIfActive($0) }
            if tally.uploads > 0 {
                logger.info(
                    "unclaimed uploads removed",
                    metadata: ["uploads": "\(tally.uploads)", "files": "\(tally.blobs)"])
            }
            if sweep {
                let removed = try await cleaner.sweep(at: clock()) {
                    try await threads.runIfActive($0)
                }
                if removed > 0 {
                    logger.warning("files without a row removed", metadata: ["files": "\(removed)"])
                }
            }
            failed.withLock { $0 = false }
        } catch {
            failed.withLock { $0 = true }
            logger.error("uploads could not be cleared up", metadata: ["error": "\(error)"])
        }
    }
}
