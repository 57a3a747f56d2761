package import Desk
import Storage
import Synchronization

/// Where a live session's frames go: a socket, or the outbox of a long poll.
package protocol Outlet: AnyObject, Sendable {
    /// Ends the session; the client reads code and reason (`Docs/api.md` §2).
    func close(_ code: UInt16, reason: String)
}

/// One text frame for some outlets: encoded once, handed to all.
package struct Delivery: Sendable {
    package let text: String
    package let outlets: [any Outlet]
    /// The frame is the last one: the outlets are closed behind it, never before it.
    package let closing: Closing?

    package struct Closing: Sendable {
        package let code: UInt16
        package let reason: String
    }

    package init(text: String, outlets: [any Outlet], closing: Closing? = nil) {
        self.text = text
        self.outlets = outlets
        self.closing = closing
    }
}

/// Hands frames to their outlets, in order, without waiting for slow readers.
package typealias Deliver = @Sendable ([Delivery]) -> Void

/// Who is behind a live session.
package enum Principal: Hashable, Sendable {
    case staff(StaffPrincipal)
    case buyer(BuyerPrincipal)

    package var shop: ShopID {
        switch self {
        case .staff(let staff): staff.shop
        case .buyer(let buyer): buyer.shop
        }
    }

    package var actor: Actor {
        switch self {
        case .staff(let staff): staff.actor
        case .buyer(let buyer): buyer.actor
        }
    }

    package var participant: Participant {
        switch self {
        case .staff(let staff): .agent(staff.id, name: staff.publicName, rights: staff.agentRights)
        case .buyer(let buyer): .buyer(buyer.id, name: buyer.name)
        }
    }

    package var groups: Set<GroupID> {
        if case .staff(let staff) = self { staff.groups } else { [] }
    }
}

extension StaffPrincipal {
    /// The permissions in the terms of conversations.
    package var agentRights: AgentRights {
        var rights: AgentRights = []
        if may(.conversationAnswer) { rights.insert(.answer) }
        if may(.conversationReadAll) { rights.insert(.readAll) }
        if may(.conversationWhisper) { rights.insert(.whisper) }
        if may(.conversationTakeOver) { rights.insert(.takeOver) }
        if may(.conversationTransferAny) { rights.insert(.manageAll) }
        if may(.messageHistory) { rights.insert(.readHistory) }
        return rights
    }
}

/// One open window, phone or program of a caller.
package final class LiveSession: Sendable {
    enum Phase {
        /// Connected, has not said hello.
        case new
        /// The past is being read; what happens meanwhile waits here.
        case replaying([(number: Int64, text: String)])
        /// Gets every event with a higher number than this.
        case live(after: Int64)
        case ended
    }

    struct State {
        var phase = Phase.new
        var watching: Set<ConversationID> = []
        var floods = 0
    }

    /// Unique in this process.
    package let number: UInt64
    package let caller: Principal
    package let outlet: any Outlet
    let state = Mutex(State())
    package let budget: CommandBudget

    init(number: UInt64, caller: Principal, outlet: any Outlet, budget: CommandBudget) {
        self.number = number
        self.caller = caller
        self.outlet = outlet
        self.budget = budget
    }

    /// One more command was refused as too many.
    /// - Returns: how many were, in this session.
    package func refusedFlood() -> Int {
        state.withLock { state in
            state.floods += 1
            return state.floods
        }
    }

    /// Events that may wait for a replay; a client this far behind reads its state anew.
    static let replayBacklog = 10_000
}

/// How many commands a session may give: so many at once, so many a second.
package final class CommandBudget: Sendable {
    private let burst: Double
    private let perSecond: Double
    private let state: Mutex<(tokens: Double, at: Instant)>

    package init(burst: Int, perSecond: Int, at: Instant) {
        self.burst = Double(burst)
        self.perSecond = Double(perSecond)
        state = Mutex((Double(burst), at))
    }

    /// False when this one is too many.
    package func take(at: Instant) -> Bool {
        state.withLock { state in
            let passed = max(0, Double((at - state.at).milliseconds)) / 1000
            state.tokens = min(burst, state.tokens + passed * perSecond)
            state.at = max(at, state.at)
            guard state.tokens >= 1 else { return false }
            state.tokens -= 1
            return true
        }
    }
}
