import SQL

/// Files that were brought, what of them was at fault, and what they changed; the mappings of columns that a shop keeps.
let exchange = Migration(18, "exchange") { dialect in
    let number = dialect.number
    let text = dialect.text
    let clustered = dialect.clusteredByKey
    return [
        """
        CREATE TABLE import_batch (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            name \(text) NOT NULL,
            size \(number) NOT NULL CHECK (size >= 0),
            blob \(text) NOT NULL,
            form \(text) NOT NULL,
            encoding \(text) NOT NULL,
            header_row \(number) NOT NULL,
            headers \(text) NOT NULL,
            mapping \(text) NOT NULL,
            state \(text) NOT NULL,
            taken_at \(number) NOT NULL,
            created_at \(number) NOT NULL,
            staff \(number),
            staff_name \(text) NOT NULL,
            rows_total \(number),
            rows_done \(number) NOT NULL CHECK (rows_done >= 0),
            tally \(text) NOT NULL,
            started_at \(number),
            finished_at \(number),
            problem \(text),
            chunks \(number) NOT NULL CHECK (chunks >= 0),
            PRIMARY KEY (shop, id))\(clustered)
        """,
        "CREATE INDEX import_batch_running ON import_batch (state) WHERE state IN ('checking', 'importing', 'undoing')",
        "CREATE INDEX import_batch_of_blob ON import_batch (blob)",
        """
        CREATE TABLE import_fault (
            shop \(number) NOT NULL,
            batch \(number) NOT NULL,
            number \(number) NOT NULL,
            row_number \(number) NOT NULL,
            header \(text) NOT NULL,
            code \(text) NOT NULL,
            message_zh \(text) NOT NULL,
            message_en \(text) NOT NULL,
            value \(text) NOT NULL,
            PRIMARY KEY (shop, batch, number),
            FOREIGN KEY (shop, batch) REFERENCES import_batch (shop, id))\(clustered)
        """,
        """
        CREATE TABLE import_change (
            shop \(number) NOT NULL,
            batch \(number) NOT NULL,
            number \(number) NOT NULL,
            made \(text) NOT NULL,
            changed \(text) NOT NULL,
            PRIMARY KEY (shop, batch, number),
            FOREIGN KEY (shop, batch) REFERENCES import_batch (shop, id))\(clustered)
        """,
        """
        CREATE TABLE import_mapping (
            shop \(number) NOT NULL REFERENCES shop (id),
            signature \(text) NOT NULL,
            mapping \(text) NOT NULL,
            changed_at \(number) NOT NULL,
            staff \(number),
            PRIMARY KEY (shop, signature))\(clustered)
        """,
    ]
}
