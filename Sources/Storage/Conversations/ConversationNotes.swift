import Desk
import SQL

/// The conversations that the writer has in mind, as their rows are, so that the next message need not read its own.
final class ConversationNotes: GroupNotes {
    final class Note: LateRow {
        let shop: ShopID
        fileprivate(set) var conversation: Conversation

        init(_ conversation: Conversation, of shop: ShopID) {
            self.shop = shop
            self.conversation = conversation
        }

        var statement: Statement { ConversationStore.saving(conversation) }
    }

    private var notes: [ConversationID: Note] = [:]
    private var newest: [BuyerID: ConversationID] = [:]
    private var recent: [BuyerID: (shop: ShopID, ids: [ConversationID])] = [:]
    /// Conversations in mind at most, about 1 kB each; then all are forgotten and those in use read again.
    private static let limit = 4_096

    /// Nil for transactions that only read.
    static func of(_ transaction: Transaction) -> ConversationNotes? {
        transaction.group.isShared ? transaction.group.notes() : nil
    }

    subscript(id: ConversationID, of shop: ShopID) -> Conversation? {
        guard let note = notes[id], note.shop == shop else { return nil }
        return note.conversation
    }

    subscript(newestOf buyer: BuyerID, in shop: ShopID) -> Conversation? {
        newest[buyer].flatMap { self[$0, of: shop] }
    }

    func note(_ conversation: Conversation, of shop: ShopID, isNewest: Bool = false) {
        if notes.count >= Self.limit { forgetAll() }
        notes[conversation.id] = Note(conversation, of: shop)
        if isNewest { newest[conversation.buyer] = conversation.id }
    }

    /// The row is going to be written.
    /// - Returns: nil when it is not in mind.
    func changed(_ conversation: Conversation) -> Note? {
        if conversation.mergedInto != nil { forgetList(of: conversation.buyer) }
        guard let note = notes[conversation.id] else { return nil }
        note.conversation = conversation
        return note
    }

    subscript(recentOf buyer: BuyerID, in shop: ShopID) -> [ConversationID]? {
        guard let known = recent[buyer], known.shop == shop else { return nil }
        return known.ids
    }

    func note(_ ids: [ConversationID], recentOf buyer: BuyerID, in shop: ShopID) {
        if recent.count >= Self.limit { forgetAll() }
        recent[buyer] = (shop, ids)
    }

    /// A conversation of this buyer came or was merged away.
    func forgetList(of buyer: BuyerID) {
        newest[buyer] = nil
        recent[buyer] = nil
    }

    private func forgetAll() {
        notes = [:]
        newest = [:]
        recent = [:]
    }
}
