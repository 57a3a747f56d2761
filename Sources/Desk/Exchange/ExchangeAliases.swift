// Long: one table, the headers that platforms have given their columns over the years (domain §4.6).

extension ExchangeFormat {
    static let taobaoOrder: [ExchangeField: [String]] = [
        .orderNumber: ["订单编号", "订单号", "主订单编号", "交易编号"],
        .buyerNick: ["买家会员名", "买家会员名称", "买家昵称", "旺旺号", "买家旺旺"],
        .orderState: ["订单状态", "交易状态"],
        .createdAt: ["订单创建时间", "下单时间", "创建时间", "拍下时间"],
        .paidAt: ["订单付款时间", "付款时间", "支付时间"],
        .shippedAt: ["发货时间", "订单发货时间"],
        .completedAt: ["确认收货时间", "订单完成时间", "交易成功时间", "完结时间"],
        .closedAt: ["订单关闭时间", "关闭时间"],
        .updatedAt: ["最近修改时间", "订单修改时间", "更新时间", "修改时间"],
        .goods: ["买家应付货款", "应付货款", "商品总价", "货款"],
        .freight: ["买家应付邮费", "应付邮费", "邮费", "运费"],
        .discount: ["优惠金额", "店铺优惠", "卖家优惠"],
        .payable: ["总金额", "订单总金额", "应付总额", "应付款"],
        .paid: ["买家实际支付金额", "买家实付金额", "实付金额", "实际支付金额"],
        .refunded: ["退款金额", "买家退款金额", "退款总额"],
        .receiverName: ["收货人姓名", "收货人", "收件人", "收件人姓名"],
        .receiverAddress: ["收货地址", "收件地址", "详细地址"],
        .changedAddress: ["修改后的收货地址"],
        .receiverRegion: ["省", "省份", "收货省份"],
        .receiverCity: ["市", "城市", "收货城市"],
        .receiverDistrict: ["区", "区县", "区/县", "收货区县"],
        .receiverMobile: ["联系手机", "手机", "收货人手机号", "手机号码", "收件人手机"],
        .receiverPhone: ["联系电话", "电话", "固定电话"],
        .receiverZip: ["邮编", "邮政编码"],
        .buyerMessage: ["买家留言", "留言", "买家备注"],
        .memo: ["订单备注", "商家备注", "卖家备注", "备注"],
        .flag: ["旗帜", "备注旗帜", "卖家旗帜", "插旗"],
        .closeReason: ["订单关闭原因", "关闭原因"],
        .carrier: ["物流公司", "快递公司", "承运公司"],
        .waybill: ["物流单号", "快递单号", "运单号"],
    ]

    static let taobaoLine: [ExchangeField: [String]] = [
        .orderNumber: ["主订单编号", "父订单编号", "订单编号"],
        .lineNumber: ["子订单编号", "子订单号"],
        .lineTitle: ["商品标题", "宝贝标题", "标题", "商品名称", "宝贝名称"],
        .lineItemNumber: ["商品ID", "宝贝ID", "商品数字ID"],
        .lineOuterID: ["商家编码", "外部系统编号", "商品编码"],
        .lineSKU: ["商品属性", "宝贝属性", "规格", "SKU", "销售属性"],
        .linePrice: ["商品价格", "价格", "单价", "宝贝单价"],
        .lineQuantity: ["购买数量", "数量", "宝贝数量"],
        .linePaid: ["买家实付金额", "实付金额", "买家实际支付金额"],
        .lineState: ["订单状态", "子订单状态", "交易状态"],
        .refundState: ["退款状态"],
        .lineRefunded: ["退款金额"],
        .memo: ["商家备注", "备注", "订单备注", "卖家备注"],
        .createdAt: ["订单创建时间", "创建时间", "下单时间"],
        .paidAt: ["订单付款时间", "付款时间"],
        .shippedAt: ["发货时间"],
        .updatedAt: ["最近修改时间", "修改时间"],
        .waybill: ["物流单号", "快递单号"],
        .carrier: ["物流公司", "快递公司"],
        .buyerNick: ["买家会员名", "买家昵称"],
    ]

    static let taobaoItem: [ExchangeField: [String]] = [
        .itemNumber: ["商品ID", "宝贝ID", "数字ID", "宝贝数字ID", "商品编号"],
        .articleNumber: ["货号", "款号"],
        .itemOuterID: ["商品商家编码", "宝贝商家编码", "商家编码", "外部编码"],
        .itemTitle: ["商品标题", "宝贝标题", "宝贝名称", "商品名称", "标题"],
        .category: ["类目", "宝贝类目", "商品类目", "店铺分类", "宝贝分类", "所属类目"],
        .itemState: ["商品状态", "宝贝状态", "状态", "上下架状态"],
        .sellingPoints: ["卖点", "宝贝卖点", "商品卖点"],
        .skuName: ["销售属性", "商品规格", "规格", "SKU", "规格名称", "销售属性组合"],
        .skuOuterID: ["SKU商家编码", "规格商家编码", "SKU编码", "规格编码"],
        .skuPrice: ["SKU价格", "规格价格", "一口价", "宝贝价格", "商品价格", "价格", "销售价"],
        .listPrice: ["划线价", "吊牌价", "市场价"],
        .barcode: ["条形码", "商品条形码", "条码"],
        .stock: ["SKU库存", "规格库存", "库存", "库存数量", "宝贝数量", "数量"],
    ]

    static let shopifyOrder: [ExchangeField: [String]] = [
        .orderNumber: ["Name"],
        .buyerNick: ["Email", "Billing Name"],
        .orderState: ["Financial Status"],
        .createdAt: ["Created at"],
        .paidAt: ["Paid at"],
        .shippedAt: ["Fulfilled at"],
        .closedAt: ["Cancelled at"],
        .goods: ["Subtotal"],
        .freight: ["Shipping"],
        .discount: ["Discount Amount"],
        .payable: ["Total"],
        .refunded: ["Refunded Amount"],
        .receiverName: ["Shipping Name"],
        .receiverAddress: ["Shipping Street", "Shipping Address1"],
        .receiverRegion: ["Shipping Province Name", "Shipping Province"],
        .receiverCity: ["Shipping City"],
        .receiverMobile: ["Shipping Phone", "Phone"],
        .receiverZip: ["Shipping Zip"],
        .buyerMessage: ["Notes"],
        .memo: ["Tags"],
        .lineTitle: ["Lineitem name"],
        .lineQuantity: ["Lineitem quantity"],
        .linePrice: ["Lineitem price"],
        .lineOuterID: ["Lineitem sku"],
        .lineDiscount: ["Lineitem discount"],
        .lineState: ["Lineitem fulfillment status", "Fulfillment Status"],
    ]

    static let shopifyItem: [ExchangeField: [String]] = [
        .itemNumber: ["Handle"],
        .itemTitle: ["Title"],
        .category: ["Type", "Product Category"],
        .itemState: ["Status", "Published"],
        .sellingPoints: ["SEO Description"],
        .skuName: ["Option1 Value"],
        .skuOuterID: ["Variant SKU"],
        .skuPrice: ["Variant Price"],
        .listPrice: ["Variant Compare At Price"],
        .barcode: ["Variant Barcode"],
        .stock: ["Variant Inventory Qty"],
    ]

    /// What people call such columns in tables of their own; both platforms' words, and English ones.
    static let genericOrder: [ExchangeField: [String]] = {
        let english: [ExchangeField: [String]] = [
            .orderNumber: ["Order number", "Order", "Order no", "Order id"],
            .buyerNick: ["Buyer", "Customer", "Buyer's name", "客户", "客户名称"],
            .orderState: ["State", "Status", "Order state", "状态"],
            .createdAt: ["Ordered at", "Created at", "Date", "日期", "订单日期"],
            .paidAt: ["Paid at"], .shippedAt: ["Shipped at"], .completedAt: ["Completed at"],
            .updatedAt: ["Changed at", "Updated at"],
            .goods: ["Goods"], .freight: ["Freight", "Shipping"], .discount: ["Discount", "优惠"],
            .payable: ["Total", "To pay", "金额"], .paid: ["Paid"], .refunded: ["Refunded"],
            .receiverName: ["Receiver"], .receiverAddress: ["Address", "地址"],
            .receiverRegion: ["Province"], .receiverCity: ["City"],
            .receiverMobile: ["Mobile", "Phone"], .receiverZip: ["Zip", "Postcode"],
            .buyerMessage: ["Message", "Buyer's message"], .memo: ["Memo", "Note"],
            .lineNumber: ["Line number"], .lineTitle: ["Title", "Item", "商品", "品名"],
            .lineOuterID: ["SKU", "Merchant code"], .lineSKU: ["Variant"],
            .linePrice: ["Price"], .lineQuantity: ["Quantity", "Qty"],
            .carrier: ["Carrier"], .waybill: ["Waybill", "Tracking number"],
        ]
        var aliases = taobaoOrder
        for more in [taobaoLine, english] {
            for (field, headers) in more where field.subject == .line || more != taobaoLine {
                aliases[field, default: []] += headers
            }
        }
        return aliases
    }()

    static let genericItem: [ExchangeField: [String]] = {
        let more: [ExchangeField: [String]] = [
            .itemNumber: ["编号", "Item number", "Item id", "Number"],
            .articleNumber: ["Article number"], .itemTitle: ["品名", "Title", "Name"],
            .category: ["分类", "Category"], .itemState: ["State", "Status"],
            .skuName: ["Variant", "Option"], .skuOuterID: ["Merchant code"],
            .skuPrice: ["单价", "Price"], .listPrice: ["List price"], .barcode: ["Barcode"],
            .stock: ["Stock", "Quantity", "现有库存"],
        ]
        return taobaoItem.merging(more) { $0 + $1 }
    }()
}
