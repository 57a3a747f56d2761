import Desk
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Web

/// Orders over HTTP, as the screens ask for them.
@Suite struct `The routes of orders` {
    private static let draft = """
        {"buyerNick":"小明","lines":[{"title":"风衣","price":10000,"quantity":1},{"title":"袜子","price":2001,"quantity":3}],
        "freight":800,"discount":3,"receiver":{"name":"张三丰","mobile":"13812345678","region":"浙江省","city":"杭州市",
        "district":"西湖区","detail":"文三路 1 号","zip":"310000"}}
        """

    private static func acts(_ answer: IdentityHouse.Answer) -> [String: String?] {
        let acts = answer.object("order")?["acts"] as? [[String: Any]] ?? []
        return Dictionary(
            acts.map { ($0["act"] as? String ?? "", $0["code"] as? String) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: Engine.allCases)
    func `place, pay and refuse in words, and hide the receiver until a purpose is told`(
        _ engine: Engine
    ) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let boss = IdentityHouse.Proof.cookie(try await house.identity.testLogIn("boss"))
        let placed = try await house.call(.post, "/v1/orders", boss, Self.draft)
        #expect(placed.status == 201, "\(placed.body)")
        let order = try #require(placed.object("order"))
        let id = try #require(order["id"] as? String)
        #expect(order["payable"] as? Int == 16_800)
        let receiver = order["receiver"] as? [String: Any]
        #expect(receiver?["mobile"] as? String == "138****5678")
        #expect(receiver?["name"] as? String == "张*")
        #expect(!placed.body.contains("文三路") && !placed.body.contains("13812345678"))
        #expect(Self.acts(placed)["pay"] == .some(nil))
        #expect(Self.acts(placed)["refund"] == "order.refund.awaitingPayment")

        let short = try await house.call(
            .post, "/v1/orders/\(id)/pay", boss, #"{"amount":1}"#)
        #expect(short.status == 400 && short.code == "order.pay.amount")
        let paid = try await house.call(
            .post, "/v1/orders/\(id)/pay", boss, #"{"amount":16800,"channel":"支付宝"}"#)
        #expect(
            paid.status == 200 && paid.object("order")?["state"] as? String == "awaitingShipment")
        let close = try await house.call(
            .post, "/v1/orders/\(id)/close", boss, #"{"reason":"outOfStock"}"#)
        #expect(close.status == 409 && close.code == "order.close.awaitingShipment")
        #expect(close.body.contains("已付款，请用退款"))

        let nosy = try await house.call(
            .post, "/v1/orders/\(id)/receiver", boss, #"{"purpose":""}"#)
        #expect(nosy.status == 400)
        let full = try await house.call(
            .post, "/v1/orders/\(id)/receiver", boss, #"{"purpose":"核对地址"}"#)
        #expect(full.object("receiver")?["mobile"] as? String == "13812345678")
        let one = try await house.call(.get, "/v1/orders/\(id)", boss)
        let payments = one.list("payments")
        #expect(payments.count == 1 && payments.first?["simulated"] as? Bool == true)
        let ledger = try await house.call(.get, "/v1/payments", boss)
        #expect(ledger.list("sums").first?["amount"] as? Int == 16_800)
        let found = try await house.call(.get, "/v1/orders?q=5678&state=awaitingShipment", boss)
        #expect(found.list("orders").count == 1)
        let wrong = try await house.call(.get, "/v1/orders?state=lost", boss)
        #expect(wrong.status == 400 && wrong.code == "order.filter")
    }

    @Test func `foresee a bulk act without doing it, and tell each order's own refusal`()
        async throws
    {
        let house = try await IdentityHouse.open()
        _ = try await house.identity.testShop()
        let boss = IdentityHouse.Proof.cookie(try await house.identity.testLogIn("boss"))
        var ids: [String] = []
        for _ in 0..<2 {
            let placed = try await house.call(.post, "/v1/orders", boss, Self.draft)
            ids.append(try #require(placed.object("order")?["id"] as? String))
        }
        _ = try await house.call(
            .post, "/v1/orders/\(ids[0])/pay", boss, #"{"amount":16800}"#)
        house.store.clock.advance(.minutes(1))
        func bulk(_ preview: Bool) async throws -> [[String: Any]] {
            try await house.call(
                .post, "/v1/orders/bulk", boss,
                """
                {"act":"close","reason":"outOfStock","preview":\(preview),"orders":["\(ids[0])","\(ids[1])"]}
                """
            ).list("rows")
        }
        for preview in [true, true, false] {
            let rows = try await bulk(preview)
            #expect(rows.map { $0["ok"] as? Bool } == [false, true])
            #expect(rows.first?["code"] as? String == "order.close.awaitingShipment")
        }
        #expect(try await bulk(true).map { $0["ok"] as? Bool } == [false, false])
    }

    @Test func `keep prices, payments and receivers from those who may not`() async throws {
        let house = try await IdentityHouse.open()
        let (shop, _) = try await house.identity.testShop()
        _ = try await house.identity.testStaff(
            "xin", Standing(.agent, .trainee, .fullTime), in: shop.id)
        let trainee = IdentityHouse.Proof.cookie(try await house.identity.testLogIn("xin"))
        let boss = IdentityHouse.Proof.cookie(try await house.identity.testLogIn("boss"))
        let placed = try await house.call(.post, "/v1/orders", boss, Self.draft)
        let id = try #require(placed.object("order")?["id"] as? String)
        let seen = try await house.call(.get, "/v1/orders/\(id)", trainee)
        #expect(seen.status == 200 && Self.acts(seen).isEmpty)
        for path in ["receiver", "price", "pay", "note", "close"] {
            let answer = try await house.call(.post, "/v1/orders/\(id)/\(path)", trainee, "{}")
            #expect(answer.status == 403, "\(path)")
        }
    }
}
