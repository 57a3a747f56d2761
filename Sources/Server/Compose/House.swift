import Connectors
import Desk
import Foundation
import Glibc
import Hummingbird
import HummingbirdCore
import Keeping
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
    let database: any Database
    let carryOut: CarryOut
    let identity: Identity
    let hub: Hub
    let followers: FollowerService
    let blobs: any BlobStore
    /// Nil when the store is this program's alone.
    let nodes: Nodes?
    let logger: Logger
    private let lock: FileLock?

    static let clock: @Sendable () -> Instant = {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Opens the data and brings it to this program's schema; nothing is served yet.
    /// - Parameter alone: refuse when another process has the data open; commands that only add may work beside a server.
    static func open(_ settings: Settings, alone: Bool = true) async throws -> House {
        let logger = Logger(label: "qinke")
        // The data holds secrets: no other account may read what is made from here on.
        umask(0o077)
        let folder = URL(filePath: settings.data).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let isFile = try settings.postgres == nil
        let lock = isFile ? FileLock(of: settings.data) : nil
        if alone && isFile && lock == nil {
            throw Failure(
                message: Localized(
                    zh: "数据文件 \(settings.data) 正被另一个 qinke 使用",
                    en: "another qinke is using the file of data \(settings.data)"))
        }
        let postbag = Postbag()
        let database = try await bring(settings, postbag, logger)
        return try await assemble(settings, database, postbag, lock, logger)
    }

    /// Opens the data at this program's structure; older data is backed up, brought up to date and checked first.
    /// - Throws: in words, with the data as it was.
    private static func bring(
        _ settings: Settings, _ postbag: Postbag, _ logger: Logger
    ) async throws -> any Database {
        let data = URL(filePath: settings.data)
        let place = settings.place
        do {
            let (database, report) = try await Upgrade(
                .qinke, program: Qinke.version, now: clock()
            ).bring(
                open: { try Engine.open(settings, telling: postbag.gather) },
                file: try settings.postgres == nil ? data : nil, place: data)
            if !report.steps.isEmpty {
                logger.info(
                    "migrated",
                    metadata: [
                        "steps": "\(report.steps.joined(separator: ", "))",
                        "backup": "\(report.backup?.plainPath ?? "-")",
                    ])
            }
            return database
        } catch Migrator.Failure.newerStore(let its, let ours) {
            throw Failure(
                message: Localized(
                    zh: "\(place) 来自更新的版本（结构 \(its)，本程序到 \(ours)）：请升级程序，或恢复旧备份",
                    en:
                        "\(place) is of a newer version (structure \(its), this program knows \(ours)): "
                        + "upgrade the program, or restore an older backup"))
        } catch Migrator.Failure.edited(let number, let name) {
            throw Failure(
                message: Localized(
                    zh: "\(place) 的结构（第 \(number) 步 \(name)）和本程序不符：请用当初的版本，或恢复备份",
                    en:
                        "\(place) does not have this program's structure (step \(number), \(name)): "
                        + "use the version that made it, or restore a backup"))
        }
    }

    private static func assemble(
        _ settings: Settings, _ database: any Database, _ postbag: Postbag, _ lock: FileLock?,
        _ logger: Logger
    ) async throws -> House {
        let announcements = Announcements()
        let ids = IDMaker(clock: clock)
        var carryOut = CarryOut(
            database: database, ids: ids, clock: clock, announce: announcements.tell)
        let run = Int64.random(in: 1 ... .max)
        // Only PostgreSQL lets other programs write to the same store.
        var tail: EventTail?
        if try settings.postgres != nil {
            let fresh = EventTail(
                database, run: run, logger: logger, announce: announcements.tell)
            try await fresh.prepare()
            carryOut = CarryOut(
                database: database, ids: ids, clock: clock, shared: fresh.sharedStore)
            tail = fresh
        }
        let identity = Identity(carryOut)
        try await identity.policies.warm()
        let hub = Hub(deliver: postbag.deliver)
        let all: [any Follower] = [SearchFollower(), DelayReplyFollower()]
        let nodes = tail.map {
            Nodes(
                database, run: run, settings: settings, hub: hub, tail: $0, followers: all,
                logger: logger)
        }
        let duties = nodes?.service
        let followers = FollowerService(all, in: database, logger: logger) { name in
            duties.map { $0.duty(LeaseName.follower(name)) } ?? .alone
        }
        announcements.connect { events in
            identity.heard(events)
            hub.announce(events)
            if let shop = events.first?.shop { followers.wake(shop) }
        }
        return House(
            settings: settings, database: database, carryOut: carryOut, identity: identity,
            hub: hub, followers: followers, blobs: try blobs(settings, database), nodes: nodes,
            logger: logger, lock: lock)
    }

    /// Where the setting says; what lies in the other place is found there.
    private static func blobs(
        _ settings: Settings, _ database: any Database
    ) throws -> any BlobStore {
        let folder = URL(filePath: settings.files, directoryHint: .isDirectory)
        let table = try BlobTable(
            database, incoming: folder.appending(path: "incoming", directoryHint: .isDirectory))
        switch settings.text("uploads") {
        case "database": return BlobPlaces(table, alsoIn: BlobFolder(reading: folder))
        default: return BlobPlaces(try BlobFolder(folder), alsoIn: table)
        }
    }

    static func openDatabase(
        _ settings: Settings, telling: @escaping GroupCommit.Telling = { $0() }
    ) throws -> SQLiteDatabase {
        try openFile(settings.data, settings, telling: telling)
    }

    /// - Parameter path: a file of data, not always that of the settings.
    static func openFile(
        _ path: String, _ settings: Settings, readOnly: Bool = false,
        telling: @escaping GroupCommit.Telling = { $0() }
    ) throws -> SQLiteDatabase {
        var sizes = SQLiteDatabase.Settings()
        sizes.readers = settings.number("readers")
        sizes.cache = settings.number("cache")
        sizes.busyTimeout = settings.number("busyTimeout")
        sizes.group.waiting = settings.number("waiting")
        sizes.group.group = settings.number("group")
        sizes.readOnly = readOnly
        return try SQLiteDatabase(
            path: path, settings: sizes, telling: telling,
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
        let service = nodes?.service
        if let service { carryOut.ids.become(node: try await service.takeSeat().number) }
        let presence = PresenceService(
            carryOut: carryOut, hub: hub, policy: identity.policies.now, logger: logger,
            place: service.map { service in .among { service.seat } } ?? .alone)
        let timers = TimerService(
            carryOut: carryOut, hub: hub, presence: presence, policy: identity.policies.now,
            logger: logger, duty: { service.map { $0.duty(LeaseName.timers) } ?? .alone })
        try await timers.prepare()
        service?.onChange { [followers, ids = carryOut.ids] news in
            switch news {
            case .seated(let seat):
                ids.become(node: seat.number)
                presence.noteAll()
            case .gained(let duty) where duty != LeaseName.timers:
                Task { await followers.wakeAll() }
            case .gained: break
            }
        }
        let parcels = ParcelService(
            Logistics(carryOut), policy: identity.policies.now, logger: logger,
            duty: { service.map { $0.duty(LeaseName.parcels) } ?? .alone })
        let tracking = settings.tracking.map { account in
            TrackingService(
                Logistics(carryOut), TrackingClient(account), logger: logger,
                duty: { service.map { $0.duty(LeaseName.parcels) } ?? .alone })
        }
        let keeper = UploadKeeper(
            UploadCleaner(database: database, blobs: blobs), clock: Self.clock, logger: logger)
        let importing = importing(service)
        let watch = StallWatch(
            [timers.pulse, followers.pulse, keeper.pulse, parcels.pulse, importing.pulse],
            timers.troubles)
        let backups = backups()
        let continuous = continuous()
        let floor = Floor(
            house: self, presence: presence, timers: timers, parcels: parcels,
            tracking: tracking, keeper: keeper,
            backups: backups,
            continuous: continuous, watch: watch)
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
                DatabaseService(database: database, tail: nodes?.tail)
            ] + (continuous.map { [$0] } ?? []) + (nodes?.services ?? [])
            + (tracking.map { [$0] } ?? []) + [
                followers, timers, parcels, keeper, importing, backups, watch, web, floor.sweeper,
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

extension House {
    var imports: ImportStore { ImportStore(carryOut) }

    /// Takes in the files that people have started.
    private func importing(_ nodes: NodeService?) -> ImportService {
        let shops = identity.shops
        return ImportService(
            imports, blobs: blobs, zone: { try await shops.one($0).hours.zone }, logger: logger,
            duty: { nodes.map { $0.duty(LeaseName.imports) } ?? .alone })
    }
}

/// Closes the data after everything that uses it has stopped.
struct DatabaseService: Service {
    let database: any Database
    let tail: EventTail?

    func run() async throws {
        try? await gracefulShutdown()
        try database.close()
        tail?.close()
    }
}
