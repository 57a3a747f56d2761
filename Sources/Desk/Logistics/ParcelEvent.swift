/// One thing that a carrier, or somebody of the shop, says of a parcel.
package struct ParcelEvent: Hashable, Sendable, Codable {
    package let at: Instant
    package let status: ParcelStatus
    /// In the carrier's words.
    package let text: String
    /// Where; empty when not said.
    package let location: String

    package init(at: Instant, status: ParcelStatus, text: String, location: String = "") {
        self.at = at
        self.status = status
        self.text = text
        self.location = location
    }

    /// The same for the same event, however often and in whatever order it arrives.
    package var digest: Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(at.milliseconds)|\(status.rawValue)|\(location)|\(text)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }

    /// Where it happened, by its location or by a place in 【】 or at the beginning of its text.
    package var place: Place? { Place(in: location) ?? Place(in: text) }
}

/// What all events of a parcel come to.
///
/// The events are put in the order of their own time first and each is taken once, so that late, doubled and mixed up
/// news come to the same track.
package struct ParcelTrack: Hashable, Sendable {
    /// In order, each once.
    package let events: [ParcelEvent]
    package private(set) var status: ParcelStatus = .created
    package private(set) var pickedUpAt: Instant?
    package private(set) var deliveredAt: Instant?
    /// Attempts that failed: refused, a problem while out for delivery.
    package private(set) var failedAttempts = 0
    /// It was in the buyer's province and then somewhere else, not on its way back.
    package private(set) var wentAway = false
    package private(set) var lastPlace: Place?

    package var lastAt: Instant? { events.last?.at }

    /// - Parameter destination: where the buyer lives; nil when not known.
    package init(_ events: some Sequence<ParcelEvent>, to destination: Place?) {
        var seen: Set<Int64> = []
        self.events = events.filter { seen.insert($0.digest).inserted }.sorted { a, b in
            if a.at != b.at { return a.at < b.at }
            if a.status.rank != b.status.rank { return a.status.rank < b.status.rank }
            return a.digest < b.digest
        }
        var arrived = false
        for event in self.events {
            let before = status
            status = before.followed(by: event.status)
            if status == .cancelled, event.status == .cancelled { pickedUpAt = nil }
            if pickedUpAt == nil, !event.status.isBeforePickup, event.status != .cancelled {
                pickedUpAt = event.at
            }
            if status == .delivered, before != .delivered { deliveredAt = event.at }
            if status != .delivered, before == .delivered { deliveredAt = nil }
            if event.status == .refused
                || (event.status == .exception
                    && (before == .outForDelivery || before == .atLocker))
            {
                failedAttempts += 1
            }
            guard let place = event.place else { continue }
            lastPlace = place
            guard let destination else { continue }
            if place.province == destination.province {
                arrived = true
                if !status.goesBack { wentAway = false }
            } else if arrived, !status.goesBack, !before.goesBack, status != .delivered {
                wentAway = true
            }
        }
        if status.goesBack || status.isFinal { wentAway = false }
    }
}
