/// A list as it leaves the house: columns, who may see what, and a line that says whose copy it is.
package enum ExportList: String, Hashable, Sendable, Codable, CaseIterable {
    case orders, items, stock, parcels

    package var title: Localized {
        switch self {
        case .orders: Localized(zh: "订单", en: "Orders")
        case .items: Localized(zh: "商品", en: "Items")
        case .stock: Localized(zh: "库存", en: "Stock")
        case .parcels: Localized(zh: "包裹", en: "Parcels")
        }
    }
}

/// One value of an exported row.
package enum ExportValue: Hashable, Sendable {
    case text(String)
    case money(Money)
    case count(Int)
    case at(Instant)
    case none
}

/// How values are written in a file that people open in spreadsheets.
package enum ExportText {
    /// As text: money in yuan, times by the shop's clock, nothing for nothing.
    package static func plain(_ value: ExportValue, _ calendar: ExportCalendar) -> String {
        switch value {
        case .text(let text): text
        case .money(let money): yuan(money)
        case .count(let count): String(count)
        case .at(let at): calendar.text(at)
        case .none: ""
        }
    }

    package static func yuan(_ money: Money) -> String {
        let (yuan, rest) = money.fen.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(money.fen < 0 ? "-" : "")\(yuan).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front.
    package static func guarded(_ text: String) -> String {
        guard let first = text.unicodeScalars.first(where: { $0 != " " }) else { return text }
        let begins: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
        // A plain negative number is a number.
        if first == "-", Double(text) != nil { return text }
        return begins.contains(first) ? "'" + text : text
    }

    /// A row of CSV, with its line end.
    package static func csv(_ cells: [String]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += "," }
            let needsQuotes = cell.utf8.contains {
                $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
                    || $0 == UInt8(ascii: "\r")
            }
            line += needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
        }
        return line + "\r\n"
    }

    /// A long number that a spreadsheet would round: it stays text in CSV too.
    package static func number(_ text: String) -> String {
        text.utf8.count >= 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            ? text + "\t" : text
    }
}

/// What of personal data a file shows to somebody who may not see the whole.
package enum Masked {
    /// As `138****0000`.
    package static func mobile(_ text: String) -> String {
        guard text.count >= 7 else { return text.isEmpty ? "" : "****" }
        return text.prefix(3) + "****" + text.suffix(4)
    }

    /// As `王**`.
    package static func name(_ text: String) -> String {
        guard let first = text.first else { return "" }
        return String(first) + String(repeating: "*", count: min(2, max(1, text.count - 1)))
    }

    /// An address to its district, and no further.
    package static func address(_ text: String) -> String { text.isEmpty ? "" : "******" }
}
