import SQL

/// Quick phrases: the shop's (no staff) and each person's own.
let knowledge = Migration(4, "knowledge") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        """
        CREATE TABLE quick_phrase (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            staff \(number),
            shortcut \(text) NOT NULL,
            title \(text) NOT NULL CHECK (title <> ''),
            text \(text) NOT NULL CHECK (text <> ''),
            pinyin \(text) NOT NULL,
            initials \(text) NOT NULL,
            uses \(number) NOT NULL CHECK (uses >= 0),
            version \(number) NOT NULL CHECK (version >= 1),
            changed_at \(number) NOT NULL,
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, staff) REFERENCES staff (shop, id))\(dialect.clusteredByKey)
        """,
        "CREATE INDEX quick_phrase_of_staff ON quick_phrase (shop, staff)",
        """
        CREATE UNIQUE INDEX quick_phrase_shop_shortcut ON quick_phrase (shop, shortcut)
            WHERE staff IS NULL AND shortcut <> ''
        """,
        """
        CREATE UNIQUE INDEX quick_phrase_own_shortcut ON quick_phrase (shop, staff, shortcut)
            WHERE staff IS NOT NULL AND shortcut <> ''
        """,
    ]
}
