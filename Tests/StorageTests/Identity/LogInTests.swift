import Desk
import SQL
import Storage
import TestSupport
import Testing

/// Logging in, out, being signed out, and guessing.
struct LogInTests {
    private let caller = Caller(address: "203.0.113.9", device: "Firefox")

    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        } catch let throttled as LoginThrottled {
            return throttled.refusal.code
        } catch let ended as SessionEnded {
            return ended.refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Engine.allCases)
    func `a session opens, is seen, and closes`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let secret = try await identity.testLogIn("BOSS")
        let who = try await identity.principals.staff(cookieToken: secret)
        #expect(who.id == owner.id && who.shop == shop.id && who.session != nil)
        #expect(who.permissions == Set(Permission.allCases))
        let sessions = try await identity.sessions.all(of: shop.id, staff: owner.id)
        #expect(sessions.map(\.device) == ["test"])
        try await identity.sessions.close(secret: secret, of: who)
        let after = await code { _ = try await identity.principals.staff(cookieToken: secret) }
        #expect(after == "session.none")
        #expect(store.announced("session.closed").map(\.subject) == [who.session?.raw])
    }

    @Test(arguments: Engine.allCases)
    func `a wrong password and an unknown log-in get the same answer`(_ engine: Engine) async throws
    {
        let store = try await engine.store()
        let identity = store.identity()
        _ = try await identity.testShop()
        for login in ["boss", "nobody"] {
            let answer = await code {
                _ = try await identity.sessions.logIn(
                    login: login, password: "wrong wrong wrong", code: nil, from: caller)
            }
            #expect(answer == "login.refused")
        }
        // Only a log-in that exists has a shop whose audit log can tell of it.
        #expect(store.announced("session.refused").count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `guessing is slowed down, many at once too, and a right password is let in after the wait`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        _ = try await identity.testShop()
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    await code {
                        _ = try await identity.sessions.logIn(
                            login: "boss", password: "guess number \(number)", code: nil,
                            from: caller)
                    }
                }
            }
            var answers: [String?] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        #expect(answers.filter { $0 == "login.refused" }.count == 6)
        #expect(answers.filter { $0 == "login.throttled" }.count == 14)
        let early = await code { _ = try await identity.testLogIn("boss") }
        #expect(early == "login.throttled")
        store.clock.advance(.seconds(3))
        _ = try await identity.testLogIn("boss")
        // What failed before is forgotten now.
        let again = await code {
            _ = try await identity.sessions.logIn(
                login: "boss", password: "wrong wrong wrong", code: nil, from: caller)
        }
        #expect(again == "login.refused")
    }

    @Test(arguments: Engine.allCases)
    func `one address that tries many names is slowed down too`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        var answers: [String?] = []
        for number in 0..<40 {
            answers.append(
                await code {
                    _ = try await identity.sessions.logIn(
                        login: "name\(number)", password: "wrong wrong wrong", code: nil,
                        from: caller)
                })
        }
        #expect(answers.prefix(31).allSatisfy { $0 == "login.refused" })
        #expect(answers.suffix(9).allSatisfy { $0 == "login.throttled" })
    }

    @Test(arguments: Engine.allCases)
    func `a log-in never takes over a secret that the browser held before`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        _ = try await identity.testShop()
        let planted = try await identity.testLogIn("boss")
        let opened = try await identity.sessions.logIn(
            login: "boss", password: Identity.testPassword, code: nil, from: caller,
            replacing: planted)
        #expect(opened.secret != planted)
        let old = await code { _ = try await identity.principals.staff(cookieToken: planted) }
        #expect(old == "session.none")
    }

    @Test(arguments: Engine.allCases)
    func `a forced log-out tells who and why, at once`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let agent = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let secret = try await identity.testLogIn("mei")
        let session = try #require(
            try await identity.principals.staff(cookieToken: secret).session)
        let silent = await code {
            try await identity.sessions.end(session, reason: " ", by: owner)
        }
        #expect(silent == "session.reasonNeeded")
        try await identity.sessions.end(session, reason: "换班", by: owner)
        do {
            _ = try await identity.principals.staff(cookieToken: secret)
            Issue.record("the session went on")
        } catch let ended as SessionEnded {
            #expect(ended.by == "老板" && ended.reason == "换班")
            #expect(ended.refusal.message.zh.contains("换班"))
        }
        #expect(store.announced("session.ended").map(\.subject) == [session.raw])
        let own = try await identity.testLogIn("boss")
        let boss = try await identity.principals.staff(cookieToken: own)
        let above = await code {
            try await identity.sessions.end(
                try #require(boss.session), reason: "x", by: agent)
        }
        #expect(above == "permission.missing")
    }

    @Test(arguments: Engine.allCases)
    func `who is suspended is signed out and stays out`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let agent = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let secret = try await identity.testLogIn("mei")
        _ = try await identity.principals.staff(cookieToken: secret)
        var change = StaffChange()
        change.suspended = true
        _ = try await identity.staff.change(agent.id, change, by: owner)
        #expect(
            await code { _ = try await identity.principals.staff(cookieToken: secret) }
                == "session.ended")
        #expect(await code { _ = try await identity.testLogIn("mei") } == "login.suspended")
    }

    @Test(arguments: Engine.allCases)
    func `a promotion counts at the next request`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let agent = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let secret = try await identity.testLogIn("mei")
        #expect(try await !identity.principals.staff(cookieToken: secret).may(.wallRead))
        var change = StaffChange()
        change.level = .senior
        _ = try await identity.staff.change(agent.id, change, by: owner)
        #expect(try await identity.principals.staff(cookieToken: secret).may(.wallRead))
    }

    @Test(arguments: Engine.allCases)
    func `a session ends when idle, and after its longest time even when used`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        _ = try await identity.testShop()
        let idle = try await identity.testLogIn("boss")
        store.clock.advance(.hours(12))
        #expect(
            await code { _ = try await identity.principals.staff(cookieToken: idle) }
                == "session.none")
        let used = try await identity.testLogIn("boss")
        var lived = 0
        for hour in 1...200 {
            store.clock.advance(.hours(1))
            guard (try? await identity.principals.staff(cookieToken: used)) != nil else { break }
            // The note of being seen is written behind the answer.
            try await store.database.write { _ in }
            lived = hour
        }
        #expect(lived == 7 * 24 - 1)
    }

    @Test(arguments: Engine.allCases)
    func `a changed password needs the old one and ends the other log-ins`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        _ = try await identity.testShop()
        let (here, there) = (
            try await identity.testLogIn("boss"), try await identity.testLogIn("boss")
        )
        let boss = try await identity.principals.staff(cookieToken: here)
        let new = "four unrelated words here"
        #expect(
            await code {
                try await identity.staff.changePassword(from: "not the old one", to: new, by: boss)
            } == "password.wrong")
        try await identity.staff.changePassword(
            from: Identity.testPassword, to: new, by: boss)
        _ = try await identity.principals.staff(cookieToken: here)
        #expect(
            await code { _ = try await identity.principals.staff(cookieToken: there) }
                == "session.ended")
        #expect(await code { _ = try await identity.testLogIn("boss") } == "login.refused")
    }

    @Test func `a password is hashed with salt at today's cost, and an older cost is noticed`()
        async throws
    {
        let old = PasswordHasher(cost: .init(logN: 4, blockSize: 8, parallelism: 1))
        let new = PasswordHasher(cost: .init(logN: 5, blockSize: 8, parallelism: 1))
        let (one, two) = (try await old.hash("同一个密码"), try await old.hash("同一个密码"))
        #expect(one != two && !one.contains("密码"))
        #expect(try await old.check("同一个密码", against: one) == .right(outdated: false))
        #expect(try await new.check("同一个密码", against: one) == .right(outdated: true))
        #expect(try await new.check("另一个密码", against: one) == .wrong)
        #expect(try await new.check("x", against: nil) == .wrong)
        #expect(try await new.check("x", against: "scrypt$99$8$1$AAAA$AAAA") == .wrong)
        // The same text, typed as one character or as two.
        let composed = try await new.hash("caf\u{e9} au lait")
        #expect(
            try await new.check("cafe\u{301} au lait", against: composed)
                == .right(outdated: false))
        #expect(PasswordHasher.Cost.standard == .init(logN: 15, blockSize: 8, parallelism: 3))
    }
}
