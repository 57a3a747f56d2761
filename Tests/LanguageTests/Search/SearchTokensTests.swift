import Foundation
import Testing

@testable import Language

struct SearchTokensTests {
    @Test(
        arguments: [
            ("在吗", ["在", "在吗", "吗"]),
            ("你好，在", ["你", "你好", "好", "在"]),
            ("iPhone", ["iph", "ipho", "iphon", "iphone"]),
            ("ok 好", ["ok", "好"]),
            ("Ａ５", ["a5"]),
            ("①㎡", ["1m2"]),
            ("Café", ["caf", "cafe"]),
            ("Cafe\u{301}", ["caf", "cafe"]),
            (
                "12345678",
                [
                    "123", "1234", "12345", "123456", "1234567", "12345678", "5678", "45678",
                    "345678", "2345678",
                ]
            ),
            ("1234567", ["123", "1234", "12345", "123456", "1234567"]),
            ("👍🏻好", ["👍", "👍好", "好"]),
            ("！？…—", []),
            ("", []),
            ("a_b", ["a", "b"]),
        ])
    func `A text is indexed by characters, pairs, beginnings of words and ends of long numbers`(
        text: String, tokens: [String]
    ) {
        #expect(SearchTokens.list(text) == tokens)
    }

    @Test
    func `A waybill is found by its letters, by its number alone and by its last digits`() {
        let tokens = Set(SearchTokens.list("SF1234567890123"))
        #expect(tokens.isSuperset(of: ["sf1", "sf1234567890123", "1234567890123", "0123"]))
        #expect(!tokens.contains("234"))
    }

    @Test
    func `No token holds a character at which the index would cut it`() {
        let text = (1...0x3FFF).compactMap { Unicode.Scalar($0 as UInt32) }.map { String($0) }
            .joined(separator: "中a")
        for token in SearchTokens.list(text) {
            for scalar in token.unicodeScalars where scalar.value < 128 {
                #expect(scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal)
                #expect(scalar.properties.lowercaseMapping == String(scalar))
            }
        }
    }

    @Test
    func `Tokens are written behind a prefix and after what is already there`() {
        var bytes = Array("x ".utf8)
        SearchTokens.write("好 ok", prefix: Array("7_".utf8), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "x 7_好 7_ok ")
    }

    @Test
    func `A word of any length makes a bounded number of tokens`() {
        let tokens = SearchTokens.list(String(repeating: "9", count: 5000))
        #expect(tokens.count == 22 + 21)
        #expect(tokens.allSatisfy { $0.count <= SearchTokens.longest })
    }
}

struct SearchQueryTests {
    @Test(
        arguments: [
            ("退", ["退"]),
            ("退款", ["退款"]),
            ("退货运费", ["退货", "货运", "运费"]),
            ("退款 运费险", ["退款", "运费", "费险"]),
            ("退款，运费", ["退款", "运费"]),
            ("哈哈哈哈", ["哈哈"]),
            ("iPhone15", ["iphone15"]),
            ("ＩＰＨＯＮＥ", ["iphone"]),
            ("iphone手机", ["iphone", "手机"]),
        ])
    func `A question becomes the tokens that must all be present`(text: String, tokens: [String]) {
        #expect(SearchQuery(text)?.tokens == tokens)
    }

    @Test(arguments: ["", "   ", "？！", "\"\"", "\u{301}", "-_-"])
    func `A question without anything to look for is none`(text: String) {
        #expect(SearchQuery(text) == nil)
    }

    @Test(
        arguments: [
            ("退款", "我要退款，怎么退款？", [[2, 2], [7, 2]]),
            ("退", "退", [[0, 1]]),
            ("退货运费", "退货的运费，货运", nil),
            ("退款 运费", "运费和退款", [[0, 2], [3, 2]]),
            ("退款 运费", "只有退款", nil),
            ("\"iphone 15\"", "the iPhone-15 and iPhone 15 Pro", [[4, 9], [18, 9]]),
            ("iphone 15", "15 of iphone", [[0, 2], [6, 6]]),
            ("好的", "👍👍好的", [[4, 2]]),
            ("cafe", "Café noir", [[0, 4]]),
            ("cafe", "Cafe\u{301} noir", [[0, 5]]),
            ("123", "ＮＯ．１２３", [[3, 3]]),
            ("hone", "iphone", nil),
            ("ip", "iphone", nil),
            ("iph", "iphone", [[0, 3]]),
            ("5678", "订单12345678", [[6, 4]]),
            ("456", "订单12345678", nil),
            ("4567", "订单12345678", nil),
            ("678", "订单12345678", nil),
            ("5678", "5678", [[0, 4]]),
            ("5678", "1235678", nil),
            ("1234567890123", "SF1234567890123", [[2, 13]]),
            ("a-1234", "A 1234", [[0, 6]]),
            ("1m2", "１㎡", [[0, 2]]),
            ("哈哈", "哈哈哈", [[0, 2]]),
            ("运费 费险", "运费险", [[0, 3]]),
        ] as [(String, String, [[Int]]?)])
    func `Marks show where the terms stand in the original text`(
        question: String, text: String, marks: [[Int]]?
    ) throws {
        let query = try #require(SearchQuery(question))
        #expect(query.marks(in: text)?.map { [$0.start, $0.length] } == marks)
    }

    /// What verification accepts must be among the candidates that the index gives: otherwise a text
    /// that fits would never be found.
    @Test
    func `Whatever is marked has all the tokens of the question`() {
        let pieces = [
            "退款", "运费险", "iPhone", "15", "SF12345678901", "２０２６", "好", "ok", "，", " ", "-",
            "12345678",
            "e\u{301}", "👍", "a", "_", "ß", "が",
        ]
        var random = SplitMix(state: 7)
        var marked = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let whole = Array(text)
            let from = Int.random(in: 0..<whole.count, using: &random)
            let to = Int.random(in: from..<whole.count, using: &random)
            guard let query = SearchQuery(String(whole[from...to])) else { continue }
            if query.marks(in: text) != nil {
                marked += 1
                #expect(Set(SearchTokens.list(text)).isSuperset(of: query.tokens), "\(text)")
            }
        }
        #expect(marked > 5000)
    }
}

/// A small repeatable source of randomness, so that a failure can be seen again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
