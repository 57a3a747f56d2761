extension RowReading {
    /// The values of one row, as they are read cell by cell.
    struct Values {
        let row: Int
        var order = ImportedOrder()
        var line = ImportedLine()
        var item = ImportedItem()
        var hasLine = false
        /// A sum or a mean under the table, as some exports have them.
        var isSum = false
        var faults: [RowFault] = []
        private var phone: String?
        private var changedAddress: String?

        init(row: Int) { self.row = row }

        mutating func refuse(
            _ field: ExchangeField, _ header: String, _ value: String, _ code: String,
            _ message: Localized
        ) {
            faults.append(
                RowFault(
                    row: row, column: header, code: code, message: message,
                    value: field.isPersonal ? "" : String(value.prefix(60))))
        }

        mutating func miss(_ field: ExchangeField, _ header: String) {
            refuse(
                field, header, "", "exchange.empty",
                Localized(zh: "“\(field.name.zh)”是空的", en: "\"\(field.name.en)\" is empty"))
        }

        /// What several cells say together.
        mutating func settle(_ order: inout ImportedOrder) {
            if let changedAddress { order.receiverDetail = changedAddress }
            if order.receiverMobile == nil { order.receiverMobile = phone }
            // "Paid" says nothing of the way: what was shipped or cancelled has its time.
            if order.closedAt != nil, order.state != .completed { order.state = .closed }
            if order.state == .awaitingShipment, order.shippedAt != nil { order.state = .shipped }
            if order.state == .shipped, order.completedAt != nil { order.state = .completed }
        }

        mutating func take(
            _ text: String, _ field: ExchangeField, _ header: String, _ clock: inout ShopClock
        ) {
            switch field.kind {
            case .text: set(field, text: String(text.prefix(field.longest)))
            case .number:
                let isKey = field == .orderNumber || field == .lineNumber || field == .itemNumber
                if isKey && Self.sums.contains(text) { isSum = true }
                guard let number = CellValues.number(text), number.utf8.count <= 64 else {
                    return refuse(
                        field, header, text, "exchange.number",
                        Localized(
                            zh: "编号被表格软件改成了近似值，请用原始文件",
                            en: "A spreadsheet rounded this number; use the original file"))
                }
                set(field, text: number)
            case .money:
                guard let money = CellValues.money(text) else {
                    return refuse(
                        field, header, text, "exchange.money",
                        Localized(zh: "不是金额", en: "Not an amount of money"))
                }
                set(field, money: money)
            case .count:
                guard let count = CellValues.count(text) else {
                    return refuse(
                        field, header, text, "exchange.count",
                        Localized(zh: "不是整数", en: "Not a whole number"))
                }
                if field == .stock { item.stock = count } else { line.quantity = count }
            case .date:
                guard let at = clock.instant(text) else {
                    return refuse(
                        field, header, text, "exchange.date",
                        Localized(zh: "不是日期", en: "Not a date"))
                }
                set(field, at: at)
            case .orderState, .refundState, .itemState, .flag: take(word: text, field, header)
            }
        }

        private static let sums: Set<String> = ["合计", "总计", "汇总", "汇总值", "平均值", "Total", "合计："]

        private mutating func take(word text: String, _ field: ExchangeField, _ header: String) {
            switch field.kind {
            case .orderState:
                guard let state = CellValues.orderState(text) else { break }
                if field == .lineState {
                    line.state = state
                } else {
                    order.state = state
                }
                return
            case .refundState:
                guard let state = CellValues.refundState(text) else { break }
                line.refundState = state
                return
            case .itemState:
                guard let state = CellValues.itemState(text) else { break }
                item.state = state
                return
            default:
                order.flag = CellValues.flag(text)
                return
            }
            refuse(
                field, header, text, "exchange.state",
                Localized(zh: "不认识这个状态", en: "An unknown state"))
        }

        private mutating func set(_ field: ExchangeField, text: String) {
            switch field {
            case .orderNumber: order.number = text
            case .buyerNick: order.buyerNick = text
            case .receiverName: order.receiverName = text
            case .receiverAddress: order.receiverDetail = text
            case .changedAddress: changedAddress = text
            case .receiverRegion: order.receiverRegion = text
            case .receiverCity: order.receiverCity = text
            case .receiverDistrict: order.receiverDistrict = text
            case .receiverMobile: order.receiverMobile = text
            case .receiverPhone: phone = text
            case .receiverZip: order.receiverZip = text
            case .buyerMessage: order.buyerMessage = text
            case .memo: order.memo = text
            case .closeReason: order.closeReason = text
            case .carrier: order.carrier = text
            case .waybill: order.waybill = text
            case .lineNumber: line.number = text
            case .lineTitle:
                line.title = text
                hasLine = true
            case .lineItemNumber: line.itemNumber = text
            case .lineOuterID:
                line.outerID = text
                hasLine = true
            case .lineSKU: line.skuName = text
            case .itemNumber: item.number = text
            case .articleNumber: item.articleNumber = text
            case .itemOuterID: item.outerID = text
            case .itemTitle: item.title = text
            case .category: item.category = text
            case .sellingPoints: item.sellingPoints = text
            case .skuName: item.skuName = text
            case .skuOuterID: item.skuOuterID = text
            case .barcode: item.barcode = text
            default: break
            }
        }

        private mutating func set(_ field: ExchangeField, money: Money) {
            switch field {
            case .goods: order.goods = money
            case .freight: order.freight = money
            case .discount: order.discount = money
            case .payable: order.payable = money
            case .paid: order.paid = money
            case .refunded: order.refunded = money
            case .linePrice: line.price = money
            case .lineDiscount: line.discount = money
            case .linePaid: line.paid = money
            case .lineRefunded: line.refunded = money
            case .skuPrice: item.price = money
            case .listPrice: item.listPrice = money
            default: break
            }
        }

        private mutating func set(_ field: ExchangeField, at: Instant) {
            switch field {
            case .createdAt: order.createdAt = at
            case .paidAt: order.paidAt = at
            case .shippedAt: order.shippedAt = at
            case .completedAt: order.completedAt = at
            case .closedAt: order.closedAt = at
            case .updatedAt: order.updatedAt = at
            default: break
            }
        }
    }
}
