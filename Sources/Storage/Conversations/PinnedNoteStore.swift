package import Desk
package import SQL

/// Notes pinned to a customer or to oneself.
package enum PinnedNoteStore {
    static func pin(
        _ text: String, _ number: Int?, _ scope: PinnedNote.Scope, to conversation: Conversation,
        by who: Participant, _ act: Act
    ) throws -> PinnedNoteID {
        guard case .agent(let staff, let name, _) = who else {
            throw Refusal.notAllowed(
                "note.forbidden", zh: "只有客服可以加备注", en: "Only staff can pin notes")
        }
        var text = text
        if text.isEmpty, let number,
            let message = try MessageStore.load(
                conversation.id, number: number, in: act.transaction)
        {
            text = message.text
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                .invalid, "note.empty", zh: "备注是空的", en: "The note is empty", field: "text")
        }
        guard text.count <= 1_000 else {
            throw Refusal(
                .tooLarge, "note.tooLong", zh: "备注最多 1000 字", en: "At most 1,000 characters",
                field: "text")
        }
        let note = PinnedNote(
            id: act.newID(), scope: scope, buyer: conversation.buyer, conversation: conversation.id,
            number: number,
            author: .init(id: staff, name: name), text: text, at: act.at)
        try act.transaction.run(
            """
            INSERT INTO pinned_note (id, shop, scope, buyer, conversation, number, author, author_name, text, at)
            VALUES (\(note.id), \(act.shop), \(scope.rawValue), \(note.buyer), \(note.conversation), \(number),
                \(staff), \(name), \(text), \(act.at))
            """)
        var json = JSONWriter()
        json.note(note)
        try act.record(
            "note.pinned", about: conversation.id.raw, json: json.text,
            reach: reach(scope, staff, conversation))
        return note.id
    }

    static func unpin(
        _ id: PinnedNoteID, by who: Participant, of conversation: Conversation, _ act: Act
    ) throws {
        guard let staff = who.staff,
            let note = try notes(
                of: conversation.buyer, seenBy: staff, in: act.shop, act.transaction
            )
            .first(where: { $0.id == id })
        else { throw Refusal.unknown("note", zh: "备注", en: "note") }
        guard note.author.id == staff || who.has(.manageAll) else {
            throw Refusal.notAllowed(
                "note.notYours", zh: "只能移除自己的备注", en: "You can unpin only your own notes")
        }
        try act.transaction.run("DELETE FROM pinned_note WHERE id = \(id) AND shop = \(act.shop)")
        try act.record(
            "note.unpinned", about: conversation.id.raw, json: #"{"note":"\#(id)"}"#,
            reach: reach(note.scope, staff, conversation))
    }

    private static func reach(
        _ scope: PinnedNote.Scope, _ staff: StaffID, _ conversation: Conversation
    ) -> Reach {
        var readers = [staff]
        if scope == .customer, let owner = conversation.owner?.id, owner != staff {
            readers.append(owner)
        }
        return Reach(staff: readers)
    }

    /// Oldest first: the customer's for everybody, one's own for oneself.
    package static func notes(
        of buyer: BuyerID, seenBy staff: StaffID, in shop: ShopID, _ transaction: Transaction
    ) throws -> [PinnedNote] {
        try transaction.rows(
            """
            SELECT id, scope, buyer, conversation, number, author, author_name, text, at FROM pinned_note
            WHERE shop = \(shop) AND buyer = \(buyer) AND (scope = 'customer' OR author = \(staff)) ORDER BY id
            """
        ).map { row in
            let scope: String = try row.get(1)
            return PinnedNote(
                id: try row.get(0), scope: PinnedNote.Scope(rawValue: scope) ?? .own,
                buyer: try row.get(2),
                conversation: try row.get(3), number: try row.maybe(4),
                author: .init(id: try row.get(5), name: try row.get(6)), text: try row.get(7),
                at: try row.get(8))
        }
    }
}

extension JSONWriter {
    package mutating func note(_ note: PinnedNote) {
        beginObject()
        field("id", note.id.description)
        field("scope", note.scope.rawValue)
        field("buyer", note.buyer.description)
        field("conversation", note.conversation.description)
        field("number", note.number)
        key("author")
        owner(note.author)
        field("text", note.text)
        field("at", note.at.milliseconds)
        endObject()
    }
}
