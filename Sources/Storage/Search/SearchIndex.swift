package import Desk
import Language
package import SQL

/// Which tokens stand in which thing: all that an engine has to know about search.
///
/// The tokens come from `Language` and are the same on every engine, so all engines find the same. An
/// index may give a candidate too much (an outdated one, or words that stand apart), never one too
/// few: whoever asks checks each candidate against the text itself.
package protocol SearchIndex: Sendable {
    /// Puts a thing under tokens, beside those it has.
    func add(_ id: Int64, _ tokens: TokenText, to table: SearchTable, in transaction: Transaction)
        throws

    /// Takes a thing away from under tokens.
    func remove(
        _ id: Int64, _ tokens: TokenText, from table: SearchTable, in transaction: Transaction)
        throws

    /// Things under all the tokens of `query`, the highest id first, below `before`, from `from` on.
    func candidates(
        _ query: TokenQuery, in table: SearchTable, from: Int64, before: Int64, limit: Int,
        _ transaction: Transaction
    ) throws -> [Int64]

    /// Empties the index for all shops.
    func clear(in transaction: Transaction) throws
}

package enum SearchTable: String, Sendable, CaseIterable {
    case messages = "message_search"
    case buyers = "buyer_search"
}

extension Dialect {
    /// The index of this engine.
    package var searchIndex: any SearchIndex {
        switch self {
        case .sqlite: FTS5Index()
        case .postgres: TextVectorIndex()
        }
    }
}

/// Tokens of one thing, each with the shop's mark before it, so that shops never meet.
package struct TokenText: Sendable {
    private(set) var bytes: [UInt8] = []
    private let mark: [UInt8]

    package init(of shop: ShopID) {
        mark = Array(Self.mark(of: shop).utf8)
        bytes.reserveCapacity(1024)
    }

    /// Short, and of characters that no tokenizer cuts.
    static func mark(of shop: ShopID) -> String { String(shop.raw, radix: 36) + "_" }

    package mutating func add(words text: String) {
        SearchTokens.write(text, prefix: mark, into: &bytes)
    }

    /// A word that is indexed as it is: ASCII letters, digits and `_` only.
    package mutating func add(mark word: String) {
        bytes += mark
        bytes += word.utf8
        bytes.append(0x20)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// What candidates must stand under: all of `all`, one of each group in `any`, and none of `none`.
package struct TokenQuery: Sendable {
    private(set) var all: [String] = []
    private(set) var any: [[String]] = []
    private(set) var none: [String] = []
    private let mark: String

    package init(of shop: ShopID) { mark = TokenText.mark(of: shop) }

    package var isEmpty: Bool { all.isEmpty && any.isEmpty }

    package mutating func require(_ token: String) { all.append(mark + token) }
    package mutating func refuse(_ tokens: [String]) { none += tokens.map { mark + $0 } }
    package mutating func require(oneOf tokens: [String]) { any.append(tokens.map { mark + $0 }) }
}
