/// The number of a parcel with its carrier (运单号), written in one way.
///
/// Exports and people write the same number as `="773…"`, with blanks, tabs, full-width digits or small letters.
package struct WaybillNumber: Hashable, Sendable {
    package let text: String

    /// A number that was checked before it was kept.
    package init(kept text: String) { self.text = text }

    /// - Returns: nil for what cannot be a waybill number: 6 to 32 letters, digits and inner hyphens.
    package init?(_ written: String) {
        var text = ""
        for scalar in written.unicodeScalars {
            switch scalar {
            case "=", "\"", "'", "’", "＂", "　": continue
            // Full-width forms stand 0xFEE0 above their ASCII ones.
            case "\u{FF10}"..."\u{FF19}", "\u{FF21}"..."\u{FF3A}", "\u{FF41}"..."\u{FF5A}",
                "\u{FF0D}":
                guard let narrow = Unicode.Scalar(scalar.value - 0xFEE0) else { return nil }
                text.unicodeScalars.append(narrow)
            default:
                // Blanks, and the marks without width that copying leaves behind.
                if scalar.properties.isWhitespace || scalar.properties.generalCategory == .format {
                    continue
                }
                text.unicodeScalars.append(scalar)
            }
        }
        text = text.uppercased()
        guard (6...32).contains(text.utf8.count), text.utf8.allSatisfy(Self.mayStand),
            text.utf8.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            text.first != "-", text.last != "-"
        else { return nil }
        self.text = text
    }

    /// The number, or why there is none.
    package static func read(_ written: String) throws(Refusal) -> WaybillNumber {
        guard let number = WaybillNumber(written) else {
            throw Refusal(
                .invalid, "parcel.waybill", zh: "运单号由 6 到 32 位字母和数字组成",
                en: "A waybill number has 6 to 32 letters and digits",
                instead: Localized(zh: "请照面单上的号码填写", en: "Copy it from the parcel's label"),
                field: "waybill")
        }
        return number
    }

    private static func mayStand(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
