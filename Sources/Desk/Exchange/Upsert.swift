/// What becomes of a record of a file, beside what the shop knows already (domain §4.6: never overwrite newer with older).
package enum Upsert: String, Hashable, Sendable, Codable, CaseIterable {
    case make
    case change
    /// Nothing new in it.
    case same
    /// The shop knows something newer.
    case older
    /// The shop's own order, of which no file may tell otherwise.
    case ours

    /// What the shop holds of an order that a file names.
    package struct Known: Hashable, Sendable {
        package let state: ImportedOrder.State
        /// Up to when the source's telling reached that is in the store; nil: the order was made here.
        package let sourceKnownUntil: Instant?
        /// When somebody changed it here last, after it was brought in; nil: nobody.
        package let changedHere: Instant?
        package let isOwn: Bool

        package init(
            state: ImportedOrder.State, sourceKnownUntil: Instant?, changedHere: Instant?,
            isOwn: Bool
        ) {
            self.state = state
            self.sourceKnownUntil = sourceKnownUntil
            self.changedHere = changedHere
            self.isOwn = isOwn
        }
    }

    /// - Parameters:
    ///   - takenAt: when the file was made.
    ///   - differs: whether the file tells anything that the store does not hold so.
    package static func order(
        _ told: ImportedOrder, known: Known?, takenAt: Instant, differs: Bool
    ) -> Upsert {
        guard let known else { return .make }
        if known.isOwn { return .ours }
        if let changed = known.changedHere, changed > takenAt { return differs ? .older : .same }
        let until = told.knownUntil ?? takenAt
        if let last = known.sourceKnownUntil {
            if until < last { return .older }
            // The same moment: an order does not go back on its way.
            if until == last, let state = told.state, state.rank < known.state.rank {
                return .older
            }
        }
        return differs ? .change : .same
    }
}

/// What an import has done so far, or would do.
package struct ImportTally: Hashable, Sendable, Codable {
    package var rows = 0
    package var made = 0
    package var changed = 0
    package var same = 0
    package var older = 0
    package var faults = 0

    package init() {}

    package mutating func count(_ upsert: Upsert) {
        switch upsert {
        case .make: made += 1
        case .change: changed += 1
        case .same: same += 1
        case .older, .ours: older += 1
        }
    }
}
