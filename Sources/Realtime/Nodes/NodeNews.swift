package import Desk
package import Logging
package import SQL
package import ServiceLifecycle
package import Storage

/// Frames that are not stored, for windows on other nodes: who is typing, what a colleague's other window holds.
///
/// What is lost on the way is said again at the next keystroke, so nothing is repeated or numbered.
package final class NodeNews: Service, Sendable {
    package static let channel = "frames"

    private struct Parcel: Codable {
        /// The sender, who has told its own windows already.
        let run: Int64
        let staff: [StaffID]
        let buyers: [BuyerID]
        let watched: ConversationID?
        let frame: String
    }

    private let notices: any Notices
    private let run: Int64
    private let hub: Hub
    private let logger: Logger

    package init(_ notices: any Notices, run: Int64, hub: Hub, logger: Logger) {
        self.notices = notices
        self.run = run
        self.hub = hub
        self.logger = logger
    }

    /// Sends a frame to windows on the other nodes; too long or too many are left out.
    package func tell(
        _ frame: String, staff: [StaffID] = [], buyers: [BuyerID] = [],
        watching watched: ConversationID? = nil
    ) {
        do {
            let parcel = Parcel(
                run: run, staff: staff, buyers: buyers, watched: watched, frame: frame)
            try notices.publish(Self.channel, try JSON.text(parcel))
        } catch {
            logger.debug("a frame did not go to the other nodes", metadata: ["error": "\(error)"])
        }
    }

    package func run() async throws {
        let heard = try notices.subscribe(Self.channel) { [weak self] news in
            if case .notice(let text) = news { self?.hear(text) }
        }
        try? await gracefulShutdown()
        heard.end()
    }

    private func hear(_ text: String) {
        guard let parcel = try? JSON.value(text, as: Parcel.self), parcel.run != run else { return }
        hub.tell(
            parcel.frame,
            hub.listeners(
                staff: parcel.staff, buyers: parcel.buyers, watching: parcel.watched))
    }
}
