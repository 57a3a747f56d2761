import Desk
import Foundation
import Hummingbird
import Storage
import TestSupport
import Testing

@testable import Web

/// A buyer's window over HTTP.
struct BuyerRouteTests {
    @Test(arguments: Engine.allCases)
    func `a window opens, comes back, and shows only what is the buyer's`(_ engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        let (shop, _) = try await house.identity.testShop()
        _ = try await house.identity.testStaff("mei", Standing(.agent, .mid), in: shop.id)
        let opened = try await house.call(
            .post, "/v1/buyer/sessions", .none, #"{"shop":"dengta","name":"张三"}"#)
        #expect(opened.status == 201 && opened.whole["conversation"] is NSNull)
        #expect(opened.object("shop")?["online"] as? Bool == true)
        #expect(opened.headers[.accessControlAllowOrigin] == "*")
        let secret = try #require(opened.whole["token"] as? String)
        _ = try await house.call(
            .post, "/v1/commands", .bearer(secret),
            #"{"type":"say","key":"k1","kind":"text","text":"在吗"}"#)
        let boss = try await house.identity.testLogIn("boss")
        let read = try await house.call(.get, "/v1/buyer/conversation", .bearer(secret))
        let conversation = try #require(read.object("conversation")?["id"] as? String)
        _ = try await house.call(
            .post, "/v1/commands", .cookie(boss),
            #"{"type":"tag","key":"k2","conversation":"\#(conversation)","add":["难缠"]}"#)
        _ = try await house.call(
            .post, "/v1/commands", .cookie(boss),
            #"{"type":"say","key":"k3","conversation":"\#(conversation)","kind":"note","text":"小心回复"}"#
        )
        let back = try await house.call(
            .post, "/v1/buyer/sessions", .none, #"{"shop":"dengta","resume":"\#(secret)"}"#)
        #expect(back.status == 200 && back.whole["token"] as? String == secret)
        #expect(back.list("messages").contains { $0["text"] as? String == "在吗" })
        for hidden in ["难缠", "小心回复"] { #expect(!back.body.contains(hidden)) }
        #expect(back.object("conversation")?["state"] as? String == "queued")
        #expect(back.object("conversation")?["place"] as? Int == 1)
    }

    @Test(arguments: Engine.allCases)
    func `a message left when nobody is there reaches the conversation once`(_ engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let opened = try await house.call(.post, "/v1/buyer/sessions", .none, #"{"shop":"dengta"}"#)
        let secret = try #require(opened.whole["token"] as? String)
        let body = #"{"name":"李四","contact":"13800001111","text":"请回电","key":"k1"}"#
        for _ in 1...2 {
            let left = try await house.call(.post, "/v1/buyer/offline", .bearer(secret), body)
            #expect(left.status == 200, "\(left.body)")
        }
        let read = try await house.call(.get, "/v1/buyer/conversation", .bearer(secret))
        #expect(read.list("messages").filter { $0["text"] as? String == "请回电" }.count == 1)
        #expect(read.object("buyer")?["name"] as? String == "李四")
        let none = try await house.call(
            .post, "/v1/buyer/offline", .bearer(secret),
            #"{"name":"李四","contact":" ","text":"请回电","key":"k2"}"#)
        #expect(none.status == 400 && none.code == "contact.malformed")
    }

    @Test(arguments: Engine.allCases)
    func `a full queue offers the form, and the form is taken`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        let (_, owner) = try await house.identity.testShop()
        _ = try await house.identity.policies.change(["queueLimit": 1], readAs: 0, by: owner)
        func come() async throws -> (secret: String, full: Bool?) {
            let opened = try await house.call(
                .post, "/v1/buyer/sessions", .none, #"{"shop":"dengta"}"#)
            return (
                try #require(opened.whole["token"] as? String),
                opened.object("shop")?["full"] as? Bool
            )
        }
        func say(_ secret: String) async throws -> IdentityHouse.Answer {
            try await house.call(
                .post, "/v1/commands", .bearer(secret),
                #"{"type":"say","key":"k1","kind":"text","text":"在吗"}"#)
        }
        let first = try await come()
        #expect(first.full == false)
        #expect(try await say(first.secret).status == 200)
        // Who waits is told of their place, not sent away.
        let waiting = try await house.call(.get, "/v1/buyer/conversation", .bearer(first.secret))
        #expect(waiting.object("shop")?["full"] as? Bool == false)
        let second = try await come()
        #expect(second.full == true)
        let refused = try await say(second.secret)
        #expect(refused.status == 409 && refused.code == "queue.full")
        #expect((refused.object("error")?["instead"] as? [String: Any]) != nil)
        let left = try await house.call(
            .post, "/v1/buyer/offline", .bearer(second.secret),
            #"{"name":"李四","contact":"13800001111","text":"请回电","key":"k2"}"#)
        #expect(left.status == 200, "\(left.body)")
    }

    @Test(arguments: Engine.allCases)
    func `only the sites that the owner named carry the window`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        let (_, owner) = try await house.identity.testShop()
        var change = ShopChange()
        change.origins = ["https://Shop.example"]
        _ = try await house.identity.shops.change(change, by: owner)
        func open(_ origin: String?) async throws -> IdentityHouse.Answer {
            var headers: HTTPFields = [:]
            headers[.origin] = origin
            return try await house.call(
                .post, "/v1/buyer/sessions", .none, #"{"shop":"dengta"}"#, headers: headers)
        }
        #expect(try await open("https://shop.example").status == 201)
        #expect(try await open("http://localhost").status == 201)
        #expect(try await open(nil).status == 201)
        #expect(try await open("https://evil.example").code == "origin.notAllowed")
        let unknown = try await house.call(
            .post, "/v1/buyer/sessions", .none, #"{"shop":"nowhere"}"#)
        #expect(unknown.status == 404 && unknown.code == "shop.unknown")
    }

    @Test func `one address cannot open windows without end`() {
        let budget = OpeningBudget(burst: 3, perSecond: 1)
        let now = Instant(milliseconds: 1_000)
        let taken = (0..<5).map { _ in budget.take("203.0.113.9", at: now) }
        #expect(taken == [true, true, true, false, false])
        #expect(budget.take("203.0.113.10", at: now))
        #expect(budget.take("203.0.113.9", at: now + .seconds(1)))
        #expect(!budget.take("203.0.113.9", at: now + .seconds(1)))
    }

    @Test(arguments: Engine.allCases)
    func `a forged identity is refused in words for who builds the site`(_ engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        let (_, owner) = try await house.identity.testShop()
        _ = try await house.identity.shops.rotateIdentity(by: owner)
        let answer = try await house.call(
            .post, "/v1/buyer/sessions", .none,
            #"{"shop":"dengta","identity":"eyJhbGciOiJub25lIn0.e30."}"#)
        #expect(answer.status == 401 && answer.code == "identity.algorithm")
        #expect(answer.object("error")?["field"] as? String == "identity")
    }
}
