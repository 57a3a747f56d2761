package import Desk

/// A table that a person brought: separated text or a workbook, told apart by its bytes.
package struct TableFile {
    package enum Form: String, Sendable, Codable {
        case csv, xlsx
    }

    package let form: Form
    /// The encoding of a text, for people.
    package let encoding: String
    private let source: any ByteSource
    private let limits: TableLimits
    private let text: (form: TextForm, start: Int)
    private let workbook: XLSXReader?
    private static let piece = 64 << 10

    /// - Throws: a ``Refusal`` when it is no table.
    package init(_ source: any ByteSource, limits: TableLimits = TableLimits()) throws {
        self.source = source
        self.limits = limits
        let head = try source.whole(at: 0, count: 8)
        guard !head.isEmpty else { throw Refusal.tableEmpty }
        if head.starts(with: [0x50, 0x4b]) {
            form = .xlsx
            encoding = "UTF-8"
            text = (.utf8, 0)
            workbook = try Refusal.telling { try XLSXReader(source, limits: limits) }
            return
        }
        // The old binary workbook, and files that are no text at all.
        if head.starts(with: [0xd0, 0xcf, 0x11, 0xe0]) { throw Refusal.tableOld }
        form = .csv
        workbook = nil
        text = try TextForm.of(source)
        encoding = text.form.rawValue
        let start = try source.whole(at: 0, count: 4_096)
        if text.form != .utf16, start.contains(0) { throw Refusal.tableUnreadable }
    }

    /// Tells the rows from the first on.
    /// - Parameter tell: false to stop.
    package func rows(_ tell: (TableRow) throws -> Bool) throws {
        if let workbook {
            return try Refusal.telling { try workbook.rows(tell) }
        }
        struct Stop: Error {}
        let decoder = TextDecoder(text.form)
        var offset = text.start
        var reader: CSVReader?
        do {
            while true {
                let bytes = try source.read(at: offset, count: Self.piece)
                if bytes.isEmpty { break }
                offset += bytes.count
                let plain = decoder.decode(bytes)
                var now =
                    reader
                    ?? CSVReader(separator: CSVReader.separator(of: plain), limits: limits)
                try now.read(plain) { if try !tell($0) { throw Stop() } }
                reader = now
            }
            try reader?.finish { if try !tell($0) { throw Stop() } }
        } catch is Stop {}
    }

    /// The first rows.
    package func head(_ count: Int) throws -> [TableRow] {
        var rows: [TableRow] = []
        try self.rows {
            rows.append($0)
            return rows.count < count
        }
        return rows
    }
}

extension Refusal {
    package static let tableEmpty = Refusal(
        .invalid, "exchange.fileEmpty", zh: "文件是空的", en: "The file is empty")
    package static let tableOld = Refusal(
        .unsupported, "exchange.fileOld", zh: "这是旧版 Excel 文件（.xls）",
        en: "This is an old workbook (.xls)",
        instead: Localized(
            zh: "请在表格软件里另存为 .xlsx 或 .csv", en: "Save it as .xlsx or .csv in a spreadsheet program"))
    package static let tableUnreadable = Refusal(
        .unsupported, "exchange.fileUnreadable", zh: "这不是能读的表格",
        en: "This is not a table that can be read",
        instead: Localized(zh: "请上传 .csv 或 .xlsx 文件", en: "Upload a .csv or .xlsx file"))
    package static let tableTooLarge = Refusal(
        .tooLarge, "exchange.fileTooLarge", zh: "这个表格解开后太大",
        en: "Unpacked, the workbook is too large",
        instead: Localized(
            zh: "请另存为 .csv，或分成几个文件", en: "Save it as .csv, or cut it into several files"))

    /// Failures of reading a workbook, in words.
    static func telling<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let problem as ZipArchive.Problem {
            throw problem == .tooLarge ? tableTooLarge : tableUnreadable
        } catch is Inflate.Problem {
            throw tableUnreadable
        } catch is MarkupScanner.Problem {
            throw tableUnreadable
        }
    }
}
