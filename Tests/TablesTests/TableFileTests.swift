import Desk
import Foundation
import TestSupport
import Testing

@testable import Tables

struct TableFileTests {
    private static func rows(_ bytes: [UInt8]) throws -> [[String]] {
        try TableFile(MemorySource(bytes)).head(1_000).map(\.cells)
    }

    private static let text = "订单编号,留言\n=\"2024010100012345678\",\"多放一点，谢谢\"\n"

    /// The bytes of ``text`` in GBK, made with another program.
    private static let gbk: [UInt8] =
        [
            0xb6, 0xa9, 0xb5, 0xa5, 0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xc1, 0xf4, 0xd1, 0xd4, 0x0a,
        ] + Array("=\"2024010100012345678\",\"".utf8) + [
            0xb6, 0xe0, 0xb7, 0xc5, 0xd2, 0xbb, 0xb5, 0xe3, 0xa3, 0xac, 0xd0, 0xbb, 0xd0, 0xbb,
        ] + Array("\"\n".utf8)

    private static let cells = [["订单编号", "留言"], ["2024010100012345678", "多放一点，谢谢"]]

    @Test func `encodings are told apart by the bytes`() throws {
        #expect(try Self.rows(Array(Self.text.utf8)) == Self.cells)
        #expect(try Self.rows([0xef, 0xbb, 0xbf] + Array(Self.text.utf8)) == Self.cells)
        #expect(try Self.rows(Self.gbk) == Self.cells)
        let wide: [UInt8] =
            [0xff, 0xfe]
            + Self.text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try Self.rows(wide) == Self.cells)
        #expect(try TableFile(MemorySource(Self.gbk)).encoding == "GB18030")
    }

    @Test func `Chinese that comes after a megabyte of digits is still found to be GBK`() throws {
        let digits = Array(String(repeating: "1,2\n", count: 400_000).utf8)
        let file = try TableFile(MemorySource(digits + Self.gbk))
        #expect(file.encoding == "GB18030")
        var last = TableRow(number: 0, cells: [])
        try file.rows {
            last = $0
            return true
        }
        #expect(last.cells == Self.cells[1])
        #expect(last.number == 400_002)
    }

    @Test func `a broken byte becomes a mark and costs nothing else`() throws {
        let bytes = Array("a,".utf8) + [0xb6, 0xa9, 0xff, 0xff] + Array(",z\n".utf8)
        let row = try #require(try Self.rows(bytes).first)
        #expect(row.first == "a" && row.last == "z")
        #expect(row[1].hasPrefix("订"))
    }

    @Test func `what is no table is refused in words`() throws {
        for (bytes, code): ([UInt8], String) in [
            ([], "exchange.fileEmpty"), ([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3, 4], "exchange.fileOld"),
            (Array("PK\u{3}\u{4}nothing".utf8), "exchange.fileUnreadable"),
            ([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0], "exchange.fileUnreadable"),
        ] {
            #expect {
                _ = try TableFile(MemorySource(bytes))
            } throws: { ($0 as? Refusal)?.code == code }
        }
    }

    private static func workbook(
        _ rows: [[XLSXWriter.Cell]]
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let writer = try XLSXWriter(sheet: "订单", widths: [20, 10]) { bytes += $0 }
        for (index, row) in rows.enumerated() { try writer.row(row, bold: index == 0) }
        try writer.finish()
        return bytes
    }

    @Test func `a workbook comes back as it was written`() throws {
        let rows: [[XLSXWriter.Cell]] = [
            [.text("订单编号"), .text("金额"), .text("备注")],
            [.text("2024010100012345678"), .number(12.5), .text("a<b>&\"c\"\n第二行 ")],
            [.empty, .number(-3), .text("")],
        ]
        let bytes = try Self.workbook(rows)
        #expect(
            try Self.rows(bytes) == [
                ["订单编号", "金额", "备注"], ["2024010100012345678", "12.5", "a<b>&\"c\"\n第二行 "],
                ["", "-3.0", ""],
            ])
        #expect(try TableFile(MemorySource(bytes)).form == .xlsx)
    }

    @Test func `many rows come back, all of them`() throws {
        let bytes = try Self.workbook((0..<5_000).map { [.text("行\($0)"), .number(Double($0))] })
        let rows = try TableFile(MemorySource(bytes)).head(10_000)
        #expect(rows.count == 5_000)
        #expect(rows.last?.cells == ["行4999", "4999.0"])
        #expect(rows.last?.number == 5_000)
    }

    @Test func `shared texts, gaps, dates and rounded fractions of other programs`() throws {
        let bytes = try Self.archive([
            "xl/workbook.xml":
                "<x:workbook xmlns:x='a'><x:sheets><x:sheet name='A' r:id='rId7'/></x:sheets></x:workbook>",
            "xl/_rels/workbook.xml.rels":
                "<Relationships><Relationship Id=\"rId7\" Target=\"worksheets/other.xml\"/></Relationships>",
            "xl/sharedStrings.xml":
                "<sst><si><t>订单</t></si><si><r><t>粗</t></r><r><t xml:space=\"preserve\"> 体</t></r><rPh><t>x</t></rPh></si></sst>",
            "xl/styles.xml":
                "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy\\-mm\\-dd;@\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"200\"/></cellXfs></styleSheet>",
            "xl/worksheets/other.xml":
                "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c><c r=\"D2\" s=\"1\"><v>45293.5</v></c><c r=\"E2\" s=\"2\"><v>45293</v></c><c r=\"F2\"><v>12.340000000000001</v></c><c r=\"G2\" t=\"b\"><v>1</v></c><c r=\"H2\" t=\"s\"><v>99</v></c></row></sheetData></worksheet>",
        ])
        let rows = try TableFile(MemorySource(bytes)).head(10)
        #expect(rows.first?.number == 2)
        #expect(
            rows.first?.cells == [
                "订单", "", "粗 体", "2024-01-02 12:00:00", "2024-01-02 00:00:00", "12.34", "TRUE", "",
            ])
    }

    @Test func `a bomb is refused while it is unpacked`() throws {
        let bomb = String(repeating: "<row><c><v>1</v></c></row>", count: 100_000)
        let bytes = try Self.archive(["xl/worksheets/sheet1.xml": bomb])
        #expect(bytes.count < 20_000)
        var seen = 0
        // Either it is told row by row in bounded memory, or it is refused; never is it held as a whole.
        do {
            try TableFile(MemorySource(bytes)).rows { _ in
                seen += 1
                return seen < 10
            }
        } catch let refusal as Refusal {
            #expect(refusal.code == "exchange.fileTooLarge")
        }
        #expect(seen <= 10)
        let shared =
            "<sst>" + String(repeating: "<si><t>xxxxxxxxxxxxxxxx</t></si>", count: 60_000)
        let texts = try Self.archive([
            "xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": "<worksheet/>",
        ])
        #expect {
            var limits = TableLimits()
            limits.shared = 1 << 20
            _ = try TableFile(MemorySource(texts), limits: limits)
        } throws: { ($0 as? Refusal)?.code == "exchange.fileTooLarge" }
    }

    @Test(arguments: 0..<150)
    func `whatever bytes come, it answers`(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        var bytes: [UInt8]
        if seed % 3 == 0 {
            bytes = (0..<Int.random(in: 1..<2_000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
        } else {
            // A workbook with some bytes spoilt.
            bytes = try Self.workbook([[.text("a"), .number(1)], [.text("b"), .number(2)]])
            for _ in 0..<Int.random(in: 1..<30, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            if seed % 3 == 1 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        }
        do {
            _ = try TableFile(MemorySource(bytes)).head(100)
        } catch let refusal as Refusal {
            #expect(refusal.code.hasPrefix("exchange."))
        }
    }

    /// A zip file of these texts.
    private static func archive(_ files: [String: String]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var list: [UInt8] = []
        for (name, text) in files {
            let plain = Array(text.utf8)
            let packed = Deflate().take(plain, last: true)
            let place = bytes.count
            for (isList, magic) in [(false, 0x0403_4b50 as UInt32), (true, 0x0201_4b50)] {
                var head: [UInt8] = []
                head.add(magic)
                if isList { head.add(20 as UInt16) }
                for number: UInt16 in [20, 0, 8, 0, 0x21] { head.add(number) }
                head.add(CRC.add(plain, to: 0))
                head.add(UInt32(packed.count))
                head.add(UInt32(plain.count))
                head.add(UInt16(name.utf8.count))
                head.add(0 as UInt16)
                if isList {
                    for _ in 0..<3 { head.add(0 as UInt16) }
                    head.add(0 as UInt32)
                    head.add(UInt32(place))
                }
                head += Array(name.utf8)
                if isList { list += head } else { bytes += head + packed }
            }
        }
        let place = bytes.count
        bytes += list
        bytes.add(0x0605_4b50 as UInt32)
        for number: UInt16 in [0, 0, UInt16(files.count), UInt16(files.count)] { bytes.add(number) }
        bytes.add(UInt32(list.count))
        bytes.add(UInt32(place))
        bytes.add(0 as UInt16)
        return bytes
    }
}
