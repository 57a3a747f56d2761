import Desk
import SQL

/// A list as it is read from the store: constants of the program, never input.
struct ExportTable: Sendable {
    /// The table that the list goes along, a page of its rows at a time in the order of their ids, and its short name.
    let head: (name: String, alias: String)
    let joins: String
    /// Whether its rows have an id of their own; else the list is gone through by counting, which short lists bear.
    var hasIDs = true
    /// The column of the head that a range of time is about; nil: the list has none.
    let time: String?
    /// Rows of one head stay together in this order.
    let order: String
    let columns: [ExportColumn]
}

/// A column of an exported list.
struct ExportColumn: Sendable {
    enum Kind: Sendable {
        case text, number, money, count, time
        case state(@Sendable (String) -> String)
        /// Personal data, and how it is masked.
        case personal(@Sendable (String) -> String)
    }

    let title: Localized
    let sql: String
    let kind: Kind
    /// Of the column in a spreadsheet, in characters.
    let width: Int

    init(_ zh: String, _ en: String, _ sql: String, _ kind: Kind = .text, width: Int = 14) {
        title = Localized(zh: zh, en: en)
        self.sql = sql
        self.kind = kind
        self.width = width
    }

    func value(_ value: SQLValue, showsPersonal: Bool) -> ExportValue {
        switch (kind, value) {
        case (_, .null): .none
        case (.money, .int(let fen)): .money(Money(fen: fen))
        case (.time, .int(let at)): .at(Instant(milliseconds: at))
        case (_, .int(let count)): .count(Int(count))
        case (.number, .text(let text)): .text(ExportText.number(text))
        case (.state(let name), .text(let code)): .text(name(code))
        case (.personal(let mask), .text(let text)): .text(showsPersonal ? text : mask(text))
        case (_, .text(let text)): .text(text)
        case (_, .double(let number)): .text(String(number))
        case (_, .blob): .none
        }
    }
}

enum ExportTables {
    static func of(_ list: ExportList) -> ExportTable {
        switch list {
        case .orders: orders
        case .items: items
        case .stock: stock
        case .parcels: parcels
        }
    }

    private static let orderState: @Sendable (String) -> String = { code in
        switch code {
        case "awaitingPayment": "等待买家付款"
        case "awaitingShipment": "买家已付款，等待卖家发货"
        case "partlyShipped": "卖家部分发货"
        case "shipped": "卖家已发货，等待买家确认"
        case "completed": "交易成功"
        case "closed": "交易关闭"
        default: code
        }
    }

    /// Headers that the importer knows, so that what is taken out comes in again.
    private static let orders = ExportTable(
        head: ("orders", "o"),
        joins: "LEFT JOIN order_line l ON l.shop = o.shop AND l.order_id = o.id",
        time: "created_at", order: "o.id, l.id",
        columns: [
            ExportColumn("订单编号", "Order number", "o.number", .number, width: 22),
            ExportColumn("子订单编号", "Line number", "l.number", .number, width: 22),
            ExportColumn("订单状态", "Order state", "o.state", .state(orderState), width: 24),
            ExportColumn("买家会员名", "Buyer", "o.buyer_nick", .personal(Masked.name)),
            ExportColumn("订单创建时间", "Ordered at", "o.created_at", .time, width: 20),
            ExportColumn("订单付款时间", "Paid at", "o.paid_at", .time, width: 20),
            ExportColumn("发货时间", "Shipped at", "o.shipped_at", .time, width: 20),
            ExportColumn("确认收货时间", "Completed at", "o.completed_at", .time, width: 20),
            ExportColumn("宝贝标题", "Item", "l.title", width: 40),
            ExportColumn("商品属性", "Variant", "l.sku_name", width: 20),
            ExportColumn("商家编码", "Merchant code", "l.outer_id"),
            ExportColumn("商品价格", "Price", "l.price", .money),
            ExportColumn("购买数量", "Quantity", "l.quantity", .count),
            ExportColumn("总金额", "To pay", "o.payable", .money),
            ExportColumn("买家实际支付金额", "Paid", "o.paid", .money),
            ExportColumn("退款金额", "Refunded", "o.refunded", .money),
            ExportColumn("收货人姓名", "Receiver", "o.receiver_name", .personal(Masked.name)),
            ExportColumn("联系手机", "Mobile", "o.receiver_mobile", .personal(Masked.mobile)),
            ExportColumn("省", "Province", "o.receiver_region"),
            ExportColumn("市", "City", "o.receiver_city"),
            ExportColumn("区县", "District", "o.receiver_district"),
            ExportColumn(
                "收货地址", "Address", "o.receiver_detail", .personal(Masked.address), width: 40),
            ExportColumn("买家留言", "Buyer's message", "o.buyer_message", width: 30),
            ExportColumn("订单备注", "Memo", "o.memo", width: 30),
        ])

    private static let items = ExportTable(
        head: ("item", "i"),
        joins: "LEFT JOIN sku s ON s.shop = i.shop AND s.item = i.id "
            + "LEFT JOIN category c ON c.shop = i.shop AND c.id = i.category",
        time: nil, order: "i.id, s.id",
        columns: [
            ExportColumn("商品ID", "Item number", "i.number", .number, width: 20),
            ExportColumn("商品标题", "Title", "i.title", width: 40),
            ExportColumn("类目", "Category", "c.name"),
            ExportColumn("商品状态", "State", "i.state"),
            ExportColumn("销售属性", "Variant", "s.name", width: 24),
            ExportColumn("SKU商家编码", "Merchant code of the variant", "s.outer_id"),
            ExportColumn("SKU价格", "Price", "s.price", .money),
            ExportColumn("划线价", "List price", "s.list_price", .money),
            ExportColumn("条形码", "Barcode", "s.barcode", .number, width: 18),
        ])

    private static let stock = ExportTable(
        head: ("stock", "k"),
        joins: "JOIN sku s ON s.shop = k.shop AND s.id = k.sku "
            + "JOIN item i ON i.shop = s.shop AND i.id = s.item "
            + "JOIN warehouse w ON w.shop = k.shop AND w.id = k.warehouse",
        hasIDs: false, time: nil, order: "k.sku, k.warehouse",
        columns: [
            ExportColumn("商品标题", "Title", "i.title", width: 40),
            ExportColumn("销售属性", "Variant", "s.name", width: 24),
            ExportColumn("SKU商家编码", "Merchant code of the variant", "s.outer_id"),
            ExportColumn("仓库", "Warehouse", "w.name"),
            ExportColumn("实物库存", "On hand", "k.on_hand", .count),
            ExportColumn("预占", "Reserved", "k.reserved", .count),
            ExportColumn("预留", "Held", "k.held", .count),
            ExportColumn("预警线", "Low at", "k.low_at", .count),
        ])

    private static let parcels = ExportTable(
        head: ("parcel", "p"),
        joins: "LEFT JOIN orders o ON o.shop = p.shop AND o.id = p.order_id",
        time: "created_at", order: "p.id",
        columns: [
            ExportColumn("物流单号", "Waybill", "p.waybill", .number, width: 20),
            ExportColumn("物流公司", "Carrier", "p.carrier"),
            ExportColumn("订单编号", "Order number", "p.order_number", .number, width: 22),
            ExportColumn("包裹状态", "State", "p.state"),
            ExportColumn("建立时间", "Made at", "p.created_at", .time, width: 20),
            ExportColumn("揽收时间", "Collected at", "p.picked_up_at", .time, width: 20),
            ExportColumn("签收时间", "Signed at", "p.delivered_at", .time, width: 20),
            ExportColumn("承诺时间", "Promised for", "p.promised_at", .time, width: 20),
            ExportColumn("问题", "Problem", "p.problem"),
            ExportColumn("收货人姓名", "Receiver", "o.receiver_name", .personal(Masked.name)),
            ExportColumn("联系手机", "Mobile", "o.receiver_mobile", .personal(Masked.mobile)),
            ExportColumn("市", "City", "o.receiver_city"),
        ])
}
