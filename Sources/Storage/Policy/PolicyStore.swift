package import Desk
package import SQL
import Synchronization

/// The shops' rules.
///
/// Reading the rules in force costs no statement once they were read.
package final class PolicyStore: Sendable {
    private let carryOut: CarryOut
    private struct Memory {
        /// Rises with every change, so that what was read before is not kept after.
        var epoch = 0
        var sets: [ShopID: [PolicySet]] = [:]
    }

    private let memory = Mutex(Memory())
    /// Shops kept in memory.
    private static let most = 10_000

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// - Parameter at: nil = now.
    package func inForce(_ shop: ShopID, at: Instant? = nil) async throws -> PolicySet {
        let now = at ?? carryOut.clock()
        if let sets = memory.withLock({ $0.sets[shop] }) { return Self.pick(sets, at: now) }
        return Self.pick(try await read(shop), at: now)
    }

    /// For those who are inside a transaction.
    package static func inForce(
        _ shop: ShopID, at now: Instant, in transaction: Transaction
    ) throws -> PolicySet {
        pick(try versions(of: shop, in: transaction), at: now)
    }

    /// For callers that cannot wait, such as event loops: what was read already.
    ///
    /// Call ``warm()`` at the start. A shop not read yet gets the standard and is read behind the answer.
    package func now(_ shop: ShopID) -> PolicySet {
        if let sets = memory.withLock({ $0.sets[shop] }) {
            return Self.pick(sets, at: carryOut.clock())
        }
        Task { _ = try? await read(shop) }
        return .default
    }

    /// Reads the rules of all shops.
    package func warm() async throws {
        let shops = try await carryOut.database.read { transaction in
            try transaction.rows("SELECT id FROM shop LIMIT \(Self.most)")
                .map { try $0.get(0, as: ShopID.self) }
        }
        for shop in shops { _ = try await read(shop) }
    }

    private func read(_ shop: ShopID) async throws -> [PolicySet] {
        let epoch = memory.withLock { $0.epoch }
        let sets = try await carryOut.database.read { try Self.versions(of: shop, in: $0) }
        memory.withLock { memory in
            guard memory.epoch == epoch else { return }
            if memory.sets.count >= Self.most { memory.sets = [:] }
            memory.sets[shop] = sets
        }
        return sets
    }

    /// Takes note of what happened; called with everything that is announced.
    ///
    /// The new version is in the event, so that nobody works by old rules while it is read.
    package func heard(_ events: [Event]) {
        for event in events where event.kind == "policy.changed" {
            let next = try? JSON.value(event.body, as: Changed.self)
            memory.withLock { memory in
                memory.epoch += 1
                guard var sets = memory.sets[event.shop], let next,
                    (sets.last?.version ?? 0) == next.version - 1
                else {
                    memory.sets[event.shop] = nil
                    return
                }
                sets.append(
                    PolicySet(
                        version: next.version, effective: next.effective,
                        values: Self.known(next.values)))
                memory.sets[event.shop] = sets
            }
        }
    }

    /// One version and who made it.
    package struct Version: Sendable {
        package let policy: PolicySet
        package let by: Actor?
    }

    /// Latest first.
    package func history(of shop: ShopID) async throws -> [Version] {
        try await carryOut.database.read { transaction in
            let rows = try transaction.rows(
                """
                SELECT version, effective_at, body FROM policy WHERE shop = \(shop)
                ORDER BY version DESC LIMIT 100
                """)
            return try rows.map { row in
                let body: Body = try JSON.value(try row.get(2))
                return Version(policy: try Self.policy(row, body), by: body.by)
            }
        }
    }

    private struct Changed: Codable {
        let version: Int
        let effective: Instant
        /// What was asked for.
        let changes: [String: Int]
        /// Everything that differs from the standard then.
        let values: [String: Int]
    }

    /// Makes the next version.
    /// - Parameter read: the version that the editor saw; another in force → 409 `policy.changed`.
    /// - Parameter effective: nil = at once.
    package func change(
        _ changes: [String: Int], readAs read: Int, effective: Instant? = nil,
        by actor: StaffPrincipal
    ) async throws -> PolicySet {
        try actor.require(.policyEdit)
        let policy = try await carryOut(in: actor.shop, as: actor.actor) { act in
            let versions = try Self.versions(of: act.shop, in: act.transaction)
            let last = versions.last ?? .default
            let from = max(effective ?? act.at, act.at)
            let next = try last.changed(changes, readAs: read, effective: from)
            guard !(next.effective < last.effective) else {
                throw Refusal(
                    .conflict, "policy.later", zh: "已有更晚生效的版本", en: "A later version waits already",
                    field: "effective")
            }
            let values = Dictionary(
                uniqueKeysWithValues: next.values.map { ($0.key.rawValue, $0.value) })
            try act.transaction.run(
                """
                INSERT INTO policy (shop, version, effective_at, body)
                VALUES (\(act.shop), \(next.version), \(next.effective),
                    \(try JSON.text(Body(values: values, by: act.actor))))
                """)
            try act.record(
                "policy.changed", about: act.shop.raw,
                Changed(
                    version: next.version, effective: next.effective, changes: changes,
                    values: values))
            return next
        }
        return policy
    }

    private struct Body: Codable {
        let values: [String: Int]
        let by: Actor?
    }

    private static func versions(
        of shop: ShopID, in transaction: Transaction
    ) throws -> [PolicySet] {
        try transaction.rows(
            "SELECT version, effective_at, body FROM policy WHERE shop = \(shop) ORDER BY version"
        ).map { try policy($0, try JSON.value(try $0.get(2))) }
    }

    private static func policy(_ row: Row, _ body: Body) throws -> PolicySet {
        PolicySet(
            version: try row.get(0), effective: try row.get(1), values: known(body.values))
    }

    /// A key of a newer or older program is no rule here.
    private static func known(_ values: [String: Int]) -> [PolicyKey: Int] {
        var known: [PolicyKey: Int] = [:]
        for (name, value) in values {
            if let key = PolicyKey(rawValue: name) { known[key] = value }
        }
        return known
    }

    private static func pick(_ sets: [PolicySet], at now: Instant) -> PolicySet {
        sets.last { !(now < $0.effective) } ?? .default
    }
}
