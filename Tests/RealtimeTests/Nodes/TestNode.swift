import Desk
import Foundation
import Logging
import Realtime
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

/// A window and what it heard.
struct TestWindow: Sendable {
    let session: LiveSession
    let ear: Ear

    /// The numbers of the events heard, in order.
    var numbers: [Int64] { ear.events }
}

/// One node of several in this process: its own hub, caches and tail over a shared store.
final class TestNode: Sendable {
    let store: TestStore
    let hub: Hub
    let tail: EventTail
    let carryOut: CarryOut
    let node: NodeService
    let presence: PresenceService
    let conversations: ConversationService
    let timers: TimerService
    private let log: Announced
    private let running: Task<Void, any Error>

    /// What this node announced, in order.
    var heard: [Event] { log.events }

    private let database: any Database

    private init(_ number: Int, _ store: TestStore, _ policy: PolicySet, _ span: Span)
        async throws
    {
        self.store = store
        // Where the engine is for several programs, each has links of its own, as in life.
        switch store.place {
        case .sqlite: database = store.database
        case .postgres: database = try store.place.open(EventLog.writeCounters)
        }
        let hub = Hub(deliver: Ear.deliver)
        let log = Announced()
        let clock = store.clock
        let tail = EventTail(
            database, run: Int64(number), logger: Logger(label: "node \(number)"),
            every: .milliseconds(50)
        ) { events in
            hub.announce(events)
            log.add(events)
        }
        try await tail.prepare()
        self.hub = hub
        self.tail = tail
        carryOut = CarryOut(
            database: database, ids: IDMaker(node: number) { clock.now },
            clock: { clock.now }, shared: tail.sharedStore)
        self.log = log
        let logger = Logger(label: "node \(number)")
        let node = NodeService(
            name: "node \(number)", run: Int64(number), leases: LeaseStore(database),
            duties: [LeaseName.timers], span: span, logger: logger)
        _ = try await node.takeSeat()
        await node.renew()
        self.node = node
        let presence = PresenceService(
            carryOut: carryOut, hub: hub, policy: { _ in policy }, logger: logger,
            place: .among { node.seat })
        node.onChange { news in if case .seated = news { presence.noteAll() } }
        self.presence = presence
        timers = TimerService(
            carryOut: carryOut, hub: hub, presence: presence, policy: { _ in policy },
            logger: logger, duty: { node.duty(LeaseName.timers) })
        let news = NodeNews(database.notices, run: Int64(number), hub: hub, logger: logger)
        conversations = ConversationService(
            carryOut: carryOut, hub: hub, converse: Converse { _, _, _, _ in throw Refusal.busy },
            policy: { _ in policy }, logger: logger, news: news)
        running = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await tail.run() }
                group.addTask { try await news.run() }
                try await group.waitForAll()
            }
        }
    }

    /// - Parameter span: how long a node counts as alive without saying so.
    static func several(
        _ count: Int, on store: TestStore, policy: PolicySet = .default, span: Span = .seconds(60)
    ) async throws -> [TestNode] {
        var nodes: [TestNode] = []
        for number in 1...count {
            nodes.append(try await TestNode(number, store, policy, span))
        }
        return nodes
    }

    /// Waits until an event was announced here.
    func level(_ number: Int64) async throws {
        try await until("event \(number) is announced") {
            (log.events.last?.number ?? 0) >= number
        }
    }

    func stop() async {
        running.cancel()
        _ = await running.result
        tail.close()
        if case .postgres = store.place { try? database.close() }
    }

    /// A window that is live from now on.
    func open(_ caller: Principal) async throws -> TestWindow {
        let ear = Ear()
        let session = hub.open(
            caller, outlet: ear,
            budget: CommandBudget(burst: 1_000, perSecond: 1_000, at: store.clock.now))
        #expect(hub.beginReplay(session))
        let shop = store.shop
        let last = try await store.database.read { try EventLog.last(of: shop, in: $0) }
        hub.resume(session, events: [], upTo: last, now: store.clock.now)
        return TestWindow(session: session, ear: ear)
    }

    @discardableResult
    func say(
        _ text: String, in id: ConversationID? = nil, by who: Participant, origin: UInt64? = nil
    ) async throws -> Converse.Answer {
        try await carryOut.say(text, to: id, by: who, origin: origin, in: store.shop)
    }
}

extension CarryOut {
    /// Somebody says something, as the lanes would carry it out.
    func say(
        _ text: String, key: String = UUID().uuidString, to id: ConversationID? = nil,
        by who: Participant, origin: UInt64? = nil, in shop: ShopID
    ) async throws -> Converse.Answer {
        let converse = Converse { _, _, _, _ in throw Refusal.busy }
        return try await withCheckedThrowingContinuation { continuation in
            do {
                try submit(in: shop, as: who.actor, origin: origin) { act in
                    try converse(
                        .say(Saying(key: key, kind: .text, text: text), upload: nil),
                        key: key, in: id, by: who, groups: [], policy: .default,
                        act: act)
                } done: {
                    continuation.resume(with: $0)
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

func testAgent(_ id: Int64, _ shop: ShopID, session: Int64? = nil) -> StaffPrincipal {
    let standing = Standing(.agent, .mid, .fullTime)
    return StaffPrincipal(
        id: StaffID(id), shop: shop, login: "a\(id)", name: "客服\(id)", nickname: "",
        standing: standing, department: .service, permissions: standing.permissions, groups: [],
        cap: nil, session: session.map { SessionID($0) }, token: nil)
}

extension Sequence where Self: Sendable {
    func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var list: [T] = []
        for element in self { list.append(try await transform(element)) }
        return list
    }
}
