import Desk
import SQL
import Storage
import TestSupport
import Testing

@Suite("What stands on the shelves now")
struct OnShelfTests {
    private static let today = 20_261_128

    /// A shop with a jacket in two variants, one of them partly expired, and a cap that was taken down.
    private static func shop(
        _ engine: Engine,
        _ body: @escaping @Sendable (Transaction, ShopID) throws -> Void
    ) async throws {
        let store = try await engine.store()
        let (shop, _) = try await store.identity().testShop()
        let id = shop.id
        try await store.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO category (shop, id, parent, name, kind, sort)
                VALUES (\(id), 1, NULL, '外套', 'general', 1)
                """)
            for (item, title, category, state) in [
                (10, "冲锋衣", 1 as Int?, "onShelf"), (11, "帽子", nil, "offShelf"),
            ] {
                try transaction.run(
                    """
                    INSERT INTO item (shop, id, number, outer_id, title, category, state, selling_points, attributes,
                        size_chart, faq, image, found_by, updated_at, version)
                    VALUES (\(id), \(item), \("N\(item)"), '', \(title), \(category), \(state), \(#"["三级防水"]"#),
                        \(#"[{"name":"材质","value":"尼龙"}]"#), \(#"{"columns":[],"rows":[]}"#), '[]', '', '', 1, 1)
                    """)
            }
            for (sku, item, name, price) in [
                (100, 10, "红色;M", 39_900), (101, 10, "红色;L", 29_900), (110, 11, "黑色", 5_000),
            ] {
                try transaction.run(
                    """
                    INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, barcode, active, sort)
                    VALUES (\(id), \(sku), \(item), '', \(name), '[]', \(price), '', 1, 1)
                    """)
            }
            for (warehouse, region, cutOff) in [(1, "浙江", 960 as Int?), (2, "广东", nil)] {
                try transaction.run(
                    """
                    INSERT INTO warehouse (shop, id, code, name, region, cut_off, active)
                    VALUES (\(id), \(warehouse), \("W\(warehouse)"), '仓', \(region), \(cutOff), 1)
                    """)
            }
            for (sku, warehouse, hand, reserved, held) in [
                (100, 1, 10, 2, 1), (100, 2, 3, 0, 0), (101, 2, 9, 0, 0), (110, 1, 4, 0, 0),
            ] {
                try transaction.run(
                    """
                    INSERT INTO stock (shop, sku, warehouse, on_hand, reserved, held)
                    VALUES (\(id), \(sku), \(warehouse), \(hand), \(reserved), \(held))
                    """)
            }
            for (lot, expires, hand) in [(1, 20_261_127, 6), (2, 20_261_128, 3)] {
                try transaction.run(
                    """
                    INSERT INTO lot (shop, id, sku, warehouse, code, made_on, expires_on, on_hand)
                    VALUES (\(id), \(lot), 101, 2, \("L\(lot)"), NULL, \(expires), \(hand))
                    """)
            }
        }
        try await store.database.read { try body($0, id) }
    }

    @Test(
        "A card tells price, listing and what is neither promised nor past its date",
        arguments: Engine.allCases)
    func cards(engine: Engine) async throws {
        try await Self.shop(engine) { transaction, shop in
            let cards = try OnShelf.cards(
                [100, 101, 110, 999].map { SKUID($0) }, of: shop, today: Self.today,
                in: transaction
            ).sorted { $0.sku < $1.sku }
            #expect(cards.map(\.sku.raw) == [100, 101, 110])
            #expect(cards.map(\.left) == [10, 3, 4])
            #expect(cards.map(\.stock) == [.plenty, .few, .few])
            #expect(cards.map(\.isSold) == [true, true, false])
            #expect(cards.map(\.price.fen) == [39_900, 29_900, 5_000])
            let none = try OnShelf.cards(
                [SKUID(100)], of: ShopID(shop.raw + 1), today: Self.today, in: transaction)
            #expect(none.isEmpty)
        }
    }

    @Test(
        "A card of a whole item tells its lowest price and all that is left",
        arguments: Engine.allCases)
    func items(engine: Engine) async throws {
        try await Self.shop(engine) { transaction, shop in
            let cards = try OnShelf.cards(
                items: [10, 11, 12].map { ItemID($0) }, of: shop, today: Self.today,
                in: transaction)
            #expect(cards.count == 2)
            #expect(cards[ItemID(10)]?.price == Money(fen: 29_900))
            #expect(cards[ItemID(10)]?.left == 13)
            #expect(cards[ItemID(11)]?.isSold == false)
        }
    }

    @Test(
        "The helper sees what is on sale, with its category and the warehouse that has most",
        arguments: Engine.allCases)
    func candidates(engine: Engine) async throws {
        try await Self.shop(engine) { transaction, shop in
            let found = try OnShelf.candidates(
                of: shop, in: nil, today: Self.today,
                arrives: { cutOff, region in
                    Instant(milliseconds: cutOff == nil ? 2 : region == "浙江" ? 1 : 0)
                }, transaction
            ).sorted { $0.sku.id < $1.sku.id }
            #expect(found.map(\.sku.id.raw) == [100, 101])
            #expect(found.map(\.category) == ["外套", "外套"])
            #expect(found.map(\.left) == [10, 3])
            #expect(found.map(\.arrives?.milliseconds) == [1, 2])
            #expect(found.first?.item.attributes == [Attribute("材质", "尼龙")])
            let answer = Choosing.choose(try BuyerWish(size: "L", use: "防水"), among: found)
            #expect(answer.choices.map(\.candidate.sku.id.raw) == [101])
            let other = try OnShelf.candidates(
                of: shop, in: CategoryID(2), today: Self.today, arrives: { _, _ in nil },
                transaction)
            #expect(other.isEmpty)
        }
    }
}
