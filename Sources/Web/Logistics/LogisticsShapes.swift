import Desk
import Storage

// What parcels look like on the wire, `Docs/api.md` §12.

struct WireParcel: Encodable {
    let id: ParcelID
    let order: OrderID?
    let orderNumber: String
    let buyer: BuyerID?
    let buyerName: String
    let carrier: String
    let waybill: String
    let from: Place?
    let to: Place?
    let route: Place.Route
    let status: ParcelStatus
    let createdAt: Instant
    let paidAt: Instant?
    let promisedAt: Instant?
    let pickedUpAt: Instant?
    let deliveredAt: Instant?
    let lastEventAt: Instant?
    let lastPlace: Place?
    let claimedAt: Instant?
    let request: Parcel.Request?
    let answer: Parcel.Answer?
    let requestNote: String
    let problem: ParcelProblem?
    let problemSince: Instant?
    let promise: PromiseStanding

    init(_ parcel: Parcel) {
        id = parcel.id
        order = parcel.order
        orderNumber = parcel.orderNumber
        buyer = parcel.buyer
        buyerName = parcel.buyerName
        carrier = parcel.carrier
        waybill = parcel.waybill.text
        from = parcel.from
        to = parcel.to
        route = parcel.route
        status = parcel.status
        createdAt = parcel.createdAt
        paidAt = parcel.paidAt
        promisedAt = parcel.promisedAt
        pickedUpAt = parcel.pickedUpAt
        deliveredAt = parcel.deliveredAt
        lastEventAt = parcel.lastEventAt
        lastPlace = parcel.lastPlace
        claimedAt = parcel.claimedAt
        request = parcel.request
        answer = parcel.answer
        requestNote = parcel.requestNote
        problem = parcel.problem
        problemSince = parcel.problemSince
        promise = parcel.promise
    }
}

struct WireTicket: Encodable {
    let id: CarrierTicketID
    let parcel: ParcelID
    let carrier: String
    let kind: CarrierTicket.Kind
    let state: CarrierTicket.State
    let reference: String
    let note: String
    let deadline: Instant
    let claim: Money
    let paid: Money
    let openedAt: Instant
    let openedBy: String
    let answer: String
    let answeredAt: Instant?
    let closedAt: Instant?
    let waybill: String?
    let orderNumber: String?

    init(_ ticket: CarrierTicket, waybill: String? = nil, orderNumber: String? = nil) {
        id = ticket.id
        parcel = ticket.parcel
        carrier = ticket.carrier
        kind = ticket.kind
        state = ticket.state
        reference = ticket.reference
        note = ticket.note
        deadline = ticket.deadline
        claim = ticket.claim
        paid = ticket.paid
        openedAt = ticket.openedAt
        openedBy = ticket.openedBy
        answer = ticket.answer
        answeredAt = ticket.answeredAt
        closedAt = ticket.closedAt
        self.waybill = waybill
        self.orderNumber = orderNumber
    }
}

struct WireCarrier: Encodable {
    let code: String
    let name: String
    let phone: String
    let needsPhone: Bool
    let collectHours: Int?
    let stuckHours: Int?
    let notServed: [String]
    let active: Bool

    init(_ carrier: Carrier) {
        code = carrier.code
        name = carrier.name
        phone = carrier.phone
        needsPhone = carrier.needsPhone
        collectHours = carrier.collectHours
        stuckHours = carrier.stuckHours
        notServed = carrier.notServed
        active = carrier.active
    }
}

struct WireBatch: Encodable {
    let id: DelayBatchID
    let at: Instant
    let by: String
    let reason: String
    let options: [DelayOption]
    let state: String
    let counts: [String: Int]
    let choices: [String: Int]

    init(_ batch: DelayStore.Batch) {
        id = batch.id
        at = batch.at
        by = batch.by
        reason = batch.reason
        options = batch.options
        state = batch.state
        counts = batch.counts
        choices = batch.choices
    }
}

struct WireNotice: Encodable {
    let parcel: ParcelID
    let orderNumber: String
    let waybill: String
    let carrier: String
    let buyerName: String
    let date: Instant
    let text: String
    let state: String
    let why: String
    let conversation: ConversationID?
    let toldAt: Instant?
    let choice: DelayOption?
    let reply: String
    let repliedAt: Instant?
    let doneBy: String

    init(_ notice: DelayStore.Notice) {
        parcel = notice.parcel
        orderNumber = notice.orderNumber
        waybill = notice.waybill
        carrier = notice.carrier
        buyerName = notice.buyerName
        date = notice.date
        text = notice.text
        state = notice.state
        why = notice.why
        conversation = notice.conversation
        toldAt = notice.toldAt
        choice = notice.choice
        reply = notice.reply
        repliedAt = notice.repliedAt
        doneBy = notice.doneBy
    }
}

struct WireScore: Encodable {
    let carrier: String
    let parcels: Int
    let collectDue: Int
    let collectedInTime: Int
    let delivered: Int
    let promised: Int
    let promiseKept: Int
    let lost: Int
    let failed: Int
    let returned: Int
    /// Hours from collection to signature: half of the parcels, nine in ten.
    let half: Int?
    let most: Int?
    let tickets: Int
    let answersDue: Int
    let answeredInTime: Int
    let claimed: Money
    let paid: Money

    init(_ score: CarrierScore) {
        carrier = score.carrier
        parcels = score.parcels
        collectDue = score.collectDue
        collectedInTime = score.collectedInTime
        delivered = score.delivered
        promised = score.promised
        promiseKept = score.promiseKept
        lost = score.lost
        failed = score.failed
        returned = score.returned
        half = score.hours(share: 0.5)
        most = score.hours(share: 0.9)
        tickets = score.tickets
        answersDue = score.answersDue
        answeredInTime = score.answeredInTime
        claimed = score.claimed
        paid = score.paid
    }
}
