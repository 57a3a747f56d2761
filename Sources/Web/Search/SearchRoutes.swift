package import Desk
import Foundation
import Hummingbird
import Language
import NIOCore
import Realtime
package import SQL
import Storage

/// Full-text search over messages, and over the names of buyers.
package struct SearchRoutes: Sendable {
    /// Buyers shown above the messages.
    private static let buyers = 8
    private static let mostHits = 50

    private let database: any Database
    private let clock: @Sendable () -> Instant

    package init(database: any Database, clock: @escaping @Sendable () -> Instant) {
        self.database = database
        self.clock = clock
    }

    package var routes: [Route] { [.staff(.get, "/v1/search", .messageSearch, search)] }

    @Sendable
    private func search(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let question = try Self.question(request)
        let asker = MessageSearch.Asker(
            who: Principal.staff(staff).participant, groups: staff.groups,
            searchesAll: staff.may(.messageSearchAll))
        let shop = staff.shop
        let search = try MessageSearch(question, by: asker, in: shop, now: clock())
        let page = try await database.read { transaction in
            let found = try search.page(in: transaction)
            var json = JSONWriter(capacity: 600 * found.hits.count + 256)
            json.beginObject()
            json.key("hits")
            json.beginArray()
            for hit in found.hits { Self.write(hit, &json) }
            json.endArray()
            json.key("buyers")
            json.beginArray()
            for buyer in try Self.buyers(question, staff, asker, transaction) {
                json.beginObject()
                json.field("id", buyer.id.description)
                json.field("name", buyer.name)
                json.field("verified", bool: buyer.verified)
                json.endObject()
            }
            json.endArray()
            json.field("next", found.next?.description)
            json.field("behind", try SearchFollower.behind(shop, in: transaction))
            json.endObject()
            return json.bytes
        }
        return .json(bytes: ByteBuffer(bytes: page))
    }

    private static func write(_ hit: MessageSearch.Hit, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("conversation")
        json.beginObject()
        json.field("id", hit.conversation.id.description)
        json.key("buyer")
        json.beginObject()
        json.field("id", hit.conversation.buyer.description)
        json.field("name", hit.conversation.buyerName)
        json.endObject()
        json.endObject()
        json.key("message")
        json.message(hit.message)
        json.key("marks")
        json.beginArray()
        for mark in hit.marks {
            json.beginArray()
            json.number(mark.start)
            json.number(mark.length)
            json.endArray()
        }
        json.endArray()
        json.endObject()
    }

    /// Only above the first page, and only when nothing but words was asked for.
    private static func buyers(
        _ question: MessageSearch.Question, _ staff: StaffPrincipal,
        _ asker: MessageSearch.Asker, _ transaction: Transaction
    ) throws -> [Buyer] {
        guard let words = question.words, question.cursor == nil, question.buyer == nil,
            staff.may(.buyerRead)
        else { return [] }
        return try BuyerSearch.find(words, in: staff.shop, limit: buyers, transaction) { buyer in
            try BuyerSearch.isKnown(buyer.id, to: asker, in: staff.shop, transaction)
        }
    }

    // MARK: Reading the question

    private static func question(_ request: Request) throws(Refusal) -> MessageSearch.Question {
        let query = request.uri.queryParameters
        func text(_ name: Substring) -> String? {
            query[name].flatMap { $0.isEmpty ? nil : String($0) }
        }
        func number<T>(_ name: Substring, _ read: (String) -> T?) throws(Refusal) -> T? {
            guard let text = text(name) else { return nil }
            guard let value = read(text) else {
                throw Refusal(
                    .invalid, "search.malformed", zh: "筛选条件“\(name)”看不懂",
                    en: "The filter \"\(name)\" cannot be read", field: String(name))
            }
            return value
        }
        var question = MessageSearch.Question()
        question.words = text("q")
        question.from = try number("from") { Int64($0).map(Instant.init(milliseconds:)) }
        question.to = try number("to") { Int64($0).map(Instant.init(milliseconds:)) }
        question.agent = try number("agent") { StaffID($0) }
        question.buyer = try number("buyer") { BuyerID($0) }
        question.kind = try number("kind") { Message.Kind(rawValue: $0) }
        question.cursor = try number("cursor") { MessageID($0) }
        question.limit = try number("limit") { Int($0) }.map { min(max($0, 1), mostHits) } ?? 20
        return question
    }
}
