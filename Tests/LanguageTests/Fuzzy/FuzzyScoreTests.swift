import Testing

@testable import Language

struct FuzzyScoreTests {
    private let phrases = [
        FuzzyTarget(shortcut: "hy", title: "欢迎语", text: "亲，欢迎光临"),
        FuzzyTarget(shortcut: "tk", title: "退款说明", text: "退款一到三天到账"),
        FuzzyTarget(shortcut: "yfx", title: "运费险", text: "退货有运费险"),
        FuzzyTarget(title: "退货地址", text: "杭州市余杭区"),
        FuzzyTarget(title: "Return address", text: "Yuhang, Hangzhou"),
    ]

    private func ranking(_ typed: String) -> [String] {
        phrases.compactMap { phrase in phrase.score(typed).map { (phrase.title, $0) } }
            .sorted { $0.1 > $1.1 }.map(\.0)
    }

    @Test(
        arguments: [
            ("hy", "欢迎语"), ("tk", "退款说明"), ("TK", "退款说明"), ("ｔｋ", "退款说明"), ("运", "运费险"),
            ("tuihuo", "退货地址"), ("thdz", "退货地址"), ("地址", "退货地址"), ("到账", "退款说明"),
            ("retadd", "Return address"), ("退址", "退货地址"), ("yunfei", "运费险"),
        ])
    func `What is typed brings the meant phrase to the top`(typed: String, title: String) {
        #expect(ranking(typed).first == title)
    }

    @Test
    func `What fits nowhere is left out`() {
        #expect(ranking("zzzz").isEmpty)
        #expect(ranking("退款说明书和更多").isEmpty)
        #expect(ranking("").count == phrases.count)
    }

    @Test
    func `A shorter title is nearer than a longer one with the same beginning`() {
        let short = FuzzyTarget(title: "退款")
        let long = FuzzyTarget(title: "退款进度查询")
        #expect((short.score("退") ?? 0) > (long.score("退") ?? 0))
    }
}
