import SQL

/// Open conversations in the order of lists: a page of the inbox reads its fifty rows and no others.
///
/// Only for SQLite, where it halves the page. On PostgreSQL an index over what every message changes would end the updates in place
/// (HOT), which are worth more there.
let inboxOrder = Migration(13, "inbox order") { dialect in
    guard dialect == .sqlite else { return [] }
    return [
        """
        CREATE INDEX conversation_inbox ON conversation
            (shop, (waiting_since IS NULL), waiting_since, preview_at DESC, id DESC)
            WHERE state IN ('open', 'queued', 'snoozed')
        """
    ]
}
