package import Desk
package import Foundation
package import SQL
package import SQLOnPostgres
import SQLOnSQLite
package import Storage
import Synchronization
package import Testing

/// The engines that every store test runs on.
package enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    package var testDescription: String { rawValue }

    /// A fresh, migrated store in a temporary place.
    package func store(_ clock: TestClock = TestClock()) async throws -> TestStore {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "qinke-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = try await place(in: folder)
        let database = try place.open(EventLog.writeCounters)
        _ = try await Migrator.qinke.migrate(database, at: clock.now.milliseconds)
        return TestStore(place: place, database: database, folder: folder, clock: clock)
    }

    /// Where a store of this engine can be kept; a PostgreSQL is migrated already, a file is not there yet.
    package func place(in folder: URL) async throws -> StorePlace {
        switch self {
        case .sqlite:
            .sqlite(folder.appending(path: "qinke.sqlite").path(percentEncoded: false))
        case .postgres:
            .postgres(try await TestDatabases.shared.take())
        }
    }
}

/// Where one store is.
package enum StorePlace: Sendable {
    case sqlite(String)
    case postgres(PostgresAddress)

    /// Opens it as one node does; several may at once where the engine is for several.
    package func open(
        _ beforeCommit: @escaping @Sendable (Transaction, GroupMemory) throws -> Void
    ) throws -> any Database {
        switch self {
        case .sqlite(let path):
            return try SQLiteDatabase(path: path, beforeCommit: beforeCommit)
        case .postgres(let address):
            var settings = PostgresDatabase.Settings()
            // Many tests run at once, each with a database and its links.
            settings.readers = 2
            return try PostgresDatabase(address, settings: settings, beforeCommit: beforeCommit)
        }
    }

    /// Ends the use of a store.
    package func giveBack(_ database: any Database) {
        switch self {
        case .sqlite: try? database.close()
        case .postgres(let address):
            TestDatabases.shared.giveBack(address) { try? database.close() }
        }
    }
}

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
    private let value: Mutex<Instant>

    /// - Parameter now: 2026-11-22 10:00 in Shanghai unless said otherwise.
    package init(_ now: Instant = Instant(milliseconds: 1_795_312_800_000)) { value = Mutex(now) }

    package var now: Instant { value.withLock { $0 } }

    package func advance(_ span: Span) { value.withLock { $0 = $0 + span } }
}

/// A store of one test, with one shop in it, removed with the test.
package final class TestStore: Sendable {
    package let place: StorePlace
    package let database: any Database
    package let folder: URL
    package let clock: TestClock
    package let ids: IDMaker
    /// Everything announced so far, in order.
    package let announced = Announced()
    package let carryOut: CarryOut
    package let shop = ShopID(1)

    package init(place: StorePlace, database: any Database, folder: URL, clock: TestClock) {
        self.place = place
        self.database = database
        self.folder = folder
        self.clock = clock
        ids = IDMaker { clock.now }
        let announced = announced
        carryOut = CarryOut(database: database, ids: ids) {
            clock.now
        } announce: {
            announced.add($0)
        }
    }

    /// The same with the shop made; most tests want it.
    package func withShop(_ slug: String = "test") async throws -> TestStore {
        let (shop, at) = (shop, clock.now)
        try await database.write { transaction in
            try transaction.run(
                "INSERT INTO shop (id, slug, name, created_at) VALUES (\(shop), \(slug), \("测试店"), \(at))"
            )
            try transaction.run("INSERT INTO shop_counter (shop, event) VALUES (\(shop), 0)")
        }
        return self
    }

    deinit {
        place.giveBack(database)
        try? FileManager.default.removeItem(at: folder)
    }
}

/// What was announced.
package final class Announced: Sendable {
    private let list = Mutex<[Event]>([])

    package init() {}

    package var events: [Event] { list.withLock { $0 } }
    package func add(_ events: [Event]) { list.withLock { $0 += events } }
}
