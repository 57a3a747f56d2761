import Desk
import SQL
import Storage
import TestSupport
import Testing

private let buyer = Participant.buyer(BuyerID(501), name: "张三")
private let other = Participant.buyer(BuyerID(502), name: "李四")

@Suite struct ConverseTests {
    @Test(arguments: Engine.allCases)
    func `a buyer's first words open a conversation and find the free agent`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let answer = try await store.say("在吗", by: buyer)
        let conversation = try #require(try await store.conversation(answer.conversation))
        #expect(conversation.state == .open)
        #expect(conversation.owner?.id == StaffID(11))
        #expect(conversation.assignment?.reason == .leastLoaded)
        #expect(conversation.waitingSince == store.clock.now)
        #expect(conversation.unread == 1)
        #expect(
            store.announced.events.map(\.kind) == [
                "conversation.opened", "message.sent", "conversation.assigned", "message.sent",
            ])
        #expect(store.announced.events.map(\.number) == [1, 2, 3, 4])
    }

    @Test(arguments: Engine.allCases)
    func `with nobody online the conversation is queued and keeps its place`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let first = try await store.say("有人吗", by: buyer)
        store.clock.advance(.seconds(5))
        let second = try await store.say("你好", by: other)
        store.clock.advance(.seconds(5))
        _ = try await store.say("还在吗", by: buyer)
        let places = try await store.database.read { [shop = store.shop] transaction in
            try [first, second].map { answer in
                let conversation = try #require(
                    try ConversationStore.load(answer.conversation, of: shop, in: transaction))
                return try InboxStore.place(of: conversation, in: shop, transaction)
            }
        }
        #expect(places == [1, 2])
    }

    @Test(arguments: Engine.allCases)
    func `the same key says the same thing once`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let first = try await store.say("在吗", key: "k1", by: buyer)
        let again = try await store.say("在吗", key: "k1", by: buyer)
        #expect(again.number == first.number)
        #expect(again.id == first.id)
        #expect(try await store.messages(first.conversation).count { $0.kind == .text } == 1)
        await #expect(throws: ClientKey.reused) { try await store.say("别的", key: "k1", by: buyer) }
    }

    @Test(arguments: Engine.allCases)
    func `a command that is sent twice is carried out once`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        let first = try await store.perform(
            .close(reason: "", inviteRating: true), key: "c1", in: id, by: agent)
        let count = store.announced.events.count
        let again = try await store.perform(
            .close(reason: "", inviteRating: true), key: "c1", in: id, by: agent)
        #expect(first == again)
        #expect(store.announced.events.count == count)
        await #expect(throws: ClientKey.reused) {
            try await store.perform(.reopen, key: "c1", in: id, by: agent)
        }
    }

    @Test(arguments: Engine.allCases)
    func `buyers never see notes, and their numbers show it`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        _ = try await store.say("这位是老客户", in: id, by: agent, kind: .note)
        let reply = try await store.say("在的亲", in: id, by: agent)
        let seen = try await store.messages(id, forBuyers: true)
        #expect(!seen.contains { $0.kind == .note })
        // Every entry that the buyer sees follows the one before that the buyer sees: no gap without a loss.
        for (before, after) in zip(seen, seen.dropFirst()) {
            #expect(after.follows == before.number)
        }
        #expect(reply.number == 4)
        let note = try #require(store.announced("message.sent").first { $0.body.contains("老客户") })
        #expect(note.reach?.buyer == nil)
    }

    @Test(arguments: Engine.allCases)
    func `strangers find nothing`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let stranger = try await store.agent(12, "小绿", online: false)
        let id = try await store.say("在吗", by: buyer).conversation
        await #expect(throws: Refusal.conversationUnknown) {
            try await store.say("我来看看", in: id, by: other)
        }
        await #expect(throws: Refusal.conversationUnknown) {
            try await store.perform(.close(reason: "", inviteRating: false), in: id, by: stranger)
        }
        await #expect(throws: Refusal.conversationUnknown) {
            try await store.say("x", in: ConversationID(999), by: stranger)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a transfer needs a next step, and leads to the receiver`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let giver = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        let receiver = try await store.agent(12, "小绿")
        let empty = HandoverCard(promise: "", nextStep: " ", deadline: nil, mood: .calm)
        await #expect {
            try await store.perform(
                .transfer(toAgent: StaffID(12), toGroup: nil, empty), in: id, by: giver)
        } throws: {
            ($0 as? Refusal)?.code == "transfer.cardNeeded"
        }
        let card = HandoverCard(promise: "今天回电", nextStep: "查快递", deadline: nil, mood: .upset)
        try await store.perform(
            .transfer(toAgent: StaffID(12), toGroup: nil, card), in: id, by: giver)
        let conversation = try #require(try await store.conversation(id))
        #expect(conversation.owner?.id == receiver.staff)
        #expect(conversation.assignment?.reason == .transferred)
        let line = try #require(
            try await store.messages(id).first { $0.system?.code == .transferred })
        #expect(line.audience == .staff)
        #expect(line.system?.args["promise"] == "今天回电")
        // The buyer keeps waiting: a transfer answers nobody.
        #expect(conversation.waitingSince != nil)
    }

    @Test(arguments: Engine.allCases)
    func `a buyer who writes after the end goes on, with the agent who knows them first`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        try await store.perform(.close(reason: "", inviteRating: true), in: id, by: agent)
        _ = try await store.agent(12, "小绿")
        store.clock.advance(.hours(1))
        let answer = try await store.say("还有个问题", in: id, by: buyer)
        #expect(answer.conversation == id)
        let conversation = try #require(try await store.conversation(id))
        #expect(conversation.owner?.id == StaffID(11))
        #expect(conversation.assignment?.reason == .knowsBuyer)
        store.clock.advance(.seconds(1))
        try await store.perform(.close(reason: "", inviteRating: false), in: id, by: agent)
        store.clock.advance(.days(4))
        #expect(try await store.say("好久不见", in: id, by: buyer).conversation != id)
    }

    @Test(arguments: Engine.allCases)
    func `words are changed and taken back only by their author, and only for a while`(
        engine: Engine
    ) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let said = try await store.say("我要退宽", by: buyer)
        let number = try #require(said.number)
        await #expect {
            try await store.perform(.withdraw(number: number), in: said.conversation, by: agent)
        } throws: {
            ($0 as? Refusal)?.code == "message.notYours"
        }
        try await store.perform(
            .edit(number: number, text: "我要退款"), in: said.conversation, by: buyer)
        try await store.perform(.withdraw(number: number), in: said.conversation, by: buyer)
        let history = try await store.database.read {
            try MessageStore.history(said.conversation, number: number, in: $0).map(\.text)
        }
        #expect(history == ["我要退宽", "我要退款"])
        let late = try await store.say("第二条", by: buyer)
        store.clock.advance(.minutes(3))
        await #expect {
            try await store.perform(
                .withdraw(number: late.number ?? 0), in: said.conversation, by: buyer)
        } throws: { ($0 as? Refusal)?.code == "message.tooLate" }
    }

    @Test(arguments: Engine.allCases)
    func `taking over is audited, and looking in is told to nobody who is looked at`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        _ = try await store.agent(11, "小橙")
        let lead = try await store.agent(20, "主管", rights: [.readAll, .takeOver], online: false)
        let id = try await store.say("在吗", by: buyer).conversation
        try await store.carryOut(in: store.shop, as: lead.actor) { act in
            try act.record("conversation.watched", about: id.raw, ["name": "张三"])
        }
        let past = try await store.database.read { [shop = store.shop] in
            try Resume.staff(StaffID(11), groups: [], rights: .answer, of: shop, after: 0, in: $0)
        }
        #expect(past.events?.contains { $0.kind == "conversation.watched" } == false)
        #expect(past.events?.isEmpty == false)
        try await store.perform(.takeOver(reason: "等太久"), in: id, by: lead)
        #expect(store.announced("conversation.takenOver").count == 1)
        #expect(try await store.conversation(id)?.owner?.id == StaffID(20))
    }

    @Test(arguments: Engine.allCases)
    func `a rating is the buyer's, from 0 to 4`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let id = try await store.say("在吗", by: buyer).conversation
        try await store.perform(.close(reason: "", inviteRating: true), in: id, by: agent)
        await #expect {
            try await store.perform(.rate(score: 0, comment: ""), in: id, by: agent)
        } throws: {
            ($0 as? Refusal)?.code == "rating.forbidden"
        }
        await #expect {
            try await store.perform(.rate(score: 5, comment: ""), in: id, by: buyer)
        } throws: {
            ($0 as? Refusal)?.code == "rating.score"
        }
        try await store.perform(.rate(score: 1, comment: "不错"), in: id, by: buyer)
        #expect(
            try await store.conversation(id)?.rating
                == .init(invited: true, score: 1, comment: "不错"))
    }

    @Test(arguments: Engine.allCases)
    func `caps hold, and the queue empties into whoever is free`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙", cap: 2)
        var ids: [ConversationID] = []
        for number in 1...4 {
            ids.append(
                try await store.say(
                    "第\(number)位", by: .buyer(BuyerID(Int64(600 + number)), name: "买家\(number)")
                ).conversation)
            store.clock.advance(.seconds(1))
        }
        var states: [Conversation.State] = []
        for id in ids { states.append(try #require(try await store.conversation(id)).state) }
        #expect(states == [.open, .open, .queued, .queued])
        try await store.perform(.close(reason: "", inviteRating: false), in: ids[0], by: agent)
        let assigned = try await store.carryOut(in: store.shop, as: .system) { act in
            try Route.drainQueue(limit: 10, policy: .default, act: act)
        }
        #expect(assigned == 1)
        #expect(try await store.conversation(ids[2])?.owner?.id == StaffID(11))
        #expect(try await store.conversation(ids[3])?.state == .queued)
    }

    @Test(arguments: Engine.allCases)
    func `who is named in a note is told of it, may read on and answer with a note`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let agent = try await store.agent(11, "小橙")
        let named = try await store.agent(12, "小绿", online: false)
        let stranger = try await store.agent(13, "小蓝", online: false)
        let id = try await store.say("杯子碎了", by: buyer).conversation
        try await store.perform(
            .say(
                Saying(key: "n1", kind: .note, text: "@小绿 能补发吗", mentions: [StaffID(12)]),
                upload: nil), in: id, by: agent)
        let note = try #require(store.announced("message.sent").first { $0.body.contains("补发") })
        #expect(note.reach?.staff == [StaffID(11), StaffID(12)] && note.reach?.buyer == nil)
        _ = try await store.say("可以，我来发", in: id, by: named, kind: .note)
        await #expect(throws: Refusal.conversationUnknown) {
            try await store.say("我也看看", in: id, by: stranger, kind: .note)
        }
        // To be asked is not to own: words to the buyer stay with who serves them.
        await #expect { try await store.say("您好", in: id, by: named) } throws: {
            ($0 as? Refusal)?.code == "conversation.notYours"
        }
    }

    @Test(arguments: Engine.allCases)
    func `a full queue takes nobody else on, and says what to do instead`(engine: Engine)
        async throws
    {
        let store = try await engine.store().withShop()
        let policy = PolicySet(version: 1, effective: store.clock.now, values: [.queueLimit: 2])
        func say(_ text: String, by number: Int64, left: Bool = false) async throws
            -> Converse.Answer
        {
            try await store.perform(
                .say(
                    Saying(key: "k-\(number)-\(text.utf8.count)", text: text, left: left),
                    upload: nil),
                by: .buyer(BuyerID(number), name: "买家\(number)"), policy: policy)
        }
        let first = try await say("一", by: 701)
        _ = try await say("二", by: 702)
        let (events, count) = (store.announced.events.count, try await store.conversationCount())
        await #expect(throws: Refusal.queueFull) { try await say("三", by: 703) }
        #expect(Refusal.queueFull.instead != nil)
        // A refusal leaves nothing behind: no empty conversation, no event.
        #expect(store.announced.events.count == events)
        #expect(try await store.conversationCount() == count)
        // Who waits already goes on writing, and what is left for later is always taken.
        #expect(try await say("还在吗", by: 701).conversation == first.conversation)
        #expect(try await say("请回电", by: 703, left: true).number == 1)
        // Somebody who is free takes the next one, however long the queue is.
        _ = try await store.agent(11, "小橙")
        let served = try await say("四", by: 704).conversation
        #expect(try await store.conversation(served)?.owner?.id == StaffID(11))
    }

    @Test(arguments: Engine.allCases)
    func `a conversation that was taken on goes back to a full queue`(engine: Engine) async throws {
        let store = try await engine.store().withShop()
        let policy = PolicySet(version: 1, effective: store.clock.now, values: [.queueLimit: 1])
        let agent = try await store.agent(11, "小橙", cap: 1)
        let id = try await store.say("在吗", by: buyer).conversation
        _ = try await store.say("我也在", by: other)
        try await store.perform(.giveBack(reason: "去开会"), in: id, by: agent, policy: policy)
        #expect(try await store.conversation(id)?.state == .queued)
    }

    @Test(
        arguments: Engine.allCases,
        [
            // One evening in Berlin, whose clocks had gone forward that night; in Shanghai it is the next day.
            ("Europe/Berlin", 2), ("Asia/Shanghai", 1), ("America/New_York", 1),
        ])
    func `what was closed today is counted by the shop's own clock`(
        engine: Engine, _ expected: (zone: String, count: Int)
    ) async throws {
        // 2026-03-28 23:30, 2026-03-29 00:30 and 18:30 in Berlin.
        let moments: [Int64] = [1_774_737_000_000, 1_774_740_600_000, 1_774_801_800_000]
        let store = try await engine.store(TestClock(Instant(milliseconds: moments[0])))
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        var change = ShopChange()
        change.hours = OpeningHours(zone: expected.zone, week: OpeningHours.standard.week)
        _ = try await identity.shops.change(change, by: owner)
        for (index, at) in moments.enumerated() {
            store.clock.advance(Instant(milliseconds: at) - store.clock.now)
            try await store.carryOut(in: shop.id, as: .system) { act in
                let closed = Conversation(
                    id: act.newID(), buyer: BuyerID(Int64(800 + index)), buyerName: "张三",
                    channel: "web", openedAt: act.at, state: .closed)
                try ConversationStore.insert(closed, of: shop.id, in: act.transaction)
                try act.transaction.run(
                    "UPDATE conversation SET closed_at = \(act.at) WHERE shop = \(shop.id) AND id = \(closed.id)"
                )
            }
        }
        // 20:00 in Berlin.
        store.clock.advance(.minutes(90))
        let wall = try await store.database.read { [now = store.clock.now] in
            try WallStore.json(of: shop.id, policy: .default, at: now, in: $0)
        }
        #expect(wall.contains("\"closedToday\":\(expected.count)"), "\(wall)")
    }
}
