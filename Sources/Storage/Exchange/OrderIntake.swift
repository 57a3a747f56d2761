import Desk
import SQL

/// Takes orders and their lines in, by their numbers.
///
/// It asks once for all that a chunk names, decides in memory, and adds what is new in as few statements as the engine
/// has them; so a file of a million rows comes in at the speed of the disk.
enum OrderIntake {
    static func take(
        _ rows: [ImportRow], _ place: ImportPlace, _ done: inout ImportDone
    ) throws {
        var intake = try Chunk(rows, place)
        for row in rows { done.upserts.append(try intake.take(row)) }
        if !place.isPreview { try intake.write(&done) }
    }

    /// One chunk while it is taken in.
    private struct Chunk {
        let place: ImportPlace
        var orders: [String: HeldOrder]
        var lines: [LineKey: HeldLine]
        let goods: KnownGoods
        let buyers: [String: Int64]
        /// In the order of the file.
        var newOrders: [HeldOrder] = []
        var changedOrders: [HeldOrder] = []
        var newLines: [HeldLine] = []
        var changedLines: [HeldLine] = []

        init(_ rows: [ImportRow], _ place: ImportPlace) throws {
            self.place = place
            let numbers = Set(rows.compactMap { $0.order?.number ?? $0.line?.order })
                .union(rows.compactMap { $0.line?.order })
            orders = try HeldOrder.load(Array(numbers), place)
            lines = try HeldLine.load(of: Array(orders.values), place)
            goods = place.isPreview ? KnownGoods() : try KnownGoods(rows, place)
            let nicks = Set(rows.compactMap { $0.order?.buyerNick })
            buyers = place.isPreview ? [:] : try Self.buyers(Array(nicks), place)
        }

        /// Buyers whom the shop's own site has signed in under the name that the file has.
        private static func buyers(
            _ nicks: [String], _ place: ImportPlace
        ) throws -> [String: Int64] {
            var found: [String: Int64] = [:]
            for row in try place.transaction.rows(
                """
                SELECT external_subject, id FROM buyer
                WHERE shop = \(place.shop) AND external_subject IN \(list: nicks)
                """)
            {
                found[try row.get(0)] = try row.get(1)
            }
            return found
        }

        /// The strongest of what becomes of a row's parts.
        mutating func take(_ row: ImportRow) throws -> Upsert {
            let order = row.order.map { take($0, with: row.line) }
            guard let told = row.line else { return order ?? .same }
            guard order != .older, order != .ours else { return order ?? .same }
            if orders[told.order] == nil {
                // Its order stood in a row at fault; what the line knows of it is enough to begin with.
                var alone = ImportedOrder()
                alone.number = told.order
                alone.state = told.state
                _ = take(alone, with: told)
            }
            let line = take(told)
            let strength: [Upsert] = [.make, .change, .older, .ours, .same]
            return strength.first { $0 == line || $0 == order } ?? line
        }

        private mutating func take(_ told: ImportedOrder, with line: ImportedLine?) -> Upsert {
            guard let held = orders[told.number] else {
                let made = HeldOrder.made(
                    told, line, place, buyer: told.buyerNick.flatMap { buyers[$0] })
                orders[told.number] = made
                newOrders.append(made)
                return .make
            }
            let upsert = Upsert.order(
                told, known: held.known, takenAt: place.batch.takenAt, differs: held.differs(told))
            if upsert == .change {
                held.change(told, takenAt: place.batch.takenAt)
                if !held.isNew, !held.isChanged { changedOrders.append(held) }
                held.isChanged = true
            }
            return upsert
        }

        private mutating func take(_ told: ImportedLine) -> Upsert {
            guard let order = orders[told.order] else { return .same }
            if order.isOwn { return .ours }
            let key = LineKey(order: order.id, number: told.number)
            guard let held = lines[key] else {
                let made = HeldLine.made(told, order, place, goods)
                lines[key] = made
                newLines.append(made)
                order.add(told)
                return .make
            }
            guard held.change(told) else { return .same }
            if !held.isNew, !held.isChanged { changedLines.append(held) }
            held.isChanged = true
            return .change
        }

        func write(_ done: inout ImportDone) throws {
            let transaction = place.transaction
            for order in newOrders {
                try transaction.run(Statement(HeldOrder.add, order.row(of: place.shop)))
                done.made.append(ImportMade(kind: .order, id: order.id))
            }
            for line in newLines {
                try transaction.run(Statement(HeldLine.add, line.row(of: place.shop)))
                // What belongs to an order that this batch made goes with it.
                if !line.order.isNew { done.made.append(ImportMade(kind: .line, id: line.id)) }
            }
            for order in changedOrders {
                try transaction.run(Statement(HeldOrder.set, order.update(of: place.shop)))
                done.changed.append(
                    ImportChanged(
                        kind: .order, id: order.id, version: order.version + 1,
                        before: order.before))
            }
            for line in changedLines {
                try transaction.run(Statement(HeldLine.set, line.update(of: place.shop)))
                done.changed.append(
                    ImportChanged(kind: .line, id: line.id, version: 0, before: line.before))
            }
            // Failures show here, inside the transaction that they belong to.
            try transaction.settle()
        }
    }
}

/// The shop's own goods that lines of orders name.
struct KnownGoods {
    var skus: [String: (id: Int64, item: Int64)] = [:]
    var items: [String: Int64] = [:]

    init() {}

    init(_ rows: [ImportRow], _ place: ImportPlace) throws {
        let codes = Array(Set(rows.compactMap { $0.line?.outerID }))
        let numbers = Array(Set(rows.compactMap { $0.line?.itemNumber }))
        if !codes.isEmpty {
            for row in try place.transaction.rows(
                """
                SELECT outer_id, id, item FROM sku
                WHERE shop = \(place.shop) AND outer_id IN \(list: codes) ORDER BY id DESC
                """)
            {
                skus[try row.get(0)] = (try row.get(1), try row.get(2))
            }
        }
        if !numbers.isEmpty {
            for row in try place.transaction.rows(
                "SELECT number, id FROM item WHERE shop = \(place.shop) AND number IN \(list: numbers)"
            ) {
                items[try row.get(0)] = try row.get(1)
            }
        }
    }
}

struct LineKey: Hashable {
    let order: Int64
    let number: String
}
