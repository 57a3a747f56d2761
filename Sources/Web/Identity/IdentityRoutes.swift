package import Realtime
package import Storage

/// The routes of identity, policy, phrases and buyers, for the one ``RouteTable``.
package enum IdentityRoutes {
    package static func all(_ identity: Identity, _ conversations: ConversationService) -> [Route] {
        staff(identity) + BuyerRoutes(identity: identity, conversations: conversations).routes
    }

    /// Those that need no live conversations.
    package static func staff(_ identity: Identity) -> [Route] {
        SessionRoutes(identity: identity).routes + StaffRoutes(identity: identity).routes
            + ShopRoutes(identity: identity).routes + PolicyRoutes(identity: identity).routes
            + PhraseRoutes(identity: identity).routes
            + StockRoutes(identity.stock).routes
            + CatalogRoutes(catalog: identity.catalog).routes
            + FreightRoutes(freight: identity.freight, catalog: identity.catalog).routes
            + OrderRoutes(identity.orders).routes
            + ChoosingRoutes(identity: identity).routes
    }
}
