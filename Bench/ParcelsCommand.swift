import ArgumentParser
import Desk
import Foundation
import SQL
import SQLOnPostgres
import SQLOnSQLite
import Storage
import Synchronization

struct ParcelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parcels",
        abstract: "Finds the parcels in trouble among many open ones.",
        discussion: """
            A tenth of the parcels falls silent for too long between two looks. Measured are the look by the clock, \
            which reads only parcels whose time has come, and the look at all of them after the rules changed.
            """)

    @Option(help: "A new SQLite file, or the postgres:// address of an empty database.")
    var store: String
    @Option(help: "Open parcels.") var parcels = 100_000

    struct Report: Codable {
        var engine: String
        var parcels: Int
        /// Seconds of the look by the clock, and what it read and found.
        var due: Double
        var dueLooked: Int
        var dueFound: Int
        /// Seconds of the look at all, and what it read and found.
        var all: Double
        var allLooked: Int
        var allFound: Int
        var load: String
    }

    private static let start = Instant(milliseconds: 1_795_312_800_000)

    func run() async throws {
        let database: any Database =
            store.hasPrefix("postgres")
            ? try PostgresDatabase(PostgresAddress(store), beforeCommit: EventLog.writeCounters)
            : try SQLiteDatabase(path: store, beforeCommit: EventLog.writeCounters)
        _ = try await Migrator.qinke.migrate(database, at: Self.start.milliseconds)
        let now = Mutex(Self.start)
        let clock: @Sendable () -> Instant = { now.withLock { $0 } }
        let carryOut = CarryOut(
            database: database, ids: IDMaker(clock: clock), clock: clock, announce: { _ in })
        let shop = ShopID(1)
        try await database.write { transaction in
            try transaction.run(
                "INSERT INTO shop (id, slug, name, created_at) VALUES (\(shop), \("bench"), \("测试店"), \(Self.start))"
            )
            try transaction.run("INSERT INTO shop_counter (shop, event) VALUES (\(shop), 0)")
        }
        try await fill(database, shop)
        let look: @Sendable (Bool) async throws -> (seconds: Double, looked: Int, found: Int) = {
            all in
            let begun = ContinuousClock.now
            let (looked, found) = try await carryOut(in: shop, as: .system) { act in
                try ParcelWatch.round(all: all, in: act)
            }
            let span = ContinuousClock.now - begun
            let seconds =
                Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
            return (seconds, looked, found)
        }
        _ = try await look(true)
        now.withLock { $0 = $0 + .hours(20) }
        let due = try await look(false)
        now.withLock { $0 = $0 + .hours(4) }
        let all = try await look(true)
        try database.close()
        let report = Report(
            engine: "\(database.dialect)", parcels: parcels, due: due.seconds,
            dueLooked: due.looked, dueFound: due.found, all: all.seconds, allLooked: all.looked,
            allFound: all.found, load: ProcessFigures.load)
        try report.print()
        guard due.found == parcels / 10, all.looked == parcels else { throw ExitCode.failure }
    }

    private static let insert = FixedText(
        addingTo: "parcel",
        """
        shop, id, order_number, buyer_name, carrier, waybill, from_province, from_city, \
        to_province, to_city, route, created_at, paid_at, promised_at, state, unfinished, \
        picked_up_at, last_event_at, failed_attempts, went_away, last_province, last_city, \
        request_note, promise
        """)

    private func fill(_ database: any Database, _ shop: ShopID) async throws {
        let carriers = ["zhongtong", "yuantong", "yunda", "shunfeng"]
        let states: [ParcelStatus] = [.pickedUp, .inTransit, .inTransit, .arrivedCity]
        for first in stride(from: 0, to: parcels, by: 5_000) {
            let numbers = first..<min(first + 5_000, parcels)
            try await database.write { transaction in
                for number in numbers {
                    // Every tenth was heard of 20 hours ago; the others are heard of just now.
                    let heard = number % 10 == 0 ? Self.start - .hours(20) : Self.start
                    let values: [SQLValue] = [
                        shop.sqlValue, .int(Int64(number + 1)), .text("\(20_000_000 + number)"),
                        .text("买家"), .text(carriers[number % 4]),
                        .text("78\(100_000_000_000 + number)"), .text("浙江"), .text("杭州"),
                        .text("广东"), .text("深圳"), .text("between"),
                        (Self.start - .hours(40)).sqlValue, (Self.start - .hours(41)).sqlValue,
                        (Self.start + .days(5)).sqlValue, .text(states[number % 4].rawValue),
                        .int(1), (Self.start - .hours(39)).sqlValue, heard.sqlValue, .int(0),
                        .int(0), .text("广东"), .text(""), .text(""), .text("none"),
                    ]
                    try transaction.run(Statement(Self.insert, values))
                }
            }
        }
    }
}
