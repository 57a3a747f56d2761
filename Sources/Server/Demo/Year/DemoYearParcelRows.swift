import Desk
import Storage

extension DemoYear {
    /// The year's parcels, as their store takes them.
    func pastParcels(_ buyers: [String: BuyerID]) -> [YearImport.PastParcel] {
        // Finding a place in words takes time, and they are few.
        let places = DemoPeople.places.map { Place(in: $0.region + $0.city) }
        let towns = Self.warehouses.map { Place(in: $0.town) }
        return parcels.map { parcel in
            let order = orders[parcel.order]
            let at = { (moment: Int64?) in moment.map(Instant.init(milliseconds:)) }
            var past = Desk.Parcel(
                id: parcel.id, order: order.id, orderNumber: order.number,
                buyer: buyers[order.nick], buyerName: order.nick,
                warehouse: warehouseID(parcel.warehouse), carrier: parcel.carrier,
                waybill: WaybillNumber(kept: parcel.waybill), from: towns[parcel.warehouse],
                to: places[order.place], createdAt: Instant(milliseconds: parcel.createdAt),
                paidAt: at(order.paidAt), promisedAt: at(parcel.promisedAt))
            past.status = ParcelStatus(rawValue: parcel.state) ?? .created
            past.pickedUpAt = at(parcel.pickedUpAt)
            past.deliveredAt = at(parcel.deliveredAt)
            past.lastEventAt = at(parcel.events.last?.at)
            past.lastPlace =
                parcel.deliveredAt == nil ? towns[parcel.warehouse] : places[order.place]
            return YearImport.PastParcel(
                parcel: past,
                events: parcel.events.map { event in
                    ParcelEvent(
                        at: Instant(milliseconds: event.at),
                        status: ParcelStatus(rawValue: event.status) ?? .inTransit,
                        text: event.text, location: event.location)
                },
                lines: parcel.lines.map {
                    .init(orderLine: order.lines[$0].id, quantity: order.lines[$0].quantity)
                })
        }
    }
}
