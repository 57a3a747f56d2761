import Desk
import Foundation
import HTTPTypes
import SQL
import Storage
import TestSupport
import Testing

@testable import Web

struct StockRouteTests {
    /// A house with one variant for sale, and the owner's and an agent's log-ins.
    private static func open(
        _ engine: Engine
    ) async throws -> (house: IdentityHouse, owner: String, agent: String) {
        let house = try await IdentityHouse.open(engine)
        let (shop, _) = try await house.identity.testShop()
        _ = try await house.identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let id = shop.id
        try await house.store.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO item (shop, id, number, outer_id, title, state, selling_points, attributes, size_chart,
                    faq, image, found_by, updated_at, version)
                VALUES (\(id), 3, 'A-1', '', '酸奶', 'onShelf', '[]', '{}', '', '[]', '', '', 1, 1)
                """)
            try transaction.run(
                """
                INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, barcode, active, sort)
                VALUES (\(id), 7, 3, 'A-1-S', '原味', '{}', 1200, '', 1, 1)
                """)
        }
        return (
            house, try await house.identity.testLogIn("boss"),
            try await house.identity.testLogIn("mei")
        )
    }

    @Test(arguments: Engine.allCases)
    func `goods are bought, held, counted and told on the stock page`(engine: Engine) async throws {
        let (house, owner, agent) = try await Self.open(engine)
        let made = try await house.call(
            .post, "/v1/warehouses", .cookie(owner),
            #"{"code":"HZ","name":"杭州仓","region":"浙江省","cutOff":960}"#)
        #expect(made.status == 201, "\(made.body)")
        let place = try #require(made.object("warehouse")?["id"] as? String)
        let variants = try await house.call(.get, "/v1/stock/variants?q=A-1", .cookie(owner))
        #expect(variants.list("variants").first?["sku"] as? String == "7")
        let purchase = """
            {"key":"k1","kind":"purchase","sku":"7","warehouse":"\(place)","quantity":10,
            "lotCode":"L1","expiresOn":"2026-12-10"}
            """
        for _ in 1...2 {
            let bought = try await house.call(
                .post, "/v1/stock/movements", .cookie(owner), purchase)
            #expect(bought.status == 201, "\(bought.body)")
            #expect(bought.object("level")?["onHand"] as? Int == 10)
        }
        let held = try await house.call(
            .post, "/v1/holds", .cookie(agent), #"{"sku":"7","quantity":8}"#)
        #expect(held.status == 201, "\(held.body)")
        let short = try await house.call(
            .post, "/v1/holds", .cookie(agent), #"{"sku":"7","quantity":3}"#)
        #expect(short.status == 409 && short.code == "stock.short")
        let low = try await house.call(
            .put, "/v1/stock/7", .cookie(owner), #"{"warehouse":"\#(place)","lowAt":2}"#)
        #expect(low.status == 200, "\(low.body)")
        for list in ["all", "low", "expiring"] {
            let page = try await house.call(
                .get, "/v1/stock?list=\(list)&limit=1", .cookie(agent))
            let shelf = try #require(page.list("stock").first, "\(list) \(page.body)")
            #expect(shelf["available"] as? Int == 2 && shelf["held"] as? Int == 8)
            let next = try #require(page.whole["next"] as? String)
            let rest = try await house.call(
                .get, "/v1/stock?list=\(list)&after=\(next)", .cookie(agent))
            #expect(rest.status == 200 && rest.list("stock").isEmpty)
        }
        let hold = try #require(held.object("hold")?["id"] as? String)
        let holds = try await house.call(.get, "/v1/holds", .cookie(agent))
        #expect(holds.list("holds").count == 1)
        let released = try await house.call(.delete, "/v1/holds/\(hold)", .cookie(agent))
        #expect(released.object("hold")?["state"] as? String == "released")
        let ledger = try await house.call(.get, "/v1/stock/movements?sku=7", .cookie(agent))
        #expect(ledger.list("movements").map { $0["kind"] as? String } == ["purchase"])
        let one = try await house.call(.get, "/v1/stock/7", .cookie(agent))
        #expect(one.list("lots").first?["expiresOn"] as? String == "2026-12-10")
        let refused = try await house.call(
            .post, "/v1/stock/movements", .cookie(agent), purchase)
        #expect(refused.status == 403 && refused.code == "permission.missing")
    }

    @Test func `what is not there is said, and by which field`() async throws {
        let (house, owner, _) = try await Self.open(.sqlite)
        let unknown = try await house.call(.get, "/v1/stock/8", .cookie(owner))
        #expect(unknown.status == 404 && unknown.code == "sku.unknown")
        let filter = try await house.call(.get, "/v1/stock?list=some", .cookie(owner))
        #expect(filter.status == 400)
        let none = try await house.call(
            .post, "/v1/stock/movements", .cookie(owner),
            #"{"key":"a","kind":"damage","sku":"7","warehouse":"5","quantity":1,"reason":"x"}"#)
        #expect(none.status == 404 && none.code == "warehouse.unknown")
        let hold = try await house.call(
            .post, "/v1/holds", .cookie(owner), #"{"sku":"7","quantity":1}"#)
        #expect(hold.status == 409 && hold.code == "stock.short")
    }
}
