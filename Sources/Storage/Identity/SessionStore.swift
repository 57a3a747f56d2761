package import Desk
import SQL

/// Where a request came from, for the list of log-ins and the throttle.
package struct Caller: Hashable, Sendable {
    package let address: String
    /// What the browser says it is, cut.
    package let device: String

    package init(address: String, device: String) {
        self.address = String(address.prefix(64))
        self.device = String(device.prefix(200))
    }
}

/// One log-in that goes on.
package struct SessionInfo: Hashable, Sendable {
    package let id: SessionID
    package let staff: StaffID
    package let staffName: String
    package let startedAt: Instant
    package let seenAt: Instant
    package let address: String
    package let device: String
}

/// Log-ins of staff.
package struct SessionStore: Sendable {
    private let carryOut: CarryOut
    private let hasher: PasswordHasher
    private let policies: PolicyStore
    private let attempts: LoginAttempts

    package init(
        _ carryOut: CarryOut, _ hasher: PasswordHasher, _ policies: PolicyStore,
        _ attempts: LoginAttempts
    ) {
        self.carryOut = carryOut
        self.hasher = hasher
        self.policies = policies
        self.attempts = attempts
    }

    // MARK: - Logging in and out

    private struct Known: Sendable {
        let staff: Staff
        let hash: String
    }

    private struct Opened: Encodable {
        let staff: StaffID
        let name: String
        let address: String
        let device: String
    }

    private struct Refused: Encodable {
        let login: String
        let address: String
        let reason: String
    }

    /// Proves who somebody is and opens a session with a new secret; a secret that the browser held before is never taken over.
    /// - Parameter replacing: the secret of the session that the browser holds already; that one is closed.
    /// - Throws: ``LoginThrottled``, or the refusals `login.refused`, `login.codeNeeded`, `login.codeWrong`, `login.suspended`.
    package func logIn(
        login: String, password: String, code: String?, from caller: Caller,
        replacing old: String? = nil
    ) async throws -> (secret: String, staff: StaffPrincipal) {
        let login = String(login.lowercased().prefix(100))
        try await attempts.begin(login: login, address: caller.address, at: carryOut.clock())
        let known = try await known(login)
        // The same work whether or not there is such a person.
        let verdict = try await hasher.check(
            String(password.prefix(PasswordRules.most + 1)), against: known?.hash)
        guard let known, case .right(let outdated) = verdict else {
            if let known { try await refused(known.staff, "password", caller) }
            throw Refusal.loginRefused
        }
        if known.staff.suspended {
            try await refused(known.staff, "suspended", caller)
            throw Refusal.loginSuspended
        }
        let code = code?.trimmingPrefix(while: \.isWhitespace).isEmpty == false ? code : nil
        if known.staff.totp, code == nil {
            try await attempts.takeBack(login: login, address: caller.address)
            throw Refusal.loginCodeNeeded
        }
        let rehashed = outdated ? try await hasher.hash(password) : nil
        do {
            return try await open(
                known, code: code, rehashed: rehashed, from: caller, replacing: old)
        } catch let refusal as Refusal where refusal == .loginCodeWrong {
            try await refused(known.staff, "code", caller)
            throw refusal
        }
    }

    private func known(_ login: String) async throws -> Known? {
        try await carryOut.database.read { transaction in
            guard let staff = try StaffRows.one(login: login, in: transaction),
                let hash = try transaction.first(
                    "SELECT hash FROM password WHERE shop = \(staff.shop) AND staff = \(staff.id)")
            else { return nil }
            return Known(staff: staff, hash: try hash.get(0))
        }
    }

    private func open(
        _ known: Known, code: String?, rehashed: String?, from caller: Caller,
        replacing old: String?
    ) async throws -> (secret: String, staff: StaffPrincipal) {
        let secret = Secret.make(.session)
        let hash = Secret.digest(secret)
        let oldHash = old.flatMap { Secret.hash($0, .session) }
        let principal = try await carryOut(
            in: known.staff.shop, as: .agent(known.staff.id, known.staff.publicName)
        ) { act in
            let transaction = act.transaction
            // Between the check and now the person may have been suspended or the password replaced.
            let row = try transaction.first(
                "SELECT hash FROM password WHERE shop = \(act.shop) AND staff = \(known.staff.id)")
            guard let staff = try StaffRows.one(known.staff.id, of: act.shop, in: transaction),
                try row?.get(0) == known.hash
            else { throw Refusal.loginRefused }
            if staff.suspended { throw Refusal.loginSuspended }
            if staff.totp { try SecondFactorStore.check(code ?? "", of: staff, in: act) }
            if let rehashed { try StaffStore.setPassword(rehashed, of: staff, in: act) }
            if let oldHash { try Self.close(oldHash, in: act) }
            let id: SessionID = act.newID()
            try transaction.run(
                """
                INSERT INTO session (shop, id, staff, hash, started_at, seen_at, address, device)
                VALUES (\(act.shop), \(id), \(staff.id), \(hash), \(act.at), \(act.at), \(caller.address),
                    \(caller.device))
                """)
            try transaction.run(
                "UPDATE staff SET seen_at = \(act.at) WHERE shop = \(act.shop) AND id = \(staff.id)"
            )
            // The ended ones are kept for a while, to tell their browsers who ended them.
            try transaction.run(
                """
                DELETE FROM session WHERE shop = \(act.shop) AND staff = \(staff.id)
                    AND seen_at < \(act.at - .days(100))
                """)
            try LoginAttempts.succeeded(
                login: staff.login, address: caller.address, in: transaction)
            try act.record(
                "session.opened", about: id.raw,
                Opened(
                    staff: staff.id, name: staff.publicName, address: caller.address,
                    device: caller.device))
            return staff.principal(
                permissions: staff.standing.permissions, session: id, token: nil)
        }
        return (secret, principal)
    }

    private func refused(_ staff: Staff, _ reason: String, _ caller: Caller) async throws {
        try await carryOut(in: staff.shop, as: .system) { act in
            try act.record(
                "session.refused", about: staff.id.raw,
                Refused(login: staff.login, address: caller.address, reason: reason))
        }
    }

    private struct Closed: Encodable {
        let staff: StaffID
    }

    /// Logs out.
    ///
    /// Harmless when it has ended already.
    package func close(secret: String, of actor: StaffPrincipal) async throws {
        guard let hash = Secret.hash(secret, .session) else { return }
        try await carryOut(in: actor.shop, as: actor.actor) { try Self.close(hash, in: $0) }
    }

    private static func close(_ hash: [UInt8], in act: Act) throws {
        let row = try act.transaction.first(
            "SELECT id, staff FROM session WHERE shop = \(act.shop) AND hash = \(hash) AND ended_at IS NULL"
        )
        guard let row else { return }
        let id: SessionID = try row.get(0)
        try act.transaction.run(
            "UPDATE session SET ended_at = \(act.at) WHERE shop = \(act.shop) AND id = \(id)")
        try act.record("session.closed", about: id.raw, Closed(staff: try row.get(1)))
    }

    // MARK: - Seeing and ending

    /// The log-ins that go on, latest first; of one person when given.
    package func all(of shop: ShopID, staff: StaffID? = nil) async throws -> [SessionInfo] {
        let policy = try await policies.inForce(shop)
        let now = carryOut.clock()
        let filter: Statement = staff.map { " AND e.staff = \($0)" } ?? ""
        return try await carryOut.database.read { transaction in
            let rows = try transaction.rows(
                """
                SELECT e.id, e.staff, s.name, e.started_at, e.seen_at, e.address, e.device
                FROM session e JOIN staff s ON s.shop = e.shop AND s.id = e.staff
                WHERE e.shop = \(shop) AND e.ended_at IS NULL AND e.seen_at > \(now - policy.sessionIdle)
                    AND e.started_at > \(now - policy.sessionLongest)\(filter)
                ORDER BY e.seen_at DESC LIMIT 1000
                """)
            return try rows.map { row in
                SessionInfo(
                    id: try row.get(0), staff: try row.get(1), staffName: try row.get(2),
                    startedAt: try row.get(3), seenAt: try row.get(4), address: try row.get(5),
                    device: try row.get(6))
            }
        }
    }

    /// Ends one's own or somebody else's log-in; its sockets are told who and why.
    /// - Throws: `session.unknown`, `session.reasonNeeded` when it is another's, or why one may not.
    package func end(_ id: SessionID, reason: String, by actor: StaffPrincipal) async throws {
        let reason = String(reason.prefix(200))
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            let row = try act.transaction.first(
                "SELECT staff FROM session WHERE shop = \(act.shop) AND id = \(id) AND ended_at IS NULL"
            )
            guard let row,
                let staff = try StaffRows.one(try row.get(0), of: act.shop, in: act.transaction)
            else { throw Refusal.unknownSession }
            try StaffRules.mayEndSession(of: staff, by: actor)
            if staff.id != actor.id, reason.allSatisfy(\.isWhitespace) {
                throw Refusal(
                    .invalid, "session.reasonNeeded", zh: "请写明让对方下线的原因",
                    en: "Say why they are signed out", field: "reason")
            }
            try SessionRows.end(id, of: staff, reason: reason, in: act)
        }
    }
}

extension Refusal {
    package static let loginRefused = Refusal(
        .unauthenticated, "login.refused", zh: "登录名或密码不对", en: "The log-in or the password is wrong"
    )

    package static let loginCodeNeeded = Refusal(
        .unauthenticated, "login.codeNeeded", zh: "请输入两步验证的六位数字",
        en: "Enter the six digits of your second factor", field: "code")

    package static let loginCodeWrong = Refusal(
        .unauthenticated, "login.codeWrong", zh: "验证码不对或已用过",
        en: "The code is wrong or was used already",
        instead: Localized(
            zh: "等下一组数字，或用一个恢复码", en: "Wait for the next code, or use a recovery code"),
        field: "code")

    package static let loginSuspended = Refusal(
        .forbidden, "login.suspended", zh: "你的账号已停用", en: "Your account is suspended",
        instead: Localized(zh: "请联系主管或店主", en: "Ask your team lead or the owner"))

    package static let unknownSession = Refusal(
        .unknown, "session.unknown", zh: "这个登录已经结束", en: "This log-in has ended already")
}
