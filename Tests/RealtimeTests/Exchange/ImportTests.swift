import Desk
import Foundation
import SQL
import Storage
import TestSupport
import Testing

@testable import Realtime

struct ImportTests {
    private static let may28 = Instant(milliseconds: 1_779_940_800_000)

    @Test(arguments: Engine.allCases)
    func `a dry run tells what would happen and keeps nothing`(_ engine: Engine) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.bring("taobao-orders.gbk.csv")
        #expect(batch.mapping.format == .taobaoOrders)
        #expect(batch.encoding == "GB18030")
        let checked = try await house.go(.check, batch.id)
        #expect(checked.state == .checked)
        #expect(checked.tally.rows == 5)
        #expect(checked.tally.made == 5)
        #expect(checked.tally.faults == 0)
        #expect(try await house.everything().isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `the order report of years, with all its quirks, comes in as it was meant`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.take("taobao-orders.gbk.csv")
        #expect(batch.state == .imported)
        #expect(batch.tally.made == 5)
        let first = try #require(try await house.order("3901234567890123456"))
        #expect(try first.get(0) == "completed")
        #expect(try first.get(1) == 11_900)
        #expect(try first.get(2) == "浙江省 杭州市 西湖区 文三路 1 号")
        #expect(try first.get(3) == "老顾客, 送小样")
        let second = try #require(try await house.order("3901234567890123457"))
        #expect(try second.get(0) == "shipped")
        #expect(try second.get(2) == "江苏省 苏州市 姑苏区 观前街 3 号")
        #expect(try await house.order("3901234567890123458")?.get(0) == "awaitingPayment")
        #expect(try await house.order("3901234567890123459")?.get(0) == "closed")
        #expect(try await house.order("3901234567890123460")?.get(0) == "awaitingShipment")
        #expect(house.store.announced("exchange.imported").count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `a file that is taken in twice changes nothing`(_ engine: Engine) async throws {
        let house = try await ImportHouse.open(engine)
        for name in ["taobao-orders.gbk.csv", "taobao-lines.gbk.csv", "taobao-items.gbk.csv"] {
            try await house.take(name)
        }
        let before = try await house.everything()
        for name in ["taobao-orders.gbk.csv", "taobao-lines.gbk.csv", "taobao-items.gbk.csv"] {
            let again = try await house.take(name)
            #expect(again.tally.made == 0, "\(name) \(again.tally)")
            #expect(again.tally.changed == 0, "\(name) \(again.tally)")
        }
        #expect(try await house.everything() == before)
    }

    @Test(arguments: Engine.allCases)
    func `newer tells more, older is left out, and undoing brings back what was before`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let old = try await house.take("taobao-orders.gbk.csv")
        let before = try await house.everything()
        let newer = try await house.take("taobao-orders.newer.csv")
        #expect(newer.tally.rows == 2)
        #expect(newer.tally.changed == 2)
        #expect(try await house.order("3901234567890123457")?.get(0) == "completed")
        #expect(try await house.order("3901234567890123460")?.get(0) == "shipped")
        let between = try await house.everything()

        let again = try await house.take("taobao-orders.gbk.csv")
        #expect(again.tally.older == 2)
        #expect(again.tally.changed == 0)
        #expect(try await house.everything() == between)

        #expect(try await house.go(.undo, newer.id).state == .undone)
        #expect(try await house.everything() == before)
        #expect(try await house.go(.undo, old.id).state == .undone)
        #expect(try await house.everything().isEmpty)
        await #expect(throws: Refusal.self) {
            _ = try await house.imports.ask(.start, of: old.id, by: house.boss)
        }
    }

    @Test(arguments: Engine.allCases)
    func `what somebody has worked on since stays when a batch is undone, and is named`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.take("taobao-orders.gbk.csv")
        let shop = house.boss.shop
        try await house.store.database.write { transaction in
            try transaction.run(
                "UPDATE orders SET memo = 'ours', version = version + 1 WHERE shop = \(shop) AND number = '3901234567890123456'"
            )
        }
        #expect(try await house.go(.undo, batch.id).state == .undone)
        #expect(try await house.order("3901234567890123456")?.get(3) == "ours")
        #expect(try await house.order("3901234567890123457") == nil)
        let faults = try await house.imports.faults(of: batch.id, in: shop, limit: 10)
        #expect(faults.map(\.code) == ["exchange.kept"])
        #expect(faults.first?.value == "3901234567890123456")
    }

    @Test(arguments: Engine.allCases)
    func `lines find their orders, and an order that only a line names is made`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        try await house.take("taobao-items.gbk.csv")
        try await house.take("taobao-orders.gbk.csv")
        let batch = try await house.take("taobao-lines.gbk.csv")
        #expect(batch.tally.rows == 4)
        #expect(batch.tally.faults == 0)
        let alone = try #require(try await house.order("3901234567890129999"))
        #expect(try alone.get(0) == "awaitingShipment")
        #expect(try alone.get(1) == 6_800)
        let shop = house.boss.shop
        let lines = try await house.store.database.read { transaction in
            try transaction.rows(
                """
                SELECT l.outer_id, l.refund_state, l.refunded, s.id FROM order_line l
                JOIN orders o ON o.shop = l.shop AND o.id = l.order_id AND o.number = '3901234567890123456'
                LEFT JOIN sku s ON s.shop = l.shop AND s.id = l.sku WHERE l.shop = \(shop) ORDER BY l.number
                """)
        }
        #expect(try lines.map { try $0.get(0) } == ["TOWEL-W", "BATH-G"])
        #expect(try lines[1].get(1) == "done")
        #expect(try lines[1].get(2) == 4_000)
        #expect(try lines.allSatisfy { try $0.maybe(3, as: Int64.self) != nil })
        // The line of an order never moves the order itself: one line is refunded, the order is not closed.
        #expect(try await house.order("3901234567890123456")?.get(0) == "completed")
        #expect(try await house.go(.undo, batch.id).state == .undone)
        #expect(try await house.order("3901234567890129999") == nil)
    }

    @Test(arguments: Engine.allCases)
    func `Shopify's orders and products`(_ engine: Engine) async throws {
        let house = try await ImportHouse.open(engine)
        let products = try await house.take("shopify-products.csv")
        #expect(products.tally.made == 3)
        let batch = try await house.take("shopify-orders.csv")
        #expect(batch.tally.rows == 4)
        #expect(batch.tally.faults == 0)
        #expect(try await house.order("#1001")?.get(0) == "shipped")
        #expect(try await house.order("#1002")?.get(0) == "awaitingPayment")
        #expect(try await house.order("#1003")?.get(0) == "closed")
        #expect(try await house.everything().count == 3 + 4 + 3)
    }

    @Test(arguments: Engine.allCases)
    func `faults are told by row and column, and the other rows come in`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.take("orders.faults.csv")
        #expect(batch.tally.rows == 6)
        #expect(batch.tally.faults == 4)
        #expect(batch.tally.made == 2)
        let faults = try await house.imports.faults(of: batch.id, in: house.boss.shop, limit: 50)
        #expect(faults.map(\.row) == [3, 4, 5, 5, 6])
        #expect(try await house.order("1006")?.get(0) == "awaitingShipment")
    }

    @Test(arguments: Engine.allCases)
    func `a table of the shop's own is mapped once and known from then on`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.bring("offline-orders.xlsx")
        #expect(batch.headers == ["单号", "客户", "金额", "日期", "品名", "数量"])
        await #expect(throws: Refusal.self) {
            _ = try await house.imports.ask(.check, of: batch.id, by: house.boss)
        }
        var mapping = ColumnMapping(format: .orders, columns: batch.mapping.columns)
        mapping.columns[.orderNumber] = "单号"
        mapping.columns[.buyerNick] = "客户"
        mapping.columns[.payable] = "金额"
        mapping.columns[.createdAt] = "日期"
        mapping.columns[.lineTitle] = "品名"
        mapping.columns[.lineQuantity] = "数量"
        _ = try await house.imports.map(batch.id, mapping, by: house.boss)
        try await house.go(.check, batch.id)
        #expect(try await house.go(.start, batch.id).tally.made == 2)
        let order = try #require(try await house.order("X-2"))
        #expect(try order.get(1) == 6_660)
        let next = try await house.bring("offline-orders.xlsx")
        #expect(next.mapping == mapping)
    }

    private static func table(_ rows: Int) -> [UInt8] {
        var text = "订单编号,买家会员名,总金额,订单状态,订单创建时间,宝贝标题,购买数量\n"
        for row in 1...rows {
            text += "T\(100_000 + row),买家\(row),12.00,交易成功,2026-05-01 10:00,茶,1\n"
        }
        return Array(text.utf8)
    }

    @Test(arguments: Engine.allCases)
    func `stopped in the middle, it goes on where it was, each row once`(
        _ engine: Engine
    ) async throws {
        let house = try await ImportHouse.open(engine)
        let batch = try await house.bring(Self.table(1_400))
        try await house.go(.check, batch.id)
        _ = try await house.imports.ask(.start, of: batch.id, by: house.boss)
        var chunk = ImportChunk(after: 0)
        chunk.last = 301
        chunk.count = 300
        chunk.rows = (1...300).map { number in
            var order = ImportedOrder()
            order.number = "T\(100_000 + number)"
            order.state = .completed
            return ImportRow(number: number + 1, order: order)
        }
        try await house.imports.take(chunk, of: batch.id, in: house.boss.shop)
        // Another program that began at the same place is too late.
        await #expect(throws: ImportStopped.self) {
            try await house.imports.take(chunk, of: batch.id, in: house.boss.shop)
        }
        let stopped = try await house.imports.ask(.cancel, of: batch.id, by: house.boss)
        #expect(stopped.state == .cancelled)
        var next = ImportChunk(after: 301)
        next.last = 302
        let late = next
        await #expect(throws: ImportStopped.self) {
            try await house.imports.take(late, of: batch.id, in: house.boss.shop)
        }
        let done = try await house.go(.start, batch.id)
        #expect(done.state == .imported)
        #expect(done.tally.rows == 1_400)
        #expect(done.tally.made == 1_400)
        let shop = house.boss.shop
        let count: Int? = try await house.store.database.read {
            try $0.first("SELECT count(*) FROM orders WHERE shop = \(shop)")?.get(0)
        }
        #expect(count == 1_400)
        #expect(try await house.go(.undo, batch.id).state == .undone)
        #expect(try await house.everything().isEmpty)
    }

    @Test func `who may not import is told so`() async throws {
        let house = try await ImportHouse.open(.sqlite)
        let batch = try await house.bring("orders.faults.csv")
        var weak = house.boss
        weak = StaffPrincipal(
            id: weak.id, shop: weak.shop, login: weak.login, name: weak.name,
            nickname: weak.nickname, standing: Standing(.agent, .mid), department: weak.department,
            permissions: Standing(.agent, .mid).permissions, groups: [], cap: nil, session: nil,
            token: nil)
        let agent = weak
        await #expect(throws: Refusal.self) {
            _ = try await house.imports.ask(.check, of: batch.id, by: agent)
        }
    }
}
