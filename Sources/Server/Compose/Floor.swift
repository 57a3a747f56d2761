import Connectors
import Desk
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Keeping
import Logging
import Metrics
import NIOCore
import Realtime
import SQL
import ServiceLifecycle
import Sockets
import Storage
import Web

/// What stands at the door: routes, sockets, health and figures.
struct Floor: Sendable {
    let house: House
    let desk: ConversationDesk
    let polls: LongPolls
    let timers: TimerService
    let parcels: ParcelService
    let tracking: TrackingService?
    let keeper: UploadKeeper
    let backups: BackupService
    let continuous: ContinuousService?
    let watch: StallWatch
    let upgrade: SocketUpgrade<Principal>

    init(
        house: House, presence: PresenceService, timers: TimerService, parcels: ParcelService,
        tracking: TrackingService?, keeper: UploadKeeper, backups: BackupService,
        continuous: ContinuousService?,
        watch: StallWatch
    ) {
        self.house = house
        self.timers = timers
        self.parcels = parcels
        self.tracking = tracking
        self.keeper = keeper
        self.backups = backups
        self.continuous = continuous
        self.watch = watch
        let conversations = ConversationService(
            carryOut: house.carryOut, hub: house.hub,
            converse: Converse(claimUpload: UploadStore.claim),
            policy: house.identity.policies.now, logger: house.logger, news: house.nodes?.news)
        var links = LinkSettings()
        links.commandsPerSecond = house.settings.number("commands")
        links.commandBurst = house.settings.number("commandBurst")
        desk = ConversationDesk(
            conversations: conversations, presence: presence, hub: house.hub, settings: links,
            logger: house.logger)
        polls = LongPolls(desk: desk)
        upgrade = socketUpgrade(
            desk: desk, callers: SocketDoor(principals: house.identity.principals))
    }

    var sweeper: Sweeper { Sweeper(polls: polls) }

    func http() -> HTTP1Channel.Configuration {
        let upgrade = upgrade
        var http = HTTP1Channel.Configuration(
            additionalChannelHandlers: upgrade.handlers(),
            idleTimeout: .seconds(Int64(house.settings.number("idle"))))
        http.httpDecoder = .init(
            maxHeaderFieldSize: WebLimits.headers, maxHeaderListSize: WebLimits.headers,
            maxHeaderFieldCount: 100)
        return http
    }

    func webServices(showsDemo: Bool) -> WebServices {
        let settings = house.settings
        var services = WebServices(version: Qinke.version)
        services.assets = Assets(webRoot: settings.webRoot)
        services.proxies = settings.number("proxies")
        services.showsDemo = showsDemo || settings.webRoot != nil
        let health = Health(
            database: house.database, data: settings.files, timers: timers,
            parcels: parcels, tracking: tracking, followers: house.followers, keeper: keeper,
            nodes: house.nodes?.service,
            backups: backups, continuous: continuous, watch: watch,
            certificate: settings.text("certificate"))
        services.health = { await health.lines() }
        let gauges = Gauges(
            house: house, upgrade: upgrade, backups: backups, continuous: continuous, watch: watch)
        services.measure = { await gauges.measure() }
        let callers = IdentityCallers(house.identity.principals)
        services.mayReadMetrics = { request, visit in
            guard case .staff(let staff) = try await callers.caller(of: request, visit) else {
                return false
            }
            return staff.may(.metricsRead)
        }
        let uploads = UploadRoutes(
            carryOut: house.carryOut, blobs: house.blobs, images: ImageWorkers(),
            policy: house.identity.policies.now)
        let imports = ImportRoutes(
            house.imports, blobs: house.blobs, policy: house.identity.policies.now)
        let exports = ExportRoutes(
            ExportStore(house.carryOut), shops: house.identity.shops,
            policy: house.identity.policies.now, clock: House.clock)
        let routes =
            imports.routes + exports.routes
            + ConversationRoutes(desk: desk, policy: house.identity.policies.now).routes
            + polls.routes + uploads.routes
            + SearchRoutes(database: house.database, clock: House.clock).routes
            + ParcelRoutes(Logistics(house.carryOut)).routes
            + TrackingRoutes(Logistics(house.carryOut), salt: settings.text("trackingSalt")).routes
            + IdentityRoutes.all(house.identity, desk.conversations)
        services.routes = [RouteTable(routes, callers: callers)]
        return services
    }
}

/// Ends the long polls that did not come back, and all of them when the server stops, so that none holds it up.
struct Sweeper: Service {
    let polls: LongPolls

    func run() async throws {
        while !Task.isShuttingDownGracefully {
            polls.sweep()
            try await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(5)) }
        }
        polls.endAll()
    }
}

/// What is there now, measured when it is asked for.
struct Gauges: Sendable {
    private let house: House
    private let upgrade: SocketUpgrade<Principal>
    private let sockets = Meter(label: "qinke_sockets")
    private let sessions = Meter(label: "qinke_live_sessions")
    private let waiting = Meter(label: "qinke_store_waiting")
    private let groups = Meter(label: "qinke_store_groups")
    private let committed = Meter(label: "qinke_store_committed")
    private let seconds = Meter(label: "qinke_store_commit_p95_seconds")
    private let stalled = Meter(label: "qinke_workers_stalled")
    private let data = Meter(label: "qinke_data_bytes")
    private let log = Meter(label: "qinke_wal_bytes")
    private let free = Meter(label: "qinke_disk_free_bytes")
    private let backups: BackupService
    private let continuous: ContinuousService?
    private let watch: StallWatch
    private let memory = Meter(label: "process_resident_memory_bytes")

    init(
        house: House, upgrade: SocketUpgrade<Principal>, backups: BackupService,
        continuous: ContinuousService?, watch: StallWatch
    ) {
        self.house = house
        self.backups = backups
        self.continuous = continuous
        self.watch = watch
        self.upgrade = upgrade
    }

    private func measureStore() async {
        let settings = house.settings
        seconds.set(house.database.slowCommitSeconds)
        stalled.set(watch.stalled().count)
        // A figure that nobody knows is not told.
        if let age = backups.age { Meter(label: "qinke_backup_age_seconds").set(age.seconds) }
        if let last = continuous?.lastCopy {
            Meter(label: "qinke_continuous_age_seconds").set((House.clock() - last).seconds)
        }
        data.set(await House.size(of: house.database, settings))
        if house.database.dialect == .sqlite { log.set(Health.size(of: settings.data + "-wal")) }
        if let bytes = DiskSpace.free(at: settings.files) { free.set(bytes) }
        for (standing, _) in (try? await house.followers.report()) ?? [] {
            Meter(label: "qinke_follower_behind", dimensions: [("follower", standing.name)])
                .set(standing.behind)
        }
    }

    func measure() async {
        await measureStore()
        sockets.set(upgrade.openSockets)
        sessions.set(house.hub.sessionCount)
        let figures = house.database.figures
        waiting.set(figures.waiting)
        groups.set(figures.groups)
        committed.set(figures.committed)
        // Second number of statm: resident pages of 4 KiB.
        if let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
            memory.set(pages * 4096)
        }
    }
}

/// Who asks for a socket.
///
/// A refused one is answered by the route of the same address.
private struct SocketDoor: SocketCallers {
    let principals: Principals

    func caller(ofSocket request: HTTPRequest, bearer: String?) async -> Principal? {
        let callers = IdentityCallers(principals)
        if let bearer { return try? await callers.caller(bearer: bearer) }
        let plain = Request(head: request, body: .init(buffer: ByteBuffer()))
        guard let secret = SessionCookie.secret(of: plain), plain.isFromOurOrigin,
            let staff = try? await principals.staff(cookieToken: secret)
        else { return nil }
        return .staff(staff)
    }
}
