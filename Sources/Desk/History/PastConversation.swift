package import Foundation

/// A conversation that happened elsewhere; the line of `Docs/import.md`.
package struct PastConversation: Decodable, Hashable, Sendable {
    package struct Buyer: Decodable, Hashable, Sendable {
        package let name: String
        package let contact: String?
    }

    package struct Line: Decodable, Hashable, Sendable {
        package enum Side: String, Decodable, Sendable { case buyer, agent }

        package let from: Side
        package let at: Instant
        package let text: String
    }

    package let id: String
    package let buyer: Buyer
    package let agent: String?
    package let openedAt: Instant
    package let closedAt: Instant
    package let tags: [String]?
    package let rating: Int?
    package let messages: [Line]

    /// What is wrong with a row of a file, for the person who imports it.
    package struct Fault: Error, Hashable, Sendable {
        /// From 1.
        package let row: Int
        package let message: Localized

        package init(row: Int, message: Localized) {
            self.row = row
            self.message = message
        }
    }

    /// Reads one row.
    package static func read(_ row: String, number: Int) throws(Fault) -> PastConversation {
        let past: PastConversation
        do {
            past = try JSONDecoder().decode(PastConversation.self, from: Data(row.utf8))
        } catch {
            let (zh, en) = words(error)
            throw Fault(row: number, message: Localized(zh: zh, en: en))
        }
        if let message = past.complaint { throw Fault(row: number, message: message) }
        return past
    }

    private static func words(_ error: any Error) -> (zh: String, en: String) {
        func path(_ keys: [any CodingKey]) -> String {
            keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let at):
            ("缺少 \(path(at.codingPath + [key]))", "\(path(at.codingPath + [key])) is missing")
        case .typeMismatch(_, let at), .valueNotFound(_, let at):
            ("\(path(at.codingPath)) 的类型不对", "\(path(at.codingPath)) has the wrong type")
        case .dataCorrupted(let at) where !at.codingPath.isEmpty:
            ("\(path(at.codingPath)) 看不懂", "\(path(at.codingPath)) cannot be read")
        default: ("不是 JSON", "is no JSON")
        }
    }

    /// What breaks the rules of `Docs/import.md`, or nil.
    private var complaint: Localized? {
        if id.isEmpty || id.count > 64 {
            return Localized(zh: "id 要 1 到 64 个字", en: "id must have 1 to 64 characters")
        }
        if buyer.name.isEmpty { return Localized(zh: "缺少买家名字", en: "buyer.name is empty") }
        if closedAt < openedAt {
            return Localized(zh: "closedAt 早于 openedAt", en: "closedAt is before openedAt")
        }
        if let rating, !(0...4).contains(rating) {
            return Localized(zh: "rating 要 0 到 4", en: "rating must be from 0 to 4")
        }
        if messages.isEmpty { return Localized(zh: "没有消息", en: "there are no messages") }
        for (index, line) in messages.enumerated() {
            if line.text.isEmpty {
                return Localized(zh: "第 \(index + 1) 条消息是空的", en: "message \(index + 1) is empty")
            }
            if line.text.count > 10_000 {
                return Localized(zh: "第 \(index + 1) 条消息太长", en: "message \(index + 1) is too long")
            }
            if index > 0, line.at < messages[index - 1].at {
                return Localized(
                    zh: "第 \(index + 1) 条消息早于前一条",
                    en: "message \(index + 1) is earlier than the one before")
            }
        }
        return nil
    }
}
