/// Who acts on a conversation, and what they may do in general.
///
/// Whether they may do it here is decided per act.
package enum Participant: Hashable, Sendable {
    case buyer(BuyerID, name: String)
    case agent(StaffID, name: String, rights: AgentRights)
    case bot(name: String)
    case system

    package var actor: Actor {
        switch self {
        case .buyer(let id, let name): .buyer(id, name)
        case .agent(let id, let name, _): .agent(id, name)
        case .bot(let name): Actor(kind: .bot, id: nil, name: name)
        case .system: .system
        }
    }

    package var staff: StaffID? {
        if case .agent(let id, _, _) = self { id } else { nil }
    }

    package func has(_ right: AgentRights) -> Bool {
        if case .agent(_, _, let rights) = self { rights.contains(right) } else { false }
    }
}

/// What an agent may do with conversations; filled from the permissions table.
package struct AgentRights: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let answer = AgentRights(rawValue: 1)
    /// See conversations of others.
    package static let readAll = AgentRights(rawValue: 2)
    package static let whisper = AgentRights(rawValue: 4)
    package static let takeOver = AgentRights(rawValue: 8)
    /// Hand on, close, tag conversations of others.
    package static let manageAll = AgentRights(rawValue: 16)
    package static let readHistory = AgentRights(rawValue: 32)
}

extension Conversation {
    /// Buyers see their own; agents what they own, what waits in the queue, and everything with the right to.
    /// - Parameter groups: the groups that the agent belongs to.
    package func isVisible(to who: Participant, groups: Set<GroupID>) -> Bool {
        switch who {
        case .buyer(let id, _): id == buyer
        case .bot, .system: true
        case .agent(let id, _, let rights):
            owner?.id == id || rights.contains(.readAll)
                || (state == .queued && rights.contains(.answer)
                    && (group.map(groups.contains) ?? true))
        }
    }

    package func isOwned(by who: Participant) -> Bool {
        guard let staff = who.staff else { return false }
        return owner?.id == staff
    }
}
