import Desk
import SQL
import Storage
import TestSupport
import Testing

@Suite struct StockStoreTests {
    @Test(arguments: Engine.allCases)
    func `an order takes what is there, once, and no more`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let (sku, near, far) = (house.sku, house.near, house.far)
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        _ = try await house.move(.purchase(quantity: 3, lot: nil), at: far, key: "b")
        #expect(try await house.levels().map(\.onHand).sorted() == [3, 5])
        let line = OrderLineID(1)
        for _ in 1...2 {
            let place = try await house.act { try StockStore.reserve(sku, 4, for: line, in: $0) }
            #expect(place == near)
        }
        let refusal = await #expect(throws: Refusal.self) {
            try await house.act { try StockStore.reserve(sku, 4, for: OrderLineID(2), in: $0) }
        }
        #expect(refusal?.code == "stock.short")
        #expect(refusal?.message.en.contains("3 left") == true)
        await #expect(throws: Refusal.self) {
            try await house.act {
                try StockStore.reserve(sku, 2, for: OrderLineID(3), at: near, in: $0)
            }
        }
        for _ in 1...2 { try await house.act { try StockStore.commit(line, in: $0) } }
        await #expect(throws: Refusal.self) {
            try await house.act { try StockStore.release(line, in: $0) }
        }
        #expect(try await house.levels().first { $0.warehouse == near }?.onHand == 1)
        try await house.act {
            try StockStore.giveBack(line, quantity: 3, reason: "不想要了", in: $0)
        }
        let over = await #expect(throws: Refusal.self) {
            try await house.act { try StockStore.giveBack(line, quantity: 2, reason: "", in: $0) }
        }
        #expect(over?.code == "stock.returnedTooMuch")
        #expect(try await house.levels().first { $0.warehouse == near }?.onHand == 4)
        try await house.check()
    }

    @Test(arguments: Engine.allCases)
    func `a released or changed line frees what it had`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let (sku, line) = (house.sku, OrderLineID(1))
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        try await house.act { _ = try StockStore.reserve(sku, 5, for: line, in: $0) }
        // Another quantity of the same line is instead of the first, not beside it.
        try await house.act { _ = try StockStore.reserve(sku, 3, for: line, in: $0) }
        #expect(try await house.levels().first?.available == 2)
        try await house.act { try StockStore.giveBack(line, quantity: 1, reason: "", in: $0) }
        #expect(try await house.levels().first?.available == 3)
        for _ in 1...2 { try await house.act { try StockStore.release(line, in: $0) } }
        #expect(try await house.levels().first?.available == 5)
        await #expect(throws: Refusal.self) {
            try await house.act { try StockStore.commit(line, in: $0) }
        }
        // Lines that nothing was reserved for change nothing.
        try await house.act {
            try StockStore.commit(OrderLineID(99), in: $0)
            try StockStore.release(OrderLineID(99), in: $0)
            try StockStore.giveBack(OrderLineID(99), quantity: 1, reason: "", in: $0)
        }
        try await house.check()
    }

    @Test(arguments: Engine.allCases)
    func `a refused act leaves nothing of itself`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let sku = house.sku
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        await #expect(throws: Refusal.self) {
            try await house.act { act in
                _ = try StockStore.reserve(sku, 3, for: OrderLineID(1), in: act)
                _ = try StockStore.reserve(sku, 3, for: OrderLineID(2), in: act)
            }
        }
        #expect(try await house.levels().first?.available == 5)
        try await house.check()
    }

    @Test(arguments: Engine.allCases)
    func `what expires first is sold first, and nothing past its date`(engine: Engine) async throws
    {
        let house = try await StockHouse.open(engine)
        let (sku, line, shop) = (house.sku, OrderLineID(1), house.owner.shop)
        // The clock of these tests stands at 2026-11-22.
        for (code, expires) in [("L1", "2027-06-01"), ("L2", "2026-12-01"), ("L3", "2026-11-21")] {
            let box = try LotDraft(code: code, madeOn: nil, expiresOn: ShelfDate(expires))
            _ = try await house.move(.purchase(quantity: 4, lot: box), key: code)
        }
        await #expect(throws: Refusal.self) {
            try await house.act { _ = try StockStore.reserve(sku, 9, for: line, in: $0) }
        }
        try await house.act { act in
            _ = try StockStore.reserve(sku, 6, for: line, in: act)
            try StockStore.commit(line, in: act)
        }
        let left = try await house.stock.shelves(of: sku, in: shop).lots
        #expect(left.map(\.code) == ["L3", "L1"])
        #expect(left.map(\.onHand) == [4, 2])
        let soon = try await house.stock.shelves(
            .expiring, text: "", after: nil, limit: 10, of: shop)
        #expect(soon.count == 1 && soon.first?.level.expired == 4)
        let dead = try #require(left.first)
        _ = try await house.move(.damage(quantity: 4, lot: dead.id), key: "bin", "过期")
        try await house.act {
            try StockStore.giveBack(line, quantity: 5, reason: "退货", in: $0)
        }
        // Lots travel with their goods.
        _ = try await house.move(.transfer(quantity: 5, to: house.far), key: "t")
        try await house.check()
        let other = await #expect(throws: Refusal.self) {
            _ = try await house.move(
                .purchase(
                    quantity: 1,
                    lot: LotDraft(code: "L1", madeOn: nil, expiresOn: ShelfDate("2028-01-01"))),
                key: "x")
        }
        #expect(other?.code == "lot.otherDate")
        let zero = try await house.stock.shelves(
            .expiring, text: "", after: nil, limit: 10, of: shop)
        #expect(zero.allSatisfy { $0.level.expired == 0 })
    }

    @Test(arguments: Engine.allCases)
    func `a hold ends by itself, is released, or becomes an order's`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let (stock, sku, owner) = (house.stock, house.sku, house.owner)
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        let first = try await stock.hold(.init(sku: sku, quantity: 2, minutes: 10), by: owner)
        let second = try await stock.hold(.init(sku: sku, quantity: 2), by: owner)
        let short = await #expect(throws: Refusal.self) {
            try await stock.hold(.init(sku: sku, quantity: 2), by: owner)
        }
        #expect(short?.message.en.contains("1 left") == true)
        #expect(try await stock.expire(in: owner.shop, limit: 10) == 0)
        house.store.clock.advance(.minutes(10))
        await #expect(throws: Refusal.self) {
            try await house.act { try StockStore.useHold(first.id, for: OrderLineID(1), in: $0) }
        }
        #expect(try await stock.expire(in: owner.shop, limit: 10) == 1)
        #expect(try await stock.expire(in: owner.shop, limit: 10) == 0)
        #expect(house.store.announced("hold.expired").count == 1)
        for _ in 1...2 {
            try await house.act { try StockStore.useHold(second.id, for: OrderLineID(2), in: $0) }
        }
        let level = try #require(try await house.levels().first)
        #expect(level.held == 0 && level.reserved == 2 && level.available == 3)
        let third = try await stock.hold(.init(sku: sku, quantity: 3), by: owner)
        for _ in 1...2 { _ = try await stock.release(third.id, by: owner) }
        #expect(try await house.levels().first?.available == 3)
        try await house.check()
    }

    @Test(arguments: Engine.allCases)
    func `counts and damage keep what is promised`(engine: Engine) async throws {
        let house = try await StockHouse.open(engine)
        let sku = house.sku
        _ = try await house.move(.purchase(quantity: 5, lot: nil), key: "a")
        try await house.act { _ = try StockStore.reserve(sku, 4, for: OrderLineID(1), in: $0) }
        for wrong in [MovementDraft.Act.count(found: 3, lot: nil), .damage(quantity: 2, lot: nil)] {
            let refusal = await #expect(throws: Refusal.self) {
                _ = try await house.move(wrong, key: "\(wrong)".prefix(20).description)
            }
            #expect(refusal?.code == "stock.promised")
        }
        #expect(try await house.move(.count(found: 7, lot: nil), key: "c").onHand == 7)
        #expect(try await house.move(.damage(quantity: 1, lot: nil), key: "d").onHand == 6)
        let low = try await house.stock.warn(sku, at: house.near, from: 2, by: house.owner)
        #expect(low.isLow)
        let list = try await house.stock.shelves(
            .low, text: "酸", after: nil, limit: 10, of: house.owner.shop)
        #expect(list.map(\.level.sku) == [sku])
        try await house.check()
    }
}
