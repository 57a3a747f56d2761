package import SQL

/// Every step of the schema, in order.
///
/// A new one is one file beside this and one line here.
package let allMigrations: [Migration] = [
    foundation,
    identity,
    conversations,
    knowledge,
    uploads,
    search,
    history,
    nodes,
    windowTexts,
    previewNumber,
    buyersByName,
    inboxOrder,
    catalog,
    inventory,
    orders,
    logistics,
    exchange,
    keysInOrder,
]

extension Migrator {
    package static let qinke = Migrator(allMigrations)
}
