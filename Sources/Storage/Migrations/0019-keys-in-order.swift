import SQL

/// The senders' keys in the order in which they come: they begin with the time, so a new one goes to the end of the index.
///
/// With the conversation first, every message wrote a page of its own there: by profile, a seventh of what the
/// log of a busy minute held.
let keysInOrder = Migration(19, "keys in order") { _ in
    [
        "DROP INDEX message_key",
        "CREATE UNIQUE INDEX message_key ON message (key, conversation, author_kind, author_id)",
    ]
}
