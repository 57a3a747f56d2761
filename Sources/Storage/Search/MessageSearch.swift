package import Desk
package import Language
package import SQL

/// Finds messages by their words, the newest first.
package struct MessageSearch: Sendable {
    /// What is looked for; nil does not narrow.
    package struct Question: Sendable, Hashable {
        package var words: String?
        package var from: Instant?
        package var to: Instant?
        /// Said by this agent.
        package var agent: StaffID?
        package var buyer: BuyerID?
        package var kind: Message.Kind?
        /// Only older messages than this one.
        package var cursor: MessageID?
        package var limit = 20

        package init() {}
    }

    /// Who asks, and what they may find.
    package struct Asker: Sendable {
        package let who: Participant
        package let groups: Set<GroupID>
        /// Every conversation of the shop, not only those that they may read anyway.
        package let searchesAll: Bool

        package init(who: Participant, groups: Set<GroupID>, searchesAll: Bool) {
            self.who = who
            self.groups = groups
            self.searchesAll = searchesAll
        }
    }

    package struct Hit: Sendable, Hashable {
        package let conversation: Conversation
        package let message: Message
        /// Where the words stand in the message's text.
        package let marks: [SearchQuery.Mark]
    }

    package struct Page: Sendable {
        package var hits: [Hit] = []
        /// Where to go on; nil when everything was looked at.
        package var next: MessageID?
    }

    /// Candidates looked at for one page, so that an answer comes in time even when the asker may see
    /// few of them; the next page goes on from there.
    private static let budget = 2_000
    /// Candidates taken from the index at a time, at most.
    private static let mostAtOnce = 250

    private let question: Question
    private let words: SearchQuery?
    private let asker: Asker
    private let shop: ShopID
    private let tokens: TokenQuery

    /// - Throws: ``Refusal`` `search.empty` when there is nothing to look for.
    package init(
        _ question: Question, by asker: Asker, in shop: ShopID, now: Instant
    ) throws(Refusal) {
        self.question = question
        self.asker = asker
        self.shop = shop
        words = question.words.flatMap { SearchQuery($0) }
        var tokens = TokenQuery(of: shop)
        for token in words?.tokens ?? [] { tokens.require(token) }
        if let agent = question.agent { tokens.require(SearchEntry.author(agent)) }
        if let buyer = question.buyer { tokens.require(SearchEntry.buyer(buyer)) }
        if let kind = question.kind { tokens.require(SearchEntry.kind(kind)) }
        // Words that hold nothing to look for find nothing, whatever else narrows.
        if tokens.isEmpty || question.words != nil && words == nil { throw .searchEmpty }
        Self.narrow(&tokens, question, now)
        self.tokens = tokens
    }

    /// Months that are named in one question at most; ten years.
    private static let mostMonths = 120

    /// Keeps candidates of other months away.
    private static func narrow(_ tokens: inout TokenQuery, _ question: Question, _ now: Instant) {
        let present = SearchEntry.monthNumber(now) + 1
        let last = question.to.map(SearchEntry.monthNumber) ?? present
        if let first = question.from.map(SearchEntry.monthNumber) {
            // No message is in a span that ends before it begins; its times are checked anyway.
            let months = first...max(first, min(last, present))
            if months.count <= mostMonths {
                tokens.require(oneOf: months.map(SearchEntry.month(number:)))
            }
        } else if last < present {
            tokens.refuse(
                ((last + 1)...present).suffix(mostMonths).map(SearchEntry.month(number:)))
        }
    }

    package func page(in transaction: Transaction) throws -> Page {
        var page = Page()
        var seen = Seen(asker: asker, shop: shop)
        var before = question.cursor?.raw ?? .max
        var looked = 0
        var batch = seesAll ? max(question.limit + 4, 24) : Self.mostAtOnce
        let index = transaction.dialect.searchIndex
        while looked < Self.budget {
            let ids = try index.candidates(
                tokens, in: .messages, from: 0, before: before, limit: batch, transaction)
            let messages = try messages(try likely(ids, transaction), transaction)
            for id in ids {
                before = id
                guard let (message, conversation) = messages[id],
                    let marks = marks(message),
                    let place = try seen.conversation(conversation, of: message, transaction)
                else { continue }
                page.hits.append(Hit(conversation: place, message: message, marks: marks))
                if page.hits.count == question.limit {
                    page.next = MessageID(id)
                    return page
                }
            }
            if ids.count < batch { return page }
            looked += ids.count
            batch = min(batch * 2, Self.mostAtOnce)
        }
        page.next = MessageID(before)
        return page
    }

    private var seesAll: Bool { asker.searchesAll || asker.who.has(.readAll) }

    /// Leaves out most of what the asker may not see, in one statement and before messages are read;
    /// ``Seen`` then decides about the rest.
    private func likely(_ ids: [Int64], _ transaction: Transaction) throws -> [Int64] {
        guard !seesAll, !ids.isEmpty, let staff = asker.who.staff else { return ids }
        return try transaction.rows(
            """
            SELECT m.id FROM message m JOIN conversation c ON c.id = m.conversation
            WHERE m.id IN \(list: ids) AND (c.owner = \(staff) OR c.state = 'queued' OR EXISTS (
                SELECT 1 FROM message a WHERE a.conversation = m.conversation
                AND a.author_kind = 'agent' AND a.author_id = \(staff)))
            """
        ).map { try $0.get(0) }
    }

    private func messages(
        _ ids: [Int64], _ transaction: Transaction
    ) throws -> [Int64: (Message, ConversationID)] {
        guard !ids.isEmpty else { return [:] }
        var found: [Int64: (Message, ConversationID)] = [:]
        let rows = try transaction.rows(
            """
            SELECT \(MessageRow.columns), m.conversation FROM message m
            WHERE m.id IN \(list: ids) AND m.shop = \(shop)
            """)
        for row in rows {
            let message = try MessageRow.decode(row)
            found[message.id.raw] = (message, try row.get(15))
        }
        return found
    }

    /// Nil when the candidate is none after all.
    private func marks(_ message: Message) -> [SearchQuery.Mark]? {
        guard !message.withdrawn, message.kind != .system,
            question.kind == nil || question.kind == message.kind,
            question.agent == nil || question.agent == message.author.staff,
            question.from.map({ message.at >= $0 }) ?? true,
            question.to.map({ message.at <= $0 }) ?? true
        else { return nil }
        guard let words else { return [] }
        let length = message.text.utf16.count
        return words.marks(in: SearchEntry.text(of: message))?.filter { $0.start < length }
    }

    /// Which conversations the asker may see, asked once each.
    private struct Seen {
        let asker: Asker
        let shop: ShopID
        private var known: [ConversationID: Conversation?] = [:]

        init(asker: Asker, shop: ShopID) {
            self.asker = asker
            self.shop = shop
        }

        mutating func conversation(
            _ id: ConversationID, of message: Message, _ transaction: Transaction
        ) throws -> Conversation? {
            let conversation: Conversation?
            if let kept = known[id] {
                conversation = kept
            } else {
                conversation = try visible(id, transaction)
                known[id] = .some(conversation)
            }
            guard let conversation else { return nil }
            // A whisper is for the owner and for whoever may whisper.
            if message.audience == .owner, !conversation.isOwned(by: asker.who),
                !asker.who.has(.whisper)
            {
                return nil
            }
            return conversation
        }

        private func visible(
            _ id: ConversationID, _ transaction: Transaction
        ) throws -> Conversation? {
            guard let conversation = try ConversationStore.load(id, of: shop, in: transaction)
            else {
                return nil
            }
            if asker.searchesAll || conversation.isVisible(to: asker.who, groups: asker.groups) {
                return conversation
            }
            guard let staff = asker.who.staff,
                try PastOwners.contains(staff, id, transaction)
            else { return nil }
            return conversation
        }
    }
}

extension Refusal {
    package static let searchEmpty = Refusal(
        .invalid, "search.empty", zh: "请输入要找的字词", en: "Type a word to look for",
        instead: Localized(
            zh: "一个汉字、两个字母的整词或订单号的后四位都可以",
            en:
                "One Chinese character, a whole word or the last four digits of an order number will do"
        ),
        field: "q")
}
