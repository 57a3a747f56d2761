import Testing

@testable import Language

struct TongueTests {
    @Test(
        arguments: [
            ("在吗", .chinese), ("Hello, is this in stock?", .english), ("iPhone 15 怎么卖", .chinese),
            ("ok 好的", .chinese), ("Please ship to 杭州 as soon as possible", .english),
            ("123", nil), ("👍！", nil), ("", nil), ("café", .english),
        ] as [(String, Tongue?)])
    func `A text is Chinese or English by the weight of its words`(text: String, tongue: Tongue?) {
        #expect(Tongue(of: text) == tongue)
    }
}

struct MaskingTests {
    @Test(
        arguments: [
            ("电话13812345678谢谢", "电话138****5678谢谢"),
            ("138-1234-5678", "138-****-5678"),
            ("138 1234 5678", "138 **** 5678"),
            ("+8613812345678", "+86138****5678"),
            ("a13812345678", "a138****5678"),
            ("订单1234567890123456789", "订单1234567890123456789"),
            ("身份证11010519491231002X", "身份证110***********002X"),
            ("110105194912310021", "110105194912310021"),
            ("卡号6222021234567890128", "卡号6222***********0128"),
            ("卡号4111 1111 1111 1111", "卡号4111 **** **** 1111"),
            ("4111111111111112", "4111111111111112"),
            ("2026-11-22 13812345678", "2026-11-22 138****5678"),
            ("写信给zhang.san@example.com吧", "写信给z***@example.com吧"),
            ("123456789@qq.com", "1***@qq.com"),
            ("SF1234567890123", "SF1234567890123"),
            ("¥199", "¥199"),
            ("", ""),
        ])
    func `Personal numbers are masked in running text, order numbers are not`(
        text: String, masked: String
    ) {
        #expect(Masking.text(text) == masked)
    }

    @Test(arguments: [("张三", "张*"), ("欧阳娜娜", "欧***"), ("李", "*"), ("", ""), ("Anna Smith", "A***")])
    func `Names keep their first character`(name: String, masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test(arguments: [
        ("13812345678", "138****5678"), ("0571-88888888", "057******8888"), ("110", "1*0"),
        ("10", "**"),
    ])
    func `Telephone numbers keep both ends`(number: String, masked: String) {
        #expect(Masking.phone(number) == masked)
    }
}
