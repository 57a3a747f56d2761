import Desk
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct LeaseTests {
    struct Line: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let known: Lease?
        let asker: String
        let now: Int64
        /// The fence that is granted; nil when it is refused.
        let fence: Int64?
        let expires: Int64

        init(
            _ name: String, known: (owner: String, fence: Int64, expires: Int64)?, asker: String,
            now: Int64, fence: Int64?, expires: Int64
        ) {
            testDescription = name
            self.known = known.map { known in
                Lease(
                    name: "duty", owner: known.owner, fence: known.fence,
                    taken: Instant(milliseconds: 1),
                    expires: Instant(milliseconds: known.expires))
            }
            self.asker = asker
            self.now = now
            self.fence = fence
            self.expires = expires
        }
    }

    @Test(arguments: [
        Line("a new one is granted", known: nil, asker: "a", now: 100, fence: 1, expires: 10_100),
        Line(
            "one's own lasts longer with the same fence", known: ("a", 4, 5_000), asker: "a",
            now: 4_999, fence: 4, expires: 14_999),
        Line(
            "one's own never gets shorter when the clock goes back", known: ("a", 4, 50_000),
            asker: "a", now: 10, fence: 4, expires: 50_000),
        Line(
            "somebody else's is held to the last millisecond", known: ("b", 4, 5_000), asker: "a",
            now: 4_999, fence: nil, expires: 5_000),
        Line(
            "an expired one is granted with a higher fence", known: ("b", 4, 5_000), asker: "a",
            now: 5_000, fence: 5, expires: 15_000),
        Line(
            "one's own that expired begins anew", known: ("a", 4, 5_000), asker: "a", now: 5_000,
            fence: 5, expires: 15_000),
    ])
    func `who asks gets`(line: Line) {
        let answer = Lease.decide(
            line.known, name: "duty", asker: line.asker, at: Instant(milliseconds: line.now),
            span: .seconds(10))
        switch answer {
        case .granted(let lease):
            #expect(lease.fence == line.fence)
            #expect(lease.owner == line.asker)
            #expect(lease.expires == Instant(milliseconds: line.expires))
        case .held(let lease):
            #expect(line.fence == nil)
            #expect(lease == line.known)
        }
    }

    @Test(arguments: Engine.allCases)
    func `the store's clock counts, and is near ours`(engine: Engine) async throws {
        let store = try await engine.store()
        let found = try await store.database.read { try StoreClock.now($0) }
        let later = try await store.database.write { try StoreClock.now($0) }
        #expect(found.milliseconds > 1_700_000_000_000)
        #expect(later.milliseconds - found.milliseconds < 60_000)
    }

    @Test(arguments: Engine.allCases)
    func `a lease is taken, kept, released and taken over`(engine: Engine) async throws {
        let store = try await engine.store()
        let leases = LeaseStore(store.database, clock: { [clock = store.clock] _ in clock.now })
        let first = try #require(try await leases.ask(["duty"], as: "a", for: .seconds(10)).granted)
        #expect(first.fence == 1)
        #expect(try await leases.ask(["duty"], as: "b", for: .seconds(10)) == [.held(first)])
        store.clock.advance(.seconds(9))
        let kept = try #require(try await leases.ask(["duty"], as: "a", for: .seconds(10)).granted)
        #expect(kept.fence == 1)
        try await leases.release([kept])
        let second = try #require(
            try await leases.ask(["duty"], as: "b", for: .seconds(10)).granted)
        #expect(second.fence == 2)
        // The old owner wakes up: it can neither keep nor end nor write.
        try await leases.release([kept])
        #expect(try await leases.ask(["duty"], as: "a", for: .seconds(10)) == [.held(second)])
        await #expect(throws: LeaseLost(name: "duty")) {
            try await store.database.write { try LeaseStore.hold(kept, in: $0) }
        }
        try await store.database.write { try LeaseStore.hold(second, in: $0) }
    }

    @Test(arguments: Engine.allCases)
    func `a follower's place moves only from where it was read and under the newest fence`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let shop = store.shop
        func move(from: Int64, to: Int64, fence: Int64?) async throws {
            try await store.database.write {
                try FollowerPlace.move("f", shop, from: from, to: to, fence: fence, in: $0)
            }
        }
        let lost = LeaseLost(name: "follower.f")
        try await move(from: 0, to: 5, fence: 2)
        await #expect(throws: lost) { try await move(from: 5, to: 9, fence: 1) }
        await #expect(throws: lost) { try await move(from: 0, to: 9, fence: 3) }
        try await move(from: 5, to: 9, fence: 3)
        // A program that is alone again has no fence.
        try await move(from: 9, to: 10, fence: nil)
        #expect(try await store.database.read { try FollowerPlace.of("f", shop, in: $0) } == 10)
    }

    /// Many owners take, keep, release, sleep and write while the store's clock jumps both ways.
    @Test(arguments: Engine.allCases, [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `never two owners at one fence, and who was overtaken writes nothing`(
        engine: Engine, seed: UInt64
    ) async throws {
        let store = try await engine.store()
        let clock = store.clock
        let leases = LeaseStore(store.database, clock: { _ in clock.now })
        try await store.database.write {
            try $0.script("CREATE TABLE written (fence BIGINT NOT NULL)")
        }
        var random = SeededRandom(seed)
        let owners = ["a", "b", "c", "d", "e"]
        /// What each believes to have, however old.
        var believes: [String: Lease] = [:]
        var ownerOfFence: [Int64: String] = [:]
        var newest: Int64 = 0
        for _ in 0..<150 {
            let who = owners.randomElement(using: &random) ?? "a"
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let answer = try await leases.ask(["duty"], as: who, for: .seconds(10))
                if let lease = answer.granted {
                    #expect(ownerOfFence[lease.fence] ?? who == who, "two owners at one fence")
                    #expect(lease.fence >= newest, "a fence fell")
                    ownerOfFence[lease.fence] = who
                    newest = lease.fence
                    believes[who] = lease
                }
            case 4: if let lease = believes[who] { try await leases.release([lease]) }
            case 5: clock.advance(.seconds(Int.random(in: -15...20, using: &random)))
            default:
                guard let lease = believes[who] else { continue }
                var wrote = true
                do {
                    try await store.database.write { transaction in
                        try LeaseStore.hold(lease, in: transaction)
                        try transaction.run("INSERT INTO written (fence) VALUES (\(lease.fence))")
                    }
                } catch is LeaseLost {
                    wrote = false
                }
                #expect(wrote == (lease.fence == newest), "fence \(lease.fence) of \(newest)")
            }
        }
        #expect(newest > 3)
        let written = try await store.database.read { transaction in
            try transaction.rows("SELECT count(*) FROM written").first?.get(0, as: Int.self) ?? 0
        }
        #expect(written > 0)
    }

    @Test(arguments: Engine.allCases)
    func `many who ask at once: one gets it`(engine: Engine) async throws {
        let store = try await engine.store()
        let leases = LeaseStore(store.database)
        let granted = try await withThrowingTaskGroup(of: Lease?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await leases.ask(["duty"], as: "owner \(number)", for: .seconds(60)).granted
                }
            }
            return try await group.reduce(into: [Lease]()) { list, lease in
                if let lease { list.append(lease) }
            }
        }
        #expect(granted.count == 1)
    }
}

extension [Lease.Answer] {
    /// The first lease that was granted.
    fileprivate var granted: Lease? {
        for case .granted(let lease) in self { return lease }
        return nil
    }
}
