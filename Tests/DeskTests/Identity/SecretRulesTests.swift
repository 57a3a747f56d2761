import Desk
import Testing

/// Passwords, names and the slowing down of guesses.
struct SecretRulesTests {
    @Test(arguments: [
        ("correct horse 7 battery", nil as String?), ("四个不相干的词语连在一起", nil),
        ("short", "password.tooShort"), ("aaaaaaaaaaaa", "password.tooSimple"),
        ("abcdefghijkl", "password.tooSimple"), ("password1234", "password.tooSimple"),
        ("Qwertyuiop123", "password.tooSimple"), ("xiaocheng2026", "password.containsName"),
        (String(repeating: "长", count: 257), "password.tooLong"),
    ])
    func `a password is long and not easily guessed`(_ password: String, _ expected: String?) {
        var found: String?
        do throws(Refusal) {
            try PasswordRules(least: 10).check(password, of: ["xiaocheng", "小橙"])
        } catch {
            found = error.code
            #expect(!error.message.zh.contains(password) && !error.message.en.contains(password))
        }
        #expect(found == expected)
    }

    @Test(
        arguments: [
            ("Xiao.Cheng", "xiao.cheng"), ("小橙", "小橙"), ("a", nil), ("has blank", nil),
            ("x<script>", nil), (String(repeating: "a", count: 41), nil),
        ] as [(String, String?)])
    func `a log-in is plain and of small letters`(_ typed: String, _ expected: String?) {
        #expect((try? LoginName.check(typed)) == expected)
    }

    @Test func `a name with hidden or turning characters is refused`() {
        #expect((try? PersonName.check("小橙\u{202E}", field: "name")) == nil)
        #expect((try? PersonName.check("  小橙 ", field: "name")) == "小橙")
    }

    @Test func `after five failures each further one doubles the wait, up to a bound`() {
        let throttle = LoginThrottle(.perLogin)
        let start = Instant(milliseconds: 1_000_000)
        var failures: LoginThrottle.Failures?
        var waits: [Int] = []
        for _ in 1...20 {
            failures = throttle.failed(failures, at: start)
            waits.append(throttle.wait(after: failures, at: start)?.seconds ?? 0)
        }
        #expect(Array(waits.prefix(9)) == [0, 0, 0, 0, 0, 2, 4, 8, 16])
        #expect(waits.last == 900)
        #expect(throttle.wait(after: failures, at: start + .seconds(899)) == .seconds(1))
        #expect(throttle.wait(after: failures, at: start + .seconds(900)) == nil)
        #expect(throttle.failed(failures, at: start + .hours(25)).count == 1)
    }

    @Test(
        arguments: [
            // 2026-11-22 is a Sunday; hours are Shanghai's, eight hours ahead of UTC.
            (1_795_312_800_000, true), (1_795_312_800_000 + 13 * 3_600_000, false),
        ] as [(Int64, Bool)])
    func `a shop is open by its own clock`(_ at: Int64, _ open: Bool) {
        #expect(OpeningHours.standard.isOpen(at: Instant(milliseconds: at)) == open)
    }

    @Test(arguments: [
        OpeningHours(zone: "Mars/Phobos", week: Array(repeating: nil, count: 7)),
        OpeningHours(zone: "Asia/Shanghai", week: []),
        OpeningHours(zone: "Asia/Shanghai", week: Array(repeating: ["23:00", "08:00"], count: 7)),
        OpeningHours(zone: "Asia/Shanghai", week: Array(repeating: ["08:00", "24:30"], count: 7)),
        OpeningHours(zone: "Asia/Shanghai", week: Array(repeating: ["08:00"], count: 7)),
    ])
    func `hours that make no sense are refused`(_ hours: OpeningHours) {
        #expect(throws: Refusal.self) { try hours.check() }
    }
}
