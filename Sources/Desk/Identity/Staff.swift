/// How experienced a member of staff is, from 实习 to 总监 (domain J07).
///
/// The order is the order of the cases.
package enum StaffLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case trainee
    case junior
    case mid
    case senior
    case supervisor
    case manager
    case director

    /// 0 for a trainee, rising by one.
    package var rank: Int {
        switch self {
        case .trainee: 0
        case .junior: 1
        case .mid: 2
        case .senior: 3
        case .supervisor: 4
        case .manager: 5
        case .director: 6
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    package var name: Localized {
        switch self {
        case .trainee: Localized(zh: "实习", en: "Trainee")
        case .junior: Localized(zh: "初级", en: "Junior")
        case .mid: Localized(zh: "中级", en: "Mid")
        case .senior: Localized(zh: "高级", en: "Senior")
        case .supervisor: Localized(zh: "主管", en: "Supervisor")
        case .manager: Localized(zh: "经理", en: "Manager")
        case .director: Localized(zh: "总监", en: "Director")
        }
    }
}

/// What someone is here for.
///
/// Together with level and employment it decides what they may do; see ``Grants``.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case owner
    case supervisor
    case agent
    /// Works in another department and takes part in cases, not in chats.
    case colleague
    case accountant
    /// Installs and connects the program.
    case technician

    package var name: Localized {
        switch self {
        case .owner: Localized(zh: "老板", en: "Owner")
        case .supervisor: Localized(zh: "管理人员", en: "Team lead")
        case .agent: Localized(zh: "客服", en: "Agent")
        case .colleague: Localized(zh: "协同部门同事", en: "Colleague of another department")
        case .accountant: Localized(zh: "会计", en: "Accountant")
        case .technician: Localized(zh: "技术人员", en: "Technician")
        }
    }

    /// The levels that fit: an agent is led by those from supervisor up.
    package var levels: ClosedRange<StaffLevel> {
        switch self {
        case .agent: .trainee ... .senior
        case .supervisor: .supervisor ... .director
        case .owner, .colleague, .accountant, .technician: .trainee ... .director
        }
    }
}

package enum Department: String, Hashable, Sendable, Codable, CaseIterable {
    case service
    case warehouse
    case logistics
    case finance
    case operations
    case product

    package var name: Localized {
        switch self {
        case .service: Localized(zh: "客服", en: "Customer service")
        case .warehouse: Localized(zh: "仓储", en: "Warehouse")
        case .logistics: Localized(zh: "物流", en: "Logistics")
        case .finance: Localized(zh: "财务", en: "Finance")
        case .operations: Localized(zh: "运营", en: "Operations")
        case .product: Localized(zh: "商品", en: "Product")
        }
    }
}

/// Domain J04: what someone's contract is decides, among other things, which data they see.
package enum EmploymentType: String, Hashable, Sendable, Codable, CaseIterable {
    case fullTime
    case partTime
    case outsourced

    package var name: Localized {
        switch self {
        case .fullTime: Localized(zh: "全职", en: "Full-time")
        case .partTime: Localized(zh: "兼职", en: "Part-time")
        case .outsourced: Localized(zh: "外包", en: "Outsourced")
        }
    }
}

/// What decides someone's permissions.
package struct Standing: Hashable, Sendable, Codable {
    package var role: Role
    package var level: StaffLevel
    package var employment: EmploymentType

    package init(_ role: Role, _ level: StaffLevel, _ employment: EmploymentType = .fullTime) {
        self.role = role
        self.level = level
        self.employment = employment
    }

    package var permissions: Set<Permission> { Grants.permissions(of: self) }
}

/// One person who works for a shop.
package struct Staff: Hashable, Sendable {
    package let id: StaffID
    package let shop: ShopID
    package let login: String
    package var name: String
    /// What buyers see; empty = the name.
    package var nickname: String
    package var standing: Standing
    package var department: Department
    package var groups: Set<GroupID>
    /// How many conversations at once; nil = what the policy says for the level.
    package var cap: Int?
    package var suspended: Bool
    /// Whether a second factor is asked for.
    package var totp: Bool
    package var seenAt: Instant?
    package var addedAt: Instant

    package init(
        id: StaffID, shop: ShopID, login: String, name: String, nickname: String = "",
        standing: Standing, department: Department = .service, groups: Set<GroupID> = [],
        cap: Int? = nil, suspended: Bool = false, totp: Bool = false, seenAt: Instant? = nil,
        addedAt: Instant
    ) {
        self.id = id
        self.shop = shop
        self.login = login
        self.name = name
        self.nickname = nickname
        self.standing = standing
        self.department = department
        self.groups = groups
        self.cap = cap
        self.suspended = suspended
        self.totp = totp
        self.seenAt = seenAt
        self.addedAt = addedAt
    }

    package var publicName: String { nickname.isEmpty ? name : nickname }
}
