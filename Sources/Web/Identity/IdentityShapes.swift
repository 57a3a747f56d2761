import Desk
import Storage

// What identity looks like on the wire, `Docs/api.md` §4 and §6.

struct NamedID: Encodable {
    let id: String
    let name: String
}

struct WireStaff: Encodable {
    let id: StaffID
    let login: String?
    let name: String
    let nickname: String
    let role: Role
    let level: StaffLevel
    let department: Department
    let employment: EmploymentType?
    let groups: [GroupID]
    let cap: Int?
    let suspended: Bool
    let totp: Bool?
    let seenAt: Instant?

    /// - Parameter whole: for who manages staff; colleagues get what they need to hand a conversation over.
    init(_ staff: Staff, whole: Bool) {
        id = staff.id
        login = whole ? staff.login : nil
        name = staff.name
        nickname = staff.nickname
        role = staff.standing.role
        level = staff.standing.level
        department = staff.department
        employment = whole ? staff.standing.employment : nil
        groups = staff.groups.sorted()
        cap = staff.cap
        suspended = staff.suspended
        totp = whole ? staff.totp : nil
        seenAt = whole ? staff.seenAt : nil
    }
}

struct WireGroup: Encodable {
    let id: GroupID
    let name: String
    let members: [StaffID]

    init(_ group: StaffGroup) {
        id = group.id
        name = group.name
        members = group.members
    }
}

struct WireSession: Encodable {
    let id: SessionID
    let staff: NamedID
    let startedAt: Instant
    let seenAt: Instant
    let address: String
    let device: String
    let current: Bool

    init(_ session: SessionInfo, seenBy staff: StaffPrincipal) {
        id = session.id
        self.staff = NamedID(id: session.staff.description, name: session.staffName)
        startedAt = session.startedAt
        seenAt = session.seenAt
        address = session.address
        device = session.device
        current = session.id == staff.session
    }
}

struct WireToken: Encodable {
    let id: TokenID
    let name: String
    let prefix: String
    let scopes: [Permission]
    let createdAt: Instant
    let by: NamedID
    let usedAt: Instant?
    let expiresAt: Instant?

    init(_ token: APIToken) {
        id = token.id
        name = token.name
        prefix = token.prefix
        scopes = token.scopes
        createdAt = token.createdAt
        by = NamedID(id: token.by.description, name: token.byName)
        usedAt = token.usedAt
        expiresAt = token.expiresAt
    }
}

struct WireShop: Encodable {
    let id: ShopID
    let name: String
    let slug: String
    let texts: [String: Localized]
    let hours: OpeningHours
    let origins: [String]
    let colours: [String: String]

    init(_ shop: Shop) {
        id = shop.id
        name = shop.name
        slug = shop.slug
        texts = shop.texts
        hours = shop.hours
        origins = shop.origins
        colours = shop.colours
    }
}

/// A code and its words.
struct Word: Encodable {
    let code: String
    let name: Localized

    init(_ permission: Permission) {
        code = permission.rawValue
        name = permission.name
    }

    init(code: String, _ name: Localized) {
        self.code = code
        self.name = name
    }
}

extension PolicySet {
    /// Every value, the standard ones too, by key.
    var wireValues: [String: Int] {
        Dictionary(uniqueKeysWithValues: PolicyKey.allCases.map { ($0.rawValue, self[$0]) })
    }
}
