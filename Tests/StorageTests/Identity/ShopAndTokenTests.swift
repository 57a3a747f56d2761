import Desk
import SQL
import Storage
import TestSupport
import Testing

/// Shops, tokens, groups, rules, phrases and the audit log.
struct ShopAndTokenTests {
    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Engine.allCases)
    func `the first-run page makes one shop, two at once too`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        #expect(try await identity.shops.isEmpty())
        let answers = await withTaskGroup(of: String?.self) { group in
            for number in 0..<4 {
                group.addTask {
                    await code {
                        _ = try await identity.shops.make(
                            name: "店\(number)", slug: "shop-\(number)",
                            owner: .init(
                                login: "boss\(number)", name: "老板",
                                password: Identity.testPassword), onlyFirst: true)
                    }
                }
            }
            var answers: [String?] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        #expect(answers.filter { $0 == nil }.count == 1)
        #expect(answers.filter { $0 == "setup.done" }.count == 3)
        #expect(try await identity.shops.all().count == 1)
    }

    @Test func `the set-up code is asked for and not guessed`() throws {
        let guardian = SetUpGuard()
        let now = Instant(milliseconds: 1_795_312_800_000)
        #expect(throws: Refusal.self) { try guardian.check("AAAA-AAAA-AAAA", at: now) }
        try guardian.check(guardian.code.lowercased().replacing("-", with: ""), at: now)
        for _ in 1...6 { #expect(throws: Refusal.self) { try guardian.check("no", at: now) } }
        #expect(throws: LoginThrottled.self) { try guardian.check(guardian.code, at: now) }
        try guardian.check(guardian.code, at: now + .seconds(3))
        #expect(SetUpGuard().code != guardian.code)
    }

    @Test(arguments: Engine.allCases)
    func `a token works within its scopes until it is revoked or expires`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let issued = try await identity.tokens.issue(
            name: "看板", scopes: ["wall.read"], expiresAt: store.clock.now + .days(1), by: owner)
        #expect(issued.secret.hasPrefix(issued.token.prefix))
        let who = try await identity.principals.apiToken(issued.secret)
        #expect(who.permissions == [.wallRead] && who.session == nil && who.id == owner.id)
        store.clock.advance(.days(1))
        #expect(
            await code { _ = try await identity.principals.apiToken(issued.secret) }
                == "token.invalid")
        let second = try await identity.tokens.issue(
            name: "二号", scopes: ["wall.read"], expiresAt: nil, by: owner)
        _ = try await identity.principals.apiToken(second.secret)
        try await identity.tokens.revoke(second.token.id, by: owner)
        #expect(
            await code { _ = try await identity.principals.apiToken(second.secret) }
                == "token.invalid")
        #expect(try await identity.tokens.all(of: shop.id).map(\.name) == ["看板"])
        // A session's secret is no token, and the other way round.
        #expect(
            await code { _ = try await identity.principals.staff(cookieToken: second.secret) }
                == "session.none")
    }

    @Test(arguments: Engine.allCases)
    func `a token never has more than its person has now`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let lead = try await identity.testStaff(
            "lead", Standing(.supervisor, .director), in: shop.id)
        let issued = try await identity.tokens.issue(
            name: "机器人", scopes: ["staff.manage", "wall.read"], expiresAt: nil, by: lead)
        #expect(
            try await identity.principals.apiToken(issued.secret).permissions
                == [.staffManage, .wallRead])
        var change = StaffChange()
        change.level = .supervisor
        _ = try await identity.staff.change(lead.id, change, by: owner)
        #expect(
            try await identity.principals.apiToken(issued.secret).permissions == [.wallRead])
    }

    @Test(arguments: Engine.allCases)
    func `nothing of one shop is reached from another`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let (_, stranger) = try await identity.testShop("other", owner: "other")
        let agent = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let group = try await identity.groups.add(name: "售前", members: [agent.id], by: owner)
        let token = try await identity.tokens.issue(
            name: "令牌", scopes: ["wall.read"], expiresAt: nil, by: owner)
        let phrase = try await identity.phrases.add(
            PhraseDraft(scope: .shop, shortcut: "nh", title: "问好", text: "您好"), by: owner)
        let secret = try await identity.testLogIn("mei")
        let session = try #require(
            try await identity.principals.staff(cookieToken: secret).session)
        var rename = StaffChange()
        rename.name = "黑客"
        let change = rename
        let draft = try PhraseDraft(scope: .shop, shortcut: "", title: "x", text: "x")
        let acts: [(String, () async throws -> Void)] = [
            (
                "staff.unknown",
                { _ = try await identity.staff.change(agent.id, change, by: stranger) }
            ),
            (
                "staff.unknown",
                {
                    _ = try await identity.staff.resetPassword(
                        of: agent.id, in: stranger.shop, to: Identity.testPassword,
                        removesTOTP: true, by: stranger)
                }
            ),
            (
                "session.unknown",
                { try await identity.sessions.end(session, reason: "x", by: stranger) }
            ),
            (
                "group.unknown",
                {
                    _ = try await identity.groups.change(
                        group.id, name: "x", members: nil, by: stranger)
                }
            ),
            ("group.unknown", { try await identity.groups.remove(group.id, by: stranger) }),
            (
                "staff.unknown",
                { _ = try await identity.groups.add(name: "偷", members: [agent.id], by: stranger) }
            ),
            ("token.unknown", { try await identity.tokens.revoke(token.token.id, by: stranger) }),
            (
                "phrase.unknown",
                { _ = try await identity.phrases.change(phrase.id, draft, readAs: 1, by: stranger) }
            ),
            ("phrase.unknown", { try await identity.phrases.remove(phrase.id, by: stranger) }),
            ("phrase.unknown", { try await identity.phrases.use(phrase.id, by: stranger) }),
        ]
        for (expected, act) in acts { #expect(await code(act) == expected) }
        #expect(try await identity.phrases.all(for: stranger).isEmpty)
        #expect(try await identity.audit.entries(of: stranger.shop, .init()).count == 2)
    }

    @Test(arguments: Engine.allCases)
    func `personal phrases are nobody else's and shop phrases need the permission`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let mei = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let own = try await identity.phrases.add(
            PhraseDraft(scope: .personal, shortcut: "bq", title: "抱歉久等", text: "抱歉久等了"),
            by: mei)
        #expect(own.pinyin == "baoqianjiudeng" && own.initials == "bqjd")
        #expect(try await identity.phrases.all(for: owner).isEmpty)
        let shared = try PhraseDraft(scope: .shop, shortcut: "", title: "问好", text: "您好")
        #expect(
            await code { _ = try await identity.phrases.add(shared, by: mei) }
                == "permission.missing")
        #expect(
            await code {
                _ = try await identity.phrases.change(own.id, shared, readAs: 1, by: mei)
            } == "permission.missing")
        #expect(
            await code {
                _ = try await identity.phrases.add(
                    PhraseDraft(scope: .personal, shortcut: "BQ", title: "又一条", text: "…"), by: mei)
            } == "phrase.shortcutTaken")
        try await identity.phrases.use(own.id, by: mei)
        #expect(try await identity.phrases.all(for: mei).map(\.uses) == [1])
    }

    @Test(arguments: Engine.allCases)
    func `rules have versions, and a change is in force at once everywhere`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        #expect(try await identity.policies.inForce(shop.id).version == 0)
        let before = store.clock.now
        store.clock.advance(.minutes(1))
        _ = try await identity.policies.change(["replyWithin": 120], readAs: 0, by: owner)
        #expect(identity.policies.now(shop.id).replyWithin == .seconds(120))
        #expect(
            try await identity.policies.inForce(shop.id, at: before).replyWithin == .seconds(180))
        #expect(
            await code {
                _ = try await identity.policies.change(["replyWithin": 90], readAs: 0, by: owner)
            } == "policy.changed")
        _ = try await identity.policies.change(
            ["replyWithin": 300], readAs: 1, effective: store.clock.now + .hours(1), by: owner)
        #expect(identity.policies.now(shop.id).replyWithin == .seconds(120))
        store.clock.advance(.hours(1))
        #expect(identity.policies.now(shop.id).replyWithin == .seconds(300))
        let fresh = store.identity()
        #expect(try await fresh.policies.inForce(shop.id).replyWithin == .seconds(300))
        let history = try await identity.policies.history(of: shop.id)
        #expect(history.map(\.policy.version) == [2, 1])
        #expect(history.allSatisfy { $0.by?.staff == owner.id })
    }

    @Test(arguments: Engine.allCases)
    func `the window's look has versions, and the earlier ones are kept`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        func change(_ colours: [String: String], readAs read: Int64) async throws {
            var change = ShopChange()
            change.colours = colours
            change.texts = ["greeting": Localized(zh: "您好呀", en: "Hello there")]
            _ = try await identity.shops.change(change, readAs: read, by: owner)
        }
        func history() async throws -> [ShopStore.Version] {
            try await store.database.read { try ShopStore.history(of: shop.id, in: $0) }
        }
        #expect(try await history().isEmpty)
        try await change(["brand": "#8a1f3c"], readAs: 0)
        let first = try #require(try await history().first)
        #expect(first.fields == ["texts", "colours"] && first.by.staff == owner.id)
        #expect(await code { try await change([:], readAs: 0) } == "shop.changed")
        try await change([:], readAs: first.number)
        #expect(try await history().map(\.look?.colours) == [[:], ["brand": "#8a1f3c"]])
        #expect(try await identity.shops.one(shop.id).colours.isEmpty)
        let kinds = try await identity.audit.entries(of: shop.id, .init()).map(\.kind)
        #expect(kinds.filter { $0 == .shopChanged }.count == 2)
    }

    @Test(arguments: Engine.allCases)
    func `a greeting from before there were two languages is still said`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, _) = try await identity.testShop()
        try await store.database.write { transaction in
            try transaction.run(
                "UPDATE shop_setting SET greeting = 'old words', texts = '{}' WHERE shop = \(shop.id)"
            )
        }
        #expect(
            try await identity.shops.one(shop.id).texts["greeting"]
                == Localized(zh: "old words", en: ""))
    }

    @Test(arguments: Engine.allCases)
    func `the audit log tells every act, and no event holds a secret`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let mei = try await identity.testStaff("mei", Standing(.agent, .junior), in: shop.id)
        let session = try await identity.testLogIn("boss")
        let boss = try await identity.principals.staff(cookieToken: session)
        let seed = try await identity.secondFactors.begin(by: boss).secret
        let token = try await identity.tokens.issue(
            name: "令牌", scopes: ["wall.read"], expiresAt: nil, by: owner
        ).secret
        let signing = try await identity.shops.rotateIdentity(by: owner)
        let buyer = try await identity.buyers.open(.init(name: "张三"), in: shop.id).secret
        _ = try await identity.staff.resetPassword(
            of: mei.id, in: shop.id, to: "another long password", removesTOTP: false, by: owner)
        _ = try await identity.policies.change(["replyWithin": 120], readAs: 0, by: owner)
        let bodies = store.announced.events.map { $0.body + $0.actor.name }
        for secret in [
            session, seed, token, signing, buyer, Identity.testPassword, "another long password",
        ] {
            #expect(!bodies.contains { $0.contains(secret) })
        }
        // Nor does the store hold what only has to be recognised.
        let kept = try await store.database.read { transaction in
            let hashes = try transaction.rows(
                """
                SELECT hash FROM session UNION ALL SELECT hash FROM api_token
                UNION ALL SELECT hash FROM buyer_token
                """
            ).map { row in
                try row.get(0, as: [UInt8].self).map { String($0, radix: 16, uppercase: true) }
                    .joined()
            }
            let passwords = try transaction.rows("SELECT hash FROM password")
                .map { try $0.get(0, as: String.self) }
            return hashes + passwords
        }
        for secret in [session, token, buyer, Identity.testPassword] {
            let hex = secret.utf8.map { String($0, radix: 16, uppercase: true) }.joined()
            #expect(!kept.contains { $0.contains(hex) || $0.contains(secret) })
        }
        let kinds = try await identity.audit.entries(of: shop.id, .init()).map(\.kind)
        #expect(
            kinds == [
                .policyChanged, .staffPasswordReset, .identityRotated, .tokenIssued,
                .sessionOpened, .staffAdded, .staffAdded, .setupDone,
            ])
        var query = AuditStore.Query()
        query.actor = owner.id
        query.kind = .tokenIssued
        #expect(try await identity.audit.entries(of: shop.id, query).count == 1)
        query.kind = nil
        query.limit = 2
        let page = try await identity.audit.entries(of: shop.id, query)
        query.before = page.last?.event.number
        let next = try await identity.audit.entries(of: shop.id, query)
        #expect(page.count == 2 && next.first?.kind == .identityRotated)
    }
}
