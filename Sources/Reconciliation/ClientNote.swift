package import Desk
import Foundation

/// One line of a client's diary: what it did or saw, when.
package struct ClientNote: Codable, Sendable, Hashable {
    package enum What: String, Codable, Sendable {
        /// A message was given to the protocol: `key`, `text`, and `conversation` unless it is the first.
        case sent
        /// The server's yes: `key`, and of a message `conversation`, `number`, `id`; `event`.
        case acked
        /// The server's no: `key`, `text` is the code.
        case refused
        /// The server never answered: `key`.
        case unanswered
        /// An event arrived: `event`, and of a message `conversation`, `number`, `id`, `key`, `text`.
        case got
        /// A reading began, and what it brought: `reading` joins them; `conversation`, `number` = the highest.
        case asked, read
        /// In the end: a window that must show all of `conversation` shows `shown`.
        case shows
        /// In the end: this agent believes to serve `conversation`.
        case owns
    }

    package struct Shown: Codable, Sendable, Hashable {
        package var number: Int
        package var id: String
        package var text: String

        package init(number: Int, id: String, text: String) {
            self.number = number
            self.id = id
            self.text = text
        }
    }

    package var what: What
    /// Nanoseconds of a clock that all clients of the history share.
    package var at: Int64
    /// Its name in the history: `buyer 3`, `agent 81`.
    package var client: String
    package var side: Actor.Kind
    package var key: String?
    package var conversation: String?
    package var number: Int?
    package var id: String?
    package var event: Int64?
    package var text: String?
    package var kind: String?
    package var reading: Int?
    package var shown: [Shown]?

    package init(_ what: What, at: Int64, client: String, side: Actor.Kind) {
        self.what = what
        self.at = at
        self.client = client
        self.side = side
    }
}

extension ClientNote {
    /// A history as it is kept in a file: one JSON object a line.
    package static func read(_ text: String) throws -> [ClientNote] {
        try text.split(separator: "\n").map {
            try JSONDecoder().decode(ClientNote.self, from: Data($0.utf8))
        }
    }

    package var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

/// Something that must not be.
package struct Finding: Codable, Sendable, Hashable, CustomStringConvertible {
    package enum Fault: String, Codable, Sendable, CaseIterable {
        /// Acknowledged and not stored as it was said; or stored and never shown to the other side.
        case lost
        /// One key, two messages; or one message in two places.
        case doubled
        /// Said after an answer, stored before it; or seen by two clients in different order or with other content.
        case disordered
        case skippedNumber
        case reusedNumber
        /// Given to somebody while somebody else had it; or two who believe that they have it.
        case twoOwners
        /// Routing gave more than the agent may have.
        case overCapacity
        case followerBehind
        /// Something acknowledged was missing from what was read after it.
        case staleRead
        case refused
        case unanswered
    }

    package let fault: Fault
    package let conversation: String?
    package let detail: String

    package init(fault: Fault, conversation: String?, detail: String) {
        self.fault = fault
        self.conversation = conversation
        self.detail = detail
    }

    package var description: String { "\(fault.rawValue) \(conversation ?? "") \(detail)" }
}
