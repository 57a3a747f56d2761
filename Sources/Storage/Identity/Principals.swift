package import Desk
import SQL
import Synchronization

/// A session that somebody ended; its browser is told who and why.
package struct SessionEnded: Error, Hashable, Sendable {
    package let by: String
    /// What was written by who ended it, or a code of the program.
    package let reason: String

    package var refusal: Refusal {
        let words = Self.words(reason)
        let (zhBy, enBy) = by.isEmpty ? ("系统", "the server") : (by, by)
        return Refusal(
            .unauthenticated, "session.ended", zh: "\(zhBy) 让你下线了：\(words.zh)",
            en: "You were signed out by \(enBy): \(words.en)",
            instead: Localized(zh: "请重新登录", en: "Please log in again"))
    }

    /// The program's own reasons in words; a person's stay as they are.
    package static func words(_ reason: String) -> Localized {
        switch reason {
        case "staff.suspended": Localized(zh: "账号已停用", en: "the account was suspended")
        case "staff.passwordReset": Localized(zh: "密码已被重置", en: "the password was reset")
        case "password.changed": Localized(zh: "密码已修改", en: "the password was changed")
        case "": Localized(zh: "没有写原因", en: "no reason was given")
        default: Localized(zh: reason, en: reason)
        }
    }
}

/// Who a secret belongs to.
///
/// Asked at every request and every upgrade, so what was found is kept for up to a minute in a bounded memory; what happens (`heard`) empties it at
/// once. That somebody was seen is written at most once a minute, behind the answer.
package final class Principals: Sendable {
    private enum Found: Sendable {
        case staff(StaffPrincipal, ends: Instant)
        case buyer(BuyerPrincipal)
    }

    private struct Entry: Sendable {
        let found: Found
        let at: Instant
    }

    private struct Memory {
        /// Rises with everything heard, so that what was read before is not kept after.
        var epoch = 0
        var entries: [[UInt8]: Entry] = [:]
    }

    /// Secrets kept; a full memory starts anew.
    private static let most = 20_000
    private static let fresh = Span.minutes(1)

    private let carryOut: CarryOut
    private let policies: PolicyStore
    private let memory = Mutex(Memory())

    package init(_ carryOut: CarryOut, _ policies: PolicyStore) {
        self.carryOut = carryOut
        self.policies = policies
    }

    /// By the cookie of a session.
    /// - Throws: ``Refusal/notSignedIn``, or ``SessionEnded`` when somebody ended it.
    package func staff(cookieToken: String) async throws -> StaffPrincipal {
        try await staff(Secret.hash(cookieToken, .session), load: session)
    }

    /// By an API token; holds what is both in the token's scopes and among its person's permissions.
    /// - Throws: `token.invalid`.
    package func apiToken(_ secret: String) async throws -> StaffPrincipal {
        do {
            return try await staff(Secret.hash(secret, .token), load: token)
        } catch let refusal as Refusal where refusal == .notSignedIn {
            throw Refusal(
                .unauthenticated, "token.invalid", zh: "令牌无效、已撤销或已到期",
                en: "The token is unknown, revoked or expired")
        }
    }

    /// By the secret of a buyer's window.
    /// - Throws: `buyer.tokenInvalid`.
    package func buyer(_ secret: String) async throws -> BuyerPrincipal {
        guard let hash = Secret.hash(secret, .buyer) else { throw Refusal.buyerTokenInvalid }
        let now = carryOut.clock()
        let (epoch, entry) = memory.withLock { ($0.epoch, $0.entries[hash]) }
        if let entry, now - entry.at < Self.fresh, case .buyer(let known) = entry.found {
            return known
        }
        let read = try await carryOut.database.read { transaction -> (Buyer, Instant)? in
            guard
                let row = try transaction.first(
                    "SELECT shop, buyer, last_used FROM buyer_token WHERE hash = \(hash)"),
                let buyer = try BuyerStore.one(
                    try row.get(1), of: try row.get(0), in: transaction)
            else { return nil }
            return (buyer, try row.get(2))
        }
        guard let (buyer, usedAt) = read,
            now - usedAt < (try await policies.inForce(buyer.shop)).buyerTokenIdle
        else { throw Refusal.buyerTokenInvalid }
        keep(.buyer(buyer.principal), hash, epoch, now)
        if !(now - usedAt < Self.fresh) {
            note { try $0.run("UPDATE buyer_token SET last_used = \(now) WHERE hash = \(hash)") }
        }
        return buyer.principal
    }

    /// Takes note of what happened; called with everything that is announced.
    package func heard(_ events: [Event]) {
        for event in events {
            switch event.kind {
            case "session.closed", "session.ended", "staff.changed", "staff.suspended",
                "staff.restored", "group.changed", "group.removed", "token.revoked",
                "policy.changed":
                forget { found in
                    if case .staff(let principal, _) = found {
                        principal.shop == event.shop
                    } else {
                        false
                    }
                }
            case "buyer.changed":
                forget { found in
                    if case .buyer(let principal) = found {
                        principal.id.raw == event.subject
                    } else {
                        false
                    }
                }
            default: break
            }
        }
    }

    // MARK: - Reading

    private struct Read: Sendable {
        let principal: StaffPrincipal
        let ends: Instant
        let seenAt: Instant?
    }

    private func staff(
        _ hash: [UInt8]?, load: ([UInt8], Instant) async throws -> Read?
    ) async throws -> StaffPrincipal {
        guard let hash else { throw Refusal.notSignedIn }
        let now = carryOut.clock()
        let (epoch, entry) = memory.withLock { ($0.epoch, $0.entries[hash]) }
        if let entry, now - entry.at < Self.fresh, case .staff(let known, let ends) = entry.found,
            now < ends
        {
            return known
        }
        guard let read = try await load(hash, now), now < read.ends else {
            throw Refusal.notSignedIn
        }
        keep(.staff(read.principal, ends: read.ends), hash, epoch, now)
        if let seenAt = read.seenAt, now - seenAt < Self.fresh { return read.principal }
        seen(read.principal, hash, now)
        return read.principal
    }

    private func session(_ hash: [UInt8], at now: Instant) async throws -> Read? {
        struct Row: Sendable {
            let staff: Staff
            let id: SessionID
            let startedAt: Instant
            let seenAt: Instant
        }
        let row = try await carryOut.database.read { transaction -> Row? in
            guard
                let row = try transaction.first(
                    """
                    SELECT shop, id, staff, started_at, seen_at, ended_at, ended_by, ended_reason FROM session
                    WHERE hash = \(hash)
                    """)
            else { return nil }
            if try row.maybe(5, as: Instant.self) != nil {
                // Who logged out themself is simply not signed in.
                guard let by: String = try row.maybe(6) else { return nil }
                throw SessionEnded(by: by, reason: try row.maybe(7) ?? "")
            }
            guard
                let staff = try StaffRows.one(try row.get(2), of: try row.get(0), in: transaction),
                !staff.suspended
            else { return nil }
            return Row(
                staff: staff, id: try row.get(1), startedAt: try row.get(3), seenAt: try row.get(4))
        }
        guard let row else { return nil }
        let policy = try await policies.inForce(row.staff.shop)
        guard now - row.seenAt < policy.sessionIdle else { return nil }
        return Read(
            principal: row.staff.principal(
                permissions: row.staff.standing.permissions, session: row.id, token: nil),
            ends: row.startedAt + policy.sessionLongest, seenAt: row.seenAt)
    }

    private func token(_ hash: [UInt8], at now: Instant) async throws -> Read? {
        try await carryOut.database.read { transaction in
            guard
                let row = try transaction.first(
                    """
                    SELECT shop, id, staff, scopes, expires_at, used_at FROM api_token
                    WHERE hash = \(hash) AND revoked_at IS NULL
                    """),
                let staff = try StaffRows.one(try row.get(2), of: try row.get(0), in: transaction),
                !staff.suspended
            else { return nil }
            let scopes = Set(TokenStore.scopes(try row.get(3)))
            return Read(
                principal: staff.principal(
                    permissions: scopes.intersection(staff.standing.permissions), session: nil,
                    token: try row.get(1)),
                ends: try row.maybe(4) ?? now + .days(36_500), seenAt: try row.maybe(5))
        }
    }

    // MARK: - Memory

    private func keep(_ found: Found, _ hash: [UInt8], _ epoch: Int, _ now: Instant) {
        memory.withLock { memory in
            guard memory.epoch == epoch else { return }
            if memory.entries.count >= Self.most { memory.entries = [:] }
            memory.entries[hash] = Entry(found: found, at: now)
        }
    }

    private func forget(_ which: (Found) -> Bool) {
        memory.withLock { memory in
            memory.epoch += 1
            memory.entries = memory.entries.filter { !which($0.value.found) }
        }
    }

    private func seen(_ principal: StaffPrincipal, _ hash: [UInt8], _ now: Instant) {
        note { transaction in
            if principal.token != nil {
                try transaction.run("UPDATE api_token SET used_at = \(now) WHERE hash = \(hash)")
            } else {
                try transaction.run("UPDATE session SET seen_at = \(now) WHERE hash = \(hash)")
            }
            try transaction.run(
                """
                UPDATE staff SET seen_at = \(now) WHERE shop = \(principal.shop) AND id = \(principal.id)
                """)
        }
    }

    /// Writes behind the answer.
    ///
    /// When the store is too busy for it, the next minute tries again.
    private func note(_ body: @escaping @Sendable (Transaction) throws -> Void) {
        try? carryOut.database.submit(body) { _ in }
    }
}

extension Refusal {
    fileprivate static let buyerTokenInvalid = Refusal(
        .unauthenticated, "buyer.tokenInvalid", zh: "会话已过期，请重新打开窗口",
        en: "This visit has expired; open the window again")
}
