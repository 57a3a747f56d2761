/// What a cell says, without what spreadsheets and shop systems put around it.
package enum CellText {
    /// What stands for nothing in a cell.
    private static let nothing: Set<String> = [
        "null", "none", "nil", "-", "--", "—", "——", "#n/a", "n/a", "无", "无退款申请", "没有申请退款", "暂无",
        "\\n",
    ]

    /// The text itself: without blanks around it, `="…"`, an apostrophe before a number, and the words for "nothing".
    ///
    /// - Returns: empty for nothing.
    package static func clean(_ cell: String) -> String {
        // Most cells need nothing done; looking at their bytes tells.
        if isPlain(cell) { return cell }
        var text = trim(cell[...])
        if text.hasPrefix("=\""), text.hasSuffix("\""), text.count >= 3 {
            text = trim(text.dropFirst(2).dropLast())
        } else if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 {
            text = trim(text.dropFirst().dropLast())
        }
        if text.hasPrefix("'") { text = trim(text.dropFirst()) }
        if text.utf8.count <= 24, nothing.contains(text.lowercased()) { return "" }
        return String(text)
    }

    /// Letters and digits of ASCII alone, and too long for one of the words for nothing; or a number.
    private static func isPlain(_ cell: String) -> Bool {
        var letters = false
        for byte in cell.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"),
                UInt8(ascii: "/"):
                continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                letters = true
            default: return false
            }
        }
        return !letters || cell.utf8.count > 5
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.unicodeScalars.first, isBlank(first) {
            text.unicodeScalars.removeFirst()
        }
        while let last = text.unicodeScalars.last, isBlank(last) {
            text.unicodeScalars.removeLast()
        }
        return text
    }

    /// Blanks of all scripts, and the marks of byte order and of direction that exports leave in front.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.value < 0x20
            || [0xfeff, 0x200b, 0x200e, 0x200f, 0x2060].contains(scalar.value)
    }

    /// A header as it is compared: half-width, small letters, no blanks and no signs.
    ///
    /// So `平均响应时长（秒）` is `平均响应时长(秒)` is `平均响应时长秒`.
    package static func header(_ cell: String) -> String {
        var key = ""
        for scalar in clean(cell).unicodeScalars {
            // The full-width forms of ASCII.
            let value =
                (0xff01...0xff5e).contains(scalar.value) ? scalar.value - 0xfee0 : scalar.value
            guard let plain = Unicode.Scalar(value), !isBlank(plain) else { continue }
            let properties = plain.properties
            guard properties.isAlphabetic || properties.numericType != nil else { continue }
            key += properties.lowercaseMapping
        }
        return key
    }

    /// Half-width digits and signs, as values are read.
    package static func halfWidth(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { (0xff01...0xff5e).contains($0.value) }) else {
            return text
        }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isFull = (0xff01...0xff5e).contains(scalar.value)
            plain.append(isFull ? Unicode.Scalar(scalar.value - 0xfee0) ?? scalar : scalar)
        }
        return String(plain)
    }
}
