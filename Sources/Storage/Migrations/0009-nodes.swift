import SQL

/// What several programs that share a store must agree on.
let nodes = Migration(9, "nodes") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        // Who has a duty, and until when by the store's clock. A row stays for ever, so that its fence never falls.
        """
        CREATE TABLE lease (
            name \(text) NOT NULL PRIMARY KEY,
            owner \(text) NOT NULL,
            fence \(number) NOT NULL CHECK (fence > 0),
            taken_at \(number) NOT NULL,
            expires_at \(number) NOT NULL)\(dialect.strict)
        """,
        "ALTER TABLE follower ADD COLUMN fence \(number) NOT NULL DEFAULT 0",
        // Whom an event concerns; written only when other nodes must know it.
        "ALTER TABLE event ADD COLUMN reach \(text)",
        // On which node an agent has a window: the node's number and the fence of its seat.
        """
        CREATE TABLE presence_window (
            shop \(number) NOT NULL,
            staff \(number) NOT NULL,
            node \(number) NOT NULL,
            fence \(number) NOT NULL,
            PRIMARY KEY (shop, staff, node, fence))\(dialect.clusteredByKey)
        """,
        // The bytes of uploads, when they are kept in the store and not in a folder.
        """
        CREATE TABLE blob (
            key \(text) NOT NULL PRIMARY KEY CHECK (length(key) = 64),
            size \(number) NOT NULL,
            kept_at \(number) NOT NULL)\(dialect.strict)
        """,
        """
        CREATE TABLE blob_part (
            key \(text) NOT NULL REFERENCES blob (key),
            part \(number) NOT NULL,
            bytes \(dialect.bytes) NOT NULL,
            PRIMARY KEY (key, part))\(dialect.clusteredByKey)
        """,
    ]
}
