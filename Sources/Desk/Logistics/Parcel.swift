/// One parcel of an order on its way to a buyer.
package struct Parcel: Hashable, Sendable {
    package struct Line: Hashable, Sendable, Codable {
        package let orderLine: OrderLineID
        package let quantity: Int

        package init(orderLine: OrderLineID, quantity: Int) {
            self.orderLine = orderLine
            self.quantity = quantity
        }
    }

    /// What the shop asked the carrier to do with a parcel on its way.
    package enum Request: String, Hashable, Sendable, Codable {
        case intercept, redirect
    }

    /// What the carrier answered.
    package enum Answer: String, Hashable, Sendable, Codable {
        case asked, done, failed
    }

    package let id: ParcelID
    /// Nil for an order that is kept elsewhere and only known by its number.
    package let order: OrderID?
    package let orderNumber: String
    package let buyer: BuyerID?
    package let buyerName: String
    package let warehouse: WarehouseID?
    package var carrier: String
    package var waybill: WaybillNumber
    /// Where it starts and ends, as far as known.
    package let from: Place?
    package let to: Place?
    package let createdAt: Instant
    /// When the order was paid: collection is promised from then on.
    package let paidAt: Instant?
    /// The latest time at the door that the buyer was told.
    package var promisedAt: Instant?
    package var status: ParcelStatus = .created
    package var pickedUpAt: Instant?
    package var deliveredAt: Instant?
    package var lastEventAt: Instant?
    package var failedAttempts = 0
    package var wentAway = false
    package var lastPlace: Place?
    /// The buyer said that a signed parcel is not with them.
    package var claimedAt: Instant?
    package var request: Request?
    package var answer: Answer?
    package var requestNote = ""
    package var problem: ParcelProblem?
    package var problemSince: Instant?
    package var promise: PromiseStanding = .none

    package init(
        id: ParcelID, order: OrderID?, orderNumber: String, buyer: BuyerID?, buyerName: String,
        warehouse: WarehouseID?, carrier: String, waybill: WaybillNumber, from: Place?, to: Place?,
        createdAt: Instant, paidAt: Instant?, promisedAt: Instant?
    ) {
        self.id = id
        self.order = order
        self.orderNumber = orderNumber
        self.buyer = buyer
        self.buyerName = buyerName
        self.warehouse = warehouse
        self.carrier = carrier
        self.waybill = waybill
        self.from = from
        self.to = to
        self.createdAt = createdAt
        self.paidAt = paidAt
        self.promisedAt = promisedAt
    }

    package var route: Place.Route { Place.route(from: from, to: to) }

    /// Takes over what its events come to.
    package mutating func apply(_ track: ParcelTrack) {
        status = track.status
        pickedUpAt = track.pickedUpAt
        deliveredAt = track.deliveredAt
        lastEventAt = track.lastAt
        failedAttempts = track.failedAttempts
        wentAway = track.wentAway
        lastPlace = track.lastPlace
        if request != nil, answer == .asked {
            if request == .intercept, status.goesBack { answer = .done }
            if status == .delivered { answer = request == .intercept ? .failed : .done }
        }
    }
}

// MARK: - What may be asked

extension Parcel {
    /// Whether the shop may ask the carrier to stop it, or to bring it elsewhere.
    package func asked(
        _ request: Request, note: String
    ) throws(Refusal) -> Parcel {
        let note = String(note.prefix(200))
        guard !status.isFinal, !status.goesBack else {
            throw Refusal(
                .conflict, "parcel.over", zh: "包裹\(status.name.zh)，不能再拦截或改派",
                en: "The parcel is past that: \(status.name.en.lowercased())",
                instead: status == .delivered
                    ? Localized(zh: "请走退货流程", en: "Ask the buyer to send it back")
                    : nil)
        }
        guard answer != .asked else {
            throw Refusal(
                .conflict, "parcel.askedAlready", zh: "已经向快递公司提出过请求，还没有结果",
                en: "The carrier was asked already and has not answered",
                instead: Localized(zh: "先登记快递公司的答复", en: "Record the carrier's answer first"))
        }
        if request == .redirect {
            guard note.contains(where: { !$0.isWhitespace }) else {
                throw Refusal(
                    .invalid, "parcel.redirectWhere", zh: "请写明改派到哪里",
                    en: "Say where it should go", field: "note")
            }
            guard status != .outForDelivery, status != .atLocker else {
                throw Refusal(
                    .conflict, "parcel.tooFar", zh: "包裹\(status.name.zh)，来不及改派",
                    en: "It is too late to redirect: \(status.name.en.lowercased())",
                    instead: Localized(zh: "可以请求拦截退回", en: "It can still be intercepted"))
            }
        }
        var parcel = self
        parcel.request = request
        parcel.answer = .asked
        parcel.requestNote = note
        return parcel
    }

    /// The carrier's answer to a request.
    package func answered(_ done: Bool) throws(Refusal) -> Parcel {
        guard request != nil, answer == .asked else {
            throw Refusal(
                .conflict, "parcel.nothingAsked", zh: "没有等待答复的请求",
                en: "The carrier was not asked for anything")
        }
        var parcel = self
        parcel.answer = done ? .done : .failed
        return parcel
    }

    /// The waybill corrected (domain §3.2: an own carrier's until 50 days after shipping).
    package func renamed(
        _ waybill: WaybillNumber, carrier: String, at now: Instant, within: Span
    ) throws(Refusal) -> Parcel {
        guard !(now - createdAt > within) else {
            throw Refusal(
                .conflict, "parcel.tooOld", zh: "发货已超过 \(within.seconds / 86_400) 天，不能再改运单号",
                en: "It was shipped more than \(within.seconds / 86_400) days ago")
        }
        guard waybill != self.waybill || carrier != self.carrier else {
            throw Refusal(
                .invalid, "parcel.nothingNew", zh: "没有改动", en: "Nothing would change")
        }
        var parcel = self
        parcel.waybill = waybill
        parcel.carrier = carrier
        return parcel
    }

    /// The buyer says that it is not there although it was signed for.
    package func claimed(at now: Instant) throws(Refusal) -> Parcel {
        guard status == .delivered else {
            throw Refusal(
                .conflict, "parcel.notSigned", zh: "包裹还没有签收记录",
                en: "The parcel was not signed for yet",
                instead: Localized(zh: "可以向快递公司催件", en: "Ask the carrier to hurry instead"))
        }
        var parcel = self
        parcel.claimedAt = claimedAt ?? now
        return parcel
    }
}
