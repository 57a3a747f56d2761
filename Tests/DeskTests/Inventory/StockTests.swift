import Desk
import Testing

private let sku = SKUID(7)
private let place = WarehouseID(1)

private func day(_ text: String) -> ShelfDate { ShelfDate(text) ?? ShelfDate(raw: 0) }

private func lot(_ id: Int64, _ onHand: Int, _ expires: String?) -> Lot {
    Lot(
        id: LotID(id), sku: sku, warehouse: place, code: "L\(id)", madeOn: nil,
        expiresOn: expires.map(day), onHand: onHand)
}

@Suite struct StockTests {
    @Test func `what is promised twice is refused with what is left`() throws {
        let level = try StockLevel(sku: sku, warehouse: place, onHand: 5).reserving(3)
        #expect(level.available == 2)
        let refusal = #expect(throws: Refusal.self) { try level.reserving(3) }
        #expect(refusal?.code == "stock.short")
        #expect(refusal?.message.zh.contains("2 件") == true)
        #expect(refusal?.instead != nil)
        #expect(try level.holding(2).available == 0)
    }

    @Test(arguments: [0, -1, Quantity.most + 1])
    func `only whole positive quantities are moved`(quantity: Int) {
        let level = StockLevel(sku: sku, warehouse: place, onHand: 5)
        #expect(throws: Refusal.self) { try level.reserving(quantity) }
        #expect(throws: Refusal.self) { try level.holding(quantity) }
        #expect(throws: Refusal.self) { try level.giving(quantity) }
        #expect(throws: Refusal.self) { try level.receiving(quantity) }
    }

    @Test func `goods that are promised can neither be counted away nor thrown away`() throws {
        let level = StockLevel(sku: sku, warehouse: place, onHand: 5, reserved: 3, held: 1)
        #expect(throws: Refusal.self) { try level.counted(3) }
        #expect(try level.counted(4).onHand == 4)
        #expect(throws: Refusal.self) { try level.giving(2) }
        #expect(try level.giving(1).available == 0)
    }

    @Test func `what is past its date is there and is not sold`() throws {
        let level = StockLevel(sku: sku, warehouse: place, onHand: 5, expired: 3)
        #expect(level.available == 5 && level.sellable == 2)
        #expect(throws: Refusal.self) { try level.reserving(3) }
        #expect(try level.giving(5).onHand == 0)
    }

    @Test func `a hold becomes an order's, more only if it is there`() throws {
        let level = StockLevel(sku: sku, warehouse: place, onHand: 5, reserved: 2, held: 2)
        #expect(try level.using(hold: 2, for: 2).reserved == 4)
        #expect(try level.using(hold: 2, for: 1).available == 2)
        #expect(try level.using(hold: 2, for: 3).available == 0)
        #expect(throws: Refusal.self) { try level.using(hold: 2, for: 4) }
    }

    @Test func `what expires first leaves first, what has no date last`() throws {
        let lots = [
            lot(1, 4, nil), lot(2, 2, "2026-12-31"), lot(3, 3, "2026-12-01"),
            lot(4, 9, "2026-11-01"),
        ]
        let picked = try Lots.pick(
            8, from: lots, onHand: 20, today: day("2026-11-28"), sale: true)
        #expect(picked.map(\.lot) == [LotID(3), LotID(2), LotID(1)])
        #expect(picked.map(\.quantity) == [3, 2, 3])
        // After the lots come goods that belong to none.
        let rest = try Lots.pick(
            11, from: lots, onHand: 20, today: day("2026-11-28"), sale: true)
        #expect(rest.last == Picked(lot: nil, quantity: 2))
        #expect(throws: Refusal.self) {
            try Lots.pick(12, from: lots, onHand: 20, today: day("2026-11-28"), sale: true)
        }
        let bin = try Lots.pick(9, from: lots, onHand: 20, today: day("2026-11-28"), sale: false)
        #expect(bin == [Picked(lot: LotID(4), quantity: 9)])
    }

    @Test func `on its last day a lot may still be sold`() {
        #expect(!lot(1, 1, "2026-11-28").isExpired(on: day("2026-11-28")))
        #expect(lot(1, 1, "2026-11-27").isExpired(on: day("2026-11-28")))
    }

    @Test func `an order is taken from the warehouse with most`() throws {
        let levels = [
            StockLevel(sku: sku, warehouse: WarehouseID(1), onHand: 3),
            StockLevel(sku: sku, warehouse: WarehouseID(2), onHand: 9, reserved: 4),
        ]
        #expect(try Warehouse.choose(4, among: levels).warehouse == WarehouseID(2))
        let refusal = #expect(throws: Refusal.self) { try Warehouse.choose(6, among: levels) }
        #expect(refusal?.message.en.contains("5 left") == true)
        #expect(throws: Refusal.self) { try Warehouse.choose(1, among: []) }
    }

    @Test(arguments: [
        ("2026-02-29", false), ("2024-02-29", true), ("2026-13-01", false), ("2026-1-1", false),
        ("1899-12-31", false), ("2026-11-30", true), ("2026-11-31", false),
    ])
    func `a day on a label is a day that there is`(text: String, fits: Bool) {
        #expect((ShelfDate(text) != nil) == fits)
        if fits { #expect(ShelfDate(text)?.description == text) }
    }

    @Test func `a hold lasts as long as the shop allows`() throws {
        let at = Instant(milliseconds: 1_000)
        #expect(try Hold.end(from: at, minutes: nil, usual: 30, most: 60) == at + .minutes(30))
        #expect(try Hold.end(from: at, minutes: nil, usual: 30, most: 10) == at + .minutes(10))
        #expect(throws: Refusal.self) { try Hold.end(from: at, minutes: 61, usual: 30, most: 60) }
        #expect(throws: Refusal.self) { try Hold.end(from: at, minutes: 0, usual: 30, most: 60) }
    }

    @Test func `counts and damage need a reason, transfers another warehouse`() {
        #expect(throws: Refusal.self) {
            try MovementDraft(
                sku: sku, warehouse: place, act: .damage(quantity: 1, lot: nil), reason: " ")
        }
        #expect(throws: Refusal.self) {
            try MovementDraft(
                sku: sku, warehouse: place, act: .count(found: 1, lot: nil), reason: "")
        }
        #expect(throws: Refusal.self) {
            try MovementDraft(
                sku: sku, warehouse: place, act: .transfer(quantity: 1, to: place), reason: "")
        }
    }
}
