import Desk
import Foundation
import SQL
import Storage
import Synchronization
import TestSupport
import Testing

/// Notes what orders ask of the stock.
private final class Asked: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ text: String) { list.withLock { $0.append(text) } }

    var stock: OrderStock {
        OrderStock(
            reserve: { sku, quantity, _, _ in self.add("reserve \(sku) \(quantity)") },
            commit: { _, _ in self.add("commit") }, release: { _, _ in self.add("release") })
    }
}

@Suite struct `The store of orders` {
    private struct Place {
        let store: TestStore
        let identity: Identity
        let orders: OrderStore
        let boss: StaffPrincipal
        let asked = Asked()

        init(_ engine: Engine) async throws {
            store = try await engine.store()
            identity = store.identity()
            boss = try await identity.testShop().owner
            orders = OrderStore(identity.carryOut, stock: asked.stock) { _ in .default }
        }

        func draft(_ conversation: ConversationID? = nil) -> OrderStore.Draft {
            var draft = OrderStore.Draft(lines: [
                .init(sku: nil, title: "风衣", price: Money(fen: 10_000), quantity: 1),
                .init(sku: nil, title: "袜子", price: Money(fen: 2_001), quantity: 3),
            ])
            draft.conversation = conversation
            draft.buyerNick = "小明"
            draft.receiver = Receiver(
                name: "张三丰", mobile: "13812345678", region: "浙江省", city: "杭州市",
                district: "西湖区", detail: "文三路 1 号")
            draft.freight = Money(fen: 800)
            draft.discount = Money(fen: 1_003)
            return draft
        }

        /// A buyer who has written.
        func conversation() async throws -> (ConversationID, BuyerID) {
            let buyer = try await identity.buyers.open(.init(name: "小明"), in: boss.shop).buyer
            let (shop, carryOut) = (boss.shop, identity.carryOut)
            let converse = Converse(claimUpload: UploadStore.claim)
            let answer = try await carryOut(in: shop, as: buyer.principal.actor) { act in
                try converse(
                    .say(Saying(key: "k1", text: "在吗"), upload: nil), key: "k1", in: nil,
                    by: .buyer(buyer.principal.id, name: "小明"), policy: .default, act: act)
            }
            return (answer.conversation, buyer.principal.id)
        }

        func load(_ id: OrderID) async throws -> Order {
            let shop = boss.shop
            return try #require(
                try await store.database.read { try OrderStore.load(id, of: shop, in: $0) })
        }
    }

    @Test(arguments: Engine.allCases)
    func `keeps an order as it was decided, and finds it in every way`(_ engine: Engine)
        async throws
    {
        let place = try await Place(engine)
        let order = try await place.orders.place(place.draft(), by: place.boss)
        #expect(try await place.load(order.id) == order)
        #expect(order.addsUp && order.lines.count == 2)
        let shop = place.boss.shop
        for text in [order.number, "小明", "小", "5678", "13812345678", "袜"] {
            let found = try await place.store.database.read { transaction in
                var query = OrderList.Query()
                query.text = text
                return try OrderList.page(of: shop, query, in: transaction).map(\.id)
            }
            #expect(found == [order.id], "\(text)")
        }
        let none = try await place.store.database.read { transaction in
            var query = OrderList.Query()
            query.text = "5679"
            return try OrderList.page(of: shop, query, in: transaction)
        }
        #expect(none.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `walks through pages without losing or doubling an order`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        var made: [OrderID] = []
        for index in 0..<7 {
            if index % 3 == 0 { place.store.clock.advance(.minutes(1)) }
            made.append(try await place.orders.place(place.draft(), by: place.boss).id)
        }
        let shop = place.boss.shop
        let (pages, work) = try await place.store.database.read { transaction in
            var seen: [OrderID] = []
            var query = OrderList.Query()
            query.limit = 3
            while true {
                let page = try OrderList.page(of: shop, query, in: transaction)
                guard let last = page.last else { break }
                seen += page.map(\.id)
                query.after = .init(at: last.createdAt.milliseconds, id: last.id)
            }
            var waiting: [OrderID] = []
            var after: OrderList.Place?
            while true {
                let page = try OrderList.work(
                    .unpaid, of: shop, owner: nil, after: after, at: Instant(milliseconds: 0),
                    rules: OrderRules(), limit: 2, in: transaction)
                guard let last = page.last else { break }
                waiting += page.map(\.id)
                after = OrderList.place(after: last, in: .unpaid)
            }
            return (seen, waiting)
        }
        #expect(pages == made.reversed())
        #expect(work == made)
    }

    @Test(arguments: Engine.allCases)
    func `tells the buyer's conversation, staff only, and the audit`(_ engine: Engine)
        async throws
    {
        let place = try await Place(engine)
        let (talk, buyer) = try await place.conversation()
        let order = try await place.orders.place(place.draft(talk), by: place.boss)
        #expect(order.buyer == buyer)
        _ = try await place.orders.perform(order.id, by: place.boss) { order, rules, act in
            try order.pay(
                order.dueNow, channel: "alipay", reference: "", at: act.at, rules: rules)
        }
        let messages = try await place.store.messages(talk)
        let told = messages.compactMap(\.system).filter { $0.code == .told }
        #expect(told.count == 2)
        #expect(told.last?.args["zh"]?.contains("模拟") == true)
        #expect(messages.filter { $0.system?.code == .told }.allSatisfy { $0.audience == .staff })
        #expect(!place.store.announced("order.paid").isEmpty)
        let audit = try await place.identity.audit.entries(of: place.boss.shop, .init())
        #expect(
            audit.contains { $0.kind == .orderPaid } && audit.contains { $0.kind == .orderAdded })
        let shop = place.boss.shop
        let ledger = try await place.store.database.read { transaction in
            try PaymentLedger.of(order.id, of: shop, in: transaction)
        }
        #expect(ledger.map(\.entry.amount) == [order.payable])
        #expect(ledger.map(\.entry.simulated) == [true])
    }

    @Test(arguments: Engine.allCases)
    func `closes what nobody pays and completes what nobody confirms`(_ engine: Engine)
        async throws
    {
        let place = try await Place(engine)
        let (boss, clock) = (place.boss, place.store.clock)
        let unpaid = try await place.orders.place(place.draft(), by: boss)
        let paid = try await place.orders.place(place.draft(), by: boss)
        _ = try await place.orders.perform(paid.id, by: boss) { order, rules, act in
            try order.pay(order.dueNow, channel: "", reference: "", at: act.at, rules: rules)
        }
        let carryOut = place.identity.carryOut
        let orders = place.orders
        _ = try await carryOut(in: boss.shop, as: boss.actor) { act in
            try orders.shipped(Set(paid.lines.map(\.id)), of: paid.id, in: act)
        }
        #expect(try await orders.passTime(in: boss.shop, limit: 10) { _ in } == 0)
        clock.advance(.hours(24))
        #expect(try await orders.passTime(in: boss.shop, limit: 10) { _ in } == 1)
        #expect(try await place.load(unpaid.id).closeReason == .timedOut)
        clock.advance(.days(9))
        #expect(try await orders.passTime(in: boss.shop, limit: 10) { _ in } == 1)
        #expect(try await place.load(paid.id).state == .completed)
        #expect(try await orders.passTime(in: boss.shop, limit: 10) { _ in } == 0)
    }

    @Test(arguments: Engine.allCases)
    func `refuses who read an older version, and keeps nothing of it`(_ engine: Engine)
        async throws
    {
        let place = try await Place(engine)
        let order = try await place.orders.place(place.draft(), by: place.boss)
        let noted = try await place.orders.perform(order.id, readAs: 1, by: place.boss) {
            order, _, _ in try order.note(memo: "急", flag: 1)
        }
        #expect(noted.version == 2)
        let refusal = await #expect(throws: Refusal.self) {
            try await place.orders.perform(order.id, readAs: 1, by: place.boss) { order, _, _ in
                try order.note(memo: "不急", flag: 0)
            }
        }
        #expect(refusal?.code == "order.changed")
        #expect(try await place.load(order.id).memo == "急")
    }

    @Test(arguments: Engine.allCases)
    func `merges and splits with every line and fen in one place`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        let (talk, _) = try await place.conversation()
        let boss = place.boss
        var ids: [OrderID] = []
        for _ in 0..<2 {
            let order = try await place.orders.place(place.draft(talk), by: boss)
            _ = try await place.orders.perform(order.id, by: boss) { order, rules, act in
                try order.pay(order.dueNow, channel: "", reference: "", at: act.at, rules: rules)
            }
            ids.append(order.id)
        }
        _ = try await place.orders.merge(ids[0], with: ids[1], by: boss)
        let whole = try await place.load(ids[0])
        #expect(whole.lines.count == 4 && whole.addsUp)
        #expect(try await place.load(ids[1]).closeReason == .merged)
        let (stays, new) = try await place.orders.split(
            ids[0], Set(whole.lines.prefix(1).map(\.id)), by: boss)
        let (one, other) = (try await place.load(stays.id), try await place.load(new.id))
        #expect(one.lines.count == 3 && other.lines.count == 1)
        #expect(one.addsUp && other.addsUp && one.paid + other.paid == whole.paid)
        // The ledger of both is what both were paid.
        let (shop, emptied) = (boss.shop, ids[1])
        let sum = try await place.store.database.read { transaction in
            try [one.id, other.id, emptied].reduce(Money.zero) { sum, id in
                try PaymentLedger.of(id, of: shop, in: transaction).reduce(sum) {
                    $1.entry.kind == .refund ? $0 - $1.entry.amount : $0 + $1.entry.amount
                }
            }
        }
        #expect(sum == whole.paid)
    }

    @Test(arguments: Engine.allCases)
    func `reminds in the conversation, at most twice`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        let (talk, _) = try await place.conversation()
        let order = try await place.orders.place(place.draft(talk), by: place.boss)
        for round in 0..<3 {
            if round == 2 {
                let refusal = await #expect(throws: Refusal.self) {
                    try await place.orders.remind(order.id, english: false, by: place.boss)
                }
                #expect(refusal?.code == "order.remind.cap")
            } else {
                _ = try await place.orders.remind(order.id, english: false, by: place.boss)
                place.store.clock.advance(.hours(5))
            }
        }
        let said = try await place.store.messages(talk, forBuyers: true)
            .filter { $0.author.kind == .bot }
        #expect(said.count == 2 && said.allSatisfy { $0.text.contains(order.number) })
    }

    @Test(arguments: Engine.allCases)
    func `shows a receiver only for a purpose, which is audited`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        let order = try await place.orders.place(place.draft(), by: place.boss)
        await #expect(throws: Refusal.self) {
            try await place.orders.receiver(of: order.id, for: " ", by: place.boss)
        }
        let receiver = try await place.orders.receiver(
            of: order.id, for: "核对地址", by: place.boss)
        #expect(receiver.mobile == "13812345678")
        #expect(place.store.announced("order.receiverRead").count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `points out purchases on behalf that stand still`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        let order = try await place.orders.place(place.draft(), by: place.boss)
        let bought = try await place.orders.addPurchase(
            for: order.id, shop: "上家", order: "", price: Money(fen: 900), note: "",
            by: place.boss)
        #expect(bought.state == .toBuy)
        let (shop, at) = (place.boss.shop, place.store.clock.now)
        func stalled(_ at: Instant) async throws -> [OrderID] {
            try await place.store.database.read { transaction in
                try OrderList.work(
                    .stalled, of: shop, owner: nil, after: nil, at: at, rules: OrderRules(),
                    limit: 9, in: transaction
                ).map(\.id)
            }
        }
        #expect(try await stalled(at + .hours(47)).isEmpty)
        #expect(try await stalled(at + .hours(48)) == [order.id])
        await #expect(throws: Refusal.self) {
            try await place.orders.movePurchase(
                bought.id, to: .bought, order: nil, note: nil, by: place.boss)
        }
        _ = try await place.orders.movePurchase(
            bought.id, to: .bought, order: "TB1", note: nil, by: place.boss)
    }

    @Test(arguments: Engine.allCases)
    func `flags what looks fake, with evidence`(_ engine: Engine) async throws {
        let place = try await Place(engine)
        var last: Order?
        for nick in ["甲", "乙", "丙", "丁"] {
            var draft = place.draft()
            draft.buyerNick = nick
            last = try await place.orders.place(draft, by: place.boss)
        }
        let order = try #require(last)
        #expect(order.suspicious)
        #expect(order.evidence.map(\.kind) == [.sharedMobile, .sharedAddress])
        #expect(try await place.load(order.id).evidence == order.evidence)
    }
}
