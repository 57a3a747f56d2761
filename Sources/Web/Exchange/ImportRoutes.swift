package import Desk
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
package import NIOPosix
import Realtime
package import Storage
import Tables

/// Files of orders and items: brought, looked at, taken in, and taken back.
package struct ImportRoutes: Sendable {
    private static let piece = 256 << 10
    /// How long a whole upload may take.
    private static let longest = Duration.seconds(1_800)
    private static let unknown = Refusal.unknown("exchange", zh: "导入批次", en: "batch")

    private let imports: ImportStore
    private let blobs: any BlobStore
    private let policy: @Sendable (ShopID) -> PolicySet
    private let threads: NIOThreadPool

    package init(
        _ imports: ImportStore, blobs: any BlobStore,
        policy: @escaping @Sendable (ShopID) -> PolicySet, threads: NIOThreadPool = .singleton
    ) {
        self.imports = imports
        self.blobs = blobs
        self.policy = policy
        self.threads = threads
    }

    package var routes: [Route] {
        [
            .staff(.get, "/v1/exchange/batches", .exchangeImport, all),
            .staff(.post, "/v1/exchange/batches", .exchangeImport, receive),
            .staff(.get, "/v1/exchange/batches/{id}", .exchangeImport, one),
            .staff(.put, "/v1/exchange/batches/{id}/mapping", .exchangeImport, map),
            .staff(.post, "/v1/exchange/batches/{id}/check", .exchangeImport, ask(.check)),
            .staff(.post, "/v1/exchange/batches/{id}/start", .exchangeImport, ask(.start)),
            .staff(.post, "/v1/exchange/batches/{id}/cancel", .exchangeImport, ask(.cancel)),
            .staff(.post, "/v1/exchange/batches/{id}/undo", .exchangeImport, ask(.undo)),
            .staff(.get, "/v1/exchange/batches/{id}/faults", .exchangeImport, faults),
            .staff(.delete, "/v1/exchange/batches/{id}", .exchangeImport, remove),
            .staff(.get, "/v1/exchange/formats", .exchangeImport, formats),
        ]
    }

    // MARK: Wire

    private struct Wire: Encodable {
        let id: ImportBatchID
        let name: String
        let size: Int
        let form: String
        let encoding: String
        let format: Word
        let state: Word
        let open: [ImportBatch.Deed]
        let by: String
        let takenAt: Instant
        let createdAt: Instant
        let startedAt: Instant?
        let finishedAt: Instant?
        let rowsTotal: Int?
        let rowsDone: Int
        let tally: ImportTally
        let problem: Localized?

        init(_ batch: ImportBatch) {
            id = batch.id
            name = batch.name
            size = batch.size
            form = batch.form
            encoding = batch.encoding
            let format = ExchangeFormat.of(batch.mapping.format)
            self.format = Word(code: format.name.rawValue, format.title)
            state = Word(code: batch.state.rawValue, batch.state.name)
            open = batch.open
            by = batch.by.name
            takenAt = batch.takenAt
            createdAt = batch.createdAt
            startedAt = batch.startedAt
            finishedAt = batch.finishedAt
            rowsTotal = batch.rowsTotal
            rowsDone = batch.rowsDone
            tally = batch.tally
            problem = batch.problem
        }
    }

    private struct All: Encodable {
        let batches: [Wire]
    }

    private struct Fault: Encodable {
        let row: Int
        let column: String
        let code: String
        let message: Localized
        let value: String

        init(_ fault: RowFault) {
            row = fault.row
            column = fault.column
            code = fault.code
            message = fault.message
            value = fault.value
        }
    }

    private struct One: Encodable {
        let batch: Wire
        let headerRow: Int
        let headers: [String]
        let mapping: ColumnMapping
        /// What each format would take of these columns.
        let guesses: [String: [String: String]]
        let missing: [String]
        let ignored: [String]
        let faults: [Fault]
        let sample: [[String]]
    }

    private struct Format: Encodable {
        struct Field: Encodable {
            let code: String
            let name: Localized
            let required: Bool
        }

        let code: String
        let name: Localized
        let fields: [Field]
    }

    private struct Formats: Encodable {
        let formats: [Format]
    }

    // MARK: Reading

    @Sendable
    private func all(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(All(batches: try await imports.all(of: staff.shop).map(Wire.init)))
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let stored = try await imports.one(try visit.id(or: Self.unknown), of: staff.shop)
        return try .json(try await told(stored, staff, sample: true))
    }

    private func told(
        _ stored: ImportStore.Stored, _ staff: StaffPrincipal, sample: Bool
    ) async throws -> One {
        let batch = stored.batch
        let faults = try await imports.faults(of: batch.id, in: staff.shop, limit: 50)
        let shown = sample && !batch.state.isRunning ? await self.sample(stored) : []
        return One(
            batch: Wire(batch), headerRow: batch.headerRow, headers: batch.headers,
            mapping: batch.mapping, guesses: Self.guesses(batch.headers),
            missing: batch.mapping.missing.map(\.rawValue),
            ignored: batch.mapping.ignored(of: batch.headers), faults: faults.map(Fault.init),
            sample: shown)
    }

    private static func guesses(_ headers: [String]) -> [String: [String: String]] {
        var guesses: [String: [String: String]] = [:]
        for format in ExchangeFormat.all {
            let columns = format.mapping(headers).columns.map { ($0.key.rawValue, $0.value) }
            guesses[format.name.rawValue] = Dictionary(uniqueKeysWithValues: columns)
        }
        return guesses
    }

    /// The first rows, with personal data made unreadable.
    private func sample(_ stored: ImportStore.Stored) async -> [[String]] {
        let batch = stored.batch
        let source = BlobSource(stored.blob, size: batch.size, in: blobs)
        let personal = Set(batch.mapping.columns.filter { $0.key.isPersonal }.map(\.value))
        let rows = try? await off {
            try TableFile(source).head(batch.headerRow + 10).filter {
                $0.number > batch.headerRow && !$0.isBlank
            }
        }
        return (rows ?? []).prefix(5).map { row in
            batch.headers.indices.map { index in
                let text = String(CellText.clean(row[index]).prefix(60))
                return personal.contains(batch.headers[index]) ? Masked.name(text) : text
            }
        }
    }

    @Sendable
    private func formats(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(
            Formats(
                formats: ExchangeFormat.all.map { format in
                    Format(
                        code: format.name.rawValue, name: format.title,
                        fields: format.fields.map {
                            .init(
                                code: $0.rawValue, name: $0.name,
                                required: format.required.contains($0))
                        })
                }))
    }

    /// Everything that is wrong with a file, as a table to work through.
    @Sendable
    private func faults(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let stored = try await imports.one(try visit.id(or: Self.unknown), of: staff.shop)
        let faults = try await imports.faults(
            of: stored.batch.id, in: staff.shop, limit: ImportStore.mostFaults)
        let zh = request.uri.queryParameters["language"] != "en"
        var text = "\u{feff}"
        text += ExportText.csv(
            zh ? ["行", "列", "问题", "内容"] : ["Row", "Column", "Problem", "Value"])
        for fault in faults {
            text += ExportText.csv([
                String(fault.row), ExportText.guarded(fault.column),
                zh ? fault.message.zh : fault.message.en, ExportText.guarded(fault.value),
            ])
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: FileName.disposition(
                    "faults-\(stored.batch.id).csv", inline: false),
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    // MARK: Deeds

    @Sendable
    private func receive(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = policy(staff.shop).importSize
        if let told = request.headers[.contentLength].flatMap({ Int($0) }), told > limit {
            throw Refusal.importTooLarge(limit: limit)
        }
        let name = Self.name(query["name"].map(String.init) ?? "")
        let incoming = try await off { try blobs.receive() }
        let key: BlobKey
        let size: Int
        do {
            try await receive(request.body, into: incoming, limit)
            size = incoming.size
            if size == 0 { throw Refusal.tableEmpty }
            key = try await off { try blobs.keep(incoming) }
        } catch {
            incoming.discard()
            throw error
        }
        let source = BlobSource(key, size: size, in: blobs)
        let (form, encoding, recognition) = try await off {
            let file = try TableFile(source)
            return (file.form, file.encoding, Recognition.of(try file.head(40)))
        }
        guard let recognition else { throw Refusal.tableEmpty }
        let modified = query["modified"].flatMap { Int64($0) } ?? .max
        let batch = try await imports.receive(
            ImportStore.Arrival(
                name: name, size: size, blob: key, form: form.rawValue, encoding: encoding,
                recognition: recognition, takenAt: Instant(milliseconds: max(0, modified))),
            by: staff)
        let stored = try await imports.one(batch.id, of: staff.shop)
        return try .json(try await told(stored, staff, sample: true), status: .created)
    }

    /// Of the file alone, as far as it can be shown.
    private static func name(_ told: String) -> String {
        let last = told.split(whereSeparator: { "/\\".contains($0) }).last ?? ""
        let name = String(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f })
        return name.isEmpty ? "table" : String(name.suffix(120))
    }

    private func receive(
        _ body: RequestBody, into incoming: IncomingBlob, _ limit: Int
    ) async throws {
        let clock = ContinuousClock()
        let end = clock.now + Self.longest
        var waiting = ByteBuffer()
        for try await part in body {
            waiting.writeImmutableBuffer(part)
            if incoming.size + waiting.readableBytes > limit {
                throw Refusal.importTooLarge(limit: limit)
            }
            if clock.now > end { throw Refusal.uploadSlow }
            if waiting.readableBytes >= Self.piece {
                let bytes = waiting
                try await off { try incoming.append(bytes.readableBytesView) }
                waiting = ByteBuffer()
            }
        }
        let bytes = waiting
        try await off { try incoming.append(bytes.readableBytesView) }
    }

    @Sendable
    private func map(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ImportBatchID = try visit.id(or: Self.unknown)
        let mapping = try await request.json(ColumnMapping.self, visit)
        _ = try await imports.map(id, mapping, by: staff)
        return try .json(
            try await told(try await imports.one(id, of: staff.shop), staff, sample: true))
    }

    private func ask(
        _ deed: ImportBatch.Deed
    ) -> @Sendable (Request, Visit, StaffPrincipal) async throws -> Response {
        { request, visit, staff in
            let id: ImportBatchID = try visit.id(or: Self.unknown)
            _ = try await imports.ask(deed, of: id, by: staff)
            return try .json(
                try await told(try await imports.one(id, of: staff.shop), staff, sample: false))
        }
    }

    @Sendable
    private func remove(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await imports.remove(try visit.id(or: Self.unknown), by: staff)
        return .nothing
    }

    private func off<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await threads.runIfActive(body)
    }
}

extension Refusal {
    static func importTooLarge(limit: Int) -> Refusal {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB"
        return Refusal(
            .tooLarge, "exchange.tooLarge", zh: "文件超过 \(size)",
            en: "The file is larger than \(size)",
            instead: Localized(zh: "请分成几个文件", en: "Cut it into several files"))
    }
}
