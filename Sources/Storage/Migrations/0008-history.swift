import SQL

/// Which conversations were brought in from elsewhere, by their id there, so that importing again changes nothing.
let history = Migration(8, "history") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        """
        CREATE TABLE imported_conversation (
            shop \(number) NOT NULL REFERENCES shop (id),
            source \(text) NOT NULL CHECK (source <> ''),
            conversation \(number) NOT NULL REFERENCES conversation (id),
            PRIMARY KEY (shop, source))\(dialect.clusteredByKey)
        """,
        "CREATE INDEX buyer_by_contact ON buyer (shop, contact) WHERE contact <> ''",
        "CREATE INDEX buyer_by_name ON buyer (shop, name)",
    ]
}
