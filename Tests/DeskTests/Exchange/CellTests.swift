import Desk
import Testing

struct CellTests {
    @Test(arguments: [
        ("=\"2024010100012345678\"", "2024010100012345678"), ("123456\t", "123456"),
        ("'13800000000", "13800000000"), (" \u{3000}abc\u{a0}", "abc"), ("null", ""), ("NULL", ""),
        ("无退款申请", ""), ("--", ""), ("\u{feff}订单编号", "订单编号"), ("0元", "0元"), ("nullable", "nullable"),
        ("\"quoted\"", "quoted"), ("=\"\"", ""), ("'", ""),
    ])
    func `a cell is freed of what spreadsheets put around it`(cell: String, text: String) {
        #expect(CellText.clean(cell) == text)
    }

    @Test(arguments: [
        ("平均响应时长（秒）", "平均响应时长(秒)"), ("订单编号", " 订单 编号 "), ("Variant SKU", "variant sku"),
        ("ＳＫＵ价格", "SKU价格"), ("Buyer's name", "buyers name"),
    ])
    func `headers are equal whatever their width, case and brackets`(a: String, b: String) {
        #expect(CellText.header(a) == CellText.header(b))
        #expect(!CellText.header(a).isEmpty)
    }

    /// Seconds since 1970, by Shanghai's clock, worked out by hand.
    @Test(arguments: [
        ("2016/5/23 22:02", 1_464_012_120), ("2024-01-02 03:04:05", 1_704_135_845),
        ("2024/1/2", 1_704_124_800), ("2024年1月2日", 1_704_124_800),
        ("2024年1月2日 下午3时04分05秒", 1_704_179_045), ("20240102", 1_704_124_800),
        ("20240102030405", 1_704_135_845), ("2024-01-02T03:04:05Z", 1_704_164_645),
        ("2024-01-02 03:04:05 +0800", 1_704_135_845),
        ("2024-01-02T03:04:05.123+08:00", 1_704_135_845),
        ("2024-01-02 03:04:05 -0500", 1_704_182_645), ("2024-01-02 03:04:05 UTC", 1_704_164_645),
        ("45293", 1_704_124_800), ("45293.5", 1_704_168_000), ("２０２４/１/２", 1_704_124_800),
        ("2024.1.2 03:04", 1_704_135_840),
    ])
    func `dates come in all shapes`(text: String, seconds: Int64) {
        var clock = ShopClock(zone: "Asia/Shanghai")
        #expect(clock.instant(text)?.milliseconds == seconds * 1_000, "\(text)")
        // And again, when the day is known.
        #expect(clock.instant(text)?.milliseconds == seconds * 1_000)
    }

    @Test(arguments: [
        "", "明天", "2024-13-01", "2023-02-29", "2024-01-02 25:00", "12", "1.5", "2024-1",
        "99999999999999999999",
        "2024-01-02 03:04:05 +99999", "-1", "0", "1e9",
    ])
    func `what is no date is none`(text: String) {
        var clock = ShopClock(zone: "Asia/Shanghai")
        #expect(clock.instant(text) == nil)
    }

    @Test func `a zone that moves its clock is followed`() {
        var clock = ShopClock(zone: "Europe/Berlin")
        #expect(clock.instant("2024-03-30 12:00")?.milliseconds == 1_711_796_400_000)
        #expect(clock.instant("2024-03-31 01:00")?.milliseconds == 1_711_843_200_000)
        #expect(clock.instant("2024-03-31 12:00")?.milliseconds == 1_711_879_200_000)
    }

    @Test(arguments: [
        ("12.5", 1_250), ("¥1,299.00", 129_900), ("0元", 0), ("12.50 CNY", 1_250), ("-3", -300),
        ("１２．５", 1_250),
        ("12.3399999999", 1_234), ("99元 ", 9_900),
    ])
    func `money comes with and without its unit`(text: String, fen: Int64) {
        #expect(CellValues.money(text)?.fen == fen, "\(text)")
    }

    @Test(arguments: ["abc", "1.2.3", "", "12,34", "∞", "1e300"])
    func `what is no money is none`(text: String) {
        #expect(CellValues.money(text) == nil)
    }

    @Test(arguments: [("3", 3), ("3.0", 3), ("1,200", 1_200), ("2件", 2)])
    func `counts are whole`(text: String, count: Int) { #expect(CellValues.count(text) == count) }

    @Test func `a number that a spreadsheet rounded is noticed`() {
        #expect(CellValues.number("1.23457E+18") == nil)
        #expect(CellValues.number("1234567890123456789") == "1234567890123456789")
        #expect(CellValues.number("13800000000.0") == "13800000000")
        #expect(CellValues.number("SF1234E5") == "SF1234E5")
    }

    @Test(arguments: [
        ("等待买家付款", ImportedOrder.State.awaitingPayment),
        ("买家已付款，等待卖家发货", .awaitingShipment), ("买家已付款,等待卖家发货", .awaitingShipment),
        ("卖家已发货，等待买家确认", .shipped), ("交易成功", .completed), ("交易关闭", .closed),
        ("paid", .awaitingShipment),
        ("TRADE_CLOSED_BY_TAOBAO", .closed),
    ])
    func `the platforms' words for states`(text: String, state: ImportedOrder.State) {
        #expect(CellValues.orderState(text) == state)
    }
}
