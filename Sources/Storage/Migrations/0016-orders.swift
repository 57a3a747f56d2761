import SQL

/// Orders with their lines, the money of each, reminders, and what was bought on a buyer's behalf.
///
/// Times of the future that nobody knows sort last, so the work lists are read from an index in their order.
let orders = Migration(16, "orders") { dialect in
    let number = dialect.number
    let text = dialect.text
    return orderTables(number, text, dialect.clusteredByKey) + orderIndexes
        + orderSideTables(number, text, dialect.clusteredByKey)
}

private func orderTables(_ number: String, _ text: String, _ clustered: String) -> [String] {
    [
        """
        CREATE TABLE orders (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            number \(text) NOT NULL CHECK (number <> ''),
            source \(text) NOT NULL,
            buyer \(number),
            buyer_nick \(text) NOT NULL,
            state \(text) NOT NULL,
            step \(text),
            close_reason \(text),
            created_at \(number) NOT NULL,
            pay_by \(number),
            paid_at \(number),
            ship_by \(number),
            shipped_at \(number),
            receipt_by \(number),
            completed_at \(number),
            closed_at \(number),
            goods \(number) NOT NULL,
            freight \(number) NOT NULL,
            discount \(number) NOT NULL,
            payable \(number) NOT NULL,
            paid \(number) NOT NULL,
            refunded \(number) NOT NULL,
            deposit \(number),
            receiver_name \(text) NOT NULL,
            receiver_mobile \(text) NOT NULL,
            receiver_region \(text) NOT NULL,
            receiver_city \(text) NOT NULL,
            receiver_district \(text) NOT NULL,
            receiver_detail \(text) NOT NULL,
            receiver_zip \(text) NOT NULL,
            buyer_message \(text) NOT NULL,
            memo \(text) NOT NULL,
            flag \(number) NOT NULL CHECK (flag BETWEEN 0 AND 5),
            owner \(number),
            outcome \(text),
            suspicious \(number) NOT NULL DEFAULT 0,
            evidence \(text),
            source_updated_at \(number),
            version \(number) NOT NULL DEFAULT 1,
            PRIMARY KEY (shop, id))\(clustered)
        """,
        """
        CREATE TABLE order_line (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            order_id \(number) NOT NULL,
            number \(text) NOT NULL,
            item \(number),
            sku \(number),
            title \(text) NOT NULL,
            sku_name \(text) NOT NULL,
            outer_id \(text) NOT NULL,
            price \(number) NOT NULL,
            quantity \(number) NOT NULL CHECK (quantity >= 0),
            discount \(number) NOT NULL,
            paid \(number) NOT NULL,
            state \(text) NOT NULL,
            refund_state \(text) NOT NULL,
            refunded \(number) NOT NULL,
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id))\(clustered)
        """,
        """
        CREATE TABLE payment (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            order_id \(number) NOT NULL,
            at \(number) NOT NULL,
            kind \(text) NOT NULL CHECK (kind IN ('pay', 'deposit', 'balance', 'refund')),
            amount \(number) NOT NULL CHECK (amount > 0),
            channel \(text) NOT NULL,
            reference \(text) NOT NULL,
            simulated \(number) NOT NULL,
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id))\(clustered)
        """,
    ]
}

private let orderIndexes: [String] = [
    "CREATE UNIQUE INDEX orders_number ON orders (shop, number)",
    "CREATE INDEX orders_time ON orders (shop, created_at, id)",
    "CREATE INDEX orders_state ON orders (shop, state, created_at, id)",
    "CREATE INDEX orders_of_buyer ON orders (shop, buyer, created_at, id) WHERE buyer IS NOT NULL",
    "CREATE INDEX orders_nick ON orders (shop, buyer_nick, created_at)",
    """
    CREATE INDEX orders_mobile_tail ON orders
        (shop, (substr(receiver_mobile, length(receiver_mobile) - 3)), created_at)
    """,
    """
    CREATE INDEX orders_unpaid ON orders (shop, (coalesce(pay_by, 9007199254740991)), id)
        WHERE state = 'awaitingPayment'
    """,
    """
    CREATE INDEX orders_unshipped ON orders (shop, (coalesce(ship_by, 9007199254740991)), id)
        WHERE state IN ('awaitingShipment', 'partlyShipped')
    """,
    """
    CREATE INDEX orders_receipt ON orders (shop, receipt_by) WHERE receipt_by IS NOT NULL
    """,
    "CREATE INDEX orders_suspicious ON orders (shop, created_at, id) WHERE suspicious = 1",
    "CREATE INDEX orders_of_owner ON orders (shop, owner, created_at, id) WHERE owner IS NOT NULL",
    "CREATE INDEX order_line_of_order ON order_line (shop, order_id, id)",
    "CREATE INDEX order_line_title ON order_line (shop, title)",
    "CREATE INDEX order_line_item ON order_line (shop, item) WHERE item IS NOT NULL",
    "CREATE INDEX payment_of_order ON payment (shop, order_id)",
    "CREATE INDEX payment_time ON payment (shop, at, id)",
]

private func orderSideTables(_ number: String, _ text: String, _ clustered: String) -> [String] {
    [
        """
        CREATE TABLE order_reminder (
            shop \(number) NOT NULL,
            order_id \(number) NOT NULL,
            number \(number) NOT NULL,
            at \(number) NOT NULL,
            staff \(number),
            conversation \(number) NOT NULL,
            PRIMARY KEY (shop, order_id, number),
            FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id))\(clustered)
        """,
        """
        CREATE TABLE proxy_purchase (
            shop \(number) NOT NULL,
            id \(number) NOT NULL,
            order_id \(number) NOT NULL,
            upstream_shop \(text) NOT NULL,
            upstream_order \(text) NOT NULL,
            price \(number) NOT NULL CHECK (price >= 0),
            state \(text) NOT NULL,
            note \(text) NOT NULL,
            updated_at \(number) NOT NULL,
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, order_id) REFERENCES orders (shop, id))\(clustered)
        """,
        "CREATE INDEX proxy_purchase_of_order ON proxy_purchase (shop, order_id)",
        """
        CREATE INDEX proxy_purchase_open ON proxy_purchase (shop, updated_at)
            WHERE state IN ('toBuy', 'bought', 'shipped')
        """,
    ]
}
