import Desk
import Foundation
import Logging
import Realtime
import SQL
import ServiceLifecycle
import Storage

/// What a program needs when others use the same store.
struct Nodes: Sendable {
    let tail: EventTail
    let service: NodeService
    let news: NodeNews

    /// - Parameters:
    ///   - run: unique to this run of the program.
    ///   - announce: everything that any node commits, in the order of its numbers.
    init(
        _ database: any Database, run: Int64, settings: Settings, hub: Hub, tail: EventTail,
        followers: [any Follower], logger: Logger
    ) {
        self.tail = tail
        let seconds = settings.number("lease")
        service = NodeService(
            name: settings.nodeName, run: run, leases: LeaseStore(database),
            duties: [LeaseName.timers, LeaseName.parcels, LeaseName.imports]
                + followers.map { LeaseName.follower($0.name) },
            span: .seconds(seconds), every: .milliseconds(seconds * 250), logger: logger)
        news = NodeNews(database.notices, run: run, hub: hub, logger: logger)
    }

    /// Stopped after everything that has duties: then the others take them at once.
    var services: [any Service] { [tail, news, LeavingService(service: service)] }
}

/// A node's leases, kept while the program serves and let go at its end.
private struct LeavingService: Service {
    let service: NodeService

    func run() async throws {
        try await service.run()
        await service.leave()
    }
}

extension Settings {
    /// What people call this node: the setting, or the machine and the port.
    var nodeName: String {
        let given = text("node")
        if !given.isEmpty { return given }
        let host = ProcessInfo.processInfo.hostName
        return port == 0 ? host : "\(host):\(port)"
    }
}
