import Desk
import TestSupport
import Testing

struct CSVReaderTests {
    private static func read(_ text: String, piece: Int = 1 << 20) -> [[String]] {
        rows(Array(text.utf8), piece: piece).map(\.cells)
    }

    private static func rows(
        _ bytes: [UInt8], piece: Int = 1 << 20, limits: TableLimits = TableLimits()
    ) -> [TableRow] {
        var reader = CSVReader(limits: limits)
        var rows: [TableRow] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            reader.read(Array(bytes[start..<min(bytes.count, start + piece)])) { rows.append($0) }
        }
        reader.finish { rows.append($0) }
        return rows
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("a\rb\r", [["a"], ["b"]]),
        ("\"a,1\",\"b\n2\"\n", [["a,1", "b\n2"]]),
        ("\"say \"\"hi\"\"\",x\n", [["say \"hi\"", "x"]]),
        ("=\"0012\",=\"3,4\"\n", [["0012", "3,4"]]),
        ("=1+2,=\n", [["=1+2", "="]]),
        ("a\"b,\"c\"d\n", [["a\"b", "cd"]]),
        ("1,,3,\n\nx\n", [["1", "", "3", ""], [""], ["x"]]),
        ("留言,\"第一行\n第二行\"\n", [["留言", "第一行\n第二行"]]),
        ("", []),
    ])
    func `reads what shops' exports hold`(text: String, cells: [[String]]) {
        #expect(Self.read(text) == cells)
        // However the bytes come in.
        for piece in 1...5 { #expect(Self.read(text, piece: piece) == cells) }
    }

    @Test func `rows are numbered as the file has them`() {
        #expect(Self.rows(Array("a\n\"b\nb\"\nc".utf8)).map(\.number) == [1, 2, 3])
    }

    @Test func `a quote that is never closed costs what follows it, and says so`() {
        var limits = TableLimits()
        limits.cell = 100
        let text = "a,b\n1,\"no end" + String(repeating: "x", count: 200) + "\nc,d\n"
        let rows = Self.rows(Array(text.utf8), limits: limits)
        #expect(rows.map(\.fault) == [nil, .tooLong, nil])
        #expect(rows.last?.cells == ["c", "d"])
    }

    @Test func `too many cells are a fault of their row alone`() {
        var limits = TableLimits()
        limits.cells = 3
        let rows = Self.rows(Array("1,2,3,4,5\n1,2,3\n".utf8), limits: limits)
        #expect(rows.map(\.fault) == [.tooManyCells, nil])
    }

    @Test(arguments: [
        ("a,b\tc,d\n", ","), ("a\tb\tc\n1\t2\t3\n", "\t"), ("a;b;c\n1,5;2;3\n", ";"),
        ("\"a;b;c\",x\n", ","), ("plain\n", ","),
    ])
    func `the separator is told by the first lines`(text: String, separator: String) {
        #expect(CSVReader.separator(of: Array(text.utf8)) == Array(separator.utf8)[0])
    }

    @Test(arguments: 0..<200)
    func `whatever bytes come, it ends, and pieces change nothing`(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let alphabet: [UInt8] = [
            0x22, 0x22, 0x2c, 0x0a, 0x0d, 0x3d, 0x27, 0x61, 0xe4, 0xb8, 0xff, 0x00,
        ]
        let count = Int.random(in: 0..<600, using: &random)
        let bytes = (0..<count).map { _ in
            Bool.random(using: &random)
                ? alphabet.randomElement(using: &random) ?? 0
                : UInt8.random(in: 0...255, using: &random)
        }
        var limits = TableLimits()
        limits.cell = 40
        limits.cells = 6
        let whole = Self.rows(bytes, limits: limits)
        #expect(Self.rows(bytes, piece: 7, limits: limits) == whole)
        #expect(whole.allSatisfy { $0.cells.count <= 6 })
        let clock = ShopClock(zone: "Asia/Shanghai")
        var reading = RowReading(
            ColumnMapping(
                format: .orders,
                columns: [
                    .orderNumber: "a", .createdAt: "b", .payable: "c", .lineTitle: "d",
                    .lineQuantity: "e",
                ]),
            headers: ["a", "b", "c", "d", "e"], zone: "Asia/Shanghai")
        _ = clock
        var faults: [RowFault] = []
        for row in whole { _ = reading.read(row, &faults) }
        #expect(faults.allSatisfy { !$0.message.zh.isEmpty && !$0.message.en.isEmpty })
    }
}
