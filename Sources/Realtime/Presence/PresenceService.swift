package import Desk
package import Logging
package import SQL
package import Storage
import Synchronization

/// Who is at work: what agents say of themselves, and whether a window of theirs is open.
package final class PresenceService: Sendable {
    private let carryOut: CarryOut
    private let hub: Hub
    private let policy: @Sendable (ShopID) -> PolicySet
    private let logger: Logger
    private let place: Place

    /// Where this program's windows are kept.
    package enum Place: Sendable {
        /// Only here: no other program has windows.
        case alone
        /// In the store, with the seat that this node has now.
        case among(@Sendable () -> NodeSeat?)
    }

    package init(
        carryOut: CarryOut, hub: Hub, policy: @escaping @Sendable (ShopID) -> PolicySet,
        logger: Logger, place: Place = .alone
    ) {
        self.place = place
        self.carryOut = carryOut
        self.hub = hub
        self.policy = policy
        self.logger = logger
    }

    /// An agent says what they do now.
    ///
    /// Going online takes from the queue at once.
    /// - Returns: the number of the event.
    package func set(_ state: PresenceState, reason: String, by staff: StaffPrincipal) async throws
        -> Int64
    {
        guard state == .offline || staff.may(.conversationAnswer) else {
            throw Refusal.notAllowed(.conversationAnswer)
        }
        guard reason.count <= 100 else {
            throw Refusal(
                .tooLarge, "presence.reasonTooLong", zh: "原因最多 100 字", en: "At most 100 characters",
                field: "reason")
        }
        let policy = policy(staff.shop)
        return try await carryOut(in: staff.shop, as: staff.actor) { [self] act in
            let connected = try isConnected(staff.id, act)
            var presence = try Self.known(staff.id, act)
            presence.state = state
            presence.reason = reason
            presence.since = act.at
            presence.connected = connected
            presence.lostAt = connected ? nil : act.at
            let event = try Self.save(presence, staff.publicName, policy, act)
            if state == .offline {
                _ = try Route.release(
                    from: staff.id, waitingSince: nil, because: .ownerGone, policy: policy, act: act
                )
            } else if state.takesNew {
                _ = try Route.drainQueue(
                    limit: policy.cap(of: staff.level), policy: policy, act: act)
            }
            return event
        }
    }

    /// The first window of an agent opened, or the last one closed.
    package func connectionChanged(_ staff: StaffPrincipal) {
        guard staff.may(.conversationAnswer) else { return }
        Task { [self] in
            do {
                let policy = policy(staff.shop)
                try await carryOut(in: staff.shop, as: staff.actor) { [self] act in
                    // Asked inside the act, so that quick comings and goings end in the truth.
                    let connected = try isConnected(staff.id, act)
                    var presence = try Self.known(staff.id, act)
                    guard presence.connected != connected else { return }
                    presence.connected = connected
                    presence.lostAt = connected ? nil : act.at
                    try Self.save(presence, staff.publicName, policy, act)
                    if connected && presence.state.takesNew {
                        _ = try Route.drainQueue(
                            limit: policy.cap(of: staff.level), policy: policy, act: act)
                    }
                }
            } catch {
                logger.error("presence was not kept", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Whether a window of somebody is open, here or on another node; what is here is kept for the others.
    private func isConnected(_ staff: StaffID, _ act: Act) throws -> Bool {
        let here = !hub.sessions(of: staff).isEmpty
        switch place {
        case .alone: return here
        case .among(let seat):
            // Without a seat nothing can be kept; with the next one all windows are noted anew.
            guard let seat = seat() else { return here }
            return try PresenceWindows.note(
                staff, of: act.shop, here: here, at: seat, in: act.transaction)
        }
    }

    /// This node has another seat: its windows are noted under that one.
    package func noteAll() {
        for staff in hub.staffPresent { connectionChanged(staff) }
    }

    private static func known(_ staff: StaffID, _ act: Act) throws -> Presence {
        try PresenceStore.load(staff, of: act.shop, in: act.transaction)
            ?? Presence(
                staff: staff, state: .offline, reason: "", since: act.at, connected: false,
                lostAt: nil,
                lastAssigned: nil)
    }

    @discardableResult
    static func save(
        _ presence: Presence, _ name: String, _ policy: PolicySet, _ act: Act
    ) throws -> Int64 {
        try PresenceStore.save(presence, of: act.shop, in: act.transaction)
        let load = try PresenceStore.loads(of: act.shop, in: act.transaction)[presence.staff] ?? 0
        var json = JSONWriter()
        json.beginObject()
        json.key("staff")
        json.owner(.init(id: presence.staff, name: name))
        json.field("state", presence.state.rawValue)
        json.field("reason", presence.reason)
        json.field("since", presence.since.milliseconds)
        json.field("connected", bool: presence.connected)
        json.field("load", load)
        json.field("cap", try PresenceStore.cap(of: presence.staff, policy, act))
        json.endObject()
        return try act.record(
            "presence.changed", about: presence.staff.raw, json: json.text,
            reach: Reach(wholeShop: true))
    }

    /// Agents whose last window is gone for longer than the grace go offline; their conversations go to others.
    /// - Returns: how many went.
    package func dismissGone(_ shop: ShopID, under duty: Duty = .alone) async throws -> Int {
        let policy = policy(shop)
        let grace = policy.graceAfterDisconnect
        return try await carryOut(in: shop, as: .system) { [hub] act in
            try duty.hold(in: act.transaction)
            var gone = 0
            for var presence in try PresenceStore.all(of: shop, in: act.transaction) {
                guard presence.isGone(at: act.at, grace: grace),
                    hub.sessions(of: presence.staff).isEmpty
                else {
                    continue
                }
                presence.state = .offline
                presence.reason = "connectionLost"
                presence.since = act.at
                try Self.save(
                    presence, try PresenceStore.name(of: presence.staff, act), policy, act)
                _ = try Route.release(
                    from: presence.staff, waitingSince: nil, because: .ownerGone, policy: policy,
                    act: act)
                gone += 1
            }
            return gone
        }
    }

    /// Agents whose windows were on a node that is gone: their grace begins.
    /// - Returns: how many they are.
    package func loseWindowsOfDeadNodes(_ shop: ShopID, under duty: Duty) async throws -> Int {
        let lost = try await carryOut.database.read { transaction in
            try PresenceWindows.orphans(
                of: shop, at: try StoreClock.now(transaction), in: transaction)
        }
        guard !lost.isEmpty else { return 0 }
        let policy = policy(shop)
        return try await carryOut(in: shop, as: .system) { act in
            try duty.hold(in: act.transaction)
            let now = try StoreClock.now(act.transaction)
            try PresenceWindows.forgetDead(of: shop, at: now, in: act.transaction)
            // Asked again inside the act: a window may have opened since.
            let lost = try PresenceWindows.orphans(of: shop, at: now, in: act.transaction)
            for staff in lost {
                var presence = try Self.known(staff, act)
                presence.connected = false
                presence.lostAt = act.at
                try Self.save(presence, try PresenceStore.name(of: staff, act), policy, act)
            }
            return lost.count
        }
    }

    /// Gives back what an agent has left unanswered for too long.
    package func returnUnanswered(_ shop: ShopID, under duty: Duty = .alone) async throws -> Int {
        let policy = policy(shop)
        return try await carryOut(in: shop, as: .system) { act in
            try duty.hold(in: act.transaction)
            var returned = 0
            let limit = act.at - policy.giveBackUnanswered
            for staff in try PresenceStore.loads(of: shop, in: act.transaction).keys.sorted() {
                returned += try Route.release(
                    from: staff, waitingSince: limit, because: .unanswered, policy: policy, act: act
                )
            }
            return returned
        }
    }
}
