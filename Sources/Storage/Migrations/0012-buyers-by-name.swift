import SQL

/// The import looks for a buyer without a contact by name: with the contact in the index, an engine without statistics takes it
/// rather than going through all buyers of the shop.
let buyersByName = Migration(12, "buyers by name and contact") { _ in
    [
        "DROP INDEX buyer_by_name",
        "CREATE INDEX buyer_by_name ON buyer (shop, name, contact)",
    ]
}
