import Desk
import Foundation
import Hummingbird
import SQL
import Storage
import TestSupport
import Testing

@testable import Web

/// Set-up, log-in and one's own secrets over HTTP.
struct SessionRouteTests {
    private let logIn = #"{"login":"boss","password":"\#(Identity.testPassword)"}"#

    @Test(arguments: Engine.allCases)
    func `a new server is set up once, with the code that it printed`(_ engine: Engine) async throws
    {
        let house = try await IdentityHouse.open(engine)
        let state = try await house.call(.get, "/v1/setup")
        #expect(state.whole["needed"] as? Bool == true)
        func body(_ code: String, _ password: String = Identity.testPassword) -> String {
            #"{"code":"\#(code)","shop":{"name":"灯塔小店","slug":"dengta"},"owner":{"login":"boss","name":"老板","password":"\#(password)"}}"#
        }
        #expect(
            try await house.call(.post, "/v1/setup", .none, body("WRONG")).code == "setup.codeWrong"
        )
        let weak = try await house.call(.post, "/v1/setup", .none, body("test-code", "short"))
        #expect(weak.code == "password.tooShort")
        let done = try await house.call(.post, "/v1/setup", .none, body("test-code"))
        #expect(done.status == 201)
        let again = try await house.call(.post, "/v1/setup", .none, body("test-code"))
        #expect(again.status == 409 && again.code == "setup.done")
        #expect(try await house.call(.get, "/v1/setup").whole["needed"] as? Bool == false)
        #expect(try await house.call(.post, "/v1/session", .none, logIn).status == 200)
    }

    @Test(arguments: Engine.allCases)
    func `logging in tells who one is and sets a cookie that scripts cannot read`(_ engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let opened = try await house.call(.post, "/v1/session", .none, logIn)
        #expect(opened.status == 200)
        let cookie = try #require(opened.headers[.setCookie])
        for part in ["qinke_session=qs_", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
            #expect(cookie.contains(part), "\(cookie)")
        }
        #expect(!cookie.contains("Secure"))
        #expect(!opened.body.contains("qs_"))
        let secret = try #require(opened.cookie)
        let session = try await house.call(.get, "/v1/session", .cookie(secret))
        #expect(session.body == opened.body)
        #expect(session.object("staff")?["role"] as? String == "owner")
        #expect(session.object("policy")?["replyWithin"] as? Int == 180)
        #expect((session.whole["permissions"] as? [String])?.count == Permission.allCases.count)
        let out = try await house.call(.delete, "/v1/session", .cookie(secret))
        #expect(out.status == 204 && out.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await house.call(.get, "/v1/session", .cookie(secret)).code == "session.none")
    }

    @Test(arguments: Engine.allCases)
    func `over TLS the cookie is never sent in the clear`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let opened = try await house.call(
            .post, "/v1/session", .none, logIn, headers: [.origin: "https://localhost"])
        #expect(opened.headers[.setCookie]?.contains("; Secure") == true)
    }

    @Test(arguments: Engine.allCases)
    func `a planted cookie is not taken over`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let planted = "qs_" + String(repeating: "A", count: 43)
        let opened = try await house.call(.post, "/v1/session", .cookie(planted), logIn)
        #expect(opened.status == 200 && opened.cookie != planted)
        #expect(try await house.call(.get, "/v1/session", .cookie(planted)).status == 401)
    }

    @Test(arguments: Engine.allCases)
    func `a page of another site can do nothing with our cookie`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let secret = try await house.identity.testLogIn("boss")
        let body = #"{"version":0,"values":{"replyWithin":120}}"#
        for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
            for method in [HTTPRequest.Method.put, .get] {
                let answer = try await house.call(
                    method, "/v1/policy", .stolenRide(secret, origin: origin), body)
                #expect(answer.status == 403 && answer.code == "request.otherSite", "\(origin)")
            }
            let login = try await house.call(
                .post, "/v1/session", .none, logIn, headers: [.origin: origin])
            #expect(login.code == "request.otherSite")
        }
        let silent = try await house.call(
            .put, "/v1/policy", .stolenRide(secret, origin: nil), body)
        #expect(silent.code == "request.otherSite")
        let sibling = try await house.call(
            .put, "/v1/policy", .cookie(secret), body, headers: [.fetchSite: "same-site"])
        #expect(sibling.code == "request.otherSite")
        let read = try await house.call(.get, "/v1/policy", .stolenRide(secret, origin: nil))
        #expect(read.status == 200)
        let ours = try await house.call(
            .put, "/v1/policy", .cookie(secret), body, headers: [.fetchSite: "same-origin"])
        #expect(ours.status == 200)
    }

    @Test(arguments: Engine.allCases)
    func `too many wrong passwords are told how long to wait`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        for _ in 1...6 {
            let answer = try await house.call(
                .post, "/v1/session", .none, #"{"login":"boss","password":"wrong wrong"}"#)
            #expect(answer.status == 401 && answer.code == "login.refused")
        }
        let answer = try await house.call(.post, "/v1/session", .none, logIn)
        #expect(answer.status == 429 && answer.code == "login.throttled")
        #expect(answer.object("error")?["wait"] as? Int == 2)
        #expect(answer.headers[.retryAfter] == "2")
    }

    @Test(arguments: Engine.allCases)
    func `who was signed out learns by whom and why`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        let (shop, _) = try await house.identity.testShop()
        _ = try await house.identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let boss = try await house.identity.testLogIn("boss")
        let mei = try await house.identity.testLogIn("mei")
        let list = try await house.call(.get, "/v1/sessions?staff=all", .cookie(boss))
        let row = try #require(
            list.list("sessions").first {
                ($0["staff"] as? [String: Any])?["name"] as? String == "员工mei"
            })
        let id = try #require(row["id"] as? String)
        #expect(row["current"] as? Bool == false)
        let peek = try await house.call(.get, "/v1/sessions?staff=all", .cookie(mei))
        #expect(peek.code == "permission.missing")
        let own = try await house.call(.get, "/v1/sessions", .cookie(mei))
        #expect(own.list("sessions").count == 1)
        let ended = try await house.call(
            .delete, "/v1/sessions/\(id)", .cookie(boss), #"{"reason":"换班了"}"#)
        #expect(ended.status == 204)
        let answer = try await house.call(.get, "/v1/session", .cookie(mei))
        #expect(answer.status == 401 && answer.code == "session.ended")
        #expect((answer.object("error")?["by"] as? [String: Any])?["name"] as? String == "老板")
        #expect(answer.object("error")?["reason"] as? String == "换班了")
    }

    @Test(arguments: Engine.allCases)
    func `the second factor over HTTP`(_ engine: Engine) async throws {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let secret = try await house.identity.testLogIn("boss")
        let begun = try await house.call(.post, "/v1/session/totp", .cookie(secret))
        #expect((begun.whole["uri"] as? String)?.hasPrefix("otpauth://") == true)
        let wrong = try await house.call(
            .put, "/v1/session/totp", .cookie(secret), #"{"code":"abc"}"#)
        #expect(wrong.status == 400 && wrong.code == "totp.codeWrong")
        let seed: [UInt8] = try await house.store.database.read { transaction in
            try #require(try transaction.first("SELECT seed FROM totp")).get(0)
        }
        let code = TOTP.code(seed, step: TOTP.step(at: house.store.clock.now))
        let on = try await house.call(
            .put, "/v1/session/totp", .cookie(secret), #"{"code":"\#(code)"}"#)
        #expect((on.whole["recovery"] as? [String])?.count == 10)
        let needed = try await house.call(.post, "/v1/session", .none, logIn)
        #expect(needed.status == 401 && needed.code == "login.codeNeeded")
        let bad = try await house.call(
            .delete, "/v1/session/totp", .cookie(secret), #"{"password":"nonsense here"}"#)
        #expect(bad.status == 403 && bad.code == "password.wrong")
    }

    @Test(arguments: Engine.allCases)
    func `a token does what its scopes say and nothing that is a person's own`(_ engine: Engine)
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let boss = try await house.identity.testLogIn("boss")
        let issued = try await house.call(
            .post, "/v1/tokens", .cookie(boss),
            #"{"name":"人事","scopes":["staff.manage","staff.read"]}"#)
        #expect(issued.status == 201)
        let secret = try #require(issued.whole["secret"] as? String)
        let list = try await house.call(.get, "/v1/tokens", .cookie(boss))
        #expect(!list.body.contains(secret))
        #expect(try await house.call(.get, "/v1/staff", .bearer(secret)).status == 200)
        let denied = try await house.call(.get, "/v1/audit", .bearer(secret))
        #expect(denied.status == 403 && denied.code == "permission.missing")
        let raise = try await house.call(
            .post, "/v1/staff", .bearer(secret),
            #"{"login":"eve","name":"夏娃","role":"owner","level":"director","password":"a long enough one"}"#
        )
        #expect(raise.status == 403 && raise.code == "staff.raise")
        for (method, path) in [
            (HTTPRequest.Method.put, "/v1/session/password"), (.post, "/v1/session/totp"),
        ] {
            let answer = try await house.call(
                method, path, .bearer(secret), #"{"old":"x","new":"y"}"#)
            #expect(answer.code == "session.needed")
        }
        for forged in ["qk_" + String(repeating: "A", count: 43), "", "qs_x", "qb_x"] {
            #expect(try await house.call(.get, "/v1/staff", .bearer(forged)).status == 401)
        }
    }

    @Test(arguments: Engine.allCases)
    func `staff, groups, shop and audit over HTTP, as the page of the protocol says`(
        _ engine: Engine
    )
        async throws
    {
        let house = try await IdentityHouse.open(engine)
        _ = try await house.identity.testShop()
        let boss = try await house.identity.testLogIn("boss")
        let group = try await house.call(
            .post, "/v1/groups", .cookie(boss), #"{"name":"售前","members":[]}"#)
        let groupID = try #require(group.object("group")?["id"] as? String)
        let added = try await house.call(
            .post, "/v1/staff", .cookie(boss),
            #"{"login":"Mei","name":"小梅","nickname":"梅子","role":"agent","level":"junior","department":"service","employment":"partTime","groups":["\#(groupID)"],"cap":4,"password":"a long enough one"}"#
        )
        #expect(added.status == 201 && added.object("staff")?["login"] as? String == "mei")
        let id = try #require(added.object("staff")?["id"] as? String)
        let level = try await house.call(
            .patch, "/v1/staff/\(id)", .cookie(boss), #"{"level":"mid","cap":null}"#)
        #expect(level.object("staff")?["level"] as? String == "mid")
        #expect(level.object("staff")?["cap"] == nil)
        #expect(level.object("staff")?["groups"] as? [String] == [groupID])
        let typo = try await house.call(
            .patch, "/v1/staff/\(id)", .cookie(boss), #"{"level":"boss"}"#)
        #expect(typo.status == 400 && typo.object("error")?["field"] as? String == "level")
        let shop = try await house.call(
            .put, "/v1/shop", .cookie(boss),
            #"{"texts":{"greeting":{"zh":"您好","en":"Hi"}},"origins":["https://shop.example"],"hours":{"zone":"Asia/Shanghai","week":[["09:00","23:00"],["09:00","23:00"],["09:00","23:00"],["09:00","23:00"],["09:00","23:00"],null,null]}}"#
        )
        let texts = shop.object("shop")?["texts"] as? [String: [String: String]]
        #expect(shop.status == 200 && texts == ["greeting": ["zh": "您好", "en": "Hi"]])
        let history = shop.list("history")
        #expect(
            history.count == 1 && history[0]["version"] as? Int == shop.whole["version"] as? Int)
        let late = try await house.call(
            .put, "/v1/shop", .cookie(boss), #"{"name":"新店","version":0}"#)
        #expect(late.status == 409 && late.code == "shop.changed")
        let audit = try await house.call(.get, "/v1/audit?limit=2", .cookie(boss))
        #expect(
            audit.list("entries").map { $0["kind"] as? String } == [
                "shop.changed", "staff.changed",
            ])
        let next = try #require(audit.whole["next"] as? String)
        let more = try await house.call(
            .get, "/v1/audit?before=\(next)&kind=staff.added", .cookie(boss))
        let entry = try #require(more.list("entries").first)
        #expect((entry["subject"] as? [String: Any])?["name"] as? String == "小梅")
        #expect((entry["args"] as? [String: Any])?["level"] as? String == "junior")
        #expect(try await house.call(.get, "/v1/audit?kind=x", .cookie(boss)).status == 400)
    }
}
