import Desk
import Testing

struct PolicySetTests {
    private let now = Instant(milliseconds: 1_795_312_800_000)

    @Test func `the standard is what the issue asks for`() {
        let policy = PolicySet.default
        #expect(policy.replyWithin == .seconds(180))
        #expect(policy.replyWarning == .seconds(60))
        #expect(policy.withdrawWithin == .seconds(120))
        #expect(policy.editWithin == .seconds(120))
        #expect(policy.reopenWithin == .hours(72))
        #expect(policy.graceAfterDisconnect == .seconds(60))
        #expect(policy.giveBackUnanswered == .seconds(300))
        #expect(policy.messageLength == 4_000)
        #expect(StaffLevel.allCases.map(policy.cap) == [3, 5, 8, 10, 12, 12, 12])
    }

    @Test
    func `every key has its field, its standard within its bounds, and words in both languages`() {
        #expect(PolicyField.all.map(\.key) == PolicyKey.allCases)
        for field in PolicyField.all {
            #expect(field.bounds.contains(field.standard), "\(field.key)")
            for text in [field.name, field.help] {
                #expect(!text.zh.isEmpty && !text.en.isEmpty && text.zh != text.en)
            }
        }
    }

    @Test(
        arguments: [
            (["replyWithin": 5], "policy.outOfBounds"),
            (["replyWithin": 86_401], "policy.outOfBounds"),
            (["noSuchRule": 5], "policy.unknownKey"),
            (["replyWithin": 30], "policy.warningAfterDeadline"),
            (["replyWithin": 180], "policy.nothingNew"), ([:], "policy.nothingNew"),
            (["replyWithin": 120], nil), (["replyWithin": 30, "replyWarning": 10], nil),
        ] as [([String: Int], String?)])
    func `a change stays within bounds and reason`(_ changes: [String: Int], _ expected: String?) {
        var code: String?
        do throws(Refusal) {
            let next = try PolicySet.default.changed(changes, readAs: 0, effective: now)
            #expect(next.version == 1)
            #expect(next.replyWithin.seconds == changes["replyWithin"] ?? 180)
        } catch {
            code = error.code
        }
        #expect(code == expected)
    }

    @Test func `who read an older version is told`() {
        #expect(throws: Refusal.self) {
            try PolicySet.default.changed(["replyWithin": 120], readAs: 3, effective: now)
        }
    }
}
