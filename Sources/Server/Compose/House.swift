import Desk
import Foundation
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SQL
import SQLOnSQLite
import ServiceLifecycle
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
    let ids: IDMaker
    let logger: Logger
    private let lock: FileLock

    static let clock: @Sendable () -> Instant = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Opens the data and brings it to this program's schema; nothing is served yet.
    static func open(_ settings: Settings) async throws -> House {
        let logger = Logger(label: "qinke")
        // The data holds secrets: no other account may read what is made from here on.
        umask(0o077)
        let folder = URL(filePath: settings.data).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let lock = FileLock(of: settings.data) else {
            throw Failure(
                message: Localized(
                    zh: "数据文件 \(settings.data) 正被另一个 qinke 使用",
                    en: "another qinke is using the file of data \(settings.data)"))
        }
        let database = try openDatabase(settings)
        let applied = try await Migrator.qinke.migrate(database, at: clock().milliseconds)
        if !applied.isEmpty {
            logger.info("migrated", metadata: ["steps": "\(applied.joined(separator: ", "))"])
        }
        let ids = IDMaker(clock: clock)
        let carryOut = CarryOut(database: database, ids: ids, clock: clock) { _ in }
        return House(
            settings: settings, database: database, carryOut: carryOut, ids: ids, logger: logger,
            lock: lock)
    }

    static func openDatabase(_ settings: Settings) throws -> SQLiteDatabase {
        var sizes = SQLiteDatabase.Settings()
        sizes.readers = settings.number("readers")
        sizes.cache = settings.number("cache")
        sizes.busyTimeout = settings.number("busyTimeout")
        sizes.group.waiting = settings.number("waiting")
        sizes.group.group = settings.number("group")
        return try SQLiteDatabase(
            path: settings.data, settings: sizes, beforeCommit: EventLog.writeCounters)
    }

    /// Serves until told to stop.
    /// - Parameter ready: called with the port when requests are taken.
    func run(
        stopOn signals: [UnixSignal] = [.sigterm, .sigint], beside others: [any Service] = [],
        ready: @escaping @Sendable (Int) async -> Void
    ) async throws {
        var http = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Int64(settings.number("idle"))))
        http.httpDecoder = .init(
            maxHeaderFieldSize: WebLimits.headers, maxHeaderListSize: WebLimits.headers,
            maxHeaderFieldCount: 100)
        let web = Application(
            router: makeRouter(webServices()), server: .http1(configuration: http),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), backlog: 4096),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? 0) },
            logger: logger)
        // Stopped in reverse order: first nothing new comes in and sockets say goodbye, last the data is closed.
        let services: [any Service] = [DatabaseService(database: database)] + others + [web]
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            }, gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.number("grace"))
        try await ServiceGroup(configuration: configuration).run()
    }

    private func webServices() -> WebServices {
        var services = WebServices(version: Qinke.version)
        services.assets = Assets(webRoot: settings.webRoot)
        services.proxies = settings.number("proxies")
        services.showsDemo = settings.webRoot != nil
        let health = Health(database: database, data: settings.data)
        services.health = { await health.lines() }
        return services
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
