/// The identity of one thing of kind `Of`: 64 bits made by the application, rising with time.
///
/// On the wire an id is a decimal string, since JavaScript's numbers hold only 53 bits.
package struct ID<Of>: Hashable, Comparable, Sendable {
    package let raw: Int64

    @inlinable
    package init(_ raw: Int64) { self.raw = raw }

    package static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
}

extension ID: CustomStringConvertible, LosslessStringConvertible {
    package var description: String { String(raw) }

    package init?(_ description: String) {
        guard let raw = Int64(description), raw > 0 else { return nil }
        self.raw = raw
    }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an id: \(text)"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What ids are ids of.
///
/// Names without values.
package enum ShopKind {}
package enum StaffKind {}
package enum BuyerKind {}
package enum GroupKind {}
package enum ConversationKind {}
package enum MessageKind {}
package enum UploadKind {}
package enum PinnedNoteKind {}
package enum QuickPhraseKind {}
package enum SessionKind {}
package enum TokenKind {}
package enum CategoryKind {}
package enum ItemKind {}
package enum SKUKind {}
package enum FreightTemplateKind {}
package enum WarehouseKind {}
package enum LotKind {}
package enum StockMovementKind {}
package enum HoldKind {}
package enum OrderKind {}
package enum OrderLineKind {}
package enum PaymentKind {}
package enum ProxyPurchaseKind {}
package enum ParcelKind {}
package enum DelayBatchKind {}
package enum CarrierTicketKind {}
package enum ImportBatchKind {}
package enum ListingMistakeKind {}

package typealias ShopID = ID<ShopKind>
package typealias StaffID = ID<StaffKind>
package typealias BuyerID = ID<BuyerKind>
package typealias GroupID = ID<GroupKind>
package typealias ConversationID = ID<ConversationKind>
package typealias MessageID = ID<MessageKind>
package typealias UploadID = ID<UploadKind>
package typealias PinnedNoteID = ID<PinnedNoteKind>
package typealias QuickPhraseID = ID<QuickPhraseKind>
package typealias SessionID = ID<SessionKind>
package typealias TokenID = ID<TokenKind>
package typealias CategoryID = ID<CategoryKind>
package typealias ItemID = ID<ItemKind>
package typealias SKUID = ID<SKUKind>
package typealias FreightTemplateID = ID<FreightTemplateKind>
package typealias WarehouseID = ID<WarehouseKind>
package typealias LotID = ID<LotKind>
package typealias StockMovementID = ID<StockMovementKind>
package typealias HoldID = ID<HoldKind>
package typealias OrderID = ID<OrderKind>
package typealias OrderLineID = ID<OrderLineKind>
package typealias PaymentID = ID<PaymentKind>
package typealias ProxyPurchaseID = ID<ProxyPurchaseKind>
package typealias ParcelID = ID<ParcelKind>
package typealias DelayBatchID = ID<DelayBatchKind>
package typealias CarrierTicketID = ID<CarrierTicketKind>
package typealias ImportBatchID = ID<ImportBatchKind>
package typealias ListingMistakeID = ID<ListingMistakeKind>
