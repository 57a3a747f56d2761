/// One agent as routing sees them.
package struct Candidate: Hashable, Sendable {
    package let staff: StaffID
    package let name: String
    package let groups: Set<GroupID>
    /// Conversations owned now, and how many at once they may own.
    package let load: Int
    package let cap: Int
    /// When they were last given one; the longest idle goes first among equals.
    package let lastAssigned: Instant?

    package init(
        staff: StaffID, name: String, groups: Set<GroupID>, load: Int, cap: Int,
        lastAssigned: Instant?
    ) {
        self.staff = staff
        self.name = name
        self.groups = groups
        self.load = load
        self.cap = cap
        self.lastAssigned = lastAssigned
    }
}

/// Who serves a conversation that nobody owns: first the agent who knows this buyer, else the least loaded by weight.
package enum ChooseAgent {
    package enum Answer: Hashable, Sendable {
        case agent(Conversation.Owner, Assignment)
        case queue(ConversationEvent.QueueReason)
    }

    /// - Parameters:
    ///   - candidates: agents who are online, connected and may answer.
    ///   - knows: who served this buyer last.
    ///   - except: who must not get it again (they did not answer it, or left).
    package static func decide(
        among candidates: [Candidate], group: GroupID?, knows: StaffID?, except: StaffID?,
        at: Instant
    ) -> Answer {
        let eligible = candidates.filter { candidate in
            candidate.staff != except && (group.map(candidate.groups.contains) ?? true)
        }
        guard !eligible.isEmpty else { return .queue(.nobodyOnline) }
        let free = eligible.filter { $0.load < $0.cap }
        if let knows, let agent = free.first(where: { $0.staff == knows }) {
            return .agent(
                .init(id: agent.staff, name: agent.name),
                Assignment(
                    reason: .knowsBuyer,
                    why: Localized(
                        zh: "\(agent.name)接待过这位买家（当前 \(agent.load)/\(agent.cap)）",
                        en: "\(agent.name) has served this buyer (now \(agent.load)/\(agent.cap))"),
                    at: at))
        }
        guard let agent = free.min(by: isBefore) else { return .queue(.nobodyFree) }
        return .agent(
            .init(id: agent.staff, name: agent.name),
            Assignment(
                reason: .leastLoaded,
                why: Localized(
                    zh: "\(free.count) 位空闲客服中负载最低（\(agent.load)/\(agent.cap)）",
                    en: "Least loaded of \(free.count) free agents (\(agent.load)/\(agent.cap))"),
                at: at))
    }

    /// By share of the cap in use, then the longest without a new one, then by id so that the answer is certain.
    private static func isBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        let (left, right) = (a.load * b.cap, b.load * a.cap)
        if left != right { return left < right }
        let (last, other) = (a.lastAssigned?.milliseconds ?? 0, b.lastAssigned?.milliseconds ?? 0)
        if last != other { return last < other }
        return a.staff < b.staff
    }
}
