package import Desk
package import SQL

/// One fact of a shop.
///
/// Numbers rise by one in commit order and have no gaps.
package struct Event: Sendable, Hashable {
    package let shop: ShopID
    package let number: Int64
    package let at: Instant
    package let actor: Actor
    /// Stable name, `thing.happened`; see `Docs/api.md`.
    package let kind: String
    /// What it is about: the conversation, or the staff member, phrase, … of the kind.
    package let subject: Int64?
    /// JSON.
    package let body: String
    /// Known only to the node that recorded it; not stored.
    package let reach: Reach?

    package init(
        shop: ShopID, number: Int64, at: Instant, actor: Actor, kind: String, subject: Int64?,
        body: String,
        reach: Reach? = nil
    ) {
        self.shop = shop
        self.number = number
        self.at = at
        self.actor = actor
        self.kind = kind
        self.subject = subject
        self.body = body
        self.reach = reach
    }
}

extension ID: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .int(raw) }
    package init?(sqlValue: SQLValue) {
        guard case .int(let raw) = sqlValue else { return nil }
        self.init(raw)
    }
}

extension Instant: SQLBindable, SQLReadable {
    package var sqlValue: SQLValue { .int(milliseconds) }
    package init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self.init(milliseconds: value)
    }
}

extension Row {
    package func get<Of>(_ column: Int) throws -> ID<Of> { ID(try get(column) as Int64) }

    package func maybe<Of>(_ column: Int) throws -> ID<Of>? {
        (try maybe(column) as Int64?).map { ID($0) }
    }

    package func get(_ column: Int) throws -> Instant {
        Instant(milliseconds: try get(column))
    }

    package func maybe(_ column: Int) throws -> Instant? {
        (try maybe(column) as Int64?).map { Instant(milliseconds: $0) }
    }
}
