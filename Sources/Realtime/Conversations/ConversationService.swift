package import Desk
package import Logging
import Metrics
package import SQL
package import Storage

/// Takes what live sessions and programs ask of conversations, keeps its order, and answers when it is durable.
package final class ConversationService: Sendable {
    package let carryOut: CarryOut
    package let hub: Hub
    private let converse: Converse
    private let lanes: Lanes
    private let policy: @Sendable (ShopID) -> PolicySet
    private let logger: Logger
    /// Nil when there is no other node.
    private let news: NodeNews?
    private let seconds = Metrics.Timer(label: "qinke_command_seconds")
    private let refused = Metrics.Counter(label: "qinke_commands_refused_total")

    /// - Parameter policy: the policy in force, from a cache; it is asked on event loops.
    package init(
        carryOut: CarryOut, hub: Hub, converse: Converse, lanes: Lanes = Lanes(),
        policy: @escaping @Sendable (ShopID) -> PolicySet, logger: Logger, news: NodeNews? = nil
    ) {
        self.news = news
        self.carryOut = carryOut
        self.hub = hub
        self.converse = converse
        self.lanes = lanes
        self.policy = policy
        self.logger = logger
    }

    package var clock: @Sendable () -> Instant { carryOut.clock }
    package var busyLanes: Int { lanes.busy }

    /// Carries a command out in its conversation's lane.
    ///
    /// `done` runs on the store's announcing thread after the events were sent, or at once when the
    /// command is refused before it reaches the store.
    package func submit(
        _ command: ConversationCommand, key: String, in conversation: ConversationID?,
        by caller: Principal,
        origin: UInt64?, channel: String = "web",
        done: @escaping @Sendable (Result<Converse.Answer, any Error>) -> Void
    ) {
        let who = caller.participant
        // Buyers' words belong together even before a conversation exists.
        let lane: Int64 =
            if case .buyer(let buyer) = caller { buyer.id.raw } else { conversation?.raw ?? 0 }
        let began = carryOut.clock()
        let taken = lanes.offer(lane) { [self] finished in
            let answer: @Sendable (Result<Converse.Answer, any Error>) -> Void = { [self] result in
                seconds.recordNanoseconds((carryOut.clock() - began).milliseconds * 1_000_000)
                if case .failure = result { refused.increment() }
                done(result)
                finished()
            }
            let policy = policy(caller.shop)
            do {
                try carryOut.submit(in: caller.shop, as: caller.actor, origin: origin) {
                    [converse] act in
                    try converse(
                        command, key: key, in: conversation, by: who, groups: caller.groups,
                        channel: channel,
                        policy: policy, act: act)
                } done: {
                    answer($0)
                }
            } catch {
                answer(.failure(error))
            }
        }
        if !taken { done(.failure(Refusal.busy)) }
    }

    package func perform(
        _ command: ConversationCommand, key: String, in conversation: ConversationID?,
        by caller: Principal
    ) async throws -> Converse.Answer {
        try await withCheckedThrowingContinuation { continuation in
            submit(command, key: key, in: conversation, by: caller, origin: nil) {
                continuation.resume(with: $0)
            }
        }
    }

    // MARK: - Live sessions

    /// Reads what the session missed and lets the present through.
    package func hello(_ session: LiveSession, after: Int64?) {
        guard hub.beginReplay(session) else { return }
        Task { [self] in
            do {
                let caller = session.caller
                let past = try await carryOut.database.read { transaction in
                    switch caller {
                    case .buyer(let buyer):
                        try Resume.buyer(buyer.id, of: buyer.shop, after: after, in: transaction)
                    case .staff(let staff):
                        try Resume.staff(
                            staff.id, groups: staff.groups, rights: staff.agentRights,
                            of: staff.shop,
                            after: after, in: transaction)
                    }
                }
                hub.resume(
                    session, events: past.events.map { $0.compactMap { frame($0, for: caller) } },
                    upTo: past.last, now: carryOut.clock())
            } catch {
                logger.error("a session could not be resumed", metadata: ["error": "\(error)"])
                session.outlet.close(1011, reason: "try again")
            }
        }
    }

    private func frame(_ event: Event, for caller: Principal) -> String? {
        switch caller {
        case .staff: Frames.event(event)
        case .buyer: BuyerView.body(of: event).map { Frames.event(event, body: $0) }
        }
    }

    /// Follows a conversation from outside, if the caller may read it.
    ///
    /// Looking into a colleague's is audited.
    package func watch(_ id: ConversationID, _ session: LiveSession) {
        Task { [self] in
            let caller = session.caller
            do {
                let found = try await carryOut.database.read { transaction -> Conversation? in
                    let found = try ConversationStore.load(id, of: caller.shop, in: transaction)
                    guard let found else { return nil }
                    let named =
                        try caller.participant.staff.map {
                            try Named.contains($0, id, in: caller.shop, transaction)
                        } ?? false
                    return named || found.isVisible(to: caller.participant, groups: caller.groups)
                        ? found : nil
                }
                guard let found else { return }
                if let owner = found.owner, owner.id != caller.participant.staff,
                    found.state != .closed
                {
                    try await carryOut(in: caller.shop, as: caller.actor) { act in
                        try act.record(
                            "conversation.watched", about: id.raw, ["name": found.buyerName])
                    }
                }
                _ = hub.watch(id, session)
            } catch {
                logger.warning(
                    "a conversation could not be watched", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Tells the other side that somebody writes.
    ///
    /// The buyer's text so far goes to staff; an agent's never to buyers.
    package func typing(_ id: ConversationID?, text: String?, on: Bool, _ session: LiveSession) {
        let caller = session.caller
        Task { [self] in
            let conversation = try? await carryOut.database.read { transaction -> Conversation? in
                if let id {
                    return try ConversationStore.load(id, of: caller.shop, in: transaction)
                }
                guard case .buyer(let buyer) = caller else { return nil }
                return try ConversationStore.newest(of: buyer.id, in: buyer.shop, transaction)
            }
            guard let conversation, conversation.state != .closed,
                conversation.isVisible(to: caller.participant, groups: caller.groups)
            else { return }
            switch caller {
            case .buyer:
                let owner = [conversation.owner?.id].compactMap { $0 }
                let frame = Frames.typing(
                    conversation.id, caller.actor, text: text.map { String($0.prefix(500)) }, on: on
                )
                hub.tell(frame, hub.listeners(staff: owner, watching: conversation.id))
                news?.tell(frame, staff: owner, watching: conversation.id)
            case .staff(let staff):
                guard conversation.owner?.id == staff.id else { return }
                let frame = Frames.typing(conversation.id, caller.actor, text: nil, on: on)
                hub.tell(frame, hub.sessions(of: conversation.buyer))
                news?.tell(frame, buyers: [conversation.buyer])
            }
        }
    }

    /// Keeps what an agent has begun to write.
    ///
    /// The latest wins; an empty text forgets it.
    package func draft(_ id: ConversationID, text: String, _ session: LiveSession) {
        guard case .staff(let staff) = session.caller else { return }
        let at = carryOut.clock()
        Task { [self] in
            do {
                try await carryOut.database.write { transaction in
                    guard
                        let conversation = try ConversationStore.load(
                            id, of: staff.shop, in: transaction),
                        conversation.isVisible(to: session.caller.participant, groups: staff.groups)
                    else { return }
                    try DraftStore.save(
                        String(text.prefix(4_000)), of: staff.id, in: id, shop: staff.shop, at: at,
                        transaction)
                }
                let others = hub.sessions(of: staff.id).filter { $0 !== session }
                let frame = Frames.draft(id, String(text.prefix(4_000)))
                hub.tell(frame, others)
                news?.tell(frame, staff: [staff.id])
            } catch {
                logger.warning("a draft was not kept", metadata: ["error": "\(error)"])
            }
        }
    }
}
