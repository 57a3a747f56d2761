import SQL

/// Which entry a conversation's preview shows: after a line of the system it is not the last public one, and what is edited or
/// withdrawn must be so in lists too.
let previewNumber = Migration(11, "preview number") { dialect in
    [
        "ALTER TABLE conversation ADD COLUMN preview_number \(dialect.number)",
        """
        UPDATE conversation SET preview_number = (SELECT m.number FROM message m WHERE m.conversation = conversation.id
            AND m.audience = 'all' AND m.kind <> 'system' ORDER BY m.number DESC LIMIT 1)
        WHERE preview_text IS NOT NULL
        """,
        // An edited text was kept whole.
        "UPDATE conversation SET preview_text = substr(preview_text, 1, 80) WHERE length(preview_text) > 80",
    ]
}
