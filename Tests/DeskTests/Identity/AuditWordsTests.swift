import Desk
import Testing

struct AuditWordsTests {
    @Test(arguments: AuditedKind.allCases)
    func `every audited act has a sentence in both languages`(_ kind: AuditedKind) {
        let sentence = kind.sentence
        #expect(!sentence.zh.isEmpty && !sentence.en.isEmpty && sentence.zh != sentence.en)
        let holes = { (text: String) in Set(text.matches(of: /\{[a-z]+\}/).map { String($0.0) }) }
        #expect(holes(sentence.zh) == holes(sentence.en))
    }

    @Test(arguments: Permission.allCases)
    func `every permission has a dotted name and words in both languages`(_ permission: Permission)
    {
        #expect(permission.rawValue.wholeMatch(of: /[a-z]+\.[a-zA-Z]+/) != nil)
        #expect(!permission.name.zh.isEmpty && !permission.name.en.isEmpty)
    }

    @Test func `a phrase's variables are filled and unknown ones refused`() throws {
        let filled = PhraseVariable.fill("{buyer}您好，我是{agent}", [.buyer: "张三", .agent: "小橙"])
        #expect(filled == "张三您好，我是小橙")
        #expect(PhraseVariable.fill("{buyer}您好", [:]) == "{buyer}您好")
        #expect(throws: Refusal.self) {
            try PhraseDraft(scope: .shop, shortcut: "a", title: "问好", text: "{nobody}您好")
        }
        #expect(throws: Refusal.self) {
            try PhraseDraft(scope: .shop, shortcut: "a b", title: "问好", text: "您好")
        }
    }
}
