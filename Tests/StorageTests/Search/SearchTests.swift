import Desk
import Language
import SQL
import Storage
import TestSupport
import Testing

private let zhang = Participant.buyer(BuyerID(501), name: "张三")
private let li = Participant.buyer(BuyerID(502), name: "李小龙")

/// A shop in which things were said, and what one finds in it.
private struct Library {
    let store: TestStore
    let follower = SearchFollower()

    init(_ engine: Engine) async throws {
        store = try await engine.store().withShop()
    }

    func follow() async throws {
        while try await follower.catchUp(store.shop, limit: 3, in: store.database) == 3 {}
    }

    func find(
        _ words: String?, as who: Participant = .agent(StaffID(99), name: "主管", rights: [.readAll]),
        all: Bool = true, _ narrow: (inout MessageSearch.Question) -> Void = { _ in }
    ) async throws -> MessageSearch.Page {
        var question = MessageSearch.Question()
        question.words = words
        narrow(&question)
        let asker = MessageSearch.Asker(who: who, groups: [], searchesAll: all)
        let search = try MessageSearch(question, by: asker, in: store.shop, now: store.clock.now)
        return try await store.database.read { try search.page(in: $0) }
    }

    func texts(
        _ words: String?, as who: Participant = .agent(StaffID(99), name: "主管", rights: [.readAll]),
        all: Bool = true, _ narrow: (inout MessageSearch.Question) -> Void = { _ in }
    ) async throws -> [String] {
        try await find(words, as: who, all: all, narrow).hits.map(\.message.text)
    }

    /// Every token with every id under it, as the engine has it.
    func raw() async throws -> [String] {
        try await store.database.write { transaction in
            let words: Statement
            switch transaction.dialect {
            case .sqlite:
                try transaction.script("DROP TABLE IF EXISTS temp.words")
                try transaction.script(
                    "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'message_search', 'instance')"
                )
                words = "SELECT term, doc FROM temp.words"
            case .postgres:
                words = "SELECT w.lexeme, m.id FROM message_search m, unnest(m.tokens) w"
            }
            return try transaction.rows(words).map {
                "\(try $0.get(0, as: String.self)) \(try $0.get(1, as: Int64.self))"
            }.sorted()
        }
    }
}

struct SearchTests {
    @Test(arguments: Engine.allCases)
    func `Words of one to four characters, numbers and English are found, the newest first`(
        _ engine: Engine
    ) async throws {
        let library = try await Library(engine)
        let store = library.store
        _ = try await store.say("退款怎么还没到账", by: zhang)
        _ = try await store.say("订单号 2026112212345678 帮我查一下", by: zhang)
        _ = try await store.say("想退货，退款到哪里", by: li)
        _ = try await store.say("Is this iPhone case in stock?", by: li)
        _ = try await store.say("ＡＢＣ１２３ 是优惠码吗", by: li)
        try await library.follow()
        #expect(try await library.texts("退") == ["想退货，退款到哪里", "退款怎么还没到账"])
        #expect(try await library.texts("退款") == ["想退货，退款到哪里", "退款怎么还没到账"])
        #expect(try await library.texts("到账") == ["退款怎么还没到账"])
        #expect(try await library.texts("怎么还没") == ["退款怎么还没到账"])
        #expect(try await library.texts("退货 哪里") == ["想退货，退款到哪里"])
        #expect(try await library.texts("货退").isEmpty)
        #expect(try await library.texts("2026112212345678").count == 1)
        #expect(try await library.texts("5678").count == 1)
        #expect(try await library.texts("２０２６１１").count == 1)
        #expect(try await library.texts("IPHONE").count == 1)
        #expect(try await library.texts("abc123").count == 1)
        #expect(try await library.texts("没有的词").isEmpty)
        let marks = try await library.find("退款").hits.first?.marks.map { [$0.start, $0.length] }
        #expect(marks == [[4, 2]])
    }

    @Test(arguments: Engine.allCases)
    func `What was edited or withdrawn is no longer found by its old words`(
        _ engine: Engine
    ) async throws {
        let library = try await Library(engine)
        let store = library.store
        let edited = try await store.say("旧的说法", by: zhang)
        let withdrawn = try await store.say("不该说的", by: zhang)
        try await library.follow()
        _ = try await store.perform(
            .edit(number: try #require(edited.number), text: "新的说法"), key: "e1",
            in: edited.conversation, by: zhang)
        _ = try await store.perform(
            .withdraw(number: try #require(withdrawn.number)), key: "w1", in: edited.conversation,
            by: zhang)
        // Before the index has heard of it, the answer is right already.
        #expect(try await library.texts("旧的").isEmpty)
        #expect(try await library.texts("不该").isEmpty)
        try await library.follow()
        #expect(try await library.texts("说法") == ["新的说法"])
        #expect(try await !library.raw().contains { $0.hasPrefix("1_旧的") })
        #expect(try await !library.raw().contains { $0.hasPrefix("1_不该") })
    }

    @Test(arguments: Engine.allCases)
    func `The index built anew is the index that grew`(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let store = library.store
        var random = SeededRandom(7)
        let words = ["退款", "发货", "iPhone15", "好的", "谢谢亲", "12345678", "运费险", "ok"]
        var said: [(conversation: ConversationID, number: Int)] = []
        for step in 0..<80 {
            let text = (0..<3).map { _ in words.randomElement(using: &random) ?? "" }.joined(
                separator: "，")
            let who = Bool.random(using: &random) ? zhang : li
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where !said.isEmpty:
                let message = said.removeLast()
                // Somebody else's message is refused, which is as good here.
                _ = try? await store.perform(
                    .edit(number: message.number, text: text), key: "e\(step)",
                    in: message.conversation, by: who)
            case 1 where !said.isEmpty:
                let message = said.removeLast()
                _ = try? await store.perform(
                    .withdraw(number: message.number), key: "w\(step)", in: message.conversation,
                    by: who)
            case 2: try await library.follow()
            default:
                let answer = try await store.say(text, key: "s\(step)", by: who)
                said.append((answer.conversation, try #require(answer.number)))
            }
        }
        try await library.follow()
        let grown = try await library.raw()
        #expect(grown.count > 300)
        try await library.follower.startOver(store.shop, in: store.database)
        #expect(try await library.raw().isEmpty)
        try await library.follow()
        #expect(try await library.raw() == grown)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Both engines find the same, whatever is said, changed and asked`(_ seed: UInt64)
        async throws
    {
        let libraries = [try await Library(.sqlite), try await Library(.postgres)]
        var random = SeededRandom(seed)
        let words = [
            "退款", "退", "货", "到账", "优惠券", "什么时候", "iPhone", "case", "XL-42", "２０２６", "e-mail", "_",
            "'", "\\",
            "\"", "50%", "naïve", "ﬁ", "👍", "订单", "a.b@c.cn", "?", "$1", ":*", "&", "!",
        ]
        func sentence(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &random)).map { _ in
                words.randomElement(using: &random) ?? ""
            }.joined(separator: Bool.random(using: &random) ? "" : " ")
        }
        for step in 0..<40 {
            let text = sentence(6)
            let who = Bool.random(using: &random) ? zhang : li
            for library in libraries {
                _ = try await library.store.say(text, key: "k\(step)", by: who)
            }
            if step % 7 == 0 { for library in libraries { try await library.follow() } }
        }
        for library in libraries { try await library.follow() }
        #expect(try await libraries[0].raw().count > 100)
        for _ in 0..<60 {
            let asked = sentence(2)
            let found = try? await libraries[0].texts(asked)
            let other = try? await libraries[1].texts(asked)
            #expect(found == other, "asked for \(asked)")
        }
    }

    @Test(arguments: Engine.allCases)
    func `One shop is forgotten without the others`(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let store = library.store
        _ = try await store.say("本店的话", by: zhang)
        try await library.follow()
        let own = try await library.raw()
        let shop = store.shop
        try await store.database.write { transaction in
            // A second shop that has words of its own.
            try transaction.run(
                """
                INSERT INTO shop (id, slug, name, created_at) VALUES (2, 'other', '别家', 0)
                """)
            var tokens = TokenText(of: ShopID(2))
            tokens.add(mark: "别家")
            try transaction.dialect.searchIndex.add(7, tokens, to: .messages, in: transaction)
            try FollowerPlace.move(
                library.follower.name, ShopID(2), from: 0, to: 1, in: transaction)
        }
        try await library.follower.startOver(shop, in: store.database)
        #expect(try await library.raw() == ["2_别家 7"])
        try await library.follow()
        #expect(try await library.raw() == (own + ["2_别家 7"]).sorted())
    }

    @Test(arguments: Engine.allCases)
    func `Filters narrow by kind, agent, buyer and time, alone or with words`(
        _ engine: Engine
    ) async throws {
        let library = try await Library(engine)
        let store = library.store
        let agent = try await store.agent(11, "小橙")
        let old = store.clock.now
        let first = try await store.say("优惠券怎么用", by: zhang)
        store.clock.advance(.days(100))
        _ = try await store.say("优惠券这样用", in: first.conversation, by: agent)
        _ = try await store.say("他问优惠券", in: first.conversation, by: agent, kind: .note)
        _ = try await store.say("优惠券过期了", by: li)
        try await library.follow()
        #expect(try await library.texts("优惠券") { $0.kind = .note } == ["他问优惠券"])
        #expect(
            try await library.texts("优惠券") { $0.agent = StaffID(11) } == ["他问优惠券", "优惠券这样用"])
        #expect(try await library.texts("优惠券") { $0.buyer = BuyerID(502) } == ["优惠券过期了"])
        #expect(try await library.texts(nil) { $0.buyer = BuyerID(502) } == ["优惠券过期了"])
        #expect(try await library.texts("优惠券") { $0.to = old + .days(1) } == ["优惠券怎么用"])
        #expect(try await library.texts("优惠券") { $0.from = old + .days(1) }.count == 3)
        #expect(
            try await library.texts("优惠券") {
                $0.from = old + .days(1)
                $0.to = old + .days(50)
            }.isEmpty)
        await #expect(throws: Refusal.searchEmpty) { try await library.find(nil) }
        await #expect(throws: Refusal.searchEmpty) {
            try await library.find("？！") { $0.kind = .text }
        }
    }

    @Test(arguments: Engine.allCases)
    func `Pages follow one another without gap or repeat`(_ engine: Engine) async throws {
        let library = try await Library(engine)
        for number in 1...25 { _ = try await library.store.say("第\(number)条消息", by: zhang) }
        try await library.follow()
        var found: [String] = []
        var cursor: MessageID?
        repeat {
            let page = try await library.find("消息") {
                $0.limit = 10
                $0.cursor = cursor
            }
            found += page.hits.map(\.message.text)
            cursor = page.next
        } while cursor != nil
        #expect(found == (1...25).reversed().map { "第\($0)条消息" })
    }

    @Test(arguments: Engine.allCases)
    func `Nobody finds what they may not read`(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let store = library.store
        let owner = try await store.agent(11, "小橙")
        let conversation = try await store.say("秘密的话", by: zhang).conversation
        _ = try await store.say("秘密备注", in: conversation, by: owner, kind: .note)
        let stranger = Participant.agent(StaffID(12), name: "小黄", rights: [.answer])
        try await library.follow()
        #expect(try await library.texts("秘密", as: owner, all: false).count == 2)
        #expect(try await library.texts("秘密", as: stranger, all: false).isEmpty)
        #expect(try await library.texts("秘密", as: stranger, all: true).count == 2)
    }

    @Test(arguments: Engine.allCases)
    func `The index says how far it is behind`(_ engine: Engine) async throws {
        let library = try await Library(engine)
        let store = library.store
        _ = try await store.say("在吗", by: zhang)
        let shop = store.shop
        func behind() async throws -> Int64 {
            try await store.database.read { try SearchFollower.behind(shop, in: $0) }
        }
        #expect(try await behind() == Int64(store.announced.events.count))
        try await library.follow()
        #expect(try await behind() == 0)
    }

    @Test(
        arguments: [
            ("张", ["张三丰", "张三"]), ("三", ["张三丰", "张三"]), ("zhangsan", ["张三丰", "张三"]),
            ("zs", ["张三丰", "张三"]), ("zsf", ["张三丰"]), ("ZHANG SAN F", ["张三丰"]),
            ("shan", ["单小姐"]), ("dan", ["单小姐"]), ("tom", ["Tom Smith"]), ("smi", ["Tom Smith"]),
            ("王", []), ("angsan", []),
        ] as [(String, [String])])
    func `Buyers are found by name, pinyin and initials`(
        typed: String, names: [String]
    ) async throws {
        let library = try await Library(.sqlite)
        let store = library.store
        let shop = store.shop
        let people = ["张三", "张三丰", "单小姐", "Tom Smith"]
        try await store.carryOut(in: shop, as: .system) { act in
            for (index, name) in people.enumerated() {
                let buyer = Buyer(
                    id: BuyerID(Int64(index + 1)), shop: shop, name: name, createdAt: act.at)
                try BuyerStore.insert(buyer, in: act.transaction)
                try act.record("buyer.opened", about: buyer.id.raw, ["name": name])
            }
        }
        try await library.follow()
        let found = try await store.database.read {
            try BuyerSearch.find(typed, in: shop, limit: 10, $0) { _ in true }.map(\.name)
        }
        #expect(found == names)
        let none = try await store.database.read {
            try BuyerSearch.find(typed, in: shop, limit: 10, $0) { _ in false }
        }
        #expect(none.isEmpty)
    }

    @Test
    func `A buyer who changed their name is found by the new one only`() async throws {
        let library = try await Library(.sqlite)
        let store = library.store
        let shop = store.shop
        func named(_ name: String, _ kind: String) async throws {
            try await store.carryOut(in: shop, as: .system) { act in
                if kind == "buyer.opened" {
                    let buyer = Buyer(id: BuyerID(1), shop: shop, name: name, createdAt: act.at)
                    try BuyerStore.insert(buyer, in: act.transaction)
                } else {
                    try act.transaction.run("UPDATE buyer SET name = \(name) WHERE id = 1")
                }
                try act.record(kind, about: 1, ["name": name])
            }
            try await library.follow()
        }
        try await named("访客一号", "buyer.opened")
        try await named("赵六", "buyer.changed")
        let found = try await store.database.read { transaction in
            try ["访客", "fk", "赵六", "zl"].map {
                try BuyerSearch.find($0, in: shop, limit: 10, transaction) { _ in true }.count
            }
        }
        #expect(found == [0, 0, 1, 1])
    }
}
