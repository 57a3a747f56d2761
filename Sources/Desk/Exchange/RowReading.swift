/// Makes records of the rows of one file.
///
/// It goes from the first row to the last, since rows may continue the one above.
package struct RowReading: Sendable {
    private let format: ExchangeFormat
    private let columns: [(field: ExchangeField, index: Int, header: String)]
    private var clock: ShopClock
    /// The order, or the thing, that a row without a number of its own continues.
    private var above: String?
    /// Lines of that order so far, to number those that have no number.
    private var linesAbove = 0
    /// What the thing above was called: its other variants do not repeat it.
    private var itemAbove: ImportedItem?

    package init(_ mapping: ColumnMapping, headers: [String], zone: String) {
        format = ExchangeFormat.of(mapping.format)
        let places = Dictionary(
            headers.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { a, _ in a })
        columns = ExchangeField.allCases.compactMap { field in
            guard let header = mapping.columns[field], let index = places[header] else {
                return nil
            }
            return (field, index, header)
        }
        clock = ShopClock(zone: zone)
    }

    /// What a row says.
    ///
    /// - Parameter faults: cells that cannot be read are added; then the row is not taken in.
    /// - Returns: nil for blank rows, sums and rows with faults.
    package mutating func read(_ row: TableRow, _ faults: inout [RowFault]) -> ImportRow? {
        if let fault = row.fault {
            faults.append(
                RowFault(
                    row: row.number, column: "", code: "exchange.\(fault.rawValue)",
                    message: fault.message, value: ""))
            return nil
        }
        if row.isBlank { return nil }
        var values = Values(row: row.number)
        for column in columns {
            let text = CellText.clean(row[column.index])
            guard !text.isEmpty else { continue }
            values.take(text, column.field, column.header, &clock)
        }
        if values.isSum { return nil }
        guard values.faults.isEmpty else {
            faults += values.faults
            return nil
        }
        let read = format.subject == .orders ? order(&values, row) : item(&values, row)
        faults += values.faults
        return values.faults.isEmpty ? read : nil
    }

    private mutating func order(_ values: inout Values, _ row: TableRow) -> ImportRow? {
        var order = values.order
        let isFirst: Bool
        if order.number.isEmpty {
            guard format.continues, let above else {
                values.miss(.orderNumber, header(of: .orderNumber))
                return nil
            }
            order.number = above
            isFirst = false
        } else {
            isFirst = order.number != above
            if isFirst {
                above = order.number
                linesAbove = 0
            }
        }
        values.settle(&order)
        var line: ImportedLine?
        if values.hasLine {
            linesAbove += 1
            var told = values.line
            told.order = order.number
            if told.number.isEmpty {
                // A single line has its order's number, as the platform does it.
                told.number = linesAbove == 1 ? order.number : "\(order.number)-\(linesAbove)"
            }
            if let quantity = told.quantity, quantity < 1 || quantity > 1_000_000 {
                values.refuse(
                    .lineQuantity, header(of: .lineQuantity), String(quantity), "exchange.quantity",
                    Localized(zh: "数量应在 1 到 1000000 之间", en: "A quantity is 1 to 1,000,000"))
            }
            line = told
        }
        if let created = order.createdAt, let paid = order.paidAt, paid < created {
            values.refuse(
                .paidAt, header(of: .paidAt), "", "exchange.order",
                Localized(zh: "付款时间早于下单时间", en: "Paid before it was ordered"))
        }
        return ImportRow(
            number: row.number, order: isFirst || line == nil ? order : nil, line: line)
    }

    private mutating func item(_ values: inout Values, _ row: TableRow) -> ImportRow? {
        var item = values.item
        if item.number.isEmpty {
            guard format.continues, let above else {
                values.miss(.itemNumber, header(of: .itemNumber))
                return nil
            }
            item.number = above
        }
        if item.number == above, let itemAbove {
            item.title = item.title ?? itemAbove.title
            item.category = item.category ?? itemAbove.category
            item.state = item.state ?? itemAbove.state
        }
        above = item.number
        itemAbove = item
        if item.title == nil {
            values.miss(.itemTitle, header(of: .itemTitle))
            return nil
        }
        if let price = item.price, price < .zero {
            values.refuse(
                .skuPrice, header(of: .skuPrice), price.description, "exchange.money",
                Localized(zh: "价格不能小于 0", en: "A price is not below 0"))
        }
        return ImportRow(number: row.number, item: item)
    }

    private func header(of field: ExchangeField) -> String {
        columns.first { $0.field == field }?.header ?? field.name.zh
    }
}
