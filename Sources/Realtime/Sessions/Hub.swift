package import Desk
package import Storage
import Synchronization

/// Every live session of this node, and which frames each of them gets.
///
/// ``announce(_:)`` is called for each shop's events in the order of their numbers, by the store's announcing thread or by
/// the ``EventTail``, so every session sees rising numbers.
package final class Hub: Sendable {
    private struct Registry {
        var sessions: [UInt64: LiveSession] = [:]
        var staff: [StaffID: [LiveSession]] = [:]
        var buyers: [BuyerID: [LiveSession]] = [:]
        var watchers: [ConversationID: [LiveSession]] = [:]
        var wall: [UInt64: LiveSession] = [:]
        var next: UInt64 = 0
    }

    private let registry = Mutex(Registry())
    private let deliver: Deliver

    package init(deliver: @escaping Deliver) { self.deliver = deliver }

    package var sessionCount: Int { registry.withLock { $0.sessions.count } }

    /// The live sessions of somebody of the staff.
    package func sessions(of staff: StaffID) -> [LiveSession] {
        registry.withLock { $0.staff[staff] ?? [] }
    }

    package func sessions(of buyer: BuyerID) -> [LiveSession] {
        registry.withLock { $0.buyers[buyer] ?? [] }
    }

    // MARK: - Coming and going

    package func open(_ caller: Principal, outlet: any Outlet, budget: CommandBudget) -> LiveSession
    {
        registry.withLock { registry in
            registry.next += 1
            let session = LiveSession(
                number: registry.next, caller: caller, outlet: outlet, budget: budget)
            registry.sessions[session.number] = session
            return session
        }
    }

    /// From here on the session's events are kept for it; call ``resume(_:events:upTo:)`` with the past.
    /// - Returns: false when it has said hello before.
    package func beginReplay(_ session: LiveSession) -> Bool {
        let began = session.state.withLock { state in
            guard case .new = state.phase else { return false }
            state.phase = .replaying([])
            return true
        }
        guard began else { return false }
        registry.withLock { registry in
            switch session.caller {
            case .staff(let staff): registry.staff[staff.id, default: []].append(session)
            case .buyer(let buyer): registry.buyers[buyer.id, default: []].append(session)
            }
        }
        return true
    }

    /// Sends the past, then what happened while it was read, then lets the present through.
    /// - Parameters:
    ///   - events: frames of the past, in order; nil when it is too long, so the client must read anew.
    ///   - last: the number of the last event that the reading contained.
    package func resume(_ session: LiveSession, events: [String]?, upTo last: Int64, now: Instant) {
        session.state.withLock { state in
            guard case .replaying(let waiting) = state.phase else { return }
            state.phase = .live(after: last)
            var frames = [Frames.welcome(session.number, event: last, now: now)]
            if let events {
                frames += events
                frames.append(Frames.live(last))
            } else {
                frames.append(Frames.reset(last))
            }
            for event in waiting where event.number > last { frames.append(event.text) }
            deliver(frames.map { Delivery(text: $0, outlets: [session.outlet]) })
        }
    }

    /// - Returns: how many other sessions of the same staff member are left; nil for buyers.
    @discardableResult
    package func close(_ session: LiveSession) -> Int? {
        let watching = session.state.withLock { state in
            state.phase = .ended
            return state.watching
        }
        return registry.withLock { registry in
            registry.sessions[session.number] = nil
            registry.wall[session.number] = nil
            for id in watching { Self.drop(session, from: &registry.watchers[id]) }
            switch session.caller {
            case .staff(let staff):
                Self.drop(session, from: &registry.staff[staff.id])
                return registry.staff[staff.id]?.count ?? 0
            case .buyer(let buyer):
                Self.drop(session, from: &registry.buyers[buyer.id])
                return nil
            }
        }
    }

    private static func drop(_ session: LiveSession, from list: inout [LiveSession]?) {
        list?.removeAll { $0 === session }
        if list?.isEmpty == true { list = nil }
    }

    /// Conversations that one session may watch.
    package static let watchLimit = 100

    /// - Returns: false when the session watches too many already.
    package func watch(_ conversation: ConversationID, _ session: LiveSession) -> Bool {
        let added = session.state.withLock { state in
            guard state.watching.count < Self.watchLimit else {
                return state.watching.contains(conversation)
            }
            return state.watching.insert(conversation).inserted
        }
        guard added else { return session.state.withLock { $0.watching.contains(conversation) } }
        registry.withLock { $0.watchers[conversation, default: []].append(session) }
        return true
    }

    package func unwatch(_ conversation: ConversationID, _ session: LiveSession) {
        let removed = session.state.withLock { $0.watching.remove(conversation) != nil }
        if removed { registry.withLock { Self.drop(session, from: &$0.watchers[conversation]) } }
    }

    package func showWall(_ session: LiveSession, _ on: Bool) {
        registry.withLock { $0.wall[session.number] = on ? session : nil }
    }

    package var wallSessions: [LiveSession] { registry.withLock { Array($0.wall.values) } }

    // MARK: - What happened

    /// Sends committed events to everybody whom they concern.
    package func announce(_ events: [Event]) {
        var deliveries: [Delivery] = []
        for event in events {
            endSessions(event)
            guard let reach = event.reach else { continue }
            let (staff, buyers) = receivers(of: event, reach)
            if !staff.isEmpty {
                send(Frames.event(event), number: event.number, to: staff, &deliveries)
            }
            if !buyers.isEmpty, let body = BuyerView.body(of: event) {
                send(Frames.event(event, body: body), number: event.number, to: buyers, &deliveries)
            }
        }
        if !deliveries.isEmpty { deliver(deliveries) }
    }

    private struct Ended: Decodable {
        let by: String
        let reason: String
    }

    /// A log-in that ended, or rights that changed, reach the windows that are open.
    private func endSessions(_ event: Event) {
        guard let subject = event.subject else { return }
        switch event.kind {
        case "session.ended":
            let ended = try? JSON.value(event.body, as: Ended.self)
            for session in staffSessions(where: { $0.session?.raw == subject }) {
                let bye = Frames.bye(
                    "session.ended",
                    Localized(
                        zh: "你已被退出登录\(ended.map { "：\($0.reason)" } ?? "")",
                        en: "You were signed out\(ended.map { ": \($0.reason)" } ?? "")"),
                    by: ended?.by)
                deliver([
                    Delivery(
                        text: bye, outlets: [session.outlet],
                        closing: .init(code: 4401, reason: "signed out"))
                ])
            }
        case "token.revoked":
            for session in staffSessions(where: { $0.token?.raw == subject }) {
                session.outlet.close(4401, reason: "token revoked")
            }
        case "staff.changed":
            // They come back at once, with the rights that they have now.
            for session in staffSessions(where: { $0.id.raw == subject }) {
                session.outlet.close(1001, reason: "rights changed")
            }
        default: break
        }
    }

    private func staffSessions(where matches: (StaffPrincipal) -> Bool) -> [LiveSession] {
        registry.withLock { registry in
            registry.sessions.values.filter { session in
                if case .staff(let staff) = session.caller { matches(staff) } else { false }
            }
        }
    }

    private func receivers(
        of event: Event, _ reach: Reach
    ) -> (staff: [LiveSession], buyers: [LiveSession]) {
        // The asker gets the answer instead of its own message.
        let origin =
            event.kind == "message.sent" && event.actor.kind != .system ? reach.origin : nil
        return registry.withLock { registry in
            var staff: [LiveSession] = []
            for id in reach.staff {
                for session in registry.staff[id] ?? [] where session.number != origin {
                    staff.append(session)
                }
            }
            if event.isOfConversation, let subject = event.subject {
                for session in registry.watchers[ConversationID(subject)] ?? []
                where session.number != origin {
                    if !staff.contains(where: { $0 === session }) { staff.append(session) }
                }
            }
            if reach.queue || reach.wholeShop {
                for sessions in registry.staff.values {
                    for session in sessions where session.number != origin {
                        guard session.caller.shop == event.shop, session.concerns(reach),
                            !staff.contains(where: { $0 === session })
                        else { continue }
                        staff.append(session)
                    }
                }
            }
            let buyers =
                reach.buyer.flatMap { registry.buyers[$0] }?.filter { $0.number != origin } ?? []
            return (staff, buyers)
        }
    }

    private func send(
        _ text: String, number: Int64, to sessions: [LiveSession], _ deliveries: inout [Delivery]
    ) {
        var outlets: [any Outlet] = []
        outlets.reserveCapacity(sessions.count)
        for session in sessions {
            session.state.withLock { state in
                switch state.phase {
                case .live(let after):
                    // What the replay read already may be announced only now.
                    if number > after { outlets.append(session.outlet) }
                case .replaying(var waiting):
                    state.phase = .new
                    waiting.append((number, text))
                    if waiting.count <= LiveSession.replayBacklog {
                        state.phase = .replaying(waiting)
                    } else {
                        state.phase = .ended
                        session.outlet.close(4408, reason: "too far behind")
                    }
                case .new, .ended: break
                }
            }
        }
        if !outlets.isEmpty { deliveries.append(Delivery(text: text, outlets: outlets)) }
    }

    /// A frame that is no event: not stored, not repeated.
    package func tell(_ text: String, _ sessions: [LiveSession]) {
        let outlets = sessions.compactMap { session in
            session.state.withLock { state in
                if case .live = state.phase { return session.outlet as (any Outlet)? }
                return nil
            }
        }
        if !outlets.isEmpty { deliver([Delivery(text: text, outlets: outlets)]) }
    }

    /// Answers one session, whatever its phase.
    package func answer(_ text: String, _ session: LiveSession) {
        deliver([Delivery(text: text, outlets: [session.outlet])])
    }

    package func tellStaff(of shop: ShopID?, _ text: String) {
        let sessions = registry.withLock { registry in
            registry.staff.values.flatMap { $0 }.filter { shop == nil || $0.caller.shop == shop }
        }
        tell(text, sessions)
    }

    package func tellEverybody(_ text: String) {
        tell(text, registry.withLock { Array($0.sessions.values) })
    }

    /// The live sessions of people, and those that look into a conversation from outside, each once.
    package func listeners(
        staff: [StaffID], buyers: [BuyerID] = [], watching: ConversationID? = nil
    ) -> [LiveSession] {
        registry.withLock { registry in
            var list = watching.flatMap { registry.watchers[$0] } ?? []
            for session in staff.flatMap({ registry.staff[$0] ?? [] })
                + buyers.flatMap({ registry.buyers[$0] ?? [] })
            where !list.contains(where: { $0 === session }) { list.append(session) }
            return list
        }
    }

    /// Everybody of the staff who has a window here.
    package var staffPresent: [StaffPrincipal] {
        registry.withLock { registry in
            registry.staff.values.compactMap { sessions in
                if case .staff(let staff) = sessions.first?.caller { staff } else { nil }
            }
        }
    }

    /// Those who look into a conversation from outside.
    package func watchers(of conversation: ConversationID) -> [LiveSession] {
        registry.withLock { $0.watchers[conversation] ?? [] }
    }
}

extension LiveSession {
    /// Whether an event for the queue, or for everybody, is for this session.
    fileprivate func concerns(_ reach: Reach) -> Bool {
        guard case .staff(let staff) = caller else { return false }
        if reach.wholeShop { return true }
        guard staff.may(.conversationAnswer) || staff.may(.wallRead) else { return false }
        return reach.group.map { staff.groups.contains($0) || staff.may(.conversationReadAll) }
            ?? true
    }
}
