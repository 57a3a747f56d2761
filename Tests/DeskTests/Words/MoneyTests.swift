import Testing

@testable import Desk

@Suite("Money is whole fen")
struct MoneyTests {
    @Test(
        "Amounts in yuan are read as people and exports write them",
        arguments: [
            ("1299", 129_900), ("1299.5", 129_950), ("¥12.50", 1_250), ("￥0.01", 1),
            ("12.30元", 1_230),
            (" 1,299.00 ", 129_900), ("-3.20", -320), ("0", 0), ("19.900", 1_990),
        ])
    func read(text: String, fen: Int64) {
        #expect(Money(yuan: text) == Money(fen: fen))
    }

    @Test(
        "What is no amount is not taken for one",
        arguments: [
            "", "元", "abc", "1.234", "1.", ".5", "12,34", "1,2345", "--1", "1e3", "无退款申请", "null",
            "99999999999999999999",
        ])
    func refused(text: String) {
        #expect(Money(yuan: text) == nil)
    }

    @Test(
        "What is written can be read again",
        arguments: [0, 1, -1, 99, 100, 129_900, -5_005] as [Int64])
    func written(fen: Int64) {
        #expect(Money(yuan: Money(fen: fen).description) == Money(fen: fen))
    }

    @Test("The golden case of the discount's shares comes out to the fen")
    func golden() {
        #expect(
            Money(fen: 3_000).split(by: [19_900, 16_182]) == [Money(fen: 1_655), Money(fen: 1_345)])
        #expect(
            Money(fen: 2_000).split(by: [18_245, 14_837]) == [Money(fen: 1_103), Money(fen: 897)])
        #expect(
            Money(fen: 5_000).split(by: [17_142, 13_940]) == [Money(fen: 2_758), Money(fen: 2_242)])
    }

    @Test("Parts always add up, and none is more than a fen from its share")
    func addsUp() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let weights = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                Int64.random(in: 0...10_000_000, using: &random)
            }
            let amount = Money(fen: Int64.random(in: -1_000_000...1_000_000_000, using: &random))
            let parts = amount.split(by: weights)
            #expect(parts.reduce(.zero, +) == amount)
            let total = weights.reduce(0, +)
            guard total > 0 else { continue }
            for (part, weight) in zip(parts, weights) {
                let exact = Double(amount.fen) * Double(weight) / Double(total)
                #expect(abs(Double(part.fen) - exact) < 1.001)
            }
        }
    }

    @Test("Without weights the first part gets everything")
    func noWeights() {
        #expect(Money(fen: 7).split(by: [0, 0]) == [Money(fen: 7), .zero])
        #expect(Money(fen: 7).split(by: []) == [])
    }
}
