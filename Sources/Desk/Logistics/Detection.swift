/// What is wrong with a parcel, worst first.
package enum ParcelProblem: String, Hashable, Sendable, Codable, CaseIterable {
    case lost, signedNotReceived, wrongWay, failedDelivery, returned, notCollected, stuck

    package var name: Localized {
        switch self {
        case .lost: Localized(zh: "丢失", en: "Lost")
        case .signedNotReceived: Localized(zh: "签收未收到", en: "Signed for, not received")
        case .wrongWay: Localized(zh: "走错方向", en: "Going the wrong way")
        case .failedDelivery: Localized(zh: "派送失败", en: "Delivery failed")
        case .returned: Localized(zh: "退回", en: "Coming back")
        case .notCollected: Localized(zh: "未揽收", en: "Not collected")
        case .stuck: Localized(zh: "停滞", en: "Stuck")
        }
    }
}

/// How a parcel stands to what the buyer was promised.
package enum PromiseStanding: String, Hashable, Sendable, Codable, CaseIterable {
    case none, kept, near, broken
}

/// When a parcel counts as in trouble; a shop's rules with a carrier's own figures over them.
package struct ParcelThresholds: Hashable, Sendable {
    package var collect: Span
    /// Without news, by route.
    package var stuckNear: Span
    package var stuckFar: Span
    /// At a station or locker without being fetched.
    package var locker: Span
    /// How long before a promised time it is watched.
    package var warn: Span

    package init(
        collect: Span = .hours(48), stuckNear: Span = .hours(36), stuckFar: Span = .hours(72),
        locker: Span = .hours(72), warn: Span = .hours(12)
    ) {
        self.collect = collect
        self.stuckNear = stuckNear
        self.stuckFar = stuckFar
        self.locker = locker
        self.warn = warn
    }

    package init(_ policy: PolicySet) {
        self.init(
            collect: policy.span(.parcelCollect), stuckNear: policy.span(.parcelStuckNear),
            stuckFar: policy.span(.parcelStuckFar), locker: policy.span(.parcelLocker),
            warn: policy.span(.parcelPromiseWarning))
    }

    /// The same with what a carrier agreed to.
    package func with(_ carrier: Carrier?) -> ParcelThresholds {
        var own = self
        if let hours = carrier?.collectHours { own.collect = .hours(hours) }
        if let hours = carrier?.stuckHours {
            own.stuckNear = .hours(hours)
            own.stuckFar = max(.hours(hours), own.stuckFar)
        }
        return own
    }

    func stuck(_ route: Place.Route) -> Span {
        route == .far || route == .abroad ? stuckFar : stuckNear
    }
}

/// What was found about a parcel, and when to look again if nothing happens before.
package struct ParcelFinding: Hashable, Sendable {
    package let problem: ParcelProblem?
    /// When the problem began.
    package let since: Instant?
    package let promise: PromiseStanding
    /// Nil when time alone changes nothing any more.
    package let lookAgain: Instant?
}

/// The part of a parcel that tells whether something is wrong with it: small, since all open ones are looked at.
package struct ParcelStanding: Hashable, Sendable {
    package let status: ParcelStatus
    package let createdAt: Instant
    package let paidAt: Instant?
    package let promisedAt: Instant?
    package let deliveredAt: Instant?
    package let lastEventAt: Instant?
    package let failedAttempts: Int
    package let wentAway: Bool
    /// Provinces.
    package let last: String?
    package let to: String?
    package let route: Place.Route
    package let claimedAt: Instant?
    package let request: Parcel.Request?

    package init(
        status: ParcelStatus, createdAt: Instant, paidAt: Instant? = nil,
        promisedAt: Instant? = nil, deliveredAt: Instant? = nil, lastEventAt: Instant? = nil,
        failedAttempts: Int = 0, wentAway: Bool = false, last: String? = nil, to: String? = nil,
        route: Place.Route = .between, claimedAt: Instant? = nil, request: Parcel.Request? = nil
    ) {
        self.status = status
        self.createdAt = createdAt
        self.paidAt = paidAt
        self.promisedAt = promisedAt
        self.deliveredAt = deliveredAt
        self.lastEventAt = lastEventAt
        self.failedAttempts = failedAttempts
        self.wentAway = wentAway
        self.last = last
        self.to = to
        self.route = route
        self.claimedAt = claimedAt
        self.request = request
    }
}

extension Parcel {
    package var standing: ParcelStanding {
        ParcelStanding(
            status: status, createdAt: createdAt, paidAt: paidAt, promisedAt: promisedAt,
            deliveredAt: deliveredAt, lastEventAt: lastEventAt, failedAttempts: failedAttempts,
            wentAway: wentAway, last: lastPlace?.province, to: to?.province, route: route,
            claimedAt: claimedAt, request: request)
    }
}

extension ParcelStanding {
    /// What is wrong with it now.
    ///
    /// Decided from the parcel alone: what its events came to, the carrier's and the route's times, and the clock.
    package func find(at now: Instant, _ limits: ParcelThresholds) -> ParcelFinding {
        var again: [Instant] = []
        let (problem, since) = trouble(at: now, limits, &again)
        let promise = promise(at: now, limits, &again)
        return ParcelFinding(
            problem: problem, since: since, promise: promise,
            lookAgain: again.filter { now < $0 }.min())
    }

    private func trouble(
        at now: Instant, _ limits: ParcelThresholds, _ again: inout [Instant]
    ) -> (ParcelProblem?, Instant?) {
        let heard = lastEventAt ?? createdAt
        switch status {
        case .lost: return (.lost, heard)
        case .delivered:
            if let claimedAt { return (.signedNotReceived, claimedAt) }
            // Signed for in another province than the buyer's.
            if let last = self.last, let to, last != to {
                return (.signedNotReceived, deliveredAt ?? lastEventAt ?? createdAt)
            }
            return (nil, nil)
        case .cancelled: return (nil, nil)
        case .returning, .returned:
            // What the shop itself stopped comes back as asked.
            return request == .intercept ? (nil, nil) : (.returned, heard)
        case .refused: return (.failedDelivery, heard)
        case .created, .awaitingPickup:
            let due = (paidAt ?? createdAt) + limits.collect
            if now < due {
                again.append(due)
                return (nil, nil)
            }
            return (.notCollected, due)
        default: break
        }
        if wentAway, request != .redirect { return (.wrongWay, heard) }
        if failedAttempts > 0, status == .exception { return (.failedDelivery, heard) }
        let due = heard + (status == .atLocker ? limits.locker : limits.stuck(route))
        if now < due {
            again.append(due)
            return status == .exception || status == .customsProblem ? (.stuck, heard) : (nil, nil)
        }
        return (.stuck, due)
    }

    private func promise(
        at now: Instant, _ limits: ParcelThresholds, _ again: inout [Instant]
    ) -> PromiseStanding {
        guard let promisedAt, status != .cancelled else { return .none }
        if let deliveredAt { return promisedAt < deliveredAt ? .broken : .kept }
        if promisedAt < now { return .broken }
        let warn = promisedAt - limits.warn
        again.append(Instant(milliseconds: promisedAt.milliseconds + 1))
        if now < warn {
            again.append(warn)
            return .none
        }
        return .near
    }
}

extension Parcel {
    /// The honest new date: from where it is now, never before what the route takes, and later the longer nothing was heard.
    package func honestDate(at now: Instant) -> Instant {
        let hours: Int
        switch status {
        case .created, .awaitingPickup: hours = 24 + route.usualHours
        case .outForDelivery, .atLocker, .arrivedCity: hours = 24
        default:
            // Half of the way is behind it once it was collected.
            hours = max(24, route.usualHours * 3 / 4)
        }
        let extra = wentAway ? route.usualHours : 0
        return now + .hours(hours + extra + 24)
    }
}
