package import Desk
import Foundation

/// Reads the first sheet of a workbook row by row.
///
/// Cells come as texts; what the sheet shows as a date is written `2024-01-02 03:04:05`.
struct XLSXReader {
    /// Bytes of a sheet at most, unpacked; a million rows of forty columns.
    private static let mostSheet = 4 << 30
    private static let mostSmall = 16 << 20

    private let zip: ZipArchive
    private let sheet: ZipArchive.Entry
    private let shared: [String]
    private let dateStyles: Set<Int>
    private let limits: TableLimits

    init(_ source: any ByteSource, limits: TableLimits) throws {
        zip = try ZipArchive(source)
        self.limits = limits
        guard let sheet = try Self.firstSheet(zip) else { throw ZipArchive.Problem.unsupported }
        self.sheet = sheet
        shared = try Self.sharedTexts(zip, most: limits.shared)
        dateStyles = try Self.dateStyles(zip)
    }

    private static func scan(
        _ zip: ZipArchive, _ name: String, most: Int,
        _ tell: (MarkupScanner.Piece) throws -> Bool
    ) throws {
        guard let entry = zip.entries[name] else { return }
        var scanner = MarkupScanner()
        try zip.read(entry, most: most) { try scanner.read($0, tell) }
    }

    private static func firstSheet(_ zip: ZipArchive) throws -> ZipArchive.Entry? {
        var relation: String?
        try scan(zip, "xl/workbook.xml", most: mostSmall) { piece in
            if case .open("sheet", let attributes) = piece, relation == nil {
                relation = attributes["id"]
            }
            return relation == nil
        }
        var target: String?
        try scan(zip, "xl/_rels/workbook.xml.rels", most: mostSmall) { piece in
            if case .open("Relationship", let attributes) = piece, attributes["Id"] == relation {
                target = attributes["Target"]
            }
            return target == nil
        }
        if let target {
            let path = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/\(target)"
            if let entry = zip.entries[path] { return entry }
        }
        let sheets = zip.entries.keys.filter {
            $0.hasPrefix("xl/worksheets/") && $0.hasSuffix(".xml")
        }
        return sheets.min().flatMap { zip.entries[$0] }
    }

    private static func sharedTexts(_ zip: ZipArchive, most: Int) throws -> [String] {
        var texts: [String] = []
        var text = ""
        var isInText = false
        // The reading of Chinese signs stands beside them and is not part of the text.
        var isReading = false
        try scan(zip, "xl/sharedStrings.xml", most: most) { piece in
            switch piece {
            case .open("si", _): text = ""
            case .open("rPh", _): isReading = true
            case .close("rPh"): isReading = false
            case .open("t", _): isInText = !isReading
            case .close("t"): isInText = false
            case .close("si"): texts.append(text)
            case .text(let more) where isInText: text += more
            default: break
            }
            return true
        }
        return texts
    }

    /// Which styles of cells show a date.
    private static func dateStyles(_ zip: ZipArchive) throws -> Set<Int> {
        var formats: [Int: String] = [:]
        var isInCells = false
        var number = 0
        var dates: Set<Int> = []
        try scan(zip, "xl/styles.xml", most: mostSmall) { piece in
            switch piece {
            case .open("numFmt", let attributes):
                if let id = attributes["numFmtId"].flatMap({ Int($0) }) {
                    formats[id] = attributes["formatCode"]
                }
            case .open("cellXfs", _): isInCells = true
            case .close("cellXfs"): isInCells = false
            case .open("xf", let attributes) where isInCells:
                let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
                if isDate(id, formats[id]) { dates.insert(number) }
                number += 1
            default: break
            }
            return true
        }
        return dates
    }

    private static func isDate(_ id: Int, _ code: String?) -> Bool {
        if (14...22).contains(id) || (27...36).contains(id) || (45...47).contains(id)
            || (50...58).contains(id)
        {
            return true
        }
        guard let code else { return false }
        // Letters in quotes and brackets are words and colours.
        var plain = ""
        var quoted = false
        var bracket = false
        for letter in code.lowercased() {
            if letter == "\"" { quoted.toggle() }
            if letter == "[" { bracket = true }
            if !quoted && !bracket { plain.append(letter) }
            if letter == "]" { bracket = false }
        }
        return plain.contains { "ymdhs".contains($0) } && !plain.contains("general")
    }

    // MARK: Rows

    private struct Cell {
        var column = 0
        var type = ""
        var style = 0
        var value = ""
        var isInValue = false
    }

    func rows(_ tell: (TableRow) throws -> Bool) throws {
        var cells: [String] = []
        var number = 0
        var cell = Cell()
        var fault: TableRow.Fault?
        var scanner = MarkupScanner()
        try zip.read(sheet, most: Self.mostSheet) { bytes in
            try scanner.read(bytes) { piece in
                switch piece {
                case .open("row", let attributes):
                    let told = attributes["r"].flatMap { Int($0) } ?? 0
                    number = max(number + 1, min(told, number + 1_000_000))
                    cells.removeAll(keepingCapacity: true)
                    fault = nil
                case .open("c", let attributes):
                    cell = Cell()
                    cell.column = Self.column(attributes["r"]) ?? cells.count
                    cell.type = attributes["t"] ?? ""
                    cell.style = attributes["s"].flatMap { Int($0) } ?? 0
                case .open("v", _), .open("t", _): cell.isInValue = true
                case .close("v"), .close("t"): cell.isInValue = false
                case .text(let text) where cell.isInValue:
                    if cell.value.utf8.count < limits.cell { cell.value += text }
                case .close("c"):
                    guard cell.column < limits.cells else {
                        fault = .tooManyCells
                        return true
                    }
                    while cells.count < cell.column { cells.append("") }
                    if cells.count == cell.column { cells.append(shown(cell)) }
                case .close("row"):
                    let isWhole = fault == nil
                    return try tell(
                        TableRow(number: number, cells: isWhole ? cells : [], fault: fault))
                default: break
                }
                return true
            }
        }
    }

    private func shown(_ cell: Cell) -> String {
        switch cell.type {
        case "s":
            guard let index = Int(cell.value), shared.indices.contains(index) else { return "" }
            return shared[index]
        case "str", "inlineStr", "e", "d": return cell.value
        case "b": return cell.value == "1" ? "TRUE" : "FALSE"
        default:
            if dateStyles.contains(cell.style), let date = Self.date(cell.value) { return date }
            return Self.number(cell.value)
        }
    }

    /// A number without the traces of binary fractions: `12.340000000000001` is 12.34.
    private static func number(_ text: String) -> String {
        guard text.utf8.count > 15, let value = Double(text), abs(value) < 1e15 else {
            guard text.contains("E") || text.contains("e"), let value = Double(text),
                abs(value) < 1e18, value == value.rounded()
            else { return text }
            // A whole number written with an exponent; beyond fifteen digits it was rounded, which the reader tells.
            return abs(value) < 1e15
                ? String(Int64(value))
                : text.replacing("E", with: "E+")
                    .replacing("E++", with: "E+")
        }
        return String(format: "%.15g", value)
    }

    /// A serial date as text; days since 1899-12-30.
    private static func date(_ text: String) -> String? {
        guard let days = Double(text), days >= 0, days < 3_000_000 else { return nil }
        let seconds = Int((days * 86_400).rounded()) - 25_569 * 86_400
        let date = Date(timeIntervalSince1970: Double(seconds))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: date)
        return String(
            format: "%04d-%02d-%02d %02d:%02d:%02d", parts.year ?? 0, parts.month ?? 0,
            parts.day ?? 0, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
    }

    /// `C7` is column 2.
    private static func column(_ reference: String?) -> Int? {
        guard let reference else { return nil }
        var column = 0
        for byte in reference.utf8 {
            guard (0x41...0x5a).contains(byte) else { break }
            column = column * 26 + Int(byte - 0x40)
            if column > 20_000 { return nil }
        }
        return column == 0 ? nil : column - 1
    }
}
