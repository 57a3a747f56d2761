package import Desk
package import Foundation
package import Logging
package import SQL
package import ServiceLifecycle
import Synchronization

/// When the next automatic backup is due.
package struct BackupPlan: Hashable, Sendable {
    /// Time between two; nil = none are made.
    package var every: Span?

    package init(every: Span?) { self.every = every }

    /// A first backup waits an hour, and one that is overdue waits five minutes, so that a start is not burdened with it.
    package func isDue(last: Instant?, started: Instant, now: Instant) -> Bool {
        guard let every else { return false }
        guard let last else { return now - started >= min(every, .minutes(60)) }
        return now - last >= every && now - started >= min(every, .minutes(5))
    }

    /// Whether the last good one is too old: two were missed.
    package func isLate(last: Instant?, started: Instant, now: Instant) -> Bool {
        guard let every else { return false }
        let since = now - (last ?? started)
        return since.milliseconds > 2 * every.milliseconds
            && now - started > min(every, .minutes(60))
    }
}

/// Makes backups while the server runs, and says how they are.
package final class BackupService: Service, Sendable {
    /// What is made, of what, where.
    package struct Work: Sendable {
        package let database: any Database
        /// Bytes of the data; read before each backup.
        package let size: @Sendable () async -> Int64
        package let files: URL?
        package let shelf: Shelf
        package let retention: Retention
        package let program: String
        /// Whether it is this program's turn, where several share a store.
        package let isMine: @Sendable () -> Bool

        package init(
            database: any Database, size: @escaping @Sendable () async -> Int64, files: URL?,
            shelf: Shelf, retention: Retention, program: String,
            isMine: @escaping @Sendable () -> Bool = { true }
        ) {
            self.database = database
            self.size = size
            self.files = files
            self.shelf = shelf
            self.retention = retention
            self.program = program
            self.isMine = isMine
        }
    }

    private struct State {
        var failure: Localized?
        var failedAt: Instant?
        var last: Instant?
        var running = false
    }

    private let plan: BackupPlan
    private let work: Work
    private let clock: @Sendable () -> Instant
    private let started: Instant
    private let logger: Logger
    private let state: Mutex<State>
    /// Between two looks at the clock.
    private let look: Duration

    package init(
        _ plan: BackupPlan, _ work: Work, clock: @escaping @Sendable () -> Instant, logger: Logger,
        look: Duration = .seconds(30)
    ) {
        self.plan = plan
        self.work = work
        self.clock = clock
        self.logger = logger
        self.look = look
        started = clock()
        state = Mutex(State(last: work.shelf.backups().first?.at))
    }

    package func run() async throws {
        guard plan.every != nil else {
            try? await gracefulShutdown()
            return
        }
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await round()
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: self.look) }
            } catch { return }
        }
    }

    /// Makes a backup if one is due; a failure is said and tried again ten minutes later.
    package func round() async {
        let now = clock()
        let due = state.withLock { state in
            if let failedAt = state.failedAt, now - failedAt < .minutes(10) { return false }
            return plan.isDue(last: state.last, started: started, now: now)
        }
        guard due, work.isMine() else { return }
        do {
            let began = ContinuousClock.now
            let (manifest, removed) = try await work.shelf.add(
                of: work.database, size: await work.size(),
                Backup.Order(program: work.program, now: now, files: work.files),
                keeping: work.retention)
            state.withLock { state in
                // To the second, as the folder's name says it.
                state.last = Instant(milliseconds: now.milliseconds / 1000 * 1000)
                state.failure = nil
                state.failedAt = nil
            }
            logger.info(
                "backed up",
                metadata: [
                    "rows": "\(manifest.rows)", "files": "\(manifest.files.count)",
                    "removed": "\(removed)", "took": "\(ContinuousClock.now - began)",
                ])
        } catch {
            let failure =
                (error as? KeepingFailure)?.message
                ?? Localized(zh: "备份失败（\(error)）", en: "the backup failed (\(error))")
            state.withLock { state in
                state.failure = failure
                state.failedAt = now
            }
            logger.error("the backup failed", metadata: ["error": "\(failure.en)"])
        }
    }

    /// Milliseconds since the last good backup; nil when there is none or none are made.
    package var age: Span? {
        guard plan.every != nil, let last = state.withLock({ $0.last }) else { return nil }
        return clock() - last
    }

    /// How the backups are, in words.
    package var standing: (ok: Bool, message: Localized) {
        let (last, failure) = state.withLock { ($0.last, $0.failure) }
        return Self.standing(plan, last: last, failure: failure, started: started, now: clock())
    }

    package static func standing(
        _ plan: BackupPlan, last: Instant?, failure: Localized?, started: Instant, now: Instant
    ) -> (ok: Bool, message: Localized) {
        guard plan.every != nil else {
            return (
                true,
                Localized(
                    zh: "没有设自动备份（backupEvery）", en: "No automatic backups are set (backupEvery)")
            )
        }
        if let failure {
            return (
                false,
                Localized(
                    zh: "自动备份失败：\(failure.zh)", en: "The automatic backup failed: \(failure.en)")
            )
        }
        let late = plan.isLate(last: last, started: started, now: now)
        guard let last else {
            return (
                !late,
                Localized(
                    zh: "还没有备份" + (late ? "：请看日志" : "，稍后会自动做"),
                    en: "There is no backup yet"
                        + (late ? ": see the log" : "; one will be made soon"))
            )
        }
        let hours = max(0, (now - last).milliseconds / 3_600_000)
        return (
            !late,
            Localized(
                zh: "最近一次备份在 \(hours) 小时前" + (late ? "，太久了：请看日志" : ""),
                en: "The last good backup is \(hours) hours old"
                    + (late ? ", too old: see the log" : ""))
        )
    }
}
