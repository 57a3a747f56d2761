package import Desk
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
package import Storage
import Synchronization
import Tables

/// Lists as files: CSV that spreadsheets open as it is, and workbooks.
///
/// Every file says who took it and when, is written into the audit before its first byte, and masks what the person
/// may not see.
package struct ExportRoutes: Sendable {
    private let exports: ExportStore
    private let shops: ShopStore
    private let policy: @Sendable (ShopID) -> PolicySet
    private let clock: @Sendable () -> Instant

    package init(
        _ exports: ExportStore, shops: ShopStore, policy: @escaping @Sendable (ShopID) -> PolicySet,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.exports = exports
        self.shops = shops
        self.policy = policy
        self.clock = clock
    }

    package var routes: [Route] {
        [.staff(.get, "/v1/exchange/export/{list}", .exchangeExport, export)]
    }

    @Sendable
    private func export(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let query = request.uri.queryParameters
        guard let list = visit.parameters.get("list").flatMap({ ExportList(rawValue: $0) }) else {
            throw Refusal.unknown("export", zh: "清单", en: "list")
        }
        try staff.require(list.permission)
        let form = query["form"].map(String.init) ?? "csv"
        guard form == "csv" || form == "xlsx" else {
            throw Refusal(
                .invalid, "export.form", zh: "只能导出 csv 或 xlsx", en: "The form is csv or xlsx",
                field: "form")
        }
        let wantsPersonal = query["personal"] == "1"
        if wantsPersonal { try staff.require(.receiverRead) }
        let question = ExportStore.Question(
            list: list, from: query["from"].flatMap { Int64($0) }.map(Instant.init(milliseconds:)),
            to: query["to"].flatMap { Int64($0) }.map(Instant.init(milliseconds:)),
            showsPersonal: wantsPersonal)
        let rows = try await exports.count(question, of: staff.shop)
        let most = policy(staff.shop).exportRows
        guard rows <= most else {
            throw Refusal(
                .tooLarge, "export.tooMany", zh: "有 \(rows) 行，一次最多导出 \(most) 行",
                en: "There are \(rows) rows; one export has at most \(most)",
                instead: Localized(zh: "请缩短时间范围", en: "Choose a shorter time"))
        }
        try await exports.record(question, form: form, rows: rows, by: staff)
        let shop = try await shops.one(staff.shop)
        let sheet = ExportSheet(
            list: list, by: staff.name, at: clock(), calendar: ExportCalendar(zone: shop.hours.zone)
        )
        return response(sheet, question, form: form, of: staff.shop)
    }

    private func response(
        _ sheet: ExportSheet, _ question: ExportStore.Question, form: String, of shop: ShopID
    ) -> Response {
        let exports = exports
        let isBook = form == "xlsx"
        return Response(
            status: .ok,
            headers: [
                .contentType: isBook
                    ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    : "text/csv; charset=utf-8",
                .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: FileName.disposition(
                    "\(sheet.list.rawValue)-\(sheet.day).\(form)", inline: false),
            ],
            body: ResponseBody { writer in
                let maker: any SheetMaker = isBook ? try BookMaker(sheet) : TextMaker(sheet)
                var after: Int64 = 0
                while true {
                    let (rows, last) = try await exports.rows(question, of: shop, after: after)
                    let bytes = try maker.take(rows)
                    if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                    guard let last else { break }
                    after = last
                }
                try await writer.write(ByteBuffer(bytes: try maker.finish()))
                try await writer.finish(nil)
            })
    }
}

extension ExportList {
    /// Who may see a list on the screen may take it, if they may take any.
    fileprivate var permission: Permission {
        switch self {
        case .orders: .orderRead
        case .items: .catalogRead
        case .stock: .stockRead
        case .parcels: .parcelRead
        }
    }
}

/// What a file says beside its rows.
private struct ExportSheet {
    let list: ExportList
    let by: String
    let at: Instant
    let calendar: ExportCalendar

    var day: String { String(calendar.text(at).prefix(10)) }
    var headers: [String] { ExportStore.columns(list).map(\.title.zh) }
    var widths: [Int] { ExportStore.columns(list).map(\.width) }

    /// The last row: whose copy it is.
    var mark: String { "\(by) · \(calendar.text(at)) · 仅限内部使用 / internal use only" }
}

/// Makes the bytes of a file, rows at a time.
private protocol SheetMaker {
    func take(_ rows: [[ExportValue]]) throws -> [UInt8]
    func finish() throws -> [UInt8]
}

private final class TextMaker: SheetMaker {
    private let sheet: ExportSheet
    private var isBegun = false

    init(_ sheet: ExportSheet) { self.sheet = sheet }

    private func begin() -> String {
        if isBegun { return "" }
        isBegun = true
        // The mark tells spreadsheets that it is UTF-8.
        return "\u{feff}" + ExportText.csv(sheet.headers)
    }

    func take(_ rows: [[ExportValue]]) -> [UInt8] {
        var text = begin()
        for row in rows {
            text += ExportText.csv(
                row.map { value in
                    let plain = ExportText.plain(value, sheet.calendar)
                    if case .text = value { return ExportText.guarded(plain) }
                    return plain
                })
        }
        return Array(text.utf8)
    }

    func finish() -> [UInt8] { Array((begin() + ExportText.csv([sheet.mark])).utf8) }
}

private final class BookMaker: SheetMaker {
    private let sheet: ExportSheet
    private let out: Out
    private let writer: XLSXWriter

    /// Gathers what the writer makes.
    private final class Out {
        var bytes: [UInt8] = []
    }

    init(_ sheet: ExportSheet) throws {
        let out = Out()
        self.sheet = sheet
        self.out = out
        writer = try XLSXWriter(sheet: sheet.list.title.zh, widths: sheet.widths) {
            out.bytes += $0
        }
        try writer.row(sheet.headers.map { .text($0) }, bold: true)
    }

    private func taken() -> [UInt8] {
        defer { out.bytes = [] }
        return out.bytes
    }

    func take(_ rows: [[ExportValue]]) throws -> [UInt8] {
        for row in rows {
            try writer.row(
                row.map { value in
                    switch value {
                    case .none: .empty
                    case .money(let money): .number(Double(money.fen) / 100)
                    case .count(let count): .number(Double(count))
                    case .text(let text):
                        .text(text.hasSuffix("\t") ? String(text.dropLast()) : text)
                    case .at: .text(ExportText.plain(value, sheet.calendar))
                    }
                })
        }
        return taken()
    }

    func finish() throws -> [UInt8] {
        try writer.row([.text(sheet.mark)])
        try writer.finish()
        return taken()
    }
}
