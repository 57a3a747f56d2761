import Desk
import Testing

@Suite struct `The chat window's look` {
    @Test(arguments: [
        (#"#000000"#, #"#ffffff"#, 21.0), ("#ffffff", "#ffffff", 1.0),
        // Worked examples: the grey that just reaches 4.5:1 on white, and the one beside it that does not.
        ("#767676", "#ffffff", 4.54), ("#777777", "#ffffff", 4.48), ("#0f6b5b", "#ffffff", 6.41),
    ])
    func `measures contrast as WCAG does`(_ a: String, _ b: String, _ contrast: Double) throws {
        let (a, b) = (try #require(Colour(a)), try #require(Colour(b)))
        #expect(abs(a.contrast(with: b) - contrast) < 0.01, "\(a.contrast(with: b))")
        #expect(a.contrast(with: b) == b.contrast(with: a))
    }

    @Test(
        arguments: [
            (["brand": "#8A1F3C"], nil), (["brand": "#f4d35e"], "colours.brand"),
            (["brandDark": "#f4d35e"], nil), (["brandDark": "#3b0a17"], "colours.brandDark"),
            (["brand": "red"], "colours"), (["brand": "#12345g"], "colours"),
            (["accent": "#0f6b5b"], "colours"), ([:], nil),
        ] as [([String: String], String?)])
    func `takes only colours that can be made out`(_ colours: [String: String], _ field: String?) {
        do {
            let kept = try WindowColour.check(colours)
            #expect(field == nil)
            #expect(kept == colours.mapValues { $0.lowercased() })
        } catch {
            #expect(error.field == field)
        }
    }

    @Test func `keeps the texts it knows, trimmed, and leaves empty ones out`() throws {
        let kept = try WindowText.check([
            "greeting": Localized(zh: " 您好 ", en: ""), "title": Localized(zh: " ", en: ""),
        ])
        #expect(kept == ["greeting": Localized(zh: "您好", en: "")])
        #expect(throws: Refusal.self) {
            try WindowText.check(["title": Localized(zh: String(repeating: "长", count: 31), en: "")]
            )
        }
        #expect(throws: Refusal.self) {
            try WindowText.check(["footer": Localized(zh: "x", en: "")])
        }
    }
}
