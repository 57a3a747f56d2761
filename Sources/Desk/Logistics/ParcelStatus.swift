/// Where a parcel is on its way: one set for all carriers (domain §4.5).
package enum ParcelStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case created, awaitingPickup, pickedUp, inTransit, arrivedCity, outForDelivery, atLocker
    case delivered, exception, refused, returning, returned, lost, cancelled
    case customsWaiting, customsClearing, customsCleared, customsProblem

    package var name: Localized {
        switch self {
        case .created: Localized(zh: "已建单", en: "Label made")
        case .awaitingPickup: Localized(zh: "待揽收", en: "Awaiting collection")
        case .pickedUp: Localized(zh: "已揽收", en: "Collected")
        case .inTransit: Localized(zh: "运输中", en: "In transit")
        case .arrivedCity: Localized(zh: "到达目的城市", en: "In the buyer's city")
        case .outForDelivery: Localized(zh: "派送中", en: "Out for delivery")
        case .atLocker: Localized(zh: "已到驿站或快递柜", en: "At a station or locker")
        case .delivered: Localized(zh: "已签收", en: "Signed for")
        case .exception: Localized(zh: "疑难件", en: "Problem on the way")
        case .refused: Localized(zh: "拒签", en: "Refused by the receiver")
        case .returning: Localized(zh: "退回途中", en: "Coming back")
        case .returned: Localized(zh: "已退回", en: "Back with us")
        case .lost: Localized(zh: "丢失", en: "Lost")
        case .cancelled: Localized(zh: "运单已取消", en: "Label cancelled")
        case .customsWaiting: Localized(zh: "待清关", en: "Waiting for customs")
        case .customsClearing: Localized(zh: "清关中", en: "In customs")
        case .customsCleared: Localized(zh: "已清关", en: "Cleared by customs")
        case .customsProblem: Localized(zh: "清关异常", en: "Held by customs")
        }
    }

    /// Nothing more is expected to happen.
    package var isFinal: Bool {
        switch self {
        case .delivered, .returned, .lost, .cancelled: true
        default: false
        }
    }

    /// The carrier has not taken it yet.
    package var isBeforePickup: Bool { self == .created || self == .awaitingPickup }

    /// It goes back to the shop, or has.
    package var goesBack: Bool { self == .refused || self == .returning || self == .returned }

    /// Which of two events of the same instant comes first.
    var rank: Int {
        switch self {
        case .created: 0
        case .awaitingPickup: 1
        case .pickedUp: 2
        case .customsWaiting: 3
        case .customsClearing: 4
        case .customsProblem: 5
        case .customsCleared: 6
        case .inTransit: 7
        case .arrivedCity: 8
        case .exception: 9
        case .outForDelivery: 10
        case .atLocker: 11
        case .delivered: 12
        case .refused: 13
        case .returning: 14
        case .returned: 15
        case .lost: 16
        case .cancelled: 17
        }
    }

    /// The status after this one when an event of another arrives later in time.
    func followed(by next: ParcelStatus) -> ParcelStatus {
        switch self {
        case .returned, .lost:
            // Found again: only a hand-over ends the search.
            return self == .lost && (next == .delivered || next == .returned) ? next : self
        case .delivered:
            // What stations still report after the signature says nothing new; a way back does.
            return next.goesBack || next == .lost ? next : self
        case .cancelled:
            return next.isBeforePickup ? self : next
        default:
            // A label printed twice does not bring a parcel back to the shelf.
            return next.isBeforePickup && !isBeforePickup ? self : next
        }
    }
}

/// The codes by which 快递100 and those who imitate it name a status (domain §4.5).
package enum CarrierCode {
    /// Coarse and fine codes; every one of them.
    package static let statuses: [Int: ParcelStatus] = [
        0: .inTransit, 1: .pickedUp, 2: .exception, 3: .delivered, 4: .returned,
        5: .outForDelivery, 6: .returning, 7: .inTransit, 10: .customsWaiting,
        11: .customsClearing, 12: .customsCleared, 13: .customsProblem, 14: .refused,
        101: .created, 102: .awaitingPickup, 103: .pickedUp, 1001: .arrivedCity,
        1002: .inTransit, 1003: .inTransit, 501: .atLocker, 301: .delivered, 302: .delivered,
        303: .delivered, 304: .delivered, 401: .cancelled,
    ]

    /// A code that nobody wrote down yet says at least that the parcel moves; `nil` only for none at all.
    package static func status(_ code: Int) -> ParcelStatus? {
        if let known = statuses[code] { return known }
        // A fine code begins with its coarse one: 201, 204 … are kinds of 2.
        if code >= 100, let coarse = statuses[code / 100] { return coarse }
        return nil
    }
}
