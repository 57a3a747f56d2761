import Desk
import Foundation
import Hummingbird
import SQL
import Storage
import TestSupport
import Testing

@testable import Web

/// Made from the table of routes itself: a route that is added is tested without being named here.
struct RoleRouteTests {
    /// One standing for each set of permissions that anybody can have.
    static let standings: [Standing] = {
        var seen: Set<Set<Permission>> = []
        var standings: [Standing] = []
        for role in Role.allCases {
            for level in StaffLevel.allCases where role.levels.contains(level) {
                for employment in EmploymentType.allCases {
                    let standing = Standing(role, level, employment)
                    if seen.insert(standing.permissions).inserted { standings.append(standing) }
                }
            }
        }
        return standings
    }()

    private static func path(_ route: Web.Route, id: String) -> String {
        route.path.replacingOccurrences(of: "{id}", with: id)
    }

    @Test(arguments: Engine.allCases)
    func `every route refuses every role that may not use it, and nobody else`(engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        let (shop, _) = try await house.identity.testShop()
        let buyer = try await house.identity.buyers.open(.init(), in: shop.id).secret
        #expect(Self.standings.count > 8)
        var refused = 0
        for (index, standing) in Self.standings.enumerated() {
            _ = try await house.identity.testStaff("s\(index)", standing, in: shop.id)
            var secret = try await house.identity.testLogIn("s\(index)")
            for route in house.table.routes {
                let answer = try await house.call(
                    route.method, Self.path(route, id: "7"), .cookie(secret), "{}")
                let who = "\(standing) \(route.method) \(route.path)"
                switch route.access {
                case .open:
                    #expect(answer.code != "permission.missing", "\(who)")
                case .buyer:
                    #expect(answer.status == 403 && answer.code == "caller.buyerOnly", "\(who)")
                case .staff(let permission), .either(let permission):
                    if let permission, !standing.permissions.contains(permission) {
                        #expect(answer.status == 403, "\(who)")
                        #expect(answer.code == "permission.missing", "\(who)")
                        refused += 1
                    } else {
                        #expect(answer.status != 401, "\(who) \(answer.body)")
                        #expect(answer.code != "permission.missing", "\(who)")
                        #expect(answer.status < 500, "\(who) \(answer.body)")
                    }
                }
                // Logging out is allowed to everybody; go on as the same person.
                if route.method == .delete, route.path == "/v1/session" {
                    secret = try await house.identity.testLogIn("s\(index)")
                }
            }
        }
        #expect(refused > 100)
        for route in house.table.routes {
            let path = Self.path(route, id: "7")
            let stranger = try await house.call(route.method, path, .none, "{}")
            let asBuyer = try await house.call(route.method, path, .bearer(buyer), "{}")
            switch route.access {
            case .open: break
            case .staff:
                #expect(stranger.status == 401 && stranger.code == "session.none", "\(path)")
                #expect(asBuyer.status == 403 && asBuyer.code == "caller.staffOnly", "\(path)")
            case .buyer, .either:
                #expect(stranger.status == 401 && stranger.code == "session.none", "\(path)")
                #expect(asBuyer.status != 401 && asBuyer.status != 403, "\(path) \(asBuyer.body)")
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `every route with an id answers a foreign shop's thing as if it did not exist`(
        engine: Engine
    ) async throws {
        let house = try await IdentityHouse.open(engine)
        let identity = house.identity
        let (shop, owner) = try await identity.testShop()
        _ = try await identity.testShop("other", owner: "other")
        let agent = try await identity.testStaff("mei", Standing(.agent, .senior), in: shop.id)
        let group = try await identity.groups.add(name: "售前", members: [], by: owner)
        let token = try await identity.tokens.issue(
            name: "令牌", scopes: ["wall.read"], expiresAt: nil, by: owner)
        let phrase = try await identity.phrases.add(
            PhraseDraft(scope: .shop, shortcut: "", title: "问好", text: "您好"), by: owner)
        let secret = try await identity.testLogIn("mei")
        let session = try #require(try await identity.principals.staff(cookieToken: secret).session)
        let buyer = try await identity.buyers.open(.init(name: "张三"), in: shop.id)
        let said = try await house.call(
            .post, "/v1/commands", .bearer(buyer.secret),
            #"{"type":"say","key":"k1","kind":"text","text":"在吗"}"#)
        let conversation = try #require(said.whole["conversation"] as? String)
        let own = try await identity.testLogIn("boss")
        let file = try await house.call(
            .post, "/v1/uploads?name=a.txt", .cookie(own), "一段足够长的文字，说明它是一个文本文件。")
        let upload = try #require(file.whole["upload"] as? String, "\(file.body)")
        let draft = #"{"scope":"shop","title":"x","text":"x","version":1}"#
        let table = try await house.call(
            .post, "/v1/exchange/batches?name=a.csv", .cookie(own), "订单编号,总金额\n1,2\n")
        let batch = try #require(table.object("batch")?["id"] as? String, "\(table.body)")
        let logistics = Logistics(identity.carryOut)
        let parcel = try await logistics.parcels.ship(
            .init(
                order: nil, orderNumber: "2001", buyer: buyer.buyer.id, buyerName: "张三",
                carrier: "zhongtong", waybill: "78123456789012"), by: owner)
        let ticket = try await logistics.tickets.open(
            .trace, of: parcel.id, note: "查件", reference: "", claim: .zero, by: owner)
        var choice = DelayStore.Choice()
        choice.only = [parcel.id]
        let delay = try await logistics.delays.start(
            choice,
            DelayDraft(
                reason: "大雪封路", date: nil, options: [.wait], tongue: .zh, now: house.store.clock.now
            ),
            expected: 1, by: owner)
        let (warehouse, hold) = try await Self.stock(of: owner, identity, house.store)
        let category = try await identity.catalog.add(CategoryDraft(name: "杯子"), by: owner)
        let item = try await identity.catalog.add(
            ItemDraft(
                number: "C-1", title: "马克杯", skus: [SKUDraft(name: "", price: Money(fen: 900))]),
            by: owner)
        let mistake = try await identity.catalog.report(.price, "x", of: item.id, by: owner)
        let freight = try await identity.freight.save(
            FreightDraft(
                name: "快递", measure: .pieces,
                zones: [.init(first: 1, firstFee: .zero, more: 1, moreFee: .zero)], freeFrom: nil),
            as: nil, by: owner)
        let placed = try await house.call(
            .post, "/v1/orders", .cookie(own),
            #"{"buyerNick":"小明","lines":[{"title":"风衣","price":10000,"quantity":1}],"receiver":\#(Self.receiver)}"#
        )
        let order = try #require(placed.object("order")?["id"] as? String, "\(placed.body)")
        let bought = try await house.call(
            .post, "/v1/orders/\(order)/purchases", .cookie(own),
            #"{"upstreamShop":"上家","price":9000}"#)
        let purchase = try #require(
            bought.object("purchase")?["id"] as? String, "\(bought.body)")
        let things: [String: (id: String, body: String)] = [
            "orders": (
                order,
                #"{"purpose":"核对收货地址","amount":1,"line":"7","sku":"7","reason":"outOfStock","carrier":"zhongtong","waybill":"78123456789012","days":3,"with":"7","lines":["7"],"upstreamShop":"x","price":1,"receiver":\#(Self.receiver)}"#
            ),
            "purchases": (purchase, #"{"state":"bought"}"#),
            "stock": ("77", #"{"warehouse":"\#(warehouse)"}"#),
            "warehouses": (warehouse.description, #"{"code":"x","name":"x"}"#),
            "holds": (hold.description, ""),
            "items": (
                item.id.description,
                #"{"number":"C-1","title":"x","skus":[{"price":1}],"version":1,"part":"price","text":"x"}"#
            ),
            "categories": (category.id.description, #"{"name":"x"}"#),
            "mistakes": (mistake.id.description, #"{"answer":"x"}"#),
            "freight-templates": (
                freight.id.description,
                #"{"name":"x","zones":[{"regions":[],"first":1,"firstFee":0,"more":1,"moreFee":0,"isClosed":false}]}"#
            ),
            "staff": (agent.id.description, #"{"name":"x","password":"a very long password"}"#),
            "groups": (group.id.description, #"{"name":"x"}"#),
            "tokens": (token.token.id.description, "{}"),
            "sessions": (session.description, #"{"reason":"x"}"#),
            "phrases": (phrase.id.description, draft),
            "buyers": (buyer.buyer.id.description, "{}"),
            "conversations": (conversation, "{}"), "poll": ("abcdef", #"{"frames":[]}"#),
            "uploads": (upload, ""), "parcels": (parcel.id.description, "{}"),
            "tickets": (ticket.id.description, #"{"answer":"x","paid":1}"#),
            "delays": (delay.description, #"{"parcel":"7"}"#),
            "exchange": (batch, #"{"format":"orders","columns":{}}"#),
        ]
        let foreign = try await identity.testLogIn("other")
        var tested = 0
        for route in house.table.routes where route.path.contains("{id}") {
            let kind = String(route.path.split(separator: "/")[1])
            let thing = try #require(things[kind], "say what \(route.path) is about")
            let path =
                Self.path(route, id: thing.id)
                + (route.path.hasSuffix("history") ? "?number=1" : "")
            for malformed in ["0", "-5", "x", "99999999999999999999999"] {
                let answer = try await house.call(
                    route.method, Self.path(route, id: malformed), .cookie(foreign), thing.body)
                #expect(answer.status == 404, "\(route.method) \(route.path) \(malformed)")
            }
            let answer = try await house.call(route.method, path, .cookie(foreign), thing.body)
            #expect(answer.status == 404, "\(route.method) \(path) \(answer.body)")
            #expect(answer.code?.hasSuffix(".unknown") == true, "\(answer.body)")
            // The same call by the own shop proves that only the shop was wrong.
            if route.method == .get, !route.path.hasSuffix("thumbnail") {
                let mine = try await house.call(route.method, path, .cookie(own), thing.body)
                #expect(mine.status == 200, "\(path) \(mine.body)")
            }
            tested += 1
        }
        #expect(tested >= 10)
        #expect(try await identity.staff.one(agent.id, of: shop.id).name == "员工mei")
        // An action on it through a command is refused alike.
        let close = try await house.call(
            .post, "/v1/commands", .cookie(foreign),
            #"{"type":"close","key":"k2","conversation":"\#(conversation)","reason":"x"}"#)
        #expect(close.status == 404)
    }

    private static let receiver =
        #"{"name":"张三丰","mobile":"13812345678","region":"浙江省","city":"杭州市","district":"西湖区","detail":"文三路 1 号","zip":"310000"}"#

    /// A warehouse with one variant in it, of which a piece is held.
    private static func stock(
        of owner: StaffPrincipal, _ identity: Identity, _ store: TestStore
    ) async throws -> (WarehouseID, HoldID) {
        let shop = owner.shop
        try await store.database.write { transaction in
            try transaction.run(
                """
                INSERT INTO item (shop, id, number, outer_id, title, state, selling_points, attributes, size_chart,
                    faq, image, found_by, updated_at, version)
                VALUES (\(shop), 77, 'S-77', '', '酸奶', 'onShelf', '[]', '{}', '', '[]', '', '', 1, 1)
                """)
            try transaction.run(
                """
                INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, barcode, active, sort)
                VALUES (\(shop), 77, 77, '', '原味', '{}', 1200, '', 1, 1)
                """)
        }
        let place = try await identity.stock.add(
            WarehouseDraft(code: "HZ", name: "杭州仓", region: "", cutOff: nil, isActive: true),
            by: owner)
        _ = try await identity.stock.move(
            MovementDraft(
                sku: SKUID(77), warehouse: place.id, act: .purchase(quantity: 3, lot: nil),
                reason: ""), key: "k", by: owner)
        let hold = try await identity.stock.hold(
            .init(sku: SKUID(77), quantity: 1), by: owner)
        return (place.id, hold.id)
    }

    @Test func `the table and openapi.json tell the same routes`() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Docs/openapi.json")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        var told: Set<String> = []
        for (path, methods) in paths {
            for method in methods.keys
            where ["get", "post", "put", "patch", "delete"].contains(method) {
                told.insert("\(method.uppercased()) \(path)")
            }
        }
        let house = try await IdentityHouse.open().table.routes
        let known = Set(house.map { "\($0.method.rawValue) \($0.path)" })
        #expect(known.count == house.count, "a route stands twice")
        #expect(known.subtracting(told).sorted() == [], "not in openapi.json")
        // The shell's own, open to all.
        let elsewhere: Set<String> = [
            "GET /health", "GET /v1/version", "GET /metrics",
        ]
        #expect(told.subtracting(known).subtracting(elsewhere).sorted() == [], "not in the table")
    }
}
