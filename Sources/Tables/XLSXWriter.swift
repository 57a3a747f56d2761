/// Writes a workbook of one sheet, row by row, in memory that does not grow with it.
package final class XLSXWriter {
    package enum Cell: Hashable, Sendable {
        case text(String)
        case number(Double)
        case empty
    }

    private struct Written {
        let name: String
        let sum: UInt32
        let packed: Int
        let plain: Int
        let place: Int
    }

    private var written: [Written] = []
    private var place = 0
    private let deflate = Deflate()
    private var sum: UInt32 = 0
    private var plain = 0
    private var packed = 0
    private var sheetPlace = 0
    private var rows = 0
    private var waiting: [UInt8] = []
    private let tell: ([UInt8]) throws -> Void
    private static let sheet = "xl/worksheets/sheet1.xml"

    /// - Parameters:
    ///   - widths: of the columns, in characters.
    ///   - tell: takes the bytes of the file as they come.
    package init(
        sheet name: String, widths: [Int], tell: @escaping ([UInt8]) throws -> Void
    ) throws {
        self.tell = tell
        for (path, text) in Self.frame(name) { try file(path, Array(text.utf8)) }
        sheetPlace = place
        try send(Self.head(Self.sheet, sum: 0, packed: 0, plain: 0, streams: true))
        let columns = widths.enumerated().map { index, width in
            "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(width)\" customWidth=\"1\"/>"
        }.joined()
        try add(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">\
            <sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" \
            state="frozen"/></sheetView></sheetViews>\
            \(columns.isEmpty ? "" : "<cols>\(columns)</cols>")<sheetData>
            """)
    }

    /// - Parameter bold: for the header.
    package func row(_ cells: [Cell], bold: Bool = false) throws {
        rows += 1
        var text = "<row r=\"\(rows)\">"
        for (index, cell) in cells.enumerated() {
            let place = "\(Self.letters(index))\(rows)"
            let style = bold ? " s=\"1\"" : ""
            switch cell {
            case .empty: continue
            case .number(let number) where number.isFinite:
                text += "<c r=\"\(place)\"\(style)><v>\(number)</v></c>"
            case .number: continue
            case .text(let words):
                text +=
                    "<c r=\"\(place)\" t=\"inlineStr\"\(style)><is><t xml:space=\"preserve\">"
                    + Self.escape(words) + "</t></is></c>"
            }
        }
        try add(text + "</row>")
    }

    package func finish() throws {
        try add("</sheetData></worksheet>")
        try press(last: true)
        var after: [UInt8] = []
        after.add(0x0807_4b50 as UInt32)
        after.add(sum)
        after.add(UInt32(truncatingIfNeeded: packed))
        after.add(UInt32(truncatingIfNeeded: plain))
        try send(after)
        written.append(
            Written(name: Self.sheet, sum: sum, packed: packed, plain: plain, place: sheetPlace))
        try directory()
    }

    private func add(_ text: String) throws {
        waiting += Array(text.utf8)
        if waiting.count > 64 << 10 { try press(last: false) }
    }

    private func press(last: Bool) throws {
        sum = CRC.add(waiting, to: sum)
        plain += waiting.count
        let bytes = deflate.take(waiting, last: last)
        packed += bytes.count
        waiting.removeAll(keepingCapacity: true)
        try send(bytes)
    }

    private func send(_ bytes: [UInt8]) throws {
        place += bytes.count
        if !bytes.isEmpty { try tell(bytes) }
    }

    /// A small file as a whole.
    private func file(_ name: String, _ bytes: [UInt8]) throws {
        let packed = Deflate().take(bytes, last: true)
        let sum = CRC.add(bytes, to: 0)
        written.append(
            Written(name: name, sum: sum, packed: packed.count, plain: bytes.count, place: place))
        try send(
            Self.head(name, sum: sum, packed: packed.count, plain: bytes.count, streams: false)
                + packed)
    }

    /// 1980-01-01, so that equal tables are equal files.
    private static let day: UInt16 = 0x21

    private static func head(
        _ name: String, sum: UInt32, packed: Int, plain: Int, streams: Bool
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.add(0x0403_4b50 as UInt32)
        for number: UInt16 in [20, streams ? 0x808 : 0x800, 8, 0, day] { head.add(number) }
        head.add(sum)
        head.add(UInt32(packed))
        head.add(UInt32(plain))
        head.add(UInt16(name.utf8.count))
        head.add(0 as UInt16)
        return head + Array(name.utf8)
    }

    private func directory() throws {
        let start = place
        var list: [UInt8] = []
        for file in written {
            list.add(0x0201_4b50 as UInt32)
            let flags: UInt16 = file.name == Self.sheet ? 0x808 : 0x800
            for number: UInt16 in [20, 20, flags, 8, 0, Self.day] { list.add(number) }
            list.add(file.sum)
            list.add(UInt32(truncatingIfNeeded: file.packed))
            list.add(UInt32(truncatingIfNeeded: file.plain))
            list.add(UInt16(file.name.utf8.count))
            for _ in 0..<4 { list.add(0 as UInt16) }
            list.add(0 as UInt32)
            list.add(UInt32(truncatingIfNeeded: file.place))
            list += Array(file.name.utf8)
        }
        let size = list.count
        list.add(0x0605_4b50 as UInt32)
        for number: UInt16 in [0, 0, UInt16(written.count), UInt16(written.count)] {
            list.add(number)
        }
        list.add(UInt32(truncatingIfNeeded: size))
        list.add(UInt32(truncatingIfNeeded: start))
        list.add(0 as UInt16)
        try send(list)
    }

    private static func letters(_ column: Int) -> String {
        var letters = ""
        var rest = column + 1
        while rest > 0 {
            letters = String(Character(Unicode.Scalar(UInt8(65 + (rest - 1) % 26)))) + letters
            rest = (rest - 1) / 26
        }
        return letters
    }

    /// Without the signs that XML cannot hold.
    static func escape(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": plain += "&amp;"
            case "<": plain += "&lt;"
            case ">": plain += "&gt;"
            case "\"": plain += "&quot;"
            case "\n", "\t": plain.unicodeScalars.append(scalar)
            default:
                if scalar.value >= 0x20, scalar.value != 0xfffe, scalar.value != 0xffff {
                    plain.unicodeScalars.append(scalar)
                }
            }
        }
        return plain
    }

    private static func frame(_ name: String) -> [(String, String)] {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let packages = "http://schemas.openxmlformats.org/package/2006"
        let sheets = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        let title = escape(String(name.filter { !"[]:*?/\\".contains($0) }.prefix(31)))
        return [
            (
                "[Content_Types].xml",
                head
                    + "<Types xmlns=\"\(packages)/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"\(kind).sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"\(kind).worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"\(kind).styles+xml\"/></Types>"
            ),
            (
                "_rels/.rels",
                head
                    + "<Relationships xmlns=\"\(packages)/relationships\"><Relationship Id=\"rId1\" Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
            (
                "xl/workbook.xml",
                head
                    + "<workbook xmlns=\"\(sheets)\" xmlns:r=\"\(office)\"><sheets><sheet name=\"\(title)\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                head
                    + "<Relationships xmlns=\"\(packages)/relationships\"><Relationship Id=\"rId1\" Type=\"\(office)/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"\(office)/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
            (
                "xl/styles.xml",
                head
                    + "<styleSheet xmlns=\"\(sheets)\"><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz val=\"11\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\"><xf/><xf fontId=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>"
            ),
        ]
    }
}
