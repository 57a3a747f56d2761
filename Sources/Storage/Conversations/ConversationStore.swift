package import Desk
package import SQL

/// Conversations and their messages: loading for decisions, and appending what was decided.
package enum ConversationStore {
    package static func load(
        _ id: ConversationID, of shop: ShopID, in transaction: Transaction
    ) throws -> Conversation? {
        let notes = ConversationNotes.of(transaction)
        if let known = notes?[id, of: shop] { return known }
        let found = try transaction.first(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.id = \(id) AND c.shop = \(shop)\(lock(transaction))
            """
        ).map(ConversationRow.decode)
        if let found { notes?.note(found, of: shop) }
        return found
    }

    private static func lock(_ transaction: Transaction) -> Statement {
        transaction.group.isShared ? transaction.dialect.forUpdate : ""
    }

    /// Where a buyer's next words belong: their newest conversation that was not merged away.
    package static func newest(
        of buyer: BuyerID, in shop: ShopID, _ transaction: Transaction
    ) throws -> Conversation? {
        let notes = ConversationNotes.of(transaction)
        if let known = notes?[newestOf: buyer, in: shop] { return known }
        let found = try transaction.first(
            """
            SELECT \(ConversationRow.columns) FROM conversation c
            WHERE c.shop = \(shop) AND c.buyer = \(buyer) AND c.merged_into IS NULL
            ORDER BY c.opened_at DESC, c.id DESC LIMIT 1\(lock(transaction))
            """
        ).map(ConversationRow.decode)
        if let found { notes?.note(found, of: shop, isNewest: true) }
        return found
    }

    /// A buyer's twenty newest conversations.
    static func recent(
        of buyer: BuyerID, in shop: ShopID, _ transaction: Transaction
    ) throws -> [ConversationID] {
        let notes = ConversationNotes.of(transaction)
        if let known = notes?[recentOf: buyer, in: shop] { return known }
        let found: [ConversationID] = try transaction.rows(
            """
            SELECT id FROM conversation WHERE shop = \(shop) AND buyer = \(buyer)
            ORDER BY opened_at DESC, id DESC LIMIT 20
            """
        ).map { try $0.get(0) }
        notes?.note(found, recentOf: buyer, in: shop)
        return found
    }

    package static func all(
        of buyer: BuyerID, in shop: ShopID, limit: Int, _ transaction: Transaction
    ) throws -> [Conversation] {
        try transaction.rows(
            """
            SELECT \(ConversationRow.columns) FROM conversation c WHERE c.shop = \(shop) AND c.buyer = \(buyer)
            ORDER BY c.opened_at DESC, c.id DESC LIMIT \(limit)
            """
        ).map(ConversationRow.decode)
    }

    /// Who served this buyer last, other than in `except`.
    package static func lastOwner(
        of buyer: BuyerID, in shop: ShopID, except: ConversationID?, _ transaction: Transaction
    ) throws -> StaffID? {
        try transaction.first(
            """
            SELECT owner FROM conversation WHERE shop = \(shop) AND buyer = \(buyer) AND owner IS NOT NULL
            AND id <> \(except?.raw ?? 0) ORDER BY opened_at DESC LIMIT 1
            """
        )?.get(0)
    }

    package static func insert(
        _ conversation: Conversation, of shop: ShopID, in transaction: Transaction
    ) throws {
        ConversationNotes.of(transaction)?.forgetList(of: conversation.buyer)
        try transaction.run(
            """
            INSERT INTO conversation (id, shop, buyer, buyer_name, channel, opened_at, state)
            VALUES (\(conversation.id), \(shop), \(conversation.buyer), \(conversation.buyerName),
                \(conversation.channel), \(conversation.openedAt), \(conversation.state.rawValue))
            """)
    }

    /// Appends what a story added: message rows, the conversation's row, the events.
    /// - Parameter before: the conversation as it was loaded.
    /// - Returns: the number of the last event, or nil when nothing happened.
    @discardableResult
    package static func append(
        _ story: Story, before: Conversation, by actor: Actor, in act: Act
    ) throws -> Int64? {
        guard !story.events.isEmpty else { return nil }
        var last: Int64?
        // What is said changes only what every message touches.
        var onlySaid = true
        for event in story.events {
            try keep(event, of: before.id, in: act)
            if case .said = event { continue }
            onlySaid = false
        }
        try save(
            story.conversation, before: onlySaid ? nil : before, in: act.transaction)
        for event in story.events {
            let reach = reach(of: event, before: before, after: story.conversation)
            last = try act.record(
                event.kind, about: before.id.raw, json: event.json, by: author(of: event, actor),
                reach: reach)
        }
        return last
    }

    /// Lines of the system are the system's, whoever caused them.
    private static func author(of event: ConversationEvent, _ actor: Actor) -> Actor {
        if case .said(let message) = event { message.author } else { actor }
    }

    private static func reach(
        of event: ConversationEvent, before: Conversation, after: Conversation
    ) -> Reach {
        var staff: [StaffID] = []
        if let owner = after.owner?.id { staff.append(owner) }
        if let owner = before.owner?.id, owner != after.owner?.id { staff.append(owner) }
        if case .said(let message) = event {
            staff += message.mentions.filter { !staff.contains($0) }
        }
        return Reach(
            buyer: event.isForBuyers ? after.buyer : nil, staff: staff,
            // A new conversation that finds its agent at once was never in the queue.
            queue: after.queuedSince != nil || before.queuedSince != nil,
            group: after.group ?? before.group)
    }

    // MARK: - Rows

    private static func keep(_ event: ConversationEvent, of id: ConversationID, in act: Act) throws
    {
        let transaction = act.transaction
        switch event {
        case .said(let message):
            try insert(message, of: id, in: act.shop, transaction)
        case .edited(let number, let text, let at, _):
            try remember(id, number, until: at, in: transaction)
            try transaction.run(
                "UPDATE message SET text = \(text), edited_at = \(at) WHERE conversation = \(id) AND number = \(number)"
            )
        case .withdrawn(let number, _):
            try remember(id, number, until: act.at, in: transaction)
            try transaction.run(
                "UPDATE message SET withdrawn = 1 WHERE conversation = \(id) AND number = \(number)"
            )
        case .assigned(let owner, _, _):
            try transaction.run(
                "UPDATE presence SET last_assigned = \(act.at) WHERE shop = \(act.shop) AND staff = \(owner.id)"
            )
        default:
            break
        }
    }

    package static func insert(
        _ message: Message, of conversation: ConversationID, in shop: ShopID,
        _ transaction: Transaction
    ) throws {
        let extra = try MessageRow.Extra(message).map { try JSON.text($0) }
        try transaction.run(
            Statement(
                insertMessage,
                [
                    message.id.sqlValue, shop.sqlValue, conversation.sqlValue,
                    message.number.sqlValue, message.follows.sqlValue, message.at.sqlValue,
                    message.key.sqlValue, message.contentDigest.sqlValue,
                    message.author.kind.rawValue.sqlValue, .maybe(message.author.id),
                    message.author.name.sqlValue, message.kind.rawValue.sqlValue,
                    message.audience.rawValue.sqlValue, message.text.sqlValue,
                    .maybe(message.replyTo), .maybe(extra),
                ]))
        for staff in message.mentions {
            try transaction.run(
                """
                INSERT INTO mention (shop, staff, conversation, message)
                VALUES (\(shop), \(staff), \(conversation), \(message.id)) ON CONFLICT DO NOTHING
                """)
        }
    }

    private static let insertMessage = FixedText(
        addingTo: "message",
        """
        id, shop, conversation, number, follows, at, key, digest, author_kind, author_id, author_name, kind, audience, text, \
        reply_to, extra
        """)

    private static let saveUsual = FixedText(
        """
        UPDATE conversation SET last_number = ?, last_public = ?, waiting_since = ?, preview_text = ?,
            preview_kind = ?, preview_from = ?, preview_at = ?, preview_number = ?, read_by_agent = ?, read_by_buyer = ?,
            delivered_to_buyer = ?, unread = ?
        WHERE id = ?
        """, effect: .sets)

    private static func remember(
        _ id: ConversationID, _ number: Int, until: Instant, in transaction: Transaction
    ) throws {
        try transaction.run(
            """
            INSERT INTO message_history (conversation, number, version, text, until)
            SELECT \(id), \(number), 1 + (SELECT count(*) FROM message_history h
                WHERE h.conversation = \(id) AND h.number = \(number)), m.text, \(until)
            FROM message m WHERE m.conversation = \(id) AND m.number = \(number)
            """)
    }

    /// Writes what changed.
    ///
    /// The columns that every message touches have a statement of their own.
    /// - Parameter before: nil when no others can have changed.
    package static func save(
        _ now: Conversation, before: Conversation?, in transaction: Transaction
    ) throws {
        if let note = ConversationNotes.of(transaction)?.changed(now) {
            try transaction.run(note)
        } else {
            try transaction.run(saving(now))
        }
        guard let before, rest(now) != rest(before) else { return }
        try transaction.run(
            """
            UPDATE conversation SET state = \(now.state.rawValue), owner = \(now.owner?.id),
                owner_name = \(now.owner?.name), group_id = \(now.group),
                assigned_reason = \(now.assignment?.reason.rawValue), assigned_zh = \(now.assignment?.why.zh),
                assigned_en = \(now.assignment?.why.en), assigned_at = \(now.assignment?.at), queued_since = \(now.queuedSince),
                tags = \(try JSON.text(now.tags)), snoozed_until = \(now.snoozedUntil),
                snooze_note = \(now.snoozeNote), merged_into = \(now.mergedInto),
                rating_invited = \(now.rating.invited), rating_score = \(now.rating.score),
                rating_comment = \(now.rating.comment), closed_at = \(now.closedAt), buyer_name = \(now.buyerName)
            WHERE id = \(now.id)
            """)
    }

    /// Writes what every message touches.
    static func saving(_ now: Conversation) -> Statement {
        Statement(
            saveUsual,
            [
                now.lastNumber.sqlValue, now.lastPublic.sqlValue, .maybe(now.waitingSince),
                .maybe(now.preview?.text), .maybe(now.preview?.kind.rawValue),
                .maybe(now.preview?.from.rawValue), .maybe(now.preview?.at),
                .maybe(now.preview?.number),
                now.readByAgent.sqlValue, now.readByBuyer.sqlValue,
                now.deliveredToBuyer.sqlValue, now.unread.sqlValue, now.id.sqlValue,
            ])
    }

    /// The conversation with what every message touches taken out.
    private static func rest(_ conversation: Conversation) -> Conversation {
        var rest = conversation
        rest.lastNumber = 0
        rest.lastPublic = 0
        rest.waitingSince = nil
        rest.preview = nil
        rest.readByAgent = 0
        rest.readByBuyer = 0
        rest.deliveredToBuyer = 0
        rest.unread = 0
        return rest
    }
}

extension ConversationEvent {
    /// Whether the buyer's window gets it.
    package var isForBuyers: Bool {
        switch self {
        case .said(let message): message.audience == .all
        case .edited(_, _, _, let audience), .withdrawn(_, let audience): audience == .all
        case .opened, .queued, .assigned, .closed, .reopened, .merged, .readByAgent, .ratingInvited,
            .rated, .delivered, .readByBuyer:
            true
        case .transferred, .returned, .snoozed, .woken, .tagged: false
        }
    }
}

extension Message {
    /// Tells two contents under one key apart (FNV-1a, 64 bits).
    package var contentDigest: Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        mix(kind.rawValue)
        mix(text)
        if let replyTo { mix(String(replyTo)) }
        if let attachment { mix(attachment.upload.description) }
        if let card { mix(card.title + (card.url ?? "")) }
        return Int64(bitPattern: hash)
    }
}
