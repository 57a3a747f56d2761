package import Desk
import Language
import SQL

/// The shop's quick phrases and everybody's own.
package struct PhraseStore: Sendable {
    /// Phrases of a shop, and of one person.
    private static let most = 2_000
    private let carryOut: CarryOut

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// What somebody may use: the shop's and their own, most used first.
    package func all(for reader: StaffPrincipal) async throws -> [QuickPhrase] {
        try await carryOut.database.read { transaction in
            try transaction.rows(
                Self.columns + """
                     WHERE shop = \(reader.shop) AND (staff IS NULL OR staff = \(reader.id))
                    ORDER BY uses DESC, id
                    """
            ).map(Self.phrase)
        }
    }

    private struct Titled: Encodable {
        let title: String
        let scope: QuickPhrase.Scope
    }

    package func add(_ draft: PhraseDraft, by actor: StaffPrincipal) async throws -> QuickPhrase {
        try Self.mayEdit(draft.scope, actor)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let owner = draft.scope == .shop ? nil : actor.id
            let count: Int =
                try act.transaction.first(
                    """
                    SELECT count(*) FROM quick_phrase
                    WHERE shop = \(act.shop) AND staff IS NOT DISTINCT FROM \(owner)
                    """)?.get(0) ?? 0
            guard count < Self.most else {
                throw Refusal(
                    .conflict, "phrase.tooMany", zh: "短语最多 \(Self.most) 条",
                    en: "There are \(Self.most) phrases already",
                    instead: Localized(zh: "请先删掉不用的", en: "Delete those that are not used"))
            }
            let phrase = Self.phrase(act.newID(), draft, uses: 0, version: 1)
            try Self.naming {
                try act.transaction.change(
                    """
                    INSERT INTO quick_phrase (shop, id, staff, shortcut, title, text, pinyin, initials, uses, version,
                        changed_at)
                    VALUES (\(act.shop), \(phrase.id), \(owner), \(phrase.shortcut), \(phrase.title), \(phrase.text),
                        \(phrase.pinyin), \(phrase.initials), 0, 1, \(act.at))
                    """)
            }
            try Self.record("phrase.added", phrase, in: act)
            return phrase
        }
    }

    /// - Parameter read: the version that the editor saw; another → 409 `phrase.changed`.
    package func change(
        _ id: QuickPhraseID, _ draft: PhraseDraft, readAs read: Int, by actor: StaffPrincipal
    ) async throws -> QuickPhrase {
        try Self.mayEdit(draft.scope, actor)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let old = try Self.one(id, for: actor, in: act)
            try Self.mayEdit(old.scope, actor)
            guard old.version == read else {
                throw Refusal(
                    .conflict, "phrase.changed", zh: "这条短语刚被别人改过，请先看新的内容",
                    en: "Somebody changed this phrase meanwhile; look at it first")
            }
            let phrase = Self.phrase(id, draft, uses: old.uses, version: old.version + 1)
            let owner = draft.scope == .shop ? nil : actor.id
            try Self.naming {
                try act.transaction.change(
                    """
                    UPDATE quick_phrase SET staff = \(owner), shortcut = \(phrase.shortcut), title = \(phrase.title),
                        text = \(phrase.text), pinyin = \(phrase.pinyin), initials = \(phrase.initials),
                        version = \(phrase.version), changed_at = \(act.at)
                    WHERE shop = \(act.shop) AND id = \(id)
                    """)
            }
            try Self.record("phrase.changed", phrase, in: act)
            return phrase
        }
    }

    package func remove(_ id: QuickPhraseID, by actor: StaffPrincipal) async throws {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let old = try Self.one(id, for: actor, in: act)
            try Self.mayEdit(old.scope, actor)
            try act.transaction.run(
                "DELETE FROM quick_phrase WHERE shop = \(act.shop) AND id = \(id)")
            try Self.record("phrase.removed", old, in: act)
        }
    }

    /// Counts a use, so that what is used most comes first.
    package func use(_ id: QuickPhraseID, by actor: StaffPrincipal) async throws {
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            _ = try Self.one(id, for: actor, in: act)
            try act.transaction.run(
                "UPDATE quick_phrase SET uses = uses + 1 WHERE shop = \(act.shop) AND id = \(id)")
        }
    }

    private static func mayEdit(
        _ scope: QuickPhrase.Scope, _ actor: StaffPrincipal
    ) throws(Refusal) {
        try actor.require(scope == .shop ? .phrasesEditShop : .phrasesUse)
    }

    /// A person's own phrases are nobody else's business, so only the shop's are recorded.
    private static func record(_ kind: String, _ phrase: QuickPhrase, in act: Act) throws {
        guard phrase.scope == .shop else { return }
        try act.record(
            kind, about: phrase.id.raw, Titled(title: phrase.title, scope: phrase.scope))
    }

    private static func naming(_ body: () throws -> Int) throws {
        do {
            _ = try body()
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "phrase.shortcutTaken", zh: "这个短码已经用在另一条短语上",
                en: "Another phrase has this shortcut", field: "shortcut")
        }
    }

    private static func phrase(
        _ id: QuickPhraseID, _ draft: PhraseDraft, uses: Int, version: Int
    ) -> QuickPhrase {
        let reading = Pinyin(draft.title)
        return QuickPhrase(
            id: id, scope: draft.scope, shortcut: draft.shortcut, title: draft.title,
            text: draft.text, pinyin: reading.full, initials: reading.initials, uses: uses,
            version: version)
    }

    // MARK: - Rows

    private static var columns: Statement {
        """
        SELECT id, staff, shortcut, title, text, pinyin, initials, uses, version FROM quick_phrase
        """
    }

    private static func one(
        _ id: QuickPhraseID, for reader: StaffPrincipal, in act: Act
    ) throws -> QuickPhrase {
        let row = try act.transaction.first(
            columns + """
                 WHERE shop = \(act.shop) AND id = \(id) AND (staff IS NULL OR staff = \(reader.id))
                """)
        guard let row else { throw Refusal.unknown("phrase", zh: "短语", en: "phrase") }
        return try phrase(row)
    }

    private static func phrase(_ row: Row) throws -> QuickPhrase {
        QuickPhrase(
            id: try row.get(0),
            scope: try row.maybe(1, as: StaffID.self) == nil ? .shop : .personal,
            shortcut: try row.get(2), title: try row.get(3), text: try row.get(4),
            pinyin: try row.get(5), initials: try row.get(6), uses: try row.get(7),
            version: try row.get(8))
    }
}
