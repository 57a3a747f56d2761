import SQL

/// Conversations with their messages, and what agents keep beside them.
let conversations = Migration(3, "conversations") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        """
        CREATE TABLE conversation (
            id \(number) NOT NULL PRIMARY KEY,
            shop \(number) NOT NULL REFERENCES shop (id),
            buyer \(number) NOT NULL,
            buyer_name \(text) NOT NULL,
            channel \(text) NOT NULL,
            opened_at \(number) NOT NULL,
            state \(text) NOT NULL CHECK (state IN ('queued', 'open', 'snoozed', 'closed')),
            owner \(number),
            owner_name \(text),
            group_id \(number),
            assigned_reason \(text),
            assigned_zh \(text),
            assigned_en \(text),
            assigned_at \(number),
            queued_since \(number),
            last_number \(number) NOT NULL DEFAULT 0,
            last_public \(number) NOT NULL DEFAULT 0,
            waiting_since \(number),
            preview_text \(text),
            preview_kind \(text),
            preview_from \(text),
            preview_at \(number),
            read_by_agent \(number) NOT NULL DEFAULT 0,
            read_by_buyer \(number) NOT NULL DEFAULT 0,
            delivered_to_buyer \(number) NOT NULL DEFAULT 0,
            unread \(number) NOT NULL DEFAULT 0,
            tags \(text) NOT NULL DEFAULT '[]',
            snoozed_until \(number),
            snooze_note \(text),
            merged_into \(number),
            rating_invited \(number) NOT NULL DEFAULT 0,
            rating_score \(number) CHECK (rating_score BETWEEN 0 AND 4),
            rating_comment \(text),
            closed_at \(number),
            CHECK (state <> 'open' OR owner IS NOT NULL))\(dialect.strict)
        """,
        "CREATE INDEX conversation_of_owner ON conversation (shop, state, owner)",
        "CREATE INDEX conversation_of_buyer ON conversation (shop, buyer, opened_at)",
        "CREATE INDEX conversation_closed ON conversation (shop, closed_at) WHERE closed_at IS NOT NULL",
        "CREATE INDEX conversation_queued ON conversation (shop, queued_since) WHERE queued_since IS NOT NULL",
        "CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL",
        // The sender's key is unique, so a retry loses cleanly; so is the number, so two writers can never share one.
        """
        CREATE TABLE message (
            id \(number) NOT NULL PRIMARY KEY,
            shop \(number) NOT NULL,
            conversation \(number) NOT NULL REFERENCES conversation (id),
            number \(number) NOT NULL CHECK (number > 0),
            follows \(number) NOT NULL,
            at \(number) NOT NULL,
            key \(text) NOT NULL,
            digest \(number) NOT NULL,
            author_kind \(text) NOT NULL,
            author_id \(number),
            author_name \(text) NOT NULL,
            kind \(text) NOT NULL,
            audience \(text) NOT NULL,
            text \(text) NOT NULL,
            reply_to \(number),
            extra \(text),
            edited_at \(number),
            withdrawn \(number) NOT NULL DEFAULT 0)\(dialect.strict)
        """,
        "CREATE UNIQUE INDEX message_number ON message (conversation, number)",
        "CREATE UNIQUE INDEX message_key ON message (conversation, author_kind, author_id, key)",
        """
        CREATE TABLE message_history (
            conversation \(number) NOT NULL,
            number \(number) NOT NULL,
            version \(number) NOT NULL,
            text \(text) NOT NULL,
            until \(number) NOT NULL,
            PRIMARY KEY (conversation, number, version))\(dialect.clusteredByKey)
        """,
        """
        CREATE TABLE mention (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            conversation \(number) NOT NULL,
            message \(number) NOT NULL,
            PRIMARY KEY (shop, staff, message))\(dialect.clusteredByKey)
        """,
        // Answers of commands that are not messages, so that a retry gets the first answer again.
        """
        CREATE TABLE command_answer (
            shop \(number) NOT NULL,
            actor_kind \(text) NOT NULL,
            actor \(number) NOT NULL,
            key \(text) NOT NULL,
            digest \(number) NOT NULL,
            answer \(text) NOT NULL,
            at \(number) NOT NULL,
            PRIMARY KEY (shop, actor_kind, actor, key))\(dialect.clusteredByKey)
        """,
        "CREATE INDEX command_answer_age ON command_answer (at)",
        """
        CREATE TABLE draft (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            conversation \(number) NOT NULL,
            text \(text) NOT NULL,
            at \(number) NOT NULL,
            PRIMARY KEY (shop, staff, conversation))\(dialect.clusteredByKey)
        """,
        """
        CREATE TABLE pinned_note (
            id \(number) NOT NULL PRIMARY KEY,
            shop \(number) NOT NULL,
            scope \(text) NOT NULL CHECK (scope IN ('customer', 'self')),
            buyer \(number) NOT NULL,
            conversation \(number) NOT NULL,
            number \(number),
            author \(number) NOT NULL,
            author_name \(text) NOT NULL,
            text \(text) NOT NULL,
            at \(number) NOT NULL)\(dialect.strict)
        """,
        "CREATE INDEX pinned_note_of_buyer ON pinned_note (shop, buyer)",
        """
        CREATE TABLE presence (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            state \(text) NOT NULL,
            reason \(text) NOT NULL,
            since \(number) NOT NULL,
            connected \(number) NOT NULL,
            lost_at \(number),
            last_assigned \(number),
            PRIMARY KEY (shop, staff))\(dialect.clusteredByKey)
        """,
    ]
}
