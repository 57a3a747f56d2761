import SQL

/// Warehouses, what stands in them, and the ledger of all that came and went.
///
/// Variants and lines of orders are other features' tables; their ids stand here without a rule between them.
let inventory = Migration(15, "inventory") { dialect in
    let number = dialect.number
    let text = dialect.text
    return shelves(number, text, dialect.clusteredByKey)
        + promises(number, text, dialect.clusteredByKey)
}

private func shelves(_ number: String, _ text: String, _ clustered: String) -> [String] {
    [
        """
        CREATE TABLE warehouse (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            code \(text) NOT NULL CHECK (code <> ''),
            name \(text) NOT NULL CHECK (name <> ''),
            region \(text) NOT NULL DEFAULT '',
            cut_off \(number) CHECK (cut_off BETWEEN 0 AND 1439),
            active \(number) NOT NULL DEFAULT 1,
            PRIMARY KEY (shop, id))\(clustered)
        """,
        "CREATE UNIQUE INDEX warehouse_code ON warehouse (shop, code)",
        """
        CREATE TABLE stock (
            shop \(number) NOT NULL REFERENCES shop (id),
            sku \(number) NOT NULL,
            warehouse \(number) NOT NULL,
            on_hand \(number) NOT NULL CHECK (on_hand >= 0),
            reserved \(number) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
            held \(number) NOT NULL DEFAULT 0 CHECK (held >= 0),
            low_at \(number),
            PRIMARY KEY (shop, sku, warehouse),
            CHECK (reserved + held <= on_hand),
            FOREIGN KEY (shop, warehouse) REFERENCES warehouse (shop, id))\(clustered)
        """,
        "CREATE INDEX stock_of_warehouse ON stock (shop, warehouse)",
        """
        CREATE INDEX stock_low ON stock (shop, sku, warehouse)
            WHERE low_at IS NOT NULL AND on_hand - reserved - held <= low_at
        """,
        """
        CREATE TABLE lot (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            sku \(number) NOT NULL,
            warehouse \(number) NOT NULL,
            code \(text) NOT NULL CHECK (code <> ''),
            made_on \(number),
            expires_on \(number),
            on_hand \(number) NOT NULL CHECK (on_hand >= 0),
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, warehouse) REFERENCES warehouse (shop, id))\(clustered)
        """,
        "CREATE UNIQUE INDEX lot_code ON lot (shop, sku, warehouse, code)",
        """
        CREATE INDEX lot_by_date ON lot (shop, expires_on)
            WHERE on_hand > 0 AND expires_on IS NOT NULL
        """,
        """
        CREATE TABLE stock_movement (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            sku \(number) NOT NULL,
            warehouse \(number) NOT NULL,
            lot \(number),
            kind \(text) NOT NULL,
            quantity \(number) NOT NULL CHECK (quantity <> 0),
            on_hand_after \(number) NOT NULL CHECK (on_hand_after >= 0),
            reason \(text) NOT NULL DEFAULT '',
            order_line \(number),
            at \(number) NOT NULL,
            actor \(text) NOT NULL DEFAULT '',
            PRIMARY KEY (shop, id))\(clustered)
        """,
        "CREATE INDEX stock_movement_of_sku ON stock_movement (shop, sku, id)",
        """
        CREATE INDEX stock_movement_of_line ON stock_movement (shop, order_line)
            WHERE order_line IS NOT NULL
        """,
    ]
}

private func promises(_ number: String, _ text: String, _ clustered: String) -> [String] {
    [
        """
        CREATE TABLE stock_act (
            shop \(number) NOT NULL REFERENCES shop (id),
            sku \(number) NOT NULL,
            act_key \(text) NOT NULL CHECK (act_key <> ''),
            at \(number) NOT NULL,
            PRIMARY KEY (shop, sku, act_key))\(clustered)
        """,
        """
        CREATE TABLE reservation (
            shop \(number) NOT NULL REFERENCES shop (id),
            order_line \(number) NOT NULL,
            sku \(number) NOT NULL,
            warehouse \(number) NOT NULL,
            quantity \(number) NOT NULL CHECK (quantity > 0),
            state \(text) NOT NULL CHECK (state IN ('reserved', 'committed', 'released')),
            at \(number) NOT NULL,
            PRIMARY KEY (shop, order_line))\(clustered)
        """,
        """
        CREATE TABLE hold (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            sku \(number) NOT NULL,
            warehouse \(number) NOT NULL,
            quantity \(number) NOT NULL CHECK (quantity > 0),
            conversation \(number),
            buyer \(number),
            until \(number) NOT NULL,
            "by" \(number),
            state \(text) NOT NULL CHECK (state IN ('held', 'used', 'expired', 'released')),
            order_line \(number),
            PRIMARY KEY (shop, id))\(clustered)
        """,
        "CREATE INDEX hold_open ON hold (shop, until) WHERE state = 'held'",
        "CREATE INDEX hold_of_conversation ON hold (shop, conversation) WHERE state = 'held'",
    ]
}
