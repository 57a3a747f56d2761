import SQL

/// Shops, the event log that everything follows, the followers' places in it, and policies with effective dates.
let foundation = Migration(1, "foundation") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        """
        CREATE TABLE shop (
            id \(number) NOT NULL PRIMARY KEY,
            slug \(text) NOT NULL UNIQUE,
            name \(text) NOT NULL,
            created_at \(number) NOT NULL)\(dialect.strict)
        """,
        """
        CREATE TABLE shop_counter (
            shop \(number) NOT NULL PRIMARY KEY REFERENCES shop (id),
            event \(number) NOT NULL)\(dialect.strict)
        """,
        """
        CREATE TABLE event (
            shop \(number) NOT NULL,
            number \(number) NOT NULL,
            at \(number) NOT NULL,
            actor_kind \(text) NOT NULL,
            actor_id \(number),
            actor_name \(text) NOT NULL,
            kind \(text) NOT NULL,
            subject \(number),
            body \(text) NOT NULL,
            PRIMARY KEY (shop, number))\(dialect.clusteredByKey)
        """,
        "CREATE INDEX event_of_subject ON event (shop, subject, number)",
        """
        CREATE TABLE follower (
            name \(text) NOT NULL,
            shop \(number) NOT NULL REFERENCES shop (id),
            number \(number) NOT NULL,
            PRIMARY KEY (name, shop))\(dialect.clusteredByKey)
        """,
        """
        CREATE TABLE policy (
            shop \(number) NOT NULL REFERENCES shop (id),
            version \(number) NOT NULL,
            effective_at \(number) NOT NULL,
            body \(text) NOT NULL,
            PRIMARY KEY (shop, version))\(dialect.clusteredByKey)
        """,
    ]
}
