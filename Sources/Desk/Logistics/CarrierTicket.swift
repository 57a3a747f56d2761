import Foundation

/// What the shop wants from a carrier about a parcel, with a deadline and a claim (快递工单).
package struct CarrierTicket: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case trace, delay, lost, damaged, notReceived, wrongWay

        package var name: Localized {
            switch self {
            case .trace: Localized(zh: "查件", en: "Where is it")
            case .delay: Localized(zh: "催件", en: "Hurry it")
            case .lost: Localized(zh: "丢失索赔", en: "Lost, claim")
            case .damaged: Localized(zh: "破损索赔", en: "Damaged, claim")
            case .notReceived: Localized(zh: "签收未收到", en: "Signed for, not received")
            case .wrongWay: Localized(zh: "走错方向", en: "Going the wrong way")
            }
        }
    }

    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case open, answered, settled, closed

        package var name: Localized {
            switch self {
            case .open: Localized(zh: "等快递答复", en: "Waiting for the carrier")
            case .answered: Localized(zh: "已答复", en: "Answered")
            case .settled: Localized(zh: "已赔付", en: "Paid")
            case .closed: Localized(zh: "已结束", en: "Closed")
            }
        }
    }

    package let id: CarrierTicketID
    package let parcel: ParcelID
    package let carrier: String
    package let kind: Kind
    package private(set) var state: State
    /// The carrier's own number of the case.
    package private(set) var reference: String
    package let note: String
    package let deadline: Instant
    package let claim: Money
    package private(set) var paid: Money
    package let openedAt: Instant
    package let openedBy: String
    package private(set) var answer: String
    package private(set) var answeredAt: Instant?
    package private(set) var closedAt: Instant?

    package init(
        id: CarrierTicketID, parcel: ParcelID, carrier: String, kind: Kind, state: State = .open,
        reference: String, note: String, deadline: Instant, claim: Money, paid: Money = .zero,
        openedAt: Instant, openedBy: String, answer: String = "", answeredAt: Instant? = nil,
        closedAt: Instant? = nil
    ) {
        self.id = id
        self.parcel = parcel
        self.carrier = carrier
        self.kind = kind
        self.state = state
        self.reference = reference
        self.note = note
        self.deadline = deadline
        self.claim = claim
        self.paid = paid
        self.openedAt = openedAt
        self.openedBy = openedBy
        self.answer = answer
        self.answeredAt = answeredAt
        self.closedAt = closedAt
    }

    package func isOverdue(at now: Instant) -> Bool { state == .open && deadline < now }

    /// What was written for a ticket, checked.
    package static func check(note: String, reference: String, claim: Money) throws(Refusal) {
        guard (2...500).contains(note.trimmingCharacters(in: .whitespacesAndNewlines).count) else {
            throw Refusal(
                .invalid, "ticket.note", zh: "请用 2 到 500 个字说明问题",
                en: "Say what is wrong in 2 to 500 characters", field: "note")
        }
        guard reference.count <= 60 else {
            throw Refusal(
                .invalid, "ticket.reference", zh: "快递单号最多 60 个字",
                en: "A reference has at most 60 characters", field: "reference")
        }
        guard !(claim < .zero), claim < Money(fen: 100_000_000) else {
            throw Refusal(
                .invalid, "ticket.claim", zh: "索赔金额在 0 到 100 万元之间",
                en: "A claim is between 0 and 1,000,000 yuan", field: "claim")
        }
    }

    /// What the carrier said.
    package func answered(
        _ text: String, reference: String?, at now: Instant
    ) throws(Refusal) -> CarrierTicket {
        guard state == .open || state == .answered else { throw Self.over }
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...500).contains(text.count) else {
            throw Refusal(
                .invalid, "ticket.answer", zh: "请写下快递公司的答复",
                en: "Write down what the carrier said", field: "answer")
        }
        var ticket = self
        ticket.state = .answered
        ticket.answer = text
        ticket.answeredAt = answeredAt ?? now
        if let reference, !reference.isEmpty { ticket.reference = String(reference.prefix(60)) }
        return ticket
    }

    /// The carrier paid; less than claimed is possible, more is not.
    package func settled(_ amount: Money, at now: Instant) throws(Refusal) -> CarrierTicket {
        guard state == .open || state == .answered else { throw Self.over }
        guard .zero < amount, !(claim < amount) else {
            throw Refusal(
                .invalid, "ticket.paid", zh: "赔付金额要大于 0，不超过索赔的 \(claim)",
                en: "What was paid is above 0 and at most the claim of \(claim)",
                instead: claim == .zero
                    ? Localized(zh: "这张工单没有索赔，可以直接结束", en: "Nothing was claimed; just close it")
                    : nil,
                field: "paid")
        }
        var ticket = self
        ticket.state = .settled
        ticket.paid = amount
        ticket.answeredAt = answeredAt ?? now
        ticket.closedAt = now
        return ticket
    }

    package func closed(at now: Instant) throws(Refusal) -> CarrierTicket {
        guard state == .open || state == .answered else { throw Self.over }
        var ticket = self
        ticket.state = .closed
        ticket.closedAt = now
        return ticket
    }

    private static let over = Refusal(
        .conflict, "ticket.over", zh: "这张工单已经结束", en: "This ticket is over",
        instead: Localized(zh: "需要时新开一张", en: "Open another one if there is need"))
}
