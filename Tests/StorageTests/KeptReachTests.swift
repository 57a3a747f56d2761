import Desk
import SQL
import Storage
import TestSupport
import Testing

/// Whom an event concerns, on its way to another node.
@Suite struct KeptReachTests {
    private static func reaches() -> [Reach?] {
        var full = Reach(
            buyer: BuyerID(.max), staff: [StaffID(3), StaffID(4)], queue: true, group: GroupID(5),
            wholeShop: true)
        full.origin = nil
        return [
            nil, Reach(), full, Reach(buyer: BuyerID(1)), Reach(staff: [StaffID(2)]),
            Reach(queue: true, group: GroupID(7)), Reach(wholeShop: true),
        ]
    }

    @Test(arguments: Engine.allCases)
    func `the other nodes read whom an event concerns, only the own run its session`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let carryOut = CarryOut(
            database: store.database, ids: store.ids, clock: { [clock = store.clock] in clock.now },
            shared: SharedStore(
                run: 7, announce: { _, told in told() }, reach: { _, _, told in told() }))
        let shop = store.shop
        for reach in Self.reaches() {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                do {
                    try carryOut.submit(in: shop, as: .system, origin: .max) { act in
                        _ = try act.record("test.happened", about: nil, json: "{}", reach: reach)
                    } done: {
                        continuation.resume(with: $0)
                    }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
        func read(_ run: Int64) async throws -> [(event: Event, own: Bool)] {
            try await store.database.read {
                try EventLog.announcements(of: shop, after: 0, limit: 100, run: run, in: $0)
            }
        }
        let elsewhere = try await read(8)
        #expect(elsewhere.map(\.event.reach) == Self.reaches())
        #expect(elsewhere.allSatisfy { !$0.own })
        let here = try await read(7)
        #expect(here.allSatisfy { $0.own })
        #expect(
            here.map(\.event.reach)
                == Self.reaches().map { reach in
                    var reach = reach
                    reach?.origin = .max
                    return reach
                })
    }
}
