import Desk
import SQL
import Storage
import TestSupport
import Testing

/// Many at once, in an order that nobody chose, each perhaps twice: nothing is sold that is not there, and the ledger
/// adds up.
@Suite struct StockPropertyTests {
    private enum Deed: Sendable {
        case reserve(Int64, Int)
        case commit(Int64)
        case release(Int64)
        case giveBack(Int64, Int)
        case hold(Int)
        case use(Int64)
        case move(MovementDraft.Act, Bool, String)
    }

    /// A number that follows from the seed alone.
    private struct Dice {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static func deeds(_ seed: Int, _ count: Int, far: WarehouseID) -> [Deed] {
        var dice = Dice(state: UInt64(seed) &* 2_654_435_761 &+ 1)
        return (0..<count).map { index in
            let (line, quantity) = (Int64(dice.next(12) + 1), dice.next(4) + 1)
            switch dice.next(11) {
            case 0, 1, 2: return .reserve(line, quantity)
            case 3, 4: return .commit(line)
            case 5: return .release(line)
            case 6: return .giveBack(line, quantity)
            case 7: return .hold(quantity)
            case 8: return .use(line)
            case 9:
                let lot = try? LotDraft(
                    code: "L\(quantity)", madeOn: nil, expiresOn: ShelfDate("2027-01-0\(quantity)"))
                return .move(
                    .purchase(quantity: quantity, lot: dice.next(2) == 0 ? lot : nil),
                    dice.next(2) == 0, "k\(index)")
            default:
                let acts: [MovementDraft.Act] = [
                    .transfer(quantity: quantity, to: far), .damage(quantity: 1, lot: nil),
                    .count(found: quantity * 3, lot: nil),
                ]
                return .move(acts[dice.next(3)], true, "k\(index)")
            }
        }
    }

    private static func carry(
        _ deed: Deed, _ house: StockHouse, _ held: HoldID?
    ) async throws {
        let sku = house.sku
        switch deed {
        case .reserve(let line, let quantity):
            try await house.act {
                _ = try StockStore.reserve(sku, quantity, for: OrderLineID(line), in: $0)
            }
        case .commit(let line):
            try await house.act { try StockStore.commit(OrderLineID(line), in: $0) }
        case .release(let line):
            try await house.act { try StockStore.release(OrderLineID(line), in: $0) }
        case .giveBack(let line, let quantity):
            try await house.act {
                try StockStore.giveBack(OrderLineID(line), quantity: quantity, reason: "", in: $0)
            }
        case .hold(let quantity):
            _ = try await house.stock.hold(.init(sku: sku, quantity: quantity), by: house.owner)
        case .use(let line):
            guard let held else { return }
            try await house.act {
                _ = try StockStore.useHold(held, for: OrderLineID(line), in: $0)
            }
        case .move(let act, let near, let key):
            _ = try await house.move(act, at: near ? house.near : house.far, key: key)
        }
    }

    @Test(arguments: Engine.allCases, [1, 2, 3])
    func `nothing is oversold and the ledger adds up`(engine: Engine, seed: Int) async throws {
        let house = try await StockHouse.open(engine)
        _ = try await house.move(.purchase(quantity: 12, lot: nil), key: "start")
        let deeds = Self.deeds(seed, 120, far: house.far)
        for start in stride(from: 0, to: deeds.count, by: 24) {
            let open = try await house.stock.holds(of: nil, limit: 9, in: house.owner.shop)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, deed) in deeds[start..<min(start + 24, deeds.count)].enumerated() {
                    let held = open.isEmpty ? nil : open[index % open.count].hold.id
                    group.addTask {
                        // Refusals are answers; everything else is a fault.
                        do { try await Self.carry(deed, house, held) } catch is Refusal {}
                        if index % 3 == 0 {
                            do { try await Self.carry(deed, house, held) } catch is Refusal {}
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await house.check()
            house.store.clock.advance(.minutes(20))
            try await house.stock.expire(in: house.owner.shop, limit: 100)
        }
        try await house.check()
    }

    @Test(arguments: Engine.allCases)
    func `of forty buyers who want the last ten, ten get one`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let sku = house.sku
        _ = try await house.move(.purchase(quantity: 10, lot: nil), key: "a")
        let won = try await withThrowingTaskGroup(of: Int.self) { group in
            for buyer in 1...40 {
                group.addTask {
                    do {
                        try await house.act {
                            _ = try StockStore.reserve(
                                sku, 1, for: OrderLineID(Int64(buyer)), in: $0)
                        }
                        return 1
                    } catch let refusal as Refusal {
                        #expect(refusal.code == "stock.short")
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(won == 10)
        #expect(try await house.levels().first?.available == 0)
        try await house.check()
    }

    @Test func `two nodes on one store do not oversell either`() async throws {
        let house = try await StockHouse.open(.postgres)
        let (sku, clock) = (house.sku, house.store.clock)
        _ = try await house.move(.purchase(quantity: 10, lot: nil), key: "a")
        let other = try house.store.place.open(EventLog.writeCounters)
        let second = CarryOut(
            database: other, ids: IDMaker(node: 2) { clock.now }, clock: { clock.now },
            shared: SharedStore(run: 2, announce: { $1() }, reach: { $2() }))
        let first = CarryOut(
            database: house.store.database, ids: IDMaker(node: 1) { clock.now },
            clock: { clock.now },
            shared: SharedStore(run: 1, announce: { $1() }, reach: { $2() }))
        let shop = house.owner.shop
        let won = try await withThrowingTaskGroup(of: Int.self) { group in
            for buyer in 1...40 {
                let node = buyer % 2 == 0 ? first : second
                group.addTask {
                    do {
                        try await node(in: shop, as: .system) {
                            _ = try StockStore.reserve(
                                sku, 1, for: OrderLineID(Int64(buyer)), in: $0)
                        }
                        return 1
                    } catch is Refusal { return 0 }
                }
            }
            return try await group.reduce(0, +)
        }
        try other.close()
        #expect(won == 10)
        try await house.check()
    }
}
