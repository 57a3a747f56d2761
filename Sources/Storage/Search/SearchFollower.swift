package import Desk
package import SQL

/// Keeps the search index level with the event log.
///
/// It takes from the events only what changed and indexes the rows as they are now: an event that is
/// read twice, or late, does no harm.
package struct SearchFollower: Follower {
    package var name: String { Self.placeName }
    private static let placeName = "search"

    package init() {}

    /// The fields of event bodies that say which rows changed.
    private struct Told: Decodable {
        let id: MessageID?
        let number: Int?
    }

    package func follow(
        _ events: [Event], of shop: ShopID, in transaction: Transaction
    ) throws {
        var sent: [MessageID] = []
        var buyers: Set<Int64> = []
        for event in events {
            switch event.kind {
            case "message.sent":
                if let id = try JSON.value(event.body, as: Told.self).id { sent.append(id) }
            case "message.edited", "message.withdrawn":
                // What was sent before in this batch must be in the index before it is changed.
                try add(sent, of: shop, in: transaction)
                sent = []
                if let conversation = event.subject,
                    let number = try JSON.value(event.body, as: Told.self).number
                {
                    try change(ConversationID(conversation), number, of: shop, in: transaction)
                }
            case "buyer.opened", "buyer.changed":
                if let buyer = event.subject { buyers.insert(buyer) }
            case "conversation.opened":
                if let conversation = event.subject,
                    let row = try transaction.first(
                        "SELECT buyer FROM conversation WHERE id = \(conversation)")
                {
                    buyers.insert(try row.get(0))
                }
            default: break
            }
        }
        try add(sent, of: shop, in: transaction)
        for buyer in buyers.sorted() { try add(BuyerID(buyer), of: shop, in: transaction) }
    }

    package func forget(_ shop: ShopID, in transaction: Transaction) throws {
        let index = transaction.dialect.searchIndex
        let others = try transaction.first(
            "SELECT 1 FROM follower WHERE name = \(name) AND shop <> \(shop) AND number > 0")
        if others == nil { return try index.clear(in: transaction) }
        // Other shops' words lie in the same index, so this shop's are taken out one by one.
        var last: Int64 = 0
        while true {
            let rows = try transaction.rows(
                """
                SELECT \(MessageRow.columns), m.conversation, c.buyer
                FROM message m JOIN conversation c ON c.id = m.conversation
                WHERE m.shop = \(shop) AND m.id > \(last) ORDER BY m.id LIMIT 1000
                """)
            for row in rows {
                let (message, conversation, buyer) = try Self.decode(row)
                try removeAll(message, conversation, buyer, shop, transaction)
            }
            guard let final = rows.last else { break }
            last = try final.get(0)
        }
        for row in try transaction.rows("SELECT id, name FROM buyer WHERE shop = \(shop)") {
            try index.remove(
                try row.get(0), SearchEntry.tokens(ofBuyer: try row.get(1), in: shop),
                from: .buyers,
                in: transaction)
        }
    }

    /// Every shop whose words are indexed.
    package static func shops(in transaction: Transaction) throws -> [ShopID] {
        try transaction.rows("SELECT id FROM shop ORDER BY id").map { try $0.get(0) }
    }

    /// How many events the index has not read yet.
    package static func behind(_ shop: ShopID, in transaction: Transaction) throws -> Int64 {
        let last = try EventLog.last(of: shop, in: transaction)
        return max(0, last - (try FollowerPlace.of(placeName, shop, in: transaction)))
    }

    // MARK: Messages

    private func add(_ ids: [MessageID], of shop: ShopID, in transaction: Transaction) throws {
        guard !ids.isEmpty else { return }
        let rows = try transaction.rows(
            """
            SELECT \(MessageRow.columns), m.conversation, c.buyer
            FROM message m JOIN conversation c ON c.id = m.conversation
            WHERE m.id IN \(list: ids) AND m.shop = \(shop) ORDER BY m.id
            """)
        for row in rows {
            let (message, _, buyer) = try Self.decode(row)
            try add(message, buyer, shop, transaction)
        }
    }

    private func add(
        _ message: Message, _ buyer: BuyerID, _ shop: ShopID, _ transaction: Transaction
    ) throws {
        let text = SearchEntry.text(of: message)
        guard let tokens = SearchEntry.tokens(of: message, text: text, from: buyer, in: shop) else {
            return
        }
        try transaction.dialect.searchIndex.add(
            message.id.raw, tokens, to: .messages, in: transaction)
    }

    /// A message that was edited or withdrawn: its earlier words go, so that nobody finds it by what
    /// it no longer says.
    private func change(
        _ conversation: ConversationID, _ number: Int, of shop: ShopID, in transaction: Transaction
    ) throws {
        guard
            let row = try transaction.first(
                """
                SELECT \(MessageRow.columns), m.conversation, c.buyer
                FROM message m JOIN conversation c ON c.id = m.conversation
                WHERE m.conversation = \(conversation) AND m.number = \(number) AND m.shop = \(shop)
                """)
        else { return }
        let (message, _, buyer) = try Self.decode(row)
        try removeAll(message, conversation, buyer, shop, transaction)
        try add(message, buyer, shop, transaction)
    }

    /// Takes a message away from under every word that it ever held.
    private func removeAll(
        _ message: Message, _ conversation: ConversationID, _ buyer: BuyerID, _ shop: ShopID,
        _ transaction: Transaction
    ) throws {
        var version = message
        version.withdrawn = false
        var texts = [message.text]
        if message.withdrawn || message.editedAt != nil {
            texts += try MessageStore.history(
                conversation, number: message.number, in: transaction
            ).map(\.text)
        }
        for text in Set(texts).sorted() {
            version.text = text
            let words = SearchEntry.text(of: version)
            guard let tokens = SearchEntry.tokens(of: version, text: words, from: buyer, in: shop)
            else { continue }
            try transaction.dialect.searchIndex.remove(
                message.id.raw, tokens, from: .messages, in: transaction)
        }
    }

    private static func decode(_ row: Row) throws -> (Message, ConversationID, BuyerID) {
        (try MessageRow.decode(row), try row.get(15), try row.get(16))
    }

    // MARK: Buyers

    private func add(_ id: BuyerID, of shop: ShopID, in transaction: Transaction) throws {
        guard
            let row = try transaction.first(
                "SELECT name FROM buyer WHERE shop = \(shop) AND id = \(id)")
        else { return }
        // An earlier name stays in the index; who searches checks the name of today.
        try transaction.dialect.searchIndex.add(
            id.raw, SearchEntry.tokens(ofBuyer: try row.get(0), in: shop), to: .buyers,
            in: transaction)
    }
}
