package import Desk
package import Logging
package import NIOCore
package import Realtime
import Storage

/// One live session on the wire, whatever carries it: takes the client's frames and gives each its answer.
package final class Link: Sendable {
    package let session: LiveSession
    private let desk: ConversationDesk

    init(_ session: LiveSession, desk: ConversationDesk) {
        self.session = session
        self.desk = desk
    }

    /// Called in the order of arrival; returns at once.
    package func received(_ text: ByteBuffer) {
        let frame: ClientFrame
        do {
            frame = try ClientFrame(text)
        } catch {
            desk.hub.answer(Frames.refusal(error.key, error.refusal), session)
            return
        }
        received(frame)
    }

    package func received(_ frame: ClientFrame) {
        if case .ping = frame {
            desk.hub.answer(Frames.pong(desk.clock()), session)
            return
        }
        guard session.budget.take(at: desk.clock()) else {
            flooded(frame)
            return
        }
        switch frame {
        case .ping: break
        case .hello(let after, let wall):
            desk.conversations.hello(session, after: after)
            if case .staff(let staff) = session.caller {
                if wall && staff.may(.wallRead) { desk.hub.showWall(session, true) }
                desk.presence.connectionChanged(staff)
            }
        case .command(let command, let key, let conversation):
            perform(command, key, conversation)
        case .typing(let conversation, let text, let on):
            desk.conversations.typing(conversation, text: text, on: on, session)
        case .draft(let conversation, let text):
            desk.conversations.draft(conversation, text: text, session)
        case .watch(let conversation):
            guard case .staff = session.caller else { return }
            desk.conversations.watch(conversation, session)
        case .unwatch(let conversation):
            desk.hub.unwatch(conversation, session)
        case .watchWall(let on):
            guard case .staff(let staff) = session.caller, !on || staff.may(.wallRead) else {
                return
            }
            desk.hub.showWall(session, on)
        case .presence(let state, let reason, let key):
            setPresence(state, reason, key)
        }
    }

    private func perform(
        _ command: ConversationCommand, _ key: String, _ conversation: ConversationID?
    ) {
        desk.conversations.submit(
            command, key: key, in: conversation, by: session.caller, origin: session.number
        ) { [desk, session] result in
            switch result {
            case .success(let answer): desk.hub.answer(Frames.ack(key, answer), session)
            case .failure(let error): desk.refuse(error, key, session)
            }
        }
    }

    private func setPresence(_ state: PresenceState, _ reason: String, _ key: String) {
        guard case .staff(let staff) = session.caller else {
            desk.refuse(
                Refusal(
                    .forbidden, "caller.staffOnly", zh: "只有店铺员工可以这样做", en: "Only staff may do this"),
                key, session)
            return
        }
        Task { [desk, session] in
            do {
                let event = try await desk.presence.set(state, reason: reason, by: staff)
                desk.hub.answer(Frames.ack(key, event: event), session)
            } catch {
                desk.refuse(error, key, session)
            }
        }
    }

    /// Too many commands: the first are refused, who goes on is closed.
    private func flooded(_ frame: ClientFrame) {
        switch frame {
        case .command(_, let key, _), .presence(_, _, let key):
            let refusal = Refusal(
                .tooMany, "flood", zh: "操作太频繁，请稍候", en: "Too many commands; wait a moment",
                retry: true)
            desk.hub.answer(Frames.refusal(key, refusal), session)
        default: break
        }
        if session.refusedFlood() > Self.floodsBeforeClose {
            session.outlet.close(4429, reason: "too many commands")
        }
    }

    private static let floodsBeforeClose = 200

    /// The wire is gone.
    package func closed() {
        desk.hub.close(session)
        if case .staff(let staff) = session.caller { desk.presence.connectionChanged(staff) }
    }
}

/// What live sessions and routes of conversations share.
package struct ConversationDesk: Sendable {
    package let conversations: ConversationService
    package let presence: PresenceService
    package let hub: Hub
    package let settings: LinkSettings
    package let logger: Logger
    package var clock: @Sendable () -> Instant { conversations.clock }

    package init(
        conversations: ConversationService, presence: PresenceService, hub: Hub,
        settings: LinkSettings = .init(),
        logger: Logger
    ) {
        self.conversations = conversations
        self.presence = presence
        self.hub = hub
        self.settings = settings
        self.logger = logger
    }

    package func open(_ caller: Principal, outlet: any Outlet) -> Link {
        let budget = CommandBudget(
            burst: settings.commandBurst, perSecond: settings.commandsPerSecond, at: clock())
        return Link(hub.open(caller, outlet: outlet, budget: budget), desk: self)
    }

    func refuse(_ error: any Error, _ key: String, _ session: LiveSession) {
        let refusal: Refusal
        if let known = Refusal.of(error) {
            refusal = known
        } else {
            refusal = .unexpected("s\(session.number)")
            logger.error(
                "a command failed",
                metadata: ["session": "\(session.number)", "error": "\(String(reflecting: error))"])
        }
        hub.answer(Frames.refusal(key, refusal), session)
    }
}

/// Bounds of live sessions.
package struct LinkSettings: Sendable {
    /// Commands that a session may give at once, and per second on average.
    package var commandBurst = 100
    package var commandsPerSecond = 30
    /// How long a long poll waits for something to say, and how long one may stay away, in seconds.
    package var pollSeconds = 25
    package var pollIdleSeconds = 60

    package init() {}
}
