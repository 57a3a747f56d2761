package import Desk
package import Foundation
package import SQL
import Synchronization

/// The one form of every write: load → decide → append → publish.
///
/// `act` runs inside one transaction; what it records becomes events of the same transaction; they are announced,
/// in commit order, only after the commit.
package struct CarryOut: Sendable {
    package let database: any Database
    package let clock: @Sendable () -> Instant
    package let ids: IDMaker
    /// Called on the store's announcing thread with each act's events, in commit order.
    private let announce: @Sendable ([Event]) -> Void
    /// Nil when no other program writes to the store.
    private let shared: SharedStore?

    package init(
        database: any Database, ids: IDMaker, clock: @escaping @Sendable () -> Instant,
        announce: @escaping @Sendable ([Event]) -> Void
    ) {
        self.database = database
        self.ids = ids
        self.clock = clock
        self.announce = announce
        shared = nil
    }

    /// For a store that other nodes write to as well.
    package init(
        database: any Database, ids: IDMaker, clock: @escaping @Sendable () -> Instant,
        shared: SharedStore
    ) {
        self.database = database
        self.ids = ids
        self.clock = clock
        self.shared = shared
        announce = { _ in }
    }

    /// Carries out an act and returns when it is durable.
    /// - Throws: the act's ``Refusal`` or the store's failure; then nothing of it is kept.
    @discardableResult
    package func callAsFunction<T: Sendable>(
        in shop: ShopID, as actor: Actor, _ act: @escaping @Sendable (Act) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try submit(in: shop, as: actor, act) { continuation.resume(with: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// For callers that are no tasks; `done` runs after the announcement, on the announcing thread.
    /// - Parameter origin: the live session that asks.
    package func submit<T: Sendable>(
        in shop: ShopID, as actor: Actor, origin: UInt64? = nil,
        _ act: @escaping @Sendable (Act) throws -> T,
        done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) throws {
        let at = clock()
        let ids = ids
        let announce = announce
        let shared = shared
        try database.submit { transaction in
            if shared != nil { try EventLog.lock(shop, in: transaction) }
            let open = Act(
                transaction: transaction, shop: shop, actor: actor, at: at, ids: ids,
                origin: origin, run: shared?.run)
            let result = try act(open)
            // Who repeats an act is told a number without adding one: whatever is below it comes before the answer, too.
            let reached =
                shared != nil && open.events.isEmpty
                ? try EventLog.reached(shop, in: transaction) : 0
            return (result, open.events, reached)
        } done: { outcome in
            switch outcome {
            case .success((let result, let events, let reached)):
                if let shared {
                    if events.isEmpty {
                        shared.reach(shop, reached) { done(.success(result)) }
                    } else {
                        shared.announce(events) { done(.success(result)) }
                    }
                    return
                }
                if !events.isEmpty { announce(events) }
                done(.success(result))
            case .failure(let error):
                done(.failure(error))
            }
        }
    }
}

/// How a program announces what it commits to a store that others write to as well: each shop's events in the order of
/// their numbers, its own among the others'.
package struct SharedStore: Sendable {
    /// Unique to this run of this program.
    package let run: Int64
    /// Takes an act's events, and calls `told` once they and all before them were announced.
    package let announce:
        @Sendable (_ events: [Event], _ told: @escaping @Sendable () -> Void) -> Void
    /// Calls `told` once everything up to a shop's number was announced; for acts that add no event.
    package let reach:
        @Sendable (_ shop: ShopID, _ number: Int64, _ told: @escaping @Sendable () -> Void) -> Void

    package init(
        run: Int64,
        announce: @escaping @Sendable ([Event], @escaping @Sendable () -> Void) -> Void,
        reach: @escaping @Sendable (ShopID, Int64, @escaping @Sendable () -> Void) -> Void
    ) {
        self.run = run
        self.announce = announce
        self.reach = reach
    }
}

/// One act while it is carried out.
package final class Act {
    package let transaction: Transaction
    package let shop: ShopID
    package let actor: Actor
    package let at: Instant
    package private(set) var events: [Event] = []
    private let ids: IDMaker
    private let origin: UInt64?
    /// Set when other nodes must know whom the events concern.
    private let run: Int64?

    init(
        transaction: Transaction, shop: ShopID, actor: Actor, at: Instant, ids: IDMaker,
        origin: UInt64? = nil, run: Int64? = nil
    ) {
        self.origin = origin
        self.run = run
        self.transaction = transaction
        self.shop = shop
        self.actor = actor
        self.at = at
        self.ids = ids
    }

    package func newID<Of>(_ type: ID<Of>.Type = ID<Of>.self) -> ID<Of> { ids.next() }

    /// Appends an event to the log.
    /// - Parameter body: JSON, an object.
    /// - Returns: its number.
    @discardableResult
    package func record(
        _ kind: String, about subject: Int64?, json body: String, by actor: Actor? = nil,
        reach: Reach? = nil
    ) throws -> Int64 {
        var reach = reach
        reach?.origin = origin
        let event = Event(
            shop: shop, number: try EventLog.nextNumber(of: shop, in: transaction), at: at,
            actor: actor ?? self.actor, kind: kind, subject: subject, body: body, reach: reach)
        if let run {
            try EventLog.append(event, keptFor: run, in: transaction)
        } else {
            try EventLog.append(event, in: transaction)
        }
        events.append(event)
        return event.number
    }

    @discardableResult
    package func record(
        _ kind: String, about subject: Int64?, _ body: some Encodable, by actor: Actor? = nil,
        reach: Reach? = nil
    ) throws -> Int64 {
        try record(kind, about: subject, json: try JSON.text(body), by: actor, reach: reach)
    }
}

/// JSON as the store and the wire write it: sorted keys, slashes as they are.
package enum JSON {
    package static func text(_ value: some Encodable) throws -> String {
        String(decoding: try data(value), as: UTF8.self)
    }

    package static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    package static func value<T: Decodable>(_ text: String, as type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(text.utf8))
    }
}

/// Makes ids: milliseconds since 2024, then 6 bits of node, then 16 bits of a running number.
///
/// They rise with time.
package final class IDMaker: Sendable {
    private static let epoch: Int64 = 1_704_067_200_000
    private let clock: @Sendable () -> Instant
    /// Milliseconds since the epoch, the running number within them, and the node.
    private let last: Mutex<(at: Int64, running: Int64, node: Int64)>

    /// - Parameter node: 0…63, different on every node that shares a store.
    package init(node: Int = 0, clock: @escaping @Sendable () -> Instant) {
        last = Mutex((0, 0, Int64(node & 63)))
        self.clock = clock
    }

    /// Another seat among the nodes that share the store.
    package func become(node: Int) { last.withLock { $0.node = Int64(node & 63) } }

    package func next<Of>() -> ID<Of> {
        let now = max(1, clock().milliseconds - Self.epoch)
        let (at, running, node) = last.withLock { last in
            if now > last.at {
                last = (now, 0, last.node)
            } else if last.running == 0xffff {
                // More than 65,535 in a millisecond, or a clock that stands still: borrow the next millisecond.
                last = (last.at + 1, 0, last.node)
            } else {
                last.running += 1
            }
            return last
        }
        return ID(at << 22 | node << 16 | running)
    }
}
