import SQL

/// Files that people send: one row each, the bytes lie in a ``BlobStore``, once for equal content.
let uploads = Migration(5, "uploads") { dialect in
    let number = dialect.number
    let text = dialect.text
    return [
        """
        CREATE TABLE upload (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            uploader_kind \(text) NOT NULL,
            uploader_id \(number) NOT NULL,
            uploader_name \(text) NOT NULL,
            at \(number) NOT NULL,
            name \(text) NOT NULL,
            kind \(text) NOT NULL,
            size \(number) NOT NULL CHECK (size > 0),
            width \(number),
            height \(number),
            blob \(text) NOT NULL CHECK (length(blob) = 64),
            thumbnail \(text) CHECK (length(thumbnail) = 64),
            conversation \(number),
            PRIMARY KEY (shop, id))\(dialect.clusteredByKey)
        """,
        "CREATE INDEX upload_unclaimed ON upload (at) WHERE conversation IS NULL",
        "CREATE INDEX upload_of_uploader ON upload (shop, uploader_kind, uploader_id, at)",
        "CREATE INDEX upload_of_blob ON upload (blob)",
        "CREATE INDEX upload_of_thumbnail ON upload (thumbnail) WHERE thumbnail IS NOT NULL",
    ]
}
