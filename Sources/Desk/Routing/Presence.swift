/// What an agent says of themself.
package enum PresenceState: String, Hashable, Sendable, Codable, CaseIterable {
    case online
    /// At work, takes no new conversations.
    case busy
    /// 小休
    case `break`
    /// 挂起
    case suspended
    case offline

    package var takesNew: Bool { self == .online }
}

/// An agent's presence: what they said, and whether any window of theirs is connected.
package struct Presence: Hashable, Sendable {
    package let staff: StaffID
    package var state: PresenceState
    package var reason: String
    package var since: Instant
    package var connected: Bool
    /// When the last window went away.
    package var lostAt: Instant?
    package var lastAssigned: Instant?

    package init(
        staff: StaffID, state: PresenceState, reason: String, since: Instant, connected: Bool,
        lostAt: Instant?,
        lastAssigned: Instant?
    ) {
        self.staff = staff
        self.state = state
        self.reason = reason
        self.since = since
        self.connected = connected
        self.lostAt = lostAt
        self.lastAssigned = lastAssigned
    }

    /// Whether routing may give them a conversation.
    ///
    /// A window that just went away may come back within the grace.
    package func canTakeNew(at: Instant) -> Bool { state.takesNew && connected }

    /// Whether the grace after the last window's loss is over, so that their conversations go to others.
    package func isGone(at: Instant, grace: Span) -> Bool {
        guard state != .offline, !connected, let lostAt else { return false }
        return at - lostAt >= grace
    }
}

/// The honest waiting time of a place in the queue.
package enum QueueEstimate {
    /// - Parameters:
    ///   - place: from 1.
    ///   - assignedRecently: conversations that left the queue or were assigned within `window`.
    /// - Returns: seconds, rounded up to half minutes; nil when recent work says nothing.
    package static func waitSeconds(place: Int, assignedRecently: Int, window: Span) -> Int? {
        guard assignedRecently >= 3 else { return nil }
        let each = Double(window.milliseconds) / 1000 / Double(assignedRecently)
        return Int((Double(place) * each / 30).rounded(.up)) * 30
    }
}
