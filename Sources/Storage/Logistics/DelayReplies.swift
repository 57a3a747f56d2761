package import Desk
package import SQL

/// Reads what buyers answer to delay notices from the event log.
package struct DelayReplyFollower: Follower {
    package var name: String { "delayReplies" }

    package init() {}

    /// The parts of a message that matter here.
    private struct Said: Decodable {
        let text: String
    }

    package func follow(
        _ events: [Event], of shop: ShopID, in transaction: Transaction
    ) throws {
        for event in events where event.kind == "message.sent" {
            guard let buyer = event.actor.buyer, let conversation = event.subject else { continue }
            let rows = try transaction.rows(
                """
                SELECT n.batch, n.parcel, b.options FROM delay_notice n
                JOIN delay_batch b ON b.shop = n.shop AND b.id = n.batch
                WHERE n.shop = \(shop) AND n.buyer = \(buyer) AND n.state = 'told'
                    AND n.told_at < \(event.at) AND n.told_at > \(event.at - .days(7))
                ORDER BY n.told_at DESC, n.parcel LIMIT 20
                """)
            guard let newest = rows.first else { continue }
            let text = try JSON.value(event.body, as: Said.self).text
            guard !text.isEmpty else { continue }
            // One answer is about everything that this buyer was told in the newest batch.
            let batch: DelayBatchID = try newest.get(0)
            let options = try newest.get(2, as: String.self).split(separator: ",")
                .compactMap { DelayOption(rawValue: String($0)) }
            let choice = DelayReply.read(text, options: options)
            try transaction.run(
                """
                UPDATE delay_notice SET state = 'replied', choice = \(choice?.rawValue),
                    reply = \(String(text.prefix(500))), replied_at = \(event.at),
                    conversation = \(conversation)
                WHERE shop = \(shop) AND buyer = \(buyer) AND batch = \(batch)
                    AND state = 'told'
                """)
        }
    }

    package func forget(_ shop: ShopID, in transaction: Transaction) throws {
        try transaction.run(
            """
            UPDATE delay_notice SET state = 'told', choice = NULL, reply = '', replied_at = NULL
            WHERE shop = \(shop) AND state = 'replied'
            """)
    }
}

/// Looking at batches and at what is left to do for those who answered.
extension DelayStore {
    package struct Batch: Sendable {
        package let id: DelayBatchID
        package let at: Instant
        package let by: String
        package let reason: String
        package let options: [DelayOption]
        package let state: String
        /// How many notices are in each state.
        package var counts: [String: Int] = [:]
        /// How many buyers chose what.
        package var choices: [String: Int] = [:]
    }

    package struct Notice: Sendable {
        package let parcel: ParcelID
        package let orderNumber: String
        package let waybill: String
        package let carrier: String
        package let buyerName: String
        package let date: Instant
        package let text: String
        package let state: String
        package let why: String
        package let conversation: ConversationID?
        package let toldAt: Instant?
        package let choice: DelayOption?
        package let reply: String
        package let repliedAt: Instant?
        package let doneBy: String
    }

    /// Newest first.
    package func batches(of shop: ShopID) async throws -> [Batch] {
        try await carryOut.database.read { transaction in
            try Self.batches(of: shop, only: nil, in: transaction)
        }
    }

    package func batch(_ id: DelayBatchID, of shop: ShopID) async throws -> (Batch, [Notice]) {
        try await carryOut.database.read { transaction in
            guard let batch = try Self.batches(of: shop, only: id, in: transaction).first else {
                throw Refusal.delayUnknown
            }
            let rows = try transaction.rows(
                """
                SELECT n.parcel, p.order_number, p.waybill, p.carrier, p.buyer_name, n.due_date,
                    n.text, n.state, n.why, n.conversation, n.told_at, n.choice, n.reply,
                    n.replied_at, n.done_by
                FROM delay_notice n JOIN parcel p ON p.shop = n.shop AND p.id = n.parcel
                WHERE n.shop = \(shop) AND n.batch = \(id)
                ORDER BY CASE n.state WHEN 'replied' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END,
                    n.parcel LIMIT 5000
                """)
            let notices = try rows.map { row in
                Notice(
                    parcel: try row.get(0), orderNumber: try row.get(1), waybill: try row.get(2),
                    carrier: try row.get(3), buyerName: try row.get(4), date: try row.get(5),
                    text: try row.get(6), state: try row.get(7), why: try row.get(8),
                    conversation: try row.maybe(9), toldAt: try row.maybe(10),
                    choice: try ParcelRow.word(row, 11), reply: try row.get(12),
                    repliedAt: try row.maybe(13), doneBy: try row.get(14))
            }
            return (batch, notices)
        }
    }

    private static func batches(
        of shop: ShopID, only id: DelayBatchID?, in transaction: Transaction
    ) throws -> [Batch] {
        let which: Statement = id.map { " AND b.id = \($0)" } ?? ""
        var batches = try transaction.rows(
            """
            SELECT b.id, b.at, b.by_name, b.reason, b.options, b.state FROM delay_batch b
            WHERE b.shop = \(shop)\(which) ORDER BY b.id DESC LIMIT 100
            """
        ).map { row in
            Batch(
                id: try row.get(0), at: try row.get(1), by: try row.get(2),
                reason: try row.get(3),
                options: try row.get(4, as: String.self).split(separator: ",")
                    .compactMap { DelayOption(rawValue: String($0)) },
                state: try row.get(5))
        }
        let ids = batches.map(\.id)
        for row in try transaction.rows(
            """
            SELECT batch, state, choice, count(*) FROM delay_notice
            WHERE shop = \(shop) AND batch IN \(list: ids) GROUP BY batch, state, choice
            """)
        {
            let batch: DelayBatchID = try row.get(0)
            guard let at = batches.firstIndex(where: { $0.id == batch }) else { continue }
            let count: Int = try row.get(3)
            batches[at].counts[try row.get(1), default: 0] += count
            if let choice: String = try row.maybe(2) {
                batches[at].choices[choice, default: 0] += count
            }
        }
        return batches
    }

    /// Somebody did what the buyer chose, or read an answer that no program understands.
    package func done(
        _ parcel: ParcelID, of batch: DelayBatchID, choice: DelayOption?,
        by actor: StaffPrincipal
    ) async throws {
        try actor.require(.delayNotify)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let changed = try act.transaction.change(
                """
                UPDATE delay_notice SET state = 'done',
                    choice = coalesce(\(choice?.rawValue), choice),
                    done_at = \(act.at), done_by = \(actor.publicName)
                WHERE shop = \(act.shop) AND batch = \(batch) AND parcel = \(parcel)
                    AND state IN ('told', 'replied')
                """)
            guard changed == 1 else {
                throw Refusal(
                    .conflict, "delay.notOpen", zh: "这条通知没有待处理的答复",
                    en: "This notice has no answer to deal with")
            }
            try act.record(
                "delay.done", about: batch.raw, ["parcel": parcel.description],
                reach: Reach(wholeShop: true))
        }
    }
}
