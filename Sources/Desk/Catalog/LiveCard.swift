/// What is true now of a variant that a card in a conversation shows.
///
/// A card keeps which variant it means; its price and stock are looked up whenever it is read.
package struct LiveCard: Hashable, Sendable {
    /// What a buyer is told of the stock: never how many there are.
    package enum Stock: String, Hashable, Sendable, Codable { case plenty, few, none }

    package let sku: SKUID
    package let price: Money
    package let listPrice: Money?
    /// Whether it can be bought at all: the item is on sale and the variant is offered.
    package let isSold: Bool
    /// Pieces that can be promised now.
    package let left: Int

    package init(sku: SKUID, price: Money, listPrice: Money?, isSold: Bool, left: Int) {
        self.sku = sku
        self.price = price
        self.listPrice = listPrice
        self.isSold = isSold
        self.left = max(0, left)
    }

    /// The same with pieces of another variant of the item.
    package func adding(_ more: Int) -> LiveCard {
        LiveCard(
            sku: sku, price: price, listPrice: listPrice, isSold: isSold,
            left: left + max(0, more))
    }

    /// Up to so many pieces a buyer had better not wait.
    package static let few = 5

    package var stock: Stock { left == 0 ? .none : left <= Self.few ? .few : .plenty }
}
