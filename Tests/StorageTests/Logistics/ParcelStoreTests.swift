import Desk
import SQL
import Storage
import TestSupport
import Testing

@Suite struct `Parcels in the store` {
    private struct House {
        let store: TestStore
        let identity: Identity
        let logistics: Logistics
        let owner: StaffPrincipal
        let buyer: Buyer

        static func open(_ engine: Engine) async throws -> House {
            let store = try await engine.store()
            let identity = store.identity()
            let (shop, owner) = try await identity.testShop()
            let buyer = try await identity.buyers.open(.init(name: "张三"), in: shop.id).buyer
            return House(
                store: store, identity: identity, logistics: Logistics(identity.carryOut),
                owner: owner, buyer: buyer)
        }

        var now: Instant { store.clock.now }

        func ship(
            _ waybill: String, order: String = "2001", to: String = "广东深圳",
            promised: Instant? = nil
        ) async throws -> Parcel {
            try await logistics.parcels.ship(
                .init(
                    order: nil, orderNumber: order, buyer: buyer.id, buyerName: buyer.name,
                    from: "浙江杭州", to: to, paidAt: now, promisedAt: promised,
                    carrier: "zhongtong", waybill: waybill), by: owner)
        }

        func hear(
            _ status: ParcelStatus, _ text: String, of parcel: Parcel, at: Instant? = nil
        ) async throws -> Int {
            try await logistics.parcels.add(
                [ParcelEvent(at: at ?? now, status: status, text: text)], to: parcel.id,
                by: owner)
        }

        func watch(all: Bool = false) async throws -> (looked: Int, found: Int) {
            try await identity.carryOut(in: owner.shop, as: .system) { act in
                try ParcelWatch.round(all: all, in: act)
            }
        }

        func one(_ parcel: Parcel) async throws -> Parcel {
            try await logistics.parcels.sheet(parcel.id, of: owner.shop).parcel
        }

        func tellAll() async throws {
            let shop = owner.shop
            while true {
                let waiting = try await store.database.read {
                    try DelayStore.next(of: shop, limit: 10, in: $0)
                }
                if waiting.isEmpty { return }
                for one in waiting { try await logistics.delays.tell(one, in: shop) { _ in } }
            }
        }

        func batch(_ parcels: [Parcel], expected: Int) async throws -> DelayBatchID {
            var choice = DelayStore.Choice()
            choice.only = parcels.map(\.id)
            return try await logistics.delays.start(
                choice,
                DelayDraft(
                    reason: "大雪封路", date: nil, options: DelayOption.allCases, tongue: .zh, now: now),
                expected: expected, by: owner)
        }
    }

    @Test(arguments: Engine.allCases)
    func `an order has several, and no waybill is used twice`(engine: Engine) async throws {
        let house = try await House.open(engine)
        _ = try await house.ship("78123456789012")
        _ = try await house.ship("78123456789013")
        let both = try await house.logistics.parcels.of(
            orderNumber: "2001", in: house.owner.shop)
        #expect(both.map(\.waybill.text) == ["78123456789013", "78123456789012"])
        let again = await #expect(throws: Refusal.self) {
            try await house.ship("=\"78123456789012\"")
        }
        #expect(again?.code == "parcel.waybillTaken")
        let strange = await #expect(throws: Refusal.self) {
            try await house.logistics.parcels.ship(
                .init(
                    order: nil, orderNumber: "1", buyer: nil, buyerName: "", carrier: "nobody",
                    waybill: "SF1234567890123"), by: house.owner)
        }
        #expect(strange?.code == "parcel.carrier")
        #expect(strange?.instead?.zh.contains("顺丰") == true)
    }

    @Test(arguments: Engine.allCases)
    func `takes each event once, in whatever order`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let parcel = try await house.ship("78123456789012")
        let start = house.now
        house.store.clock.advance(.hours(30))
        #expect(
            try await house.hear(.delivered, "【深圳市】已签收", of: parcel, at: start + .hours(29)) == 1)
        #expect(
            try await house.hear(.pickedUp, "【杭州市】已揽收", of: parcel, at: start + .hours(2)) == 1)
        #expect(
            try await house.hear(.delivered, "【深圳市】已签收", of: parcel, at: start + .hours(29)) == 0)
        let now = try await house.one(parcel)
        #expect(now.status == .delivered && now.pickedUpAt == start + .hours(2))
        #expect(now.problem == nil)
        let sheet = try await house.logistics.parcels.sheet(parcel.id, of: house.owner.shop)
        #expect(sheet.events.map(\.status) == [.pickedUp, .delivered])
        #expect(house.store.announced("parcel.moved").count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `that nobody hears of are found by the clock, once`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let silent = try await house.ship("78123456789012")
        let moving = try await house.ship("78123456789013")
        house.store.clock.advance(.hours(40))
        _ = try await house.hear(.pickedUp, "已揽收", of: moving)
        #expect(try await house.watch().found == 0)
        house.store.clock.advance(.hours(9))
        #expect(try await house.watch().found == 1)
        #expect(try await house.watch().looked == 0)
        #expect(try await house.one(silent).problem == .notCollected)
        #expect(try await house.one(moving).problem == nil)
        house.store.clock.advance(.hours(30))
        #expect(try await house.watch().found == 1)
        #expect(try await house.one(moving).problem == .stuck)
        #expect(house.store.announced("parcel.troubled").count == 2)
        let counts = try await house.logistics.parcels.counts(of: house.owner.shop)
        #expect(counts.problems == ["notCollected": 1, "stuck": 1] && counts.unfinished == 2)
        // Looking at all of them finds what looking at those whose time has come found.
        #expect(try await house.watch(all: true).found == 0)
    }

    @Test(arguments: Engine.allCases)
    func `promises are listed before they are broken`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let parcel = try await house.ship("78123456789012", promised: house.now + .hours(40))
        var filter = ParcelStore.Filter()
        filter.promise = .near
        #expect(try await house.logistics.parcels.list(filter, of: house.owner.shop).isEmpty)
        house.store.clock.advance(.hours(30))
        _ = try await house.watch()
        let near = try await house.logistics.parcels.list(filter, of: house.owner.shop)
        #expect(near.map(\.id) == [parcel.id])
        house.store.clock.advance(.hours(11))
        _ = try await house.watch()
        #expect(try await house.one(parcel).promise == .broken)
    }

    @Test(arguments: Engine.allCases)
    func `a delay is told in the buyer's conversation and the answer is kept`(
        engine: Engine
    ) async throws {
        let house = try await House.open(engine)
        let parcel = try await house.ship("78123456789012")
        let stranger = try await house.logistics.parcels.ship(
            .init(
                order: nil, orderNumber: "9", buyer: nil, buyerName: "路人", carrier: "zhongtong",
                waybill: "78123456789099"), by: house.owner)
        let wrong = await #expect(throws: Refusal.self) {
            try await house.batch([parcel, stranger], expected: 2)
        }
        #expect(wrong?.code == "delay.changed")
        let id = try await house.batch([parcel, stranger], expected: 1)
        try await house.tellAll()
        var (batch, notices) = try await house.logistics.delays.batch(id, of: house.owner.shop)
        #expect(batch.state == "sent" && batch.counts == ["told": 1])
        let notice = try #require(notices.first)
        #expect(notice.text.contains("大雪封路"))
        let conversation = try #require(notice.conversation)
        let shop = house.owner.shop
        let said = try await house.store.database.read { transaction in
            try MessageStore.page(
                of: conversation, after: 0, limit: 20, forBuyers: true, in: transaction)
        }
        #expect(said.contains { $0.text == notice.text })
        // It is promised for the new date, and nobody is told twice.
        #expect(try await house.one(parcel).promisedAt == notice.date)
        let again = await #expect(throws: Refusal.self) {
            try await house.batch([parcel], expected: 1)
        }
        #expect(again?.code == "delay.nobody")
        house.store.clock.advance(.minutes(5))
        let buyer = house.buyer
        try await house.identity.carryOut(in: shop, as: .buyer(buyer.id, buyer.name)) { act in
            _ = try Converse(claimUpload: UploadStore.claim)(
                .say(Saying(key: "r1", text: "不等了，退款吧"), upload: nil), key: "r1",
                in: conversation, by: .buyer(buyer.id, name: buyer.name), policy: .default,
                act: act)
        }
        let follower = DelayReplyFollower()
        _ = try await follower.catchUp(shop, in: house.store.database)
        (batch, notices) = try await house.logistics.delays.batch(id, of: shop)
        #expect(batch.counts == ["replied": 1] && batch.choices == ["refund": 1])
        #expect(notices.first?.reply == "不等了，退款吧")
        // Built anew from the log it is the same.
        try await follower.startOver(shop, in: house.store.database)
        _ = try await follower.catchUp(shop, in: house.store.database)
        let (rebuilt, _) = try await house.logistics.delays.batch(id, of: shop)
        #expect(rebuilt.counts == batch.counts && rebuilt.choices == batch.choices)
        try await house.logistics.delays.done(parcel.id, of: id, choice: nil, by: house.owner)
        let (done, _) = try await house.logistics.delays.batch(id, of: shop)
        #expect(done.counts == ["done": 1] && done.choices == ["refund": 1])
    }

    @Test(arguments: Engine.allCases)
    func `a stopped batch tells nobody else, and what arrived is not told to be late`(
        engine: Engine
    ) async throws {
        let house = try await House.open(engine)
        let first = try await house.ship("78123456789012")
        let second = try await house.ship("78123456789013")
        let id = try await house.batch([first], expected: 1)
        try await house.logistics.delays.stop(id, by: house.owner)
        try await house.tellAll()
        #expect(house.store.announced("delay.told").isEmpty)
        let other = try await house.batch([second], expected: 1)
        _ = try await house.hear(.delivered, "【深圳市】已签收", of: second)
        try await house.tellAll()
        let (batch, notices) = try await house.logistics.delays.batch(other, of: house.owner.shop)
        #expect(batch.state == "sent" && notices.first?.state == "failed")
        #expect(house.store.announced("message.sent").isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `carriers are scored by what they did`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let start = house.now
        let good = try await house.ship("78123456789012", promised: start + .hours(60))
        let bad = try await house.ship("78123456789013")
        _ = try await house.logistics.tickets.open(
            .lost, of: bad.id, note: "十天没有消息", reference: "", claim: Money(fen: 9_900),
            by: house.owner)
        house.store.clock.advance(.hours(50))
        _ = try await house.hear(.pickedUp, "【杭州市】已揽收", of: good, at: start + .hours(2))
        _ = try await house.hear(.delivered, "【深圳市】已签收", of: good, at: start + .hours(42))
        house.store.clock.advance(.days(8))
        _ = try await house.watch()
        let scores = try await house.logistics.scores(of: house.owner.shop, from: start)
        let score = try #require(scores.first)
        #expect(score.carrier == "zhongtong" && score.parcels == 2 && score.delivered == 1)
        #expect(score.collectDue == 2 && score.collectedInTime == 1)
        #expect(score.promised == 1 && score.promiseKept == 1)
        #expect(score.hours == [40: 1])
        #expect(score.tickets == 1 && score.answersDue == 1 && score.answeredInTime == 0)
        #expect(score.claimed == Money(fen: 9_900))
    }

    @Test(arguments: Engine.allCases)
    func `a carrier's own figures count as soon as they are kept`(engine: Engine) async throws {
        let house = try await House.open(engine)
        let parcel = try await house.ship("78123456789012")
        house.store.clock.advance(.hours(20))
        _ = try await house.watch()
        #expect(try await house.one(parcel).problem == nil)
        _ = try await house.logistics.carriers.keep(
            Carrier(code: "zhongtong", name: "中通", collectHours: 12), by: house.owner)
        _ = try await house.watch()
        #expect(try await house.one(parcel).problem == .notCollected)
        let all = try await house.logistics.carriers.all(of: house.owner.shop)
        #expect(all.first { $0.code == "zhongtong" }?.collectHours == 12)
    }
}
