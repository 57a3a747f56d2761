/// Reads the values of cells as §4.6 of the trade's exports has them.
package enum CellValues {
    /// `12.50`, `¥12.5`, `1,299.00元`, `12.50 CNY`; fractions of a fen that are zero.
    package static func money(_ text: String) -> Money? {
        if let money = Money(yuan: text) { return money }
        var plain = CellText.halfWidth(text)
        for unit in ["人民币", "CNY", "RMB", "USD", "元", "¥", "￥", "$"] {
            plain = plain.replacing(unit, with: "")
        }
        plain = plain.filter { !$0.isWhitespace }
        if let money = Money(yuan: plain) { return money }
        // More places than the fen, as spreadsheets compute them: 12.3399999999.
        guard plain.utf8.count <= 30, plain.contains("."),
            plain.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d }),
            let value = Double(plain), abs(value) < 1e13
        else { return nil }
        return Money(fen: Int64((value * 100).rounded()))
    }

    /// `3`, `3.0`, `1,200`, `3件`.
    package static func count(_ text: String) -> Int? {
        var digits = CellText.halfWidth(text).filter { !$0.isWhitespace && $0 != "," }
        while let last = digits.last, "件个只条双套盒包瓶".contains(last) { digits.removeLast() }
        if let point = digits.firstIndex(of: ".") {
            guard digits[digits.index(after: point)...].allSatisfy({ $0 == "0" }) else {
                return nil
            }
            digits = String(digits[..<point])
        }
        guard let value = Int(digits), (-1_000_000_000...1_000_000_000).contains(value) else {
            return nil
        }
        return value
    }

    /// A number of an order, a thing or a telephone: text, since such numbers have more digits than spreadsheets keep.
    /// - Returns: nil when a spreadsheet has spoilt it already: `1.23457E+18`.
    package static func number(_ text: String) -> String? {
        let plain = CellText.halfWidth(text)
        let isSpoilt =
            plain.count >= 5 && plain.contains { $0 == "E" || $0 == "e" }
            && plain.contains { $0 == "+" } && Double(plain) != nil
        if isSpoilt { return nil }
        // A whole number that a spreadsheet kept as a fraction.
        if plain.hasSuffix(".0"), plain.dropLast(2).allSatisfy(\.isASCIIDigit) {
            return String(plain.dropLast(2))
        }
        return plain
    }

    /// The words of Taobao, Tmall, Shopify and of people.
    package static func orderState(_ text: String) -> ImportedOrder.State? {
        orderStates[key(text)]
    }

    package static func refundState(_ text: String) -> ImportedLine.RefundState? {
        refundStates[key(text)]
    }

    package static func itemState(_ text: String) -> ImportedItem.State? { itemStates[key(text)] }

    /// 0 grey, 1 red, 2 yellow, 3 green, 4 blue, 5 pink.
    package static func flag(_ text: String) -> Int? {
        if let number = Int(text), (0...5).contains(number) { return number }
        return flags[key(text)]
    }

    private static func key(_ text: String) -> String { CellText.header(text) }

    private static func table<Value>(_ words: [(Value, [String])]) -> [String: Value] {
        var table: [String: Value] = [:]
        for (value, names) in words { for name in names { table[key(name)] = value } }
        return table
    }

    private static let orderStates = table([
        (
            ImportedOrder.State.awaitingPayment,
            [
                "等待买家付款", "待付款", "未付款", "pending", "unpaid", "awaitingPayment", "authorized",
                "WAIT_BUYER_PAY", "TRADE_NO_CREATE_PAY", "PAY_PENDING",
            ]
        ),
        (
            .awaitingShipment,
            [
                "买家已付款，等待卖家发货", "买家已付款,等待卖家发货", "等待卖家发货", "待发货", "已付款", "paid",
                "awaitingShipment", "partially_paid", "WAIT_SELLER_SEND_GOODS",
                "PAID_FORBID_CONSIGN", "unfulfilled", "partially_refunded",
            ]
        ),
        (.partlyShipped, ["卖家部分发货", "部分发货", "partial", "partlyShipped", "SELLER_CONSIGNED_PART"]),
        (
            .shipped,
            [
                "卖家已发货，等待买家确认", "卖家已发货,等待买家确认", "卖家已发货", "已发货", "待收货", "等待买家确认收货", "shipped",
                "fulfilled", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_BUYER_SIGNED",
            ]
        ),
        (.completed, ["交易成功", "已完成", "完成", "已签收", "completed", "TRADE_FINISHED"]),
        (
            .closed,
            [
                "交易关闭", "已关闭", "已取消", "关闭", "closed", "cancelled", "canceled", "voided", "refunded",
                "expired", "TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO",
            ]
        ),
    ])

    private static let refundStates = table([
        (ImportedLine.RefundState.none, ["没有申请退款", "无退款申请", "无退款", "none"]),
        (
            .asked,
            [
                "退款中", "买家已经申请退款，等待卖家同意", "卖家已经同意退款，等待买家退货", "买家已经退货，等待卖家确认收货", "卖家拒绝退款",
                "退款处理中", "申请退款", "asked", "WAIT_SELLER_AGREE", "WAIT_BUYER_RETURN_GOODS",
                "WAIT_SELLER_CONFIRM_GOODS", "SELLER_REFUSE_BUYER",
            ]
        ),
        (.done, ["退款成功", "已退款", "refunded", "done", "SUCCESS"]),
        (.closed, ["退款关闭", "closed", "CLOSED"]),
    ])

    private static let itemStates = table([
        (
            ImportedItem.State.onShelf,
            ["出售中", "在售", "上架", "销售中", "已上架", "active", "true", "onShelf", "on sale"]
        ),
        (
            .offShelf,
            ["仓库中", "下架", "已下架", "draft", "archived", "false", "offShelf", "off shelf"]
        ),
        (.soldOut, ["已售罄", "售罄", "已卖完", "soldOut", "sold out"]),
    ])

    private static let flags = table([
        (0, ["灰", "灰旗", "灰色", "grey", "gray"]), (1, ["红", "红旗", "红色", "red"]),
        (2, ["黄", "黄旗", "黄色", "yellow"]), (3, ["绿", "绿旗", "绿色", "green"]),
        (4, ["蓝", "蓝旗", "蓝色", "blue"]), (5, ["紫", "粉", "粉旗", "紫旗", "粉色", "pink", "purple"]),
    ])
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
