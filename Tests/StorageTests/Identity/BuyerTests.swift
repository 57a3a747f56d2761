import Crypto
import Desk
import Foundation
import Storage
import TestSupport
import Testing

/// Buyers: coming back by a secret, and signed in by the shop's own site.
struct BuyerTests {
    /// A JSON Web Token as a shop's site makes it.
    private func token(
        _ claims: String, secret: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#
    ) -> String {
        let signed =
            Base64URL.text(Data(header.utf8)) + "." + Base64URL.text(Data(claims.utf8))
        let mac = HMAC<SHA256>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return signed + "." + Base64URL.text(Data(mac))
    }

    private func claims(
        _ subject: String = "c-81", now: Instant, from: Int64 = 0, to: Int64 = 600
    ) -> String {
        let seconds = now.milliseconds / 1000
        return
            #"{"sub":"\#(subject)","name":"张三","contact":"138","attributes":{"级别":"金卡"},"iat":\#(seconds + from),"exp":\#(seconds + to)}"#
    }

    private func code(
        _ identity: Identity, _ shop: ShopID, _ token: String
    ) async -> String? {
        do {
            _ = try await identity.buyers.open(.init(identity: token), in: shop)
            return nil
        } catch let refusal as Refusal {
            #expect(refusal.kind == .unauthenticated)
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Engine.allCases)
    func `a buyer comes back by the secret of the first visit, in that shop alone`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, _) = try await identity.testShop()
        let (other, _) = try await identity.testShop("other", owner: "other")
        let first = try await identity.buyers.open(.init(name: "张三"), in: shop.id)
        #expect(first.isNew && first.buyer.name == "张三" && !first.buyer.verified)
        let back = try await identity.buyers.open(.init(resume: first.secret), in: shop.id)
        #expect(!back.isNew && back.buyer == first.buyer && back.secret == first.secret)
        #expect(try await identity.principals.buyer(first.secret).id == first.buyer.id)
        let elsewhere = try await identity.buyers.open(.init(resume: first.secret), in: other.id)
        #expect(elsewhere.isNew && elsewhere.buyer.id != first.buyer.id)
        #expect(elsewhere.secret != first.secret)
        let forged = try await identity.buyers.open(
            .init(resume: "qb_" + String(repeating: "A", count: 43)), in: shop.id)
        #expect(forged.isNew)
        await #expect(throws: Refusal.self) {
            try await identity.principals.buyer("qb_" + String(repeating: "A", count: 43))
        }
    }

    @Test(arguments: Engine.allCases)
    func `a device that was away too long is forgotten`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, _) = try await identity.testShop()
        let first = try await identity.buyers.open(.init(), in: shop.id)
        store.clock.advance(.days(181))
        await #expect(throws: Refusal.self) {
            try await identity.principals.buyer(first.secret)
        }
        #expect(try await identity.buyers.open(.init(resume: first.secret), in: shop.id).isNew)
    }

    @Test(arguments: Engine.allCases)
    func `the same customer is the same buyer on every device`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let secret = try await identity.shops.rotateIdentity(by: owner)
        let anonymous = try await identity.buyers.open(.init(), in: shop.id)
        let jwt = token(claims(now: store.clock.now), secret: secret)
        let signed = try await identity.buyers.open(
            .init(resume: anonymous.secret, identity: jwt), in: shop.id)
        // Who wrote before signing in keeps the conversation.
        #expect(signed.buyer.id == anonymous.buyer.id && signed.secret == anonymous.secret)
        #expect(signed.buyer.verified && signed.buyer.name == "张三")
        #expect(signed.buyer.attributes == ["级别": "金卡"])
        let phone = try await identity.buyers.open(.init(identity: jwt), in: shop.id)
        #expect(phone.buyer.id == signed.buyer.id && phone.secret != signed.secret)
        // Another customer at the same device is somebody else.
        let other = try await identity.buyers.open(
            .init(
                resume: phone.secret,
                identity: token(claims("c-82", now: store.clock.now), secret: secret)),
            in: shop.id)
        #expect(other.buyer.id != phone.buyer.id && other.secret != phone.secret)
        #expect(try await identity.principals.buyer(anonymous.secret).verified)
    }

    @Test(arguments: Engine.allCases)
    func `forged and stale identity tokens are refused, each with its reason`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let (other, otherOwner) = try await identity.testShop("other", owner: "other")
        let now = store.clock.now
        #expect(
            await code(identity, shop.id, token(claims(now: now), secret: "x"))
                == "identity.notSetUp")
        let secret = try await identity.shops.rotateIdentity(by: owner)
        let foreign = try await identity.shops.rotateIdentity(by: otherOwner)
        let good = token(claims(now: now), secret: secret)
        #expect(await code(identity, shop.id, good) == nil)
        let parts = good.split(separator: ".")
        let cases: [(String, String)] = [
            (token(claims(now: now), secret: "wrong"), "identity.signature"),
            (token(claims(now: now), secret: foreign), "identity.signature"),
            (
                token(claims(now: now), secret: secret, header: #"{"alg":"none"}"#),
                "identity.algorithm"
            ),
            (
                token(claims(now: now), secret: secret, header: #"{"alg":"HS384"}"#),
                "identity.algorithm"
            ),
            (
                token(
                    claims(now: now), secret: secret, header: #"{"alg":"HS256","crit":["x"]}"#),
                "identity.algorithm"
            ),
            ("\(parts[0]).\(parts[1]).", "identity.signature"),
            ("\(parts[0]).\(parts[1])", "identity.malformed"),
            ("\(parts[0]).\(parts[1])=.\(parts[2])", "identity.malformed"),
            (
                token(#"{"alg":"HS256"}"#, secret: secret), "identity.claims"
            ),
            (token(claims(now: now, from: -900, to: -300), secret: secret), "identity.expired"),
            (token(claims(now: now, from: 600, to: 900), secret: secret), "identity.notYet"),
            (token(claims(now: now, to: 3_700), secret: secret), "identity.tooLong"),
            (
                token(claims(String(repeating: "x", count: 300), now: now), secret: secret),
                "identity.tooLarge"
            ),
            ("not a token", "identity.malformed"), ("..", "identity.malformed"),
            (String(repeating: "a", count: 9_000) + ".b.c", "identity.malformed"),
        ]
        for (text, expected) in cases {
            #expect(await code(identity, shop.id, text) == expected, "\(text.prefix(200))")
        }
        // A token of one shop says nothing in another.
        #expect(await code(identity, other.id, good) == "identity.signature")
        // A new secret voids the tokens of the old one at once.
        _ = try await identity.shops.rotateIdentity(by: owner)
        #expect(await code(identity, shop.id, good) == "identity.signature")
    }

    @Test(arguments: Engine.allCases)
    func `a signature over other words is no signature`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let secret = try await identity.shops.rotateIdentity(by: owner)
        let good = token(claims("c-81", now: store.clock.now), secret: secret).split(separator: ".")
        let other = token(claims("c-1", now: store.clock.now), secret: secret).split(separator: ".")
        #expect(
            await code(identity, shop.id, "\(good[0]).\(other[1]).\(good[2])")
                == "identity.signature")
    }
}
