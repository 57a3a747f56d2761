/// Something that a file can tell about an order, a line of one, or a thing for sale.
///
/// The raw value is stable: kept mappings and the protocol hold it.
package enum ExchangeField: String, Hashable, Sendable, Codable, CaseIterable {
    // An order.
    case orderNumber, buyerNick, orderState, createdAt, paidAt, shippedAt, completedAt, closedAt,
        updatedAt, goods, freight, discount, payable, paid, refunded, receiverName,
        receiverAddress, changedAddress, receiverRegion, receiverCity, receiverDistrict,
        receiverMobile, receiverPhone, receiverZip, buyerMessage, memo, flag, closeReason, carrier,
        waybill
    // A line of it.
    case lineNumber, lineTitle, lineItemNumber, lineOuterID, lineSKU, linePrice, lineQuantity,
        lineDiscount, linePaid, lineState, refundState, lineRefunded
    // A thing for sale and its variants.
    case itemNumber, articleNumber, itemOuterID, itemTitle, category, itemState, sellingPoints,
        skuName, skuOuterID, skuPrice, listPrice, barcode, stock

    package enum Kind: String, Hashable, Sendable, Codable {
        case text, number, money, count, date, orderState, refundState, itemState, flag
    }

    /// Which record it belongs to.
    package enum Subject: String, Hashable, Sendable, Codable {
        case order, line, item
    }

    package var kind: Kind {
        switch self {
        case .orderNumber, .lineNumber, .itemNumber, .lineItemNumber, .receiverMobile,
            .receiverPhone, .receiverZip, .waybill, .barcode, .articleNumber:
            .number
        case .createdAt, .paidAt, .shippedAt, .completedAt, .closedAt, .updatedAt: .date
        case .goods, .freight, .discount, .payable, .paid, .refunded, .linePrice, .lineDiscount,
            .linePaid, .lineRefunded, .skuPrice, .listPrice:
            .money
        case .lineQuantity, .stock: .count
        case .orderState, .lineState: .orderState
        case .refundState: .refundState
        case .itemState: .itemState
        case .flag: .flag
        default: .text
        }
    }

    package var subject: Subject {
        switch self {
        case .lineNumber, .lineTitle, .lineItemNumber, .lineOuterID, .lineSKU, .linePrice,
            .lineQuantity, .lineDiscount, .linePaid, .lineState, .refundState, .lineRefunded:
            .line
        case .itemNumber, .articleNumber, .itemOuterID, .itemTitle, .category, .itemState,
            .sellingPoints, .skuName, .skuOuterID, .skuPrice, .listPrice, .barcode, .stock:
            .item
        default: .order
        }
    }

    /// Personal data: shown masked in previews, and kept for who may see it.
    package var isPersonal: Bool {
        switch self {
        case .buyerNick, .receiverName, .receiverAddress, .changedAddress, .receiverMobile,
            .receiverPhone:
            true
        default: false
        }
    }

    /// Characters kept at most.
    var longest: Int {
        switch self {
        case .buyerMessage, .memo: 1_000
        case .sellingPoints: 2_000
        case .receiverAddress, .changedAddress, .lineTitle, .itemTitle, .lineSKU, .skuName: 300
        default: 100
        }
    }

    package var name: Localized {
        switch self {
        case .orderNumber: Localized(zh: "订单编号", en: "Order number")
        case .buyerNick: Localized(zh: "买家会员名", en: "Buyer's name")
        case .orderState: Localized(zh: "订单状态", en: "Order state")
        case .createdAt: Localized(zh: "创建时间", en: "Ordered at")
        case .paidAt: Localized(zh: "付款时间", en: "Paid at")
        case .shippedAt: Localized(zh: "发货时间", en: "Shipped at")
        case .completedAt: Localized(zh: "确认收货时间", en: "Completed at")
        case .closedAt: Localized(zh: "关闭时间", en: "Closed at")
        case .updatedAt: Localized(zh: "修改时间", en: "Changed at")
        case .goods: Localized(zh: "货款", en: "Goods")
        case .freight: Localized(zh: "邮费", en: "Freight")
        case .discount: Localized(zh: "优惠", en: "Discount")
        case .payable: Localized(zh: "应付总额", en: "To pay")
        case .paid: Localized(zh: "实付金额", en: "Paid")
        case .refunded: Localized(zh: "退款金额", en: "Refunded")
        case .receiverName: Localized(zh: "收货人", en: "Receiver")
        case .receiverAddress: Localized(zh: "收货地址", en: "Address")
        case .changedAddress: Localized(zh: "修改后的收货地址", en: "Changed address")
        case .receiverRegion: Localized(zh: "省", en: "Province")
        case .receiverCity: Localized(zh: "市", en: "City")
        case .receiverDistrict: Localized(zh: "区县", en: "District")
        case .receiverMobile: Localized(zh: "手机", en: "Mobile")
        case .receiverPhone: Localized(zh: "电话", en: "Telephone")
        case .receiverZip: Localized(zh: "邮编", en: "Postcode")
        case .buyerMessage: Localized(zh: "买家留言", en: "Buyer's message")
        case .memo: Localized(zh: "订单备注", en: "Memo")
        case .flag: Localized(zh: "旗帜", en: "Flag")
        case .closeReason: Localized(zh: "关闭原因", en: "Reason of closing")
        case .carrier: Localized(zh: "物流公司", en: "Carrier")
        case .waybill: Localized(zh: "物流单号", en: "Waybill")
        case .lineNumber: Localized(zh: "子订单编号", en: "Line number")
        case .lineTitle: Localized(zh: "宝贝标题", en: "Title")
        case .lineItemNumber: Localized(zh: "商品编号（行）", en: "Item number of the line")
        case .lineOuterID: Localized(zh: "商家编码（行）", en: "Merchant code of the line")
        case .lineSKU: Localized(zh: "规格（行）", en: "Variant of the line")
        case .linePrice: Localized(zh: "单价（行）", en: "Price of the line")
        case .lineQuantity: Localized(zh: "数量", en: "Quantity")
        case .lineDiscount: Localized(zh: "优惠（行）", en: "Discount of the line")
        case .linePaid: Localized(zh: "实付（行）", en: "Paid for the line")
        case .lineState: Localized(zh: "状态（行）", en: "State of the line")
        case .refundState: Localized(zh: "退款状态", en: "State of refund")
        case .lineRefunded: Localized(zh: "退款金额（行）", en: "Refunded for the line")
        case .itemNumber: Localized(zh: "商品编号", en: "Item number")
        case .articleNumber: Localized(zh: "货号", en: "Article number")
        case .itemOuterID: Localized(zh: "商品商家编码", en: "Merchant code")
        case .itemTitle: Localized(zh: "商品标题", en: "Title of the item")
        case .category: Localized(zh: "类目", en: "Category")
        case .itemState: Localized(zh: "商品状态", en: "Listing state")
        case .sellingPoints: Localized(zh: "卖点", en: "Selling points")
        case .skuName: Localized(zh: "规格", en: "Variant")
        case .skuOuterID: Localized(zh: "规格商家编码", en: "Merchant code of the variant")
        case .skuPrice: Localized(zh: "价格", en: "Price")
        case .listPrice: Localized(zh: "划线价", en: "List price")
        case .barcode: Localized(zh: "条形码", en: "Barcode")
        case .stock: Localized(zh: "库存", en: "Stock")
        }
    }
}
