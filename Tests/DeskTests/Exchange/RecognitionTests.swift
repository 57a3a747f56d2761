import Desk
import Testing

struct RecognitionTests {
    private static func rows(_ lines: [[String]]) -> [TableRow] {
        lines.enumerated().map { TableRow(number: $0.offset + 1, cells: $0.element) }
    }

    @Test(arguments: [
        (["订单编号", "买家会员名", "买家应付货款", "总金额", "买家实际支付金额", "订单状态"], ExchangeFormat.Name.taobaoOrders),
        (["子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "商家编码"], .taobaoLines),
        (["订单编号", "标题", "价格", "购买数量", "外部系统编号"], .taobaoLines),
        (["商品ID", "商品标题", "一口价", "库存"], .taobaoItems),
        (["Name", "Email", "Financial Status", "Lineitem name", "Lineitem price"], .shopifyOrders),
        (["Handle", "Title", "Variant SKU", "Variant Price"], .shopifyItems),
        (["Order number", "Buyer", "Total", "Date"], .orders),
        (["编号", "品名", "单价", "现有库存"], .items),
    ])
    func `a file is told by its headers`(headers: [String], name: ExchangeFormat.Name) throws {
        let found = try #require(Recognition.of(Self.rows([headers, headers.map { _ in "1" }])))
        #expect(found.mapping.format == name)
        try found.mapping.check(found.headers)
    }

    @Test func `the header need not be the first row`() throws {
        let found = try #require(
            Recognition.of(
                Self.rows([
                    ["山野日用 2026年10月订单"], [""],
                    ["订单编号", "买家会员名", "总金额", "订单状态", "新加的一列"], ["1", "a", "2", "交易成功", "x"],
                ])))
        #expect(found.headerRow == 3)
        #expect(found.sample.count == 1)
        #expect(found.mapping.ignored(of: found.headers) == ["新加的一列"])
        #expect(found.mapping.missing.contains(.waybill))
        #expect(!found.mapping.missing.contains(.payable))
    }

    @Test func `two columns of one name stay apart`() {
        let row = TableRow(number: 1, cells: ["备注", "备注", ""])
        #expect(Recognition.headers(of: row) == ["备注", "备注 (2)", ""])
    }

    @Test func `a column that must be there is asked for by its name`() {
        let mapping = ColumnMapping(format: .orders, columns: [:])
        #expect(throws: Refusal.self) { try mapping.check(["a"]) }
        #expect {
            try mapping.check(["a"])
        } throws: { ($0 as? Refusal)?.field == "orderNumber" }
    }

    @Test func `nothing is recognised in nothing`() {
        #expect(Recognition.of([]) == nil)
        #expect(Recognition.of(Self.rows([[""], ["", ""]])) == nil)
    }

    private static func read(
        _ headers: [String], _ lines: [[String]]
    ) throws -> ([ImportRow], [RowFault]) {
        let found = try #require(Recognition.of(rows([headers] + lines)))
        var reading = RowReading(found.mapping, headers: found.headers, zone: "Asia/Shanghai")
        var faults: [RowFault] = []
        let read = rows([headers] + lines).dropFirst().compactMap { reading.read($0, &faults) }
        return (read, faults)
    }

    @Test func `an order row says everything about an order`() throws {
        let (rows, faults) = try Self.read(
            [
                "订单编号", "买家会员名", "总金额", "买家实际支付金额", "订单状态", "收货地址", "修改后的收货地址", "联系电话", "联系手机",
                "订单创建时间", "订单付款时间",
            ],
            [
                [
                    "=\"2024010100012345678\"", "云朵", "99元", "null", "买家已付款，等待卖家发货", "浙江省 杭州市",
                    "上海市 徐汇区", "0571-1",
                    "'13800000000", "2024/1/2 3:04", "2024-01-02 03:05:00",
                ]
            ])
        #expect(faults.isEmpty)
        let order = try #require(rows.first?.order)
        #expect(order.number == "2024010100012345678")
        #expect(order.payable == Money(fen: 9_900))
        #expect(order.paid == nil)
        #expect(order.state == .awaitingShipment)
        #expect(order.receiverDetail == "上海市 徐汇区")
        #expect(order.receiverMobile == "13800000000")
        #expect(order.knownUntil == order.paidAt)
    }

    @Test func `Shopify's second line continues the order above`() throws {
        let (rows, faults) = try Self.read(
            [
                "Name", "Financial Status", "Lineitem name", "Lineitem quantity", "Lineitem price",
                "Fulfilled at", "Created at",
            ],
            [
                [
                    "#1001", "paid", "Tea", "1", "12.00", "2024-01-03 00:00:00 +0800",
                    "2024-01-02 00:00:00 +0800",
                ],
                ["#1001", "", "Cup", "2", "8.50", "", ""],
                ["#1002", "voided", "Tea", "1", "12.00", "", "2024-01-02 00:00:00 +0800"],
            ])
        #expect(faults.isEmpty)
        #expect(rows.map { $0.order?.number } == ["#1001", nil, "#1002"])
        #expect(rows.compactMap { $0.line?.number } == ["#1001", "#1001-2", "#1002"])
        #expect(rows[0].order?.state == .shipped)
        #expect(rows[2].order?.state == .closed)
    }

    @Test func `a row at fault names row, column, reason and what stood there`() throws {
        let (rows, faults) = try Self.read(
            ["订单编号", "买家会员名", "总金额", "订单状态", "订单创建时间"],
            [
                ["1", "a", "很多", "交易成功", "2024-01-01"], ["2", "b", "1", "奇怪的状态", "昨天"],
                ["1.2E+18", "c", "1", "交易成功", "2024-01-01"], ["", "d", "1", "交易成功", "2024-01-01"],
                ["合计", "", "100", "", ""], ["", "", "", "", ""],
            ])
        #expect(rows.isEmpty)
        #expect(faults.map(\.row) == [2, 3, 3, 4, 5])
        #expect(
            faults.map(\.code) == [
                "exchange.money", "exchange.state", "exchange.date", "exchange.number",
                "exchange.empty",
            ])
        #expect(faults[0].column == "总金额" && faults[0].value == "很多")
    }

    @Test func `variants repeat neither number nor title`() throws {
        let (rows, faults) = try Self.read(
            ["Handle", "Title", "Option1 Value", "Variant SKU", "Variant Price", "Status"],
            [
                ["tea", "Green tea", "50g", "T50", "20", "active"],
                ["", "", "100g", "T100", "36", ""],
            ])
        #expect(faults.isEmpty)
        #expect(rows.compactMap { $0.item?.number } == ["tea", "tea"])
        #expect(rows[1].item?.title == "Green tea")
        #expect(rows[1].item?.price == Money(fen: 3_600))
    }
}
