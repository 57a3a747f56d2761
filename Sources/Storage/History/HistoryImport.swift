package import Desk
import SQL

/// Brings conversations in that happened elsewhere; `Docs/import.md`.
///
/// Their events go into the log, so that search and figures follow them, and are announced to nobody: nothing happened now.
package struct HistoryImport: Sendable {
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// What a batch did, or would do.
    package struct Outcome: Hashable, Sendable {
        package var conversations = 0
        package var messages = 0
        package var buyers = 0
        /// Known already by their ids.
        package var known = 0

        package init() {}

        package mutating func add(_ other: Outcome) {
            conversations += other.conversations
            messages += other.messages
            buyers += other.buyers
            known += other.known
        }
    }

    /// Undoes a preview.
    private struct Previewed: Error {
        let outcome: Outcome
    }

    /// Whether a conversation was brought in before.
    package func knows(_ source: String, in shop: ShopID) async throws -> Bool {
        try await carryOut.database.read { transaction in
            try transaction.first(
                "SELECT 1 FROM imported_conversation WHERE shop = \(shop) AND source = \(source)")
                != nil
        }
    }

    /// Takes a batch in, whole or not at all.
    /// - Parameter preview: tell what would happen and keep nothing.
    package func take(
        _ batch: [PastConversation], into shop: ShopID, preview: Bool = false
    ) async throws -> Outcome {
        do {
            return try await carryOut(in: shop, as: .system) { act in
                let people = try People(act)
                var outcome = Outcome()
                for past in batch { try Self.take(past, people, &outcome, act) }
                if preview { throw Previewed(outcome: outcome) }
                return outcome
            }
        } catch let previewed as Previewed {
            return previewed.outcome
        }
    }

    /// Staff by what a file may call them.
    private struct People {
        var byName: [String: Conversation.Owner] = [:]

        init(_ act: Act) throws {
            for staff in try StaffRows.all(of: act.shop, in: act.transaction) {
                let owner = Conversation.Owner(id: staff.id, name: staff.publicName)
                for name in [staff.login, staff.nickname] where !name.isEmpty {
                    byName[name] = owner
                }
            }
        }
    }

    private static func take(
        _ past: PastConversation, _ people: People, _ outcome: inout Outcome, _ act: Act
    ) throws {
        let transaction = act.transaction
        let known = try transaction.first(
            "SELECT 1 FROM imported_conversation WHERE shop = \(act.shop) AND source = \(past.id)")
        guard known == nil else {
            outcome.known += 1
            return
        }
        let buyer = try buyer(of: past, &outcome, act)
        let before = Conversation(
            id: act.newID(), buyer: buyer.id, buyerName: buyer.name, channel: "import",
            openedAt: past.openedAt, state: .queued)
        try ConversationStore.insert(before, of: act.shop, in: transaction)
        try transaction.run(
            """
            INSERT INTO imported_conversation (shop, source, conversation)
            VALUES (\(act.shop), \(past.id), \(before.id))
            """)
        let story = story(of: past, before, buyer, people, act)
        for event in story.events {
            if case .said(let message) = event {
                try ConversationStore.insert(message, of: before.id, in: act.shop, transaction)
                outcome.messages += 1
            }
        }
        try ConversationStore.save(story.conversation, before: before, in: transaction)
        for event in story.events {
            let author = if case .said(let message) = event { message.author } else { Actor.system }
            try act.record(
                event.kind, about: before.id.raw, json: event.json, by: author, reach: nil)
        }
        outcome.conversations += 1
    }

    /// The conversation's whole life, told at its own times.
    private static func story(
        of past: PastConversation, _ before: Conversation, _ buyer: Buyer, _ people: People,
        _ act: Act
    ) -> Story {
        var story = Story(before, at: past.closedAt, rules: ConversationRules()) { act.newID() }
        let owner = past.agent.flatMap { people.byName[$0] }
        story.happen(.opened(buyerName: buyer.name, channel: before.channel))
        if let owner {
            let why = Localized(zh: "导入的历史会话", en: "Imported from the past")
            story.happen(
                .assigned(
                    to: owner, Assignment(reason: .claimed, why: why, at: past.openedAt), from: nil)
            )
        }
        let agent =
            owner.map { Actor.agent($0.id, $0.name) }
            ?? Actor(kind: .agent, id: nil, name: past.agent ?? "")
        for (index, line) in past.messages.enumerated() {
            let now = story.conversation
            story.happen(
                .said(
                    Message(
                        id: act.newID(), number: now.lastNumber + 1, follows: now.lastPublic,
                        at: line.at,
                        key: "import-\(index + 1)",
                        author: line.from == .buyer ? buyer.principal.actor : agent, kind: .text,
                        audience: .all, text: line.text)))
        }
        if let tags = past.tags, !tags.isEmpty { story.happen(.tagged(tags)) }
        story.happen(.closed(reason: "imported"))
        if let rating = past.rating { story.happen(.rated(score: rating, comment: "")) }
        return story
    }

    /// The same contact is the same buyer; without a contact, the same name is.
    private static func buyer(
        of past: PastConversation, _ outcome: inout Outcome, _ act: Act
    ) throws -> Buyer {
        let contact = past.buyer.contact ?? ""
        let row =
            contact.isEmpty
            ? try act.transaction.first(
                """
                SELECT id FROM buyer WHERE shop = \(act.shop) AND name = \(past.buyer.name) AND contact = ''
                ORDER BY id LIMIT 1
                """)
            : try act.transaction.first(
                // The last condition says nothing new, but that the index of contacts may be used.
                """
                SELECT id FROM buyer WHERE shop = \(act.shop) AND contact = \(contact) AND contact <> ''
                ORDER BY id LIMIT 1
                """)
        if let id = try row?.get(0, as: BuyerID.self),
            let buyer = try BuyerStore.one(id, of: act.shop, in: act.transaction)
        {
            return buyer
        }
        let buyer = Buyer(
            id: act.newID(), shop: act.shop, name: past.buyer.name, contact: contact,
            createdAt: past.openedAt)
        try BuyerStore.insert(buyer, in: act.transaction)
        outcome.buyers += 1
        return buyer
    }
}
