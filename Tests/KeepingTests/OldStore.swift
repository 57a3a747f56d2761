import Desk
import Foundation
import Keeping
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Storage
import TestSupport

/// A store as an older program left it: the schema's steps 1 to 5, with synthetic data, as committed text; removed with the test.
final class OldStore: Sendable {
    static let steps = 5
    /// The program that wrote it.
    static let program = Migrator(allMigrations.filter { $0.number <= steps })

    let place: StorePlace
    let folder: URL
    /// The file of data; nil on a server.
    let file: URL?

    static func page(_ engine: Engine) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "old-store.\(engine.rawValue).sql")
    }

    /// A place for one, with nothing in it.
    init(empty engine: Engine) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "qinke-old-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        switch engine {
        case .sqlite:
            let path = folder.appending(path: "qinke.sqlite")
            (place, file) = (.sqlite(path.plainPath), path)
        case .postgres: (place, file) = (.postgres(try TestPostgres.database()), nil)
        }
    }

    /// The store of the committed text.
    convenience init(_ engine: Engine) async throws {
        try self.init(empty: engine)
        let text = try String(contentsOf: Self.page(engine), encoding: .utf8)
        try await write { try $0.script(text) }
    }

    deinit {
        if case .postgres(let address) = place { TestPostgres.remove(address) }
        try? FileManager.default.removeItem(at: folder)
    }

    func open() throws -> any Database { try place.open(EventLog.writeCounters) }

    /// Opens it, changes it and closes it.
    func write(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws {
        let database = try place.open { _, _ in }
        defer { try? database.close() }
        try await database.write(body)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    {
        let database = try place.open { _, _ in }
        defer { try? database.close() }
        return try await database.read(body)
    }

    func digests() async throws -> Digests { try await read { try Digests(of: $0) } }

    /// Where the backup goes and what may lie beside the data.
    var beside: URL { folder.appending(path: "qinke.sqlite") }

    // MARK: Writing the committed texts

    /// Fills an empty place as the older program did.
    func fill(from origin: OldStore?) async throws {
        let database = try open()
        defer { try? database.close() }
        _ = try await Self.program.migrate(database, at: 1_795_000_000_000)
        guard let origin else {
            let store = TestStore(
                place: place, database: database, folder: folder, clock: TestClock())
            try await Sample.fill(try await store.withShop(), seed: 5, messages: 80, search: false)
            return
        }
        let rows = try await origin.read { transaction in
            try (Catalogue(of: transaction).inOrderOfReference ?? [])
                .filter { $0.name != "migration" }
                .map { ($0, try transaction.rows($0.page(after: nil, limit: 1_000_000))) }
        }
        try await database.write { transaction in
            for (table, rows) in rows {
                for row in rows { try transaction.run(table.insert([row])) }
            }
        }
    }

    /// The store as text.
    func text() async throws -> String {
        try await read { transaction in
            let dialect = transaction.dialect
            let schema =
                dialect == .sqlite
                ? try transaction.rows(
                    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name"
                ).map { try $0.get(0, as: String.self) + ";\n" }
                : ([Migrator.list(dialect)]
                    + Self.program.migrations.flatMap { $0.statements(dialect) }).map { $0 + ";\n" }
            let rows = try (Catalogue(of: transaction).inOrderOfReference ?? []).flatMap { table in
                try transaction.rows(table.page(after: nil, limit: 1_000_000)).map { row in
                    let values = row.values.map { Self.literal($0, dialect) }
                        .joined(separator: ", ")
                    let names = table.columns.map(\.name).joined(separator: ", ")
                    return "INSERT INTO \(table.name) (\(names)) VALUES (\(values));\n"
                }
            }
            return (schema + rows).joined()
        }
    }

    private static func literal(_ value: SQLValue, _ dialect: Dialect) -> String {
        let digits =
            switch value {
            case .null: "NULL"
            case .int(let number): number == .min ? "-9223372036854775807 - 1" : "\(number)"
            case .double(let number): "\(number)"
            case .text(let text): hexadecimal(Array(text.utf8))
            case .blob(let bytes): hexadecimal(bytes)
            }
        return switch (value, dialect) {
        case (.text, .sqlite): "CAST(x'\(digits)' AS TEXT)"
        case (.text, .postgres): "convert_from('\\x\(digits)', 'UTF8')"
        case (.blob, .sqlite): "x'\(digits)'"
        case (.blob, .postgres): "'\\x\(digits)'"
        default: digits
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
