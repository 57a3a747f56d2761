/// A kind of file that shops have, recognised by its headers.
///
/// Formats are data: a column that a platform renames next year is one more alias, not one more path through the code.
package struct ExchangeFormat: Hashable, Sendable {
    /// The raw value is stable: batches and kept mappings hold it.
    package enum Name: String, Hashable, Sendable, Codable, CaseIterable {
        case taobaoOrders, taobaoLines, taobaoItems, shopifyOrders, shopifyItems, orders, items
    }

    /// What its rows become.
    package enum Subject: String, Hashable, Sendable, Codable {
        /// Orders, with lines where the columns are there.
        case orders
        case items
    }

    package let name: Name
    package let subject: Subject
    package let title: Localized
    /// Headers that together tell this format; normalised.
    ///
    /// Each group needs one of its own.
    let marks: [[String]]
    /// Headers of each field, the most usual first; normalised.
    package let aliases: [ExchangeField: [String]]
    /// Without these nothing can be taken in.
    package let required: [ExchangeField]
    /// Whether a row without an order's number continues the order above (Shopify).
    package let continues: Bool

    private init(
        _ name: Name, _ subject: Subject, zh: String, en: String, marks: [[String]],
        required: [ExchangeField], continues: Bool = false, _ aliases: [ExchangeField: [String]]
    ) {
        self.name = name
        self.subject = subject
        title = Localized(zh: zh, en: en)
        self.marks = marks.map { $0.map(CellText.header) }
        self.required = required
        self.continues = continues
        self.aliases = aliases.mapValues { $0.map(CellText.header) }
    }

    package static func of(_ name: Name) -> ExchangeFormat { byName[name] ?? all[0] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The fields that a file of this format may have, in the order of the mapping screen.
    package var fields: [ExchangeField] {
        ExchangeField.allCases.filter { ($0.subject == .item) == (subject == .items) }
    }

    /// How many of the format's marks these headers have; nil unless all.
    func recognises(_ headers: Set<String>) -> Int? {
        guard !marks.isEmpty, marks.allSatisfy({ $0.contains(where: headers.contains) }) else {
            return nil
        }
        return marks.count
    }

    package static let all: [ExchangeFormat] = [
        ExchangeFormat(
            .taobaoOrders, .orders, zh: "淘宝/天猫订单报表", en: "Taobao/Tmall order report",
            marks: [
                ["订单编号"], ["买家会员名", "买家昵称"],
                ["买家实际支付金额", "买家实付金额", "总金额", "买家应付货款"], ["订单状态"],
            ],
            required: [.orderNumber], taobaoOrder),
        ExchangeFormat(
            .taobaoLines, .orders, zh: "淘宝/天猫宝贝报表（订单明细）", en: "Taobao/Tmall line report",
            marks: [
                ["子订单编号", "订单编号"], ["商品标题", "宝贝标题", "标题"],
                ["商品价格", "价格"], ["购买数量"], ["主订单编号", "外部系统编号", "商家编码"],
            ],
            required: [.orderNumber, .lineTitle], taobaoLine),
        ExchangeFormat(
            .taobaoItems, .items, zh: "淘宝/天猫商品表", en: "Taobao/Tmall item list",
            marks: [
                ["商品ID", "宝贝ID", "商品编号", "数字ID", "宝贝数字ID"],
                ["商品标题", "宝贝标题", "宝贝名称", "商品名称"],
                ["一口价", "宝贝价格", "商品价格", "价格", "销售价"],
            ],
            required: [.itemNumber, .itemTitle], taobaoItem),
        ExchangeFormat(
            .shopifyOrders, .orders, zh: "Shopify 订单", en: "Shopify orders",
            marks: [["Name"], ["Financial Status"], ["Lineitem name"]],
            required: [.orderNumber], continues: true, shopifyOrder),
        ExchangeFormat(
            .shopifyItems, .items, zh: "Shopify 商品", en: "Shopify products",
            marks: [["Handle"], ["Variant Price"], ["Title"]],
            required: [.itemNumber], continues: true, shopifyItem),
        ExchangeFormat(
            .orders, .orders, zh: "其他订单表", en: "Another table of orders", marks: [],
            required: [.orderNumber], genericOrder),
        ExchangeFormat(
            .items, .items, zh: "其他商品表", en: "Another table of items", marks: [],
            required: [.itemNumber, .itemTitle], genericItem),
    ]
}
