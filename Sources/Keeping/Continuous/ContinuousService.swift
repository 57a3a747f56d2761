package import Desk
package import Foundation
package import Logging
package import SQL
package import SQLOnSQLite
package import ServiceLifecycle
import Synchronization

/// Copies every transaction out of the store while it serves, with a whole copy now and then.
package final class ContinuousService: Service, Sendable {
    package struct Plan: Sendable {
        /// Between two looks at the log.
        package var every: Duration
        /// Between two whole copies.
        package var base: Span
        /// How far back one can go.
        package var keep: Span
        /// Frames in the log after which copying gives up and begins anew, so that a full disk there does not fill this one.
        package var most = 262_144
        package var keeper = WALKeeper.Limits()

        package init(every: Duration, base: Span, keep: Span) {
            self.every = every
            self.base = base
            self.keep = keep
        }
    }

    private struct State {
        var started: Instant
        /// The last round that went well.
        var last: Instant?
        var base: Instant?
        var isMakingBase = false
        var failure: String?
        var copied = 0
    }

    private let database: SQLiteDatabase
    private let files: URL
    private let continuum: Continuum
    private let plan: Plan
    private let program: String
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    private let state: Mutex<State>
    /// Everything of the keeper happens here, one thing after another.
    private let queue = DispatchQueue(label: "qinke.continuous")
    private let bases = DispatchQueue(label: "qinke.continuous.base")
    // Only touched on `queue`.
    nonisolated(unsafe) private var keeper: WALKeeper?

    package init(
        of database: SQLiteDatabase, files: URL, to continuum: Continuum, _ plan: Plan,
        program: String, clock: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.database = database
        self.files = files
        self.continuum = continuum
        self.plan = plan
        self.program = program
        self.clock = clock
        self.logger = logger
        state = Mutex(State(started: clock()))
    }

    package func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await round()
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: self.plan.every) }
            } catch { break }
        }
        // Whatever waits to be committed comes before this.
        try? await database.write { _ in }
        await round(last: true)
    }

    /// Copies what is new; a failure is said and tried again.
    package func round(last: Bool = false) async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.copy(last: last)
                continuation.resume()
            }
        }
    }

    /// When the last round went well.
    package var lastCopy: Instant? { state.withLock { $0.last } }

    // MARK: On the queue

    private func copy(last: Bool) {
        do {
            let keeper = try self.keeper ?? begin()
            let copied = try keeper.copyAndTurn { clock().milliseconds }
            if copied > 0 || state.withLock({ $0.last == nil }) {
                try continuum.copyUploads(from: files)
            }
            let now = clock()
            let makesBase = state.withLock { state in
                state.last = now
                state.failure = nil
                state.copied += copied
                guard !last, !state.isMakingBase else { return false }
                guard let base = state.base else {
                    state.isMakingBase = true
                    return true
                }
                state.isMakingBase = now - base >= plan.base
                return state.isMakingBase
            }
            if makesBase { startBase(keeper.chain, keeper.sequence, now) }
            if last { self.keeper = nil }
        } catch {
            failed(error)
        }
    }

    private func begin() throws -> WALKeeper {
        let made = try WALKeeper(
            of: database.path, to: continuum.log, chain: clock().milliseconds, limits: plan.keeper)
        keeper = made
        // What was copied before belongs to another chain: it needs its own base.
        state.withLock { $0.base = nil }
        return made
    }

    private func failed(_ error: any Error) {
        let isBroken = if case SQLError.corrupt = error { true } else { false }
        let isTooMuch = (keeper?.frames ?? 0) > plan.most
        if isBroken || isTooMuch { keeper = nil }
        state.withLock { $0.failure = "\(error)" }
        logger.error(
            "continuous copying failed",
            metadata: ["error": "\(error)", "begins anew": "\(isBroken || isTooMuch)"])
    }

    private func startBase(_ chain: Int64, _ sequence: Int64, _ now: Instant) {
        bases.async { [self] in
            do {
                let order = Backup.Order(program: program, now: now, files: files)
                try continuum.addBase(of: database, order, chain: chain, sequence: sequence) {
                    try queue.sync {
                        guard let keeper, keeper.chain == chain else {
                            throw SQLError.corrupt("the chain broke while its base was made")
                        }
                        _ = try keeper.copy { clock().milliseconds }
                        return clock().milliseconds
                    }
                }
                try continuum.prune(
                    before: Instant(milliseconds: now.milliseconds - plan.keep.milliseconds))
                state.withLock { state in
                    state.base = now
                    state.isMakingBase = false
                }
                logger.info("a base of the continuous copy was made")
            } catch {
                state.withLock { state in
                    state.isMakingBase = false
                    state.failure = "\(error)"
                }
                logger.error(
                    "a base of the continuous copy failed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Waits until a base that is being made is done; for tests.
    package func baseDone() async {
        await withCheckedContinuation { continuation in
            bases.async { continuation.resume() }
        }
    }

    /// How the copying is, in words.
    package var standing: (ok: Bool, message: Localized) {
        let (last, failure, hasBase) = state.withLock { ($0.last, $0.failure, $0.base != nil) }
        if let failure {
            return (
                false,
                Localized(
                    zh: "连续备份失败（\(failure)）：检查 continuousFolder 的磁盘",
                    en:
                        "continuous copying fails (\(failure)): look at the disk of continuousFolder"
                )
            )
        }
        guard let last, hasBase else {
            return (true, Localized(zh: "连续备份正在准备", en: "Continuous copying is being prepared"))
        }
        let seconds = max(0, (clock() - last).seconds)
        let late = seconds > 60
        return (
            !late,
            Localized(
                zh: "连续备份到 \(seconds) 秒前" + (late ? "，落后了：请看日志" : ""),
                en: "Continuously copied up to \(seconds) s ago"
                    + (late ? ", which is late: see the log" : ""))
        )
    }
}
