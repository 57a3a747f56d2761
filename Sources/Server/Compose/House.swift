import Desk
import Foundation
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import Metrics
import NIOCore
import Realtime
import SQL
import SQLOnSQLite
import ServiceLifecycle
import Sockets
import Storage
import UnixSignals
import Web

/// The composition root: the one place that picks the driver and puts all parts together.
struct House: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let message: Localized
        var description: String { Say.text(message) }
    }

    let settings: Settings
    let database: SQLiteDatabase
    let carryOut: CarryOut
    let identity: Identity
    let hub: Hub
    let followers: FollowerService
    let blobs: BlobFolder
    let logger: Logger
    private let lock: FileLock?

    static let clock: @Sendable () -> Instant = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Opens the data and brings it to this program's schema; nothing is served yet.
    /// - Parameter alone: refuse when another process has the data open; commands that only add may work beside a server.
    static func open(_ settings: Settings, alone: Bool = true) async throws -> House {
        let logger = Logger(label: "qinke")
        // The data holds secrets: no other account may read what is made from here on.
        umask(0o077)
        let folder = URL(filePath: settings.data).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = FileLock(of: settings.data)
        if alone && lock == nil {
            throw Failure(
                message: Localized(
                    zh: "数据文件 \(settings.data) 正被另一个 qinke 使用",
                    en: "another qinke is using the file of data \(settings.data)"))
        }
        let postbag = Postbag()
        let database = try openDatabase(settings, telling: postbag.gather)
        let applied = try await migrate(database, settings.data)
        if !applied.isEmpty {
            logger.info("migrated", metadata: ["steps": "\(applied.joined(separator: ", "))"])
        }
        return try await assemble(settings, database, postbag, lock, logger)
    }

    /// - Throws: in words, when the data is another program's.
    private static func migrate(_ database: SQLiteDatabase, _ data: String) async throws -> [String]
    {
        do {
            return try await Migrator.qinke.migrate(database, at: clock().milliseconds)
        } catch Migrator.Failure.newerStore(let its, let ours) {
            throw Failure(
                message: Localized(
                    zh: "\(data) 来自更新的版本（结构 \(its)，本程序到 \(ours)）：请升级程序，或恢复旧备份",
                    en:
                        "\(data) is of a newer version (structure \(its), this program knows \(ours)): "
                        + "upgrade the program, or restore an older backup"))
        } catch Migrator.Failure.edited(let number, let name) {
            throw Failure(
                message: Localized(
                    zh: "\(data) 的结构（第 \(number) 步 \(name)）和本程序不符：请用当初的版本，或恢复备份",
                    en: "\(data) does not have this program's structure (step \(number), \(name)): "
                        + "use the version that made it, or restore a backup"))
        }
    }

    private static func assemble(
        _ settings: Settings, _ database: SQLiteDatabase, _ postbag: Postbag, _ lock: FileLock?,
        _ logger: Logger
    ) async throws -> House {
        let announcements = Announcements()
        let carryOut = CarryOut(
            database: database, ids: IDMaker(clock: clock), clock: clock,
            announce: announcements.tell)
        let identity = Identity(carryOut)
        try await identity.policies.warm()
        let hub = Hub(deliver: postbag.deliver)
        let followers = FollowerService([SearchFollower()], in: database, logger: logger)
        let blobs = try BlobFolder(URL(filePath: settings.files, directoryHint: .isDirectory))
        announcements.connect { events in
            identity.heard(events)
            hub.announce(events)
            if let shop = events.first?.shop { followers.wake(shop) }
        }
        return House(
            settings: settings, database: database, carryOut: carryOut, identity: identity,
            hub: hub, followers: followers, blobs: blobs, logger: logger, lock: lock
        )
    }

    static func openDatabase(
        _ settings: Settings, telling: @escaping GroupCommit.Telling = { $0() }
    ) throws -> SQLiteDatabase {
        var sizes = SQLiteDatabase.Settings()
        sizes.readers = settings.number("readers")
        sizes.cache = settings.number("cache")
        sizes.busyTimeout = settings.number("busyTimeout")
        sizes.group.waiting = settings.number("waiting")
        sizes.group.group = settings.number("group")
        return try SQLiteDatabase(
            path: settings.data, settings: sizes, telling: telling,
            beforeCommit: EventLog.writeCounters)
    }

    /// For commands that do one thing and end.
    func close() throws { try database.close() }

    /// Serves until told to stop.
    /// - Parameters:
    ///   - others: services of a command's own, stopped before the server.
    ///   - ready: called with the port when requests are taken.
    func run(
        stopOn signals: [UnixSignal] = [.sigterm, .sigint], beside others: [any Service] = [],
        showsDemo: Bool = false, ready: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let presence = PresenceService(
            carryOut: carryOut, hub: hub, policy: identity.policies.now, logger: logger)
        let timers = TimerService(
            carryOut: carryOut, hub: hub, presence: presence, policy: identity.policies.now,
            logger: logger)
        try await timers.prepare()
        let keeper = UploadKeeper(
            UploadCleaner(database: database, blobs: blobs), clock: Self.clock, logger: logger)
        let floor = Floor(house: self, presence: presence, timers: timers, keeper: keeper)
        let web = Application(
            router: makeRouter(floor.webServices(showsDemo: showsDemo)),
            server: .http1(configuration: floor.http()),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), backlog: 4096),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? 0) },
            logger: logger)
        // Stopped in reverse order: first nothing new comes in and sockets say goodbye, last the data is closed.
        let services: [any Service] =
            [
                DatabaseService(database: database), followers, timers, keeper,
                floor.sweeper, web,
            ] + others
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.number("grace"))
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Closes the data after everything that uses it has stopped.
struct DatabaseService: Service {
    let database: SQLiteDatabase

    func run() async throws {
        try? await gracefulShutdown()
        try database.close()
    }
}
