import Desk
import SQL
import Storage
import TestSupport
import Testing

struct SecondFactorTests {
    private let caller = Caller(address: "203.0.113.9", device: "Firefox")

    /// RFC 6238, appendix B, SHA-1.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func `codes are those of RFC 6238`(_ seconds: Int64, _ expected: String) {
        let seed = Array("12345678901234567890".utf8)
        #expect(TOTP.code(seed, step: seconds / 30, digits: 8) == expected)
    }

    @Test func `the step before and after are taken, further ones and used ones are not`() {
        let seed = TOTP.makeSeed()
        let now = Instant(milliseconds: 1_795_312_800_000)
        let step = TOTP.step(at: now)
        for (offset, fits) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = TOTP.code(seed, step: step + Int64(offset))
            let found = TOTP.step(matching: code, seed, at: now, after: 0)
            #expect((found == step + Int64(offset)) == fits, "\(offset)")
        }
        let code = TOTP.code(seed, step: step)
        #expect(TOTP.step(matching: code, seed, at: now, after: step) == nil)
        #expect(Base32.text(Array("foobar".utf8)) == "MZXW6YTBOI")
    }

    private func enrolled(
        _ store: TestStore
    ) async throws -> (identity: Identity, seed: [UInt8], recovery: [String]) {
        let identity = store.identity()
        _ = try await identity.testShop()
        let secret = try await identity.testLogIn("boss")
        let boss = try await identity.principals.staff(cookieToken: secret)
        let begun = try await identity.secondFactors.begin(by: boss)
        #expect(begun.uri.hasPrefix("otpauth://totp/") && begun.uri.contains(begun.secret))
        let seed: [UInt8] = try await store.database.read { transaction in
            try #require(try transaction.first("SELECT seed FROM totp")).get(0)
        }
        #expect(Base32.text(seed) == begun.secret)
        let code = TOTP.code(seed, step: TOTP.step(at: store.clock.now))
        let recovery = try await identity.secondFactors.enable(code: code, by: boss)
        return (identity, seed, recovery)
    }

    private func logIn(_ identity: Identity, _ code: String?) async -> String? {
        do {
            _ = try await identity.sessions.logIn(
                login: "boss", password: Identity.testPassword, code: code, from: caller)
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Engine.allCases)
    func `once it is on, a log-in needs a code, and no code works twice`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let (identity, seed, _) = try await enrolled(store)
        #expect(await logIn(identity, nil) == "login.codeNeeded")
        #expect(await logIn(identity, "000000x") == "login.codeWrong")
        // The code with which it was turned on is used up.
        let used = TOTP.code(seed, step: TOTP.step(at: store.clock.now))
        #expect(await logIn(identity, used) == "login.codeWrong")
        store.clock.advance(.seconds(30))
        let code = TOTP.code(seed, step: TOTP.step(at: store.clock.now))
        #expect(await logIn(identity, code) == nil)
        #expect(await logIn(identity, code) == "login.codeWrong")
    }

    @Test(arguments: Engine.allCases)
    func `ten recovery codes work once each`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let (identity, _, recovery) = try await enrolled(store)
        #expect(Set(recovery).count == 10)
        #expect(await logIn(identity, recovery[3].lowercased()) == nil)
        #expect(await logIn(identity, recovery[3]) == "login.codeWrong")
        #expect(await logIn(identity, recovery[4].replacing("-", with: " ")) == nil)
        #expect(store.announced("totp.recoveryUsed").count == 2)
    }

    @Test(arguments: Engine.allCases)
    func `asking for the code costs nothing, guessing it does`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let (identity, _, _) = try await enrolled(store)
        for _ in 1...10 { #expect(await logIn(identity, nil) == "login.codeNeeded") }
        var answers: [String?] = []
        for _ in 1...10 { answers.append(await logIn(identity, "123456")) }
        #expect(answers.filter { $0 == "login.codeWrong" }.count == 6)
    }

    @Test(arguments: Engine.allCases)
    func `turning it off needs the password`(_ engine: Engine) async throws {
        let store = try await engine.store()
        let (identity, _, recovery) = try await enrolled(store)
        let opened = try await identity.sessions.logIn(
            login: "boss", password: Identity.testPassword, code: recovery[0], from: caller)
        await #expect(throws: Refusal.self) {
            try await identity.secondFactors.remove(password: "wrong wrong", by: opened.staff)
        }
        try await identity.secondFactors.remove(
            password: Identity.testPassword, by: opened.staff)
        #expect(await logIn(identity, nil) == nil)
    }
}
