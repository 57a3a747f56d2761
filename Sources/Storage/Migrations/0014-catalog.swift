import SQL

/// Goods: categories, items, their variants, how they are sent, and what is wrong with a listing.
let catalog = Migration(14, "catalog") { dialect in
    let number = dialect.number
    let text = dialect.text
    let clustered = dialect.clusteredByKey
    return [
        """
        CREATE TABLE category (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            parent \(number),
            name \(text) NOT NULL CHECK (name <> ''),
            kind \(text) NOT NULL,
            sort \(number) NOT NULL,
            PRIMARY KEY (shop, id))\(clustered)
        """,
        """
        CREATE TABLE item (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            number \(text) NOT NULL CHECK (number <> ''),
            outer_id \(text) NOT NULL,
            title \(text) NOT NULL CHECK (title <> ''),
            category \(number),
            state \(text) NOT NULL,
            selling_points \(text) NOT NULL,
            attributes \(text) NOT NULL,
            size_chart \(text) NOT NULL,
            faq \(text) NOT NULL,
            image \(text) NOT NULL,
            freight_template \(number),
            price_from \(number),
            found_by \(text) NOT NULL,
            updated_at \(number) NOT NULL,
            version \(number) NOT NULL CHECK (version >= 1),
            PRIMARY KEY (shop, id))\(clustered)
        """,
        "CREATE UNIQUE INDEX item_number ON item (shop, number)",
        "CREATE INDEX item_of_category ON item (shop, category, id)",
        """
        CREATE TABLE sku (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            item \(number) NOT NULL,
            outer_id \(text) NOT NULL,
            name \(text) NOT NULL,
            attributes \(text) NOT NULL,
            price \(number) NOT NULL CHECK (price >= 0),
            list_price \(number),
            barcode \(text) NOT NULL,
            active \(number) NOT NULL,
            sort \(number) NOT NULL,
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, item) REFERENCES item (shop, id))\(clustered)
        """,
        "CREATE INDEX sku_of_item ON sku (shop, item, sort)",
        "CREATE UNIQUE INDEX sku_outer_id ON sku (shop, outer_id) WHERE outer_id <> ''",
        """
        CREATE TABLE freight_template (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            name \(text) NOT NULL CHECK (name <> ''),
            rules \(text) NOT NULL,
            free_from \(number),
            PRIMARY KEY (shop, id))\(clustered)
        """,
        """
        CREATE TABLE listing_mistake (
            shop \(number) NOT NULL REFERENCES shop (id),
            id \(number) NOT NULL,
            item \(number) NOT NULL,
            part \(text) NOT NULL,
            text \(text) NOT NULL CHECK (text <> ''),
            reported_by \(number) NOT NULL,
            reported_at \(number) NOT NULL,
            resolved_by \(number),
            resolved_at \(number),
            answer \(text),
            PRIMARY KEY (shop, id),
            FOREIGN KEY (shop, item) REFERENCES item (shop, id))\(clustered)
        """,
        "CREATE INDEX listing_mistake_of_item ON listing_mistake (shop, item, id)",
    ]
}
