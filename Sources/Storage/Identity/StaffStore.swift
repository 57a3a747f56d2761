package import Desk
import SQL

/// Who is being added.
package struct NewStaff: Sendable {
    package var login: String
    package var name: String
    package var nickname: String
    package var standing: Standing
    package var department: Department
    package var groups: Set<GroupID>
    package var cap: Int?
    package var password: String

    package init(
        login: String, name: String, nickname: String = "", standing: Standing,
        department: Department = .service, groups: Set<GroupID> = [], cap: Int? = nil,
        password: String
    ) {
        self.login = login
        self.name = name
        self.nickname = nickname
        self.standing = standing
        self.department = department
        self.groups = groups
        self.cap = cap
        self.password = password
    }
}

/// The people who work for a shop.
package struct StaffStore: Sendable {
    private let carryOut: CarryOut
    private let hasher: PasswordHasher
    private let policies: PolicyStore

    package init(_ carryOut: CarryOut, _ hasher: PasswordHasher, _ policies: PolicyStore) {
        self.carryOut = carryOut
        self.hasher = hasher
        self.policies = policies
    }

    package func all(of shop: ShopID) async throws -> [Staff] {
        try await carryOut.database.read { try StaffRows.all(of: shop, in: $0) }
    }

    /// - Throws: ``Refusal/unknownStaff``.
    package func one(_ id: StaffID, of shop: ShopID) async throws -> Staff {
        let staff = try await carryOut.database.read { transaction in
            try StaffRows.one(id, of: shop, in: transaction)
        }
        guard let staff else { throw Refusal.unknownStaff }
        return staff
    }

    /// Nil when nobody has that log-in.
    package func one(login: String) async throws -> Staff? {
        let login = login.lowercased()
        return try await carryOut.database.read { try StaffRows.one(login: login, in: $0) }
    }

    /// - Parameter actor: nil = the command line, whose user owns the machine.
    package func add(
        _ new: NewStaff, to shop: ShopID, by actor: StaffPrincipal?
    ) async throws -> Staff {
        let login = try LoginName.check(new.login)
        let name = try PersonName.check(new.name, field: "name")
        let nickname = try Self.nickname(new.nickname)
        if let actor { try StaffRules.mayAdd(new.standing, by: actor) }
        let rules = try await policies.inForce(shop).passwordRules
        try rules.check(new.password, of: [login, name, nickname])
        let hash = try await hasher.hash(new.password)
        return try await carryOut(in: shop, as: actor?.actor ?? .system) { act in
            let staff = Staff(
                id: act.newID(), shop: shop, login: login, name: name, nickname: nickname,
                standing: new.standing, department: new.department, groups: new.groups,
                cap: new.cap, addedAt: act.at)
            try Self.insert(staff, hash: hash, in: act)
            return staff
        }
    }

    static func insert(_ staff: Staff, hash: String, in act: Act, by actor: Actor? = nil) throws {
        do {
            try StaffRows.insert(staff, in: act.transaction)
        } catch SQLError.unique {
            throw Refusal(
                .conflict, "login.taken", zh: "这个登录名已经有人用了", en: "This log-in is taken",
                field: "login")
        } catch SQLError.check {
            throw Refusal(
                .invalid, "staff.cap", zh: "同时接待数在 1 到 200 之间", en: "The cap is between 1 and 200",
                field: "cap")
        }
        try act.transaction.run(
            """
            INSERT INTO password (shop, staff, hash, changed_at)
            VALUES (\(staff.shop), \(staff.id), \(hash), \(act.at))
            """)
        try act.record(
            "staff.added", about: staff.id.raw,
            Added(
                name: staff.name, login: staff.login, role: staff.standing.role,
                level: staff.standing.level, employment: staff.standing.employment,
                department: staff.department), by: actor)
    }

    private struct Added: Encodable {
        let name: String
        let login: String
        let role: Role
        let level: StaffLevel
        let employment: EmploymentType
        let department: Department
    }

    private struct Changed: Encodable {
        let name: String
        let fields: [String]
        let role: Role
        let level: StaffLevel
        let employment: EmploymentType
    }

    private struct Named: Encodable {
        let name: String
    }

    /// Changes somebody; who is suspended is signed out everywhere.
    package func change(
        _ id: StaffID, _ change: StaffChange, by actor: StaffPrincipal
    ) async throws -> Staff {
        var checked = change
        if let name = change.name { checked.name = try PersonName.check(name, field: "name") }
        if let nickname = change.nickname { checked.nickname = try Self.nickname(nickname) }
        let wanted = checked
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            let transaction = act.transaction
            guard let staff = try StaffRows.one(id, of: act.shop, in: transaction) else {
                throw Refusal.unknownStaff
            }
            try StaffRules.mayChange(
                staff, wanted, by: actor,
                otherOwners: try StaffRows.otherOwners(than: id, of: act.shop, in: transaction))
            let new = wanted.applied(to: staff)
            let fields = wanted.fields(from: staff)
            guard !fields.isEmpty else { return staff }
            try StaffRows.update(new, in: transaction)
            if fields != ["suspended"] {
                try act.record(
                    "staff.changed", about: id.raw,
                    Changed(
                        name: new.name, fields: fields.filter { $0 != "suspended" },
                        role: new.standing.role, level: new.standing.level,
                        employment: new.standing.employment))
            }
            if new.suspended != staff.suspended {
                try act.record(
                    new.suspended ? "staff.suspended" : "staff.restored", about: id.raw,
                    Named(name: new.name))
            }
            if new.suspended && !staff.suspended {
                try SessionRows.endAll(of: new, reason: "staff.suspended", except: nil, in: act)
            }
            return new
        }
    }

    /// Gives somebody a new password and signs them out everywhere.
    /// - Parameter removesTOTP: also forgets their second factor, for who lost the phone.
    /// - Parameter actor: nil = the command line.
    package func resetPassword(
        of id: StaffID, in shop: ShopID, to password: String, removesTOTP: Bool,
        by actor: StaffPrincipal?
    ) async throws -> Staff {
        let known = try await one(id, of: shop)
        if let actor { try StaffRules.mayReset(known, by: actor) }
        let rules = try await policies.inForce(shop).passwordRules
        try rules.check(password, of: [known.login, known.name, known.nickname])
        let hash = try await hasher.hash(password)
        return try await carryOut(in: shop, as: actor?.actor ?? .system) { act in
            guard var staff = try StaffRows.one(id, of: shop, in: act.transaction) else {
                throw Refusal.unknownStaff
            }
            if let actor { try StaffRules.mayReset(staff, by: actor) }
            try Self.setPassword(hash, of: staff, in: act)
            try act.record("staff.passwordReset", about: id.raw, Named(name: staff.name))
            if removesTOTP, staff.totp {
                try SecondFactorStore.remove(of: staff, in: act)
                staff.totp = false
            }
            try SessionRows.endAll(of: staff, reason: "staff.passwordReset", except: nil, in: act)
            return staff
        }
    }

    /// Changes one's own password and signs one out everywhere else.
    /// - Throws: `password.wrong`, a 403, when `old` is not the password.
    package func changePassword(
        from old: String, to new: String, by actor: StaffPrincipal
    ) async throws {
        try await confirm(old, of: actor)
        let rules = try await policies.inForce(actor.shop).passwordRules
        try rules.check(new, of: [actor.login, actor.name, actor.nickname])
        let hash = try await hasher.hash(new)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let staff = try StaffRows.one(actor.id, of: act.shop, in: act.transaction) else {
                throw Refusal.unknownStaff
            }
            try Self.setPassword(hash, of: staff, in: act)
            try act.record("password.changed", about: staff.id.raw, Named(name: staff.name))
            try SessionRows.endAll(
                of: staff, reason: "password.changed", except: actor.session, in: act)
        }
    }

    /// - Throws: `password.wrong` unless it is the caller's password; wrong ones count as failed log-ins.
    package func confirm(_ password: String, of actor: StaffPrincipal) async throws {
        let attempts = LoginAttempts(carryOut.database)
        try await attempts.begin(login: actor.login, address: nil, at: carryOut.clock())
        let hash = try await carryOut.database.read { transaction in
            try transaction.first(
                "SELECT hash FROM password WHERE shop = \(actor.shop) AND staff = \(actor.id)"
            )?.get(0, as: String.self)
        }
        guard case .right = try await hasher.check(password, against: hash) else {
            throw Refusal(
                .forbidden, "password.wrong", zh: "当前密码不对", en: "The current password is wrong",
                field: "old")
        }
        try await attempts.takeBack(login: actor.login, address: nil)
    }

    static func setPassword(_ hash: String, of staff: Staff, in act: Act) throws {
        try act.transaction.run(
            """
            UPDATE password SET hash = \(hash), changed_at = \(act.at)
            WHERE shop = \(staff.shop) AND staff = \(staff.id)
            """)
    }

    private static func nickname(_ text: String) throws -> String {
        text.isEmpty ? "" : try PersonName.check(text, field: "nickname")
    }
}
