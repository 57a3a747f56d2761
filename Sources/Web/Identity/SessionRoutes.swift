import Desk
import Hummingbird
import SQL
import Storage

/// Setting up, logging in and out, the second factor, one's password, and the list of log-ins.
struct SessionRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .open(.get, "/v1/setup", setUpState), .open(.post, "/v1/setup", setUp),
            .open(.post, "/v1/session", logIn), .staff(.get, "/v1/session", nil, session),
            .staff(.delete, "/v1/session", nil, logOut),
            .staff(.post, "/v1/session/totp", nil, beginTOTP),
            .staff(.put, "/v1/session/totp", nil, enableTOTP),
            .staff(.delete, "/v1/session/totp", nil, removeTOTP),
            .staff(.put, "/v1/session/password", nil, changePassword),
            .staff(.get, "/v1/sessions", nil, sessions),
            .staff(.delete, "/v1/sessions/{id}", nil, endSession),
        ]
    }

    // MARK: - Set-up

    private struct SetUpState: Encodable {
        let needed: Bool
    }

    private struct SetUp: Decodable {
        let code: String
        let shop: Named
        let owner: Person

        struct Named: Decodable {
            let name: String
            let slug: String
        }

        struct Person: Decodable {
            let login: String
            let name: String
            let password: String
        }
    }

    private struct SetUpDone: Encodable {
        let shop: WireShop
    }

    @Sendable
    private func setUpState(_ request: Request, _ visit: Visit) async throws -> Response {
        try .json(SetUpState(needed: try await identity.shops.isEmpty()))
    }

    @Sendable
    private func setUp(_ request: Request, _ visit: Visit) async throws -> Response {
        try Self.refuseOtherOrigins(request)
        let body = try await request.json(SetUp.self, visit)
        guard try await identity.shops.isEmpty() else { throw Refusal.setUpDone }
        try await throttled {
            try identity.setUp.check(body.code, at: identity.carryOut.clock())
        }
        let made = try await identity.shops.make(
            name: body.shop.name, slug: body.shop.slug,
            owner: .init(
                login: body.owner.login, name: body.owner.name, password: body.owner.password),
            onlyFirst: true)
        return try .json(SetUpDone(shop: WireShop(made.shop)), status: .created)
    }

    // MARK: - Logging in and out

    private struct LogIn: Decodable {
        let login: String
        let password: String
        let code: String?
    }

    /// A page of another site must not log a browser in either, not even into the attacker's own account.
    private static func refuseOtherOrigins(_ request: Request) throws(Refusal) {
        if request.headers[.origin] != nil || request.headers[.fetchSite] != nil {
            try IdentityCallers.refuseOtherSites(request)
        }
    }

    @Sendable
    private func logIn(_ request: Request, _ visit: Visit) async throws -> Response {
        try Self.refuseOtherOrigins(request)
        let body = try await request.json(LogIn.self, visit)
        let caller = Caller(
            address: visit.address, device: request.headers[.userAgent] ?? "")
        let opened = try await throttled {
            try await identity.sessions.logIn(
                login: body.login, password: body.password, code: body.code, from: caller,
                replacing: SessionCookie.secret(of: request))
        }
        let policy = try await identity.policies.inForce(opened.staff.shop)
        var response = try await describe(opened.staff)
        response.headers[.setCookie] = SessionCookie.set(
            opened.secret, for: request, seconds: policy.sessionLongest.seconds)
        return response
    }

    @Sendable
    private func logOut(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        if let secret = SessionCookie.secret(of: request) {
            try await identity.sessions.close(secret: secret, of: staff)
        }
        var response = Response.nothing
        response.headers[.setCookie] = SessionCookie.removed
        return response
    }

    private struct Described: Encodable {
        let staff: Person
        let shop: Place
        let permissions: [Permission]
        let session: SessionID?
        let presence: State
        let policy: [String: Int]
        let totp: Bool

        struct Person: Encodable {
            let id: StaffID
            let login: String
            let name: String
            let nickname: String
            let role: Role
            let level: StaffLevel
            let department: Department
            let employment: EmploymentType
            let groups: [GroupID]
            let cap: Int
        }

        struct Place: Encodable {
            let id: ShopID
            let name: String
            let slug: String
            /// By whose clock the shop's days are meant.
            let zone: String
        }

        struct State: Encodable {
            let state: PresenceState
            let reason: String
            let since: Instant?
        }
    }

    @Sendable
    private func session(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response { try await describe(staff) }

    private func describe(_ staff: StaffPrincipal) async throws -> Response {
        let policy = try await identity.policies.inForce(staff.shop)
        let known = try await identity.staff.one(staff.id, of: staff.shop)
        let (shop, presence) = try await identity.carryOut.database.read { transaction in
            (
                try ShopStore.one(staff.shop, in: transaction),
                try PresenceStore.load(staff.id, of: staff.shop, in: transaction)
            )
        }
        return try .json(
            Described(
                staff: .init(
                    id: staff.id, login: staff.login, name: staff.name, nickname: staff.nickname,
                    role: staff.role, level: staff.level, department: staff.department,
                    employment: staff.standing.employment, groups: staff.groups.sorted(),
                    cap: staff.cap ?? policy.cap(of: staff.level)),
                shop: .init(
                    id: shop.id, name: shop.name, slug: shop.slug, zone: shop.hours.zone),
                permissions: staff.permissions.sorted { $0.rawValue < $1.rawValue },
                session: staff.session,
                presence: .init(
                    state: presence?.state ?? .offline, reason: presence?.reason ?? "",
                    since: presence?.since), policy: policy.wireValues, totp: known.totp))
    }

    // MARK: - One's own secrets

    /// A token speaks for a program; what is a person's own stays with the person.
    private func inPerson(_ staff: StaffPrincipal) throws(Refusal) {
        guard staff.session != nil else {
            throw Refusal(
                .forbidden, "session.needed", zh: "这件事要本人登录后来做，不能用接口令牌",
                en: "This is done by the person, logged in, not by an API token")
        }
    }

    private struct Seed: Encodable {
        let secret: String
        let uri: String
    }

    @Sendable
    private func beginTOTP(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try inPerson(staff)
        let seed = try await identity.secondFactors.begin(by: staff)
        return try .json(Seed(secret: seed.secret, uri: seed.uri))
    }

    private struct Code: Decodable {
        let code: String
    }

    private struct Recovery: Encodable {
        let recovery: [String]
    }

    @Sendable
    private func enableTOTP(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try inPerson(staff)
        let body = try await request.json(Code.self, visit)
        let codes = try await identity.secondFactors.enable(code: body.code, by: staff)
        return try .json(Recovery(recovery: codes))
    }

    private struct Password: Decodable {
        let password: String
    }

    @Sendable
    private func removeTOTP(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try inPerson(staff)
        let body = try await request.json(Password.self, visit)
        try await throttled {
            try await identity.secondFactors.remove(password: body.password, by: staff)
        }
        return .nothing
    }

    private struct NewPassword: Decodable {
        let old: String
        let new: String
    }

    @Sendable
    private func changePassword(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try inPerson(staff)
        let body = try await request.json(NewPassword.self, visit)
        try await throttled {
            try await identity.staff.changePassword(from: body.old, to: body.new, by: staff)
        }
        return .nothing
    }

    // MARK: - Log-ins

    private struct Sessions: Encodable {
        let sessions: [WireSession]
    }

    @Sendable
    private func sessions(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let asked = request.query("staff")
        let whose: StaffID?
        switch asked {
        case nil: whose = staff.id
        case "all": whose = nil
        case .some(let text):
            guard let id = StaffID(text) else { throw Refusal.unknownStaff }
            whose = id
        }
        if whose != staff.id { try staff.require(.sessionsRead) }
        if let whose { _ = try await identity.staff.one(whose, of: staff.shop) }
        let found = try await identity.sessions.all(of: staff.shop, staff: whose)
        return try .json(Sessions(sessions: found.map { WireSession($0, seenBy: staff) }))
    }

    private struct Reason: Decodable {
        let reason: String?
    }

    @Sendable
    private func endSession(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: SessionID = try visit.id(or: .unknownSession)
        let body = try await request.optionalJSON(Reason.self, visit)
        try await identity.sessions.end(id, reason: body?.reason ?? "", by: staff)
        return .nothing
    }
}
