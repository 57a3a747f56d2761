package import Desk
package import SQL
import Synchronization

/// The shops' rules.
///
/// Reading the rules in force costs no statement once they were read.
package final class PolicyStore: Sendable {
    private let carryOut: CarryOut
    /// Every version of a shop that was read; dropped when one is added.
    private let known = Mutex<(epoch: Int, sets: [ShopID: [PolicySet]])>((0, [:]))
    /// Shops kept in memory.
    private static let most = 1_000

    package init(_ carryOut: CarryOut) { self.carryOut = carryOut }

    /// - Parameter at: nil = now.
    package func inForce(_ shop: ShopID, at: Instant? = nil) async throws -> PolicySet {
        let now = at ?? carryOut.clock()
        let (epoch, sets) = known.withLock { ($0.epoch, $0.sets[shop]) }
        if let sets { return Self.pick(sets, at: now) }
        let read = try await carryOut.database.read { try Self.versions(of: shop, in: $0) }
        known.withLock { known in
            guard known.epoch == epoch else { return }
            if known.sets.count >= Self.most { known.sets = [:] }
            known.sets[shop] = read
        }
        return Self.pick(read, at: now)
    }

    /// For those who are inside a transaction.
    package static func inForce(
        _ shop: ShopID, at now: Instant, in transaction: Transaction
    ) throws -> PolicySet {
        pick(try versions(of: shop, in: transaction), at: now)
    }

    /// What was read already, for callers that cannot wait; nil before the first ``inForce(_:at:)``.
    package func known(_ shop: ShopID, at now: Instant) -> PolicySet? {
        known.withLock { $0.sets[shop] }.map { Self.pick($0, at: now) }
    }

    /// Takes note of what happened; called with everything that is announced.
    package func heard(_ events: [Event]) {
        for event in events where event.kind == "policy.changed" {
            known.withLock { known in
                known.epoch += 1
                known.sets[event.shop] = nil
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

    private struct Changed: Encodable {
        let version: Int
        let effective: Instant
        let changes: [String: Int]
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
                Changed(version: next.version, effective: next.effective, changes: changes))
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
        var values: [PolicyKey: Int] = [:]
        for (name, value) in body.values {
            // A key of a newer or older program is no rule here.
            if let key = PolicyKey(rawValue: name) { values[key] = value }
        }
        return PolicySet(version: try row.get(0), effective: try row.get(1), values: values)
    }

    private static func pick(_ sets: [PolicySet], at now: Instant) -> PolicySet {
        sets.last { !(now < $0.effective) } ?? .default
    }
}
