import Desk
import Foundation
import Logging
import SQL
import Storage
import Tables
import TestSupport
import Testing

@testable import Realtime

/// A shop whose files are taken in without a server.
struct ImportHouse: Sendable {
    let store: TestStore
    let imports: ImportStore
    let service: ImportService
    let boss: StaffPrincipal
    private let blobs: BlobFolder

    static func open(_ engine: Engine) async throws -> ImportHouse {
        let store = try await engine.store()
        let identity = store.identity()
        let (_, boss) = try await identity.testShop()
        let blobs = try BlobFolder(store.folder.appending(path: "files"))
        let imports = ImportStore(identity.carryOut)
        return ImportHouse(
            store: store, imports: imports,
            service: ImportService(
                imports, blobs: blobs, zone: { _ in "Asia/Shanghai" },
                logger: Logger(label: "test")), boss: boss, blobs: blobs)
    }

    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/exchange")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Brings a file, as a person does.
    /// - Parameter takenAt: when it was made; now, unless said.
    func bring(_ name: String, takenAt: Instant? = nil) async throws -> ImportBatch {
        try await bring(try Self.fixture(name), named: name, takenAt: takenAt)
    }

    func bring(
        _ bytes: [UInt8], named name: String = "test.csv", takenAt: Instant? = nil
    ) async throws -> ImportBatch {
        let key = try blobs.keep(bytes)
        let file = try TableFile(MemorySource(bytes))
        let recognition = try #require(Recognition.of(try file.head(40)))
        return try await imports.receive(
            .init(
                name: name, size: bytes.count, blob: key, form: file.form.rawValue,
                encoding: file.encoding, recognition: recognition,
                takenAt: takenAt ?? store.clock.now), by: boss)
    }

    /// Asks for something and lets it be done.
    @discardableResult
    func go(_ deed: ImportBatch.Deed, _ id: ImportBatchID) async throws -> ImportBatch {
        _ = try await imports.ask(deed, of: id, by: boss)
        await service.round()
        return try await imports.one(id, of: boss.shop).batch
    }

    /// Dry run and import.
    @discardableResult
    func take(_ name: String, takenAt: Instant? = nil) async throws -> ImportBatch {
        let batch = try await bring(name, takenAt: takenAt)
        try await go(.check, batch.id)
        return try await go(.start, batch.id)
    }

    /// Everything that a shop holds of orders and goods, without versions and ids.
    func everything() async throws -> [String] {
        let shop = boss.shop
        return try await store.database.read { transaction in
            let orders = try transaction.rows(
                """
                SELECT number, state, buyer_nick, source, created_at, paid_at, payable, paid, refunded, receiver_detail,
                    receiver_mobile, memo, buyer_message, source_updated_at
                FROM orders WHERE shop = \(shop) ORDER BY number
                """)
            let lines = try transaction.rows(
                """
                SELECT o.number, l.number, l.title, l.sku_name, l.outer_id, l.price, l.quantity, l.paid, l.refund_state,
                    l.refunded
                FROM order_line l JOIN orders o ON o.shop = l.shop AND o.id = l.order_id
                WHERE l.shop = \(shop) ORDER BY o.number, l.number
                """)
            let items = try transaction.rows(
                """
                SELECT i.number, i.title, i.state, s.outer_id, s.name, s.price FROM item i
                JOIN sku s ON s.shop = i.shop AND s.item = i.id WHERE i.shop = \(shop)
                ORDER BY i.number, s.outer_id
                """)
            return (orders + lines + items).map { "\($0.values)" }
        }
    }

    func order(_ number: String) async throws -> Row? {
        let shop = boss.shop
        return try await store.database.read { transaction in
            try transaction.first(
                """
                SELECT state, payable, receiver_detail, memo, version, id FROM orders
                WHERE shop = \(shop) AND number = \(number)
                """)
        }
    }
}
