package import Desk
package import SQL

/// Delay batches: who is affected, what each is told, who was told, and what they answered.
package struct DelayStore: Sendable {
    let carryOut: CarryOut
    private let converse: Converse

    package init(_ carryOut: CarryOut, claimUpload: @escaping Converse.ClaimUpload) {
        self.carryOut = carryOut
        converse = Converse(claimUpload: claimUpload)
    }

    /// Which parcels a batch is about.
    package struct Choice: Sendable {
        package var filter = ParcelStore.Filter()
        /// Not empty: only these of them.
        package var only: [ParcelID] = []

        package init() {}
    }

    /// One affected parcel, and what would be done about it.
    package struct Affected: Sendable {
        package let parcel: Parcel
        package let date: Instant
        package let text: String
        /// Nil: its buyer is told.
        package let skip: DelaySkip?
    }

    /// Everything that a batch would do, without doing it.
    package func preview(
        _ choice: Choice, _ draft: DelayDraft, for actor: StaffPrincipal
    ) async throws -> [Affected] {
        try actor.require(.delayNotify)
        let now = carryOut.clock()
        return try await carryOut.database.read { transaction in
            try Self.affected(choice, draft, of: actor.shop, at: now, in: transaction)
        }
    }

    private static func affected(
        _ choice: Choice, _ draft: DelayDraft, of shop: ShopID, at now: Instant,
        in transaction: Transaction
    ) throws -> [Affected] {
        let policy = try PolicyStore.inForce(shop, at: now, in: transaction)
        let carriers = try CarrierStore.byCode(of: shop, in: transaction)
        let zone = try ShopStore.one(shop, in: transaction).hours.zone
        var filter = choice.filter
        filter.limit = 5_000
        let only = Set(choice.only)
        let parcels =
            only.isEmpty
            ? try ParcelStore.list(filter, of: shop, in: transaction)
            : try only.sorted().compactMap {
                try ParcelStore.load($0, of: shop, in: transaction)
            }
        var told: [ParcelID: Instant] = [:]
        for row in try transaction.rows(
            """
            SELECT id, told_at FROM parcel
            WHERE shop = \(shop) AND told_at > \(now - policy.span(.delayNoticeEvery))
            """)
        {
            told[try row.get(0)] = try row.get(1) as Instant
        }
        let most = policy[.delayNoticesPerBatch]
        var chosen = 0
        return parcels.map { parcel in
            var skip = parcel.delaySkip(lastTold: told[parcel.id], at: now, policy: policy)
            if skip == nil {
                chosen += 1
                if chosen > most { skip = .overLimit }
            }
            let date = draft.date(for: parcel, at: now)
            return Affected(
                parcel: parcel, date: date,
                text: draft.text(
                    for: parcel, carrier: carriers[parcel.carrier]?.name ?? parcel.carrier,
                    date: date, zone: zone), skip: skip)
        }
    }

    private struct Started: Encodable {
        let reason: String
        let parcels: Int
    }

    /// Begins to tell everybody whom the preview showed.
    /// - Parameter expected: how many would be told by the preview that was read; another number → 409.
    package func start(
        _ choice: Choice, _ draft: DelayDraft, expected: Int, by actor: StaffPrincipal
    ) async throws -> DelayBatchID {
        try actor.require(.delayNotify)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let told = try Self.affected(
                choice, draft, of: act.shop, at: act.at, in: act.transaction
            ).filter { $0.skip == nil }
            guard !told.isEmpty else {
                throw Refusal(
                    .conflict, "delay.nobody", zh: "没有可以通知的买家",
                    en: "There is nobody to tell",
                    instead: Localized(
                        zh: "看看预览里每个包裹的原因", en: "The preview says why for each parcel"))
            }
            guard told.count == expected else {
                throw Refusal(
                    .conflict, "delay.changed",
                    zh: "情况变了：现在会通知 \(told.count) 位，预览时是 \(expected) 位",
                    en:
                        "Things changed: \(told.count) would be told now, \(expected) in the preview",
                    instead: Localized(zh: "请重新预览", en: "Look at the preview again"))
            }
            let id: DelayBatchID = act.newID()
            try act.transaction.change(
                """
                INSERT INTO delay_batch (shop, id, at, staff, by_name, reason, options, state)
                VALUES (\(act.shop), \(id), \(act.at), \(actor.id), \(actor.publicName),
                    \(draft.reason), \(draft.options.map(\.rawValue).joined(separator: ",")),
                    'sending')
                """)
            for one in told {
                guard let buyer = one.parcel.buyer else { continue }
                try act.transaction.run(
                    """
                    INSERT INTO delay_notice (shop, batch, parcel, buyer, due_date, text, state,
                        why, conversation, message, told_at, choice, reply, replied_at, done_at,
                        done_by)
                    VALUES (\(act.shop), \(id), \(one.parcel.id), \(buyer), \(one.date),
                        \(one.text), 'waiting', '', NULL, NULL, NULL, NULL, '', NULL, NULL, '')
                    """)
            }
            try act.record(
                "delay.started", about: id.raw,
                Started(reason: draft.reason, parcels: told.count), reach: Reach(wholeShop: true))
            return id
        }
    }

    /// Ends a batch before everybody was told.
    package func stop(_ id: DelayBatchID, by actor: StaffPrincipal) async throws {
        try actor.require(.delayNotify)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let stopped = try act.transaction.change(
                """
                UPDATE delay_batch SET state = 'stopped'
                WHERE shop = \(act.shop) AND id = \(id) AND state = 'sending'
                """)
            guard stopped == 1 else {
                let known = try act.transaction.first(
                    "SELECT 1 FROM delay_batch WHERE shop = \(act.shop) AND id = \(id)")
                if known == nil { throw Refusal.delayUnknown }
                throw Refusal(
                    .conflict, "delay.over", zh: "这一批已经发完", en: "Everybody was told already")
            }
            try act.transaction.change(
                """
                UPDATE delay_notice SET state = 'stopped'
                WHERE shop = \(act.shop) AND batch = \(id) AND state = 'waiting'
                """)
            try act.record(
                "delay.stopped", about: id.raw, ["by": act.actor.name],
                reach: Reach(wholeShop: true))
        }
    }

    // MARK: - Telling

    /// A buyer who waits to be told.
    package struct Next: Sendable {
        let batch: DelayBatchID
        let parcel: ParcelID
    }

    /// Who is to be told next, over all batches of a shop.
    package static func next(
        of shop: ShopID, limit: Int, in transaction: Transaction
    ) throws -> [Next] {
        try transaction.rows(
            """
            SELECT batch, parcel FROM delay_notice
            WHERE shop = \(shop) AND state = 'waiting' ORDER BY batch, parcel LIMIT \(limit)
            """
        ).map { Next(batch: try $0.get(0), parcel: try $0.get(1)) }
    }

    /// Tells one buyer, by the usual way of saying something, and keeps that it was done: both or neither.
    ///
    /// - Parameter duty: thrown for when another node does this now.
    package func tell(
        _ next: Next, in shop: ShopID, hold: @escaping @Sendable (Transaction) throws -> Void
    ) async throws {
        do {
            try await carryOut(in: shop, as: .system) { act in
                try hold(act.transaction)
                try say(next, in: act)
            }
        } catch let refusal as Refusal {
            // What cannot be said is kept with its reason, and the batch goes on.
            try await carryOut(in: shop, as: .system) { act in
                try act.transaction.change(
                    """
                    UPDATE delay_notice SET state = 'failed', why = \(refusal.message.zh)
                    WHERE shop = \(act.shop) AND batch = \(next.batch) AND parcel = \(next.parcel)
                        AND state = 'waiting'
                    """)
                try Self.finish(next.batch, in: act)
            }
        }
    }

    private func say(_ next: Next, in act: Act) throws {
        let row = try act.transaction.first(
            """
            SELECT n.text, n.buyer, b.name, s.name, p.state FROM delay_notice n
            JOIN buyer b ON b.shop = n.shop AND b.id = n.buyer
            JOIN shop s ON s.id = n.shop
            JOIN parcel p ON p.shop = n.shop AND p.id = n.parcel
            WHERE n.shop = \(act.shop) AND n.batch = \(next.batch) AND n.parcel = \(next.parcel)
                AND n.state = 'waiting'
            """)
        guard let row else { return }
        // What arrived meanwhile is no longer late.
        if try row.get(4, as: String.self) == ParcelStatus.delivered.rawValue {
            try act.transaction.change(
                """
                UPDATE delay_notice SET state = 'failed', why = \(DelaySkip.arrived.name.zh)
                WHERE shop = \(act.shop) AND batch = \(next.batch) AND parcel = \(next.parcel)
                """)
            return try Self.finish(next.batch, in: act)
        }
        let buyer: BuyerID = try row.get(1)
        let policy = try PolicyStore.inForce(act.shop, at: act.at, in: act.transaction)
        let conversation = try place(of: buyer, name: try row.get(2), policy, in: act)
        let key = "delay-\(next.batch)-\(next.parcel)"
        let said = try converse(
            .say(Saying(key: key, text: try row.get(0)), upload: nil), key: key, in: conversation,
            by: .bot(name: try row.get(3)), policy: policy, act: act)
        try act.transaction.change(
            """
            UPDATE delay_notice SET state = 'told', conversation = \(conversation),
                message = \(said.number), told_at = \(act.at)
            WHERE shop = \(act.shop) AND batch = \(next.batch) AND parcel = \(next.parcel)
            """)
        try act.transaction.change(
            """
            UPDATE parcel SET told_at = \(act.at), promised_at = (
                SELECT due_date FROM delay_notice n WHERE n.shop = \(act.shop)
                    AND n.batch = \(next.batch) AND n.parcel = \(next.parcel)),
                watch_at = \(act.at)
            WHERE shop = \(act.shop) AND id = \(next.parcel)
            """)
        try act.record("delay.told", about: next.batch.raw, ["parcel": next.parcel.description])
        try Self.finish(next.batch, in: act)
    }

    /// The buyer's newest conversation; without any, a new one that nobody has to answer until the buyer does.
    private func place(
        of buyer: BuyerID, name: String, _ policy: PolicySet, in act: Act
    ) throws -> ConversationID {
        if let newest = try ConversationStore.newest(of: buyer, in: act.shop, act.transaction) {
            return newest.id
        }
        let conversation = Conversation(
            id: act.newID(), buyer: buyer, buyerName: name, channel: "web", openedAt: act.at,
            state: .queued)
        try ConversationStore.insert(conversation, of: act.shop, in: act.transaction)
        var story = Story(conversation, at: act.at, rules: policy.conversationRules) {
            act.newID()
        }
        story.happen(.opened(buyerName: name, channel: "web"))
        try story.close(by: .system, reason: "notice", inviteRating: false)
        try ConversationStore.append(story, before: conversation, by: .system, in: act)
        return conversation.id
    }

    private static func finish(_ batch: DelayBatchID, in act: Act) throws {
        let waits = try act.transaction.first(
            """
            SELECT 1 FROM delay_notice
            WHERE shop = \(act.shop) AND batch = \(batch) AND state = 'waiting' LIMIT 1
            """)
        guard waits == nil else { return }
        try act.transaction.change(
            """
            UPDATE delay_batch SET state = 'sent'
            WHERE shop = \(act.shop) AND id = \(batch) AND state = 'sending'
            """)
        try act.record(
            "delay.sent", about: batch.raw, [String: String](), reach: Reach(wholeShop: true))
    }
}

extension Refusal {
    package static let delayUnknown = Refusal.unknown("delay", zh: "延误批次", en: "delay batch")
}
